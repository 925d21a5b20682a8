# SPDX-License-Identifier: Apache-2.0
"""`/shapes`: the rules that entries are judged by, as SHACL and in words, with examples.

They are read from the package, which is what entries are really judged by.
"""

from __future__ import annotations

import asyncio
import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response

from biennien_api.http.documents import SUFFIX_OF, Document, answer, asked
from biennien_api.http.pages import base_of, service_of
from biennien_api.http.problems import Problem
from biennien_api.sparql.results_page import shortened
from biennien_graph import resources
from biennien_graph.engine.rdf import Literal, NamedNode, n_triples, read_file
from biennien_graph.terms import RDF, RDFS, SH

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request

_SH = "http://www.w3.org/ns/shacl#"
_MESSAGE, _NAME = SH.message, f"{_SH}name"
_TARGETS = tuple(f"{_SH}target{kind}" for kind in ("Class", "Node", "SubjectsOf", "ObjectsOf"))
_KINDS = tuple(f"{_SH}{kind}" for kind in ("NodeShape", "PropertyShape"))


@dataclass(frozen=True, slots=True)
class Rule:
    """One shape: its names, what it says and bears on, entries that keep and break it."""

    name: str
    labels: dict[str, str]
    messages: dict[str, str]
    severity: str
    targets: tuple[str, ...]
    paths: tuple[str, ...]
    examples: tuple[tuple[str, str], ...] = ()

    def label(self, lang: str) -> str:
        """What it is called, in a language if it has words in that."""
        return self.labels.get(lang) or self.labels.get("vi") or self.name.replace("-", " ")

    def message(self, lang: str) -> str:
        """What it tells a curator to do."""
        return self.messages.get(lang) or self.messages.get("vi") or ""


@dataclass(frozen=True, slots=True)
class Shapes:
    """The shapes of one file."""

    name: str
    title: str
    text: bytes
    triples: bytes
    rules: tuple[Rule, ...]


async def shapes(request: Request) -> Response:
    """All shapes: a list for people, one graph for machines."""
    suffix = request.path_params.get("suffix")
    name, syntax = asked(request, f"shapes.{suffix}" if suffix else "shapes")
    if name != "shapes":
        raise Problem(404, "not-found", f"There is no format “{suffix}”.", known=list(SUFFIX_OF))
    found = await asyncio.to_thread(_all)
    triples = b"".join(shape.triples for shape in found.values())
    document = Document("shapes", triples, "shapes.html", {"files": list(found.values())})
    return await answer(request, document, syntax)


async def shape(request: Request) -> Response:
    """The shapes of one file: its Turtle as it is written, other syntaxes, a page in words."""
    name, syntax = asked(request, request.path_params["name"])
    found = await asyncio.to_thread(_all)
    namespace = service_of(request).settings.namespace
    node = f"\n<{namespace}shapes/{name}> ".encode()
    if name not in found and any(node in known.triples for known in found.values()):
        headers = {"Access-Control-Allow-Origin": "*"}  # what several files share
        return RedirectResponse(f"{base_of(request)}shapes", 303, headers)
    if name not in found:
        raise Problem(
            404,
            "not-found",
            f"There are no shapes “{name}”.",
            known=[f"{namespace}shapes/{known}" for known in found],
        )
    known = found[name]
    document = Document(
        f"shapes/{name}",
        known.triples,
        "shape.html",
        {"shapes": known},
        bodies={"ttl": known.text},
    )
    return await answer(request, document, syntax)


@functools.cache
def _all() -> dict[str, Shapes]:
    return {file.stem: _read(file) for file in resources.shapes()}


def _read(file: Path) -> Shapes:
    text = file.read_bytes()
    triples = n_triples(read_file(file))
    title = text.decode().splitlines()[1].removeprefix("# ").rstrip(".")
    return Shapes(file.stem, title, text, triples, _rules(file))


def _rules(file: Path) -> tuple[Rule, ...]:
    """The shapes with a name of their own, in the order of the file."""
    said: dict[str, list[tuple[str, NamedNode | Literal]]] = {}
    for quad in read_file(file):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
            said.setdefault(quad.subject.value, []).append((quad.predicate.value, quad.object))
    return tuple(
        _rule(file.stem, iri, statements)
        for iri, statements in said.items()
        if any(p == RDF.type and value.value in _KINDS for p, value in statements)
    )


def _rule(group: str, iri: str, statements: list[tuple[str, NamedNode | Literal]]) -> Rule:
    name = iri.partition("#")[2]

    def words(*predicates: str) -> dict[str, str]:
        return {
            value.language or "": value.value
            for predicate, value in statements
            if predicate in predicates and isinstance(value, Literal)
        }

    def terms(*predicates: str) -> tuple[str, ...]:
        return tuple(shortened(value.value) for p, value in statements if p in predicates)

    return Rule(
        name=name,
        labels=words(RDFS.label, _NAME),
        messages=words(_MESSAGE),
        severity=next((value.value for p, value in statements if p == f"{_SH}severity"), ""),
        targets=terms(*_TARGETS),
        paths=terms(f"{_SH}path"),
        examples=_examples(group, name),
    )


def _examples(group: str, name: str) -> tuple[tuple[str, str], ...]:
    folder = resources.folder("tests") / "shapes" / group
    files = [(kind, folder / f"{name}.{kind}.ttl") for kind in ("valid", "invalid")]
    return tuple((kind, file.read_text(encoding="utf-8")) for kind, file in files if file.is_file())
