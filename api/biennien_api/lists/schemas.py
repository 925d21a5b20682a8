# SPDX-License-Identifier: Apache-2.0
"""What OpenAPI says of the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from biennien_api.lists.answering import CSV
from biennien_api.representations import HTML, JSONLD

if TYPE_CHECKING:
    from biennien_graph.engine.formats import Syntax

_TEXT = {"type": "string"}
_LABEL = {"type": "object", "additionalProperties": {"type": "string"}}
_IRIS = {"type": "array", "items": _TEXT}
_COUNT = {"type": "integer", "minimum": 0}
_FIRST = {"@context": _TEXT, "id": _TEXT, "type": _IRIS}
_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": _TEXT,
        "instance": _TEXT,
    },
}
_PAGED = {
    "total": _COUNT,
    "limit": {"type": "integer", "minimum": 1},
    "asOf": {**_COUNT, "description": "The last change that the answer knows of"},
    "first": _TEXT,
    "previous": _TEXT,
    "next": _TEXT,
    "relation": {"type": "array", "items": {"type": "object"}},
}
_FACET = {
    "type": "object",
    "required": ["parameter", "field", "more", "values"],
    "properties": {
        "parameter": {**_TEXT, "description": "The filter that takes its values"},
        "field": _TEXT,
        "more": {"type": "boolean", "description": "Whether it has more values"},
        "values": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["valueOf", "label", "count", "selected", "link"],
                "properties": {
                    "valueOf": _TEXT,
                    "label": _LABEL,
                    "count": _COUNT,
                    "selected": {"type": "boolean"},
                    "link": {**_TEXT, "description": "The list with, or without, this value"},
                },
            },
        },
    },
}
_ITEM = {
    "type": "object",
    "properties": {"id": _TEXT, "type": _IRIS, "label": _LABEL},
}
LIST: dict[str, Any] = {
    "type": "object",
    "required": [*_FIRST, "total", "limit", "asOf", "first", "relation", "items", "facets"],
    "properties": {
        **_FIRST,
        **_PAGED,
        "items": {"type": "array", "items": _ITEM},
        "facets": {"type": "array", "items": _FACET},
    },
}
PAGED: dict[str, Any] = {
    "type": "object",
    "required": [*_FIRST, "total", "limit", "asOf", "first", "relation", "items"],
    "properties": {
        **_FIRST,
        **_PAGED,
        "items": {"type": "array", "items": {"type": "object"}},
    },
}
NETWORK: dict[str, Any] = {
    "type": "object",
    "required": [*_FIRST, "asOf", "truncated", "nodes", "edges"],
    "properties": {
        **_FIRST,
        "asOf": _COUNT,
        "truncated": {"type": "boolean"},
        "nodes": {"type": "array", "items": {"type": "object"}},
        "edges": {"type": "array", "items": {"type": "object"}},
    },
}
_PROBLEMS = {
    400: "The cursor is not one of this list",
    406: "No format that there is was asked for",
    410: "The cursor is too old",
    422: "A parameter cannot be; `parameters` says which, and what would be accepted",
    503: "The catalogue is being made, or is not yet where the client is",
}


class _JsonLd(Response):
    media_type = JSONLD.media_type


def listed_as(*more: Syntax) -> dict[str, Any]:
    """How a list answers."""
    return answered(LIST, HTML, CSV, *more)


def answered(schema: dict[str, Any], *more: Syntax) -> dict[str, Any]:
    """How a route answers: JSON-LD of a schema, and some other formats."""
    content: dict[str, Any] = {JSONLD.media_type: {"schema": schema}}
    for syntax in more:
        is_json = syntax.media_type.endswith("json")
        content[syntax.media_type] = {"schema": {"type": "object"} if is_json else _TEXT}
    responses: dict[int, Any] = {200: {"description": "What was asked for", "content": content}}
    for status, description in _PROBLEMS.items():
        problem = {"application/problem+json": {"schema": _PROBLEM}}
        responses[status] = {"description": description, "content": problem}
    return {"response_class": _JsonLd, "responses": responses}
