# SPDX-License-Identifier: Apache-2.0
"""The relational database: the journal, tokens, submissions; SQLite by default, or PostgreSQL.

SQLite writes ahead and waits for the disk (WAL, `synchronous=FULL`). The tables are made and
altered by numbered migrations (Alembic), applied when a database is opened.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from biennien_graph.database.upgrading import upgrade
from biennien_graph.errors import StoreError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

_KNOWN = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}

_TURN = 0x6269656E6E  # the advisory lock of those who write


class Database:
    """One database, at the newest version of its tables."""

    def __init__(self, url: str) -> None:
        """`url` as SQLAlchemy has it; `UsageError` or `StoreError` where it cannot be used."""
        self._address = _address(url)
        self._engine = _engine(self._address)
        try:
            with self.writing() as connection:
                upgrade(connection)
        except BaseException as problem:
            self.close()
            if not isinstance(problem, sa.exc.DBAPIError):
                raise
            raise StoreError(f"The database {self} cannot be used: {problem.orig}.") from problem

    def __str__(self) -> str:
        return self._address.render_as_string(hide_password=True)

    @property
    def is_shared(self) -> bool:
        """Whether other machines may use it too."""
        return self._address.get_backend_name() != "sqlite"

    @contextlib.contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection that sees one state."""
        with self._engine.connect() as connection:
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction, committed at the end; durable when this returns. One at a time.

        A writer takes its turn before it reads, so that two cannot both see the same state.
        """
        with self._engine.execution_options(writes=True).begin() as connection:
            if self.is_shared:
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_TURN)))
            yield connection

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()


def _address(url: str) -> sa.URL:
    try:
        address = sa.make_url(url)
    except sa.exc.ArgumentError:
        raise UsageError(
            f"“{url}” is not the address of a database.",
            hint="For example postgresql://user:password@host/biennien",
        ) from None
    name = address.get_backend_name()
    if name not in _KNOWN:
        raise UsageError(f"{name} is not a database for Biên Niên.", hint="Use PostgreSQL.")
    return address.set(drivername=_KNOWN[name])


def _engine(address: sa.URL) -> sa.Engine:
    try:
        engine = sa.create_engine(address, pool_pre_ping=True)
    except ModuleNotFoundError:
        raise UsageError(
            "PostgreSQL needs the driver psycopg.", hint="pip install 'biennien[postgresql]'"
        ) from None
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _durable)
        sa.event.listen(engine, "begin", _begin)
    return engine


def _durable(connection: Any, _record: Any) -> None:
    # SQLAlchemy starts transactions itself (below); the driver must not.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
