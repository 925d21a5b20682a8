# SPDX-License-Identifier: Apache-2.0
"""`/api/claims`: any statement to its evidence in one request."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from biennien_api.addresses.representations import JSONLD
from biennien_api.lists.answering import as_json, cursors_of, headers, pages, syntax_of
from biennien_api.lists.asking import catalogue_of, resolved
from biennien_api.lists.collection import collection
from biennien_api.lists.cursors import digest_of
from biennien_api.lists.listing import around, filters_said
from biennien_api.lists.members import whole
from biennien_api.lists.parameters import Claimed
from biennien_api.lists.schemas import CLAIMS, answered
from biennien_graph.indexes.catalogue.claims import FILTERS, Claims
from biennien_graph.indexes.catalogue.resolving import Resolver, Unknown
from biennien_graph.jsonld.context import context

if TYPE_CHECKING:
    import sqlite3

    from biennien_api.lists.cursors import Cursors
    from biennien_graph.indexes.catalogue import Catalogue

router = APIRouter(prefix="/api", tags=["evidence"])


@router.get("/claims.{suffix}", include_in_schema=False)
@router.get("/claims", summary="Claims with their evidence", **answered(CLAIMS))
async def claims(request: Request, asked: Annotated[Claimed, Query()]) -> Response:
    """Who says what, in which words: claims with their passages, modality, certainty, reasoning.

    In the order of the sources, and there of the passages.
    """
    syntax_of(request, asked.format, (JSONLD,))
    catalogue, cursors = await catalogue_of(request), await cursors_of(request)
    content, said = await asyncio.to_thread(_page, request, catalogue, cursors, asked)
    return as_json(content, JSONLD.media_type, said)


def _page(
    request: Request, catalogue: Catalogue, cursors: Cursors, asked: Claimed
) -> tuple[dict[str, Any], dict[str, str]]:
    digest = digest_of("claims", filters_said(asked))
    place = cursors.read(asked.cursor, digest) if asked.cursor else None
    back = place is not None and place.back
    with catalogue.reading() as (sql, position):
        wanted = _wanted(sql, asked)
        total = wanted.total(sql)
        found, more = wanted.page(sql, place.key if place else None, asked.limit, back=back)
    after, before = around(cursors, digest, place, found, more=more)
    links = pages(request, after, before)
    items = whole(catalogue, [iri for _, iri in found])
    content = collection(
        request, items, links, total=total, limit=asked.limit, position=position.number
    )
    return content, headers(request, position.number, links)


def _wanted(sql: sqlite3.Connection, asked: Claimed) -> Claims:
    resolver, wanted = Resolver(sql), dict[str, list[tuple[int | str | None, ...]]]()
    for name in FILTERS:
        for value in getattr(asked, name):
            found = resolved(name, value, lambda n, v: list(_values(resolver, n, v)))
            wanted.setdefault(name, []).extend(found)
    return Claims(wanted)


def _values(resolver: Resolver, name: str, text: str) -> list[tuple[int | str | None, ...]]:
    """What the test of a filter compares with, for each meaning of a value."""
    if name == "predicate":
        term = context().terms.get(text)  # as answers name it: `author`
        return [(resolver.predicate(term.iri if term and not term.reverse else text),)]
    if name == "object":
        return [(text, resolver.found("thing", text))]
    if name == "subject":
        number = resolver.exact(text) or resolver.node("thing", text)
        return [(number, number)]
    if name == "passage":
        passage = resolver.exact(text)
        if passage is None:
            raise Unknown(text, f"“{text}” is no passage that is known here. Give its IRI.", [])
        return [(passage,)]
    if name == "source":
        return [(number,) for _, number in resolver.values("source", text)]
    return [(resolver.node(name, text),)]
