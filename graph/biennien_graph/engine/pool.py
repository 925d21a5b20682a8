# SPDX-License-Identifier: Apache-2.0
"""The pool of disposable query workers.

A query that meets its deadline or its memory limit costs its worker and nothing else: the worker
is killed, a warm one takes its place, and a new one is started behind it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from biennien_graph.engine import frames
from biennien_graph.errors import (
    Overloaded,
    QueryError,
    QueryFailed,
    QueryOutOfMemory,
    QuerySyntaxError,
    QueryTimeout,
)
from biennien_graph.queries.scan import check_query
from biennien_graph.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from biennien_graph.engine import Query

_HIGH_WATER = 1 << 20  # bytes of a result that wait for a slow client before the worker waits too
_YIELD_AFTER = 0.5  # seconds of running after which a query gives way to shorter ones


@dataclass(frozen=True, slots=True)
class PoolSettings:
    """How many workers, how much memory each (bytes), how many may wait for one."""

    workers: int = 8
    memory: int = 2**30
    queue: int = 64


@dataclass(slots=True)
class Answer:
    """A result: its media type and its bytes, in pieces. Must be read to the end or closed."""

    media_type: str
    first: bytes
    complete: bool
    pieces: AsyncGenerator[bytes]

    async def close(self) -> None:
        """Give the worker back; where the result was not read to its end, the worker goes."""
        await self.pieces.aclose()

    async def read(self) -> bytes:
        """The whole of it, for results that are known to be small."""
        if self.complete:
            return self.first
        return self.first + b"".join([piece async for piece in self.pieces])


class QueryPool:
    """Answers queries from snapshots, each in a process of its own.

    Use as an async context manager, after `use(snapshot)`.
    """

    def __init__(self, settings: PoolSettings) -> None:
        self._settings = settings
        self._snapshot = ""
        self._idle: list[_Worker] = []
        self._workers: set[_Worker] = set()
        self._turns = asyncio.Semaphore(settings.workers)
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
        check_query(query.text)
        worker = await self._acquire()
        question = {
            "snapshot": self._snapshot,
            "text": query.text,
            "default_graphs": query.dataset.default_graphs,
            "named_graphs": query.dataset.named_graphs,
            "solutions": query.formats.solutions,
            "graph": query.formats.graph,
            "seconds": query.seconds,
        }
        try:
            worker.ask(question, query.seconds)
            media_type, first, complete = await self._first(worker, query)
        except BaseException:
            self._release(worker)
            raise
        if complete:
            self._release(worker)
            return Answer(media_type, first, complete=True, pieces=_nothing())
        return Answer(media_type, first, complete=False, pieces=self._rest(worker, query))

    async def _first(self, worker: _Worker, query: Query) -> tuple[str, bytes, bool]:
        media_type, data = "", b""
        while True:
            kind, payload = await self._frame(worker, query)
            if kind == frames.MEDIA_TYPE:
                media_type = payload.decode()
            elif kind == frames.DATA:
                data += payload
                if not worker.channel.has_frame:
                    return media_type, data, False
            elif kind == frames.END:
                return media_type, data, True

    async def _rest(self, worker: _Worker, query: Query) -> AsyncGenerator[bytes]:
        try:
            while True:
                kind, payload = await self._frame(worker, query)
                if kind == frames.END:
                    return
                yield payload
        finally:  # also where the client went away in the middle
            self._release(worker)

    async def _frame(self, worker: _Worker, query: Query) -> tuple[bytes, bytes]:
        found = await worker.channel.next_frame()
        if found is None:
            raise worker.cause_of_death(query, self._settings.memory)
        kind, payload = found
        if kind == frames.END:
            worker.rest()
        if kind == frames.ERROR:
            worker.rest()
            raise _error(json.loads(payload))
        return kind, payload

    async def _acquire(self) -> _Worker:
        if self._turns.locked():
            if self._waiting >= self._settings.queue:
                raise Overloaded
            self._waiting += 1
            try:
                await self._turns.acquire()
            finally:
                self._waiting -= 1
        else:
            await self._turns.acquire()
        try:
            while self._idle:
                worker = self._idle.pop()
                if worker.alive:
                    self._chore_keep_spare()
                    return worker
                self._dismiss(worker)
            worker = await self._start()
        except BaseException:
            self._turns.release()
            raise
        self._chore_keep_spare()
        return worker

    def _release(self, worker: _Worker) -> None:
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
            with contextlib.suppress(ConnectionError):
                worker.ask({"snapshot": self._snapshot, "seconds": 60}, 60)
                await worker.channel.next_frame()
                worker.rest()
            if worker.alive and not self._closed:
                self._idle.append(worker)
            else:
                self._dismiss(worker)

    async def _start(self) -> _Worker:
        worker = await _Worker.start(self._settings.memory)
        self._workers.add(worker)
        return worker

    def _dismiss(self, worker: _Worker) -> None:
        self._workers.discard(worker)
        worker.kill()


class _Worker:
    """One process and the channel to it."""

    def __init__(
        self, process: subprocess.Popen[bytes], channel: _Channel, last_words: int
    ) -> None:
        self.channel = channel
        self.resting = True
        self.slowed = False
        self._process = process
        self._last_words = last_words
        self._timed_out = False
        self._timers: list[asyncio.TimerHandle] = []

    @classmethod
    async def start(cls, memory: int) -> _Worker:
        ours, theirs = socket.socketpair()
        last_words = os.memfd_create("last-words") if hasattr(os, "memfd_create") else _scratch()
        command = [sys.executable, "-m", "biennien_graph.engine.worker"]
        # The start blocks for some milliseconds (vfork and exec), in a thread.
        process = await asyncio.to_thread(
            subprocess.Popen,
            [*command, str(theirs.fileno()), str(memory), json.dumps(PREFIXES)],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=last_words,
            env=os.environ | {"MALLOC_ARENA_MAX": "2"},
        )
        theirs.close()
        loop = asyncio.get_running_loop()
        _, channel = await loop.create_unix_connection(_Channel, sock=ours)
        return cls(process, channel, last_words)

    @property
    def alive(self) -> bool:
        return not self.channel.closed

    @property
    def reusable(self) -> bool:
        """Alive, done, nothing left in the pipe, and not slowed down by a long query."""
        return self.alive and self.resting and not self.slowed and self.channel.is_empty

    def ask(self, question: dict[str, object], seconds: float) -> None:
        self.resting = False
        loop = asyncio.get_running_loop()
        self._timers = [
            loop.call_later(seconds, self._time_out),
            loop.call_later(_YIELD_AFTER, self._give_way),
        ]
        self.channel.send(frames.frame(frames.QUESTION, json.dumps(question).encode()))

    def rest(self) -> None:
        """The answer is complete."""
        self.resting = True
        self._cancel_timers()

    def kill(self) -> None:
        self._cancel_timers()
        if self._process.returncode is None:
            self._process.kill()
            self.channel.close()
            # The kernel needs some milliseconds to take the memory back.
            asyncio.get_running_loop().run_in_executor(None, self._reap)

    def cause_of_death(self, query: Query, memory: int) -> QueryError:
        """What to tell the client whose worker has gone."""
        self._cancel_timers()
        status = self._process.wait()
        words = os.pread(self._last_words, 4096, 0).decode(errors="replace")
        if self._timed_out or status == -signal.SIGALRM:
            return QueryTimeout(query.seconds)
        if "memory allocation" in words or "MemoryError" in words:
            return QueryOutOfMemory(memory)
        return QueryFailed(
            f"The query ended its worker (status {status}).",
            hint="It may be nested too deeply; nothing else was harmed.",
        )

    def _cancel_timers(self) -> None:
        for timer in self._timers:
            timer.cancel()
        self._timers = []

    def _time_out(self) -> None:
        self._timed_out = True
        self._process.kill()

    def _give_way(self) -> None:
        """Let shorter queries have the processor first. Not to be undone, so used up after."""
        self.slowed = True
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self._process.pid, 10)

    def _reap(self) -> None:
        self._process.wait()
        with contextlib.suppress(OSError):
            os.close(self._last_words)


class _Channel(asyncio.Protocol):
    """Frames from a worker, with back pressure towards it."""

    def __init__(self) -> None:
        self.closed = False
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()
        self._frames: deque[tuple[bytes, bytes]] = deque()
        self._size = 0
        self._paused = False
        self._arrival: asyncio.Future[None] | None = None

    @property
    def has_frame(self) -> bool:
        return bool(self._frames)

    @property
    def is_empty(self) -> bool:
        return not self._frames and not self._received

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self.closed = True
        self._wake()

    def send(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)

    def close(self) -> None:
        self.closed = True
        if self._transport is not None:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        self._received += data
        at = 0
        while len(self._received) - at >= frames.HEADER.size:
            kind, length = frames.HEADER.unpack_from(self._received, at)
            end = at + frames.HEADER.size + length
            if len(self._received) < end:
                break
            self._frames.append((kind, bytes(self._received[at + frames.HEADER.size : end])))
            self._size += length
            at = end
        if at:
            del self._received[:at]
            self._wake()
        if self._size > _HIGH_WATER and not self._paused and self._transport is not None:
            self._transport.pause_reading()
            self._paused = True

    async def next_frame(self) -> tuple[bytes, bytes] | None:
        """The next frame; None when the worker has gone."""
        while not self._frames:
            if self.closed:
                return None
            self._arrival = asyncio.get_running_loop().create_future()
            await self._arrival
        kind, payload = self._frames.popleft()
        self._size -= len(payload)
        if self._paused and self._size < _HIGH_WATER // 2 and self._transport is not None:
            self._transport.resume_reading()
            self._paused = False
        return kind, payload

    def _wake(self) -> None:
        if self._arrival is not None and not self._arrival.done():
            self._arrival.set_result(None)


async def _nothing() -> AsyncGenerator[bytes]:
    nothing: tuple[bytes, ...] = ()
    for piece in nothing:
        yield piece


def _scratch() -> int:
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def _error(report: dict[str, Any]) -> QueryError:
    if report["kind"] != "syntax":
        return QueryFailed(report["message"])
    return QuerySyntaxError(
        report["message"],
        line=report["line"],
        column=report["column"],
        token=report["token"],
        hint=report["hint"],
    )
