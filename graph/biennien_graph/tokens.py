# SPDX-License-Identifier: Apache-2.0
"""Bearer tokens: who may write. Only hashes are stored (SHA-256 over 256 random bits)."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from biennien_graph.database.tables import TOKEN
from biennien_graph.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from biennien_graph.database import Database

ROLES = ("steward", "editor", "admin")  # each may do what those before it may


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token; the token itself is shown once and kept nowhere."""

    id: str
    name: str
    role: str
    created: str
    expires: str | None
    revoked: str | None
    last_used: str | None

    def may(self, role: str) -> bool:
        """Whether the holder may do what a role may."""
        return ROLES.index(self.role) >= ROLES.index(role)


class Tokens:
    """The tokens in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, name: str, role: str, *, days: int | None = None) -> str:
        """Make a token and return it, this once. `UsageError` for an unknown role."""
        if role not in ROLES:
            raise UsageError(f"“{role}” is not a role.", hint=f"Roles: {', '.join(ROLES)}.")
        secret = secrets.token_urlsafe(32)
        token_id = secrets.token_hex(4)
        now = datetime.now(UTC)
        row = {
            "id": token_id,
            "hash": _hash(f"bn_{token_id}_{secret}"),
            "name": name,
            "role": role,
            "created": _stamp(now),
            "expires": _stamp(now + timedelta(days=days)) if days is not None else None,
        }
        with self._database.writing() as connection:
            connection.execute(TOKEN.insert().values(**row))
        return f"bn_{token_id}_{secret}"

    def holder(self, token: str) -> Token | None:
        """Whose token this is; None where it is unknown, revoked or out of date."""
        return self._alive(sa.select(TOKEN).where(TOKEN.c.hash == _hash(token)))

    def by_id(self, token_id: str) -> Token | None:
        """The token of an id; None where it is unknown, revoked or out of date."""
        return self._alive(sa.select(TOKEN).where(TOKEN.c.id == token_id))

    def _alive(self, query: sa.Select[Any]) -> Token | None:
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        now = _stamp(datetime.now(UTC))
        if row is None or row.revoked is not None or (row.expires or "9") < now:
            return None
        if (row.last_used or "")[:16] != now[:16]:  # noted by the minute
            with self._database.writing() as connection:
                used = TOKEN.update().where(TOKEN.c.id == row.id).values(last_used=now)
                connection.execute(used)
        return _token(row)

    def all(self) -> Sequence[Token]:
        """All tokens, the oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(TOKEN).order_by(TOKEN.c.created)).all()
        return [_token(row) for row in rows]

    def revoke(self, token_id: str) -> None:
        """End a token. `UsageError` where there is none of that id."""
        ended = TOKEN.update().where(TOKEN.c.id == token_id, TOKEN.c.revoked.is_(None))
        with self._database.writing() as connection:
            found = connection.execute(ended.values(revoked=_stamp(datetime.now(UTC)))).rowcount
        if not found:
            raise UsageError(
                f"There is no token {token_id} to revoke.", hint="biennien token list shows them."
            )


def _token(row: sa.Row[tuple[object, ...]]) -> Token:
    known = row._mapping
    return Token(**{name: known[name] for name in Token.__dataclass_fields__})


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
