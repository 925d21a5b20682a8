# SPDX-License-Identifier: Apache-2.0
"""Which changes touched a thing: its statements, those of its own nodes, the claims about it."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from biennien_graph.engine import Position
from biennien_graph.indexes import SUBJECT
from biennien_graph.indexes.database import Database

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from biennien_graph.indexes import Published
    from biennien_graph.journal import Change

_TABLES = """
CREATE TABLE IF NOT EXISTS change (position INTEGER PRIMARY KEY, time TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS claim (
  iri TEXT, about TEXT, PRIMARY KEY (iri, about)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS touch (
  iri TEXT, position INTEGER, added INTEGER NOT NULL, removed INTEGER NOT NULL,
  PRIMARY KEY (iri, position)
) WITHOUT ROWID;
"""

_NOW = """
CREATE TEMP TABLE IF NOT EXISTS now (
  iri TEXT PRIMARY KEY, added INTEGER NOT NULL, removed INTEGER NOT NULL
) WITHOUT ROWID
"""
# A claim that is changed in place need not say again what it is about: that is known from before.
_TOUCHED = """
INSERT INTO touch (iri, position, added, removed)
SELECT iri, ?, sum(added), sum(removed) FROM (
  SELECT iri, added, removed FROM now
  UNION ALL SELECT about, added, removed FROM now JOIN claim USING (iri)
) GROUP BY iri
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
                connection.execute("DELETE FROM claim")
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
    """Take up one change: count its quads by thing, then those of claims by what they are about."""
    connection.execute("INSERT INTO change VALUES (?, ?)", (change.position, change.time))
    with change.open_added() as lines:
        added = _counted(connection, lines)
    removed = _counted(connection, change.removed.splitlines())
    connection.execute(_NOW)
    connection.execute("DELETE FROM now")
    rows = ((iri, added[iri], removed[iri]) for iri in added.keys() | removed.keys())
    connection.executemany("INSERT INTO now VALUES (?, ?, ?)", rows)
    connection.execute(_TOUCHED, (change.position,))


def _counted(connection: sqlite3.Connection, lines: Iterable[bytes]) -> Counter[str]:
    """How many lines each thing and node is the subject of; which claims are about what is kept."""
    counts: Counter[str] = Counter()
    for line in lines:
        subject, predicate, rest = line.split(b" ", 2)
        counts.update(_with_thing(subject))
        if predicate == SUBJECT:
            claim = _with_thing(subject)[:1]
            abouts = _with_thing(rest.split(b" ", 1)[0])
            pairs = ((iri, about) for iri in claim for about in abouts)
            connection.executemany("INSERT OR IGNORE INTO claim VALUES (?, ?)", pairs)
    return counts


def _with_thing(node: bytes) -> tuple[str, ...]:
    """A node and the thing that it is a part of; nothing for a blank one."""
    if not node.startswith(b"<"):
        return ()
    iri = node[1:-1].decode()
    return tuple(dict.fromkeys((iri, iri.partition("#")[0])))
