# SPDX-License-Identifier: Apache-2.0
"""The data folder: journal, store and snapshots of one service, and who may write to it."""

from __future__ import annotations

import fcntl
import json
import threading
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from biennien_graph.audit import AuditLog
from biennien_graph.database import Database
from biennien_graph.engine.embedded import EmbeddedStore
from biennien_graph.engine.snapshots import SnapshotView, snapshots
from biennien_graph.errors import StoreError
from biennien_graph.journal import Journal
from biennien_graph.projector import Projector
from biennien_graph.sessions import Sessions
from biennien_graph.submissions.store import Submissions
from biennien_graph.terms import NAMESPACE
from biennien_graph.tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from types import TracebackType

    from biennien_graph.engine.deltas import Delta
    from biennien_graph.journal import Change

FORMAT = 1
_MARKER = "biennien.json"
_NEW_MARKER = ".biennien.json.new"
_PATIENCE = 60.0  # seconds to wait for another process to take up a change


class DataFolder:
    """A folder with a marker, the journal, the store, its snapshots and one writer at a time.

    ::

        biennien.json      that this is one, and of which format
        journal.sqlite     the changes (the truth), tokens; or in a database elsewhere
        bulk/              files that large changes name
        store/             the projection that the writer keeps
        snapshots/         views of it for readers
        writer.lock        held by the process that writes to the store
        changes.lock       held by the process that works out a change (and changes.gate)
    """

    def __init__(self, path: Path, *, default_graph: str = "union", database: str = "") -> None:
        """`default_graph`: `union` of all graphs, or the store's `own`; fixed for a folder.

        `database`: the address of the database; empty for a file in the folder.
        """
        self.path = path
        self._merge = default_graph == "union"
        _recognise(path, default_graph)
        self.database = database_of(path, database)
        self.journal = journal_of(path, self.database)
        self.tokens = Tokens(self.database)
        self.sessions = Sessions(self.database, self.tokens)
        self.submissions = Submissions(self.database)
        self.audit = AuditLog(self.database)
        self._lock: IO[str] | None = None
        self._turn = threading.Lock()
        self._store: EmbeddedStore | None = None
        self.projector: Projector | None = None

    def __enter__(self) -> DataFolder:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def writes(self) -> bool:
        """Whether this process is the one that writes to the store."""
        return self.projector is not None

    def take(self) -> bool:
        """Become the writer; False where another process is. Opens the store and checks it."""
        lock = (self.path / "writer.lock").open("a", encoding="ascii")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            return False
        self._lock = lock
        try:
            self._store = EmbeddedStore(
                self.path / "store", self.path / "snapshots", NAMESPACE, merge=self._merge
            )
            projector = Projector(self.journal, self._store)
            projector.check()
        except BaseException:
            self._release()
            raise
        self._store.discard_snapshots()
        self.projector = projector
        return True

    def close(self) -> None:
        """Let go of everything."""
        self._release()
        self.database.close()

    def _release(self) -> None:
        if self._store is not None:
            self._store.close()
        self._store = self.projector = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def snapshot(self) -> Path:
        """The newest view for readers: made now by the writer, or the one that it made last."""
        if self.projector is not None:
            return self._take_up(self.projector)
        return self._wait_for(self.journal.head()[0])

    @property
    def deltas(self) -> Sequence[Delta]:
        """What the last changes did, where this process is the writer."""
        return self._store.deltas.known if self._store is not None else ()

    def view(self) -> SnapshotView:
        """What is published now, as of the newest change."""
        return SnapshotView(self.snapshot())

    def record(
        self,
        added: Iterable[bytes],
        removed: Iterable[bytes],
        *,
        progress: Callable[[Change], None] | None = None,
        **about: Any,
    ) -> Change:
        """Append one change, and return when readers see it; `about` as `Journal.append` has it.

        The change is durable from the moment the journal has it; `JournalConflict` where
        another one came first, and nothing was recorded.
        """
        change = self.journal.append(added, removed, **about)
        if self.projector is not None:
            self._take_up(self.projector, progress)
        else:
            self._wait_for(change.position)
        return change

    def _take_up(
        self, projector: Projector, progress: Callable[[Change], None] | None = None
    ) -> Path:
        """One thread at a time: the service follows the journal while it writes to it."""
        with self._turn:
            projector.catch_up(progress)
            return projector.snapshot()

    def _wait_for(self, position: int) -> Path:
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            newest = snapshots(self.path / "snapshots")[-1:]
            if newest and int(newest[0].name) >= position:
                return newest[0]
            time.sleep(0.02)
        raise StoreError(
            f"Another process writes to {self.path} but has not taken up change {position}.",
            hint="The change is recorded and will be applied; look at the service's log.",
        )


def database_of(path: Path, url: str = "") -> Database:
    """The database of a data folder: `url`, or by default a file in it."""
    return Database(url or f"sqlite:///{path / 'journal.sqlite'}")


def journal_of(path: Path, database: Database) -> Journal:
    """The journal of a data folder."""
    return Journal(database, path / "bulk")


def _recognise(path: Path, default_graph: str) -> None:
    """Make a new folder, or make sure that this is one of ours; never touch another's."""
    marker = path / _MARKER
    if path.exists() and not path.is_dir():
        raise StoreError(f"{path} is a file; the data folder must be a folder.")
    if not path.exists() or all(file.name == _NEW_MARKER for file in path.iterdir()):
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise StoreError(f"{path} cannot be made: {problem.strerror}.") from problem
        new = path / _NEW_MARKER
        content = {"format": FORMAT, "defaultGraph": default_graph}
        new.write_text(json.dumps(content) + "\n", encoding="ascii")
        new.rename(marker)
        return
    if not marker.is_file():
        raise StoreError(
            f"{path} is not a Biên Niên data folder: it has files, but no {_MARKER}.",
            hint="It was left as it is. Name another folder by --data or BIENNIEN_DATA.",
        )
    try:
        content = json.loads(marker.read_text(encoding="ascii"))
        found, graph = content["format"], content["defaultGraph"]
    except (ValueError, KeyError, TypeError) as problem:
        raise StoreError(f"{marker} is damaged.", hint="The folder was left as it is.") from problem
    if found != FORMAT:
        raise StoreError(
            f"{path} has the format {found}; this version of Biên Niên knows format {FORMAT}.",
            hint="It was left as it is. Use the version that wrote it.",
        )
    if graph != default_graph:
        raise StoreError(
            f"{path} was made with the default graph “{graph}”, not “{default_graph}”.",
            hint="Set BIENNIEN_DEFAULT_GRAPH as it was, or name another folder.",
        )
