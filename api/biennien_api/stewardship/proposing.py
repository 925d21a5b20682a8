# SPDX-License-Identifier: Apache-2.0
"""Submissions as the service handles them: judged by the judges, kept in the database, published
by the writer; each act noted in the audit log, in the same transaction.
"""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections import OrderedDict
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from biennien_api.http.problems import Problem
from biennien_api.stewardship.drafts import drafted, laid_out, undone
from biennien_api.writer import Proposal
from biennien_graph import audit
from biennien_graph.errors import (
    DataError,
    Forbidden,
    NotFound,
    QueryFailed,
    QueryOutOfMemory,
    QueryTimeout,
    UsageError,
    WrongState,
)
from biennien_graph.submissions import Revision
from biennien_graph.submissions.rules import RULES, check
from biennien_graph.submissions.store import stamp

if TYPE_CHECKING:
    from collections.abc import Iterator

    import sqlalchemy as sa

    from biennien_api.judging import Judges
    from biennien_api.settings import Settings
    from biennien_api.stewardship.drafts import Wanted
    from biennien_api.writer import Outcome, Writer
    from biennien_graph.datafolder import DataFolder
    from biennien_graph.submissions import Comment, Submission
    from biennien_graph.submissions.rules import State
    from biennien_graph.tokens import Token

_KEPT = 64  # differences in words, kept until the next change
_CLOSED: dict[str, State] = {"reject": "rejected", "withdraw": "withdrawn"}


