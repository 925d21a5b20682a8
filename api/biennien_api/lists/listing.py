# SPDX-License-Identifier: Apache-2.0
"""One page of a list, found in the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from biennien_api.lists.asking import FILTERS, chosen, filters
from biennien_api.lists.cursors import Place, digest_of
from biennien_graph.folding import fold
from biennien_graph.indexes.catalogue import showing
from biennien_graph.indexes.catalogue import tables as t
from biennien_graph.indexes.catalogue.selection import Reader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from biennien_api.lists.cursors import Cursors
    from biennien_api.lists.parameters import Listed
    from biennien_graph.indexes.catalogue import Catalogue
    from biennien_graph.indexes.catalogue.selection import Filters, Key
    from biennien_graph.indexes.catalogue.showing import Name, Row

_ONLY = {"author": "documents", "recipient": "documents"}


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a facet: how many things have it, and whether the list is filtered by it."""

    name: Name
    count: int
    selected: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet with its most frequent values, and whether there are more."""

    name: str
    values: list[Value]
    more: bool

    @property
    def parameter(self) -> str:
        """The filter that takes its values."""
        return "type" if self.name == "class" else self.name


@dataclass(frozen=True, slots=True)
class Page:
    """What a list shows. Cursors are empty where there is no such page."""

    kind: str
    rows: list[Row]
    total: int
    facets: list[Facet]
    next: str
    previous: str
    position: int


def facets_of(kind: str) -> list[str]:
    """The facets that a list has."""
    return [facet for facet in t.FACETS if _ONLY.get(facet, kind) == kind]


def found(
    catalogue: Catalogue, cursors: Cursors, kind: str, asked: Listed, *, details: bool
) -> Page:
    """The page that is asked for, with its facets, all at one position of the journal."""
    digest = digest_of(kind, asked.sort, filters_said(asked))
    place = cursors.read(asked.cursor, digest) if asked.cursor else None
    names = [] if asked.facets == "none" else chosen("facets", asked.facets, facets_of(kind))
    with catalogue.reading() as (sql, position):
        reader, wanted = Reader(sql), filters(sql, kind, asked)
        hits = reader.hits(wanted)
        page = reader.page(
            kind,
            hits,
            asked.sort,
            place.key if place else None,
            asked.limit,
            back=place is not None and place.back,
        )
        shown = names or ([] if asked.facets == "none" else facets_of(kind))
        facets = [_facet(reader, wanted, facet, asked.facetSize) for facet in shown]
        rows = showing.rows(sql, page.things, details=details)
    places = [key for key in (page.first, page.last) if key is not None]
    after, before = around(cursors, digest, place, places, more=page.more)
    return Page(kind, rows, len(hits), facets, after, before, position.number)


def filters_said(asked: object) -> list[object]:
    """All that decides which things a list has."""
    said: list[object] = [[name, sorted(getattr(asked, name, ()))] for name in FILTERS]
    others = ("date", "dateMode", "subject", "predicate", "object", "passage", "certainty")
    said += [[name, getattr(asked, name, "")] for name in others]
    return [*said, sorted(getattr(asked, "kind", ())), fold(getattr(asked, "q", ""))]


def _facet(reader: Reader, wanted: Filters, facet: str, size: int) -> Facet:
    counted, more = reader.counts(wanted, facet, size)
    parameter = "type" if facet == "class" else facet
    values = wanted.wanted.get(parameter, frozenset())
    selected = {value for of, value in values if of == facet}
    rare = selected - {value for value, _ in counted}
    counted += [(value, reader.count(wanted, facet, value)) for value in sorted(rare)]
    names = showing.names(reader.sql, (value for value, _ in counted))
    return Facet(facet, [Value(names[v], n, v in selected) for v, n in counted], more)


def around(
    cursors: Cursors, digest: str, place: Place | None, found: Sequence[Key], *, more: bool
) -> tuple[str, str]:
    """The cursors of the next page and of the one before, by the places on this one."""
    back = place is not None and place.back
    if not found:  # what lay there is gone, and where the others lie is not known
        return "", ""
    after = cursors.made(digest, Place(found[-1], back=False)) if more or back else ""
    comes_before = more if back else place is not None
    before = cursors.made(digest, Place(found[0], back=True)) if comes_before else ""
    return after, before
