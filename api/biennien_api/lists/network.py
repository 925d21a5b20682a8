# SPDX-License-Identifier: Apache-2.0
"""`/api/network`: things and the statements that join them, with how many claims say so."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from biennien_api.addresses.representations import JSONLD
from biennien_api.lists.answering import address, as_json, headers, syntax_of
from biennien_api.lists.asking import catalogue_of, filters, resolved, wrong
from biennien_api.lists.collection import LISTS, category, context_of
from biennien_api.lists.parameters import Joined
from biennien_api.lists.schemas import NETWORK, answered
from biennien_graph.indexes.catalogue.network import around
from biennien_graph.indexes.catalogue.resolving import Resolver
from biennien_graph.indexes.catalogue.selection import Reader
from biennien_graph.indexes.catalogue.showing import names
from biennien_graph.jsonld.context import context

if TYPE_CHECKING:
    import sqlite3

    from biennien_graph.indexes.catalogue import Catalogue
    from biennien_graph.indexes.catalogue.network import Network

router = APIRouter(prefix="/api", tags=["views"])
_EDGES_PER_NODE = 5  # at most, over all of them


@router.get("/network.{suffix}", include_in_schema=False)
@router.get("/network", summary="A network", **answered(NETWORK))
async def network(request: Request, asked: Annotated[Joined, Query()]) -> Response:
    """What is joined with what: around some things, or around all that pass some filters.

    Statements of a node of a thing's own, such as a signature, count as the thing's. Nothing is
    left out but what is beyond the limit, and then `truncated` says so.
    """
    syntax_of(request, asked.format, (JSONLD,))
    catalogue = await catalogue_of(request)
    content, said = await asyncio.to_thread(_content, request, catalogue, asked)
    return as_json(content, JSONLD.media_type, said)


def _content(
    request: Request, catalogue: Catalogue, asked: Joined
) -> tuple[dict[str, Any], dict[str, str]]:
    with catalogue.reading() as (sql, position):
        middle = _middle(sql, asked)
        found = around(sql, middle, asked.depth, asked.limit, _EDGES_PER_NODE * asked.limit)
        content = {
            "@context": context_of(request),
            "id": address(request),
            "type": ["Network"],
            "asOf": position.number,
            "truncated": found.truncated,
            "nodes": _nodes(sql, found),
            "edges": _edges(sql, found),
        }
    return content, headers(request, position.number, {})


def _middle(sql: sqlite3.Connection, asked: Joined) -> list[int]:
    """What stands in the middle, one more of it than there is room for."""
    resolver = Resolver(sql)
    if asked.thing and asked.kind:
        raise wrong("kind", asked.kind[0], "Give either things or kinds, not both.")
    if asked.thing:
        return [resolved("thing", text, resolver.node) for text in asked.thing]
    middle: list[int] = []
    for kind in dict.fromkeys(asked.kind or LISTS):
        reader, wanted = Reader(sql), filters(sql, LISTS[kind], asked)
        room = asked.limit + 1 - len(middle)
        if room > 0:
            hits = reader.hits(wanted)
            middle += reader.page(LISTS[kind], hits, "label", None, room, back=False).things
    return middle


def _nodes(sql: sqlite3.Connection, found: Network) -> list[dict[str, Any]]:
    named = names(sql, found.nodes)
    degree = dict.fromkeys(found.nodes, 0)
    for edge in found.edges:
        degree[edge.subject] += 1
        degree[edge.object] += 1
    return [
        {
            "id": named[number].iri,
            "label": named[number].label,
            "category": category(named[number].kind),
            "distance": distance,
            "degree": degree[number],
        }
        for number, distance in found.nodes.items()
    ]


def _edges(sql: sqlite3.Connection, found: Network) -> list[dict[str, Any]]:
    used = {n for edge in found.edges for n in (edge.subject, edge.predicate, edge.object)}
    named = names(sql, used)
    return [
        {
            "type": ["Edge"],
            "edgeFrom": named[edge.subject].iri,
            "via": context().word(named[edge.predicate].iri),
            "label": named[edge.predicate].label,
            "edgeTo": named[edge.object].iri,
            "count": edge.claims,
        }
        for edge in found.edges
    ]
