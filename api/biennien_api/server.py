# SPDX-License-Identifier: Apache-2.0
"""Running the application under uvicorn, on a socket that is open already."""

from __future__ import annotations

import asyncio
import socket
import sys
from typing import TYPE_CHECKING

import uvicorn

from biennien_api.app import Application
from biennien_graph.errors import ServiceError

if TYPE_CHECKING:
    from biennien_api.settings import Settings


def run(settings: Settings) -> None:
    """Serve until a signal comes. Errors at the start are raised, not logged as tracebacks."""
    listening = listen(settings.host, settings.port)
    app = Application(settings)
    config = uvicorn.Config(
        app,
        lifespan="off",  # the service is opened here, so that its errors end up with the caller
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # forwarded.py knows more of them
        timeout_graceful_shutdown=5,
    )
    address = f"http://{_bracketed(settings.host)}:{listening.getsockname()[1]}/"

    async def serve() -> None:
        async with app.service.running():
            server = _Announcing(config, f"Biên Niên answers at {address} (Ctrl-C stops it)")
            await server.serve(sockets=[listening])

    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner, listening:
        runner.run(serve())


def listen(host: str, port: int) -> socket.socket:
    """The listening socket; `ServiceError` in one line where the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(2048)
    except OSError as problem:
        listening.close()
        raise ServiceError(
            f"Cannot listen on {host}:{port}: {problem.strerror}.",
            hint="Choose another port by --port or BIENNIEN_PORT.",
        ) from None
    return listening


class _Announcing(uvicorn.Server):
    """Says where it answers once it does."""

    def __init__(self, config: uvicorn.Config, words: str) -> None:
        super().__init__(config)
        self._words = words

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        sys.stdout.write(self._words + "\n")
        sys.stdout.flush()


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
