# SPDX-License-Identifier: Apache-2.0
"""Files to a report in words. Nothing is stored; a file that cannot be read is a result, too."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from biennien_graph import jsonld, loading
from biennien_graph.engine.snapshots import SnapshotView
from biennien_graph.errors import DataError, EntryError
from biennien_graph.neighbourhood import words
from biennien_graph.reports import MOST, SEVERITIES, FileRead, Finding, WordedReport
from biennien_graph.reports.findings import Read, unreadable, worded
from biennien_graph.reports.whereabouts import Whereabouts
from biennien_graph.submitted.entries import entries_of
from biennien_graph.submitted.reading import Submitted, read
from biennien_graph.terms import DCTERMS, NAMESPACE
from biennien_graph.validation import Report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from biennien_graph.evidence import Entry, SourceText
    from biennien_graph.validation import Result

_NESTED = ("findings", "files")


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it was sent; its media type may be empty."""

    name: str
    content: bytes
    media_type: str = ""


def answer(question: dict[str, Any], texts: dict[str, SourceText]) -> dict[str, Any]:
    """The report on the files of a question, for the process that asks: `report_of` reads it."""
    sent = [
        Sent(name, Path(file).read_bytes(), media_type)
        for file, name, media_type in question["files"]
    ]
    view = SnapshotView(Path(question["snapshot"]))
    report = validate(
        sent,
        view,
        texts,
        language=question["language"],
        base=question["base"],
        contexts=question["contexts"],
    )
    return {
        name: getattr(report, name) for name in WordedReport.__slots__ if name not in _NESTED
    } | {
        "findings": [_as_dict(finding) for finding in report.findings],
        "files": [_as_dict(file) for file in report.files],
    }


def report_of(answered: dict[str, Any]) -> WordedReport:
    """What `answer` gave, read again."""
    findings = [Finding(**found) for found in answered["findings"]]
    files = [FileRead(**file) for file in answered["files"]]
    return WordedReport(**{**answered, "findings": findings, "files": files})


def _as_dict(item: Finding | FileRead) -> dict[str, Any]:
    return {name: getattr(item, name) for name in item.__slots__}


def validate(
    sent: Sequence[Sent],
    published: loading.Published | None,
    texts: dict[str, SourceText],
    *,
    language: str,
    base: str = "",
    contexts: Sequence[str] = (),
) -> WordedReport:
    """Check files together with each other and with what is published.

    `base` is what relative IRIs are relative to; `contexts` are further addresses of our JSON-LD
    context.
    Raises `UsageError` for a media type that is no syntax of RDF, `DataError` where the shapes
    cannot be used; whatever is wrong with a file is in the report.
    """
    report = WordedReport(language)
    accepted: list[Read] = []
    ours = json.loads(jsonld.document())
    known = dict.fromkeys((*jsonld.addresses(NAMESPACE), *contexts), ours)
    refused = [finding for file in sent if (finding := _take(file, accepted, report, base, known))]
    entries = [entry for read_ in accepted for entry in read_.entries]
    found = loading.validate(entries, published, texts) if entries else Report()
    results = sorted(_once_each(found.results, entries), key=lambda r: SEVERITIES.index(r.severity))
    report.counts = dict(Counter([r.severity for r in results] + ["Violation"] * len(refused)))
    report.omitted = max(0, len(results) - MOST)
    report.findings = [*refused, *worded(results[:MOST], accepted, published, language)]
    report.quotes = sum(len(entry.passages) for entry in entries)
    report.quotes_compared = sum(p.source in texts for entry in entries for p in entry.passages)
    return report


def _once_each(results: Sequence[Result], entries: Sequence[Entry]) -> list[Result]:
    """Without what is told of a published thing and of one of the entries, both ways."""
    ours = {subject for entry in entries for subject in entry.subjects}
    told = {(r.shape, r.focus, r.value) for r in results if r.focus in ours}
    kept = (r for r in results if r.focus in ours or (r.shape, r.value, r.focus) not in told)
    return list(dict.fromkeys(kept))


def _take(
    sent: Sent, accepted: list[Read], report: WordedReport, base: str, contexts: dict[str, Any]
) -> Finding | None:
    """Read one file and its entries; what is wrong with it where that cannot be."""
    file: Submitted | None = None
    try:
        about: dict[str, Any] = {"name": sent.name, "base": base, "contexts": contexts}
        file = read(sent.content, media_type=sent.media_type, **about)
        entries = entries_of(file)
        _once(entries, accepted)
    except DataError as problem:
        report.files.append(FileRead(sent.name, file.syntax.name if file else ""))
        return unreadable(problem, sent.name, sent.content, file, report.language)
    accepted.append(Read(file, entries, Whereabouts(file, entries, base)))
    report.files.append(FileRead(sent.name, file.syntax.name, [_described(e) for e in entries]))
    return None


def _once(entries: Sequence[Entry], accepted: Sequence[Read]) -> None:
    for entry in entries:
        for other in (other for read_ in accepted for other in read_.entries):
            if other.graph == entry.graph:
                raise EntryError(
                    f"{entry.name} and {other.name} both declare the entry {entry.graph}."
                )


def _described(entry: Entry) -> dict[str, Any]:
    titles = [t for t in entry.triples if t.predicate.value == DCTERMS.title]
    return {
        "graph": entry.graph,
        "title": {
            getattr(t.object, "language", None) or "": words(t.object)
            for t in titles
            if words(t.subject) == entry.graph
        },
        "statements": entry.statements,
        "claims": entry.claims,
        "passages": len(entry.passages),
    }
