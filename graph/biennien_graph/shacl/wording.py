# SPDX-License-Identifier: Apache-2.0
"""What the shapes say to people, and the datatypes that they ask for."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from biennien_graph.engine.rdf import BlankNode, Literal, NamedNode, read_file
from biennien_graph.terms import SH

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from biennien_graph.engine.rdf import Quad


class Wording:
    """The messages of the shapes, and by property the datatypes that its values may have."""

    def __init__(self, files: Sequence[Path]) -> None:
        self._messages: dict[str, dict[str, str]] = defaultdict(dict)
        self.datatypes: dict[str, set[str]] = defaultdict(set)
        for file in files:
            quads = read_file(file)
            for shape, message in _messages(quads):
                self._messages[shape][message.language or "en"] = message.value
            for path, datatype in _datatypes(quads):
                self.datatypes[path].add(datatype)

    def messages(self, shape: str) -> Mapping[str, str]:
        """What a shape says, by language; nothing for one without a name."""
        return self._messages.get(shape, {})


def _messages(quads: Sequence[Quad]) -> Iterator[tuple[str, Literal]]:
    for quad in quads:
        shape, message = quad.subject, quad.object
        if quad.predicate.value != SH.message or not isinstance(shape, NamedNode):
            continue
        if isinstance(message, Literal):
            yield shape.value, message


def _datatypes(quads: Sequence[Quad]) -> Iterator[tuple[str, str]]:
    """Property and datatype, also where the datatype is one of several in `sh:or ( … )`."""
    above: dict[object, object] = {
        quad.object: quad.subject for quad in quads if isinstance(quad.object, BlankNode)
    }
    paths: dict[object, str] = {
        quad.subject: quad.object.value
        for quad in quads
        if quad.predicate.value == SH.path and isinstance(quad.object, NamedNode)
    }
    for quad in quads:
        if quad.predicate.value == SH.datatype and isinstance(quad.object, NamedNode):
            shape: object = quad.subject
            while shape not in paths and shape in above:
                shape = above[shape]
            if shape in paths:
                yield paths[shape], quad.object.value
