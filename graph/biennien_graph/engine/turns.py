# SPDX-License-Identifier: Apache-2.0
"""Who may run now: a number of queries at once, and as many again that have run for long.

A query that turns out to take long gives its turn to the next one, as long as there is room for
another such; so runaways on every worker leave the quick ones theirs.
"""

from __future__ import annotations

import asyncio

from biennien_graph.errors import Overloaded, QueryTimeout


class Turns:
    """The turns of one pool. `most` run at once, and `queue` more wait."""

    def __init__(self, most: int, queue: int) -> None:
        self._free = asyncio.Semaphore(most)
        self._most, self._queue = most, queue
        self._waiting = 0
        self._lingering: set[object] = set()

    @property
    def most(self) -> int:
        """How many may run now, those that take long included."""
        return self._most + len(self._lingering)

    async def take(self, seconds: float) -> None:
        """Wait for a turn; `Overloaded` where too many wait, `QueryTimeout` after some seconds."""
        if not self._free.locked():
            await self._free.acquire()
            return
        if self._waiting >= self._queue:
            raise Overloaded
        self._waiting += 1
        try:
            async with asyncio.timeout(seconds):
                await self._free.acquire()
        except TimeoutError:
            raise QueryTimeout(seconds) from None
        finally:
            self._waiting -= 1

    def linger(self, holder: object) -> None:
        """Go on without a turn, where there is room: somebody else gets it."""
        if len(self._lingering) < self._most and holder not in self._lingering:
            self._lingering.add(holder)
            self._free.release()

    def pass_on(self, holder: object, other: object) -> None:
        """Let another one go on in the place of a holder."""
        if holder in self._lingering:
            self._lingering.discard(holder)
            self._lingering.add(other)

    def give_back(self, holder: object = None) -> None:
        """Run no longer."""
        if holder in self._lingering:
            self._lingering.discard(holder)
        else:
            self._free.release()
