# SPDX-License-Identifier: Apache-2.0
"""A result of a million rows: the time to its first byte and its end, and what memory it takes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from benchmarks import load
from benchmarks.processes import MemoryWatch
from benchmarks.report import mebibytes, milliseconds, table

if TYPE_CHECKING:
    from benchmarks.peers import Peer
    from benchmarks.runs import Run

_ROWS = 1_000_000
_PATIENCE = 25.0  # seconds; whoever takes longer is not waited for
TITLE = f"Large results: {_ROWS:,} rows"


def measure(run: Run) -> str:
    """Each format from each peer in turn, as Markdown. Slow peers are left out."""
    rows = []
    for syntax in load.ACCEPT:
        for peer in run.peers:
            if not peer.slow:
                print(f"large result, {syntax}, {peer.name} …", file=sys.stderr)
                rows.append([syntax, peer.name, *_one(peer, syntax)])
    heads = ["", "peer", "first byte", "whole result", "size", "idle", "memory beyond that"]
    note = "Aim: the first byte within 50 ms, and less than 200 MB beyond the idle processes.\n"
    return f"{note}\n{table(heads, rows)}"


def _one(peer: Peer, syntax: str) -> list[str]:
    # Named apart for each format, so that nothing is known before.
    target = peer.target(f"SELECT ?{syntax} ?p ?o WHERE {{ ?{syntax} ?p ?o }} LIMIT {_ROWS}")
    request = load.get(*peer.address, target, load.ACCEPT[syntax])
    with MemoryWatch(peer.memory) as watch:
        limits = load.Limits(0.0, 1, _PATIENCE)
        sample = load.measure(peer.address, iter([request]), 1, limits)
    end = milliseconds(sample.latencies[0]) if sample.latencies else f"not in {_PATIENCE:.0f} s"
    if sample.failures and not sample.first_bytes:
        end = f"{end} (failed)" if sample.elapsed < _PATIENCE else end
    first = milliseconds(sample.first_bytes[0]) if sample.first_bytes else "–"
    return [
        first,
        end,
        mebibytes(sample.body_bytes),
        mebibytes(watch.before),
        mebibytes(watch.beyond),
    ]
