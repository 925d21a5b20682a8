# SPDX-License-Identifier: Apache-2.0
"""The audit log: who did what, and who was refused what. Entries are added, never altered.

Each entry's digest covers the one before it, so that a log that was cut or altered outside the
service is recognised.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from biennien_graph.database.tables import AUDIT
from biennien_graph.errors import StoreError

if TYPE_CHECKING:
    from biennien_graph.database import Database

_START = "0" * 64


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the log. `outcome` is `done`, or why it was refused."""

    id: int
    time: str
    agent: str
    token: str | None
    action: str
    object: str
    outcome: str


class AuditLog:
    """The log of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(
        self, action: str, *, agent: str, token: str | None = None, on: str = "", outcome: str
    ) -> None:
        """Add an entry, in a transaction of its own."""
        with self._database.writing() as connection:
            add(connection, action, agent=agent, token=token, on=on, outcome=outcome)

    def newest(self, *, before: int | None = None, limit: int = 100) -> list[Event]:
        """Entries, the newest first, those with an id below `before`."""
        query = sa.select(AUDIT).order_by(AUDIT.c.id.desc())
        if before is not None:
            query = query.where(AUDIT.c.id < before)
        with self._database.reading() as connection:
            rows = connection.execute(query.limit(limit)).all()
        names = Event.__dataclass_fields__
        return [Event(**{name: row._mapping[name] for name in names}) for row in rows]

    def verify(self) -> int:
        """Recompute every digest; the number of entries. `StoreError` names the first bad one."""
        previous, count = _START, 0
        with self._database.reading() as connection:
            for row in connection.execute(sa.select(AUDIT).order_by(AUDIT.c.id)):
                known = dict(row._mapping)
                if known["id"] != count + 1 or known.pop("digest") != _digest(previous, known):
                    raise StoreError(f"Entry {count + 1} of the audit log was altered or removed.")
                previous, count = row.digest, count + 1
        return count


def add(
    connection: sa.Connection,
    action: str,
    *,
    agent: str,
    token: str | None = None,
    on: str = "",
    outcome: str = "done",
) -> None:
    """Add an entry in a transaction of a writer's, so that it is there if what it tells is."""
    newest = sa.select(AUDIT.c.id, AUDIT.c.digest).order_by(AUDIT.c.id.desc()).limit(1)
    last = connection.execute(newest).one_or_none()
    row = {
        "id": (last.id if last else 0) + 1,
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "agent": agent,
        "token": token,
        "action": action,
        "object": on,
        "outcome": outcome,
    }
    digest = _digest(last.digest if last else _START, row)
    connection.execute(AUDIT.insert().values(**row, digest=digest))


def _digest(previous: str, row: dict[str, object]) -> str:
    digest = hashlib.sha256(previous.encode())
    for name in ("id", "time", "agent", "token", "action", "object", "outcome"):
        digest.update(f"\0{name}={row[name]}".encode())
    return digest.hexdigest()
