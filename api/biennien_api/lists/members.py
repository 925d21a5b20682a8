# SPDX-License-Identifier: Apache-2.0
"""The things of a list as JSON-LD: framed like their descriptions, whole or in part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from biennien_api.lists.asking import chosen
from biennien_api.lists.collection import category
from biennien_graph.indexes.catalogue import showing
from biennien_graph.jsonld import framed
from biennien_graph.jsonld.context import context
from biennien_graph.jsonld.frames import frames

if TYPE_CHECKING:
    from collections.abc import Sequence

    from biennien_api.lists.parameters import Listed
    from biennien_graph.indexes.catalogue import Catalogue
    from biennien_graph.indexes.catalogue.showing import Row

_CHEAP = {"id", "type", "label"}  # the catalogue has them


def keys_of(kind: str) -> tuple[str, ...]:
    """The keys that every thing of a list has."""
    keys = frames()[category(kind)].keys
    return ("id", "type", *keys)


def members(catalogue: Catalogue, kind: str, rows: list[Row], asked: Listed) -> list[Any]:
    """The things of a page; only some keys, or some of them with their things embedded."""
    fields = chosen("fields", asked.fields, keys_of(kind))
    expand = chosen("expand", asked.expand, keys_of(kind)[2:])
    if fields and set(fields) <= _CHEAP and not expand:
        return [_part(_named(row), fields) for row in rows]
    found = whole(catalogue, [row.name.iri for row in rows])
    if fields:
        found = [_part(member, [*fields, *expand]) for member in found]
    if expand:
        _expand(catalogue, found, expand)
    return found


def whole(
    catalogue: Catalogue, iris: Sequence[str], own: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """Things or claims, framed."""
    with catalogue.reading() as (sql, _):
        triples = showing.triples(sql, iris)
    return framed(triples, iris, own=own)


def _expand(catalogue: Catalogue, found: list[dict[str, Any]], keys: list[str]) -> None:
    """Put framed things in the place of mentioned ones."""
    places = [node for member in found for key in keys for node in _nodes(member.get(key))]
    iris = list(dict.fromkeys(node["id"] for node in places))
    known = dict(zip(iris, whole(catalogue, iris), strict=True))
    for node in places:
        node.update(known[node["id"]])


def _nodes(value: Any) -> list[dict[str, Any]]:
    """The things mentioned under a key; nodes of the thing's own are whole already."""
    values = value if isinstance(value, list) else [value]
    return [
        node for node in values if isinstance(node, dict) and "#" not in str(node.get("id", "#"))
    ]


def _named(row: Row) -> dict[str, Any]:
    return {
        "id": row.name.iri,
        "type": [context().name(row.cls)],
        "label": row.name.label,
    }


def _part(member: dict[str, Any], fields: Sequence[str]) -> dict[str, Any]:
    return {key: value for key, value in member.items() if key == "id" or key in fields}
