# SPDX-License-Identifier: Apache-2.0
"""`/api/documents`, `/agencies`, `/people`, `/places`, `/events`."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Request, Response

from biennien_api.addresses.representations import HTML, JSONLD
from biennien_api.http.conditional import tagged
from biennien_api.lists import page as html
from biennien_api.lists.answering import (
    CSV,
    GEOJSON,
    SYNTAXES,
    WITH_PLACES,
    as_json,
    cursors_of,
    headers,
    pages,
    syntax_of,
)
from biennien_api.lists.asking import catalogue_of
from biennien_api.lists.documents import document, features, table
from biennien_api.lists.listing import found
from biennien_api.lists.members import members
from biennien_api.lists.parameters import Documents, Listed
from biennien_api.lists.schemas import listed_as

if TYPE_CHECKING:
    from biennien_api.lists.cursors import Cursors
    from biennien_graph.engine.formats import Syntax
    from biennien_graph.indexes.catalogue import Catalogue

router = APIRouter(prefix="/api", tags=["lists"])
_GEOGRAPHIC = ("places", "events")


async def _list(request: Request, kind: str, asked: Listed) -> Response:
    known = WITH_PLACES if kind in _GEOGRAPHIC else SYNTAXES
    syntax = syntax_of(request, asked.format, known)
    catalogue, cursors = await catalogue_of(request), await cursors_of(request)
    return await asyncio.to_thread(_answer, request, syntax, catalogue, cursors, kind, asked)


def _answer(
    request: Request,
    syntax: Syntax,
    catalogue: Catalogue,
    cursors: Cursors,
    kind: str,
    asked: Listed,
) -> Response:
    page = found(catalogue, cursors, kind, asked, details=syntax is not JSONLD)
    links = pages(request, page.next, page.previous)
    said = headers(request, page.position, links)
    if syntax is HTML:
        return html.render_list(request, page, asked, links, said)
    if syntax is CSV:
        text = table(request, page, asked.fields)
        media_type = "text/csv; charset=utf-8; header=present"
        return tagged(Response(text, media_type=media_type, headers=said))
    if syntax is GEOJSON:
        content = features(request, page, asked.fields, links)
        return as_json(content, GEOJSON.media_type, said)
    items = members(catalogue, page.kind, page.rows, asked)
    content = document(request, page, asked.limit, items, links)
    return as_json(content, JSONLD.media_type, said)


@router.get("/documents.{suffix}", include_in_schema=False)
@router.get("/documents", summary="Documents", **listed_as("document"))
async def documents(request: Request, asked: Annotated[Documents, Query()]) -> Response:
    """Documents held, and those that they cite."""
    return await _list(request, "documents", asked)


@router.get("/agencies.{suffix}", include_in_schema=False)
@router.get("/agencies", summary="Agencies", **listed_as("agency"))
async def agencies(request: Request, asked: Annotated[Listed, Query()]) -> Response:
    """Agencies, committees and groups."""
    return await _list(request, "agencies", asked)


@router.get("/people.{suffix}", include_in_schema=False)
@router.get("/people", summary="People", **listed_as("person"))
async def people(request: Request, asked: Annotated[Listed, Query()]) -> Response:
    """Persons."""
    return await _list(request, "people", asked)


@router.get("/places.{suffix}", include_in_schema=False)
@router.get("/places", summary="Places", **listed_as("place", GEOJSON))
async def places(request: Request, asked: Annotated[Listed, Query()]) -> Response:
    """Places."""
    return await _list(request, "places", asked)


@router.get("/events.{suffix}", include_in_schema=False)
@router.get("/events", summary="Events", **listed_as("event", GEOJSON))
async def events(request: Request, asked: Annotated[Listed, Query()]) -> Response:
    """Events and activities: past, commemorative, held, planned, proposed, suggested."""
    return await _list(request, "events", asked)
