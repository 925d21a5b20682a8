# SPDX-License-Identifier: Apache-2.0
"""RDF files of the suites: where they lie, and what they say."""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

# Manifests, data, queries and results are read as from here: the suites' address on the web.
# Relative IRIs are resolved against the address of the file that they stand in.
BASE = "https://w3c.github.io/rdf-tests/sparql/"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"


def folder() -> Path:
    """The folder of the suites; without it, what needs it is skipped."""
    reference = os.environ.get("BIENNIEN_REFERENCE", "")
    found = Path(reference) / "rdf-tests" / "sparql"
    if not reference or not found.is_dir():
        pytest.skip("BIENNIEN_REFERENCE names no folder with the W3C suites (rdf-tests/sparql).")
    return found


def file_of(iri: str) -> Path:
    """The file that an address of the suites stands for."""
    assert iri.startswith(BASE), f"{iri} is no file of the suites"
    return folder() / iri.removeprefix(BASE)


def read_quads(iri: str) -> list[ox.Quad]:
    """All quads of a file, with blank nodes that no other file has."""
    file = file_of(iri)
    syntax = ox.RdfFormat.from_extension(file.suffix.lstrip("."))
    return list(ox.parse(file.read_bytes(), syntax, base_iri=iri, rename_blank_nodes=True))


def text_of(term: Term) -> str:
    """The IRI or the text of a term."""
    assert not isinstance(term, ox.Triple)
    return term.value


class Graph:
    """Triples, to be asked for the values of properties."""

    def __init__(self, quads: list[ox.Quad]) -> None:
        self.triples = [quad.triple for quad in quads]
        self._values: defaultdict[tuple[Term, str], list[Term]] = defaultdict(list)
        for triple in self.triples:
            self._values[triple.subject, triple.predicate.value].append(triple.object)

    def values(self, node: Term, *path: str) -> list[Term]:
        """What a node has at the end of a path of properties."""
        found = [node]
        for step in path:
            found = [value for one in found for value in self._values.get((one, step), ())]
        return found

    def value(self, node: Term, *path: str) -> Term | None:
        """The only value, or none."""
        found = self.values(node, *path)
        assert len(found) < 2, f"{node} has {len(found)} values of {path}"
        return found[0] if found else None

    def text(self, node: Term, *path: str) -> str:
        """The only value, as text; empty where there is none."""
        found = self.value(node, *path)
        return text_of(found) if found else ""

    def items(self, head: Term | None) -> Iterator[Term]:
        """The members of an RDF list."""
        while head is not None and head != ox.NamedNode(f"{RDF}nil"):
            yield from self.values(head, f"{RDF}first")
            head = self.value(head, f"{RDF}rest")

    def of_type(self, iri: str) -> list[Term]:
        """The subjects that have a class."""
        return [
            triple.subject
            for triple in self.triples
            if triple.predicate.value == f"{RDF}type" and triple.object == ox.NamedNode(iri)
        ]
