# SPDX-License-Identifier: Apache-2.0
"""Processes that judge what is handed in: killed at a deadline, replaced for the next question."""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING, Any, TypeVar

from biennien_graph import errors
from biennien_graph.engine import Query, frames
from biennien_graph.engine.answer import failure
from biennien_graph.engine.process import WorkerProcess

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from biennien_api.settings import Settings

_T = TypeVar("_T")
_MODULE = "biennien_graph.change_worker"
_STILLBORN = 0.1  # seconds
_START = 60.0  # seconds that the process may take to start
_AT_ONCE = 2  # judges beside the writer's own
_KINDS = (errors.DataError, errors.EntryError, errors.QueryRefused, errors.UsageError)


class Judge:
    """One process that answers `change_worker`'s questions, one at a time."""

    def __init__(self, settings: Settings) -> None:
        self._sources = str(settings.sources or "")
        self._memory = settings.query_memory * 2**20
        self._worker: WorkerProcess | None = None

    async def ask(self, question: dict[str, Any], seconds: float) -> dict[str, Any]:
        """The answer; the process is killed at the deadline, and started again for the next."""
        before = self._worker
        worker, begun = await self._ready(), time.monotonic()
        worker.ask(question, seconds)
        try:
            reply, ended = await worker.channel.next_frame(), await worker.channel.next_frame()
        except asyncio.CancelledError:  # the client has gone; its folder is about to go, too
            self._worker = None
            await worker.end()
            raise
        if reply is None or ended is None:
            self._worker = None
            stillborn = worker is before and time.monotonic() - begun < _STILLBORN
            if stillborn:  # gone before it was asked
                return await self.ask(question, seconds)
            query = Query(question.get("text", ""), seconds=seconds)
            raise await worker.cause_of_death(query, self._memory)
        worker.rest()
        kind, payload = reply
        said: dict[str, Any] = json.loads(payload)
        if kind == frames.ERROR:
            raise _error(said)
        return said

    def close(self) -> None:
        """End the process."""
        if self._worker is not None:
            self._worker.kill()
            self._worker = None

    async def _ready(self) -> WorkerProcess:
        if self._worker is not None:
            if self._worker.reusable:
                return self._worker
            self.close()
        return await to_its_end(self._started())

    async def _started(self) -> WorkerProcess:
        """A new process, which waits for its question: no deadline begins before it is there."""
        self._worker = worker = await WorkerProcess.start(self._memory, _MODULE, self._sources)
        worker.ask({}, _START)
        if await worker.channel.next_frame() is not None:
            worker.rest()
        return worker


class Judges:
    """Some judges for what does not change anything yet, so that no change waits for it."""

    def __init__(self, settings: Settings, at_once: int = _AT_ONCE) -> None:
        self._settings = settings
        self._turns = asyncio.Semaphore(at_once)
        self._idle: list[Judge] = []
        self._all: list[Judge] = []
        self._waiting = 0

    async def ask(self, question: dict[str, Any], seconds: float) -> dict[str, Any]:
        """The answer of whichever is free; `Overloaded` where too many wait for one."""
        if self._waiting > self._settings.queue:
            raise errors.Overloaded("Too many submissions wait to be judged.")
        self._waiting += 1
        try:
            async with self._turns:
                judge = self._idle.pop() if self._idle else self._another()
                try:
                    return await judge.ask(question, seconds)
                finally:
                    self._idle.append(judge)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """End all processes."""
        for judge in self._all:
            judge.close()

    def _another(self) -> Judge:
        judge = Judge(self._settings)
        self._all.append(judge)
        return judge


async def to_its_end(work: Coroutine[Any, Any, _T]) -> _T:
    """What is being done is done, even if its client goes away meanwhile."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise


def _error(report: dict[str, Any]) -> errors.BiennienError:
    kind = report["kind"]
    if kind == "data-syntax":
        problem = errors.DataSyntaxError(
            report["message"], file=report["file"], line=report["line"], column=report["column"]
        )
        problem.hint = report["hint"]
        return problem
    known = {cls.__name__: cls for cls in _KINDS}
    if kind in known:
        return known[kind](report["message"], hint=report["hint"])
    return failure(report)
