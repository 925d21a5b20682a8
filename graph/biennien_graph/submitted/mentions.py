# SPDX-License-Identifier: Apache-2.0
"""Where a statement is likely to stand in JSON-LD and RDF/XML, which are read by names.

A statement is looked for where its parts are mentioned one after the other: the subject, from
there on the property, from there on the value.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from typing import TYPE_CHECKING

from biennien_graph import jsonld
from biennien_graph.submitted.lines import Spot
from biennien_graph.terms import NAMESPACE, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator

_MENTION = re.compile(
    r'"((?:[^"\\\n]|\\.)*)"'  # a string of JSON, an attribute of XML
    r"|<([A-Za-z_][\w.-]*(?::[\w.-]+)?)"  # an element
    r"|>([^<>]*[^<>\s][^<>]*)<"  # the text of one
)
_ESCAPE = re.compile(r'\\(u[0-9A-Fa-f]{4}|["\\/bfnrt])')
_PLAIN = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


class Mentions:
    """The names and texts of a file, with where they stand."""

    def __init__(self, text: str) -> None:
        self._places: dict[str, list[int]] = defaultdict(list)
        for found in _MENTION.finditer(text):
            group = found.lastindex or 0
            self._places[_plain(found[group].strip())].append(found.start())
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._aliases = jsonld.context().names()

    def find(self, subject: str, predicate: str = "", value: str = "") -> Spot | None:
        """The spot of a statement, or of as much of it as is mentioned."""
        at: int | None = None
        for part in (subject, predicate, value):
            later = self._next(part, at or 0) if part else None
            at = at if later is None else later
        return None if at is None else self._spot(at)

    def _next(self, part: str, start: int) -> int | None:
        found = [
            places[index]
            for name in self._names(part)
            if (places := self._places.get(name))
            if (index := bisect_left(places, start)) < len(places)
        ]
        return min(found, default=None)

    def _names(self, part: str) -> Iterator[str]:
        """What a thing or text may be called."""
        yield part
        yield from self._aliases.get(part, ())
        if part.startswith(NAMESPACE):
            yield part.removeprefix(NAMESPACE)
        for prefix, namespace in PREFIXES.items():
            if part.startswith(namespace):
                yield f"{prefix}:{part.removeprefix(namespace)}"

    def _spot(self, at: int) -> Spot:
        line = bisect_left(self._starts, at + 1)
        return Spot(line, at - self._starts[line - 1] + 1)


def _plain(text: str) -> str:
    return _ESCAPE.sub(lambda found: _character(found[1]), text)


def _character(code: str) -> str:
    return chr(int(code[1:], 16)) if code[0] == "u" else _PLAIN.get(code, code)
