# SPDX-License-Identifier: Apache-2.0
"""The one that writes: one change after the other, each judged in a process of its own first."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from biennien_api.judging import Judge, to_its_end
from biennien_graph import audit, errors
from biennien_graph.submissions.meanwhile import net, touched
from biennien_graph.turn import Turn

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from biennien_api.judging import Judges
    from biennien_api.settings import Settings
    from biennien_graph.datafolder import DataFolder
    from biennien_graph.submissions import Revision
    from biennien_graph.tokens import Token

_LOOK_EVERY = 0.01  # seconds between looks whether another process is through
_ATTEMPTS = 4  # at a change before which others come; the last ones keep the turn


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a request came to: the position reached, and how many quads came and went."""

    position: int
    added: int
    removed: int
    results: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A submission that is to be published: a revision of it, who approved it."""

    number: int
    revision: Revision
    by: Token


@dataclass(slots=True)
class _Judged:
    """What would change at a position, in files of a folder."""

    folder: Path
    position: int
    snapshot: Path
    found: dict[str, Any] = field(default_factory=dict)

    def expect_conforming(self) -> None:
        """Raise `NotConforming` where there is a violation."""
        if any(result["severity"] == "Violation" for result in self.found["results"]):
            raise errors.NotConforming(self.found["results"])


class Writer:
    """Turns updates, graphs and submissions into journal entries, for one data folder."""

    def __init__(
        self,
        settings: Settings,
        folder: DataFolder,
        judges: Judges,
        taken_up: Callable[[Path], Awaitable[None]],
    ) -> None:
        self._settings, self._folder, self._taken_up = settings, folder, taken_up
        self._turn, self._waiting = asyncio.Lock(), 0
        self._judge, self._judges = Judge(settings), judges

    async def write(self, question: dict[str, Any], *, holder: Token, message: str) -> Outcome:
        """One change, recorded and visible when this returns; nothing, where it is refused.

        Raises `NotConforming` with the results, and what the worker says is wrong otherwise.
        """
        async with self._in_turn():
            return await self._attempt(question, holder, message)

    async def approve(self, proposal: Proposal) -> Outcome:
        """Publish a submission as it is now, in one change.

        It is judged before the turn is taken; where a change came meanwhile, again. Raises
        `Conflicting`, `NotConforming`, and `WrongState` where somebody else was quicker.
        """
        for attempt in range(_ATTEMPTS):
            with tempfile.TemporaryDirectory(dir=self._settings.data, prefix="change-") as folder:
                in_turn = attempt >= _ATTEMPTS - 2
                with contextlib.suppress(errors.JournalConflict):
                    return await self._approve(proposal, Path(folder), in_turn=in_turn)
        raise errors.Overloaded("Other changes come first, one after the other.")

    async def judged(self, revision: Revision, question: dict[str, Any], folder: Path) -> _Judged:
        """Ask about a proposal brought to the newest change, without anybody's turn."""
        snapshot = await asyncio.to_thread(self._folder.snapshot)
        judged = _Judged(folder, int(snapshot.name), snapshot)
        await asyncio.to_thread(self._lay_out, judged, revision)
        asked = question | {"snapshot": str(snapshot), "folder": str(folder)}
        judged.found = await self._judges.ask(asked, self._settings.submission_seconds)
        return judged

    def close(self) -> None:
        """End the process that judges."""
        self._judge.close()

    @contextlib.asynccontextmanager
    async def _in_turn(self) -> AsyncIterator[None]:
        """Hold the turn here and among processes; `Overloaded` where too many wait for it."""
        if self._waiting > self._settings.queue:
            raise errors.Overloaded("Too many changes wait for their turn.")
        self._waiting += 1
        try:
            async with self._turn, self._between_processes():
                yield
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
        except TimeoutError:
            turn.leave()
            raise errors.Overloaded("Another process is changing the data.") from None
        try:
            yield
        finally:
            turn.leave()

    async def _attempt(self, question: dict[str, Any], holder: Token, message: str) -> Outcome:
        snapshot = await asyncio.to_thread(self._folder.snapshot)
        with tempfile.TemporaryDirectory(dir=self._settings.data, prefix="change-") as folder:
            judged = _Judged(Path(folder), int(snapshot.name), snapshot)
            asked = question | {"snapshot": str(snapshot), "folder": folder}
            judged.found = await self._judge.ask(asked, self._settings.query_seconds)
            judged.expect_conforming()

            def noted(connection: Any, position: int) -> None:
                about = {"agent": holder.name, "token": holder.id}
                audit.add(connection, "write", on=f"change {position}", **about)

            about = {"agent": holder.name, "message": message, "also": noted}
            return await self._recorded(judged, **about)

    async def _approve(self, proposal: Proposal, folder: Path, *, in_turn: bool) -> Outcome:
        if in_turn:
            async with self._in_turn():
                judged = await self._expect_publishable(proposal, folder)
                return await self._published(judged, proposal)
        judged = await self._expect_publishable(proposal, folder)
        async with self._in_turn():
            return await self._published(judged, proposal)

    async def _expect_publishable(self, proposal: Proposal, folder: Path) -> _Judged:
        store, number = self._folder.submissions, proposal.number
        await asyncio.to_thread(store.expect_open, number, proposal.revision.number)
        judged = await self.judged(proposal.revision, {"kind": "proposal"}, folder)
        if judged.found["conflicts"]:
            raise errors.Conflicting(judged.found["conflicts"])
        judged.expect_conforming()
        return judged

    async def _published(self, judged: _Judged, proposal: Proposal) -> Outcome:
        """Record it and, in the same transaction, that this submission became it."""
        number, revision, by = proposal.number, proposal.revision, proposal.by
        if not judged.found["added"] and not judged.found["removed"]:
            raise errors.WrongState(
                f"All that submission {number} proposes is published already.",
                hint="Reject it, or let its submitter withdraw it.",
            )

        def publish(connection: Any, position: int) -> None:
            self._folder.submissions.publish(
                connection, number, revision=revision.number, by=by.name, position=position
            )
            where = f"submission {number}, change {position}"
            audit.add(connection, "approve", agent=by.name, token=by.id, on=where)

        about = {"agent": revision.agent, "message": revision.message, "also": publish}
        return await self._recorded(judged, submission=str(number), **about)

    async def _recorded(self, judged: _Judged, **about: Any) -> Outcome:
        position, snapshot, found = judged.position, judged.snapshot, judged.found
        if found["added"] or found["removed"]:
            recording = asyncio.to_thread(self._record, judged.folder, after=position, **about)
            position, snapshot = await to_its_end(recording)
        await self._taken_up(snapshot)  # where nothing changed, too: it may be news to readers
        return Outcome(position, found["added"], found["removed"], found["results"])

    def _record(self, folder: Path, **about: Any) -> tuple[int, Path]:
        with (folder / "added.nq").open("rb") as added, (folder / "removed.nq").open("rb") as gone:
            change = self._folder.record(added, gone, **about)
        return change.position, self._folder.snapshot()

    def _lay_out(self, judged: _Judged, revision: Revision) -> None:
        """What is proposed, and what came to the same graphs since, as files."""
        graphs = touched(revision.added, revision.removed)
        until = {"after": revision.base, "until": judged.position}
        came, went = net(self._folder.journal, graphs, **until)
        files = {
            "proposed-added.nq": revision.added,
            "proposed-removed.nq": revision.removed,
            "meanwhile-added.nq": came,
            "meanwhile-removed.nq": went,
        }
        for name, content in files.items():
            (judged.folder / name).write_bytes(content)
