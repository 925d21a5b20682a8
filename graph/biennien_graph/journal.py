# SPDX-License-Identifier: Apache-2.0
"""The journal: numbered, immutable changes. The one truth; all else is a projection of it.

A change says which quads were added and which removed (N-Quads), by whom, when and why. Small
ones lie in the table, compressed; the quads of a bulk load lie beside it in one file named by
its SHA-256. Each change's digest covers the one before it, so that a journal that was cut,
altered or exchanged is recognised.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from biennien_graph.database.tables import CHANGE
from biennien_graph.errors import JournalConflict, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from biennien_graph.database import Database

BULK_BYTES = 8 * 2**20  # of N-Quads; what is larger lies beside the table

START = "0" * 64  # the digest before the first change


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the journal. `time` is UTC, RFC 3339; counts are quads."""

    position: int
    time: str
    agent: str
    message: str
    submission: str | None
    added_count: int
    removed_count: int
    added: bytes | Path
    removed: bytes
    digest: str

    @property
    def is_bulk(self) -> bool:
        """Whether the added quads lie in a file of their own."""
        return isinstance(self.added, Path)

    def open_added(self) -> IO[bytes]:
        """The added quads as N-Quads, to be read as a stream."""
        if isinstance(self.added, Path):
            return gzip.open(self.added, "rb")  # type: ignore[return-value]
        return io.BytesIO(self.added)


class Summary(NamedTuple):
    """What a change says of itself, without its quads."""

    position: int
    time: str
    agent: str
    message: str
    submission: str | None
    added_count: int
    removed_count: int
    digest: str


