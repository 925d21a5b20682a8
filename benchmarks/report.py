# SPDX-License-Identifier: Apache-2.0
"""What was measured, as Markdown."""

from __future__ import annotations

import os
import platform
import statistics
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

from benchmarks import peers
from benchmarks.load import percentile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.isolation import Isolation
    from benchmarks.load import Sample
    from benchmarks.peers import Peer
    from benchmarks.queries import Workload

Rounds = dict[str, list["Sample"]]  # of one workload, by the peer's name


def head(quads: int, documents: int, seconds: float, others: float) -> str:
    """The date, the machine, the versions. Nothing that tells which machine it was."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"""# What Biên Niên costs, beside its peers

Written by `python -m benchmarks`; what is measured and how: [README](../README.md).

- {datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {memory:.0f} GiB of memory, \
{platform.system()} {platform.machine()}, Python {platform.python_version()}; \
the load generator runs on the same cores, \
and so did other processes, which took {others:.0%} of them meanwhile (near 0 is a good run).
- {quads:,} quads, {documents:,} documents; {seconds:g} s per workload and peer, in rounds \
that alternate between the peers.
- pyoxigraph {version("pyoxigraph")}, Starlette {version("starlette")}, \
uvicorn {version("uvicorn")}.
"""


def loaded(running: Sequence[Peer]) -> str:
    """How long loading took, and the memory held after it."""
    rows = [
        [peer.name, peer.version, f"{peer.load_seconds:.1f} s", _mebibytes(peer.memory())]
        for peer in running
    ]
    return "## Loaded\n\n" + table(["", "version", "loaded in", "memory at rest"], rows)


def throughput(workloads: Sequence[Workload], results: dict[str, Rounds]) -> str:
    """One row per workload and peer, and the ratios."""
    rows = []
    for workload in workloads:
        for name, samples in results[workload.name].items():
            rows.append([workload.title, name, *_figures(samples)])
    heads = [
        "workload",
        "peer",
        "replies/s",
        "p50",
        "p95",
        "first byte p50",
        "processor time",
        "replies",
        "failures",
        "generator",
    ]
    return "## Throughput and latency\n\n" + table(heads, rows)


def ratios(workloads: Sequence[Workload], results: dict[str, Rounds]) -> str:
    """Ours by theirs, of the throughput, each round with its own; the median and the extremes."""
    rows = []
    for workload in workloads:
        found = results[workload.name]
        ours = [sample.throughput for sample in found.get(peers.OURS, [])]
        row = [workload.title]
        for name, aim in ((peers.OXIGRAPH, workload.aim), (peers.RDFLIB, 20.0)):
            row += [_ratio(ours, [s.throughput for s in found.get(name, [])]), f"≥ {aim:g}"]
        rows.append(row)
    heads = ["workload", "ours ÷ Oxigraph server", "aim", "ours ÷ rdflib-endpoint", "aim"]
    return "## Ratios of throughput\n\n" + table(heads, rows)


def isolated(observed: Sequence[Isolation]) -> str:
    """Latencies beside runaways, how these end, and when all is well again."""
    heads = [
        "",
        "health p50",
        "p95",
        "worst",
        "point query p50",
        "p95",
        "worst",
        "not answered",
        "memory",
    ]
    rows = []
    for found in observed:
        for words, probes, memory in (
            ("quiet", found.quiet, found.memory_before),
            ("beside 4 runaways", found.beside, found.memory_most),
        ):
            cells = [*_spread(probes.health), *_spread(probes.point)]
            asked = len(probes.health) + len(probes.point) + probes.unanswered
            unanswered = f"{probes.unanswered} of {asked}"
            rows.append([f"{found.peer}, {words}", *cells, unanswered, _mebibytes(memory)])
    return f"## Isolation\n\n{table(heads, rows)}\n{_ends(observed)}"


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


def _figures(samples: Sequence[Sample]) -> list[str]:
    latencies = [latency for sample in samples for latency in sample.latencies]
    firsts = [first for sample in samples for first in sample.first_bytes]
    middle = statistics.median(sample.throughput for sample in samples)
    busy = sum(sample.generator for sample in samples) / max(sum(s.elapsed for s in samples), 1e-9)
    return [
        f"{middle:,.0f}" if middle >= 100 else f"{middle:.3g}",
        milliseconds(percentile(latencies, 0.5)),
        milliseconds(percentile(latencies, 0.95)),
        milliseconds(percentile(firsts, 0.5)),
        milliseconds(sum(sample.peer for sample in samples) / max(len(latencies), 1)),
        f"{len(latencies):,}",
        str(sum(sample.failures for sample in samples)),
        f"{busy:.0%} of a core",
    ]


def _ratio(ours: list[float], theirs: list[float]) -> str:
    if not ours or not theirs or not min(theirs):
        return "–"
    if len(theirs) < len(ours):  # a slow peer: once, beside the median of ours
        ours = [statistics.median(ours)]
    found = sorted(our / their for our, their in zip(ours, theirs, strict=False))
    middle = statistics.median(found)
    if len(found) == 1:
        return f"**{middle:.3g}**"
    return f"**{middle:.2f}** ({found[0]:.2f} to {found[-1]:.2f})"


def _spread(latencies: Sequence[float]) -> list[str]:
    worst = max(latencies, default=float("nan"))
    shares = [percentile(latencies, share) for share in (0.5, 0.95)]
    return [milliseconds(value) for value in (*shares, worst)]


def _ends(observed: Sequence[Isolation]) -> str:
    rows = [
        [found.peer, runaway.name, runaway.end, f"{runaway.seconds:.1f} s"]
        for found in observed
        for runaway in found.runaways
    ]
    lines = [table(["peer", "runaway", "how it ended", "after"], rows)]
    lines += [
        f"{found.peer}: every worker idle again "
        f"{milliseconds(found.whole_again)} after the last runaway's end.\n"
        for found in observed
        if found.whole_again is not None
    ]
    return "\n".join(lines)


def _mebibytes(count: int) -> str:
    return f"{count / 2**20:,.0f} MiB"
