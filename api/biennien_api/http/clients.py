# SPDX-License-Identifier: Apache-2.0
"""What one client may ask for at once and per minute, so that none takes the others' place."""

from __future__ import annotations

import contextlib
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from biennien_api.http.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import Scope

_KNOWN = 10_000  # clients remembered; the longest silent one is forgotten first


@dataclass(slots=True)
class _Client:
    tokens: float
    seen: float
    running: int = 0


class Clients:
    """A token bucket and a count of running queries per client address.

    `rate` is in queries per minute, `at_once` in queries; 0 means no limit. A client may use
    the whole minute's worth in one go.
    """

    def __init__(self, rate: int, at_once: int) -> None:
        self._rate, self._at_once = rate, at_once
        self._clients: OrderedDict[str, _Client] = OrderedDict()

    @contextlib.contextmanager
    def turn(self, scope: Scope) -> Iterator[None]:
        """For as long as a query of this client runs. `Problem` 429 with `Retry-After`."""
        client = self._client(scope["client"][0] if scope.get("client") else "")
        if self._at_once and client.running >= self._at_once:
            raise _too_many(f"You have {client.running} queries running, which is the most.", 1)
        self._spend(client)
        client.running += 1
        try:
            yield
        finally:
            client.running -= 1

    def count(self, name: str) -> None:
        """One use of a token. `Problem` 429 with `Retry-After` where it is one too many."""
        self._spend(self._client(name))

    def _spend(self, client: _Client) -> None:
        if self._rate and client.tokens < 1:
            wait = (1 - client.tokens) * 60 / self._rate
            raise _too_many(f"You have asked {self._rate} times within a minute.", wait)
        client.tokens -= 1

    def _client(self, address: str) -> _Client:
        now = time.monotonic()
        client = self._clients.setdefault(address, _Client(self._rate, now))
        self._clients.move_to_end(address)
        earned = (now - client.seen) * self._rate / 60
        client.tokens, client.seen = min(self._rate, client.tokens + earned), now
        if len(self._clients) > _KNOWN:
            self._forget()
        return client

    def _forget(self) -> None:
        for address, client in self._clients.items():
            if not client.running:
                del self._clients[address]
                return


def _too_many(words: str, wait: float) -> Problem:
    problem = Problem(429, "too-many-requests", words, hint="Wait, and ask again.")
    problem.headers["Retry-After"] = str(max(1, round(wait + 0.5)))
    return problem
