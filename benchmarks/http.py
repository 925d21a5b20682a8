# SPDX-License-Identifier: Apache-2.0
"""What HTTP costs: our routes beside a bare Starlette route that returns the same bytes.

Both run under the same server with the same options, and are asked in turn, round by round.

    python -m benchmarks.http HOST:PORT DOCUMENTS    a service with so many generated documents
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import itertools
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks import data, load
from benchmarks.report import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.runs import Run

TITLE = "HTTP: descriptions and lists beside a bare route"
HOST = "127.0.0.1"
_CLIENTS = 16
_OTHER = ("date", "server", "content-length", "connection", "transfer-encoding")
_ALIKE = {"access_log": False, "server_header": False, "log_config": None}  # as server.py has them


@dataclass(frozen=True, slots=True)
class Uncached:
    """A kind of request that is different each time; the aim is of its median, in seconds.

    The first target that there is here is asked.
    """

    name: str
    targets: tuple[str, ...]
    accept: str
    aim: float


UNCACHED = (
    Uncached("description", ("/doc/document/van-ban-{n}",), "text/turtle", 0.010),
    Uncached(
        "description as JSON-LD", ("/doc/document/van-ban-{n}",), "application/ld+json", 0.010
    ),
    Uncached(
        "filtered list with facets",
        (
            "/api/documents?agency=so-{d}-tinh-{p}&limit={m}&facets=form",
            "/api/documents?q=van+ban+{n}",
        ),
        "application/ld+json",
        0.030,
    ),
    Uncached("search", ("/api/search?q=van+ban+{n}",), "application/ld+json", 0.015),
)


def measure(run: Run) -> str:
    """A section of the report, about the first of our own services in a run."""
    from benchmarks.peers import OURS

    ours = next(peer for peer in run.peers if peer.name in OURS)
    return compare(ours.address, run.documents, run.rounds, run.seconds)


def compare(address: tuple[str, int], documents: int, rounds: int, seconds: float) -> str:
    """Both tables, as Markdown."""
    number = random.Random(1).randrange(documents)
    path = f"/doc/document/van-ban-{number}"
    reply = _reply(address, path, {"Accept": "text/turtle"})
    tag = reply["headers"].get("etag", "")
    changed = {"Accept": "text/turtle", "If-None-Match": tag}
    hot = {
        "cached description": ({"Accept": "text/turtle"}, reply),
        "304": (changed, _reply(address, path, changed)),
    }
    rows = []
    for name, (headers, recorded) in hot.items():
        with bare(recorded) as beside:
            rates = _rates(address, beside, path, headers, (rounds, seconds))
        ratios = [ours / theirs for ours, theirs in zip(*rates, strict=True)]
        middle = [f"{statistics.median(rate):,.0f}/s" for rate in rates]
        spread = f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
        rows.append([name, str(recorded["status"]), *middle, spread, "0.7"])
    first = table(["", "status", "ours", "bare route", "ours ÷ bare", "aim"], rows)
    return f"{first}\n{_uncached(address, documents, seconds)}"


def _rates(
    ours: tuple[str, int],
    beside: tuple[str, int],
    path: str,
    headers: dict[str, str],
    amount: tuple[int, float],
) -> tuple[list[float], list[float]]:
    """Replies per second of both, each round with its own; who goes first alternates."""
    rates: dict[tuple[str, int], list[float]] = {ours: [], beside: []}
    rounds, seconds = amount
    for turn in range(rounds):
        for address in (ours, beside)[:: -1 if turn % 2 else 1]:
            request = _bytes(address, path, headers)
            repeated = itertools.repeat(request)
            load.measure(address, repeated, _CLIENTS, load.Limits(0.2))
            sample = load.measure(address, repeated, _CLIENTS, load.Limits(seconds / rounds))
            # What is no 200 counts as a failure there; that all are alike was seen beforehand.
            count = len(sample.latencies) + sample.failures
            rates[address].append(count / sample.elapsed)
    return rates[ours], rates[beside]


def _uncached(address: tuple[str, int], documents: int, seconds: float) -> str:
    """Requests that nobody has made before, one at a time."""
    rows = []
    for kind in UNCACHED:
        known = [
            t for t in kind.targets if _status(address, next(_targets(kind, documents, t))) == 200
        ]
        if not known:
            rows.append([kind.name, "not there", "", "", f"{1000 * kind.aim:.0f} ms"])
            continue
        targets = _targets(kind, documents, known[0])
        requests = (_bytes(address, target, {"Accept": kind.accept}) for target in targets)
        sample = load.measure(address, requests, 1, load.Limits(seconds))
        middle, high = (load.percentile(sample.latencies, share) for share in (0.5, 0.95))
        rows.append(
            [kind.name, f"{1000 * middle:.1f} ms", f"{1000 * high:.1f} ms",
             f"{len(sample.latencies)} ({sample.failures} failed)", f"{1000 * kind.aim:.0f} ms"]
        )  # fmt: skip
    return table(["uncached", "median", "95 %", "requests", "aim"], rows)


def _targets(kind: Uncached, documents: int, target: str = "") -> Iterator[str]:
    chance = random.Random(time.monotonic_ns())  # others than in the run before, of one service
    for turn in itertools.count():
        yield (target or kind.targets[0]).format(
            n=chance.randrange(documents),
            d=chance.randrange(data.DEPARTMENTS),
            p=chance.randrange(data.PROVINCES),
            m=10 + turn % 90,
        )


def _bytes(address: tuple[str, int], path: str, headers: dict[str, str]) -> bytes:
    lines = [f"GET {path} HTTP/1.1", f"Host: {address[0]}:{address[1]}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


def _status(address: tuple[str, int], path: str) -> int:
    return int(_reply(address, path, {})["status"])


def _reply(address: tuple[str, int], path: str, headers: dict[str, str]) -> dict[str, object]:
    """A reply as it can be played again."""
    connection = http.client.HTTPConnection(*address, timeout=60)
    with contextlib.closing(connection):
        connection.request("GET", path, headers=headers)
        found = connection.getresponse()
        kept = {n.lower(): v for n, v in found.getheaders() if n.lower() not in _OTHER}
        body = base64.b64encode(found.read()).decode()
        return {"path": path, "status": found.status, "headers": kept, "body": body}


@contextlib.contextmanager
def bare(reply: dict[str, object]) -> Iterator[tuple[str, int]]:
    """A process with one Starlette route that gives this reply; its address."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "benchmarks.http", "bare", str(port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, env={**os.environ}) as process:
        assert process.stdin is not None
        process.stdin.write(json.dumps(reply).encode())
        process.stdin.close()
        try:
            for _ in range(600):
                with contextlib.suppress(OSError):
                    _reply((HOST, port), str(reply["path"]), {})
                    break
                time.sleep(0.05)
            yield HOST, port
        finally:
            process.terminate()


def _serve_bare(port: int) -> None:
    import uvicorn
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    reply = json.loads(sys.stdin.read())
    body, headers = base64.b64decode(reply["body"]), reply["headers"]

    async def route(_: Request) -> Response:
        return Response(body, reply["status"], headers=headers)

    uvicorn.run(Starlette(routes=[Route(reply["path"], route)]), host=HOST, port=port, **_ALIKE)


if __name__ == "__main__":
    if sys.argv[1] == "bare":
        _serve_bare(int(sys.argv[2]))
    else:
        host, _, number_of_port = sys.argv[1].partition(":")
        print(compare((host, int(number_of_port)), int(sys.argv[2]), 5, 2.0))
