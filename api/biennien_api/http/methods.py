# SPDX-License-Identifier: Apache-2.0
"""HEAD and OPTIONS, for every route alike (RFC 9110, sections 9.3.2 and 9.3.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_READ, _QUERY = "GET, HEAD, OPTIONS", "GET, HEAD, POST, OPTIONS"
_SUBMISSION = "GET, HEAD, PUT, POST, OPTIONS"
_ASKED_WITH = (
    "Accept, Accept-Datetime, Accept-Language, Accept-Profile, Authorization, Biennien-Position, "
    "Content-Type, If-Match, If-Modified-Since, If-None-Match, If-Unmodified-Since"
)
_STORE = "GET, HEAD, PUT, POST, DELETE, PATCH, OPTIONS"


def allowed(path: str) -> str:
    """The methods of an address, as the Allow header lists them."""
    if path.endswith("/sparql/update"):
        return "POST, OPTIONS"
    if path.startswith(("/graphs", "/graph/")):
        return _STORE
    if path.startswith(("/api/submissions", "/submissions", "/log")):
        return _SUBMISSION
    if path.endswith("/api/validate"):
        return "POST, OPTIONS"
    return _QUERY if path.endswith(("/sparql", "/validate")) else _READ


class Options:
    """Answers OPTIONS: what is allowed, for this origin and any other."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or scope["method"] != "OPTIONS":
            await self._app(scope, receive, send)
            return
        methods = allowed(scope["path"])
        headers = {
            "Allow": methods,
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Methods": methods,
            "Access-Control-Allow-Headers": _ASKED_WITH,
            "Access-Control-Max-Age": "86400",
        }
        await Response(status_code=204, headers=headers)(scope, receive, send)


class HeadAsGet:
    """Lets an application that knows only GET answer HEAD: the same headers, no body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET"}, receive, without_body)