class Journal:
    """The changes in order, in a database. `bulk` is the folder for the files of bulk loads."""

    def __init__(self, database: Database, bulk: Path) -> None:
        self._database, self._bulk = database, bulk

    def head(self) -> tuple[int, str]:
        """Position and digest of the newest change; `(0, START)` in an empty journal."""
        query = sa.select(CHANGE.c.position, CHANGE.c.digest)
        with self._database.reading() as connection:
            row = connection.execute(
                query.order_by(CHANGE.c.position.desc()).limit(1)
            ).one_or_none()
        return (int(row.position), str(row.digest)) if row else (0, START)

    def digest_at(self, position: int) -> str | None:
        """The digest of the change at `position`; None where there is none."""
        if position == 0:
            return START
        query = sa.select(CHANGE.c.digest).where(CHANGE.c.position == position)
        with self._database.reading() as connection:
            return connection.execute(query).scalar_one_or_none()

    def summaries(self, before: int, limit: int) -> list[Summary]:
        """The changes before a position, newest first, without their quads."""
        query = sa.select(*(CHANGE.c[name] for name in Summary._fields))
        query = query.where(CHANGE.c.position < before).order_by(CHANGE.c.position.desc())
        with self._database.reading() as connection:
            return [Summary(*row) for row in connection.execute(query.limit(limit))]

    def since(self, position: int) -> Iterator[Change]:
        """The changes after `position`, in order, one in memory at a time."""
        while (change := self._next(position)) is not None:
            yield change
            position = change.position

    def append(
        self,
        added: Iterable[bytes],
        removed: Iterable[bytes],
        *,
        agent: str,
        message: str,
        after: int,
        submission: str | None = None,
        also: Callable[[sa.Connection, int], None] = lambda _, __: None,
    ) -> Change:
        """Record one change; when this returns, it is durable.

        `added` and `removed` are lines of N-Quads. `after` is the position that the change was
        made against: `JournalConflict` where another came first. `also` is done in the same
        transaction, given the position.
        """
        plus, plus_count = self._store_added(added)
        minus = b"".join(removed)
        row: dict[str, Any] = {
            "position": after + 1,
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "agent": agent,
            "message": message,
            "submission": submission,
            "added_count": plus_count,
            "removed_count": minus.count(b"\n"),
            "added": None if isinstance(plus, Path) else zlib.compress(plus, 6),
            "added_file": plus.name.removesuffix(".nq.gz") if isinstance(plus, Path) else None,
            "removed": zlib.compress(minus, 6),
        }
        with self._database.writing() as connection:
            newest = connection.execute(
                sa.select(CHANGE.c.position, CHANGE.c.digest)
                .order_by(CHANGE.c.position.desc())
                .limit(1)
            ).one_or_none()
            if (newest.position if newest else 0) != after:
                raise JournalConflict(f"Change {after + 1} was recorded by somebody else first.")
            row["digest"] = _digest(newest.digest if newest else START, row)
            connection.execute(CHANGE.insert().values(**row))
            also(connection, after + 1)
        return self._change(row)

    def verify(self) -> int:
        """Recompute every digest; the number of changes. `StoreError` names the first bad one."""
        previous, count = START, 0
        for position in range(1, self.head()[0] + 1):
            row = self._row(position)
            if row is None:
                raise StoreError(f"Change {position} is missing from the journal.")
            if _digest(previous, row) != row["digest"]:
                raise StoreError(f"Change {position} of the journal was altered.")
            self._verify_file(row)
            previous, count = row["digest"], count + 1
        return count

    def _next(self, position: int) -> Change | None:
        query = sa.select(CHANGE).where(CHANGE.c.position > position)
        with self._database.reading() as connection:
            row = connection.execute(query.order_by(CHANGE.c.position).limit(1)).one_or_none()
        return self._change(dict(row._mapping)) if row else None

    def _row(self, position: int) -> dict[str, Any] | None:
        query = sa.select(CHANGE).where(CHANGE.c.position == position)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return dict(row._mapping) if row else None

    def _change(self, row: dict[str, Any]) -> Change:
        fields = {name: row[name] for name in Change.__dataclass_fields__ if name in row}
        fields["removed"] = zlib.decompress(row["removed"])
        if row["added_file"] is None:
            fields["added"] = zlib.decompress(row["added"])
        else:
            fields["added"] = self._bulk / f"{row['added_file']}.nq.gz"
        return Change(**fields)

    def _verify_file(self, row: dict[str, Any]) -> None:
        name = row["added_file"]
        if name is None:
            return
        file = self._bulk / f"{name}.nq.gz"
        if not file.is_file():
            raise StoreError(f"Change {row['position']} names the file {file}, which is missing.")
        digest = hashlib.sha256()
        with gzip.open(file, "rb") as quads:
            while block := quads.read(2**20):
                digest.update(block)
        if digest.hexdigest() != name:
            raise StoreError(f"The file {file} was altered.")

    def _store_added(self, lines: Iterable[bytes]) -> tuple[bytes | Path, int]:
        """Small: the N-Quads themselves. Large: a file named by the SHA-256 of its content."""
        rest = iter(lines)
        small: list[bytes] = []
        size = 0
        for line in rest:
            small.append(line)
            size += len(line)
            if size > BULK_BYTES:
                return self._store_bulk(small, rest)
        return b"".join(small), len(small)

    def _store_bulk(self, first: list[bytes], rest: Iterator[bytes]) -> tuple[Path, int]:
        self._bulk.mkdir(parents=True, exist_ok=True)
        digest, count = hashlib.sha256(), 0
        unfinished = self._bulk / f"unfinished-{os.getpid()}"
        with (
            unfinished.open("wb") as raw,
            gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=1, mtime=0) as file,
        ):
            for lines in (first, rest):
                for line in lines:
                    digest.update(line)
                    file.write(line)
                    count += 1
            file.close()
            raw.flush()
            os.fsync(raw.fileno())
        final = self._bulk / f"{digest.hexdigest()}.nq.gz"
        unfinished.rename(final)
        _sync_folder(self._bulk)
        return final, count


def _digest(previous: str, row: dict[str, Any]) -> str:
    """SHA-256 over the previous digest and everything that the change says."""
    digest = hashlib.sha256(previous.encode())
    for name in ("position", "time", "agent", "message", "submission", "added_file"):
        digest.update(f"\0{name}={row[name]}".encode())
    for name in ("added", "removed"):
        content = zlib.decompress(row[name]) if row[name] is not None else b""
        digest.update(f"\0{name}={len(content)}\0".encode() + content)
    return digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
