# SPDX-License-Identifier: Apache-2.0
"""Results of queries: those that the suites expect, and those that a server sends."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from .matching import difference, rows_of
from .rdf import Graph, file_of, read_quads, text_of

if TYPE_CHECKING:
    from .matching import Row
    from .rdf import Term

_RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_INTEGER = ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")
_SUFFIXES = {
    "srx": "application/sparql-results+xml",
    "srj": "application/sparql-results+json",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "ttl": "text/turtle",
    "nt": "application/n-triples",
}
_RESULT_SET = "application/sparql-results+json"  # asked for where a file is of the old kind, rs:


@dataclass(frozen=True, slots=True)
class Solutions:
    """What a SELECT query gives: its variables, and its rows in their order."""

    variables: frozenset[str]
    rows: list[Row]
    ordered: bool = False  # whether the order of the expected rows counts


Result: TypeAlias = "Solutions | bool | list[Row]"  # a list is a graph


class OnlyByValue(AssertionError):
    """A result is as expected, but for how numbers, truth values and dates are written."""


def compare(wanted: Result, found: Result, *, ordered: bool, lax: bool) -> None:
    """Fail where a result is not as expected; `lax` lets duplicates be dropped."""
    if isinstance(wanted, bool) or isinstance(found, bool):
        assert wanted is found, f"the answer is {found}, not {wanted}"
    elif isinstance(wanted, Solutions) and isinstance(found, Solutions):
        assert wanted.variables == found.variables, (
            f"the variables are {sorted(found.variables)}, not {sorted(wanted.variables)}"
        )
        _compare_rows(wanted, found, ordered=ordered or wanted.ordered, lax=lax)
    elif isinstance(wanted, list) and isinstance(found, list):
        assert not (wrong := difference(wanted, found)), wrong
    else:
        raise AssertionError(f"the result is of another kind: {type(found).__name__}")


def _compare_rows(wanted: Solutions, found: Solutions, *, ordered: bool, lax: bool) -> None:
    if lax:
        assert set(wanted.rows) == set(found.rows), "other rows"
        assert all(found.rows.count(row) <= wanted.rows.count(row) for row in found.rows), (
            "too many"
        )
        return
    assert not (wrong := difference(wanted.rows, found.rows)), wrong
    if ordered:
        assert not difference(_numbered(wanted.rows), _numbered(found.rows)), "another order"


def _numbered(rows: list[Row]) -> list[Row]:
    return [
        (*row, ("#", ox.Literal(str(number), datatype=_INTEGER))) for number, row in enumerate(rows)
    ]


def accept(file: str) -> str:
    """The media type to ask for, so that the result can be compared with a file."""
    suffix = file.rpartition(".")[2]
    if suffix in {"ttl", "rdf"} and Graph(read_quads(file)).of_type(f"{_RS}ResultSet"):
        return _RESULT_SET
    return _SUFFIXES[suffix]


def expected(file: str) -> Result:
    """The result in a file of a suite."""
    suffix = file.rpartition(".")[2]
    if suffix in {"ttl", "rdf", "nt"}:
        quads = read_quads(file)
        graph = Graph(quads)
        sets = graph.of_type(f"{_RS}ResultSet")
        return _result_set(graph, sets[0]) if sets else rows_of(quads)
    return received(file_of(file).read_bytes(), _SUFFIXES[suffix], file)


def received(content: bytes, media_type: str, base: str) -> Result:
    """The result in a response."""
    if media_type == "text/csv":
        return _csv(content.decode("utf-8"))
    syntax = ox.QueryResultsFormat.from_media_type(media_type)
    if syntax is None:
        graph_syntax = ox.RdfFormat.from_media_type(media_type)
        assert graph_syntax is not None, f"{media_type} is no format of results"
        return rows_of(ox.parse(content, graph_syntax, base_iri=base))
    found = ox.parse_query_results(content, syntax)
    if isinstance(found, ox.QueryBoolean):
        return bool(found)
    assert isinstance(found, ox.QuerySolutions)
    names = [variable.value for variable in found.variables]
    rows = [_row(dict(zip(names, solution, strict=True))) for solution in found]
    return Solutions(frozenset(names), rows)


def _row(values: dict[str, Term | None]) -> Row:
    return tuple(sorted((name, term) for name, term in values.items() if term is not None))


def _csv(text: str) -> Solutions:
    """CSV has plain texts for terms; only blank nodes can be told apart."""
    names, *lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows = [
        _row({name: _cell(cell) for name, cell in zip(names, line, strict=True)}) for line in lines
    ]
    return Solutions(frozenset(names), rows)


def _cell(text: str) -> Term:
    return ox.BlankNode(text.removeprefix("_:")) if text.startswith("_:") else ox.Literal(text)


def _result_set(graph: Graph, node: Term) -> Solutions | bool:
    """A result in the vocabulary of the SPARQL 1.0 tests; with rs:index, its order counts."""
    if answer := graph.text(node, f"{_RS}boolean"):
        return answer == "true"
    found = graph.values(node, f"{_RS}solution")
    ordered = any(graph.values(solution, f"{_RS}index") for solution in found)
    if ordered:
        found.sort(key=lambda solution: int(graph.text(solution, f"{_RS}index")))
    names = [text_of(name) for name in graph.values(node, f"{_RS}resultVariable")]
    rows = [
        _row(
            {
                graph.text(binding, f"{_RS}variable"): graph.value(binding, f"{_RS}value")
                for binding in graph.values(solution, f"{_RS}binding")
            }
        )
        for solution in found
    ]
    return Solutions(frozenset(names), rows, ordered)
