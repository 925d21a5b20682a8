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
from typing import TYPE_CHECKING, Any

from biennien_graph.engine import frames
from biennien_graph.engine.process import WorkerProcess
from biennien_graph.errors import (
    CallFailed,
    Overloaded,
    QueryError,
    QueryFailed,
    QueryRefused,
    QuerySyntaxError,
    QueryTimeout,
    ResultTooLarge,
)
from biennien_graph.queries.scan import check_query

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from biennien_graph.engine import Query
    from biennien_graph.queries.scan import Scan

_LONG = 10_000  # code points, which are looked through in some tens of milliseconds


@dataclass(frozen=True, slots=True)
class PoolSettings:
    """How many workers, how much memory each (bytes), how many may wait for one; which graphs."""

    workers: int = 8
    memory: int = 2**30
    queue: int = 64
    rows: int = 0  # of a result; 0: no limit
    bytes: int = 0  # of a result; 0: no limit
    plain: bool = False  # queries see the graphs of entries only, none that is computed
    endpoints: frozenset[str] = frozenset()  # that SERVICE may call


@dataclass(slots=True)
class Answer:
    """A result: its media type and its bytes, in pieces. Must be read to the end or closed."""

    media_type: str
    first: bytes
    complete: bool
    pieces: _Rest | None
    rows: int = 0
    begun: float = 0.0  # monotonic clock

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """All pieces, the first one first; then `rows` is known."""
        yield self.first
        if self.pieces is not None:
            async for piece in self.pieces:
                yield piece
            self.rows = self.pieces.rows

    def close(self) -> None:
        """Give the worker back; where the result was not read to its end, the worker goes."""
        if self.pieces is not None:
            self.pieces.close()

    async def read(self) -> bytes:
        """The whole of it, for results that are known to be small."""
        return b"".join([piece async for piece in self])


class _Rest:
    """What follows the first piece. The worker goes back when it ends, fails or is closed."""

    def __init__(self, pool: QueryPool, worker: WorkerProcess, query: Query) -> None:
        self._pool, self._query = pool, query
        self._worker: WorkerProcess | None = worker
        self.rows = 0

    def __aiter__(self) -> _Rest:
        return self

    async def __anext__(self) -> bytes:
        if self._worker is None:
            raise StopAsyncIteration
        try:
            kind, payload = await self._pool.frame(self._worker, self._query)
        except BaseException:
            self.close()
            raise
        if kind == frames.END:
            self.rows = int(payload or 0)
            self.close()
            raise StopAsyncIteration
        return payload

    def close(self) -> None:
        """Give the worker back, once."""
        worker, self._worker = self._worker, None
        if worker is not None:
            self._pool.release(worker)


