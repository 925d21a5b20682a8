# SPDX-License-Identifier: Apache-2.0
"""What the journal knows of an IRI: which changes touched it, and when the last one did."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from biennien_graph.errors import Overloaded
from biennien_graph.indexes.history import History

if TYPE_CHECKING:
    from biennien_api.service import Service
    from biennien_graph.indexes.history import Touch
    from biennien_graph.journal import Summary

_SHORTLY = 0.5  # seconds that a description waits for the index to take up the newest change


async def touches(
    service: Service, iri: str, *, before: int | None = None, limit: int = 1
) -> list[Touch]:
    """The changes that touched an IRI, newest first; none is missing.

    `Overloaded` where the index takes too long to reach the newest change.
    """
    await service.indexes.reach(History.name, service.position)
    history = await service.indexes.history()
    return await asyncio.to_thread(history.of, iri, before=before, limit=limit)


async def modified(service: Service, iri: str) -> str:
    """When the last change touched an IRI; where that is not known, when the data last changed."""
    try:
        async with asyncio.timeout(_SHORTLY):
            found = await touches(service, iri)
    except (TimeoutError, Overloaded):
        found = []
    if found:
        return found[0].time
    newest = await summary(service, service.position)
    return newest.time if newest else ""


async def summary(service: Service, position: int) -> Summary | None:
    """What a change says of itself; None where there is no such change."""
    if position < 1:
        return None
    found = await asyncio.to_thread(service.journal.summaries, position + 1, 1)
    return found[0] if found and found[0].position == position else None
