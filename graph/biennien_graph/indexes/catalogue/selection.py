# SPDX-License-Identifier: Apache-2.0
"""Things of one kind that pass some filters: how many, a page of them, and counts by facet."""

from __future__ import annotations

import functools
import heapq
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from pyroaring import BitMap

from biennien_graph.folding import fold
from biennien_graph.indexes.catalogue import tables as t

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Mapping

# A value, how many things can have it at most, and how many hits do.
_Counted: TypeAlias = "tuple[int, int, Callable[[BitMap], int]]"
Key: TypeAlias = tuple[str | int, str]  # the place of a thing in an order: what decides, its IRI

# What an order sorts by, and whether it runs backwards.
ORDERS = {
    "label": ("sort", False),
    "-label": ("sort", True),
    "date": ("earliest", False),
    "-date": ("latest", True),
}
_SPARSE = 200  # hits that are always sorted on their own
_COUNTED_ONE_BY_ONE = 1000  # hits
_UNORDERED = 2**62  # more than anything can count


@dataclass(frozen=True, slots=True)
class Span:
    """Days from 1 January of the year 1; `certainly` within, or else may overlap."""

    first: int
    last: int
    certainly: bool = False


@dataclass(frozen=True, slots=True)
class Filters:
    """What things must pass. `wanted`: for each filter, the values of which one is enough."""

    kind: str
    wanted: Mapping[str, frozenset[tuple[str, int]]] = field(default_factory=dict)
    spans: tuple[Span, ...] = ()
    q: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A page of numbers with the places of its first and last thing; whether there are more."""

    things: list[int]
    first: Key | None
    last: Key | None
    more: bool


class Reader:
    """Asks the catalogue at one position; to be used by one thread."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.sql = connection
        self._above: dict[int, list[int]] | None = None
        self._known: dict[tuple[int, str], tuple[Filters, BitMap]] = {}
        self._values: dict[int, tuple[BitMap, dict[str, dict[int, BitMap]]]] = {}

    def hits(self, filters: Filters, *, without: str = "") -> BitMap:
        """The numbers of the things that pass the filters; of all but one, to count its facet."""
        key = id(filters), without if without in filters.wanted else ""
        if key not in self._known:
            self._known[key] = filters, self._hits(filters, without)
        return self._known[key][1]

    def _hits(self, filters: Filters, without: str) -> BitMap:
        found: BitMap | None = None
        for name, values in filters.wanted.items():
            if name != without:
                found = _both(found, self._any_of(filters.kind, values))
        if filters.spans:
            times = [self._within(filters.kind, span) for span in filters.spans]
            found = _both(found, BitMap.union(*times))
        if fold(filters.q):
            found = _both(found, self.labelled(filters.kind, filters.q))
        return self.all(filters.kind) if found is None else found

    def all(self, kind: str) -> BitMap:
        """Everything of a kind."""
        return BitMap.union(BitMap(), *self._postings(kind, "class").values())

    def labelled(self, kind: str, q: str) -> BitMap:
        """Things with a name that contains a text, whatever its case and diacritics."""
        return self._numbers(
            "SELECT thing FROM name WHERE kind = ? AND instr(folded, ?)", (kind, fold(q))
        )

    def page(
        self, kind: str, hits: BitMap, order: str, after: Key | None, limit: int, *, back: bool
    ) -> Found:
        """The things that come after a place in an order, or those before it."""
        column, reverse = ORDERS[order]
        ahead = reverse == back  # whether the column rises
        sparse = len(hits) < max(_SPARSE, (len(self.all(kind)) * limit) ** 0.5)
        rows = self._few(hits, column) if sparse else self._walk(kind, column, after, ahead)
        if sparse:
            rows = _sorted_from(rows, after, limit + 1, ahead)
        found = []
        for row in rows:
            if row[2] in hits:
                found.append(row)
                if len(found) > limit:
                    break
        more, found = len(found) > limit, found[:limit]
        if back:
            found.reverse()
        ends = [row[:2] for row in found]
        numbers = [row[2] for row in found]
        return Found(numbers, ends[0] if ends else None, ends[-1] if ends else None, more)

    def counts(self, filters: Filters, facet: str, size: int) -> tuple[list[tuple[int, int]], bool]:
        """The most frequent values of a facet with their counts; whether there are more.

        A count is how many things the list has with this value as the only one of its filter.
        """
        hits = self.hits(filters, without="type" if facet == "class" else facet)
        best: list[tuple[int, int]] = []  # counts with their values, negative, as a heap
        few = len(hits) <= _COUNTED_ONE_BY_ONE
        counted = self._counts_of_few(hits, facet) if few else self._counts_of_many(filters, facet)
        for value, most, count in counted:
            if len(best) > size and best[0][0] >= most:
                break  # no set that is left can count more
            _keep(best, value, count(hits), size + 1)
        found = [(-value, count) for count, value in sorted(best, reverse=True)]
        return found[:size], len(found) > size

    def count(self, filters: Filters, facet: str, value: int) -> int:
        """The count of one value."""
        hits = self.hits(filters, without="type" if facet == "class" else facet)
        return hits.intersection_cardinality(self._any_of(filters.kind, [(facet, value)]))

    def inside(self, value: int) -> set[int]:
        """A place with all that lies in it, a concept with all narrower ones."""
        rows = self.sql.execute(
            "WITH RECURSIVE found (id) AS (VALUES (?) UNION "
            "SELECT child FROM above JOIN found ON parent = id) SELECT id FROM found",
            (value,),
        )
        return {row[0] for row in rows}

    def _any_of(self, kind: str, values: Iterable[tuple[str, int]]) -> BitMap:
        found = BitMap()
        for facet, value in values:
            for one in self.inside(value) if facet in t.CLOSED else (value,):
                row = self.sql.execute(
                    "SELECT things FROM posting WHERE kind = ? AND facet = ? AND value = ?",
                    (kind, facet, one),
                ).fetchone()
                if row is not None:
                    found |= BitMap.deserialize(row[0])
        return found

    def _within(self, kind: str, span: Span) -> BitMap:
        if span.certainly or kind not in t.DATES:
            test = (
                "earliest >= ? AND latest <= ?"
                if span.certainly
                else "latest >= ? AND earliest <= ?"
            )
            return self._numbers(
                f"SELECT id FROM thing WHERE kind = ? AND {test} AND earliest <= latest",  # noqa: S608
                (kind, span.first, span.last),
            )
        return self._numbers(
            "SELECT thing FROM dated WHERE kind = ? AND latest >= ? AND earliest <= ?",
            (kind, span.first, span.last),
        )

    def _numbers(self, query: str, values: tuple[object, ...]) -> BitMap:
        return BitMap([row[0] for row in self.sql.execute(query, values)])

    def _postings(self, kind: str, facet: str) -> dict[int, BitMap]:
        rows = self.sql.execute(
            "SELECT value, things FROM posting WHERE kind = ? AND facet = ?", (kind, facet)
        )
        return {value: BitMap.deserialize(things) for value, things in rows}

    def _counts_of_few(self, hits: BitMap, facet: str) -> Iterator[_Counted]:
        """By the values of each hit."""
        if id(hits) not in self._values:
            self._values[id(hits)] = hits, self._values_of(hits)
        sets = self._values[id(hits)][1].get(facet, {})
        if facet in t.CLOSED:
            sets = self._closed(sets)
        for value, things in sets.items():
            yield value, len(hits), things.intersection_cardinality

    def _counts_of_many(self, filters: Filters, facet: str) -> Iterator[_Counted]:
        """By the sets of all things with a value, the largest first."""
        related: Mapping[int, object] = {}
        if facet in t.CLOSED:
            related = self._related()
            for value, things in self._closed(self._sets_of_related(filters.kind, facet)).items():
                yield value, _UNORDERED, things.intersection_cardinality
        rows = self.sql.execute(
            "SELECT value, size, things FROM posting WHERE kind = ? AND facet = ? "
            "ORDER BY size DESC, value",
            (filters.kind, facet),
        )
        for value, most, things in rows:
            if value not in related:
                yield (
                    value,
                    most,
                    functools.partial(_common, things),
                )

    def _values_of(self, hits: BitMap) -> dict[str, dict[int, BitMap]]:
        found: dict[str, dict[int, BitMap]] = {}
        rows = self.sql.execute(
            "SELECT facet, value, thing FROM facet WHERE thing IN (SELECT value FROM json_each(?))",
            (json.dumps(hits.to_array().tolist()),),
        )
        for facet, value, thing in rows:
            sets = found.setdefault(facet, {})
            if value in sets:
                sets[value].add(thing)
            else:
                sets[value] = BitMap((thing,))
        return found

    def _sets_of_related(self, kind: str, facet: str) -> dict[int, BitMap]:
        """Of the values that lie in others, or others in them."""
        rows = self.sql.execute(
            "SELECT value, things FROM posting WHERE kind = ? AND facet = ? AND value IN "
            "(SELECT child FROM above UNION SELECT parent FROM above)",
            (kind, facet),
        )
        return {value: BitMap.deserialize(things) for value, things in rows}

    def _closed(self, sets: Mapping[int, BitMap]) -> dict[int, BitMap]:
        """With what has a value, for all values that this one lies in."""
        found: dict[int, BitMap] = {}
        for value, things in sets.items():
            for above in self._and_above(value) if value in self._related() else (value,):
                found[above] = found[above] | things if above in found else things
        return found

    def _related(self) -> dict[int, list[int]]:
        """What lies in what: for each node, those right above it; none for the topmost."""
        if self._above is None:
            self._above = {}
            for child, parent in self.sql.execute("SELECT child, parent FROM above"):
                self._above.setdefault(child, []).append(parent)
                self._above.setdefault(parent, [])
        return self._above

    def _and_above(self, value: int) -> set[int]:
        """A value with everything that it lies in."""
        found, left = {value}, [value]
        while left:
            for parent in self._related().get(left.pop(), ()):
                if parent not in found:
                    found.add(parent)
                    left.append(parent)
        return found

    def _few(self, hits: BitMap, column: str) -> Iterator[tuple[str | int, str, int]]:
        return self.sql.execute(
            f"SELECT {column}, iri, id FROM thing WHERE id IN (SELECT value FROM json_each(?))",  # noqa: S608
            (json.dumps(hits.to_array().tolist()),),
        )

    def _walk(
        self, kind: str, column: str, after: Key | None, ahead: bool
    ) -> Iterator[tuple[str | int, str, int]]:
        """Everything of a kind from a place on, along an index."""
        sign, way = (">", "ASC") if ahead else ("<", "DESC")
        test = f"AND ({column}, iri) {sign} (?, ?)" if after else ""
        return self.sql.execute(
            f"SELECT {column}, iri, id FROM thing WHERE kind = ? {test} "  # noqa: S608
            f"ORDER BY {column} {way}, iri {way}",
            (kind, *(after or ())),
        )


def _common(things: bytes, hits: BitMap) -> int:
    return int(hits.intersection_cardinality(BitMap.deserialize(things)))


def _keep(best: list[tuple[int, int]], value: int, count: int, most: int) -> None:
    """Put a value among the best; of equal counts, the lower number is better."""
    if count and len(best) < most:
        heapq.heappush(best, (count, -value))
    elif count:
        heapq.heappushpop(best, (count, -value))


def _both(found: BitMap | None, more: BitMap) -> BitMap:
    return more if found is None else found & more


def _sorted_from(
    rows: Iterable[tuple[str | int, str, int]], after: Key | None, count: int, ahead: bool
) -> Iterator[tuple[str | int, str, int]]:
    def comes(row: tuple[str | int, str, int]) -> bool:
        place: tuple[object, object] = (row[0], row[1])
        return after is None or (place > after if ahead else place < after)

    choose = heapq.nsmallest if ahead else heapq.nlargest
    return iter(choose(count, filter(comes, rows), key=lambda row: row[:2]))
