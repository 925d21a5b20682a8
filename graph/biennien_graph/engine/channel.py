# SPDX-License-Identifier: Apache-2.0
"""The service's end of the socket to a query worker: frames in, questions out."""

from __future__ import annotations

import asyncio
from collections import deque

from biennien_graph.engine import frames

_HIGH_WATER = 1 << 20  # bytes of a result that wait for a slow client before the worker waits too


class Channel(asyncio.Protocol):
    """Frames from a worker, with back pressure towards it."""

    def __init__(self) -> None:
        self.closed = False
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()
        self._frames: deque[tuple[bytes, bytes]] = deque()
        self._size = 0
        self._paused = False
        self._arrival: asyncio.Future[None] | None = None

    @property
    def has_frame(self) -> bool:
        """Whether a frame has come and was not taken yet."""
        return bool(self._frames)

    @property
    def is_empty(self) -> bool:
        """Whether nothing has come that was not taken."""
        return not self._frames and not self._received

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """asyncio."""
        self._transport = transport  # type: ignore[assignment]

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """asyncio."""
        self.closed = True
        self._wake()

    def send(self, data: bytes) -> None:
        """Send without waiting; questions are small. Who has gone is noticed by the answer."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def close(self) -> None:
        """Drop the connection and what has not been taken."""
        self.closed = True
        if self._transport is not None:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        """asyncio."""
        self._received += data
        at = 0
        while len(self._received) - at >= frames.HEADER.size:
            kind, length = frames.HEADER.unpack_from(self._received, at)
            end = at + frames.HEADER.size + length
            if len(self._received) < end:
                break
            self._frames.append((kind, bytes(self._received[at + frames.HEADER.size : end])))
            self._size += length
            at = end
        if at:
            del self._received[:at]
            self._wake()
        if self._size > _HIGH_WATER and not self._paused and self._transport is not None:
            self._transport.pause_reading()
            self._paused = True

    async def next_frame(self) -> tuple[bytes, bytes] | None:
        """The next frame; None when the worker has gone."""
        while not self._frames:
            if self.closed:
                return None
            self._arrival = asyncio.get_running_loop().create_future()
            await self._arrival
        kind, payload = self._frames.popleft()
        self._size -= len(payload)
        if self._paused and self._size < _HIGH_WATER // 2 and self._transport is not None:
            self._transport.resume_reading()
            self._paused = False
        return kind, payload

    def _wake(self) -> None:
        if self._arrival is not None and not self._arrival.done():
            self._arrival.set_result(None)
