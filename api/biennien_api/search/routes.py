# SPDX-License-Identifier: Apache-2.0
"""`/api/search` and `/api/suggest`: everything that is in words, as JSON-LD or a page."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from biennien_api.addresses.representations import HTML, JSONLD
from biennien_api.http.conditional import tagged
from biennien_api.http.pages import language_of, render, service_of
from biennien_api.http.problems import Problem
from biennien_api.lists.answering import syntax_of
from biennien_api.search.found import (
    SearchPage,
    Suggestions,
    marked,
    name_of,
    search_page,
    suggestions,
)
from biennien_graph.engine.rdf import is_iri

if TYPE_CHECKING:
    from biennien_graph.indexes.search import SearchIndex

router = APIRouter(prefix="/api", tags=["search"])

Kind = Literal[
    "document", "agency", "person", "place", "event", "topic", "concept", "other", "passage"
]  # fmt: skip
_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Biennien-Position, Content-Type, Retry-After",
    "Cache-Control": "no-cache",
}


class LinkedData(JSONResponse):
    """JSON-LD."""

    media_type = "application/ld+json"


_PROBLEM: dict[str, Any] = {"content": {"application/problem+json": {}}}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The best hits",
        "content": {"text/html": {"schema": {"type": "string"}}},
    },
    406: {"description": "Neither JSON-LD nor HTML is wanted", **_PROBLEM},
    422: {"description": "A parameter is wrong", **_PROBLEM},
    503: {"description": "The index is being made for the first time", **_PROBLEM},
}

Q = Annotated[
    str,
    Query(
        max_length=500,
        description='Words, with or without diacritics; all are wanted. `"…"` side by side, '
        "`-word` not wanted, `word*` may go on. Nothing is an error.",
        examples=["dien bien phu", "116-KH/TU", '"hi sinh" -quảng'],
    ),
]
Kinds = Annotated[
    list[Kind] | None, Query(description="Only things of these kinds.", examples=[["event"]])
]
Source = Annotated[
    str,
    Query(
        max_length=2000,
        description="Only what has quotes from this source text: its IRI, or its document's.",
        examples=["https://w3id.org/biennien/source/000_ace7c7edb614d59c"],
    ),
]
Format = Annotated[
    str,
    Query(
        max_length=100,
        description="Format by name or media type, instead of the Accept header.",
        examples=["jsonld"],
    ),
]
Limit = Annotated[int, Query(ge=1, le=100, description="Hits on a page.", examples=[5])]
Offset = Annotated[
    int, Query(ge=0, le=10_000, description="Hits before the first one shown.", examples=[20])
]


@router.get("/search.{suffix}", include_in_schema=False)
@router.get(
    "/search",
    summary="Search",
    response_class=LinkedData,
    response_model=SearchPage,
    responses=_RESPONSES,
)
async def search(
    request: Request,
    q: Q = "",
    kind: Kinds = None,
    source: Source = "",
    limit: Limit = 20,
    offset: Offset = 0,
    format: Format = "",  # noqa: A002 - as the address has it
) -> Response:
    """Labels, other names, numbers, notes, corrections and quotes, best hits first.

    `highlights` counts Unicode code points of `snippet` from 0, end exclusive.
    """
    syntax = syntax_of(request, format, (JSONLD, HTML))
    if source and not is_iri(source):
        wrong = {"parameter": "source", "value": source, "rule": "an IRI"}
        raise Problem(422, "bad-request", "source: this is no IRI.", parameters=[wrong])
    index = await _index(request)
    found = await asyncio.to_thread(
        index.find,
        q,
        kinds=kind or (),
        source=source,
        limit=limit,
        offset=offset,
        language=language_of(request),
    )
    page = search_page(request, found, kinds=kind or (), limit=limit, offset=offset)
    headers = {**_HEADERS, "Biennien-Position": str(found.position)}
    if syntax is HTML:
        shown = render(
            request,
            "search.html",
            headers=headers,
            page=page,
            q=q,
            source=source,
            marked=marked,
            name=partial(name_of, language_of(request)),
        )
        return tagged(shown)
    headers["Vary"] = "Accept, Accept-Language"
    return tagged(LinkedData(page.model_dump(by_alias=True, exclude_none=True), headers=headers))


@router.get(
    "/suggest",
    summary="Suggestions",
    response_class=LinkedData,
    response_model=Suggestions,
    responses={status: _RESPONSES[status] for status in (422, 503)},
)
async def suggest(
    request: Request,
    q: Annotated[
        str, Query(max_length=100, description="What was typed so far.", examples=["dien bi"])
    ] = "",
    kind: Kinds = None,
    limit: Annotated[int, Query(ge=1, le=10, description="How many.", examples=[3])] = 10,
) -> Response:
    """Names that begin with what was typed, and then names in which a word does."""
    index = await _index(request)
    found = await asyncio.to_thread(
        index.suggest, q, kinds=kind or (), limit=limit, language=language_of(request)
    )
    body = suggestions(request, found)
    headers = {
        **_HEADERS,
        "Biennien-Position": str(index.position().number),
        "Vary": "Accept-Language",
    }
    return LinkedData(body.model_dump(by_alias=True, exclude_none=True), headers=headers)


async def _index(request: Request) -> SearchIndex:
    """The index; with the change that the client knows of, where it names one."""
    known = request.headers.get("biennien-position", "0")
    if not (known.isascii() and known.isdecimal() and len(known) < 16):
        raise Problem(400, "bad-request", f"Biennien-Position: {known} is no position.")
    return await service_of(request).indexes.search(int(known))
