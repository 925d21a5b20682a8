# SPDX-License-Identifier: Apache-2.0
"""pySHACL: slow, complete, and by definition right here."""

from __future__ import annotations

import contextlib
import functools
import gc
import logging
import warnings
from typing import TYPE_CHECKING, Any

import rdflib

from biennien_graph.engine.rdf import BlankNode, Literal, NamedNode, Triple
from biennien_graph.errors import DataError
from biennien_graph.shacl.finding import Finding
from biennien_graph.terms import SH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from rdflib.plugins.sparql.sparql import Query

    from biennien_graph.shacl.wording import Wording

# The report says what is ill-typed; rdflib would print a traceback for each.
logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)


class Reference:
    """Some shapes, parsed when they are first needed."""

    def __init__(self, files: Sequence[Path], wording: Wording) -> None:
        self._files = files
        self._wording = wording

    def findings(self, triples: Iterable[Triple]) -> list[Finding]:
        """All that is wrong. `DataError` where pySHACL gives up, which broken data can cause."""
        found = shacl_report(_as_rdflib(triples), self._shapes)
        nodes = found.subjects(rdflib.RDF.type, rdflib.URIRef(SH.ValidationResult))
        return [self._read(found, node) for node in nodes]

    @functools.cached_property
    def _shapes(self) -> rdflib.Graph:
        graph = rdflib.Graph()
        for file in self._files:
            graph.parse(file, format="turtle")
        return graph

    def _read(self, graph: rdflib.Graph, node: rdflib.term.Node) -> Finding:
        def value(predicate: str) -> str:
            found = graph.value(node, rdflib.URIRef(predicate))
            return "" if found is None else str(found)

        path = graph.value(node, rdflib.URIRef(SH.resultPath))
        shape = value(SH.sourceShape)
        # pySHACL drops the language of some messages; the shape has them as they were written.
        written = self._wording.messages(shape)
        return Finding(
            severity=value(SH.resultSeverity).rpartition("#")[2],
            focus=value(SH.focusNode),
            path=str(path) if isinstance(path, rdflib.URIRef) else "",
            value=value(SH.value),
            shape=shape,
            messages=written or _messages(graph, node),
        )


def shacl_report(data: rdflib.Graph, shapes: rdflib.Graph) -> rdflib.Graph:
    """The validation report (SHACL, section 3.6) on a data graph; core and SPARQL constraints.

    Raises `DataError` for a failure (section 3.4.1): the shapes are wrong, or pySHACL gives up on
    the data, as where a number is compared with a node.
    """
    import pyshacl  # slow to import, and most commands never need it
    from pyshacl.errors import ReportableRuntimeError

    prepared = _PreparedQueries(data.store, data.identifier, data.namespace_manager)
    gives_up = (ReportableRuntimeError, NotImplementedError, TypeError, ValueError, ArithmeticError)
    try:
        with _without_collector(), warnings.catch_warnings():
            # rdflib asks NotImplemented for its truth where a day is compared with no day.
            warnings.simplefilter("ignore", DeprecationWarning)
            _, found, text = pyshacl.validate(prepared, shacl_graph=shapes, inference="none")
    except gives_up as problem:
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


def _messages(graph: rdflib.Graph, node: rdflib.term.Node) -> dict[str, str]:
    return {
        message.language or "en": str(message)
        for message in graph.objects(node, rdflib.URIRef(SH.resultMessage))
        if isinstance(message, rdflib.Literal)
    }
