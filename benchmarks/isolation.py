# SPDX-License-Identifier: Apache-2.0
"""Whether runaway queries harm others: latencies beside four of them, and how each one ends."""

from __future__ import annotations

import contextlib
import http.client
import json
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from benchmarks import load, peers, queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.peers import Peer

_QUIET = 3.0  # seconds of probing before the runaways
_LONGEST = peers.QUERY_SECONDS + 10.0  # seconds that they are given to end
_PROBE_PATIENCE = 3.0  # seconds after which a probe counts as not answered
_PAUSE = 0.01  # seconds between probes
_RECOVERY = 30.0  # seconds that the pool is given to be whole again
_MOST_MEMORY = 12 * 2**30  # bytes; a peer that takes more is stopped, for this machine's sake


@dataclass(slots=True)
class Probes:
    """Latencies in seconds of health checks and of point queries; how many had no answer."""

    health: list[float] = field(default_factory=list)
    point: list[float] = field(default_factory=list)
    unanswered: int = 0


@dataclass(slots=True)
class Runaway:
    """One of the queries, and how it ended: a status and a type, or words where there is none."""

    name: str
    seconds: float = 0.0
    end: str = ""


@dataclass(slots=True)
class Isolation:
    """What was seen of one peer. Bytes; `whole_again` is seconds after the last one's end."""

    peer: str
    quiet: Probes
    beside: Probes
    runaways: list[Runaway]
    memory_before: int
    memory_most: int
    whole_again: float | None = None


def observe(peer: Peer, documents: int) -> Isolation:
    """Probe in quiet, then beside the runaways until they have ended or their time is over."""
    print(f"runaway queries on {peer.name} …", file=sys.stderr)
    peer.guarded()
    points = queries.WORKLOADS[0].texts(documents)
    before, quiet = peer.memory(), Probes()
    _probe_until(peer, points, quiet, _Watch(peer, time.monotonic() + _QUIET, []))
    runaways = [Runaway(name) for name in queries.RUNAWAYS]
    threads = [threading.Thread(target=_run, args=(peer, r), daemon=True) for r in runaways]
    for thread in threads:
        thread.start()
    watch = _Watch(peer, time.monotonic() + _LONGEST, threads)
    beside = Probes()
    _probe_until(peer, points, beside, watch)
    found = Isolation(peer.name, quiet, beside, runaways, before, watch.memory_most)
    if peer.name == peers.OURS:
        found.whole_again = _whole_again(peer)
    for runaway in runaways:
        runaway.end = runaway.end or f"still running after {_LONGEST:.0f} s"
    return found


class _Watch:
    """Says when to stop probing, and looks at the memory on the way."""

    def __init__(self, peer: Peer, until: float, threads: list[threading.Thread]) -> None:
        self.memory_most = 0
        self._peer, self._until, self._threads = peer, until, threads
        self._next_look = 0.0

    def over(self) -> bool:
        """Whether the time is over, all have ended, or the memory is too much."""
        now = time.monotonic()
        if now >= self._next_look:
            self.memory_most = max(self.memory_most, self._peer.memory())
            self._next_look = now + 0.5
        ended = self._threads and not any(thread.is_alive() for thread in self._threads)
        return bool(ended) or now >= self._until or self.memory_most > _MOST_MEMORY


def _probe_until(peer: Peer, points: Iterator[str], probes: Probes, watch: _Watch) -> None:
    with contextlib.closing(_Line(peer)) as line:
        while not watch.over():
            query = load.get(*peer.address, peer.path, next(points)).split(b" ", 2)[1].decode()
            for target, latencies in ((peer.health, probes.health), (query, probes.point)):
                seconds = line.ask(target)
                if seconds is None:
                    probes.unanswered += 1
                else:
                    latencies.append(seconds)
            time.sleep(_PAUSE)


class _Line:
    """One kept connection for probes, opened again when it fails."""

    def __init__(self, peer: Peer) -> None:
        self._make = lambda: http.client.HTTPConnection(*peer.address, timeout=_PROBE_PATIENCE)
        self._connection = self._make()

    def ask(self, target: str) -> float | None:
        """Seconds until the whole reply was there; None where none came, or an error."""
        began = time.perf_counter()
        try:
            self._connection.request("GET", target, headers={"Accept": f"{load.JSON}, */*;q=0.1"})
            reply = self._connection.getresponse()
            reply.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            self._connection = self._make()
            return None
        return time.perf_counter() - began if reply.status == 200 else None

    def close(self) -> None:
        self._connection.close()


def _run(peer: Peer, runaway: Runaway) -> None:
    began, text = time.monotonic(), queries.RUNAWAYS[runaway.name]
    target = load.get(*peer.address, peer.path, text).split(b" ", 2)[1].decode()
    try:
        status, body = peer.get(target, seconds=_LONGEST)
        end = f"{status}{_problem(body)}"
    except TimeoutError:
        end = f"still running after {_LONGEST:.0f} s"
    except (OSError, http.client.HTTPException) as problem:
        end = f"no reply ({type(problem).__name__})"
    runaway.seconds, runaway.end = time.monotonic() - began, end


def _problem(body: bytes) -> str:
    """The last part of a problem's type (RFC 9457), where the body is one; else its first words."""
    try:
        return " " + str(json.loads(body)["type"]).rpartition("/")[2]
    except (ValueError, KeyError, TypeError):
        return f" “{body[:60].decode(errors='replace').strip()}”" if len(body) < 500 else ""


def _whole_again(peer: Peer) -> float | None:
    """Seconds until every worker alive waits for a question; None where that does not come."""
    began = time.monotonic()
    while time.monotonic() < began + _RECOVERY:
        with contextlib.suppress(OSError, ValueError, KeyError):
            workers, idle = peers.whole(peer)
            if workers == idle > 0:
                return time.monotonic() - began
        time.sleep(0.01)
    return None
