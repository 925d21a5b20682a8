# SPDX-License-Identifier: Apache-2.0
"""The entries that a submitted file holds: as curators write them, or as they are stored."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from biennien_graph.engine.rdf import BlankNode, DefaultGraph, NamedNode, Quad
from biennien_graph.errors import EntryError
from biennien_graph.evidence import Entry
from biennien_graph.expansion import read_entry
from biennien_graph.terms import BN, RDF

if TYPE_CHECKING:
    from collections.abc import Sequence

    from biennien_graph.submitted.reading import Submitted


def entries_of(file: Submitted) -> list[Entry]:
    """One entry for each graph of the file. `EntryError` where a graph is no entry."""
    graphs: dict[str, list[Quad]] = defaultdict(list)
    for quad in file.quads:
        name = quad.graph_name
        graphs["" if isinstance(name, DefaultGraph) else name.value].append(quad)
    if not graphs:
        raise EntryError(
            f"{file.name} holds no statement.", hint="Send the entry that is to be checked."
        )
    return [_entry(quads, graph, file.name) for graph, quads in sorted(graphs.items())]


def _entry(quads: Sequence[Quad], graph: str, name: str) -> Entry:
    if not _is_stored(quads):
        entry = read_entry(quads, name)
        if graph not in ("", entry.graph):
            raise EntryError(f"{name}: the graph {graph} declares the entry {entry.graph}.")
        return entry
    declared = [
        quad.subject.value
        for quad in quads
        if quad.predicate.value == RDF.type and quad.object == NamedNode(BN.Entry)
        if isinstance(quad.subject, NamedNode)
    ]
    if not graph and len(declared) != 1:
        raise EntryError(f"{name}: an entry declares exactly one bn:Entry, not {len(declared)}.")
    entry = Entry.of(graph or declared[0], {quad.triple for quad in quads})
    entry.name = name
    return entry


def _is_stored(quads: Sequence[Quad]) -> bool:
    """Whether claims and passages are written out, as in what the service gives."""
    if any(q.predicate.value == BN.evidence and isinstance(q.object, BlankNode) for q in quads):
        return False
    return any(quad.predicate.value == RDF.subject for quad in quads)
