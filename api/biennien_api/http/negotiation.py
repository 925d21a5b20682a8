# SPDX-License-Identifier: Apache-2.0
"""Content negotiation (RFC 9110, section 12)."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from biennien_graph.engine import Formats
from biennien_graph.engine.formats import GRAPHS, SOLUTIONS
from biennien_graph.errors import NotAcceptable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from biennien_graph.engine.formats import Syntax


@dataclass(frozen=True, slots=True)
class _Range:
    type: str
    quality: float

    def covers(self, media_type: str) -> int:
        """How specifically this range covers a type: 0 not at all, 3 exactly."""
        if self.type == media_type:
            return 3
        if self.type == "*/*":
            return 1
        main, _, sub = self.type.partition("/")
        return 2 if sub == "*" and media_type.startswith(main + "/") else 0


def choose(accept: str, known: Sequence[Syntax]) -> Syntax | None:
    """The syntax that an Accept header asks for most; the first one where it asks for nothing.

    None where it excludes all of them.
    """
    ranges = _parse(accept)
    if not ranges:
        return known[0]
    best, quality = None, 0.0
    for syntax in known:
        found = max(_quality(syntax.media_type, ranges), _aliased(syntax, ranges))
        if found > quality:
            best, quality = syntax, found
    return best


def demand(accept: str, known: Sequence[Syntax]) -> Syntax:
    """As `choose`, but `NotAcceptable` (406) with the list of the known types."""
    found = choose(accept, known)
    if found is None:
        raise NotAcceptable(accept, [syntax.media_type for syntax in known])
    return found


def named(name: str, known: Sequence[Syntax]) -> Syntax:
    """The syntax with a short name or media type, as in `?format=`; else `NotAcceptable`."""
    for syntax in known:
        if name.lower() in (syntax.name, *syntax.names, *syntax.types):
            return syntax
    raise NotAcceptable(f"the format “{name}”", [syntax.name for syntax in known])


def formats_named(name: str) -> Formats:
    """`?format=` for either form of query; `json` and `xml` fit both."""
    found = {}
    for form, known in (("solutions", SOLUTIONS), ("graph", GRAPHS)):
        with contextlib.suppress(NotAcceptable):
            found[form] = named(name, known).name
    if not found:
        named(name, (*SOLUTIONS, *GRAPHS))
    return Formats(**found)


def language(query: str, accept_language: str) -> str:
    """`vi` or `en`: by `?lang=`, then by Accept-Language, then Vietnamese."""
    if query in {"vi", "en"}:
        return query
    ranges = sorted(_parse(accept_language), key=lambda r: -r.quality)
    for found in ranges:
        main = found.type.partition("-")[0]
        if main in {"vi", "en"} and found.quality > 0:
            return main
    return "vi"


def preferred(header: str) -> list[str]:
    """The names in a header, the most wanted first, without those refused (`q=0`)."""
    ranges = sorted(_parse(header), key=lambda found: -found.quality)
    return [found.type for found in ranges if found.quality > 0]


def _aliased(syntax: Syntax, ranges: Sequence[_Range]) -> float:
    """Other names count only where they are named: a wildcard means what is really sent."""
    return max((r.quality for r in ranges if r.type in syntax.also), default=0.0)


def _quality(media_type: str, ranges: Sequence[_Range]) -> float:
    covering = [(found.covers(media_type), found.quality) for found in ranges]
    most = max(covering)
    return most[1] if most[0] else 0.0


def _parse(header: str) -> list[_Range]:
    ranges = []
    for part in header.split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        if not name:
            continue
        quality = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip().lower() == "q":
                quality = _number(value)
        ranges.append(_Range(name.lower(), quality))
    return ranges


def _number(text: str) -> float:
    try:
        return min(max(float(text), 0.0), 1.0)
    except ValueError:
        return 0.0
