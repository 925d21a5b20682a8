# SPDX-License-Identifier: Apache-2.0
"""`/graph/…`: a named graph under its own IRI: whole for machines, described on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from biennien_api.addresses.describe import describe
from biennien_api.addresses.identifiers import iri_of, path_of, split
from biennien_api.addresses.past import modified
from biennien_api.addresses.representations import HTML
from biennien_api.addresses.withdrawn import Standing, absent
from biennien_api.http.conditional import tagged
from biennien_api.http.links import links
from biennien_api.http.negotiation import demand
from biennien_api.http.pages import base_of, language_of, render, service_of
from biennien_api.sparql.graph_store import read
from biennien_graph.engine import COMPUTED
from biennien_graph.engine.formats import GRAPHS
from biennien_graph.engine.rdf import NamedNode

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from biennien_api.http.streaming import Streamed

_SYNTAXES = (HTML, *GRAPHS)
_SUFFIXES = {syntax.name: syntax for syntax in _SYNTAXES} | {"json": GRAPHS[2]}


async def graph(request: Request) -> Response | Streamed:
    """The content of a graph (Graph Store Protocol, section 4.1), or the page about it."""
    name = f"graph/{request.path_params['entry']}"
    stem, syntax = split(name, _SUFFIXES)
    if syntax and await _exists(request, iri_of(request, name)):
        stem, syntax = name, None  # the dot is its own
    iri = iri_of(request, stem)
    is_default = stem == "graph/default"
    if not is_default and not await _exists(request, iri):
        return await absent(request, iri, Standing(described=False))
    syntax = syntax or demand(request.headers.get("accept", ""), _SYNTAXES)
    path = path_of(request, iri)
    headers = {
        "Vary": "Accept, Accept-Language" if syntax is HTML else "Accept",
        "Cache-Control": "no-cache",
        "Link": ", ".join(links(request, iri, path, _SYNTAXES, history=False)),
        "Content-Location": f"{base_of(request)}{path}.{syntax.name}",
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "Content-Location, ETag, Last-Modified, Link",
    }
    if syntax is not HTML:
        return await read(request, "" if is_default else iri, syntax.name, headers)
    return await _page(request, iri, path, headers)


async def _page(request: Request, iri: str, path: str, headers: dict[str, str]) -> Response:
    """The page of an entry says what it says of itself; the others are told in words."""
    service = service_of(request)
    own = iri.rpartition("/")[2]
    if iri in COMPUTED or own == "default":
        words = {"own": own, "iri": iri, "path": path, "syntaxes": _SYNTAXES}
        return tagged(render(request, "graph.html", headers=headers, graph=words))
    page = await describe(service, iri, language_of(request))
    last = await modified(service, iri)
    response = render(
        request, "thing.html", headers=headers, thing=page, path=path, syntaxes=_SYNTAXES, linked=""
    )
    return tagged(response, last)


async def _exists(request: Request, iri: str) -> bool:
    return await service_of(request).holds("graph-exists", {"graph": [NamedNode(iri)]})
