# SPDX-License-Identifier: Apache-2.0
"""Facts about the dataset as a whole: counts, dates, places, sources. Gathered once per change.

Counting reads everything, which takes seconds where there is much. So one task does it at a time,
and while it does, what was known before is answered with the change for which it holds.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from biennien_graph.engine.rdf import Literal, NamedNode
from biennien_graph.errors import Overloaded, QueryError
from biennien_graph.terms import BN, NAMESPACE, RICO

if TYPE_CHECKING:
    from collections.abc import Mapping

    from biennien_api.service import Service

Row = dict[str, dict[str, str]]  # a solution as SPARQL JSON has it
_PATIENCE = 2.0  # seconds that a request waits for news where something older is known
_LONG = 10.0  # seconds; gathering that takes longer is not begun again at once
LISTED = 1000  # named graphs that are listed one by one
_SHOWN_SOURCES = 100
SHOWN = (
    ("documents", (RICO.Record, RICO.RecordSet)),
    ("agencies", (RICO.CorporateBody, RICO.Group)),
    ("people", (RICO.Person,)),
    ("places", (RICO.Place,)),
    ("events", (RICO.Event, RICO.Activity)),
    ("claims", (BN.Claim,)),
    ("passages", (BN.Passage,)),
)
_QUERIES: dict[str, dict[str, list[object]]] = {
    "dataset-state": {"dataset": [NamedNode(NAMESPACE)]},
    "counts": {"class": [NamedNode(iri) for _, classes in SHOWN for iri in classes]},
    "records": {},
    "dataset-dates": {},
    "dataset-places": {},
    "dataset-examples": {},
    "dataset-links": {"namespace": [Literal(NAMESPACE)]},
    "graphs": {},
    "dataset-sources": {},
    "partitions": {},
    "dataset-extent": {},
}


@dataclass(frozen=True, slots=True)
class Source:
    """A source text: what of it is quoted, and how much is said by it."""

    iri: str
    sha256: str
    length: int
    document: str
    labels: dict[str, str]
    passages: int
    claims: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the dataset at a position of the journal.

    A question that could not be answered within the limits of queries has no rows, and nothing
    is said in its place.
    """

    position: int
    version: str
    rows: Mapping[str, list[Row]]

    def value(self, name: str, variable: str) -> str:
        """The one value that a query gave; empty where there is none."""
        found = self.rows.get(name) or [{}]
        return found[0].get(variable, {}).get("value", "")

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many documents, agencies … there are, as the home page shows them."""
        counted = {row["class"]["value"]: number(row, "count") for row in self.rows["counts"]}
        return [(name, sum(counted.get(iri, 0) for iri in classes)) for name, classes in SHOWN]

    @property
    def graphs(self) -> list[Row]:
        """The named graphs; none where they are too many to list."""
        found = self.rows["graphs"]
        return found if len({row["graph"]["value"] for row in found}) <= LISTED else []

    @property
    def sources(self) -> list[Source]:
        """The source texts that say most."""
        return [_source(row) for row in self.rows["dataset-sources"][:_SHOWN_SOURCES]]

    @property
    def more_sources(self) -> bool:
        """Whether there are source texts that `sources` leaves out."""
        return len(self.rows["dataset-sources"]) > _SHOWN_SOURCES

    def partition(self, kind: str) -> dict[str, int]:
        """By `class` how many things, or by `property` how many triples."""
        return {
            row[kind]["value"]: number(row, "count")
            for row in self.rows["partitions"]
            if kind in row
        }


class Gathering:
    """Facts for the newest position, gathered when they are first asked for."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._facts: Facts | None = None
        self._task: asyncio.Task[None] | None = None
        self._not_before = 0.0  # so that under many changes a worker is busy half the time at most

    async def facts(self, patience: float | None = None) -> Facts:
        """The newest; those before where they take longer than a request should wait.

        `Overloaded` where nothing is known after `patience` seconds, by default the deadline of
        a query.
        """
        known = self._facts
        if known is not None and known.version == self._service.version:
            return known
        if known is not None and time.monotonic() < self._not_before:
            return known
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._gather())
        seconds = patience or self._service.settings.query_seconds
        await asyncio.wait({self._task}, timeout=min(seconds, _PATIENCE) if known else seconds)
        if self._facts is None:
            raise Overloaded
        return self._facts

    async def stop(self) -> None:
        """Give up what is being gathered."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _gather(self) -> None:
        service = self._service
        position, version, begun = service.position, service.version, time.monotonic()
        rows: dict[str, list[Row]] = {}
        try:
            for name, values in _QUERIES.items():
                rows[name] = await self._answered(name, values)
        except Overloaded:  # the next request tries again
            return
        self._facts = Facts(position, version, rows)
        ended = time.monotonic()
        self._not_before = 2 * ended - begun if ended - begun > _LONG else 0.0

    async def _answered(self, name: str, values: dict[str, list[object]]) -> list[Row]:
        try:
            found: list[dict[str, Any]] = await self._service.ask(name, values)
        except QueryError:  # too much for its limits; the service has logged it
            return []
        return found


def number(row: Row, variable: str) -> int:
    """A count in a solution; 0 where there is none."""
    return int(row[variable]["value"]) if variable in row else 0


def labels(row: Row) -> dict[str, str]:
    """The labels in a solution, by language."""
    return {lang: row[lang]["value"] for lang in ("vi", "en") if lang in row}


def _source(row: Row) -> Source:
    return Source(
        iri=row["source"]["value"],
        sha256=row["sha256"]["value"] if "sha256" in row else "",
        length=number(row, "length"),
        document=row["document"]["value"] if "document" in row else "",
        labels=labels(row),
        passages=number(row, "passages"),
        claims=number(row, "claims"),
    )
