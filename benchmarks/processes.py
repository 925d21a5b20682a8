# SPDX-License-Identifier: Apache-2.0
"""What processes cost, from /proc: processor time and memory. Where there is none: nothing."""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

_TICKS = os.sysconf("SC_CLK_TCK")
_LOOK_EVERY = 0.1  # seconds


def processor_seconds(session: int) -> float:
    """Processor time of all processes of a session, and of those that they have waited for."""
    fields = [_fields(process) for process in _processes(session)]
    return sum(sum(map(int, found[11:15])) for found in fields if found) / _TICKS


def memory(session: int) -> int:
    """Bytes that all processes of a session hold, what they share counted once (Pss)."""
    return sum(_proportional(process) for process in _processes(session))


def machine_seconds() -> float:
    """Processor time that the whole machine has spent, all processors together."""
    with contextlib.suppress(OSError, ValueError):
        whole = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
        return sum(int(count) for count in whole[:3] + whole[5:8]) / _TICKS
    return 0.0


class MemoryWatch:
    """The most that `memory` gave while this was entered; and whether `most` was passed."""

    def __init__(self, memory: Callable[[], int], limit: int = 0) -> None:
        self._memory, self._limit = memory, limit
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.before = self.most = memory()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    @property
    def beyond(self) -> int:
        """Bytes more than before."""
        return self.most - self.before

    @property
    def too_much(self) -> bool:
        """Whether the limit was passed, if there is one."""
        return bool(self._limit) and self.most > self._limit

    def _watch(self) -> None:
        while not self._over.wait(_LOOK_EVERY):
            self.most = max(self.most, self._memory())


def _processes(session: int) -> list[Path]:
    return [
        process
        for process in Path("/proc").glob("[0-9]*")
        if (fields := _fields(process)) and int(fields[3]) == session
    ]


def _fields(process: Path) -> list[str]:
    """Of /proc/…/stat, from the third on (proc_pid_stat(5)); empty where it has gone."""
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _proportional(process: Path) -> int:
    with contextlib.suppress(OSError, ValueError):
        for line in (process / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
