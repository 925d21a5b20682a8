# SPDX-License-Identifier: Apache-2.0
"""The copy of the data in memory: kept up with the changes, as long as it fits its budget.

`engine.pool` asks it for workers; where it has none to give, they read from disk.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
import sys
from typing import TYPE_CHECKING, cast

from biennien_graph.engine.deltas import path
from biennien_graph.engine.parent import Parent, ParentLost
from biennien_graph.engine.process import Forked, WorkerProcess, connect, scratch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from biennien_graph.engine.deltas import Delta
    from biennien_graph.engine.parent import Size

_LOG = logging.getLogger(__name__)
_MIB = 2**20
# What a worker takes for itself of the pages that it shares with its parent: reading a quad
# counts a reference to it. Measured after a scan of everything
# (docs/decisions/0006-reading-from-memory.md).
_SHARE = 0.85
LEAST = 8 * _MIB  # of a worker that has read nothing
_MANY = 64  # children, of which some may have ended
_SOON = 0.2  # seconds that a query waits for a copy that takes up a change
_GLANCE = 0.05  # seconds between looks at children that should end
_LONGEST_PAUSE = 300.0  # seconds between attempts


class MemoryCopy:
    """At most one parent process, the position that it holds, and its children.

    `changed` is called when workers are to be had that were not before, and when those that there
    are should go as soon as they rest.
    """

    def __init__(self, budget: int, changed: Callable[[], None]) -> None:
        self._budget = budget if is_possible() else 0
        self._changed = changed
        self._parent: Parent | None = None
        self._position = -1  # what the parent holds; -1 for nothing whole
        self._too_large = 0  # bytes of a snapshot on disk
        self._size: Size | None = None
        self._children: list[Forked] = []
        self._wanted: Path | None = None
        self._deltas: Sequence[Delta] = ()
        self._news = asyncio.Event()
        self._settled = asyncio.Event()
        self._chores: set[asyncio.Task[WorkerProcess | None]] = set()
        self._keeper: asyncio.Task[None] | None = None
        self._starting: asyncio.Task[Parent] | None = None

    def open(self) -> None:
        """Begin to load what `follow` names."""
        if self._budget:
            self._keeper = asyncio.create_task(self._keep_up())

    @property
    def position(self) -> int:
        """Of the data that workers would read which are forked now; -1 where none can be."""
        return self._position

    def follow(self, snapshot: Path, deltas: Sequence[Delta]) -> None:
        """Hold this from now on; `deltas` may lead there."""
        if not self._budget or snapshot == self._wanted:
            return
        self._wanted, self._deltas = snapshot, deltas
        if path(deltas, self._position, int(snapshot.name)):
            self._settled.clear()
        self._news.set()

    def has_room(self, position: int) -> bool:
        """Whether a worker over the data of a position can be forked within the budget."""
        if position != self._position:
            return False
        room = self._room() - len(self._chores)
        if len(self._children) >= min(room, _MANY):
            self._children = [child for child in self._children if child.alive]
        return len(self._children) < room

    async def fork(self, memory: int, position: int) -> WorkerProcess | None:
        """A worker over the data of a position; None where there is none to be had soon."""
        if self._position >= 0 and self._position != position:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._settled.wait(), _SOON)
        if self._parent is None or not self.has_room(position):
            return None
        chore = asyncio.create_task(self._fork(self._parent, memory))
        self._chores.add(chore)
        chore.add_done_callback(self._chores.discard)
        try:
            return await asyncio.shield(chore)
        except asyncio.CancelledError:
            chore.add_done_callback(_kill_result)
            raise

    async def close(self) -> None:
        """End the parent, and with it all of its children."""
        if self._keeper is not None:
            self._keeper.cancel()
            if self._parent is not None:
                self._parent.kill()
            await asyncio.wait([self._keeper])
        if self._starting is not None:
            self._parent = await self._starting
        await self._end()

    async def _fork(self, parent: Parent, memory: int) -> WorkerProcess | None:
        position = self._position
        ours, theirs = socket.socketpair()
        last_words = scratch()
        with theirs:
            try:
                child = await asyncio.to_thread(parent.fork, memory, theirs, last_words)
            except ParentLost:
                ours.close()
                os.close(last_words)
                parent.kill()
                self._lost(parent)
                return None
        self._children.append(child)
        return WorkerProcess(child, await connect(ours), last_words, position)

    def _room(self) -> int:
        """How many workers the budget allows beside the copy itself."""
        if self._size is None:
            return 0
        own, data = self._size.own, self._size.data
        return int((self._budget - own - data) / (LEAST + data * _SHARE))

    async def _keep_up(self) -> None:
        """Hold what is wanted; end the parent, and wait, where that fails."""
        pause = 0.5
        while True:
            await self._news.wait()
            self._news.clear()
            try:
                await self._reach()
                pause = 0.5
            except (ParentLost, OSError) as problem:
                await self._fail(problem)
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
                self._news.set()

    async def _reach(self) -> None:
        snapshot = self._wanted
        if snapshot is None or (self._too_large and _bytes(snapshot) >= self._too_large):
            return
        number = int(snapshot.name)
        if number == self._position:
            return
        if self._parent is not None and (steps := path(self._deltas, self._position, number)):
            self._size = await asyncio.to_thread(self._parent.change, steps)
        else:
            number = await self._reload()
        if self._room() < 1:
            raise ParentLost("No room.")
        self._position, self._too_large = number, 0
        self._settled.set()
        self._changed()

    async def _reload(self) -> int:
        """A new parent; the position of its data. The old one goes first: room may be for one."""
        await self._end()
        snapshot = cast("Path", self._wanted)  # it may be a newer one by now
        self._starting = asyncio.create_task(asyncio.to_thread(Parent, self._budget))
        self._parent = parent = await asyncio.shield(self._starting)
        self._starting = None
        self._size = await asyncio.to_thread(parent.load, snapshot)
        asyncio.get_running_loop().add_reader(parent.handle, self._lost, parent)
        number, size = int(snapshot.name), self._size.data // _MIB
        _LOG.info("reading from memory: the copy of change %d takes %d MiB", number, size)
        return number

    def _lost(self, parent: Parent) -> None:
        """A parent has ended by itself, or was killed."""
        if parent is not self._parent:
            return
        asyncio.get_running_loop().remove_reader(parent.handle)
        if self._position >= 0:
            _LOG.warning("the copy in memory is lost; reading from disk, and loading it again")
        self._position = -1
        self._news.set()

    async def _fail(self, problem: Exception) -> None:
        """Read from disk. What did not fit is not tried again before there is less of it."""
        too_large = self._parent is not None and (
            self._parent.ran_out_of_memory or (self._size is not None and self._room() < 1)
        )
        await self._end()
        if too_large and self._wanted is not None:
            self._too_large = max(_bytes(self._wanted), 1)
            _LOG.warning(
                "the data do not fit into %d MiB of memory; reading from disk", self._budget // _MIB
            )
        else:
            _LOG.warning("the data could not be loaded into memory: %s", problem)

    async def _end(self) -> None:
        """End the parent, after the queries that its children answer now: these have deadlines."""
        parent, self._parent = self._parent, None
        self._position, self._size = -1, None
        if parent is None:
            return
        asyncio.get_running_loop().remove_reader(parent.handle)
        self._changed()
        while any(child.alive for child in self._children):  # noqa: ASYNC110  no event tells
            await asyncio.sleep(_GLANCE)
        self._children = []
        await asyncio.to_thread(parent.close)


def is_possible() -> bool:
    """Whether this system can: Linux, from 5.3."""
    if sys.platform != "linux" or not hasattr(os, "pidfd_open"):
        return False
    try:
        os.close(os.pidfd_open(os.getpid()))
    except OSError:
        return False
    return True


def _bytes(snapshot: Path) -> int:
    """On disk; 0 where it has gone."""
    with contextlib.suppress(OSError):
        return sum(file.stat().st_size for file in snapshot.iterdir())
    return 0


def _kill_result(chore: asyncio.Task[WorkerProcess | None]) -> None:
    worker = None if chore.cancelled() or chore.exception() else chore.result()
    if worker is not None:
        worker.kill()
