# SPDX-License-Identifier: Apache-2.0
"""What the catalogue knows of things, for showing them."""

from __future__ import annotations

import json
import re
import zlib
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from biennien_graph.indexes.catalogue import tables as t
from biennien_graph.terms import RDF

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Name:
    """An IRI with its labels, as far as it has any."""

    iri: str
    kind: str = ""
    vi: str | None = None
    en: str | None = None

    @property
    def label(self) -> dict[str, str]:
        """The labels by language."""
        return {lang: text for lang, text in (("vi", self.vi), ("en", self.en)) if text}


@dataclass(frozen=True, slots=True)
class When:
    """A date: days as ISO 8601, None where it is open; the words of the source, and EDTF."""

    iri: str
    earliest: str | None
    latest: str | None
    edtf: str
    words: str


@dataclass(slots=True)
class Row:
    """One thing of a list."""

    name: Name
    cls: str
    span: tuple[int, int]
    dates: list[When] = field(default_factory=list)
    values: dict[str, list[Name]] = field(default_factory=dict)


def rows(sql: sqlite3.Connection, numbers: Sequence[int], *, details: bool = True) -> list[Row]:
    """Things in the order of their numbers; in detail with their dates and values."""
    chosen = (json.dumps(list(numbers)),)
    found: dict[int, Row] = {}
    for number, iri, kind, vi, en, cls, *span in sql.execute(_THINGS, chosen):
        found[number] = Row(Name(iri, kind, vi, en), cls, (span[0], span[1]))
    if details:
        _detail(sql, chosen, found)
    return [found[number] for number in numbers if number in found]


def _detail(sql: sqlite3.Connection, chosen: tuple[str], found: dict[int, Row]) -> None:
    for number, *date in sql.execute(_DATES, chosen):
        found[number].dates.append(_when(*date))
    pairs = sql.execute(_VALUES, chosen).fetchall()
    named = names(sql, {value for _, _, value in pairs})
    values: dict[int, dict[str, list[Name]]] = defaultdict(lambda: defaultdict(list))
    for number, facet, value in pairs:
        values[number][facet].append(named[value])
    for number, row in found.items():
        row.values = {f: values[number][f] for f in t.FACETS if f in values[number]}


def triples(sql: sqlite3.Connection, iris: Iterable[str]) -> bytes:
    """N-Triples: all that is said of things or claims, and briefly of all that they mention."""
    chosen = (json.dumps(list(iris)),)
    own = b"".join(zlib.decompress(row[0]) for row in sql.execute(_SAID, chosen))
    told: dict[str, str] = {}
    wanted = {found.decode() for found in _MENTIONED.findall(own)}
    while wanted:  # twice at most: a source text leads on to its document
        told |= dict.fromkeys(wanted, "") | dict(
            sql.execute(_BRIEF, (json.dumps(sorted(wanted)),)).fetchall()
        )
        said = "".join(told[iri] for iri in wanted).encode()
        wanted = {found.decode() for found in _MENTIONED.findall(said)} - told.keys()
    return own + "".join(told.values()).encode()


def names(sql: sqlite3.Connection, numbers: Iterable[int]) -> dict[int, Name]:
    """Nodes by their numbers; a source text without a label of its own has its document's."""
    chosen = (json.dumps(sorted(numbers)),)
    return {number: Name(*name) for number, *name in sql.execute(_NAMES, chosen)}


def named(sql: sqlite3.Connection, iris: Iterable[str]) -> dict[str, Name]:
    """IRIs as they are called; those that nothing is known of have no labels."""
    wanted = set(iris)
    chosen = (json.dumps(sorted(wanted)),)
    found = [
        row[0]
        for row in sql.execute(
            "SELECT id FROM node WHERE iri IN (SELECT value FROM json_each(?))", chosen
        )
    ]
    known = {name.iri: name for name in names(sql, found).values()}
    return {iri: known.get(iri, Name(iri)) for iri in wanted}


def day(number: int) -> str | None:
    """A day as ISO 8601; None where it is open, or there is none."""
    from datetime import date

    return date.fromordinal(number).isoformat() if 0 < number < t.OPEN_END else None


def _when(iri: str, earliest: int, latest: int, edtf: str, words: str) -> When:
    return When(iri, day(earliest), day(latest), edtf, words)


_CHOSEN = "IN (SELECT value FROM json_each(?))"
_SAID = f"SELECT triples FROM node JOIN said USING (id) WHERE iri {_CHOSEN}"  # noqa: S608
_BRIEF = f"SELECT node, triples FROM brief WHERE node {_CHOSEN}"  # noqa: S608
# The objects that are IRIs, but for classes.
_MENTIONED = re.compile(
    rb"^\S+ (?!<" + re.escape(RDF.type.encode()) + rb">)\S+ <([^>]*)> \.$", re.MULTILINE
)
_THINGS = (
    "SELECT thing.id, thing.iri, kind, vi, en, node.iri, earliest, latest "  # noqa: S608
    f"FROM thing JOIN node ON node.id = class WHERE thing.id {_CHOSEN}"
)
_DATES = (
    "SELECT thing, node, earliest, latest, edtf, words FROM dated "  # noqa: S608
    f"WHERE thing {_CHOSEN} ORDER BY thing, role, earliest, node"
)
_VALUES = f"SELECT thing, facet, value FROM facet WHERE thing {_CHOSEN}"  # noqa: S608
_NAMES = (
    "SELECT node.id, node.iri, coalesce(thing.kind, ''), coalesce(thing.vi, document.vi), "  # noqa: S608
    "coalesce(thing.en, document.en) FROM node LEFT JOIN thing ON thing.id = node.id "
    f"LEFT JOIN thing document ON document.id = thing.of WHERE node.id {_CHOSEN}"
)
