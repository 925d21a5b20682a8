# SPDX-License-Identifier: Apache-2.0
"""A small HTTP/1.1 load generator: one thread, raw sockets, keep-alive, no parsing of bodies.

Requests are made before the clock starts. One costs some twenty microseconds of processor time,
the same for every peer; the figures say how much it was (`generator`), so that a reader can see
that it was no bottleneck.
"""

from __future__ import annotations

import selectors
import socket
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

JSON = "application/sparql-results+json"
ACCEPT = {"JSON": JSON, "CSV": "text/csv", "TSV": "text/tab-separated-values"}
_BLOCK = 1 << 18


@dataclass(slots=True)
class Sample:
    """What was measured. Times are seconds; `elapsed` from the first request to the last reply."""

    elapsed: float = 0.0
    latencies: list[float] = field(default_factory=list)
    first_bytes: list[float] = field(default_factory=list)
    body_bytes: int = 0
    failures: int = 0
    generator: float = 0.0
    peer: float = 0.0  # processor time that the peer took, as far as is known

    @property
    def throughput(self) -> float:
        """Replies per second, without the failures."""
        return len(self.latencies) / self.elapsed if self.elapsed else 0.0


@dataclass(frozen=True, slots=True)
class Limits:
    """When to stop asking: after so many seconds or requests. `patience`: for what is under way."""

    seconds: float
    requests: int = 1_000_000
    patience: float = 60.0


def get(host: str, port: int, target: str, accept: str = JSON) -> bytes:
    """A GET, as bytes to send."""
    return f"GET {target} HTTP/1.1\r\nHost: {host}:{port}\r\nAccept: {accept}\r\n\r\n".encode(
        "ascii"
    )


def percentile(values: Iterable[float], share: float) -> float:
    """The value below which a share of the values lies; NaN where there are none."""
    ordered = sorted(values)
    if not ordered:
        return float("nan")
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def measure(
    address: tuple[str, int], requests: Iterator[bytes], connections: int, limits: Limits
) -> Sample:
    """Send one request after the other on each connection, and wait for what is under way."""
    sample, left = Sample(), limits.requests
    with selectors.DefaultSelector() as selector:
        clients = [_Client(address) for _ in range(min(connections, limits.requests))]
        busy, began, used = len(clients), time.perf_counter(), time.process_time()
        stop, give_up = began + limits.seconds, began + limits.seconds + limits.patience
        for client in clients:
            selector.register(client.socket, selectors.EVENT_READ, client)
            client.send(next(requests))
            left -= 1
        while busy and time.perf_counter() < give_up:
            for key, _ in selector.select(timeout=1.0):
                client = key.data
                if not client.receive(sample):
                    continue
                if client.broken or not left or time.perf_counter() >= stop:
                    selector.unregister(client.socket)
                    busy -= 1
                    continue
                client.send(next(requests))
                left -= 1
        sample.elapsed = time.perf_counter() - began
        sample.generator = time.process_time() - used
        sample.failures += busy
        for client in clients:
            client.leave(sample)
    return sample


class _Client:
    """One connection, with one request under way."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address, timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.broken = False
        self._sent = self._first = 0.0
        self._over = False
        self._head = b""
        self._missing = 0  # bytes of the body; -1: chunked, so until the last chunk
        self._tail = b""

    def send(self, request: bytes) -> None:
        """Ask; the request is small enough for the socket's buffer."""
        self._head, self._tail, self._first, self._over = b"", b"", 0.0, False
        self._sent = time.perf_counter()
        self.socket.sendall(request)

    def leave(self, sample: Sample) -> None:
        """Hang up; what began to come and did not end has had a first byte."""
        if self._first and not self._over:
            sample.first_bytes.append(self._first)
        self.socket.close()

    def receive(self, sample: Sample) -> bool:
        """Take what has come; whether the reply is complete (or the connection broken)."""
        try:
            block = self.socket.recv(_BLOCK)
        except OSError:
            block = b""
        if not block:
            self.broken = True
            sample.failures += 1
            return True
        if not self._first:
            self._first = time.perf_counter() - self._sent
        if not self._complete(block, sample):
            return False
        self._over = True
        if self._head[9:12] != b"200":
            sample.failures += 1
            self.broken = b"connection: close" in self._head.lower()
            return True
        sample.latencies.append(time.perf_counter() - self._sent)
        sample.first_bytes.append(self._first)
        return True

    def _complete(self, block: bytes, sample: Sample) -> bool:
        if b"\r\n\r\n" not in self._head:
            self._head += block
            end = self._head.find(b"\r\n\r\n")
            if end < 0:
                return False
            block = self._head[end + 4 :]
            self._head = self._head[: end + 4]
            self._missing = _length(self._head)
        sample.body_bytes += len(block)
        if self._missing >= 0:
            self._missing -= len(block)
            return self._missing <= 0
        # No result has an empty line in it, so that these bytes are the last chunk.
        self._tail = (self._tail + block)[-7:]
        return self._tail.endswith(b"\r\n0\r\n\r\n")


def _length(head: bytes) -> int:
    """Content-Length; -1 for a chunked body."""
    lower = head.lower()
    at = lower.find(b"\r\ncontent-length:")
    if at < 0:
        return -1 if b"\r\ntransfer-encoding: chunked" in lower else 0
    return int(lower[at + 17 : lower.index(b"\r\n", at + 2)])
