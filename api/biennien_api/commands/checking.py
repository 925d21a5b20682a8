# SPDX-License-Identifier: Apache-2.0
"""`biennien check`: is everything still as it was recorded?"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from biennien_graph import loading, resources
from biennien_graph.datafolder import DataFolder
from biennien_graph.engine import Formats, Query
from biennien_graph.engine.pool import PoolSettings, QueryPool
from biennien_graph.errors import BiennienError
from biennien_graph.evidence import Passage, SourceText
from biennien_graph.queries import load
from biennien_graph.validation import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from biennien_api.settings import Settings


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    fine: bool
    detail: str

    def __str__(self) -> str:
        """One line for a terminal."""
        return f"{'ok    ' if self.fine else 'WRONG '} {self.what}: {self.detail}"

    def as_json(self) -> dict[str, Any]:
        """For a program."""
        return asdict(self)


async def check(settings: Settings) -> list[Finding]:
    """Journal, store, ontology checks, quotes, shapes: all of them, also where one fails."""
    with settings.folder() as folder:
        findings = [await asyncio.to_thread(look, folder) for look in (_journal, _audit_log)]
        try:
            writer = folder.take()
            snapshot = folder.snapshot()
        except BiennienError as problem:
            return [*findings, Finding("store", fine=False, detail=str(problem))]
        who = "" if writer else " (another process is writing)"
        findings.append(Finding("store", fine=True, detail=f"at change {int(snapshot.name)}{who}"))
        pool = QueryPool(PoolSettings(workers=1, memory=settings.query_memory * 2**20))
        pool.use(snapshot)
        async with pool:
            findings += [
                await _rows(pool, file.stem, file.read_text("utf-8")) for file in _checks()
            ]
            findings.append(await _quotes(pool, loading.source_texts(settings.sources)))
        findings.append(await asyncio.to_thread(_shapes, snapshot, settings.data))
    return findings


def _journal(folder: DataFolder) -> Finding:
    try:
        count = folder.journal.verify()
    except BiennienError as problem:
        return Finding("journal", fine=False, detail=str(problem))
    return Finding("journal", fine=True, detail=f"{count} changes, every digest right")


def _audit_log(folder: DataFolder) -> Finding:
    try:
        count = folder.audit.verify()
    except BiennienError as problem:
        return Finding("audit log", fine=False, detail=str(problem))
    return Finding("audit log", fine=True, detail=f"{count} entries, every digest right")


def _checks() -> list[Any]:
    return sorted((resources.folder("ontology") / "checks").glob("*.rq"))


async def _rows(pool: QueryPool, name: str, text: str) -> Finding:
    """An ontology check is a query that returns no rows."""
    try:
        rows = (await _ask(pool, text)).splitlines()[1:]
    except BiennienError as problem:
        return Finding(name, fine=False, detail=str(problem))
    detail = "no rows, as it should be" if not rows else f"{len(rows)} rows, such as {rows[0]}"
    return Finding(name, fine=not rows, detail=detail)


async def _quotes(pool: QueryPool, texts: Mapping[str, SourceText]) -> Finding:
    lines = (await _ask(pool, load("quotes"), "json")).strip()

    rows = json.loads(lines)["results"]["bindings"]
    found = [
        Passage(row["source"]["value"], int(row["start"]["value"]), row["quote"]["value"])
        for row in rows
    ]
    at_hand = [passage for passage in found if passage.source in texts]
    wrong = [
        passage
        for passage in at_hand
        if texts[passage.source].text[passage.start : passage.end] != passage.quote
    ]
    if not at_hand:
        return Finding("quotes", fine=True, detail=f"{len(found)}, no source text at hand")
    detail = f"{len(at_hand) - len(wrong)} of {len(at_hand)} stand where they should"
    if len(at_hand) < len(found):
        detail += f"; {len(found) - len(at_hand)} more are of texts not at hand"
    if wrong:
        detail += f"; not {wrong[0].iri.value}"
    return Finding("quotes", fine=not wrong, detail=detail)


def _shapes(snapshot: Path, scratch: Path) -> Finding:
    """Every entry against every shape; warnings are no fault of the data folder."""
    try:
        report = loading.shapes().validate_all(snapshot, scratch)
    except BiennienError as problem:
        return Finding("shapes", fine=False, detail=str(problem))
    counts = Counter(result.severity for result in report.results)
    detail = ", ".join(f"{counts[severity]} × {severity}" for severity in SEVERITIES)
    if not report.conforms:
        worst = report.results[0]
        detail += f"; {worst.entry}: {worst.focus}: {worst.message('en')}"
    return Finding("shapes", fine=report.conforms, detail=detail)


async def _ask(pool: QueryPool, text: str, format: str = "tsv") -> str:  # noqa: A002
    answer = await pool.run(Query(text, formats=Formats(format), seconds=120))
    return (await answer.read()).decode()
