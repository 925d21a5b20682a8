# SPDX-License-Identifier: Apache-2.0
"""Cursors: where a page begins. A place in an order, not a number, so that it outlives changes.

A cursor is sealed with a key of the data folder, for the list that it was made for.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import hmac
import json
import os
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from biennien_api.http.problems import Problem

if TYPE_CHECKING:
    from pathlib import Path

    from biennien_graph.indexes.catalogue.selection import Key

_FORMAT = 1  # raise it when a cursor means something else
_SEAL = 16  # bytes
_LIFE = 30 * 86_400  # seconds
_AGAIN = "Ask for the list without a cursor, and follow its links from there."


@dataclass(frozen=True, slots=True)
class Place:
    """A place in an order; whether the page lies before it."""

    key: Key
    back: bool


class Cursors:
    """Makes and reads cursors."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def of(cls, data: Path) -> Cursors:
        """With the key of a data folder, made where there is none."""
        file = data / "cursors.key"
        with contextlib.suppress(FileExistsError):
            number = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(number, "wb") as out:
                out.write(secrets.token_bytes(32))
        return cls(file.read_bytes())

    def made(self, digest: str, place: Place) -> str:
        """A cursor for a list."""
        content = json.dumps([_FORMAT, int(time.time()), digest, *place.key, int(place.back)])
        body = content.encode()
        return base64.urlsafe_b64encode(self._seal(body) + body).decode().rstrip("=")

    def read(self, text: str, digest: str) -> Place:
        """Where a cursor leads; a `Problem` where it is none of ours, of another list, or old."""
        try:
            whole = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
        except (binascii.Error, ValueError):
            _refuse(400, "The cursor is not one that this service makes.")
        seal, body = whole[:_SEAL], whole[_SEAL:]
        if not hmac.compare_digest(seal, self._seal(body)):
            _refuse(400, "The cursor is not one that this service makes.")
        form, made, of, *rest = json.loads(body)
        if form != _FORMAT or time.time() - made > _LIFE:
            _refuse(410, "The cursor is too old.")
        if of != digest:
            _refuse(400, "The cursor belongs to a list with other filters or another order.")
        return Place((rest[0], rest[1]), bool(rest[2]))

    def _seal(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, "sha256")[:_SEAL]


def digest_of(*parts: object) -> str:
    """What tells one list from another."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def _refuse(status: int, detail: str) -> NoReturn:
    raise Problem(status, "cursor", detail, hint=_AGAIN)
