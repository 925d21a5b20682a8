# SPDX-License-Identifier: Apache-2.0
"""What worker processes set for themselves: what they may use, and when they end."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import sys


def limit_memory(limit: int | None) -> None:
    """Allow `limit` bytes of address space beyond what is mapped now; None: no limit."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    soft = resource.RLIM_INFINITY if limit is None else _mapped() + limit
    with contextlib.suppress(ValueError, OSError):  # some systems know no such limit
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def give_back_memory() -> None:
    """What was freed and is not in use, to the system (GNU libc)."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)


def _mapped() -> int:
    try:
        with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123
            return int(statm.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def unlimited_files() -> int:
    """Allow as many open files as the system does; how many these are."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def open_files() -> int:
    """The highest descriptor in use."""
    try:
        return max(int(name) for name in os.listdir("/proc/self/fd"))  # noqa: PTH208
    except OSError:
        return 256


def die_with_parent() -> None:
    """Linux: end when the service ends, however it ends."""
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)


def be_a_worker() -> None:
    """What a process sets for itself that works for the service, and its children take over."""
    die_with_parent()
    with contextlib.suppress(OSError, AttributeError):
        # Linux: to be woken without pushing the service, which woke it, off its processor.
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
