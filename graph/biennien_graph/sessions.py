# SPDX-License-Identifier: Apache-2.0
"""Sessions of those who logged in with a token, for the pages. Only hashes are stored.

A session lives as long as its token: a token that is revoked ends its sessions at once.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from biennien_graph.database.tables import SESSION

if TYPE_CHECKING:
    from biennien_graph.database import Database
    from biennien_graph.tokens import Token, Tokens


@dataclass(frozen=True, slots=True)
class Session:
    """Who is logged in, and the value that each of their forms must carry."""

    holder: Token
    csrf: str

    def expects(self, given: str) -> bool:
        """Whether a form is one of this session's."""
        return hmac.compare_digest(self.csrf.encode(), given.encode())


class Sessions:
    """The sessions in a database."""

    def __init__(self, database: Database, tokens: Tokens) -> None:
        self._database, self._tokens = database, tokens

    def open(self, holder: Token, *, hours: float) -> str:
        """Begin a session and return its secret, this once. Those that are over are forgotten."""
        secret, now = secrets.token_urlsafe(32), datetime.now(UTC)
        row = {
            "hash": _hash(secret),
            "token": holder.id,
            "csrf": secrets.token_urlsafe(32),
            "created": _stamp(now),
            "expires": _stamp(now + timedelta(hours=hours)),
        }
        with self._database.writing() as connection:
            connection.execute(SESSION.delete().where(SESSION.c.expires < row["created"]))
            connection.execute(SESSION.insert().values(**row))
        return secret

    def find(self, secret: str) -> Session | None:
        """The session of a secret; None where there is none, or it or its token is over."""
        query = sa.select(SESSION).where(SESSION.c.hash == _hash(secret))
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None or row.expires < _stamp(datetime.now(UTC)):
            return None
        holder = self._tokens.by_id(row.token)
        return Session(holder, row.csrf) if holder is not None else None

    def close(self, secret: str) -> None:
        """End a session."""
        with self._database.writing() as connection:
            connection.execute(SESSION.delete().where(SESSION.c.hash == _hash(secret)))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
