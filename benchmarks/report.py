# SPDX-License-Identifier: Apache-2.0
"""What was measured, as Markdown: one file, a section for each subject, replaced one by one."""

from __future__ import annotations

import os
import platform
import re
import statistics
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmarks.runs import Run

_HEAD = """# What Biên Niên costs, beside its peers

Written by `python -m benchmarks`; what is measured and how: [README](../README.md).
Each section says when it was measured, and on what.
"""


class Report:
    """A file of sections. A section that is measured again takes the place of the old one."""

    def __init__(self, file: Path, *, anew: bool) -> None:
        self._file = file
        old = "" if anew or not file.exists() else file.read_text(encoding="utf-8")
        parts = re.split(r"^## (.+)\n", old, flags=re.MULTILINE)[1:]
        self._sections = dict(zip(parts[::2], parts[1::2], strict=True))

    def put(self, title: str, facts: str, text: str) -> None:
        """Write a section, now: what comes later may fail."""
        self._sections[title] = f"\n{facts}\n\n{text.strip()}\n\n"
        parts = [f"## {name}\n{body}" for name, body in self._sections.items()]
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text("\n".join([_HEAD, *parts]).rstrip() + "\n", encoding="utf-8")


def facts(run: Run, quads: int, others: float) -> str:
    """The date, the machine, the versions. Nothing that tells which machine it was."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = [f"{peer.name} {peer.version}" for peer in run.peers]
    return f"""{datetime.now(UTC):%Y-%m-%d %H:%M} UTC; {os.cpu_count()} cores, \
{memory:.0f} GiB, {platform.system()} {platform.machine()}, \
Python {platform.python_version()}, pyoxigraph {version("pyoxigraph")}, \
uvicorn {version("uvicorn")}; {", ".join(versions)}; {quads:,} quads, \
{run.seconds:g} s in {run.rounds} rounds. \
Other processes took {others:.0%} of the cores (near 0 is a good run)."""


def loaded(run: Run, missing: dict[str, str]) -> str:
    """How long loading and starting took, and the memory held after it."""
    rows = [
        [
            peer.name,
            peer.version,
            "–" if peer.load_seconds is None else f"{peer.load_seconds:.1f} s",
            f"{peer.start_seconds:.1f} s",
            mebibytes(peer.memory()),
        ]
        for peer in run.peers
    ]
    text = table(["", "version", "loaded in", "started in", "memory at rest"], rows)
    notes = [f"{name} was not there: `{advice}`.\n" for name, advice in missing.items()]
    return "\n".join([text, *notes])


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table with its columns in line."""
    grid = [list(heads), *map(list, rows)]
    widths = [max(len(row[column]) for row in grid) for column in range(len(heads))]
    lines = ["| " + " | ".join(map(str.ljust, row, widths)) + " |" for row in grid]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines) + "\n"


def milliseconds(seconds: float) -> str:
    """Three significant figures, about."""
    value = seconds * 1000
    if value != value:
        return "–"
    return f"{value:,.0f} ms" if value >= 100 else f"{value:.3g} ms"


def number(value: float) -> str:
    """Three significant figures, about."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def mebibytes(count: int) -> str:
    """Bytes, for people."""
    return f"{count / 2**20:,.0f} MiB"


def ratio(ours: list[float], theirs: list[float]) -> str:
    """The median of the ratios, round by round, and the extremes."""
    if not ours or not theirs or not min(theirs):
        return "–"
    if len(theirs) < len(ours):  # a slow peer: once, beside the median of ours
        ours = [statistics.median(ours)]
    found = sorted(our / their for our, their in zip(ours, theirs, strict=False))
    middle = statistics.median(found)
    if len(found) == 1:
        return f"**{middle:.3g}**"
    return f"**{middle:.2f}** ({found[0]:.2f} to {found[-1]:.2f})"
