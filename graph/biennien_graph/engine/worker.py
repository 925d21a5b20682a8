# SPDX-License-Identifier: Apache-2.0
"""One query worker: a process that reads a snapshot, answers, and may be killed at any time.

It is started by `engine.pool` and imports nothing but pyoxigraph and the standard library, so
that a new one is ready in some tens of milliseconds.
"""

from __future__ import annotations

import functools
import json
import os
import resource
import signal
import socket
import sys
from dataclasses import asdict
from typing import IO, TYPE_CHECKING, Any, cast

import pyoxigraph as ox

from biennien_graph.engine import frames
from biennien_graph.engine.complaints import of_query
from biennien_graph.engine.confinement import confine
from biennien_graph.engine.dataset import seen
from biennien_graph.engine.limits import be_a_worker, limit_memory, open_files, unlimited_files
from biennien_graph.queries.diagnosis import diagnose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from biennien_graph.engine.held import Held

_PIECE = 128 * 1024  # bytes gathered before they are sent on
_FIRST_PIECE = 16 * 1024  # pyoxigraph writes 8 KiB at a time: most results are one message
_SOLUTIONS = {
    "json": (ox.QueryResultsFormat.JSON, "application/sparql-results+json"),
    "xml": (ox.QueryResultsFormat.XML, "application/sparql-results+xml"),
    "csv": (ox.QueryResultsFormat.CSV, "text/csv; charset=utf-8"),
    "tsv": (ox.QueryResultsFormat.TSV, "text/tab-separated-values; charset=utf-8"),
}
# What stands between two rows, and nowhere inside one.
_BETWEEN = {"json": b'}},{"', "xml": b"<result>", "csv": b"\r\n", "tsv": b"\n", "nt": b"\n"}
_GRAPHS = {
    "ttl": (ox.RdfFormat.TURTLE, "text/turtle; charset=utf-8"),
    "nt": (ox.RdfFormat.N_TRIPLES, "application/n-triples"),
    "jsonld": (ox.RdfFormat.JSON_LD, "application/ld+json"),
    "rdf": (ox.RdfFormat.RDF_XML, "application/rdf+xml"),
}


def questions(connection: socket.socket) -> Iterator[dict[str, Any]]:
    """What the service asks, until it closes its end."""
    while (head := _receive(connection, frames.HEADER.size)) is not None:
        _, length = frames.HEADER.unpack(head)
        body = _receive(connection, length)
        if body is None:
            return
        yield json.loads(body)


def _receive(connection: socket.socket, count: int) -> bytes | None:
    received = bytearray()
    while len(received) < count:
        block = connection.recv(count - len(received))
        if not block:
            return None
        received += block
    return bytes(received)


class TooMuch(Exception):
    """A result is larger than may be."""


class _Pieces:
    """A file to write results to; sends them on in pieces. The first piece is held back, so
    that a small result travels as one message with its media type and its end.

    Counts bytes, and rows by what stands between two of them in the syntax; `TooMuch` where a
    limit is passed (0: no limit).
    """

    def __init__(
        self, connection: socket.socket, media_type: str, between: bytes, limits: tuple[int, int]
    ) -> None:
        self._connection = connection
        self._pending = frames.frame(frames.MEDIA_TYPE, media_type.encode())
        self._pieces: list[bytes] = []
        self._size, self._limit = 0, _FIRST_PIECE
        self._between, self._tail = between, b""
        self._most_rows, self._most_bytes = limits
        self.rows = self.bytes = 0

    def write(self, data: bytes) -> int:
        self._count(data)
        self._pieces.append(bytes(data))
        self._size += len(data)
        if self._size >= self._limit:
            self._send()
            self._limit = _PIECE
        return len(data)

    def flush(self) -> None:
        """Nothing: pieces go out by size, and at the end."""

    def finish(self) -> None:
        """Send what is left, and that it is all."""
        self._send(frames.frame(frames.END, b"%d" % self.rows))

    def _count(self, data: bytes) -> None:
        self.bytes += len(data)
        if self._between:
            whole = self._tail + bytes(data)
            self.rows += whole.count(self._between)
            self._tail = whole[1 - len(self._between) :] if len(self._between) > 1 else b""
        if self._most_rows and self.rows > self._most_rows:
            raise TooMuch(f"The result has more than {self._most_rows:,} rows.")
        if self._most_bytes and self.bytes > self._most_bytes:
            raise TooMuch(f"The result is larger than {self._most_bytes:,} bytes.")

    def _send(self, last: bytes = b"") -> None:
        data = b"".join(self._pieces)
        piece = frames.frame(frames.DATA, data) if data else b""
        self._connection.sendall(self._pending + piece + last)
        self._pending, self._pieces, self._size = b"", [], 0


