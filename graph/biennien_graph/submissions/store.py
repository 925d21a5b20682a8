# SPDX-License-Identifier: Apache-2.0
"""Submissions in the database. What may be done is decided before (`rules`); this keeps it."""

from __future__ import annotations

import json
import zlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from biennien_graph.database.tables import COMMENT, PROPOSED, REVISION, SUBMISSION
from biennien_graph.errors import NotFound, WrongState
from biennien_graph.submissions import Comment, Proposed, Revision, Submission

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from biennien_graph.database import Database
    from biennien_graph.submissions.rules import State

    Also = Callable[[sa.Connection, int], None]


def _nothing(_connection: sa.Connection, _number: int) -> None:
    """Nothing else is done in the transaction."""


class Submissions:
    """All submissions of a database. Each call is one transaction; `also` is done in it, too,
    given the number of the submission.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def propose(
        self, revision: Revision, *, reverts: int | None = None, also: Also = _nothing
    ) -> Submission:
        """Keep a first revision as a new submission, open."""
        row = {
            "state": "open",
            "agent": revision.agent,
            "message": revision.message,
            "created": revision.time,
            "updated": revision.time,
            "revision": 1,
            "reverts": reverts,
        }
        with self._database.writing() as connection:
            insert = SUBMISSION.insert().values(row).returning(SUBMISSION.c.id)
            number = connection.execute(insert).scalar_one()
            _insert(connection, number, 1, revision)
            also(connection, number)
            return _submission(connection, number)

    def amend(self, number: int, revision: Revision, *, also: Also = _nothing) -> Submission:
        """Keep another revision. `WrongState` where the submission is no longer open, or where
        another revision came first than the one that this was made from (`revision.number - 1`).
        """
        with self._database.writing() as connection:
            _expect_open(connection, number, revision.number - 1)
            _insert(connection, number, revision.number, revision)
            values = {
                "revision": revision.number,
                "message": revision.message,
                "updated": revision.time,
            }
            _set(connection, number, values)
            also(connection, number)
            return _submission(connection, number)

    def close(
        self,
        number: int,
        state: State,
        *,
        revision: int,
        by: str,
        reason: str = "",
        also: Also = _nothing,
    ) -> Submission:
        """Reject or withdraw it. `WrongState` where somebody else was quicker."""
        with self._database.writing() as connection:
            _expect_open(connection, number, revision)
            values = {"state": state, "decided_by": by, "reason": reason, "updated": stamp()}
            _set(connection, number, values)
            also(connection, number)
            return _submission(connection, number)

    def publish(
        self, connection: sa.Connection, number: int, *, revision: int, by: str, position: int
    ) -> None:
        """Note, in the transaction that records the change, that this submission became it.

        `WrongState` where somebody else was quicker; the change is not recorded then.
        """
        _expect_open(connection, number, revision)
        values = {
            "state": "published",
            "decided_by": by,
            "position": position,
            "updated": stamp(),
        }
        _set(connection, number, values)

    def comment(self, number: int, *, agent: str, text: str, also: Also = _nothing) -> Comment:
        """Add a comment; possible in every state."""
        with self._database.writing() as connection:
            found = _submission(connection, number)
            count = sa.select(sa.func.count()).where(COMMENT.c.submission == number)
            comment = Comment(
                number=connection.execute(count).scalar_one() + 1,
                revision=found.revision,
                agent=agent,
                time=stamp(),
                text=text,
            )
            row = {name: getattr(comment, name) for name in Comment.__dataclass_fields__}
            connection.execute(COMMENT.insert().values(submission=number, **row))
            also(connection, number)
            return comment

    def expect_open(self, number: int, revision: int) -> None:
        """Raise `WrongState` where it is decided, or was amended since."""
        with self._database.reading() as connection:
            _expect_open(connection, number, revision)

    def get(self, number: int) -> Submission:
        """One submission; `NotFound` where there is none of that number."""
        with self._database.reading() as connection:
            return _submission(connection, number)

    def all(
        self,
        *,
        state: State | None = None,
        agent: str = "",
        before: int | None = None,
        limit: int = 50,
    ) -> list[Submission]:
        """Submissions, the newest first, those with a number below `before`."""
        query = sa.select(SUBMISSION)
        if before is not None:
            query = query.where(SUBMISSION.c.id < before)
        if state:
            query = query.where(SUBMISSION.c.state == state)
        if agent:
            query = query.where(SUBMISSION.c.agent == agent)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(SUBMISSION.c.id.desc()).limit(limit)).all()
        return [Submission(**row._mapping) for row in rows]

    def count(self) -> dict[str, int]:
        """How many there are in each state."""
        query = sa.select(SUBMISSION.c.state, sa.func.count()).group_by(SUBMISSION.c.state)
        with self._database.reading() as connection:
            return {str(state): int(count) for state, count in connection.execute(query)}

    def revision(self, number: int, revision: int) -> Revision:
        """One revision, with its entries; `NotFound` where there is none."""
        row_of = sa.select(REVISION).where(
            REVISION.c.submission == number, REVISION.c.number == revision
        )
        entries_of = (
            sa.select(PROPOSED)
            .where(PROPOSED.c.submission == number, PROPOSED.c.revision == revision)
            .order_by(PROPOSED.c.number)
        )
        with self._database.reading() as connection:
            row = connection.execute(row_of).one_or_none()
            entries = connection.execute(entries_of).all()
        if row is None:
            raise NotFound(f"Submission {number} has no revision {revision}.")
        return _revision(row._mapping, [entry._mapping for entry in entries])

    def revisions(self, number: int) -> list[tuple[int, str, str, str]]:
        """Number, agent, time and message of every revision, the oldest first."""
        of = sa.select(
            REVISION.c.number, REVISION.c.agent, REVISION.c.time, REVISION.c.message
        ).where(REVISION.c.submission == number)
        with self._database.reading() as connection:
            rows = connection.execute(of.order_by(REVISION.c.number)).all()
        return [(row.number, row.agent, row.time, row.message) for row in rows]

    def comments(self, number: int) -> list[Comment]:
        """The comments, the oldest first."""
        of = sa.select(COMMENT).where(COMMENT.c.submission == number).order_by(COMMENT.c.number)
        with self._database.reading() as connection:
            rows = connection.execute(of).all()
        names = Comment.__dataclass_fields__
        return [Comment(**{name: row._mapping[name] for name in names}) for row in rows]


def stamp() -> str:
    """Now, UTC, RFC 3339."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _expect_open(connection: sa.Connection, number: int, revision: int) -> None:
    found = _submission(connection, number)
    if found.state != "open":
        published = f"It is change {found.position}." if found.position else ""
        raise WrongState(f"Submission {number} is {found.state}.", hint=published)
    if found.revision != revision:
        raise WrongState(
            f"Submission {number} is at revision {found.revision}, not {revision}.",
            hint="Look at the newest revision first.",
        )


