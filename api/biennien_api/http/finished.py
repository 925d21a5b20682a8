# SPDX-License-Identifier: Apache-2.0
"""Finished responses: kept until the next change, and sent again past routing and middleware.

Whatever a route answers with an `ETag` is kept in memory as it was sent, coded, with its headers.
Conditional requests are decided here, for every route alike.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.requests import Request

from biennien_api.http.conditional import CONDITIONS, moment, verdict
from biennien_api.http.forwarded import BASE
from biennien_api.http.problems import Problem, respond

if TYPE_CHECKING:
    from datetime import datetime

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from biennien_api.service import Service

# What a kept response may depend on; one that says it depends on more is not kept.
_DEPENDS = (b"accept", b"accept-encoding", b"accept-language", b"accept-profile")
# Whoever sends these asks for more than what is kept.
_PERSONAL = (b"authorization", b"biennien-position")
_READ = frozenset((*_DEPENDS, *CONDITIONS, *_PERSONAL))
_DEPENDS_NAMES = frozenset(name.decode() for name in _DEPENDS)
_OF_THE_BODY = frozenset((b"content-type", b"content-length", b"content-encoding"))
_LONGEST = 1024  # bytes of a request's own words, so that they do not fill the memory
_ASKED = 10_000  # requests remembered

_Key = tuple[str, bytes, bytes, tuple[bytes | None, ...]]


@dataclass(frozen=True, slots=True)
class Finished:
    """One response as it goes out: its messages, and what conditions look at."""

    start: Message
    body: Message
    unchanged: Message  # the beginning of a 304
    tag: str
    modified: datetime | None

    @property
    def size(self) -> int:
        """Roughly what it takes in memory, in bytes."""
        return len(self.body["body"]) + sum(len(n) + len(v) for n, v in self.start["headers"])


class Kept:
    """The responses that were asked for last, up to a number of bytes; one version at a time.

    Many requests lead to one response, as `Accept` is written in many ways.
    """

    def __init__(self, limit: int) -> None:
        self._limit, self._size, self._version = limit, 0, ""
        self._asked: OrderedDict[_Key, Any] = OrderedDict()
        self._responses: OrderedDict[Any, Finished] = OrderedDict()

    def get(self, version: str, key: _Key) -> Finished | None:
        """The response to a request, where it is known for this version."""
        if version != self._version:
            return None
        name = self._asked.get(key)
        if name is None:
            return None
        found = self._responses.get(name)
        if found is not None:
            self._responses.move_to_end(name)
        return found

    def put(self, version: str, key: _Key, found: Finished) -> None:
        """Keep a response; what belongs to an older version goes."""
        if version != self._version:
            self._asked.clear()
            self._responses.clear()
            self._version, self._size = version, 0
        if found.size > self._limit // 8:
            return
        name = tuple(found.start["headers"])
        if name not in self._responses:
            self._responses[name] = found
            self._size += found.size
        self._asked[key] = name
        while self._size > self._limit:
            self._size -= self._responses.popitem(last=False)[1].size
        while len(self._asked) > _ASKED:
            self._asked.popitem(last=False)


class Representations:
    """ASGI: GET and HEAD are answered from what is kept, or by the application."""

    def __init__(self, app: ASGIApp, state: Any, limit: int) -> None:
        self._app, self._state = app, state
        self._kept = Kept(limit)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
            await self._app(scope, receive, send)
            return
        told = {name: value for name, value in scope["headers"] if name in _READ}
        key: _Key = (
            scope[BASE],
            scope.get("raw_path") or scope["path"].encode(),
            scope["query_string"],
            (told.get(b"accept"), told.get(b"accept-encoding"),
             told.get(b"accept-language"), told.get(b"accept-profile")),
        )  # fmt: skip
        service: Service = self._state.service
        found = self._kept.get(service.version, key)
        if found is None or any(name in told for name in _PERSONAL):
            await self._app(scope, receive, _Watch(self, service, key, told, scope, receive, send))
        else:
            await _send(found, told, scope, receive, send)

    def keep(self, version: str, key: _Key, found: Finished) -> None:
        """Remember a response that was made for a request."""
        if sum(len(part or b"") for part in (*key[1:3], *key[3])) <= _LONGEST:
            self._kept.put(version, key, found)


class _Watch:
    """Passes a response on, decides conditions on the way, and keeps what is whole."""

    def __init__(
        self,
        owner: Representations,
        service: Service,
        key: _Key,
        told: dict[bytes, bytes],
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        self._owner, self._service, self._key, self._told = owner, service, key, told
        self._scope, self._receive, self._send = scope, receive, send
        self._version = service.version
        self._start: Message = {}
        self._replaced = False

    async def __call__(self, message: Message) -> None:
        """ASGI send."""
        if message["type"] == "http.response.start":
            self._start = message = _with_tag(message)
            self._replaced = await self._decided(message)
        elif message["type"] == "http.response.body":
            self._keep(message)
        if not self._replaced:
            await self._send(message)

    async def _decided(self, start: Message) -> bool:
        """Whether the request's conditions call for another answer, which is then sent."""
        if start["status"] != 200 or not any(name in self._told for name in CONDITIONS):
            return False
        found = _finished(start, b"")
        if verdict(self._told, found.tag, found.modified) == 200:
            return False
        await _send(found, self._told, self._scope, self._receive, self._send)
        return True

    def _keep(self, message: Message) -> None:
        start, self._start = self._start, {}  # only a body that comes in one piece
        if not start or message.get("more_body") or self._scope["method"] != "GET":
            return
        found = _finished(start, message.get("body", b""))
        told = {name: value.decode("latin-1") for name, value in start["headers"]}
        now = str(self._service.position)
        depends = {part.strip().lower() for part in told.get(b"vary", "").split(",")} - {""}
        if (
            start["status"] == 200
            and found.tag
            and depends <= _DEPENDS_NAMES
            and "no-store" not in told.get(b"cache-control", "")
            and not any(name in self._told for name in _PERSONAL)
            and self._version == self._service.version  # no change came in between
            and told.get(b"biennien-position", now) == now  # nor was an index behind
        ):
            self._owner.keep(self._version, self._key, found)


