# SPDX-License-Identifier: Apache-2.0
"""One query worker as the service sees it: a process, the channel to it, and its deadline.

There are two kinds of process, with one face: started by exec, and forked by `engine.resident`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from typing import TYPE_CHECKING, Protocol

from biennien_graph.engine import frames
from biennien_graph.engine.channel import Channel
from biennien_graph.errors import QueryError, QueryFailed, QueryOutOfMemory, QueryTimeout
from biennien_graph.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable

    from biennien_graph.engine import Query

_QUERIES = "biennien_graph.engine.worker"
_PREFIXES = json.dumps(PREFIXES)
_BEHIND = 10  # nice
_YIELD_AFTER = 0.5  # seconds of running after which a query gives way to shorter ones


class Process(Protocol):
    """What can be done with a process of either kind."""

    pid: int
    stays_slow: bool  # once it gave way

    def kill(self) -> None:
        """End it now, where it has not ended yet."""

    def wait(self) -> int | None:
        """Wait for its end; its exit status, where that is known."""

    def give_way(self) -> None:
        """Let others have the processor first. Cannot be undone."""

    def close(self) -> None:
        """Let go of it, once it has ended."""


class Executed:
    """A child of this process."""

    stays_slow = True

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.pid, self._process = process.pid, process
        self.kill, self.wait = process.kill, process.wait

    def give_way(self) -> None:
        """The whole process, which has one thread."""
        os.setpriority(os.PRIO_PROCESS, self.pid, _BEHIND)

    def close(self) -> None:
        """Nothing is left to do."""


class Forked:
    """Another process's child, by its pidfd: whatever comes, no other process is meant by it."""

    stays_slow = False

    def __init__(self, pid: int, handle: int) -> None:
        self.pid = pid
        self._handle = handle
        self._using = threading.Lock()

    @property
    def alive(self) -> bool:
        """Whether it has not ended yet."""
        with self._using:
            return self._handle >= 0 and not _has_ended(self._handle)

    def kill(self) -> None:
        """End it now, where it has not ended yet."""
        with self._using, contextlib.suppress(ProcessLookupError):
            if self._handle >= 0:
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    def wait(self) -> None:
        """Wait for its end. How it ended is known to its parent only."""
        while self.alive:
            time.sleep(0.005)

    def give_way(self) -> None:
        """The thread that answers; a new one takes its place for the next question."""
        for thread in map(int, os.listdir(f"/proc/{self.pid}/task")):  # noqa: PTH208
            if thread != self.pid and self.alive:
                os.setpriority(os.PRIO_PROCESS, thread, _BEHIND)

    def close(self) -> None:
        """Let go of the handle."""
        with self._using:
            handle, self._handle = self._handle, -1
        if handle >= 0:
            os.close(handle)


class WorkerProcess:
    """One process and the channel to it.

    `position` is that of the data that a forked one was born with; None where it reads the
    snapshot that a question names.
    """

    def __init__(
        self, process: Process, channel: Channel, last_words: int, position: int | None = None
    ) -> None:
        self.channel = channel
        self.position = position
        self.resting = True
        self.slowed = False
        self._slow: Callable[[WorkerProcess], None]
        self._used = self._due = 0.0
        self._process = process
        self._last_words = last_words
        self._timed_out = self._dismissed = False
        self._timers: list[asyncio.TimerHandle] = []
        self._reaped: asyncio.Future[None] | None = None

    @classmethod
    async def start(
        cls, memory: int, module: str = _QUERIES, setting: str = _PREFIXES
    ) -> WorkerProcess:
        """Start a process with a memory limit in bytes; `setting` is the module's own."""
        ours, theirs = socket.socketpair()
        last_words = scratch()
        command = [sys.executable, "-m", module]
        # The start blocks for some milliseconds (vfork and exec), in a thread.
        process = await asyncio.to_thread(
            subprocess.Popen,
            [*command, str(theirs.fileno()), str(memory), setting],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=last_words,
            env=os.environ | {"MALLOC_ARENA_MAX": "2"},
        )
        theirs.close()
        return cls(Executed(process), await connect(ours), last_words)

    @property
    def alive(self) -> bool:
        """Whether the process is still at the other end."""
        return not self.channel.closed

    @property
    def reusable(self) -> bool:
        """Alive, done, nothing left in the pipe, and not slowed down by a long query."""
        return self.alive and self.resting and not self.slowed and self.channel.is_empty

    def ask(
        self,
        question: dict[str, object],
        seconds: float,
        slow: Callable[[WorkerProcess], None] = lambda _: None,
    ) -> None:
        """Send a question, and kill the process when its time is over; `slow`: told when the
        answer takes long.
        """
        self.resting, self._slow = False, slow
        self._used = self._processor_seconds()
        self._due = time.monotonic() + seconds
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
        """End the process now; it is reaped in the background."""
        self._cancel_timers()
        if self._dismissed:
            return
        self._dismissed = True
        self._process.kill()
        self.channel.close()
        # The kernel needs some milliseconds to take the memory back.
        self._reaped = asyncio.get_running_loop().run_in_executor(None, self._reap)

    async def end(self) -> None:
        """End the process, and return when it does nothing any more."""
        self.kill()
        if self._reaped is not None:
            await self._reaped

    async def cause_of_death(self, query: Query, memory: int) -> QueryError:
        """What to tell the client whose worker has gone."""
        self._cancel_timers()
        status = await asyncio.to_thread(self._process.wait)
        words = os.pread(self._last_words, 4096, 0).decode(errors="replace")
        if self._timed_out or status == -signal.SIGALRM:
            return QueryTimeout(query.seconds)
        if "memory allocation" in words or "MemoryError" in words:
            return QueryOutOfMemory(memory)
        if status is None and time.monotonic() > self._due:  # its own alarm was the quicker one
            return QueryTimeout(query.seconds)
        return QueryFailed(
            "The query ended its worker" + ("." if status is None else f" (status {status})."),
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
        """Let shorter queries have the processor first. Not to be undone, so used up after.

        It is the processor's time that counts: on a busy machine every query takes long.
        """
        if self._processor_seconds() - self._used < _YIELD_AFTER / 2:
            loop = asyncio.get_running_loop()
            self._timers.append(loop.call_later(_YIELD_AFTER, self._give_way))
            return
        self.slowed = self._process.stays_slow
        with contextlib.suppress(OSError):
            self._process.give_way()
        self._slow(self)

    def _processor_seconds(self) -> float:
        """Linux: the processor time that the worker has had; elsewhere the time of day."""
        try:  # a process's clock, made as clock_getcpuclockid(3) does
            return time.clock_gettime((~self._process.pid << 3) | 2)
        except OSError:
            return time.monotonic()

    def _reap(self) -> None:
        self._process.wait()
        self._process.close()
        with contextlib.suppress(OSError):
            os.close(self._last_words)


async def connect(ours: socket.socket) -> Channel:
    """The service's end of a socket pair as a channel."""
    loop = asyncio.get_running_loop()
    _, channel = await loop.create_unix_connection(Channel, sock=ours)
    return channel


def scratch() -> int:
    """A file without a name, for what a process writes to its standard error."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("last-words")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def _has_ended(handle: int) -> bool:
    """Whether the process of a pidfd has ended."""
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    return bool(poll.poll(0))
