# SPDX-License-Identifier: Apache-2.0
"""The journal and the tokens."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables of this version from those before."""
    op.create_table(
        "change",
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
    op.create_table(
        "token",
        sa.Column("id", sa.String(8), primary_key=True),
        sa.Column("hash", sa.String(64), nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("created", sa.String(32), nullable=False),
        sa.Column("expires", sa.String(32)),
        sa.Column("revoked", sa.String(32)),
        sa.Column("last_used", sa.String(32)),
    )
