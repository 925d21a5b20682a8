# SPDX-License-Identifier: Apache-2.0
"""Results sent on as they come, so that none has to fit into memory."""

from __future__ import annotations

import functools
import logging
from typing import TYPE_CHECKING

from starlette.responses import Response

from biennien_api.http.disconnect import ClientGone, watching
from biennien_api.http.pages import service_of
from biennien_graph.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send

    from biennien_graph.engine import Query
    from biennien_graph.engine.answer import Answer

_log = logging.getLogger("biennien.sparql")


def response_to(
    request: Request, query: Query, answer: Answer, headers: dict[str, str]
) -> Response | Streamed:
    """What a client gets of a result: whole where it is there already, else as it comes."""
    if answer.complete:
        return Response(answer.first, media_type=answer.media_type, headers=headers)
    note = functools.partial(service_of(request).note, query, answer.begun)
    return Streamed(answer, headers, note, head=request.method == "HEAD")


class Streamed:
    """A response sent as its worker writes it.

    Where the worker is stopped in the middle, the connection breaks off, so that a result that
    was cut short never looks complete.
    """

    def __init__(
        self,
        answer: Answer,
        headers: dict[str, str],
        note: Callable[[str, int], None],
        *,
        head: bool,
    ) -> None:
        self._answer, self._note = answer, note
        self._head = head
        self._headers = [
            (b"content-type", answer.media_type.encode()),
            *((name.lower().encode(), value.encode()) for name, value in headers.items()),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        del scope
        try:
            with watching(receive):
                await self._send(send)
            self._note("complete", self._answer.rows)
        except ClientGone:
            self._note("the client went away", 0)
        except QueryError as problem:
            self._note(f"cut short: {type(problem).__name__}", 0)
            # The server breaks the connection off when an application ends in mid-body.
            _log.warning("a result was cut short: %s", problem.message)
        finally:
            self._answer.close()

    async def _send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self._headers})
        if not self._head:
            async for piece in self._answer:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
