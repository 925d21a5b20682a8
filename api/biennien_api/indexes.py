# SPDX-License-Identifier: Apache-2.0
"""The process that feeds the indexes, started again where it dies, and how far they have come."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import sys
import time
from typing import TYPE_CHECKING

from biennien_graph.errors import Overloaded
from biennien_graph.indexes.catalogue import Catalogue
from biennien_graph.indexes.following import folder_of
from biennien_graph.indexes.history import History
from biennien_graph.indexes.search import SearchIndex
from biennien_graph.indexes.search.feeding import SearchFeed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

_log = logging.getLogger("biennien")
_PATIENCE = 25.0  # seconds, for an index to reach a position, or to be made
_PAUSE = 1.0  # seconds before a process that died is started again; longer each time
_LONGEST = 30.0


class Indexes:
    """The indexes of one data folder, as the service reads them."""

    def __init__(self, data: Path, database: str) -> None:
        self._data, self._database = data, database
        self._process: asyncio.subprocess.Process | None = None
        self._news = asyncio.Condition()
        self.positions: dict[str, int] = {}
        self._history: History | None = None
        self._search: SearchIndex | None = None
        self._searched = -1  # the change that the search index shows
        self._refreshing = asyncio.Lock()
        self._catalogue: Catalogue | None = None

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[Indexes]:
        """Feed them for as long as this lasts."""
        feeding = asyncio.create_task(self._feed())
        try:
            yield self
        finally:
            feeding.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await feeding
            for opened in (self._history, self._catalogue):
                if opened is not None:
                    opened.close()

    def wake(self) -> None:
        """Say that there is something new."""
        if self._process is not None and self._process.stdin is not None:
            with contextlib.suppress(ConnectionError, RuntimeError):
                self._process.stdin.write(b"\n")

    async def history(self) -> History:
        """Which changes touched what; `Overloaded` while it is being made for the first time."""
        await self.reach(History.name, 0)
        if self._history is None:
            self._history = await asyncio.to_thread(History.read, folder_of(self._data))
        return self._history

    async def search(self, position: int = 0) -> SearchIndex:
        """Everything in words, with a change; `Overloaded` while it is being made."""
        await self.reach(SearchFeed.name, position)
        newest = self.positions[SearchFeed.name]
        if self._searched != newest:
            async with self._refreshing:
                if self._search is None:
                    self._search = await asyncio.to_thread(SearchIndex.read, folder_of(self._data))
                elif self._searched != newest:
                    await asyncio.to_thread(self._search.refresh)
                self._searched = newest
        assert self._search is not None  # noqa: S101 - it was read when first needed
        return self._search

    async def catalogue(self) -> Catalogue:
        """What lists show; `Overloaded` while it is being made for the first time."""
        await self.reach(Catalogue.name, 0)
        if self._catalogue is None:
            self._catalogue = await asyncio.to_thread(Catalogue.read, folder_of(self._data))
        return self._catalogue

    async def reach(self, name: str, position: int) -> None:
        """Return when an index holds a change; `Overloaded` where that takes too long."""
        try:
            async with asyncio.timeout(_PATIENCE), self._news:
                await self._news.wait_for(lambda: self.positions.get(name, -1) >= position)
        except TimeoutError:
            raise Overloaded from None

    async def _feed(self) -> None:
        pause = _PAUSE
        while True:
            begun = time.monotonic()
            await self._follow()
            pause = _PAUSE if time.monotonic() - begun > _LONGEST else min(2 * pause, _LONGEST)
            _log.error("the process that feeds the indexes ended; another one in %.0f s", pause)
            await asyncio.sleep(pause)

    async def _follow(self) -> None:
        """One process, to its end."""
        self._process = process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "biennien_graph.indexes", str(self._data)),
            env=os.environ | {"BIENNIEN_DATABASE": self._database},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        assert process.stdout is not None  # noqa: S101 - it was asked for
        try:
            async for line in process.stdout:
                async with self._news:
                    self.positions.update(json.loads(line))
                    self._news.notify_all()
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
