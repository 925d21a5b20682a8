# SPDX-License-Identifier: Apache-2.0
"""The tables as the newest migration leaves them; a test compares the two."""

from __future__ import annotations

import sqlalchemy as sa

METADATA = sa.MetaData()

CHANGE = sa.Table(
    "change",
    METADATA,
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("time", sa.String(32), nullable=False),
    sa.Column("agent", sa.Text, nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("submission", sa.Text),
    sa.Column("added_count", sa.BigInteger, nullable=False),
    sa.Column("removed_count", sa.BigInteger, nullable=False),
    sa.Column("added", sa.LargeBinary),
    sa.Column("added_file", sa.String(64)),
    sa.Column("removed", sa.LargeBinary, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
)

TOKEN = sa.Table(
    "token",
    METADATA,
    sa.Column("id", sa.String(8), primary_key=True),
    sa.Column("hash", sa.String(64), nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("created", sa.String(32), nullable=False),
    sa.Column("expires", sa.String(32)),
    sa.Column("revoked", sa.String(32)),
    sa.Column("last_used", sa.String(32)),
)
