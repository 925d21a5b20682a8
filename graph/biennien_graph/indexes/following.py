# SPDX-License-Identifier: Apache-2.0
"""Bringing every index to what is published."""

from __future__ import annotations

import contextlib
import fcntl
import logging
import shutil
from typing import TYPE_CHECKING

from biennien_graph.datafolder import database_of, journal_of
from biennien_graph.engine import Position
from biennien_graph.engine.snapshots import SnapshotView, snapshots
from biennien_graph.errors import StoreError
from biennien_graph.indexes import Published
from biennien_graph.indexes.history import History

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from biennien_graph.indexes import Index

_LOG = logging.getLogger(__name__)
INDEXES: tuple[type[Index], ...] = (History,)


def folder_of(data: Path) -> Path:
    """Where the indexes of a data folder lie."""
    return data / "indexes"


def catch_up(
    data: Path, database: str = "", progress: Callable[[str], None] | None = None
) -> dict[str, int]:
    """Bring the indexes of a data folder to its newest snapshot; how far each has come.

    `database` is the address of its database; empty for the file in the folder. One process at a
    time; another one waits. An index that fails is left where it was.
    """
    with _published(data, database) as published, _alone(folder_of(data)):
        if published is None:
            return {}
        reached = {}
        for kind in INDEXES:
            if progress is not None:
                progress(kind.name)
            with contextlib.suppress(StoreError):
                reached[kind.name] = _follow(kind, folder_of(data), published)
        return reached


def _follow(kind: type[Index], folder: Path, published: Published) -> int:
    """One that cannot be used is thrown away, once: all that it holds is in the journal."""
    for attempt in range(2):
        try:
            with contextlib.closing(kind.open(folder)) as index:
                if index.position() != published.position:
                    index.follow(published)
                return index.position().number
        except StoreError as problem:
            _LOG.warning("%s", problem)
            if attempt:
                raise
            _throw_away(folder, kind.name)
    raise AssertionError


def _throw_away(folder: Path, name: str) -> None:
    for path in folder.glob(f"{name}*"):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


@contextlib.contextmanager
def _published(data: Path, url: str) -> Iterator[Published | None]:
    database = database_of(data, url)
    try:
        journal = journal_of(data, database)
        newest = snapshots(data / "snapshots")[-1:]
        if not newest:
            yield None
            return
        number = int(newest[0].name)
        digest = journal.digest_at(number) or ""
        yield Published(Position(number, digest), journal, SnapshotView(newest[0]))
    finally:
        database.close()


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
