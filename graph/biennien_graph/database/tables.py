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

SUBMISSION = sa.Table(
    "submission",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("agent", sa.Text, nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("created", sa.String(32), nullable=False),
    sa.Column("updated", sa.String(32), nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("reverts", sa.BigInteger),
    sa.Column("decided_by", sa.Text),
    sa.Column("reason", sa.Text),
    sa.Column("position", sa.BigInteger, unique=True),
)

REVISION = sa.Table(
    "revision",
    METADATA,
    sa.Column("submission", sa.Integer, sa.ForeignKey("submission.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("agent", sa.Text, nullable=False),
    sa.Column("time", sa.String(32), nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("base", sa.BigInteger, nullable=False),
    sa.Column("added", sa.LargeBinary, nullable=False),
    sa.Column("removed", sa.LargeBinary, nullable=False),
    sa.Column("results", sa.Text, nullable=False),
)

PROPOSED = sa.Table(
    "proposed",
    METADATA,
    sa.Column("submission", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("revision", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("graph", sa.Text, nullable=False),
    sa.Column("action", sa.String(16), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.ForeignKeyConstraint(["submission", "revision"], ["revision.submission", "revision.number"]),
)

COMMENT = sa.Table(
    "comment",
    METADATA,
    sa.Column("submission", sa.Integer, sa.ForeignKey("submission.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("agent", sa.Text, nullable=False),
    sa.Column("time", sa.String(32), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
)

SESSION = sa.Table(
    "session",
    METADATA,
    sa.Column("hash", sa.String(64), primary_key=True),
    sa.Column("token", sa.String(8), sa.ForeignKey("token.id"), nullable=False),
    sa.Column("csrf", sa.String(64), nullable=False),
    sa.Column("created", sa.String(32), nullable=False),
    sa.Column("expires", sa.String(32), nullable=False),
)

AUDIT = sa.Table(
    "audit",
    METADATA,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("time", sa.String(32), nullable=False),
    sa.Column("agent", sa.Text, nullable=False),
    sa.Column("token", sa.String(8)),
    sa.Column("action", sa.String(32), nullable=False),
    sa.Column("object", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
)
