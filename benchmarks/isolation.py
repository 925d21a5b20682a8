# SPDX-License-Identifier: Apache-2.0
"""Whether runaway queries harm others: point queries beside as many as Biên Niên has workers."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import json
import sys
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks import load, peers, queries
from benchmarks.filled import QUERY_SECONDS, WORKERS
from benchmarks.processes import MemoryWatch
from benchmarks.report import mebibytes, milliseconds, number, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.load import Sample
    from benchmarks.peers import Peer
    from benchmarks.runs import Run

TITLE = "Isolation: beside a runaway query on every worker"
_LOAD = load.Limits(1.0, patience=1.2)  # so that all of it ends before the runaways do
_PROBES = load.Limits(0.5, patience=1.2)
_SETTLE = 1.0  # seconds that the runaways have had before anything is measured
_GRACE = 4.0  # seconds after the deadline that a runaway is given to end
_RECOVERY = 30.0  # seconds that the pool is given to be whole again
_MOST_MEMORY = 12 * 2**30  # bytes; a peer that takes more is stopped, for this machine's sake
_BUSY = 0.2  # of a core: whoever takes more while nobody asks is not free


@dataclass(slots=True)
class Runaway:
    """One of the queries, and how it ended: a status and a type, or words where there is none."""

    name: str
    seconds: float = 0.0
    end: str = ""


@dataclass(slots=True)
class Seen:
    """Point queries by the number of clients, and health checks; what was in flight after all."""

    point: dict[int, Sample]
    health: Sample
    in_flight: int = 0


@dataclass(slots=True)
class Observed:
    """What was seen of one peer; bytes and words."""

    peer: str
    quiet: Seen
    beside: Seen
    runaways: list[Runaway]
    memory: int
    after: str


def measure(run: Run) -> str:
    """Each peer alone: in quiet, then beside the runaways, until it is free again; Markdown."""
    found = [_observe(peer, run) for peer in run.peers]
    rows = [row for one in found for row in _rows(one)]
    heads = ["", "clients", "quiet: replies/s", "p50", "p95"]
    heads += ["beside: replies/s", "p50", "p95", "no answer", "beside ÷ quiet"]
    return "\n".join([table(heads, rows), _health(found), _ends(found)])


def _observe(peer: Peer, run: Run) -> Observed:
    print(f"{WORKERS} runaway queries on {peer.name} …", file=sys.stderr)
    texts = queries.WORKLOADS[0].texts(run.documents, 900_000_000)
    quiet = _seen(peer, texts, run.clients)
    runaways = [
        Runaway(name) for name in itertools.islice(itertools.cycle(queries.RUNAWAYS), WORKERS)
    ]
    threads = [threading.Thread(target=_run, args=(peer, one), daemon=True) for one in runaways]
    with MemoryWatch(peer.memory, _MOST_MEMORY) as watch:
        began = time.monotonic()
        for thread in threads:
            thread.start()
        time.sleep(_SETTLE)
        beside = _seen(peer, texts, run.clients)
        beside.in_flight = sum(thread.is_alive() for thread in threads)
        until = began + QUERY_SECONDS + _GRACE if peer.deadline is not None else 0.0
        while time.monotonic() < until and any(t.is_alive() for t in threads):
            if watch.too_much:
                break
            time.sleep(0.02)
        lasted = time.monotonic() - began
    ends = [Runaway(r.name, r.seconds or lasted, r.end or "still running") for r in runaways]
    return Observed(peer.name, quiet, beside, ends, watch.beyond, _free(peer))


def _seen(peer: Peer, texts: Iterator[str], clients: tuple[int, ...]) -> Seen:
    requests = (load.get(*peer.address, peer.target(text)) for text in texts)
    point = {count: load.measure(peer.address, requests, count, _LOAD) for count in clients}
    health = itertools.repeat(load.get(*peer.address, peer.health, "*/*"))
    return Seen(point, load.measure(peer.address, health, 1, _PROBES))


def _run(peer: Peer, runaway: Runaway) -> None:
    began, target = time.monotonic(), peer.target(queries.RUNAWAYS[runaway.name])
    try:
        patience = QUERY_SECONDS + 2 * _GRACE
        status, body = peer.get(target + (peer.deadline or ""), seconds=patience)
        end = f"{status}{_problem(body)}"
    except (OSError, http.client.HTTPException) as problem:
        end = f"no reply ({type(problem).__name__})"
    runaway.seconds, runaway.end = time.monotonic() - began, end


def _problem(body: bytes) -> str:
    """The last part of a problem's type (RFC 9457), where the body is one; else its first words."""
    try:
        return " " + str(json.loads(body)["type"]).rpartition("/")[2]
    except (ValueError, KeyError, TypeError):
        words = " ".join(body[:80].decode(errors="replace").replace("|", " ").split())
        return f" “{words}”" if len(body) < 500 else ""


def _free(peer: Peer) -> str:
    """Wait until the peer is as it was, or start it again; what was needed for it."""
    began = time.monotonic()
    if peer.name in peers.OURS:
        while time.monotonic() < began + _RECOVERY:
            with contextlib.suppress(OSError, ValueError, KeyError):
                if peers.whole(peer):
                    return f"every worker idle after {milliseconds(time.monotonic() - began)}"
            time.sleep(0.01)
        return f"not every worker idle after {_RECOVERY:.0f} s"
    used = peer.processor_seconds()
    time.sleep(1.0)
    if peer.processor_seconds() - used < _BUSY:
        return "idle"
    peer.stop(politely=False)
    if not peer.slow:  # nothing is measured after that is worth the wait for a slow one
        peer.start()
    return "went on running; killed"


def _rows(found: Observed) -> list[list[str]]:
    rows = []
    for count, quiet in found.quiet.point.items():
        beside = found.beside.point[count]
        share = beside.throughput / quiet.throughput if quiet.throughput else 0.0
        figures = [cell for sample in (quiet, beside) for cell in _figures(sample)]
        rows.append([found.peer, str(count), *figures, str(beside.failures), f"**{share:.2f}**"])
    return rows


def _figures(sample: Sample) -> list[str]:
    shares = [milliseconds(load.percentile(sample.latencies, share)) for share in (0.5, 0.95)]
    return [number(sample.throughput), *shares]


def _health(observed: list[Observed]) -> str:
    heads = ["health checks", "quiet p50", "p95", "beside p50", "p95", "no answer"]
    heads += ["runaways in flight to the end", "memory beyond quiet", "afterwards"]
    rows = []
    for found in observed:
        quiet, beside = found.quiet.health, found.beside.health
        cells = [*_figures(quiet)[1:], *_figures(beside)[1:], str(beside.failures)]
        in_flight = f"{found.beside.in_flight} of {len(found.runaways)}"
        rows.append([found.peer, *cells, in_flight, mebibytes(found.memory), found.after])
    return table(heads, rows)


def _ends(observed: list[Observed]) -> str:
    rows = [
        [found.peer, name, ends[0].end, f"{ends[0].seconds:.1f} to {ends[-1].seconds:.1f} s"]
        for found in observed
        for name in queries.RUNAWAYS
        if (ends := sorted((r for r in found.runaways if r.name == name), key=lambda r: r.seconds))
    ]
    return table(["peer", "runaway", "how it ended", "after"], rows)
