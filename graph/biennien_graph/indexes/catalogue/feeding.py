# SPDX-License-Identifier: Apache-2.0
"""Writing the catalogue: all of it anew, or what a change touched."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from pyroaring import BitMap

from biennien_graph.engine.rdf import NamedNode
from biennien_graph.indexes.catalogue import tables as t
from biennien_graph.indexes.catalogue.extraction import Extraction
from biennien_graph.indexes.catalogue.rules import FACETS, FRAGMENTS
from biennien_graph.indexes.catalogue.statements import FromSnapshot, FromTable
from biennien_graph.terms import BN

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from biennien_graph.engine.snapshots import SnapshotView
    from biennien_graph.indexes.catalogue.extraction import Claim, Dated, Thing

_REMEMBERED = 1_000_000  # numbers of nodes


class Feeding:
    """One transaction of the process that feeds."""

    def __init__(self, connection: sqlite3.Connection, view: SnapshotView) -> None:
        self._sql, self._view = connection, view
        self._extraction = Extraction(FromSnapshot(view))
        self._numbers: dict[str, int] = {}

    def everything(self) -> None:
        """Make it anew."""
        for table in t.ALL:
            self._sql.execute(f"DELETE FROM {table}")  # noqa: S608 - one of our own names
        self._sql.execute("CREATE TEMP TABLE IF NOT EXISTS todo (thing PRIMARY KEY, iri UNIQUE)")
        self._sql.execute("DELETE FROM todo")
        statements = FromTable(self._sql, self._view)
        self._extraction = Extraction(statements)
        for iri, cls in statements.types():
            self._typed(iri, cls)
        for statement in FRAGMENTS:
            self._sql.execute(statement)
        for number, iri in self._sql.execute("SELECT thing, iri FROM todo"):
            self._thing(number, iri)
        statements.close()
        self._containment()
        self._sql.execute(FACETS.format("SELECT thing FROM todo"))
        self._all_postings()

    def these(self, touched: Iterable[str]) -> None:
        """Bring some nodes up to date, and what depends on them."""
        touched = set(touched)
        for iri in sorted(iri for iri in touched if "#" in iri):
            self._fragment(iri)
        numbers = {self.number(iri.partition("#")[0]) for iri in touched}
        numbers |= self._dependent(numbers)
        numbers |= self._spoken_of(numbers)
        for number in sorted(numbers | {self.number(iri) for iri in touched}):
            self._claim(number, self._iri(number))
        self._redo({number for number in numbers if not self._is_claim(number)})

    def _iri(self, number: int) -> str:
        row = self._sql.execute("SELECT iri FROM node WHERE id = ?", (number,)).fetchone()
        return str(row[0])

    def _is_claim(self, number: int) -> bool:
        found = self._sql.execute("SELECT 1 FROM claim WHERE id = ?", (number,)).fetchone()
        return found is not None

    def number(self, iri: str) -> int:
        """The number of a node, a new one where it has none."""
        known = self._numbers.get(iri)
        if known is not None:
            return known
        row = self._sql.execute("SELECT id FROM node WHERE iri = ?", (iri,)).fetchone()
        if row is None:
            row = (self._sql.execute("INSERT INTO node (iri) VALUES (?)", (iri,)).lastrowid,)
        if len(self._numbers) > _REMEMBERED:
            self._numbers.clear()
        self._numbers[iri] = int(row[0])
        return int(row[0])

    def _typed(self, iri: str, cls: str) -> None:
        if cls == BN.Claim:
            self._claim(self.number(iri), iri)
        elif cls in t.TERMS or (cls in t.CLASSES and "#" not in iri):
            todo = (self.number(iri), iri)
            self._sql.execute("INSERT OR IGNORE INTO todo VALUES (?, ?)", todo)

    def _fragment(self, iri: str) -> None:
        owner = self.number(iri.partition("#")[0])
        self._sql.execute("INSERT OR IGNORE INTO fragment VALUES (?, ?)", (owner, iri))

    def _redo(self, numbers: set[int]) -> None:
        """Things anew, and the facets of those whose filters depend on their class."""
        before = self._kinds(numbers)
        for number in sorted(numbers):
            self._thing(number, self._iri(number))
        self._containment()
        after = self._kinds(numbers)
        changed = {number for number in numbers if before.get(number) != after.get(number)}
        self._facets(numbers | self._leading_to(changed))

    def _kinds(self, numbers: Iterable[int]) -> dict[int, str]:
        query = "SELECT kind FROM thing WHERE id = ?"
        rows = ((n, self._sql.execute(query, (n,)).fetchone()) for n in numbers)
        return {number: row[0] for number, row in rows if row}

    def _dependent(self, numbers: set[int]) -> set[int]:
        """Things and claims that tell what a node of one of these says: a date, a passage."""
        query = "SELECT thing FROM uses WHERE owner = ?"
        return {row[0] for n in numbers for row in self._sql.execute(query, (n,))}

    def _spoken_of(self, claims: set[int]) -> set[int]:
        """What claims were about."""
        query = "SELECT about FROM claim WHERE id = ?"
        return {row[0] for n in claims for row in self._sql.execute(query, (n,))}

    def _leading_to(self, numbers: set[int]) -> set[int]:
        query = "SELECT subject FROM edge WHERE object = ?"
        return {row[0] for n in numbers for row in self._sql.execute(query, (n,))}

    def _thing(self, number: int, iri: str) -> None:
        for table, column in _OF_A_THING:
            self._sql.execute(f"DELETE FROM {table} WHERE {column} = ?", (number,))  # noqa: S608
        query = "SELECT node FROM fragment WHERE thing = ?"
        fragments = [row[0] for row in self._sql.execute(query, (number,))]
        found = self._extraction.thing(iri, fragments)
        if found is not None:
            self._write(number, found)

    def _write(self, number: int, thing: Thing) -> None:
        of = self.number(thing.of) if thing.of else None
        row = (number, thing.iri, thing.kind, self.number(thing.cls), thing.vi, thing.en)
        self._sql.execute(
            "INSERT INTO thing VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*row, thing.sort, *thing.span, of),
        )
        self._many("name", ((number, name, thing.kind) for name in thing.names))
        self._date(number, thing.iri, thing.kind, thing.dates)
        self._use(number, thing.uses)
        self._say(number, thing.triples)
        self._many("brief", ((node, number, text) for node, text in thing.briefs.items() if text))
        edges = ((number, self.number(p), self.number(o)) for p, o in sorted(thing.edges))
        self._many("edge", edges)

    def _claim(self, number: int, iri: str) -> None:
        self._sql.execute("DELETE FROM claim WHERE id = ?", (number,))
        self._sql.execute("DELETE FROM citation WHERE claim = ?", (number,))
        self._sql.execute("DELETE FROM said WHERE id = ?", (number,))
        self._sql.execute("DELETE FROM dated WHERE thing = ?", (number,))
        self._sql.execute("DELETE FROM uses WHERE thing = ?", (number,))
        claim = self._extraction.claim(iri)
        if claim is None:
            return
        self._many("claim", [(number, claim.iri, claim.sort, *self._statement(claim))])
        cited = ((number, self.number(p), self.number(s)) for p, s in claim.citations)
        self._many("citation", cited)
        self._date(number, claim.iri, "claims", claim.dates)
        self._use(number, claim.uses)
        self._say(number, claim.triples)

    def _date(self, number: int, iri: str, kind: str, dates: Iterable[Dated]) -> None:
        self._many(
            "dated",
            ((number, d.node, kind, *d[1:], f"{iri}\t{d.node}") for d in dates),
        )

    def _use(self, number: int, nodes: Iterable[str]) -> None:
        owners = {self.number(node.partition("#")[0]) for node in nodes}
        self._many("uses", ((owner, number) for owner in owners))

    def _say(self, number: int, triples: str) -> None:
        self._many("said", [(number, zlib.compress(triples.encode(), 1))])

    def _statement(self, claim: Claim) -> tuple[object, ...]:
        nodes = (claim.leads, claim.modality, claim.certainty)
        leads, modality, certainty = (self.number(n) if n else None for n in nodes)
        return (
            self.number(claim.subject),
            self.number(claim.subject.partition("#")[0]),
            self.number(claim.predicate),
            claim.object,
            leads,
            modality,
            certainty,
        )

    def _containment(self) -> None:
        """All of it: it is small, and what is inferred of it is in no change."""
        quads = (quad for predicate in t.ABOVE for quad in self._view.quads(predicate=predicate))
        found = {
            (self.number(quad.subject.value), self.number(quad.object.value))
            for quad in quads
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode)
        }
        known = set(self._sql.execute("SELECT child, parent FROM above"))
        self._sql.executemany("DELETE FROM above WHERE child = ? AND parent = ?", known - found)
        self._many("above", found - known)

    def _facets(self, numbers: set[int]) -> None:
        """The facets of some things, and the sets of things that these alter."""
        self._sql.execute("CREATE TEMP TABLE IF NOT EXISTS some (thing PRIMARY KEY)")
        self._sql.execute("DELETE FROM some")
        self._sql.executemany("INSERT INTO some VALUES (?)", ((n,) for n in numbers))
        query = (
            "SELECT kind, facet, value, thing FROM facet WHERE thing IN (SELECT thing FROM some)"
        )
        before = set(self._sql.execute(query))
        self._sql.execute("DELETE FROM facet WHERE thing IN (SELECT thing FROM some)")
        self._sql.execute(FACETS.format("SELECT thing FROM some"))
        after = set(self._sql.execute(query))
        for *key, thing in sorted(before - after):
            self._alter(key, thing, present=False)
        for *key, thing in sorted(after - before):
            self._alter(key, thing, present=True)

    def _alter(self, key: list[object], thing: int, *, present: bool) -> None:
        query = "SELECT things FROM posting WHERE kind = ? AND facet = ? AND value = ?"
        row = self._sql.execute(query, key).fetchone()
        things = BitMap.deserialize(row[0]) if row else BitMap()
        (things.add if present else things.discard)(thing)
        self._put(key, things)

    def _all_postings(self) -> None:
        key: list[object] = []
        things = BitMap()
        query = "SELECT kind, facet, value, thing FROM facet ORDER BY kind, facet, value"
        for *found, thing in self._sql.execute(query):
            if found != key:
                self._put(key, things)
                key, things = found, BitMap()
            things.add(thing)
        self._put(key, things)

    def _put(self, key: list[object], things: BitMap) -> None:
        if things:
            self._many("posting", [(*key, len(things), things.serialize())])
        elif key:
            self._sql.execute("DELETE FROM posting WHERE kind = ? AND facet = ? AND value = ?", key)

    def _many(self, table: str, rows: Iterable[tuple[object, ...]]) -> None:
        found = list(rows)
        if found:
            marks = ", ".join("?" * len(found[0]))
            self._sql.executemany(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", found)  # noqa: S608


_OF_A_THING = (
    ("brief", "thing"),
    ("uses", "thing"),
    ("said", "id"),
    ("thing", "id"),
    ("name", "thing"),
    ("dated", "thing"),
    ("edge", "subject"),
)
