# SPDX-License-Identifier: Apache-2.0
"""Dated things of one kind in the order of time; claims too, where they are dated."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from biennien_graph.folding import fold
from biennien_graph.indexes.catalogue import tables as t
from biennien_graph.indexes.catalogue.selection import Reader
from biennien_graph.indexes.catalogue.showing import day

if TYPE_CHECKING:
    import sqlite3

    from biennien_graph.indexes.catalogue.selection import Filters, Key

_HITS = "thing IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class Moment:
    """One date of one thing or claim. `first` and `last` are ISO days, None where open."""

    place: Key
    kind: str
    thing: int
    date: str
    first: str | None
    last: str | None
    edtf: str
    words: str
    modality: tuple[int, ...]
    claim: tuple[int, int, int | None] | None  # subject, predicate, object

    @property
    def numbers(self) -> set[int]:
        """All nodes that are to be named."""
        claim = (number for number in self.claim or () if number is not None)
        return {self.thing, *self.modality, *claim}


class Timeline:
    """The dates of the things of one kind that pass some filters."""

    def __init__(self, sql: sqlite3.Connection, filters: Filters) -> None:
        self._sql, self._filters = sql, filters
        self._test, self._values = self._dates()

    def total(self) -> int:
        """How many dates there are."""
        query = f"SELECT count(*) FROM dated WHERE kind = ? AND {self._test}"  # noqa: S608
        found = self._sql.execute(query, (self._filters.kind, *self._values)).fetchone()
        return int(found[0])

    def page(self, after: Key | None, limit: int, *, back: bool) -> list[Moment]:
        """The dates after a place, or before it, and one more than asked for."""
        sign, way = ("<", "DESC") if back else (">", "ASC")
        test, values = self._test, [self._filters.kind, *self._values]
        if after is not None:
            test, values = f"{test} AND (earliest, place) {sign} (?, ?)", [*values, *after]
        rows = self._sql.execute(
            "SELECT earliest, place, thing, node, latest, edtf, words FROM dated "  # noqa: S608
            f"WHERE kind = ? AND {test} ORDER BY earliest {way}, place {way} LIMIT ?",
            (*values, limit + 1),
        )
        return [self._moment(*row) for row in rows.fetchall()]

    def _moment(
        self, earliest: int, place: str, thing: int, node: str, latest: int, edtf: str, words: str
    ) -> Moment:
        kind = self._filters.kind
        claim = None
        if kind == "claims":
            claim = self._sql.execute(
                "SELECT subject, predicate, leads FROM claim WHERE id = ?", (thing,)
            ).fetchone()
            query = "SELECT modality FROM claim WHERE id = ? AND modality IS NOT NULL"
        else:
            query = "SELECT value FROM facet WHERE thing = ? AND facet = 'modality'"
        modality = tuple(row[0] for row in self._sql.execute(query, (thing,)))
        days = day(earliest), day(latest)
        return Moment((earliest, place), kind, thing, node, *days, edtf, words, modality, claim)

    def _dates(self) -> tuple[str, list[object]]:
        """Which dates: of the things that pass, and themselves within the times asked for."""
        times: list[str] = []
        values: list[object] = []
        for span in self._filters.spans:
            certainly = "earliest >= ? AND latest <= ?"
            times.append(certainly if span.certainly else "latest >= ? AND earliest <= ?")
            values += [span.first, span.last]
        test = " OR ".join(f"({time})" for time in times) or "1"
        if self._filters.kind == "claims":
            narrowed, more = self._claims()
        elif self._filters.wanted or self._filters.q:
            hits = Reader(self._sql).hits(self._filters)
            narrowed, more = _HITS, [json.dumps(hits.to_array().tolist())]
        else:
            narrowed, more = "1", []
        return f"({test}) AND {narrowed}", [*values, *more]

    def _claims(self) -> tuple[str, list[object]]:
        """Claims about what is asked for, as subject or as object; by source; by modality."""
        tests, values = ["1"], list[object]()
        reader = Reader(self._sql)
        for wanted in self._filters.wanted.values():
            numbers = {n for facet, value in wanted for n in _inside(reader, facet, value)}
            facet = next(iter(wanted))[0]
            tests.append(_CLAIMS.get(facet, _ABOUT))
            values += [json.dumps(sorted(numbers))] * tests[-1].count("?")
        if self._filters.q:
            tests.append(_NAMED)
            values.append(fold(self._filters.q))
        return " AND ".join(tests), values


def _inside(reader: Reader, facet: str, value: int) -> set[int]:
    return reader.inside(value) if facet in t.CLOSED else {value}


_CHOSEN = "IN (SELECT value FROM json_each(?))"
_ABOUT = f"thing IN (SELECT id FROM claim WHERE about {_CHOSEN} OR leads {_CHOSEN})"  # noqa: S608
_NAMED = "thing IN (SELECT id FROM claim JOIN name ON thing = about WHERE instr(folded, ?))"
_CLAIMS = {
    "source": f"thing IN (SELECT claim FROM citation WHERE source {_CHOSEN})",  # noqa: S608
    "modality": f"thing IN (SELECT id FROM claim WHERE modality {_CHOSEN})",  # noqa: S608
    "type": f"thing IN (SELECT claim.id FROM claim JOIN facet ON facet.thing = about "  # noqa: S608
    f"WHERE facet = 'type' AND value {_CHOSEN})",
    "class": f"thing IN (SELECT claim.id FROM claim JOIN thing ON thing.id = about "  # noqa: S608
    f"WHERE class {_CHOSEN})",
}
