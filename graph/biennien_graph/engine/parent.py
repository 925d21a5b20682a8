# SPDX-License-Identifier: Apache-2.0
"""The process that holds the data in memory (`engine.resident`), as the service sees it.

All of this blocks, and is called in threads.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from biennien_graph.engine import control
from biennien_graph.engine.process import Forked, scratch
from biennien_graph.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from biennien_graph.engine.deltas import Delta

_MODULE = "biennien_graph.engine.resident"
_PATIENCE = 30.0  # seconds for anything but a load


class ParentLost(Exception):
    """The process has ended, or does not answer."""


@dataclass(frozen=True, slots=True)
class Size:
    """Bytes that the process takes for itself, and for the data."""

    own: int
    data: int


class Parent:
    """Holds one copy of a dataset, in as many bytes of address space as it is given."""

    def __init__(self, budget: int) -> None:
        self._turn = threading.Lock()
        self._last_words = scratch()
        self._connection, theirs = socket.socketpair()
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                _MODULE,
                str(theirs.fileno()),
                str(budget),
                json.dumps(PREFIXES),
            ],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._last_words,
            # One arena: the one thread of a child then takes no address space for another.
            env=os.environ | {"MALLOC_ARENA_MAX": "1"},
        )
        theirs.close()
        self.handle = os.pidfd_open(self._process.pid)

    def load(self, snapshot: Path) -> Size:
        """Take in a snapshot; the memory that is taken then."""
        pipes = os.pipe(), os.pipe()
        ends, starts = [end for end, _ in pipes], [start for _, start in pipes]
        try:
            dump = _dump(snapshot, starts)
        finally:
            _close(starts)
        try:
            size, _ = self._exchange({"do": "load"}, ends, patience=None)
        finally:
            _close(ends)
            status = dump.wait()
        if status != 0:
            raise ParentLost(f"The snapshot {snapshot} could not be read.")
        return Size(**size)

    def change(self, deltas: Sequence[Delta]) -> Size:
        """Follow some changes, at least one; the memory that is taken then."""
        size: dict[str, Any] = {}
        for delta in deltas:
            removed, added = delta.removed.decode(), delta.added.decode()
            size, _ = self._exchange({"do": "change", "removed": removed, "added": added})
        return Size(**size)

    def fork(self, memory: int, theirs: socket.socket, last_words: int) -> Forked:
        """A worker on the other end of a socket pair, with a memory limit in bytes."""
        message = {"do": "fork", "memory": memory}
        answer, [handle] = self._exchange(message, [theirs.fileno(), last_words])
        return Forked(answer["pid"], handle)

    @property
    def ran_out_of_memory(self) -> bool:
        """Whether it ended because its budget was used up."""
        words = os.pread(self._last_words, 4096, 0).decode(errors="replace")
        return "memory allocation" in words or "MemoryError" in words

    def kill(self) -> None:
        """End it, and its children with it."""
        self._process.kill()

    def close(self) -> None:
        """End it, wait for its end, let go of everything."""
        self._process.kill()
        self._process.wait()
        with self._turn:  # whoever waits for an answer finds the end
            self._connection.close()
            _close((self.handle, self._last_words))

    def _exchange(
        self,
        message: dict[str, Any],
        descriptors: Sequence[int] = (),
        patience: float | None = _PATIENCE,
    ) -> tuple[dict[str, Any], list[int]]:
        with self._turn:
            try:
                self._connection.settimeout(patience)
                control.send(self._connection, message, descriptors)
                return control.receive(self._connection)
            except (OSError, EOFError) as problem:
                raise ParentLost("The process with the copy has ended.") from problem


def _dump(snapshot: Path, starts: Sequence[int]) -> subprocess.Popen[bytes]:
    """Begin to write out a snapshot into pipes."""
    return subprocess.Popen(
        [sys.executable, "-m", _MODULE, "dump", str(snapshot), *map(str, starts)],
        pass_fds=starts,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _close(descriptors: Sequence[int]) -> None:
    for descriptor in descriptors:
        with contextlib.suppress(OSError):
            os.close(descriptor)