def _submission(connection: sa.Connection, number: int) -> Submission:
    row = connection.execute(sa.select(SUBMISSION).where(SUBMISSION.c.id == number)).one_or_none()
    if row is None:
        raise NotFound(f"There is no submission {number}.")
    return Submission(**row._mapping)


def _set(connection: sa.Connection, number: int, values: dict[str, Any]) -> None:
    connection.execute(SUBMISSION.update().where(SUBMISSION.c.id == number).values(values))


def _insert(connection: sa.Connection, submission: int, number: int, revision: Revision) -> None:
    connection.execute(
        REVISION.insert().values(
            submission=submission,
            number=number,
            agent=revision.agent,
            time=revision.time,
            message=revision.message,
            base=revision.base,
            added=zlib.compress(revision.added),
            removed=zlib.compress(revision.removed),
            results=json.dumps(revision.results, ensure_ascii=False),
        )
    )
    for place, entry in enumerate(revision.entries, 1):
        connection.execute(
            PROPOSED.insert().values(
                submission=submission,
                revision=number,
                number=place,
                graph=entry.graph,
                action=entry.action,
                name=entry.name,
                media_type=entry.media_type,
                content=zlib.compress(entry.content),
            )
        )


def _revision(row: sa.RowMapping, entries: Sequence[sa.RowMapping]) -> Revision:
    return Revision(
        number=row["number"],
        agent=row["agent"],
        time=row["time"],
        message=row["message"],
        base=row["base"],
        added=zlib.decompress(row["added"]),
        removed=zlib.decompress(row["removed"]),
        results=json.loads(row["results"]),
        entries=tuple(
            Proposed(
                graph=entry["graph"],
                action=entry["action"],
                name=entry["name"],
                media_type=entry["media_type"],
                content=zlib.decompress(entry["content"]),
            )
            for entry in entries
        ),
    )
