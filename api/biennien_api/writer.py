# SPDX-License-Identifier: Apache-2.0
"""The one that writes: one change after the other, each judged in a process of its own first."""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from biennien_graph import errors
from biennien_graph.engine import Query, frames
from biennien_graph.engine.answer import failure
from biennien_graph.engine.process import WorkerProcess

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from biennien_api.settings import Settings
    from biennien_graph.datafolder import DataFolder

_MODULE = "biennien_graph.change_worker"
_STILLBORN = 0.1  # seconds
_ATTEMPTS = 3  # where another process records a change in between


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
        self._turn = asyncio.Lock()
        self._worker: WorkerProcess | None = None

    async def write(self, question: dict[str, Any], *, agent: str, message: str) -> Outcome:
        """One change, recorded and visible when this returns; nothing, where it is refused.

        Raises `NotConforming` with the results, and what the worker says is wrong otherwise.
        """
        async with self._turn:
            for attempt in range(_ATTEMPTS):
                try:
                    return await self._attempt(question, agent, message)
                except errors.JournalConflict:
                    if attempt + 1 == _ATTEMPTS:
                        raise
        raise AssertionError

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
                position, snapshot = await asyncio.to_thread(
                    self._record, Path(folder), position, agent, message
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
        reply, ended = await worker.channel.next_frame(), await worker.channel.next_frame()
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
        if self._worker is not None and not self._worker.reusable:
            self.close()
        if self._worker is None:
            sources = str(self._settings.sources or "")
            memory = self._settings.query_memory * 2**20
            self._worker = await WorkerProcess.start(memory, _MODULE, sources)
        return self._worker


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
