# SPDX-License-Identifier: Apache-2.0
"""Migrations, applied where they have not been yet, in the transaction of a writer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from biennien_graph.errors import StoreError

if TYPE_CHECKING:
    from alembic.config import Config

NEWEST = "0002"  # a test compares it with the files of the folder `migrations/versions`
_BEFORE = "0001"  # what a database with changes but without a version is at


def upgrade(connection: sa.Connection) -> None:
    """Bring the tables to the newest version. `StoreError` where they are of a newer one."""
    found = _version(connection)
    if found == NEWEST:
        return
    from alembic import command  # takes longer to import than an up-to-date database to open

    config = _config(connection)
    if found is None and sa.inspect(connection).has_table("change"):
        command.stamp(config, _BEFORE)
    elif found is not None and found > NEWEST:
        raise StoreError(
            f"The database is at version {found}; this version of Biên Niên knows {NEWEST}.",
            hint="It was left as it is. Use the version that wrote it.",
        )
    command.upgrade(config, NEWEST)


def _version(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(sa.text("SELECT version_num FROM alembic_version"))
    version: str | None = found.scalar_one_or_none()
    return version


def _config(connection: sa.Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config
