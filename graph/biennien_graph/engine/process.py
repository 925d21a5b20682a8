# SPDX-License-Identifier: Apache-2.0
"""One query worker as the service sees it: a process, the channel to it, and its deadline."""

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
import time
from typing import TYPE_CHECKING

from biennien_graph.engine import frames
from biennien_graph.engine.channel import Channel
from biennien_graph.errors import QueryError, QueryFailed, QueryOutOfMemory, QueryTimeout
from biennien_graph.terms import PREFIXES

if TYPE_CHECKING:
    from biennien_graph.engine import Query

_QUERIES = "biennien_graph.engine.worker"
_PREFIXES = json.dumps(PREFIXES)
_YIELD_AFTER = 0.5  # seconds of running after which a query gives way to shorter ones


class WorkerProcess:
    """One process and the channel to it."""

    def __init__(self, process: subprocess.Popen[bytes], channel: Channel, last_words: int) -> None:
        self.channel = channel
        self.resting = True
        self.slowed = False
        self._used = 0.0
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
        last_words = os.memfd_create("last-words") if hasattr(os, "memfd_create") else _scratch()
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
        loop = asyncio.get_running_loop()
        _, channel = await loop.create_unix_connection(Channel, sock=ours)
        return cls(process, channel, last_words)

    @property
    def alive(self) -> bool:
        """Whether the process is still at the other end."""
        return not self.channel.closed

    @property
    def reusable(self) -> bool:
        """Alive, done, nothing left in the pipe, and not slowed down by a long query."""
        return self.alive and self.resting and not self.slowed and self.channel.is_empty

    def ask(self, question: dict[str, object], seconds: float) -> None:
        """Send a question, and kill the process when its time is over."""
        self.resting = False
        self._used = self._processor_seconds()
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
        if self._process.returncode is None:
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
        """Let shorter queries have the processor first. Not to be undone, so used up after.

        It is the processor's time that counts: on a busy machine every query takes long.
        """
        if self._processor_seconds() - self._used < _YIELD_AFTER / 2:
            loop = asyncio.get_running_loop()
            self._timers.append(loop.call_later(_YIELD_AFTER, self._give_way))
            return
        self.slowed = True
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self._process.pid, 10)

    def _processor_seconds(self) -> float:
        """Linux: the processor time that the worker has had; elsewhere the time of day."""
        try:  # a process's clock, made as clock_getcpuclockid(3) does
            return time.clock_gettime((~self._process.pid << 3) | 2)
        except OSError:
            return time.monotonic()

    def _reap(self) -> None:
        self._process.wait()
        with contextlib.suppress(OSError):
            os.close(self._last_words)


def _scratch() -> int:
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())