class Worker:
    """Answers one question after the other on its end of a socket pair.

    With data `held` in memory it answers from those; else from snapshots that questions name.
    """

    def __init__(
        self,
        connection: socket.socket,
        memory: int,
        prefixes: dict[str, str],
        held: Held | None = None,
    ) -> None:
        self._connection = connection
        self._memory = memory
        self._prefixes = prefixes
        self._snapshot = ""
        self._store, self._held = ox.Store(), held
        self._is_confined = held is not None  # before it was forked off

    def serve(self) -> None:
        """Answer until the other end closes."""
        for question in questions(self._connection):
            self.answer(question)

    def answer(self, question: dict[str, Any]) -> None:
        """Answer one question, or say why not."""
        # Should the service die or stall, the kernel ends a runaway query all the same.
        signal.setitimer(signal.ITIMER_REAL, question["seconds"] + 2)
        try:
            self._answer(question)
        except SyntaxError:
            known = {"prefixes": self._prefixes, "base": question["base"]}
            fault = diagnose(question["text"], functools.partial(of_query, **known))
            self._fail({"kind": "syntax", **asdict(fault)})
        except TooMuch as problem:
            self._fail({"kind": "too-much", "message": str(problem)})
        except (ValueError, RuntimeError, OSError, MemoryError) as problem:
            self._fail({"kind": _kind(problem, question), "message": str(problem)})
        signal.setitimer(signal.ITIMER_REAL, 0)

    def _answer(self, question: dict[str, Any]) -> None:
        if question["snapshot"] != self._snapshot:
            self._open(question["snapshot"])
        if "text" not in question:  # only a warm-up
            self._connection.sendall(frames.frame(frames.END))
            return
        self._confine(calls=question["calls"])
        text = question["text"]
        prefixes = {name: iri for name, iri in self._prefixes.items() if f"{name}:" in text}
        store = self._held.store_for(question) if self._held else self._store
        store, dataset = seen(store, question, prefixes)
        results = store.query(text, prefixes=prefixes, base_iri=question["base"], **dataset)
        graph = isinstance(results, ox.QueryTriples)
        known: dict[str, tuple[Any, str]] = _GRAPHS if graph else _SOLUTIONS
        name = question["graph" if graph else "solutions"]
        syntax, media_type = known[name]
        limits = (question["rows"], question["bytes"])
        pieces = _Pieces(self._connection, media_type, _BETWEEN.get(name, b""), limits)
        results.serialize(cast("IO[bytes]", pieces), format=syntax)
        pieces.finish()

    def _confine(self, *, calls: bool) -> None:
        """Call nobody from now on, unless the question may."""
        if calls:
            unlimited_files()
        elif not self._is_confined:
            self._is_confined = True
            confine()

    def _open(self, snapshot: str) -> None:
        hard = unlimited_files()
        limit_memory(None)
        self._store = ox.Store.read_only(snapshot)
        self._snapshot = snapshot
        limit_memory(self._memory)
        # Beyond the store's own tables, some of which are opened late, no file can be opened any
        # more, whatever a query asks for.
        tables = sum(name.endswith(".sst") for name in os.listdir(snapshot))  # noqa: PTH208
        resource.setrlimit(resource.RLIMIT_NOFILE, (open_files() + tables, hard))

    def _fail(self, report: dict[str, Any]) -> None:
        payload = json.dumps(report).encode()
        self._connection.sendall(frames.frame(frames.ERROR, payload))


def _kind(problem: Exception, question: dict[str, Any]) -> str:
    if "custom function" in str(problem):
        return "refused"
    return "elsewhere" if question["calls"] and isinstance(problem, OSError) else "failed"


def main() -> None:
    """`python -m biennien_graph.engine.worker DESCRIPTOR MEMORY PREFIXES`."""
    be_a_worker()
    connection = socket.socket(fileno=int(sys.argv[1]))
    Worker(connection, int(sys.argv[2]), json.loads(sys.argv[3])).serve()


if __name__ == "__main__":
    main()
