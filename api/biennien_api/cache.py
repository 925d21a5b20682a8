# SPDX-License-Identifier: Apache-2.0
"""Results that were computed before, for as long as the journal stands where it stood."""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from typing import TYPE_CHECKING

from biennien_graph.engine.pool import Answer

if TYPE_CHECKING:
    from biennien_graph.engine import Query

# Functions whose value differs from one call to the next (SPARQL 1.1 Query Language, 17.4), and
# what other endpoints say.
_UNSTABLE = re.compile(r"SERVICE|\b(?:NOW|RAND|UUID|STRUUID|BNODE)\s*\(", re.IGNORECASE)


def is_stable(text: str) -> bool:
    """Whether a query gives the same result as long as the data are the same."""
    return _UNSTABLE.search(text) is None


def entity_tag(version: str, query: Query, codings: str) -> str:
    """A strong entity tag (RFC 9110, section 8.8.3) for the result of a query at a version."""
    parts = (version, query.text, str(query.dataset), str(query.formats), str(query.base), codings)
    return f'"{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:32]}"'


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
        return Answer(*found, complete=True, pieces=None)

    def put(self, version: str, query: Query, answer: Answer) -> None:
        """Keep a complete result; what belongs to an older version goes."""
        if version != self._version:
            self._known.clear()
            self._version, self._size = version, 0
        size = len(answer.first) + len(query.text)
        if not answer.complete or size > self._limit // 8 or not is_stable(query.text):
            return
        if _key(query) in self._known:  # somebody asked the same at the same time
            return
        self._known[_key(query)] = (answer.media_type, answer.first)
        self._size += size
        while self._size > self._limit:
            (text, *_), (_, body) = self._known.popitem(last=False)
            self._size -= len(body) + len(str(text))


def _key(query: Query) -> tuple[object, ...]:
    return query.text, query.dataset, query.formats, query.base