async def _send(
    found: Finished, told: dict[bytes, bytes], scope: Scope, receive: Receive, send: Send
) -> None:
    status = 200
    if any(name in told for name in CONDITIONS):
        status = verdict(told, found.tag, found.modified)
    if status == 412:
        problem = Problem(412, "precondition-failed", "What you have is not what is here now.")
        await respond(Request(scope), problem)(scope, receive, send)
    elif status == 304:
        await send(found.unchanged)
        await send(_NOTHING)
    else:
        await send(found.start)
        await send(found.body if scope["method"] == "GET" else _NOTHING)


_NOTHING: Message = {"type": "http.response.body", "body": b"", "more_body": False}


def _finished(start: Message, body: bytes) -> Finished:
    headers = [(name.lower(), value) for name, value in start["headers"]]
    told = {name: value.decode("latin-1") for name, value in headers}
    rest = [found for found in headers if found[0] not in _OF_THE_BODY]
    return Finished(
        start={**start, "headers": headers},
        body={"type": "http.response.body", "body": body, "more_body": False},
        unchanged={"type": "http.response.start", "status": 304, "headers": rest},
        tag=told.get(b"etag", ""),
        modified=moment(told.get(b"last-modified", "")),
    )


def _with_tag(start: Message) -> Message:
    """A coded response has a tag of its own: other bytes (RFC 9110, section 8.8.3.3)."""
    told = dict(start["headers"])
    coding = told.get(b"content-encoding", b"")
    if not coding or b"etag" not in told:
        return start
    tag = told[b"etag"].rstrip(b'"') + b"-" + coding + b'"'
    headers = [(n, tag if n == b"etag" else value) for n, value in start["headers"]]
    return {**start, "headers": headers}
