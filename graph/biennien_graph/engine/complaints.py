# SPDX-License-Identifier: Apache-2.0
"""What the engine's parser says of a text. Nothing of the text is run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox

from biennien_graph.queries.scan import position_of
from biennien_graph.queries.update import end_of_prologue
from biennien_graph.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable

_FAILS = "DROP GRAPH <urn:biennien:no-such-graph> ; "
_PLACE = re.compile(r"error at (\d+):(\d+):")
_ANY_BASE = "urn:biennien:base:/"


def of_query(text: str, *, prefixes: dict[str, str], base: str | None) -> str | None:
    """What is wrong with a query; None where it parses."""
    return _said(lambda: ox.Store().query(text, prefixes=prefixes, base_iri=base))


def of_update(text: str) -> str | None:
    """What is wrong with an update; None where it parses.

    The whole request is parsed before its first operation, and that one always fails. It stands
    after the prologue, as the engine's parser knows no other place for that.
    """
    at = end_of_prologue(text)
    first = _FAILS if at < len(text) else ""
    whole = text[:at] + first + text[at:]
    said = _said(lambda: ox.Store().update(whole, prefixes=dict(PREFIXES), base_iri=_ANY_BASE))
    return said and _PLACE.sub(lambda place: _without(first, text, at, place), said, count=1)


def _said(parse: Callable[[], object]) -> str | None:
    try:
        parse()
    except SyntaxError as problem:
        return problem.msg or str(problem)
    except (ValueError, RuntimeError, OSError):
        return None
    return None


def _without(first: str, text: str, at: int, place: re.Match[str]) -> str:
    """The place of an error as it is without the operation put first."""
    line, column = int(place[1]), int(place[2])
    first_line, first_column = position_of(text, at)
    if line == first_line and column > first_column:
        column = max(first_column, column - len(first))
    return f"error at {line}:{column}:"
