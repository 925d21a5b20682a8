# SPDX-License-Identifier: Apache-2.0
"""The answer of a worker, in pieces; and what it reports instead of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from biennien_graph.engine import frames
from biennien_graph.errors import (
    CallFailed,
    QueryError,
    QueryFailed,
    QueryRefused,
    QuerySyntaxError,
    ResultTooLarge,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from biennien_graph.engine import Query
    from biennien_graph.engine.process import WorkerProcess


class Pool(Protocol):
    """Where workers come from and go back to."""

    async def frame(self, worker: WorkerProcess, query: Query) -> tuple[bytes, bytes]:
        """The next frame of an answer."""

    def release(self, worker: WorkerProcess) -> None:
        """Take a worker back."""


@dataclass(slots=True)
class Answer:
    """A result: its media type and its bytes, in pieces. Must be read to the end or closed."""

    media_type: str
    first: bytes
    complete: bool
    pieces: Rest | None
    rows: int = 0
    begun: float = 0.0  # monotonic clock

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """All pieces, the first one first; then `rows` is known."""
        yield self.first
        if self.pieces is not None:
            async for piece in self.pieces:
                yield piece
            self.rows = self.pieces.rows

    def close(self) -> None:
        """Give the worker back; where the result was not read to its end, the worker goes."""
        if self.pieces is not None:
            self.pieces.close()

    async def read(self) -> bytes:
        """The whole of it, for results that are known to be small."""
        return b"".join([piece async for piece in self])


class Rest:
    """What follows the first piece. The worker goes back when it ends, fails or is closed."""

    def __init__(self, pool: Pool, worker: WorkerProcess, query: Query) -> None:
        self._pool, self._query = pool, query
        self._worker: WorkerProcess | None = worker
        self.rows = 0

    def __aiter__(self) -> Rest:
        return self

    async def __anext__(self) -> bytes:
        if self._worker is None:
            raise StopAsyncIteration
        try:
            kind, payload = await self._pool.frame(self._worker, self._query)
        except BaseException:
            self.close()
            raise
        if kind == frames.END:
            self.rows = int(payload or 0)
            self.close()
            raise StopAsyncIteration
        return payload

    def close(self) -> None:
        """Give the worker back, once."""
        worker, self._worker = self._worker, None
        if worker is not None:
            self._pool.release(worker)


def failure(report: dict[str, Any]) -> QueryError:
    """What a worker reports, as an error."""
    if report["kind"] == "too-much":
        return ResultTooLarge(report["message"])
    if report["kind"] == "refused":
        return QueryRefused(f"{report['message']}.", hint="SPARQL's own functions are.")
    if report["kind"] == "elsewhere":
        return CallFailed(report["message"])
    if report["kind"] != "syntax":
        return QueryFailed(report["message"])
    return QuerySyntaxError(
        report["message"],
        line=report["line"],
        column=report["column"],
        token=report["token"],
        hint=report["hint"],
    )
