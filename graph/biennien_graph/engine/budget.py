# SPDX-License-Identifier: Apache-2.0
"""How much memory is free."""

from __future__ import annotations

import contextlib
from pathlib import Path

_GROUP = Path("/sys/fs/cgroup")


def free_memory() -> int:
    """In bytes: what Linux holds to be available, and the control group allows; else 0."""
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
        free = next(int(line.split()[1]) * 1024 for line in lines if "MemAvailable" in line)
    except (OSError, StopIteration, ValueError):
        return 0
    with contextlib.suppress(OSError, ValueError):  # ValueError: “max”
        most, used = (int((_GROUP / f"memory.{name}").read_text()) for name in ("max", "current"))
        free = min(free, max(most - used, 0))
    return free
