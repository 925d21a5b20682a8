# SPDX-License-Identifier: Apache-2.0
"""Messages between the service and the parent that holds the data in memory (`engine.resident`).

A message is a frame of JSON; descriptors may come with it (unix(7), SCM_RIGHTS). One question, one
answer, in turn.
"""

from __future__ import annotations

import json
import os
import socket
from typing import TYPE_CHECKING, Any

from biennien_graph.engine import frames

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_DESCRIPTORS = 2


def send(
    connection: socket.socket, message: dict[str, Any], descriptors: Sequence[int] = ()
) -> None:
    """Send a message. The descriptors stay open here."""
    body = json.dumps(message).encode()
    head = frames.HEADER.pack(frames.QUESTION, len(body))
    socket.send_fds(connection, [head], descriptors)
    connection.sendall(body)


def receive(connection: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """The next message and the descriptors that came with it; `EOFError` at the end."""
    head, descriptors, _, _ = socket.recv_fds(connection, frames.HEADER.size, _MOST_DESCRIPTORS)
    try:
        head += _rest(connection, frames.HEADER.size - len(head))
        _, length = frames.HEADER.unpack(head)
        return json.loads(_rest(connection, length)), descriptors
    except BaseException:
        for descriptor in descriptors:
            os.close(descriptor)
        raise


def _rest(connection: socket.socket, count: int) -> bytes:
    received = bytearray()
    while len(received) < count:
        block = connection.recv(min(count - len(received), 2**20))
        if not block:
            raise EOFError
        received += block
    return bytes(received)
