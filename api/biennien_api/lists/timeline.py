# SPDX-License-Identifier: Apache-2.0
"""`/api/timeline`: what is dated, in the order of time, each with how sure the date is."""

from __future__ import annotations

import asyncio
import hashlib
import heapq
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from biennien_api.addresses.representations import JSONLD
from biennien_api.lists.answering import address, as_json, cursors_of, headers, pages, syntax_of
from biennien_api.lists.asking import catalogue_of, filters
from biennien_api.lists.collection import HOW, LISTS, category, collection
from biennien_api.lists.cursors import digest_of
from biennien_api.lists.listing import around, filters_said
from biennien_api.lists.parameters import Timed
from biennien_api.lists.schemas import TIMELINE, answered
from biennien_graph.indexes.catalogue.showing import names
from biennien_graph.indexes.catalogue.timeline import Moment, Timeline
from biennien_graph.jsonld.context import context

if TYPE_CHECKING:
    import sqlite3

    from biennien_api.lists.cursors import Cursors
    from biennien_graph.indexes.catalogue import Catalogue

router = APIRouter(prefix="/api", tags=["views"])
_DEFAULT = ("document", "event")


@router.get("/timeline.{suffix}", include_in_schema=False)
@router.get("/timeline", summary="A timeline", **answered(TIMELINE))
async def timeline(request: Request, asked: Annotated[Timed, Query()]) -> Response:
    """Dated things, and dated claims, from the earliest on.

    A thing with several dates comes once for each. `from` and `to` are the first and the last day
    that a date can mean; one that is left out is open.
    """
    syntax_of(request, asked.format, (JSONLD,))
    catalogue, cursors = await catalogue_of(request), await cursors_of(request)
    content, said = await asyncio.to_thread(_page, request, catalogue, cursors, asked)
    return as_json(content, JSONLD.media_type, said)


def _page(
    request: Request, catalogue: Catalogue, cursors: Cursors, asked: Timed
) -> tuple[dict[str, Any], dict[str, str]]:
    digest = digest_of("timeline", filters_said(asked))
    place = cursors.read(asked.cursor, digest) if asked.cursor else None
    back = place is not None and place.back
    with catalogue.reading() as (sql, position):
        lines = [Timeline(sql, filters(sql, kind, asked)) for kind in _kinds(asked)]
        each = [line.page(place.key if place else None, asked.limit, back=back) for line in lines]
        found = list(heapq.merge(*each, key=lambda moment: moment.place, reverse=back))
        more, found = len(found) > asked.limit, found[: asked.limit]
        if back:
            found.reverse()
        items = _items(sql, found)
        total = sum(line.total() for line in lines)
    after, before = around(cursors, digest, place, [moment.place for moment in found], more=more)
    links = pages(request, after, before)
    named = address(request, *HOW)
    for item in items:
        item["id"] = f"{named}{item['id']}"
    content = collection(
        request, items, links, "Timeline",
        total=total, limit=asked.limit, position=position.number,
    )  # fmt: skip
    return content, headers(request, position.number, links)


def _kinds(asked: Timed) -> list[str]:
    return [LISTS.get(kind, "claims") for kind in dict.fromkeys(asked.kind or _DEFAULT)]


def _items(sql: sqlite3.Connection, found: list[Moment]) -> list[dict[str, Any]]:
    named = names(sql, {number for moment in found for number in moment.numbers})
    return [_item(moment, named) for moment in found]


def _item(moment: Moment, named: dict[int, Any]) -> dict[str, Any]:
    date: dict[str, Any] = {"id": moment.date, "edtf": moment.edtf}
    if moment.words:
        date["words"] = {"vi": [moment.words]}
    named_by = f"{named[moment.thing].iri} {moment.date}".encode()
    item: dict[str, Any] = {
        "id": f"#{hashlib.sha256(named_by).hexdigest()[:16]}",
        "type": ["TimelineItem"],
        "category": category(moment.kind),
        "item": named[moment.thing].iri,
        "label": named[moment.thing].label,
        "from": moment.first,
        "to": moment.last,
        "when": date,
        "modality": [
            {"id": named[number].iri, "label": named[number].label} for number in moment.modality
        ],
    }
    if moment.claim:
        subject, predicate, leads = moment.claim
        item["label"] = named[subject].label
        item["edgeFrom"] = {"id": named[subject].iri, "label": named[subject].label}
        item["via"] = context().word(named[predicate].iri)
        if leads is not None:
            item["edgeTo"] = {"id": named[leads].iri, "label": named[leads].label}
    return {key: value for key, value in item.items() if value is not None}
