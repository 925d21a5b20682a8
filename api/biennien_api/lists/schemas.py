# SPDX-License-Identifier: Apache-2.0
"""What OpenAPI says of the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from biennien_api.addresses.representations import HTML, JSONLD
from biennien_api.lists.answering import CSV, GEOJSON

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
_AS_OF = {**_COUNT, "description": "The last change that the answer knows of"}
_VIEW = {
    "type": "object",
    "description": "This page, and the pages around it",
    "required": ["id", "type", "limit", "first", "relation"],
    "properties": {
        "id": _TEXT,
        "type": _IRIS,
        "limit": {"type": "integer", "minimum": 1},
        "first": _TEXT,
        "previous": _TEXT,
        "next": _TEXT,
        "relation": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["type", "node"],
                "properties": {"type": _IRIS, "node": _TEXT},
            },
        },
    },
}
_PAGED = {
    "total": _COUNT,
    "asOf": _AS_OF,
    "view": _VIEW,
    "treeView": {**_TEXT, "description": "Address of this page, for TREE"},
    "treeMember": {**_IRIS, "description": "IRIs of the items, for TREE"},
}
_MENTION = {
    "type": "object",
    "required": ["id", "label"],
    "properties": {"id": _TEXT, "label": _LABEL},
}
_CATEGORY = {**_TEXT, "description": "What the parameter `kind` calls it"}
_FACET = {
    "type": "object",
    "required": ["type", "parameter", "field", "more", "values"],
    "properties": {
        "type": _IRIS,
        "parameter": {**_TEXT, "description": "The filter that takes its values"},
        "field": _TEXT,
        "more": {"type": "boolean", "description": "Whether it has more values"},
        "values": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["type", "valueOf", "label", "count", "selected", "link"],
                "properties": {
                    "type": _IRIS,
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
_DATED = {
    "type": "object",
    "required": ["id", "type", "category", "item", "label", "when", "modality"],
    "properties": {
        "id": _TEXT,
        "type": _IRIS,
        "category": _CATEGORY,
        "item": {**_TEXT, "description": "IRI of what is dated"},
        "label": _LABEL,
        "from": {"type": "string", "format": "date", "description": "Open where it is left out"},
        "to": {"type": "string", "format": "date", "description": "Open where it is left out"},
        "when": {
            "type": "object",
            "required": ["id", "edtf"],
            "properties": {
                "id": _TEXT,
                "edtf": _TEXT,
                "words": {"type": "object", "additionalProperties": _IRIS},
            },
        },
        "modality": {"type": "array", "items": _MENTION},
        "edgeFrom": {**_MENTION, "description": "What a claim is about"},
        "via": {**_TEXT, "description": "The property of a claim, by its key"},
        "edgeTo": {**_MENTION, "description": "The thing that a claim leads to"},
    },
}
_NODE = {
    "type": "object",
    "required": ["id", "label", "category", "distance", "degree"],
    "properties": {
        "id": _TEXT,
        "label": _LABEL,
        "category": _CATEGORY,
        "distance": {**_COUNT, "description": "Statements away from the middle"},
        "degree": {**_COUNT, "description": "Edges of this answer that end here"},
    },
}
_EDGE = {
    "type": "object",
    "required": ["type", "edgeFrom", "via", "label", "edgeTo", "count"],
    "properties": {
        "type": _IRIS,
        "edgeFrom": _TEXT,
        "via": {**_TEXT, "description": "The property, by its key"},
        "label": {**_LABEL, "description": "Labels of the property"},
        "edgeTo": _TEXT,
        "count": {**_COUNT, "description": "How many claims say so"},
    },
}
NETWORK: dict[str, Any] = {
    "type": "object",
    "required": [*_FIRST, "asOf", "truncated", "nodes", "edges"],
    "properties": {
        **_FIRST,
        "asOf": _AS_OF,
        "truncated": {"type": "boolean", "description": "Whether there was more"},
        "nodes": {"type": "array", "items": _NODE},
        "edges": {"type": "array", "items": _EDGE},
    },
}


def listed(name: str) -> dict[str, Any]:
    """A list of things of a class; whole, or with the keys that `fields` asks for."""
    either = [{"$ref": f"#/components/schemas/{name}{part}"} for part in ("", "-part")]
    facets = {"type": "array", "items": _FACET}
    return _paged({"anyOf": either}, facets=facets)


def _paged(item: dict[str, Any], **more: Any) -> dict[str, Any]:
    items = {"items": {"type": "array", "items": item}}
    return {
        "type": "object",
        "required": [*_FIRST, *_PAGED, *items, *more],
        "properties": {**_FIRST, **_PAGED, **items, **more},
    }


CLAIMS = _paged({"$ref": "#/components/schemas/claim"})
TIMELINE = _paged(_DATED)
_FEATURES = {
    "type": "object",
    "required": ["type", "numberMatched", "numberReturned", "links", "features"],
    "properties": {
        "type": {"const": "FeatureCollection"},
        "numberMatched": _COUNT,
        "numberReturned": _COUNT,
        "links": {"type": "array", "items": {"type": "object", "required": ["rel", "href"]}},
        "features": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["type", "id", "geometry", "properties"],
                "properties": {
                    "type": {"const": "Feature"},
                    "id": _TEXT,
                    "geometry": {"type": ["object", "null"]},
                    "properties": {"type": "object"},
                },
            },
        },
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


def listed_as(name: str, *more: Syntax) -> dict[str, Any]:
    """How a list of things of a class answers."""
    return answered(listed(name), HTML, CSV, *more)


def answered(schema: dict[str, Any], *more: Syntax) -> dict[str, Any]:
    """How a route answers: JSON-LD of a schema, and some other formats."""
    content: dict[str, Any] = {JSONLD.media_type: {"schema": schema}}
    for syntax in more:
        content[syntax.media_type] = {"schema": _FEATURES if syntax is GEOJSON else _TEXT}
    responses: dict[int, Any] = {200: {"description": "What was asked for", "content": content}}
    for status, description in _PROBLEMS.items():
        problem = {"application/problem+json": {"schema": _PROBLEM}}
        responses[status] = {"description": description, "content": problem}
    return {"response_class": _JsonLd, "responses": responses}
