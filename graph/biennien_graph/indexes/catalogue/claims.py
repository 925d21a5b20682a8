# SPDX-License-Identifier: Apache-2.0
"""Claims by what they are about and what carries them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

    from biennien_graph.indexes.catalogue.selection import Key

# Each filter as SQL for one value; several are alternatives. Thing and whole nodes are one.
_TESTS = {
    "subject": "(about = ? OR subject = ?)",
    "predicate": "predicate = ?",
    "object": "(object = ? OR leads = ?)",
    "source": "id IN (SELECT claim FROM citation WHERE source = ?)",
    "passage": "id IN (SELECT claim FROM citation WHERE passage = ?)",
    "modality": "modality = ?",
    "certainty": "certainty = ?",
}
FILTERS = tuple(_TESTS)


@dataclass(frozen=True, slots=True)
class Claims:
    """Which claims: for each filter, what its test asks for; one is enough.

    That is numbers, or, for an object, its words; None fits nothing.
    """

    wanted: dict[str, list[tuple[int | str | None, ...]]] = field(default_factory=dict)

    def total(self, sql: sqlite3.Connection) -> int:
        """How many there are."""
        test, values = self._test()
        found = sql.execute(f"SELECT count(*) FROM claim WHERE {test}", values).fetchone()  # noqa: S608
        return int(found[0])

    def page(
        self, sql: sqlite3.Connection, after: Key | None, limit: int, *, back: bool
    ) -> tuple[list[tuple[str, str]], bool]:
        """Their places by source and passage, and their IRIs; whether there are more."""
        test, values = self._test()
        sign, way = ("<", "DESC") if back else (">", "ASC")
        if after is not None:
            test, values = f"{test} AND (sort, iri) {sign} (?, ?)", [*values, *after]
        rows = sql.execute(
            f"SELECT sort, iri FROM claim WHERE {test} ORDER BY sort {way}, iri {way} LIMIT ?",  # noqa: S608
            (*values, limit + 1),
        ).fetchall()
        found = rows[:limit]
        return (found[::-1] if back else found), len(rows) > limit

    def _test(self) -> tuple[str, list[int | str | None]]:
        tests, values = ["1"], list[int | str | None]()
        for name, wanted in self.wanted.items():
            tests.append("(" + " OR ".join([_TESTS[name]] * len(wanted)) + ")")
            values += [value for one in wanted for value in one]
        return " AND ".join(tests), values
