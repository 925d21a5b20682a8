# SPDX-License-Identifier: Apache-2.0
"""Tests that are HTTP exchanges: of the protocol and of the graph store.

The requests are sent as the manifest writes them, with no header of ours but Host, User-Agent,
Connection, Content-Length and what the server needs to let an editor in. Their paths begin with
`/sparql/` or `/gsp`; the address of the server stands instead of that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin

import pyoxigraph as ox

from .matching import difference, rows_of
from .rdf import MF, Graph

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from .manifest import Case
    from .rdf import Term
    from .servers import Server

_HT = "http://www.w3.org/2011/http#"
_CNT = "http://www.w3.org/2011/content#"
_STATUS = {"OK": "200", "Created": "201", "NoContent": "204", "NotFound": "404"}
_RESULTS = ("application/sparql-results+xml", "application/sparql-results+json")
_FORMATS = {
    "boolean": _RESULTS,
    "tabular": (*_RESULTS, "text/csv", "text/tab-separated-values"),
    "RDF": ("application/rdf+xml", "text/turtle", "application/n-triples", "text/html"),
}


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request, and what is expected of the response."""

    method: str
    path: str
    headers: dict[str, str] = field(hash=False)
    body: bytes
    statuses: frozenset[str]  # how the status may begin: "201", "4"
    boolean: str = ""
    format: str = ""
    location: str = ""  # the variable that stands for the Location header from here on
    media_type: str = ""
    graph: str = ""


def read_exchanges(graph: Graph, connection: Term | None) -> Iterator[Exchange]:
    """The exchanges of one test, in their order."""
    assert connection is not None
    for request in graph.items(graph.value(connection, f"{_HT}requests")):
        response = graph.value(request, f"{_HT}resp")
        assert response is not None
        encoding = graph.text(request, f"{_HT}body", f"{_CNT}characterEncoding") or "UTF-8"
        statuses = graph.values(response, f"{MF}expectedStatus")
        yield Exchange(
            method=graph.text(request, f"{_HT}methodName"),
            path=graph.text(request, f"{_HT}absolutePath"),
            headers=_headers(graph, request),
            body=graph.text(request, f"{_HT}body", f"{_CNT}chars").encode(encoding),
            statuses=frozenset(_status(str(status)) for status in statuses),
            boolean=graph.text(response, f"{MF}expectedBoolean"),
            format=graph.text(response, f"{MF}expectedFormat"),
            location=graph.text(response, f"{MF}expectedLocation"),
            media_type=_media_type(_headers(graph, response)),
            graph=graph.text(response, f"{_HT}body", f"{_CNT}chars"),
        )


def _headers(graph: Graph, message: Term) -> dict[str, str]:
    return {
        graph.text(header, f"{_HT}fieldName"): graph.text(header, f"{_HT}fieldValue")
        for header in graph.items(graph.value(message, f"{_HT}headers"))
    }


def _status(iri: str) -> str:
    name = iri.strip("<>").rpartition("#")[2]
    found = re.fullmatch(r"StatusCode(\d)xx", name)
    return found[1] if found else _STATUS[name]


def _media_type(headers: dict[str, str]) -> str:
    return headers.get("content-type", "").partition(";")[0].strip()


def check_exchanges(case: Case, server: Server) -> None:
    """Make the exchanges of a test, one after the other."""
    server.load(case.data)
    variables: dict[str, str] = {}
    for number, exchange in enumerate(case.exchanges, 1):
        sent = _filled(exchange, variables)
        address, rest = _address(case, sent, server)
        if address != server.query:
            server.touched()
        response = server.send(sent.method, address + rest, sent.headers, sent.body)
        try:
            _compare(sent, response)
        except AssertionError as problem:
            place = f"request {number}, {sent.method} {sent.path[:60]}"
            raise AssertionError(f"{place}: {problem}") from None
        if sent.location:
            where = urljoin(str(response.url), response.headers["location"])
            variables[sent.location] = quote(where, safe=":/?=%")


def _filled(exchange: Exchange, variables: dict[str, str]) -> Exchange:
    path, body = exchange.path, exchange.body
    for name, value in variables.items():
        path, body = path.replace(name, value), body.replace(name.encode(), value.encode())
    return replace(exchange, path=path, body=body)


def _address(case: Case, exchange: Exchange, server: Server) -> tuple[str, str]:
    """Where a request goes, and what follows the address of the server.

    The suite has one address for queries and updates, servers have two. Where neither the media
    type nor a parameter tells them apart, the name of the test does.
    """
    if exchange.path.startswith("/gsp"):
        return server.store, exchange.path.removeprefix("/gsp")
    media_type = _media_type(exchange.headers)
    update = media_type == "application/sparql-update" or (
        media_type != "application/sparql-query" and "update" in case.name.partition("#")[2]
    )
    return server.update if update else server.query, exchange.path.removeprefix("/sparql/")


def _compare(exchange: Exchange, response: httpx.Response) -> None:
    status = str(response.status_code)
    assert any(status.startswith(known) for known in exchange.statuses), (
        f"status {status}, not {' or '.join(sorted(exchange.statuses))}: {response.text[:200]}"
    )
    if status.startswith("3"):
        return
    media_type = _media_type(dict(response.headers))
    if exchange.format:
        assert media_type in _FORMATS[exchange.format], f"{media_type} is not {exchange.format}"
    if exchange.boolean:
        syntax = ox.QueryResultsFormat.from_media_type(media_type)
        answer = ox.parse_query_results(response.content, syntax)
        assert isinstance(answer, ox.QueryBoolean)
        assert str(bool(answer)).lower() == exchange.boolean, f"the answer is {bool(answer)}"
    if exchange.media_type:
        assert media_type == exchange.media_type, f"the response is {media_type}"
    if exchange.graph:
        _compare_graphs(exchange, response)
    if exchange.location:
        assert "location" in response.headers, "the response has no Location"


def _compare_graphs(exchange: Exchange, response: httpx.Response) -> None:
    syntax = ox.RdfFormat.from_media_type(exchange.media_type)
    wanted, found = (
        rows_of(ox.parse(text, syntax, base_iri=str(response.url)))
        for text in (exchange.graph.encode(), response.content)
    )
    assert not (wrong := difference(wanted, found)), wrong
