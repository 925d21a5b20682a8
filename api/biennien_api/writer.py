# SPDX-License-Identifier: Apache-2.0
"""The one that writes: one change after the other, each judged in a process of its own first."""

from __future__ import annotations

import asyncio
import contextlib
import json
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from biennien_graph import errors
from biennien_graph.engine import Query, frames
from biennien_graph.engine.answer import failure
from biennien_graph.engine.process import WorkerProcess
from biennien_graph.turn import Turn

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine

    from biennien_api.settings import Settings
    from biennien_graph.datafolder import DataFolder

_T = TypeVar("_T")
_MODULE = "biennien_graph.change_worker"
_STILLBORN = 0.1  # seconds
_LOOK_EVERY = 0.01  # seconds between looks whether another process is through
_START = 60.0  # seconds that the process which judges may take to start


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a request came to: the position reached, and how many quads came and went."""

    position: int
    added: int
    removed: int
    results: list[dict[str, Any]]


class Writer:
    """Turns updates and graphs into journal entries, for one data folder."""

    def __init__(
        self, settings: Settings, folder: DataFolder, taken_up: Callable[[Path], Awaitable[None]]
    ) -> None:
        self._settings, self._folder, self._taken_up = settings, folder, taken_up
        self._turn, self._waiting = asyncio.Lock(), 0
        self._worker: WorkerProcess | None = None

    async def write(self, question: dict[str, Any], *, agent: str, message: str) -> Outcome:
        """One change, recorded and visible when this returns; nothing, where it is refused.

        Raises `NotConforming` with the results, and what the worker says is wrong otherwise.
        """
        if self._waiting > self._settings.queue:
            raise errors.Overloaded("Too many changes wait for their turn.")
        self._waiting += 1
        try:
            async with self._turn, self._between_processes():
                return await self._attempt(question, agent, message)
        finally:
            self._waiting -= 1

    @contextlib.asynccontextmanager
    async def _between_processes(self) -> AsyncIterator[None]:
        """Hold the folder's turn; `Overloaded` where another process has it for too long."""
        turn = Turn(self._settings.data)
        try:
            async with asyncio.timeout(self._settings.query_seconds):
                while not turn.take():  # noqa: ASYNC110  another process says nothing
                    await asyncio.sleep(_LOOK_EVERY)
            yield
        except TimeoutError:
            raise errors.Overloaded("Another process is changing the data.") from None
        finally:
            turn.leave()

    def close(self) -> None:
        """End the process that judges."""
        if self._worker is not None:
            self._worker.kill()
            self._worker = None

    async def _attempt(self, question: dict[str, Any], agent: str, message: str) -> Outcome:
        snapshot = await asyncio.to_thread(self._folder.snapshot)
        with tempfile.TemporaryDirectory(dir=self._settings.data, prefix="change-") as folder:
            asked = question | {"snapshot": str(snapshot), "folder": folder}
            found = await self._judged(asked)
            if any(result["severity"] == "Violation" for result in found["results"]):
                raise errors.NotConforming(found["results"])
            position = int(snapshot.name)
            if found["added"] or found["removed"]:
                position, snapshot = await _to_its_end(
                    asyncio.to_thread(self._record, Path(folder), position, agent, message)
                )
            await self._taken_up(snapshot)  # where nothing changed, too: it may be news to readers
        return Outcome(position, found["added"], found["removed"], found["results"])

    def _record(self, folder: Path, after: int, agent: str, message: str) -> tuple[int, Path]:
        with (folder / "added.nq").open("rb") as added, (folder / "removed.nq").open("rb") as gone:
            change = self._folder.record(added, gone, agent=agent, message=message, after=after)
        return change.position, self._folder.snapshot()

    async def _judged(self, question: dict[str, Any]) -> dict[str, Any]:
        """Ask the process; it is killed at the deadline, and started again for the next."""
        seconds = self._settings.query_seconds
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
            if (
                worker is before and time.monotonic() - begun < _STILLBORN
            ):  # gone before it was asked
                return await self._judged(question)
            memory = self._settings.query_memory * 2**20
            query = Query(question.get("text", ""), seconds=seconds)
            raise await worker.cause_of_death(query, memory)
        worker.rest()
        kind, payload = reply
        said: dict[str, Any] = json.loads(payload)
        if kind == frames.ERROR:
            raise _error(said)
        return said

    async def _ready(self) -> WorkerProcess:
        if self._worker is not None:
            if self._worker.reusable:
                return self._worker
            self.close()
        return await _to_its_end(self._started())

    async def _started(self) -> WorkerProcess:
        """A new process, which waits for its question: no deadline begins before it is there."""
        sources = str(self._settings.sources or "")
        memory = self._settings.query_memory * 2**20
        self._worker = worker = await WorkerProcess.start(memory, _MODULE, sources)
        worker.ask({}, _START)
        if await worker.channel.next_frame() is not None:
            worker.rest()
        return worker


async def _to_its_end(recording: Coroutine[Any, Any, _T]) -> _T:
    """What is being recorded is recorded, even if its client goes away meanwhile."""
    task = asyncio.ensure_future(recording)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise


def _error(report: dict[str, Any]) -> errors.BiennienError:
    kind = report["kind"]
    if kind == "data-syntax":
        return errors.DataSyntaxError(
            report["message"], file="the body", line=report["line"], column=report["column"]
        )
    known = {"DataError": errors.DataError, "EntryError": errors.EntryError,
             "QueryRefused": errors.QueryRefused}  # fmt: skip
    if kind in known:
        return known[kind](report["message"], hint=report["hint"])
    return failure(report)
