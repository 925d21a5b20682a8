# SPDX-License-Identifier: Apache-2.0
"""What is wrong with an entry: SHACL, and what SHACL cannot see."""

from __future__ import annotations

import contextlib
import functools
import gc
import logging
import warnings
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import rdflib

from biennien_graph.engine.rdf import BlankNode, Literal, NamedNode, Triple
from biennien_graph.errors import DataError
from biennien_graph.neighbourhood import neighbourhood, words
from biennien_graph.terms import NAMESPACE, SH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from rdflib.plugins.sparql.sparql import Query

    from biennien_graph.evidence import Entry
    from biennien_graph.neighbourhood import Published

# The report says what is ill-typed; rdflib would print a traceback for each.
logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)

SEVERITIES = ("Violation", "Warning", "Info")
_STATEMENT_EVIDENCE = f"{NAMESPACE}shapes/statement#evidence"


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
    component: str = ""

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

        SHACL sees the entries and, of the published graph, what they refer to; only results
        about the entries' own nodes are kept.
        """
        report = Report([result for entry in entries for result in self._unsupported(entry)])
        triples = {triple for entry in entries for triple in entry.triples}
        if published is not None:
            triples.update(neighbourhood(entries, published))
        found = shacl_report(_as_rdflib(triples), self._graph)
        nodes = found.subjects(rdflib.RDF.type, rdflib.URIRef(SH.ValidationResult))
        report.results += _owned([self._read(found, node) for node in nodes], entries)
        report.results.sort(key=lambda r: (SEVERITIES.index(r.severity), r.entry, r.focus, r.path))
        return report

    def _unsupported(self, entry: Entry) -> Iterator[Result]:
        for statement in sorted(entry.unsupported, key=str):
            yield Result(
                entry=entry.graph,
                severity="Violation",
                focus=words(statement.subject),
                path=statement.predicate.value,
                value=words(statement.object),
                shape=_STATEMENT_EVIDENCE,
                messages=_said(self._graph, rdflib.URIRef(_STATEMENT_EVIDENCE), SH.message),
            )

    def _read(self, graph: rdflib.Graph, node: rdflib.term.Node) -> Result:
        def value(predicate: str) -> str:
            found = graph.value(node, rdflib.URIRef(predicate))
            return "" if found is None else str(found)

        path = graph.value(node, rdflib.URIRef(SH.resultPath))
        shape = value(SH.sourceShape)
        # pySHACL drops the language of some messages; the shape has them as they were written.
        written = _said(self._graph, rdflib.URIRef(shape), SH.message)
        return Result(
            entry="",
            severity=value(SH.resultSeverity).rpartition("#")[2],
            focus=value(SH.focusNode),
            path=str(path) if isinstance(path, rdflib.URIRef) else "",
            value=value(SH.value),
            shape=shape,
            messages=written or _said(graph, node, SH.resultMessage),
            component=value(SH.sourceConstraintComponent),
        )


def shacl_report(data: rdflib.Graph, shapes: rdflib.Graph) -> rdflib.Graph:
    """The validation report (SHACL, section 3.6) on a data graph; core and SPARQL constraints.

    Raises `DataError` for a failure (section 3.4.1): the shapes are wrong, whatever the data.
    """
    import pyshacl  # slow to import, and most commands never need it
    from pyshacl.errors import ReportableRuntimeError

    prepared = _PreparedQueries(data.store, data.identifier, data.namespace_manager)
    try:
        with _without_collector():
            _, found, text = pyshacl.validate(prepared, shacl_graph=shapes, inference="none")
    except (ReportableRuntimeError, NotImplementedError) as problem:
        raise DataError(f"The shapes cannot be used: {problem}") from problem
    if not isinstance(found, rdflib.Graph):
        raise DataError(f"The shapes cannot be used: {text}")
    return found


@contextlib.contextmanager
def _without_collector() -> Iterator[None]:
    """rdflib makes millions of objects and next to no cycles: looking for these took a third."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _PreparedQueries(rdflib.Graph):
    """A graph that parses a query once, where pySHACL asks it again for every focus node."""

    def query(self, query_object: str | Query, *args: Any, **options: Any) -> rdflib.query.Result:
        if isinstance(query_object, str):
            query_object = _prepared(query_object, tuple(self.namespaces()))
        return super().query(query_object, *args, **options)


@functools.lru_cache(maxsize=256)
def _prepared(query: str, prefixes: tuple[tuple[str, rdflib.URIRef], ...]) -> Query:
    from rdflib.plugins.sparql import prepareQuery  # slow to import, too

    return prepareQuery(query, dict(prefixes))


def _as_rdflib(triples: Iterable[Triple]) -> rdflib.Graph:
    graph = rdflib.Graph()
    term = functools.cache(_rdflib_term)  # most terms occur many times
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of a boolean that is none
        for triple in triples:
            if not isinstance(triple.object, Triple):  # SHACL does not know triple terms
                graph.add((term(triple.subject), term(triple.predicate), term(triple.object)))
    return graph


def _rdflib_term(term: NamedNode | BlankNode | Literal) -> rdflib.term.Node:
    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    return rdflib.Literal(term.value, datatype=term.datatype.value, normalize=False)


def _said(graph: rdflib.Graph, node: rdflib.term.Node, predicate: str) -> dict[str, str]:
    return {
        message.language or "en": str(message)
        for message in graph.objects(node, rdflib.URIRef(predicate))
        if isinstance(message, rdflib.Literal)
    }


def _owned(results: Sequence[Result], entries: Sequence[Entry]) -> Iterator[Result]:
    """The results, each for the entries that say what is wrong, else for all that speak of the
    focus node, or of the value; none about nodes of somebody else's.
    """
    nodes = {node for result in results for node in (result.focus, result.value)}
    statements = [
        (entry.graph, triple)
        for entry in entries
        for triple in entry.triples
        if words(triple.subject) in nodes
    ]
    speakers: dict[str, set[str]] = defaultdict(set)  # blank nodes among them
    for graph, triple in statements:
        speakers[words(triple.subject)].add(graph)
    for result in results:
        saying = {graph for graph, triple in statements if _says(triple, result)}
        speaking = speakers.get(result.focus) or speakers.get(result.value, set())
        for graph in sorted(saying or speaking):
            yield replace(result, entry=graph)


def _says(triple: Triple, result: Result) -> bool:
    """Whether a triple joins focus and value; against the arrow, where the rule has no path."""
    ends = (words(triple.subject), words(triple.object))
    if result.path:
        said = triple.predicate.value == result.path and ends[0] == result.focus
        return said and result.value in ("", ends[1])
    return ends in ((result.focus, result.value), (result.value, result.focus))
