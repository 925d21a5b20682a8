# SPDX-License-Identifier: Apache-2.0
"""`python -m benchmarks`: everything in one run; the report goes out and into results/latest.md."""

from __future__ import annotations

import argparse
import itertools
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import data, isolation, load, peers, queries, report

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.peers import Peer
    from benchmarks.queries import Workload

_HERE = Path(__file__).parent
_CACHE = _HERE / ".cache"
_ROUNDS = 4
_WARM_UP = 0.5  # seconds
_PATIENCE = 90.0  # seconds for one reply
_ISOLATION = "isolation"
_EXAMPLES = """examples:
  python -m benchmarks                                  all of it: about five minutes
  python -m benchmarks --quads 100000 --seconds 2       a quick look: about one minute
  python -m benchmarks --only point isolation           some of it
  python -m benchmarks --peers ours oxigraph            without rdflib-endpoint, which is slow
"""
_PEERS = {"ours": peers.OURS, "oxigraph": peers.OXIGRAPH, "rdflib": peers.RDFLIB}


def main() -> None:
    """Load, measure, report; stop everything, whatever happens."""
    options = _options()
    quads = data.cached(_CACHE, options.quads)
    documents = data.documents_in(quads)
    workloads = [w for w in queries.WORKLOADS if w.name in options.only]
    names = [_PEERS[name] for name in options.peers]
    with (
        tempfile.TemporaryDirectory(prefix="run-", dir=_CACHE) as folder,
        peers.running(names, quads, Path(folder)) as running,
    ):
        parts, others = [report.loaded(running)], _Others(running)
        if workloads:
            _compare(running, documents)
            others.begin()
            results = {w.name: _measure(w, running, documents, options.seconds) for w in workloads}
            others.end()
            parts += [report.throughput(workloads, results), report.ratios(workloads, results)]
        if _ISOLATION in options.only:
            observed = []
            for peer in running:
                observed.append(isolation.observe(peer, documents))
                peer.stop()  # so that what it left running harms nobody else
            parts.append(report.isolated(observed))
    head = report.head(options.quads, documents, options.seconds, others.share)
    text = "\n".join([head, *parts])
    print(text)
    if options.write:
        (_HERE / "results").mkdir(exist_ok=True)
        (_HERE / "results" / "latest.md").write_text(text, encoding="utf-8")


class _Others:
    """How much of the processors other processes took while the throughput was measured."""

    def __init__(self, running: list[Peer]) -> None:
        self.share = 0.0
        self._running = running
        self._start = (0.0, 0.0, 0.0)

    def begin(self) -> None:
        self._start = self._now()

    def end(self) -> None:
        elapsed, busy, ours = (
            now - then for now, then in zip(self._now(), self._start, strict=True)
        )
        self.share = max(0.0, busy - ours) / (elapsed * (os.cpu_count() or 1))

    def _now(self) -> tuple[float, float, float]:
        busy, ours = peers.processor_seconds(self._running)
        return time.monotonic(), busy, ours + time.process_time()


def _measure(
    workload: Workload, running: Sequence[Peer], documents: int, seconds: float
) -> report.Rounds:
    """Rounds in turn, each peer with the same questions; a slow peer has one round, at the end."""
    print(f"{workload.title} …", file=sys.stderr)
    rounds: report.Rounds = {peer.name: [] for peer in running}
    texts = {peer.name: workload.texts(documents) for peer in running}
    fast = [peer for peer in running if not peer.slow]
    for peer in fast:
        _round(peer, workload, texts[peer.name], load.Limits(_WARM_UP, patience=_PATIENCE))
    limits = load.Limits(seconds / _ROUNDS, patience=_PATIENCE)
    for turn in range(_ROUNDS):
        for peer in fast if turn % 2 else reversed(fast):
            rounds[peer.name].append(_round(peer, workload, texts[peer.name], limits))
    limits = load.Limits(seconds, workload.slow_most, _PATIENCE)
    for peer in running:
        if peer.slow:
            rounds[peer.name].append(_round(peer, workload, texts[peer.name], limits))
    return rounds


def _round(
    peer: Peer, workload: Workload, texts: Iterator[str], limits: load.Limits
) -> load.Sample:
    requests = (load.get(*peer.address, peer.path, text) for text in texts)
    used = peer.processor_seconds()
    sample = load.measure(peer.address, requests, workload.connections, limits)
    sample.peer = peer.processor_seconds() - used
    return sample


def _compare(running: Sequence[Peer], documents: int) -> None:
    """Make sure that the peers answer the same, but for what Biên Niên derives itself."""
    for workload in queries.WORKLOADS[:-1]:
        text = next(itertools.islice(workload.texts(documents), 3, None))
        counts = {peer.name: _count(peer, text) for peer in running}
        if len(set(counts.values())) > 1:
            raise RuntimeError(f"The peers answer “{workload.title}” differently: {counts}")


def _count(peer: Peer, text: str) -> int:
    target = load.get(*peer.address, peer.path, text).split(b" ", 2)[1].decode()
    status, body = peer.get(target, seconds=_PATIENCE)
    if status != 200:
        raise RuntimeError(f"{peer.name} answers {status}: {body[:500]!r}")
    return sum(
        binding.get("p", {}).get("value") not in data.DERIVED
        for binding in json.loads(body)["results"]["bindings"]
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure Biên Niên side by side with its peers, in one run.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parts = [*(workload.name for workload in queries.WORKLOADS), _ISOLATION]
    parser.add_argument("--quads", type=int, default=data.DEFAULT_QUADS, help="about so many")
    parser.add_argument(
        "--seconds", type=float, default=8.0, help="of load per workload and peer (%(default)s)"
    )
    parser.add_argument(
        "--only",
        nargs="+",
        choices=parts,
        default=parts,
        metavar="PART",
        help=f"of: {', '.join(parts)}",
    )
    parser.add_argument(
        "--peers",
        nargs="+",
        choices=list(_PEERS),
        default=list(_PEERS),
        metavar="PEER",
        help=f"of: {', '.join(_PEERS)}",
    )
    parser.add_argument(
        "--no-write", dest="write", action="store_false", help="leave results/latest.md as it is"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