class Proposals:
    """What can be done with submissions. `holder` is who does it; `rules` decides whether."""

    def __init__(
        self, settings: Settings, folder: DataFolder, judges: Judges, writer: Writer
    ) -> None:
        self._settings, self._folder = settings, folder
        self._judges, self._writer = judges, writer
        self._differences: OrderedDict[tuple[int, ...], dict[str, Any]] = OrderedDict()
        self.kept = folder.submissions

    async def get(self, number: int) -> Submission:
        """One submission; `NotFound`."""
        return await asyncio.to_thread(self.kept.get, number)

    def actions(self, submission: Submission, holder: Token) -> list[str]:
        """What its holder may do with a submission now."""
        found = []
        for action in RULES:
            with contextlib.suppress(Forbidden, WrongState):
                if action != "propose":
                    check(action, submission, holder, four_eyes=self._settings.four_eyes)
                    found.append(action)
        return found

    async def propose(self, wanted: Wanted, holder: Token) -> Submission:
        """A new submission, open; kept with its report even where it does not conform."""
        await self._may("propose", None, holder)
        revision = await self._revision(wanted, 1, holder)
        also = _noting("propose", holder)
        return await asyncio.to_thread(self.kept.propose, revision, also=also)

    async def amend(self, number: int, after: int, wanted: Wanted, holder: Token) -> Submission:
        """Another revision, made from the one numbered `after`."""
        submission = await self.get(number)
        await self._may("amend", submission, holder)
        await asyncio.to_thread(self.kept.expect_open, number, after)
        revision = await self._revision(wanted, after + 1, holder)
        also = _noting("amend", holder, revision=after + 1)
        return await asyncio.to_thread(self.kept.amend, number, revision, also=also)

    async def revert(self, position: int, message: str, holder: Token) -> Submission:
        """A submission that undoes a change, brought to what is published by now."""
        await self._may("propose", None, holder)
        opposite = await asyncio.to_thread(
            undone, self._folder.journal, position, self._settings.submission_size * 2**20
        )
        revision = replace(opposite, agent=holder.name, message=message, time=stamp())
        with self._scratch() as folder, self._in_words():
            judged = await self._writer.judged(revision, {"kind": "proposal"}, folder)
        if not any(judged.found[name] for name in ("added", "removed", "conflicts")):
            raise WrongState(f"What change {position} did is undone already.")
        revision = replace(revision, results=judged.found["results"])
        also = _noting("propose", holder)
        return await asyncio.to_thread(self.kept.propose, revision, reverts=position, also=also)

    async def approve(self, number: int, revision: int, holder: Token) -> Outcome:
        """Publish a revision in one change."""
        submission = await self.get(number)
        await self._may("approve", submission, holder)
        await asyncio.to_thread(self.kept.expect_open, number, revision)
        found = await asyncio.to_thread(self.kept.revision, number, revision)
        with self._in_words():
            return await self._writer.approve(Proposal(number, found, holder))

    async def close(
        self, action: str, number: int, holder: Token, *, revision: int = 0, reason: str = ""
    ) -> Submission:
        """Reject or withdraw it."""
        submission = await self.get(number)
        await self._may(action, submission, holder)
        about: dict[str, Any] = {"by": holder.name, "reason": reason}
        return await asyncio.to_thread(
            self.kept.close,
            number,
            _CLOSED[action],
            revision=revision or submission.revision,
            also=_noting(action, holder),
            **about,
        )

    async def comment(self, number: int, text: str, holder: Token) -> Comment:
        """Say something about it."""
        await self._may("comment", await self.get(number), holder)
        about: dict[str, Any] = {"agent": holder.name, "text": text}
        also = _noting("comment", holder)
        return await asyncio.to_thread(self.kept.comment, number, also=also, **about)

    async def difference(
        self, submission: Submission, *, revision: int = 0, offset: int = 0, limit: int = 200
    ) -> dict[str, Any]:
        """Rows in words, conflicts, counts; of an open one, against what is published now.

        `added` and `removed` are counts, `patch` is both as N-Quads.
        """
        number = revision or submission.revision
        merge = submission.state == "open" and number == submission.revision
        head = (await asyncio.to_thread(self._folder.journal.head))[0] if merge else 0
        key = (submission.id, number, merge, head, offset, limit)
        if key not in self._differences:
            found = await asyncio.to_thread(self.kept.revision, submission.id, number)
            question = {"kind": "difference", "merge": merge, "offset": offset, "limit": limit}
            with self._scratch() as folder, self._in_words():
                judged = await self._writer.judged(found, question, folder)
            self._differences[key] = judged.found | {"position": judged.position}
            if len(self._differences) > _KEPT:
                self._differences.popitem(last=False)
        return self._differences[key]

    async def compared(
        self, added: bytes, removed: bytes, *, offset: int, limit: int
    ) -> dict[str, Any]:
        """Any difference (N-Quads) in words."""
        head, _ = await asyncio.to_thread(self._folder.journal.head)
        revision = Revision(0, "", "", "", head, added=added, removed=removed)
        question = {"kind": "difference", "merge": False, "offset": offset, "limit": limit}
        with self._scratch() as folder, self._in_words():
            judged = await self._writer.judged(revision, question, folder)
        return {
            name: judged.found[name] for name in ("added", "removed", "rows", "total", "labels")
        }

    async def patch(self, submission: Submission, revision: int = 0) -> tuple[bytes, bytes]:
        """The same as N-Quads, added and removed."""
        number = revision or submission.revision
        found = await asyncio.to_thread(self.kept.revision, submission.id, number)
        merge = submission.state == "open" and number == submission.revision
        question = {"kind": "difference", "merge": merge, "offset": 0, "limit": 0}
        with self._scratch() as folder, self._in_words():
            await self._writer.judged(found, question, folder)
            names = ("added.nq", "removed.nq")
            added, removed = await asyncio.to_thread(
                lambda: [(folder / n).read_bytes() for n in names]
            )
        return added, removed

    async def _revision(self, wanted: Wanted, number: int, holder: Token) -> Revision:
        snapshot = await asyncio.to_thread(self._folder.snapshot)
        with self._scratch() as folder:
            files = await asyncio.to_thread(laid_out, folder, wanted.files)
            question = {
                "kind": "entries",
                "snapshot": str(snapshot),
                "folder": str(folder),
                "files": files,
                "withdrawn": list(wanted.withdrawn),
                "base": wanted.base,
                "most": self._settings.submission_statements,
            }
            with self._in_words():
                found = await self._judges.ask(question, self._settings.submission_seconds)
            if not found["added"] and not found["removed"]:
                raise DataError(
                    "The submission would change nothing: all of it is published as it is."
                )
            return await asyncio.to_thread(
                drafted, folder, wanted, found, number, holder, int(snapshot.name)
            )

    async def _may(self, action: str, submission: Submission | None, holder: Token) -> None:
        """Raise what `rules` says; that somebody was refused is noted."""
        try:
            check(action, submission, holder, four_eyes=self._settings.four_eyes)
        except Forbidden as problem:
            on = f"submission {submission.id}" if submission else ""
            about: dict[str, Any] = {"agent": holder.name, "token": holder.id, "on": on}
            refused = f"refused: {problem.message}"
            await asyncio.to_thread(self._folder.audit.note, action, outcome=refused, **about)
            raise

    @contextlib.contextmanager
    def _scratch(self) -> Iterator[Path]:
        with tempfile.TemporaryDirectory(dir=self._settings.data, prefix="proposal-") as folder:
            yield Path(folder)

    @contextlib.contextmanager
    def _in_words(self) -> Iterator[None]:
        """What the judging process dies of, said of the submission."""
        try:
            yield
        except (QueryTimeout, QueryOutOfMemory, QueryFailed) as problem:
            limits = (
                f"{self._settings.submission_seconds:g} s and {self._settings.query_memory} MiB"
            )
            raise Problem(
                413,
                "too-large",
                f"The submission cannot be judged within {limits}.",
                hint="Divide it; what belongs together in bulk is loaded by biennien load.",
            ) from problem
        except (NotFound, Forbidden, WrongState):
            raise
        except UsageError as problem:  # what cannot be read by anybody here
            raise Problem(
                415, "unsupported-media-type", problem.message, hint=problem.hint
            ) from problem


def _noting(action: str, holder: Token, *, revision: int = 0) -> Any:
    def also(connection: sa.Connection, number: int) -> None:
        on = f"submission {number}" + (f", revision {revision}" if revision else "")
        audit.add(connection, action, agent=holder.name, token=holder.id, on=on)

    return also
