# SPDX-License-Identifier: Apache-2.0
"""What tests there are, by the manifests of the suites.

A test is named by its folder and the end of its IRI: `sparql11/add#add01` is the test `add01` of
`sparql11/add/manifest.ttl`.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pyoxigraph as ox

from .exchanges import Exchange, read_exchanges
from .rdf import BASE, MF, RDF, RDFS, Graph, file_of, read_quads, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .data import Data
    from .rdf import Term

_QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
_UT = "http://www.w3.org/2009/sparql/tests/test-update#"
_ROOTS = (
    "sparql10/manifest.ttl",
    "sparql11/manifest-all.ttl",
    "sparql12/manifest.ttl",
    "sparql11/http-rdf-update/manifest.ttl",
)
# Groups that are not run, and why.
LEFT_OUT = {
    "sparql11/entailment": "Each test asks for an entailment regime beyond simple entailment; "
    "neither server claims one in its service description.",
    "sparql11/service": "Each test calls SPARQL endpoints at addresses of example.org that do not "
    "exist. That SERVICE is read is tested by sparql11/syntax-fed.",
    "sparql11/http-rdf-update": "Deprecated by its manifest in favour of "
    "sparql11/graph-store-protocol; some of its bodies are no Turtle, and some of its answers "
    "contradict the requests before them.",
}
# Tests that a manifest describes and its list of entries forgets.
_FORGOTTEN = {"sparql11/graph-store-protocol": ("head_non_existing_direct",)}
_FORMATS = ("sparql11/csv-tsv-res", "sparql11/json-res")
_OTHER_SUITES = {
    "ProtocolTest": "protocol",
    "GraphStoreProtocolTest": "graph store",
    "ServiceDescriptionTest": "service description",
}


@dataclass(frozen=True, slots=True)
class Case:
    """One test: what it is, the query or update, the data before, and what is expected."""

    name: str
    suite: str  # "1.1 update"
    kind: str  # the class of the test, without the 11 at the end of some
    text: str = ""  # the file of the query or update
    data: Data = frozenset()
    result: str = ""  # the file of a query's expected result
    after: Data = frozenset()  # the data expected after an update
    lax: bool = False  # REDUCED: duplicates may be dropped
    exchanges: tuple[Exchange, ...] = ()


def cases() -> dict[str, list[Case]]:
    """All tests that are run, by suite, in the order of the manifests."""
    found: defaultdict[str, list[Case]] = defaultdict(list)
    for case in _all():
        if _group(case.name) not in LEFT_OUT:
            found[case.suite].append(case)
    return dict(found)


def left_out() -> dict[str, int]:
    """How many tests each group has that is not run."""
    groups = [_group(case.name) for case in _all()]
    return {group: groups.count(group) for group in LEFT_OUT}


def _group(name: str) -> str:
    return name.partition("#")[0]


@functools.cache
def _all() -> tuple[Case, ...]:
    return tuple(case for root in _ROOTS for case in _walk(BASE + root))


def _walk(iri: str) -> Iterator[Case]:
    """The tests of a manifest and of those that it includes."""
    graph = Graph(read_quads(iri))
    folder = iri.removeprefix(BASE).rpartition("/")[0]
    for manifest in graph.of_type(f"{MF}Manifest"):
        for included in graph.items(graph.value(manifest, f"{MF}include")):
            assert isinstance(included, ox.NamedNode)
            yield from _walk(included.value)
        for entry in graph.items(graph.value(manifest, f"{MF}entries")):
            yield _case(graph, entry, folder)
    for name in _FORGOTTEN.get(folder, ()):
        for triple in graph.triples:
            if triple.predicate.value == f"{MF}name" and str(triple.subject).endswith(f"#{name}>"):
                yield _case(graph, triple.subject, folder)


def _case(graph: Graph, entry: Term, folder: str) -> Case:
    assert isinstance(entry, ox.NamedNode)
    name = f"{folder}#{entry.value.rpartition('#')[2]}"
    kind = graph.text(entry, f"{RDF}type").removeprefix(MF).removesuffix("11")
    text = graph.text(entry, f"{MF}action") if "Syntax" in kind else ""
    suite = _suite(folder, kind, text)
    if folder in LEFT_OUT:
        return Case(name, suite, kind)
    match kind:
        case "QueryEvaluationTest" | "CSVResultFormatTest":
            return _query(graph, entry, name, suite, kind)
        case "UpdateEvaluationTest":
            return _update(graph, entry, name, suite, kind)
        case "ProtocolTest" | "GraphStoreProtocolTest":
            data = _graphs(graph, entry, _UT)
            exchanges = tuple(read_exchanges(graph, graph.value(entry, f"{MF}action")))
            return Case(name, suite, kind, data=data, exchanges=exchanges)
        case _:
            return Case(name, suite, kind, text)


def _suite(folder: str, kind: str, text: str) -> str:
    """The suite of a test. Some tests of the syntax of updates are said to be ones of queries."""
    version = {"sparql10": "1.0", "sparql11": "1.1", "sparql12": "1.2"}[folder.partition("/")[0]]
    if folder in _FORMATS:
        return f"{version} formats"
    update = "Update" in kind or text.endswith(".ru")
    return f"{version} {_OTHER_SUITES.get(kind) or ('update' if update else 'query')}"


def _query(graph: Graph, entry: Term, name: str, suite: str, kind: str) -> Case:
    action = graph.value(entry, f"{MF}action")
    assert action is not None
    text = graph.text(action, f"{_QT}query")
    return Case(
        name,
        suite,
        kind,
        text,
        _graphs(graph, action, _QT) | _named_in(text),
        result=graph.text(entry, f"{MF}result"),
        lax=graph.value(entry, f"{MF}resultCardinality") is not None,
    )


def _update(graph: Graph, entry: Term, name: str, suite: str, kind: str) -> Case:
    before, after = graph.value(entry, f"{MF}action"), graph.value(entry, f"{MF}result")
    assert before is not None
    assert after is not None
    text = graph.text(before, f"{_UT}request")
    data, expected = _graphs(graph, before, _UT), _graphs(graph, after, _UT)
    return Case(name, suite, kind, text, data, after=expected)


def _graphs(graph: Graph, node: Term, prefix: str) -> Data:
    """The data that a test names: in the default graph, and in named ones.

    A graph is named by its label (in tests of update), or else by the address of its file.
    """
    found = {("", text_of(file)) for file in graph.values(node, f"{prefix}data")}
    for named in graph.values(node, f"{prefix}graphData"):
        file = graph.text(named, f"{prefix}graph") or text_of(named)
        found.add((graph.text(named, f"{RDFS}label") or file, file))
    return frozenset(found)


def _named_in(text: str) -> Data:
    """The files that a query names by FROM: they are to be graphs of the store."""
    found = re.findall(r"FROM\s+(?:NAMED\s+)?<([^>]+)>", file_of(text).read_text("utf-8"))
    files = {urljoin(text, iri) for iri in found}
    return frozenset((file, file) for file in files)
