# SPDX-License-Identifier: Apache-2.0
"""Answers that were given before, as finished bytes, for as long as the journal stands still."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from biennien_graph.indexes.catalogue import Catalogue

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from biennien_api.service import Service

_LARGEST = 2**20  # bytes of one answer
_TOLD = frozenset(b"accept accept-encoding accept-language host forwarded".split())
_TOLD |= frozenset(b"x-forwarded-host x-forwarded-proto x-forwarded-prefix".split())
_CONTENT = {b"content-length", b"content-type", b"content-encoding"}


@dataclass(frozen=True, slots=True)
class _Answer:
    headers: list[tuple[bytes, bytes]]
    body: bytes
    tag: bytes


class Remembered:
    """Lists, through an application that makes them; what it made is given again.

    What decides an answer is its address, what the client says of itself, and the position. Each
    has a strong entity tag (RFC 9110, section 8.8.3): the digest of what is sent.
    """

    def __init__(self, app: ASGIApp, service: Service, limit: int) -> None:
        self._app, self._service, self._limit = app, service, limit
        self._known: OrderedDict[tuple[object, ...], _Answer] = OrderedDict()
        self._size, self._version = 0, ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI, for GET and HEAD."""
        version = self._current()
        key = _key(scope)
        answer = self._known.get(key) if version and version == self._version else None
        if answer is None:
            await self._make(scope, receive, send, key)
            return
        self._known.move_to_end(key)
        await _send(scope, send, answer)

    def _current(self) -> str:
        """The version of the data; empty while the catalogue lags behind."""
        service = self._service
        held = service.indexes.positions.get(Catalogue.name, -1)
        return service.version if held == service.position else ""

    async def _make(
        self, scope: Scope, receive: Receive, send: Send, key: tuple[object, ...]
    ) -> None:
        start: Message = {}
        body = bytearray()

        async def collect(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                body.extend(message.get("body", b""))

        await self._app({**scope, "method": "GET"}, receive, collect)
        content = bytes(body)
        if start["status"] != 200:
            await send(start)
            await send({"type": "http.response.body", "body": _sent(scope, content)})
            return
        tag = b'"' + hashlib.sha256(content).hexdigest()[:32].encode() + b'"'
        answer = _Answer([*start["headers"], (b"etag", tag)], content, tag)
        self._keep(key, answer)
        await _send(scope, send, answer)

    def _keep(self, key: tuple[object, ...], answer: _Answer) -> None:
        version = self._current()
        said = dict(answer.headers).get(b"biennien-position", b"").decode()
        if not version or said != str(self._service.position) or len(answer.body) > _LARGEST:
            return
        if version != self._version:
            self._known.clear()
            self._version, self._size = version, 0
        if key not in self._known:
            self._known[key] = answer
            self._size += len(answer.body) + len(str(key))
        while self._size > self._limit:
            old, gone = self._known.popitem(last=False)
            self._size -= len(gone.body) + len(str(old))


def _key(scope: Scope) -> tuple[object, ...]:
    told = tuple(header for header in scope["headers"] if header[0] in _TOLD)
    return scope["path"], scope.get("root_path", ""), scope["query_string"], scope["scheme"], told


async def _send(scope: Scope, send: Send, answer: _Answer) -> None:
    if _matches(scope, answer.tag):
        headers = [header for header in answer.headers if header[0] not in _CONTENT]
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": 200, "headers": answer.headers})
    await send({"type": "http.response.body", "body": _sent(scope, answer.body)})


def _sent(scope: Scope, body: bytes) -> bytes:
    return b"" if scope["method"] == "HEAD" else body


def _matches(scope: Scope, tag: bytes) -> bool:
    """If-None-Match (RFC 9110, section 13.1.2), weak comparison."""
    for name, value in scope["headers"]:
        if name == b"if-none-match":
            tags = {part.strip().removeprefix(b"W/") for part in value.split(b",")}
            return tag in tags or b"*" in tags
    return False