class QueryPool:
    """Answers queries from snapshots, each in a process of its own.

    Use as an async context manager, after `use(snapshot)`.
    """

    def __init__(self, settings: PoolSettings) -> None:
        self._settings = settings
        self._snapshot = ""
        self._idle: list[WorkerProcess] = []
        self._workers: set[WorkerProcess] = set()
        self._turns = asyncio.Semaphore(settings.workers)
        self._starts = asyncio.Semaphore(2)
        self._waiting = 0
        self._chores: set[asyncio.Task[None]] = set()
        self._closed = False

    async def __aenter__(self) -> QueryPool:
        await self._keep_spare()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closed = True
        for worker in list(self._workers):
            self._dismiss(worker)
        if self._chores:
            await asyncio.gather(*self._chores, return_exceptions=True)

    @property
    def snapshot(self) -> str:
        """The folder that new queries read."""
        return self._snapshot

    @property
    def size(self) -> int:
        """How many workers are alive."""
        return len(self._workers)

    @property
    def idle(self) -> int:
        """How many workers wait for a question."""
        return len(self._idle)

    def use(self, snapshot: Path) -> None:
        """Answer from this snapshot from now on; queries under way go on with theirs."""
        self._snapshot = str(snapshot)

    async def run(self, query: Query) -> Answer:
        """Ask; returns when the first bytes are there.

        Raises a `QueryError` for what goes wrong before, and also while the pieces are read:
        then the result is incomplete. `Overloaded` where too many wait already.
        """
        begun = time.monotonic()
        found = await self._checked(query.text)
        worker = await self._acquire(query.seconds, calls=bool(found.services))
        seconds = max(query.seconds - (time.monotonic() - begun), 0.01)
        question = {
            "snapshot": self._snapshot,
            "text": query.text,
            "default_graphs": query.dataset.default_graphs,
            "named_graphs": query.dataset.named_graphs,
            "plain": self._settings.plain,
            "calls": bool(found.services),
            "base": query.base,
            "rows": self._settings.rows,
            "bytes": self._settings.bytes,
            "solutions": query.formats.solutions,
            "graph": query.formats.graph,
            "seconds": seconds,
        }
        try:
            worker.ask(question, seconds)
            media_type, first, complete, rows = await self._first(worker, query)
        except BaseException:
            self.release(worker)
            raise
        if complete:
            self.release(worker)
            return Answer(media_type, first, complete=True, pieces=None, rows=rows, begun=begun)
        return Answer(
            media_type, first, complete=False, pieces=_Rest(self, worker, query), begun=begun
        )

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
        if self._turns.locked():
            if self._waiting >= self._settings.queue:
                raise Overloaded
            self._waiting += 1
            try:
                async with asyncio.timeout(seconds):
                    await self._turns.acquire()
            except TimeoutError:
                raise QueryTimeout(seconds) from None
            finally:
                self._waiting -= 1
        else:
            await self._turns.acquire()
        try:
            while self._idle and not calls:
                worker = self._idle.pop()
                if worker.alive:
                    self._chore_keep_spare()
                    return worker
                self._dismiss(worker)
            worker = await self._start()
            worker.slowed = calls  # used once
            if (
                self._idle and self._idle[-1].alive and not calls
            ):  # one came back before this one was ready
                self._idle.insert(0, worker)
                worker = self._idle.pop()
        except BaseException:
            self._turns.release()
            raise
        self._chore_keep_spare()
        return worker

    def release(self, worker: WorkerProcess) -> None:
        """Take a worker back, to rest or to end."""
        self._turns.release()
        if worker.reusable and not self._closed:
            self._idle.append(worker)
        else:
            self._dismiss(worker)
            self._chore_keep_spare()

    def _chore_keep_spare(self) -> None:
        if not self._idle and not self._closed and not self._chores:
            chore = asyncio.create_task(self._keep_spare())
            self._chores.add(chore)
            chore.add_done_callback(self._chores.discard)

    async def _keep_spare(self) -> None:
        """One warm worker more than are busy, up to the limit and one beyond it."""
        while not self._idle and not self._closed and len(self._workers) <= self._settings.workers:
            worker = await self._start()
            if worker.alive and not self._closed:
                self._idle.append(worker)
            else:
                self._dismiss(worker)

    async def _start(self) -> WorkerProcess:
        """A worker with the snapshot open. Few start at once: many would starve each other."""
        async with self._starts:
            worker = await WorkerProcess.start(self._settings.memory)
            self._workers.add(worker)
            with contextlib.suppress(ConnectionError):
                worker.ask({"snapshot": self._snapshot, "seconds": 60}, 60)
                await worker.channel.next_frame()
                worker.rest()
        return worker

    def _dismiss(self, worker: WorkerProcess) -> None:
        self._workers.discard(worker)
        worker.kill()


def failure(report: dict[str, Any]) -> QueryError:
    """What a worker reports, as an error."""
    if report["kind"] == "too-much":
        return ResultTooLarge(report["message"])
    if report["kind"] == "refused":
        return QueryRefused(f"{report['message']}.", hint="SPARQL's own functions are.")
    if report["kind"] == "elsewhere":
        return CallFailed(report["message"])
    if report["kind"] != "syntax":
        return QueryFailed(report["message"])
    return QuerySyntaxError(
        report["message"],
        line=report["line"],
        column=report["column"],
        token=report["token"],
        hint=report["hint"],
    )
