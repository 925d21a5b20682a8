# SPDX-License-Identifier: Apache-2.0
"""Results that were computed before, for as long as the journal stands where it stood."""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from biennien_graph.engine.answer import Answer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from starlette.types import Scope

    from biennien_graph.engine import Query

# Functions whose value differs from one call to the next (SPARQL 1.1 Query Language, 17.4), and
# what other endpoints say.
_NAMES = ("NOW", "RAND", "UUID", "BNODE", "SERVICE")
_UNSTABLE = re.compile(r"SERVICE|\b(?:NOW|RAND|UUID|STRUUID|BNODE)\s*\(", re.IGNORECASE)
_MOST_REQUESTS, _LONG_REQUEST = 1024, 8192  # how many are known; bytes of the address
_SHARE = 8  # no result takes more than this part of the room


def is_stable(text: str) -> bool:
    """Whether a query gives the same result as long as the data are the same."""
    upper = text.upper()  # most texts have none of the names, and the pattern is slow
    return not any(name in upper for name in _NAMES) or _UNSTABLE.search(text) is None


def entity_tag(version: str, query: Query, codings: str) -> str:
    """A strong entity tag (RFC 9110, section 8.8.3) for the result of a query at a version."""
    parts = (version, query.text, str(query.dataset), str(query.formats), str(query.base), codings)
    return f'"{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:32]}"'


class Known(Answer):
    """A result that nobody had to compute."""


class Results:
    """The whole results that were used last, up to a number of bytes; one version at a time."""

    def __init__(self, limit: int) -> None:
        self._limit, self._size, self._version = limit, 0, ""
        self._known: OrderedDict[tuple[object, ...], tuple[str, bytes]] = OrderedDict()

    def get(self, version: str, query: Query) -> Answer | None:
        """The result of the query, where it is known for this version."""
        if version != self._version:
            return None
        found = self._known.get(_key(query))
        if found is None:
            return None
        self._known.move_to_end(_key(query))
        return Known(*found, complete=True, pieces=None)

    def keep(self, version: str, query: Query, answer: Answer) -> Answer:
        """The answer, which is known from now on, or from when it has been read to its end.

        What belongs to an older version goes.
        """
        if version != self._version:
            self._known.clear()
            self._version, self._size = version, 0
        if not is_stable(query.text):
            return answer

        def put(body: bytes) -> None:
            self._put(version, query, answer.media_type, body)

        if not answer.complete:
            return _Kept(answer, self._limit // _SHARE, put)
        put(answer.first)
        return answer

    def _put(self, version: str, query: Query, media_type: str, body: bytes) -> None:
        size = len(body) + len(query.text)
        if version != self._version or size > self._limit // _SHARE:
            return
        if _key(query) in self._known:  # somebody asked the same at the same time
            return
        self._known[_key(query)] = (media_type, body)
        self._size += size
        while self._size > self._limit:
            (text, *_), (_, body) = self._known.popitem(last=False)
            self._size -= len(body) + len(str(text))


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks at a version, and the head of the response to it."""

    version: str
    query: Query
    head: tuple[tuple[bytes, bytes], ...]


class Requests:
    """What the last requests asked, so that one that comes again need not be read again.

    A GET is its address and its headers, byte for byte; what lies behind them is not known here,
    only what it is called. Anything else in the service that an answer depends on does not change
    while it runs, but for the version.
    """

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[object, ...], Asked] = OrderedDict()

    def get(self, version: str, scope: Scope) -> Asked | None:
        """What the request asks, where the same came before at this version."""
        name = _name(scope)
        found = self._known.get(name)
        if found is None or found.version != version:
            return None
        self._known.move_to_end(name)
        return found

    def put(self, scope: Scope, asked: Asked) -> None:
        """Know this request, in the place of the one that was not asked for longest."""
        if scope["method"] == "GET" and len(scope["query_string"]) <= _LONG_REQUEST:
            self._known[_name(scope)] = asked
            if len(self._known) > _MOST_REQUESTS:
                self._known.popitem(last=False)


class _Kept(Answer):
    """An answer in pieces that is put away as a whole when all of it has been read.

    Pieces are gathered up to a number of bytes; a worker comes with each, so that the pool
    bounds how much lies here.
    """

    def __init__(self, answer: Answer, most: int, put: Callable[[bytes], None]) -> None:
        super().__init__(
            answer.media_type,
            answer.first,
            complete=False,
            pieces=answer.pieces,
            begun=answer.begun,
        )
        self._most, self._put = most, put

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """All pieces."""
        gathered, size = [], 0
        async for piece in super().__aiter__():
            size += len(piece)
            gathered.append(piece)
            if size > self._most:
                gathered.clear()
            yield piece
        if size <= self._most:
            self._put(b"".join(gathered))


def _name(scope: Scope) -> tuple[object, ...]:
    where = scope["scheme"], scope.get("server")
    return scope["method"], where, scope["query_string"], *scope["headers"]


def _key(query: Query) -> tuple[object, ...]:
    return query.text, query.dataset, query.formats, query.base
