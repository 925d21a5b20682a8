# SPDX-License-Identifier: Apache-2.0
"""The pool of disposable query workers.

A query that meets its deadline or its memory limit costs its worker and nothing else: the worker
is killed, a warm one takes its place, and a new one is started behind it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from biennien_graph.engine import frames
from biennien_graph.engine.answer import Answer, Rest, failure
from biennien_graph.engine.memory import MemoryCopy
from biennien_graph.engine.process import WorkerProcess
from biennien_graph.engine.turns import Turns
from biennien_graph.errors import QueryFailed
from biennien_graph.queries.scan import check_query

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from biennien_graph.engine import Query
    from biennien_graph.engine.deltas import Delta
    from biennien_graph.queries.scan import Scan

_LONG = 10_000  # code points, which are looked through in some tens of milliseconds


@dataclass(frozen=True, slots=True)
class PoolSettings:
    """How many workers, how much memory each (bytes), how many may wait for one; which graphs."""

    workers: int = 8
    memory: int = 2**30
    resident: int = 0  # bytes for a copy of the data in memory and its readers; 0: no copy
    queue: int = 64
    rows: int = 0  # of a result; 0: no limit
    bytes: int = 0  # of a result; 0: no limit
    plain: bool = False  # queries see the graphs of entries only, none that is computed
    endpoints: frozenset[str] = frozenset()  # that SERVICE may call


class QueryPool:
    """Answers queries, each in a process of its own: from the copy in memory, else from disk.

    Use as an async context manager, after `use(snapshot)`.
    """

    def __init__(self, settings: PoolSettings) -> None:
        self._settings = settings
        self.snapshot = ""  # the folder that new queries read
        self._position = 0
        self._copy = MemoryCopy(settings.resident, self._change_over)
        self._idle: list[WorkerProcess] = []
        self._workers: set[WorkerProcess] = set()
        self._turns = Turns(settings.workers, settings.queue)
        self._starts = asyncio.Semaphore(2)
        self._starting = 0
        self._chores: set[asyncio.Task[None]] = set()
        self._closed = False

    async def __aenter__(self) -> QueryPool:
        self._copy.open()
        await self._keep_spare()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closed = True
        for worker in list(self._workers):
            self._dismiss(worker)
        await self._copy.close()
        if self._chores:
            await asyncio.gather(*self._chores, return_exceptions=True)

    @property
    def size(self) -> int:
        """How many workers are alive."""
        return len(self._workers)

    @property
    def idle(self) -> int:
        """How many workers wait for a question."""
        return len(self._idle)

    @property
    def reads_memory(self) -> bool:
        """Whether new workers, where there is room for them, read from memory now."""
        return self._copy.position == self._position

    def use(self, snapshot: Path, deltas: Sequence[Delta] = ()) -> None:
        """Answer from this snapshot, to which deltas may lead; queries under way keep theirs."""
        self.snapshot, self._position = str(snapshot), int(snapshot.name)
        self._copy.follow(snapshot, deltas)

    async def run(self, query: Query) -> Answer:
        """Ask; returns when the first bytes are there.

        Raises a `QueryError` for what goes wrong before, and also while the pieces are read:
        then the result is incomplete. `Overloaded` where too many wait already.
        """
        begun = time.monotonic()
        calls = bool((await self._checked(query.text)).services)
        worker = await self._acquire(query.seconds, calls=calls)
        try:
            try:
                answer = await self._ask(worker, query, begun, calls=calls)
            except QueryFailed:
                if worker.position is None or worker.alive:
                    raise
                # It ended without a word, perhaps with its parent. Nothing was sent on yet.
                self._dismiss(worker)
                gone, worker = worker, await self._start_on_disk()
                self._turns.pass_on(gone, worker)
                answer = await self._ask(worker, query, begun, calls=calls)
        except BaseException:
            self.release(worker)
            raise
        if answer.complete:
            self.release(worker)
        return answer

    async def _ask(
        self, worker: WorkerProcess, query: Query, begun: float, *, calls: bool
    ) -> Answer:
        seconds = max(query.seconds - (time.monotonic() - begun), 0.01)
        question = {
            "snapshot": self.snapshot if worker.position is None else "",
            "text": query.text,
            "default_graphs": query.dataset.default_graphs,
            "named_graphs": query.dataset.named_graphs,
            "plain": self._settings.plain,
            "calls": calls,
            "base": query.base,
            "rows": self._settings.rows,
            "bytes": self._settings.bytes,
            "solutions": query.formats.solutions,
            "graph": query.formats.graph,
            "seconds": seconds,
        }
        worker.ask(question, seconds, slow=self._turns.linger)
        media_type, first, complete, rows = await self._first(worker, query)
        rest = None if complete else Rest(self, worker, query)
        return Answer(media_type, first, complete, rest, rows, begun)

    async def _checked(self, text: str) -> Scan:
        """What the text contains; a long one would hold everybody up."""
        if len(text) > _LONG:
            return await asyncio.to_thread(check_query, text, self._settings.endpoints)
        return check_query(text, self._settings.endpoints)

    async def _first(self, worker: WorkerProcess, query: Query) -> tuple[str, bytes, bool, int]:
        media_type, data = "", b""
        while True:
            kind, payload = await self.frame(worker, query)
            if kind == frames.MEDIA_TYPE:
                media_type = payload.decode()
            elif kind == frames.DATA:
                data += payload
                if not worker.channel.has_frame:
                    return media_type, data, False, 0
            elif kind == frames.END:
                return media_type, data, True, int(payload or 0)

    async def frame(self, worker: WorkerProcess, query: Query) -> tuple[bytes, bytes]:
        """The next frame of an answer; a `QueryError` where the worker failed or was stopped."""
        found = await worker.channel.next_frame()
        if found is None:
            raise await worker.cause_of_death(query, self._settings.memory)
        kind, payload = found
        if kind == frames.END:
            worker.rest()
        if kind == frames.ERROR:
            worker.rest()
            raise failure(json.loads(payload))
        return kind, payload

    async def _acquire(self, seconds: float, *, calls: bool = False) -> WorkerProcess:
        """A worker, after waiting for it as long as the query may take in all.

        Who calls other endpoints gets a process of its own: those that were used cannot any more.
        """
        await self._turns.take(seconds)
        try:
            worker = await (self._start_on_disk(once=True) if calls else self._ready())
        except BaseException:
            self._turns.give_back()
            raise
        self._chore_keep_spare()
        return worker

    async def _ready(self) -> WorkerProcess:
        """A worker for what is to be read now: one that waits, or a new one."""
        while (worker := self._take_idle()) is None:
            started = await self._start()
            if not (started.alive or self._idle):
                return started
            self._idle.insert(0, started)  # another may have come back in the meantime
        return worker

    def _take_idle(self) -> WorkerProcess | None:
        """The best of those that wait; none from disk where one from memory is to be had."""
        for worker in [*self._idle]:
            if not worker.alive or worker.position not in (None, self._position):
                self._idle.remove(worker)
                self._dismiss(worker)
        forked = [worker for worker in self._idle if worker.position is not None]
        best = forked or ([] if self._copy.has_room(self._position) else self._idle)
        if not best:
            return None
        worker = best[-1]
        self._idle.remove(worker)
        return worker

    def _may_wait(self, worker: WorkerProcess) -> bool:
        """Whether it is worth keeping. One from disk is: it answers right after a change."""
        if worker.position is not None:
            return worker.position == self._position
        others = any(idle.position is None for idle in self._idle)
        return not (others and self._copy.has_room(self._position))

    def _change_over(self) -> None:
        """Workers that read from memory can be had, or no longer: of those that wait, some go."""
        idle, self._idle = self._idle, []
        for worker in idle:
            if self._may_wait(worker):
                self._idle.append(worker)
            else:
                self._dismiss(worker)
        if not self._starting:  # who waits for a worker comes first, and sees to a spare after
            self._chore_keep_spare()

    def release(self, worker: WorkerProcess) -> None:
        """Take a worker back, to rest or to end."""
        self._turns.give_back(worker)
        if worker.reusable and self._may_wait(worker) and not self._closed:
            self._idle.append(worker)
        else:
            self._dismiss(worker)
            self._chore_keep_spare()

    def _chore_keep_spare(self) -> None:
        if self._lacks_spare() and not self._chores:
            chore = asyncio.create_task(self._keep_spare())
            self._chores.add(chore)
            chore.add_done_callback(self._chores.discard)

    def _lacks_spare(self) -> bool:
        """Whether none waits to be taken next, and there may be one more."""
        most = self._turns.most + bool(self._settings.resident)
        if self._closed or len(self._workers) > most:
            return False
        if self._copy.has_room(self._position):
            return all(worker.position is None for worker in self._idle)
        return not self._idle

    async def _keep_spare(self) -> None:
        """Keep one warm worker more than are busy."""
        while self._lacks_spare():
            worker = await self._start()
            # Its data may be old by now, and its parent wait for it to end.
            if worker.alive and self._may_wait(worker) and not self._closed:
                self._idle.append(worker)
            else:
                self._dismiss(worker)

    async def _start(self) -> WorkerProcess:
        """A worker with its data open. Few start at once: many would starve each other."""
        self._starting += 1
        try:
            async with self._starts:
                worker = await self._copy.fork(self._settings.memory, self._position)
                if worker is None:
                    return await self._start_on_disk()
        finally:
            self._starting -= 1
        self._workers.add(worker)
        return worker

    async def _start_on_disk(self, *, once: bool = False) -> WorkerProcess:
        worker = await WorkerProcess.start(self._settings.memory)
        worker.slowed = once
        self._workers.add(worker)
        with contextlib.suppress(ConnectionError):
            worker.ask({"snapshot": self.snapshot, "seconds": 60}, 60)
            await worker.channel.next_frame()
            worker.rest()
        return worker

    def _dismiss(self, worker: WorkerProcess) -> None:
        self._workers.discard(worker)
        worker.kill()
