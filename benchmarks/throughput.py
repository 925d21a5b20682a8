# SPDX-License-Identifier: Apache-2.0
"""Throughput and latency: the peers in turn, in short rounds; cold, and the same text again."""

from __future__ import annotations

import itertools
import json
import statistics
import sys
from typing import TYPE_CHECKING

from benchmarks import data, load, peers
from benchmarks.queries import CACHED_AIM, WORKLOADS
from benchmarks.report import milliseconds, number, ratio, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.load import Sample
    from benchmarks.peers import Peer
    from benchmarks.queries import Workload
    from benchmarks.runs import Run

_WARM_UP = 0.2  # seconds
_PATIENCE = 30.0  # seconds for one reply
_RESERVE = 20_000  # requests a second that are made beforehand: more than any peer answers
_APART = 1_000_000  # numbers between the questions of one measurement and those of the next
_SLOW_CLIENTS = (1, 16)
_TOO_LONG = 3.0  # seconds; whose warm-up takes longer has been measured by that

Case = tuple[str, int]  # cold or cached, and how many clients
Rounds = dict[str, list["Sample"]]  # by the peer's name


def measure(run: Run, workload: Workload) -> str:
    """One workload with every number of clients, as Markdown."""
    _compare(run, workload)
    clients = [count for count in run.clients if count <= workload.most] or [workload.most]
    cases = list(itertools.product(("cold", "cached")[: 1 + workload.cached], clients))
    found = {
        case: _case(run, workload, case, start=turn * _APART) for turn, case in enumerate(cases)
    }
    return f"{_ratios(workload, found, run.names)}\n{_absolute(found)}"


def _case(run: Run, workload: Workload, case: Case, start: int) -> Rounds:
    """Rounds in turn, each peer with the same questions; a slow peer has one round, at the end.

    Longer than others, so that the order of what happens is in one place.
    """
    how, clients = case
    print(f"{workload.name}, {how}, {clients} …", file=sys.stderr)
    fast = [peer for peer in run.peers if not peer.slow]
    rounds: Rounds = {peer.name: [] for peer in fast}
    texts = {peer.name: _texts(run, workload, how, start) for peer in run.peers}
    for peer in tuple(fast):
        limits = load.Limits(_WARM_UP, patience=_PATIENCE)
        warm_up = _round(peer, texts[peer.name], clients, limits)
        if warm_up.elapsed > _TOO_LONG:
            rounds[peer.name].append(warm_up)
            fast.remove(peer)
    for turn in range(run.rounds):
        limits = load.Limits(run.seconds / run.rounds, patience=_PATIENCE)
        for peer in fast[:: -1 if turn % 2 else 1]:
            rounds[peer.name].append(_round(peer, texts[peer.name], clients, limits))
    limits = load.Limits(run.seconds, workload.slow_most, _PATIENCE)
    for peer in run.peers:
        if peer.slow and how == "cold" and clients in _SLOW_CLIENTS[: workload.slow_most]:
            rounds[peer.name] = [_round(peer, texts[peer.name], clients, limits)]
    return rounds


def _texts(run: Run, workload: Workload, how: str, start: int) -> Iterator[str]:
    if how == "cached":
        return itertools.repeat(workload.text(start, run.documents))
    return workload.texts(run.documents, start)


def _round(peer: Peer, texts: Iterator[str], clients: int, limits: load.Limits) -> Sample:
    made = (load.get(*peer.address, peer.target(text)) for text in texts)
    ready = itertools.islice(made, min(limits.requests, int(limits.seconds * _RESERVE)))
    requests = itertools.chain(list(ready), made)
    used = peer.processor_seconds()
    sample = load.measure(peer.address, requests, clients, limits)
    sample.peer = peer.processor_seconds() - used
    return sample


def _compare(run: Run, workload: Workload) -> None:
    """Make sure that the peers answer the same, but for what Biên Niên derives itself."""
    if workload is WORKLOADS[-1]:  # any rows will do
        return
    text = workload.text(3, run.documents)
    counts = {peer.name: _count(peer, text) for peer in run.peers}
    if len(set(counts.values())) > 1:
        raise RuntimeError(f"The peers answer “{workload.title}” differently: {counts}")


def _count(peer: Peer, text: str) -> int:
    status, body = peer.get(peer.target(text), seconds=_PATIENCE)
    if status != 200:
        raise RuntimeError(f"{peer.name} answers {status}: {body[:500]!r}")
    return sum(
        binding.get("p", {}).get("value") not in data.DERIVED
        for binding in json.loads(body)["results"]["bindings"]
    )


def _ratios(workload: Workload, found: dict[Case, Rounds], names: list[str]) -> str:
    """Ours by theirs, of the throughput, each round with its own; the median and the extremes."""
    ours = [name for name in peers.OURS if name in names]
    pairs = [(our, their) for their in names if their not in peers.OURS for our in ours]
    rows = []
    for (how, clients), rounds in found.items():
        row = [how, str(clients)]
        for our, their in pairs:
            aim = CACHED_AIM if how == "cached" else workload.aims[peers.OURS.index(our)]
            words = ratio(*([s.throughput for s in rounds.get(name, [])] for name in (our, their)))
            row.append(f"{words}, aim {aim:g}" if their == peers.OXIGRAPH else words)
        rows.append(row)
    heads = ["", "clients", *(f"{our.partition(', ')[2]} ÷ {their}" for our, their in pairs)]
    return table(heads, rows) if pairs else ""


def _absolute(found: dict[Case, Rounds]) -> str:
    heads = ["", "clients", "peer", "replies/s", "p50", "p95", "first byte p50"]
    heads += ["processor time", "replies", "failures", "generator"]
    rows = [
        [how, str(clients), name, *_figures(samples)]
        for (how, clients), rounds in found.items()
        for name, samples in rounds.items()
    ]
    return table(heads, rows)


def _figures(samples: list[Sample]) -> list[str]:
    latencies = [latency for sample in samples for latency in sample.latencies]
    firsts = [first for sample in samples for first in sample.first_bytes]
    busy = sum(sample.generator for sample in samples) / max(sum(s.elapsed for s in samples), 1e-9)
    return [
        number(statistics.median(sample.throughput for sample in samples)),
        milliseconds(load.percentile(latencies, 0.5)),
        milliseconds(load.percentile(latencies, 0.95)),
        milliseconds(load.percentile(firsts, 0.5)),
        milliseconds(sum(sample.peer for sample in samples) / max(len(latencies), 1)),
        f"{len(latencies):,}",
        str(sum(sample.failures for sample in samples)),
        f"{busy:.0%} of a core",
    ]
