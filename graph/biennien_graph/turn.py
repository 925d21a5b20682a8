# SPDX-License-Identifier: Apache-2.0
"""Whose turn it is to work out and record a change, among the processes of a data folder."""

from __future__ import annotations

import contextlib
import fcntl
import time
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_LOOK_EVERY = 0.01  # seconds


class Turn:
    """A lock, and a gate before it: who stands in the gate has the lock next.

    So a service with one update after the other cannot keep a load out, nor the other way round.
    The kernel opens both when the process ends.
    """

    def __init__(self, folder: Path) -> None:
        self._paths = folder / "changes.gate", folder / "changes.lock"
        self._gate: IO[str] | None = None
        self._lock: IO[str] | None = None

    def take(self) -> bool:
        """One try, which remembers how far it has got; whether it is our turn now."""
        self._gate = self._gate or _locked(self._paths[0])
        if self._gate is None:
            return False
        self._lock = self._lock or _locked(self._paths[1])
        if self._lock is None:
            return False
        self._gate.close()
        self._gate = None
        return True

    def leave(self) -> None:
        """Let the next one have it."""
        for held in (self._lock, self._gate):
            if held is not None:
                held.close()
        self._lock = self._gate = None


@contextlib.contextmanager
def turn(folder: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the turn; `waiting` is called, once, where another process has it."""
    ours = Turn(folder)
    try:
        if not ours.take():
            waiting()
            while not ours.take():
                time.sleep(_LOOK_EVERY)
        yield
    finally:
        ours.leave()


def _locked(path: Path) -> IO[str] | None:
    file = path.open("a", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file
