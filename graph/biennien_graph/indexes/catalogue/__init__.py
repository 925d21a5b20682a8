# SPDX-License-Identifier: Apache-2.0
"""The catalogue: what lists show, filter, count and sort by, and claims by what they are about.

One row for each thing, the dates that it has, and for each value of each facet the set of the
things that have it, as a compressed bitmap: filters intersect these sets and facets count them.
A place stands for all that lies in it; that is worked out when it is asked for, so that a change
of what contains what rewrites no thing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from biennien_graph.indexes.catalogue.feeding import Feeding
from biennien_graph.indexes.catalogue.tables import TABLES
from biennien_graph.indexes.database import Database

if TYPE_CHECKING:
    import sqlite3
    from contextlib import AbstractContextManager
    from pathlib import Path

    from biennien_graph.engine import Position
    from biennien_graph.indexes import Published


class Catalogue:
    """The index behind the lists."""

    name = "catalogue.sqlite"

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def open(cls, folder: Path) -> Catalogue:
        """To be written."""
        return cls(Database.open(folder / cls.name, TABLES))

    @classmethod
    def read(cls, folder: Path) -> Catalogue:
        """To be read, from any thread; `StoreError` where there is none."""
        return cls(Database.read(folder / cls.name))

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def position(self) -> Position:
        """The last change that it holds."""
        return self._database.position()

    def reading(self) -> AbstractContextManager[tuple[sqlite3.Connection, Position]]:
        """The catalogue at one position, whatever is written meanwhile."""
        return self._database.reading()

    def follow(self, published: Published) -> None:
        """Bring it to what is published, in one transaction."""
        touched = published.touched(self.position())
        with self._database.changing(published.position) as connection:
            feeding = Feeding(connection, published.view)
            if touched is None:
                feeding.everything()
            else:
                feeding.these(touched)
