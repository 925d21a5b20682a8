# SPDX-License-Identifier: Apache-2.0
"""An index in an SQLite file: written by one process, read by others, its position inside."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from typing import TYPE_CHECKING, Any

from biennien_graph.engine import Position
from biennien_graph.errors import StoreError
from biennien_graph.journal import START

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_POSITION = (
    "CREATE TABLE IF NOT EXISTS position "
    "(only INTEGER PRIMARY KEY CHECK (only = 1), number INTEGER, digest TEXT);"
)


class Database:
    """One file. The journal is the truth, so that a commit need not wait for the disk."""

    def __init__(self, path: Path, *, writes: bool) -> None:
        self._path, self._writes = path, writes
        self._own = threading.local()  # a connection for each thread
        self._all: list[sqlite3.Connection] = []
        self._connection()

    @classmethod
    def open(cls, path: Path, tables: str) -> Database:
        """To be written; `StoreError` where the file is damaged."""
        database = cls(path, writes=True)
        try:
            database._connection().executescript(_POSITION + tables)
        except sqlite3.DatabaseError as problem:
            raise StoreError(f"The index {path} cannot be used: {problem}.") from problem
        return database

    @classmethod
    def read(cls, path: Path) -> Database:
        """To be read, from any thread; `StoreError` where there is none."""
        return cls(path, writes=False)

    def close(self) -> None:
        """Close the connections of all threads."""
        for connection in self._all:
            connection.close()

    def position(self) -> Position:
        """The last change that it holds."""
        rows = self.rows("SELECT number, digest FROM position")
        return Position(*rows[0]) if rows and rows[0][0] else Position(0, START)

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        """What a query finds."""
        return self._connection().execute(query, values).fetchall()

    @contextlib.contextmanager
    def reading(self) -> Iterator[tuple[sqlite3.Connection, Position]]:
        """Several queries that see one position, and which."""
        connection = self._connection()
        connection.execute("BEGIN")
        try:
            yield connection, self.position()
        finally:
            connection.execute("COMMIT")

    @contextlib.contextmanager
    def changing(self, position: Position) -> Iterator[sqlite3.Connection]:
        """One transaction that ends at a position."""
        connection = self._connection()
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.execute(
                "INSERT OR REPLACE INTO position VALUES (1, ?, ?)",
                (position.number, position.digest),
            )
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    def _connection(self) -> sqlite3.Connection:
        known: sqlite3.Connection | None = getattr(self._own, "connection", None)
        if known is None:
            known = self._own.connection = self._connect()
            self._all.append(known)
        return known

    def _connect(self) -> sqlite3.Connection:
        mode = "rwc" if self._writes else "ro"
        try:
            connection = sqlite3.connect(
                f"{self._path.absolute().as_uri()}?mode={mode}",
                uri=True,
                timeout=30,
                isolation_level=None,
                check_same_thread=False,
            )
            if self._writes:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = NORMAL")
        except sqlite3.DatabaseError as problem:
            raise StoreError(f"The index {self._path} cannot be used: {problem}.") from problem
        return connection
