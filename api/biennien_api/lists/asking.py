# SPDX-License-Identifier: Apache-2.0
"""From parameters to filters of the catalogue; whatever cannot be meant is told in words."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

from biennien_api.http.pages import service_of
from biennien_api.http.problems import Problem
from biennien_graph.dates import bounds
from biennien_graph.errors import DataError, Overloaded
from biennien_graph.indexes.catalogue import Catalogue
from biennien_graph.indexes.catalogue import tables as t
from biennien_graph.indexes.catalogue.resolving import Resolver, Unknown
from biennien_graph.indexes.catalogue.selection import Filters, Span

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable

    from starlette.requests import Request

    from biennien_api.lists.parameters import Filtered

FILTERS = (
    "type",
    "agency",
    "author",
    "recipient",
    "person",
    "place",
    "topic",
    "source",
    "modality",
)
_PATIENCE = 2.0  # seconds, for the newest change; after that, the list is from before it


async def catalogue_of(request: Request) -> Catalogue:
    """The catalogue, with the change that the client knows of, or else the newest one if it can."""
    service = service_of(request)
    known = request.headers.get("biennien-position", "")
    if known and not known.isdecimal():
        raise Problem(400, "bad-request", f"Biennien-Position: {known} is no position.")
    if known:
        await service.indexes.reach(Catalogue.name, int(known))
    with contextlib.suppress(TimeoutError, Overloaded):
        async with asyncio.timeout(_PATIENCE):
            await service.indexes.reach(Catalogue.name, service.position)
    return await service.indexes.catalogue()


def wrong(
    parameter: str, value: str, rule: str, similar: Iterable[Any] = (), **more: Any
) -> Problem:
    """A parameter that cannot be, in the shape of all such problems."""
    found = {"parameter": parameter, "value": value, "rule": rule, **more}
    named = [{"id": name.iri, "label": name.label} for name in similar]
    if named:
        found["similar"] = named
    return Problem(422, "bad-request", f"{parameter}: {rule}", parameters=[found])


def filters(sql: sqlite3.Connection, kind: str, asked: Filtered) -> Filters:
    """What the things of a list must pass."""
    resolver = Resolver(sql)
    wanted = {}
    for name in FILTERS:
        values = getattr(asked, name, ())
        if values:
            found = [resolved(name, value, resolver.values) for value in values]
            wanted[name] = frozenset[tuple[str, int]]().union(*found)
    return Filters(kind, wanted, spans(asked), asked.q)


def resolved(name: str, value: str, resolve: Callable[[str, str], Any]) -> Any:
    """What a value means, or the problem that it means nothing."""
    try:
        return resolve(name, value)
    except Unknown as unknown:
        raise wrong(name, value, unknown.rule, unknown.similar) from None


def spans(asked: Filtered) -> tuple[Span, ...]:
    """The times that are asked for."""
    return tuple(_span(text, certainly=asked.dateMode == "within") for text in asked.date)


def chosen(parameter: str, text: str, known: Iterable[str]) -> list[str]:
    """Names separated by commas, each of them a known one."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    known = list(known)
    for name in names:
        if name not in known:
            raise wrong(parameter, name, f"“{name}” is not one of them.", known=known)
    return names


def _span(text: str, *, certainly: bool) -> Span:
    try:
        first, last = bounds(text)
    except DataError as problem:
        raise wrong("date", text, f"{problem.message} {problem.hint}".strip()) from None
    return Span(
        first.toordinal() if first else t.OPEN_START,
        last.toordinal() if last else t.OPEN_END,
        certainly,
    )
