# SPDX-License-Identifier: Apache-2.0
"""A JSON Schema (2020-12) for each frame: its keys, what the context makes of their values, and
what the shapes demand of them.

A shape that only warns demands nothing here, for what is published may have been warned of.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, TypeAlias

from biennien_graph.jsonld.context import context
from biennien_graph.jsonld.frames import CLASSES, frames
from biennien_graph.jsonld.rules import Rule, rule
from biennien_graph.jsonld.tree import ADDRESSES
from biennien_graph.terms import BN, NAMESPACE, RICO, XSD

if TYPE_CHECKING:
    from biennien_graph.jsonld.context import Term
    from biennien_graph.jsonld.frames import Frame

Schema: TypeAlias = dict[str, Any]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_ADDRESS: Schema = {"type": "string", "format": "uri"}
_LANGUAGE = "^(none|[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*)$"
_VALUES: dict[str, Schema] = {
    XSD.string: {"type": "string"},
    XSD.boolean: {"type": "boolean"},
    XSD.integer: {"type": "integer"},
    XSD.date: {"type": "string", "format": "date"},
}
_TYPED: Schema = {
    "type": "object",
    "required": ["@value"],
    "properties": {"@value": {"type": "string"}, "type": {"type": "string"}},
}
_MENTION: Schema = {
    "title": "Mention",
    "description": "Something mentioned: identifier, classes, labels by language",
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "string"},
        "type": {"type": "array", "items": {"type": "string"}},
        "label": {"type": "object", "additionalProperties": {"type": "string"}},
    },
    "additionalProperties": False,
}
_ANY: Schema = {"anyOf": [{"type": ["string", "integer", "boolean"]}, _TYPED]}
_WHOLE = {RICO.Date: "date"}  # written whole wherever it is referred to
_PARTS = {
    RICO.Identifier: "identifier",
    RICO.Extent: "extent",
    BN.Signature: "signature",
    BN.Correction: "correction",
    BN.Passage: "passage",
}  # written whole once, in the thing that they belong to
_BACKWARDS = {
    "claims": "claim",
    "constituents": "document-part",
    "positions": "position",
    "posts": "post",
}
_MEANT = ("evidence", "claims")  # keys that profiles add to frames


@functools.cache
def schema(name: str) -> Schema:
    """The schema of one frame, with those it refers to; `KeyError` where there is no such one."""
    found = components("#/$defs/")
    own = found.pop(name)
    return {
        "$schema": _DIALECT,
        "$id": f"{NAMESPACE}schemas/{name}.json",
        **own,
        "$defs": {**found, name: own},
    }


def components(prefix: str = "#/components/schemas/") -> dict[str, Schema]:
    """The schemas of all frames and of a reference, to stand together in one document."""
    found = {name: _of_frame(frame, prefix) for name, frame in frames().items()}
    return {**found, "mention": _MENTION, "reference": _reference(prefix)}


def parts(prefix: str = "#/components/schemas/") -> dict[str, Schema]:
    """For each class of things, what one is of which only some keys are told: `event-part`."""
    found = {}
    for name in CLASSES:
        whole = _of_frame(frames()[name], prefix)
        words = f"{whole['description']}, only some keys of it"
        found[f"{name}-part"] = whole | {"description": words, "required": ["id"]}
    return found


def _of_frame(frame: Frame, prefix: str) -> Schema:
    properties: Schema = {
        "@context": {"description": "Address of the JSON-LD context", **_ADDRESS},
        "id": {"description": "IRI", "type": "string"},
        "type": {"type": "array", "items": {"type": "string"}, "minItems": 1},
    }
    for key in dict.fromkeys([*frame.keys, *_MEANT]):
        properties[key] = _of_key(context().terms[key], frame, prefix)
    classes = [context().name(cls) for cls in frame.classes]
    return {
        "title": " or ".join(classes),
        "description": f"The frame {frame.name}: {', '.join(classes)}",
        "type": "object",
        "required": ["id", "type", *frame.keys],
        "properties": properties,
    }


def _of_key(term: Term, frame: Frame, prefix: str) -> Schema:
    if term.reverse:
        return {"type": "array", "items": {"$ref": prefix + _BACKWARDS[term.name]}}
    said = rule(term.iri, frame.classes)
    value = _of_value(term, said, prefix)
    if term.kind == "@language":
        return _told(said) | value
    if term.many:
        least = {"minItems": 1} if said.needed else {}
        return _told(said) | {"type": "array", "items": value, **least}
    return _told(said) | (value if said.needed else {"anyOf": [value, {"type": "null"}]})


def _of_value(term: Term, said: Rule, prefix: str) -> Schema:
    if term.kind == "@language":
        return _by_language(term, said)
    if term.kind == "@vocab":
        return {"type": "string"}
    if term.kind == "@id":
        return _of_reference(term, said, prefix)
    if term.kind:
        return _VALUES.get(term.kind, {"type": "string"}) | said.bounds
    return _of_literal(said)


def _of_literal(said: Rule) -> Schema:
    choices = [_VALUES.get(datatype, _TYPED) for datatype in sorted(said.datatypes)]
    if not choices:
        return _ANY
    return (choices[0] if len(choices) == 1 else {"anyOf": choices}) | said.bounds


def _by_language(term: Term, said: Rule) -> Schema:
    text: Schema = {"type": "string", **said.bounds}
    texts = {"type": "array", "items": text, "minItems": 1} if term.many else text
    found: Schema = {
        "type": "object",
        "propertyNames": {"pattern": _LANGUAGE},
        "additionalProperties": texts,
    }
    if said.languages:
        found["required"] = sorted(said.languages)
    if said.needed:
        found["minProperties"] = 1
    return found


def _of_reference(term: Term, said: Rule, prefix: str) -> Schema:
    if term.iri in ADDRESSES:
        return _ADDRESS
    whole = [_WHOLE[cls] for cls in said.classes if cls in _WHOLE]
    if whole and term.name != "attestedOn":  # in a claim that is a reference
        return {"$ref": prefix + whole[0]}
    parts = [_PARTS[cls] for cls in said.classes if cls in _PARTS]
    if parts:
        return {"anyOf": [{"$ref": prefix + parts[0]}, {"$ref": f"{prefix}mention"}]}
    reference: Schema = {"$ref": f"{prefix}reference"}
    if said.known:
        reference["properties"] = {"id": {"enum": said.known}}
    return reference


def _reference(prefix: str) -> Schema:
    return {
        **{key: value for key, value in _MENTION.items() if key != "additionalProperties"},
        "title": "Reference",
        "description": "Something mentioned, or a node that belongs to the thing, whole. "
        "A date is always whole.",
        "if": {
            "required": ["type"],
            "properties": {"type": {"contains": {"const": "Date"}}},
        },
        "then": {"$ref": f"{prefix}date"},
    }


def _told(said: Rule) -> Schema:
    """Title and description, in English and Vietnamese."""
    names, texts = said.names, said.definitions
    title = " · ".join(dict.fromkeys(names[lang] for lang in ("en", "vi") if lang in names))
    words = "\n".join(texts[lang] for lang in ("en", "vi") if lang in texts)
    found = {"title": title, "description": words}
    return {key: text for key, text in found.items() if text}
