# SPDX-License-Identifier: Apache-2.0
"""What all answers here share: formats, addresses, headers."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import orjson
from starlette.responses import Response

from biennien_api.addresses.representations import HTML, JSONLD
from biennien_api.http.conditional import tagged
from biennien_api.http.negotiation import demand, named
from biennien_api.http.pages import address_of, base_of, service_of
from biennien_api.lists.cursors import Cursors
from biennien_graph.engine.formats import Syntax
from biennien_graph.jsonld import NEWEST

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from starlette.requests import Request

CSV = Syntax("csv", "text/csv")
GEOJSON = Syntax("geojson", "application/geo+json", ("application/vnd.geo+json",))
SYNTAXES = (JSONLD, HTML, CSV)
WITH_PLACES = (JSONLD, HTML, CSV, GEOJSON)
_LANGUAGE = {"vi", "en"}


def syntax_of(request: Request, name: str, known: Sequence[Syntax]) -> Syntax:
    """The format by suffix, by `format=`, or by the Accept header; 406 lists the known ones."""
    name = request.path_params.get("suffix") or name
    if name == "json":
        name = JSONLD.name
    return named(name, known) if name else demand(request.headers.get("accept", ""), known)


async def cursors_of(request: Request) -> Cursors:
    """The cursors of this service, made once."""
    state = request.app.state
    if getattr(state, "cursors", None) is None:
        state.cursors = await asyncio.to_thread(Cursors.of, service_of(request).settings.data)
    found: Cursors = state.cursors
    return found


def here(request: Request) -> str:
    """The address of this list, without parameters, as the world sees it."""
    return address_of(request)


def address(request: Request, *without: str, **changed: str) -> str:
    """The address of this request, some parameters left out or changed."""
    kept = [
        (name, value)
        for name, value in request.query_params.multi_items()
        if name not in without and name not in changed
    ]
    pairs = [*kept, *((name, value) for name, value in changed.items() if value)]
    place = here(request)
    if "format" in changed:  # which a suffix would go before
        place = place.removesuffix(f".{request.path_params.get('suffix', '')}")
    return f"{place}?{urlencode(pairs)}" if pairs else place


def toggled(request: Request, name: str, values: Iterable[str], added: str) -> str:
    """The same list with one value of a filter more, or, where `added` is empty, only these."""
    kept = [pair for pair in request.query_params.multi_items() if pair[0] not in {name, "cursor"}]
    pairs = [*kept, *((name, value) for value in values), *([(name, added)] if added else [])]
    return f"{here(request)}?{urlencode(pairs)}" if pairs else here(request)


def pages(request: Request, following: str, previous: str) -> dict[str, str]:
    """Addresses of the pages around this one, by relation."""
    found = {"first": address(request, "cursor")}
    if previous:
        found["previous"] = address(request, cursor=previous)
    if following:
        found["next"] = address(request, cursor=following)
    return found


def headers(request: Request, position: int, links: dict[str, str]) -> dict[str, str]:
    """The headers of an answer at a position."""
    relations = {"previous": "prev"}
    link = [f'<{to}>; rel="{relations.get(rel, rel)}"' for rel, to in links.items()]
    context = f"{base_of(request)}context/{NEWEST}.jsonld"
    link.append(f'<{context}>; rel="http://www.w3.org/ns/json-ld#context"')
    return {
        "Vary": "Accept, Accept-Language",
        "Cache-Control": "no-cache",
        "Link": ", ".join(link),
        "Biennien-Position": str(position),
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "Biennien-Position, ETag, Link",
    }


def as_json(content: Any, media_type: str, said: dict[str, str]) -> Response:
    """A JSON document."""
    body = orjson.dumps(content, option=orjson.OPT_APPEND_NEWLINE)
    return tagged(Response(body, media_type=media_type, headers=said))
