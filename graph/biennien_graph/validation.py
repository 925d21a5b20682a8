# SPDX-License-Identifier: Apache-2.0
"""What is wrong with an entry: SHACL, and what SHACL cannot see."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

import rdflib

from biennien_graph.engine.rdf import Literal, NamedNode, Quad, Triple, n_triples
from biennien_graph.terms import BN, NAMESPACE, RDF, RDFS, SH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from biennien_graph.evidence import Entry

SEVERITIES = ("Violation", "Warning", "Info")


class Published(Protocol):
    """What is published already."""

    def quads(
        self, *, subject: str | None = None, predicate: str | None = None, graph: str | None = None
    ) -> Iterator[Quad]:
        """The quads that match, in all graphs unless one is named."""


@dataclass(frozen=True, slots=True)
class Result:
    """One thing that is wrong (SHACL, section 3.6.2), in words for a steward."""

    entry: str
    severity: str
    focus: str
    path: str
    value: str
    shape: str
    messages: dict[str, str] = field(hash=False, default_factory=dict)

    def message(self, language: str) -> str:
        """What to do, in the language, or in whichever there is."""
        return self.messages.get(language) or next(iter(self.messages.values()), self.shape)


@dataclass(slots=True)
class Report:
    """All that is wrong with some entries, worst first."""

    results: list[Result] = field(default_factory=list)

    @property
    def conforms(self) -> bool:
        """Whether there is no violation; warnings do not stand in the way."""
        return not any(result.severity == "Violation" for result in self.results)

    def refused(self) -> set[str]:
        """The graphs of the entries that have a violation."""
        return {result.entry for result in self.results if result.severity == "Violation"}

    def of(self, entry: str) -> list[Result]:
        """What is wrong with one entry."""
        return [result for result in self.results if result.entry == entry]


class Shapes:
    """The SHACL shapes, parsed once."""

    def __init__(self, files: Sequence[Path]) -> None:
        self._graph = rdflib.Graph()
        for file in files:
            self._graph.parse(file, format="turtle")

    def validate(self, entries: Sequence[Entry], published: Published | None = None) -> Report:
        """Check entries together with each other and with what is published.

        pySHACL sees the entries and, of the published graph, what they refer to; only results
        about the entries' own nodes are kept.
        """
        report = Report([result for entry in entries for result in _unsupported(entry)])
        data = rdflib.Graph()
        for entry in entries:
            data.parse(data=n_triples(filter(_is_seen, entry.triples)), format="nt")
        around = _neighbourhood(entries, published)
        data.parse(data=n_triples(filter(_is_seen, around)), format="nt")
        found = self._results(data)
        for node in found.subjects(rdflib.RDF.type, rdflib.URIRef(SH.ValidationResult)):
            report.results += self._read(found, node, entries)
        report.results.sort(key=lambda r: (SEVERITIES.index(r.severity), r.entry, r.focus, r.path))
        return report

    def _results(self, data: rdflib.Graph) -> rdflib.Graph:
        import pyshacl  # slow to import, and most commands never need it

        _, found, text = pyshacl.validate(
            data, shacl_graph=self._graph, inference="none", meta_shacl=False, advanced=False
        )
        if not isinstance(found, rdflib.Graph):
            raise TypeError(f"pySHACL failed: {text}")
        return found

    def _read(
        self, graph: rdflib.Graph, node: rdflib.term.Node, entries: Sequence[Entry]
    ) -> Iterator[Result]:
        def value(predicate: str) -> str:
            return str(graph.value(node, rdflib.URIRef(predicate)) or "")

        path = graph.value(node, rdflib.URIRef(SH.resultPath))
        shape = value(SH.sourceShape)
        # pySHACL drops the language of some messages; the shape has them as they were written.
        written = _said(self._graph, rdflib.URIRef(shape), SH.message)
        result = Result(
            entry="",
            severity=value(SH.resultSeverity).rpartition("#")[2],
            focus=value(SH.focusNode),
            path=str(path) if isinstance(path, rdflib.URIRef) else "",
            value=value(SH.value),
            shape=shape,
            messages=written or _said(graph, node, SH.resultMessage),
        )
        # Only what is validated has blank nodes that something is said of.
        blank = isinstance(graph.value(node, rdflib.URIRef(SH.focusNode)), rdflib.BNode)
        for owner in [entry.graph for entry in entries] if blank else _owners(result, entries):
            yield replace(result, entry=owner)


def _said(graph: rdflib.Graph, node: rdflib.term.Node, predicate: str) -> dict[str, str]:
    return {
        message.language or "en": str(message)
        for message in graph.objects(node, rdflib.URIRef(predicate))
        if isinstance(message, rdflib.Literal)
    }


def _owners(result: Result, entries: Sequence[Entry]) -> list[str]:
    """The entries that a result is about: those that say what is wrong, else all that speak of
    the focus node; none for a node of somebody else's.
    """
    speaking = [entry for entry in entries if result.focus in entry.subjects] or [
        entry for entry in entries if result.value in entry.subjects
    ]
    saying = [
        entry
        for entry in speaking
        if any(
            _words(triple.subject) == result.focus
            and triple.predicate.value == result.path
            and result.value in ("", _words(triple.object))
            for triple in entry.triples
        )
    ]
    return sorted(entry.graph for entry in saying or speaking)


def _unsupported(entry: Entry) -> Iterator[Result]:
    for statement in sorted(entry.unsupported, key=str):
        yield Result(
            entry=entry.graph,
            severity="Violation",
            focus=_words(statement.subject),
            path=statement.predicate.value,
            value=_words(statement.object),
            shape=f"{NAMESPACE}shapes/statement#evidence",
            messages={
                "vi": "Nhận định này chưa dẫn đoạn văn nào: thêm bn:evidence với lời trích nguyên "
                "văn (oa:exact) và vị trí của nó (oa:start), hoặc bỏ nhận định đi.",
                "en": "This statement cites no passage: add bn:evidence with the quote (oa:exact) "
                "and its position (oa:start), or leave the statement out.",
            },
        )


def _is_seen(triple: Triple) -> bool:
    """Whether rdflib reads it, which knows RDF 1.1: no triple terms, no base directions."""
    term = triple.object
    return not isinstance(term, Triple) and not (isinstance(term, Literal) and term.direction)


def _words(term: object) -> str:
    return str(getattr(term, "value", term))


def _neighbourhood(entries: Sequence[Entry], published: Published | None) -> Iterable[Triple]:
    """Of the published graph: what the entries' nodes and those they refer to are.

    Without the entries' own graphs, which they replace.
    """
    if published is None:
        return
    replaced = {entry.graph for entry in entries}
    subjects = {
        triple.subject.value
        for entry in entries
        for triple in entry.triples
        if isinstance(triple.subject, NamedNode)
    }
    objects = {
        triple.object.value
        for entry in entries
        for triple in entry.triples
        if isinstance(triple.object, NamedNode)
    }
    for quad in published.quads(predicate=RDFS.subClassOf):
        yield quad.triple
    for iri in subjects:
        for quad in published.quads(subject=iri):
            if _words(quad.graph_name) not in replaced and quad.predicate.value != BN.foldedLabel:
                objects |= {quad.object.value} if isinstance(quad.object, NamedNode) else set()
                yield quad.triple
    for iri in objects - subjects:
        for quad in published.quads(subject=iri, predicate=RDF.type):
            if _words(quad.graph_name) not in replaced:
                yield quad.triple
