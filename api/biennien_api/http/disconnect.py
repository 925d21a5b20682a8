# SPDX-License-Identifier: Apache-2.0
"""Stopping the work for a client that has gone away."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request
    from starlette.types import Receive

_QUICK = 0.2  # seconds within which most answers are there, so that nobody needs to watch


class ClientGone(Exception):
    """The client closed the connection before the answer was complete."""


async def on_nobody(request: Request, gone: Exception) -> Response:  # noqa: ARG001
    """What is answered to a client that has gone: nothing that anybody reads."""
    return Response(status_code=499)


@contextlib.contextmanager
def watching(receive: Receive) -> Iterator[None]:
    """Cancel what runs inside when the client goes away, and raise `ClientGone` instead.

    The watch begins only after a while, so that it costs quick answers nothing.
    """
    task = asyncio.current_task()
    loop = asyncio.get_running_loop()
    watch: list[asyncio.Task[None]] = []
    gone = False

    async def wait() -> None:
        nonlocal gone
        while (await receive())["type"] != "http.disconnect":
            pass
        gone = True
        if task is not None:
            task.cancel()

    timer = loop.call_later(_QUICK, lambda: watch.append(loop.create_task(wait())))
    try:
        yield
    except asyncio.CancelledError:
        if gone and task is not None:
            task.uncancel()
            raise ClientGone from None
        raise
    finally:
        timer.cancel()
        for started in watch:
            started.cancel()
