# SPDX-License-Identifier: Apache-2.0
"""How far an index has come, as it says itself; and whether its files can be used."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING

from tantivy import Query

from biennien_graph.engine import Position
from biennien_graph.errors import StoreError
from biennien_graph.indexes.search.schema import STATE, VERSION, schema
from biennien_graph.journal import START

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tantivy import Searcher


def read_position(searcher: Searcher) -> Position:
    """The last change that the index holds; 0 of an empty one, and of one of another version."""
    found = searcher.search(Query.term_query(schema(), "id", STATE), 1, count=False).hits
    if found:
        state = json.loads(searcher.doc(found[0][1])["shown"][0])
        if state["version"] == VERSION:
            return Position(state["number"], state["digest"])
    return Position(0, START)


@contextlib.contextmanager
def intact(path: Path) -> Iterator[None]:
    """`StoreError` where an index turns out to be damaged.

    tantivy says so by several errors, and panics over some damage, which Python sees as a
    `BaseException` of a class that cannot be imported.
    """
    try:
        yield
    except BaseException as problem:
        damage = isinstance(problem, (ValueError, OSError))
        if damage or type(problem).__name__ == "PanicException":
            raise StoreError(f"The index {path} cannot be used: {problem}") from problem
        raise
