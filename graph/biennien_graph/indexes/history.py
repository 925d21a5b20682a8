# SPDX-License-Identifier: Apache-2.0
"""Which changes touched a thing: its statements, those of its own nodes, the claims about it."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from biennien_graph.engine import Position
from biennien_graph.indexes import subjects
from biennien_graph.indexes.database import Database

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from biennien_graph.indexes import Published
    from biennien_graph.journal import Change

_TABLES = """
CREATE TABLE IF NOT EXISTS change (position INTEGER PRIMARY KEY, time TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS touch (
  iri TEXT, position INTEGER, added INTEGER NOT NULL, removed INTEGER NOT NULL,
  PRIMARY KEY (iri, position)
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Touch:
    """That a change touched a thing. `time` is UTC, RFC 3339; counts are quads."""

    position: int
    time: str
    added: int
    removed: int


class History:
    """The index of changes by thing."""

    name = "history.sqlite"

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def open(cls, folder: Path) -> History:
        """To be written."""
        return cls(Database.open(folder / cls.name, _TABLES))

    @classmethod
    def read(cls, folder: Path) -> History:
        """To be read, from any thread; `StoreError` where there is none."""
        return cls(Database.read(folder / cls.name))

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def position(self) -> Position:
        """The last change that it holds."""
        return self._database.position()

    def follow(self, published: Published) -> None:
        """Take up every new change, each in a transaction of its own."""
        if not published.follows(self.position()):
            with self._database.changing(Position(0, "")) as connection:
                connection.execute("DELETE FROM touch")
                connection.execute("DELETE FROM change")
        for change in published.changes(self.position().number):
            with self._database.changing(Position(change.position, change.digest)) as connection:
                _record(connection, change)

    def of(self, iri: str, *, before: int | None = None, limit: int = 100) -> list[Touch]:
        """The changes that touched a thing, newest first; those before a position."""
        rows = self._database.rows(
            "SELECT position, time, added, removed FROM touch JOIN change USING (position) "
            "WHERE iri = ? AND position < ? ORDER BY position DESC LIMIT ?",
            (iri, 2**62 if before is None else before, limit),
        )
        return [Touch(*row) for row in rows]

    def latest(self, iris: Sequence[str]) -> dict[str, str]:
        """When each of some things was touched last, in UTC; nothing for those never touched."""
        rows = self._database.rows(
            "SELECT iri, time, MAX(position) FROM touch JOIN change USING (position) "
            "WHERE iri IN (SELECT value FROM json_each(?)) GROUP BY iri",
            (json.dumps(iris),),
        )
        return {iri: time for iri, time, _ in rows}


def _record(connection: sqlite3.Connection, change: Change) -> None:
    with change.open_added() as lines:
        added = Counter(iri for line in lines for iri in subjects(line))
    removed = Counter(iri for line in change.removed.splitlines() for iri in subjects(line))
    connection.execute("INSERT INTO change VALUES (?, ?)", (change.position, change.time))
    connection.executemany(
        "INSERT INTO touch VALUES (?, ?, ?, ?)", _touches(change.position, added, removed)
    )


def _touches(
    position: int, added: Counter[str], removed: Counter[str]
) -> Iterable[tuple[str, int, int, int]]:
    for iri in sorted(added.keys() | removed.keys()):
        yield iri, position, added[iri], removed[iri]
