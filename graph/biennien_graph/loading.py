# SPDX-License-Identifier: Apache-2.0
"""The one way in: files become entries, entries become one journal change.

What is loaded is the difference to what the entry's graph holds now; no difference, no change.
An entry that does not conform is refused with its report, and the others stay.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from biennien_graph import checks, neighbourhood, resources
from biennien_graph.engine.rdf import n_quads, read_file
from biennien_graph.errors import EntryError, UsageError
from biennien_graph.evidence import SourceText, check_quotes, misplaced, wrong_texts
from biennien_graph.expansion import read_entry
from biennien_graph.inference.rules import read_rules, states_rules
from biennien_graph.neighbourhood import words
from biennien_graph.terms import NAMESPACE, OA, SCHEMA, SH
from biennien_graph.turn import turn
from biennien_graph.validation import Report, Result, Shapes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from biennien_graph.datafolder import DataFolder
    from biennien_graph.engine.snapshots import SnapshotView
    from biennien_graph.evidence import Entry
    from biennien_graph.journal import Change


class Published(checks.Published, neighbourhood.Published, Protocol):
    """What is published already, as the shapes and the checks ask for it."""


@dataclass(slots=True)
class Loaded:
    """What came of loading: the change (None where nothing differed), per entry what it gave."""

    entries: list[Entry] = field(default_factory=list)
    change: Change | None = None
    changed: set[str] = field(default_factory=set)
    report: Report = field(default_factory=Report)
    quotes: int = 0
    quotes_checked: int = 0

    @property
    def refused(self) -> set[str]:
        """The graphs of the entries that were not loaded."""
        return self.report.refused()


def expand(paths: Sequence[Path]) -> list[Path]:
    """Files as they are; folders become the RDF files in them, in order of name."""
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            found = sorted(file for file in path.rglob("*") if file.suffix in {".ttl", ".trig"})
            if not found:
                raise UsageError(f"{path} holds no entries (*.ttl).")
            files += found
        else:
            files.append(path)
    return files


def read(files: Iterable[Path]) -> list[Entry]:
    """The entries of some files; the first error ends it, before anything is loaded."""
    entries: dict[str, Entry] = {}
    for file in files:
        entry = read_entry(read_file(file), str(file))
        if entry.graph in entries:
            raise EntryError(
                f"{file} and {entries[entry.graph].name} both declare the entry {entry.graph}."
            )
        entries[entry.graph] = entry
    return list(entries.values())


def source_texts(folder: Path | None) -> dict[str, SourceText]:
    """The texts of a folder, by the IRI `source/{name without suffix}`."""
    if folder is None:
        return {}
    if not folder.is_dir():
        raise UsageError(f"The folder of source texts, {folder}, does not exist.")
    return {
        f"{NAMESPACE}source/{file.stem}": SourceText.read(file)
        for file in sorted(folder.glob("*.txt"))
    }


def validate(
    entries: Sequence[Entry],
    published: Published | None,
    texts: dict[str, SourceText],
) -> Report:
    """SHACL, evidence, quotes against the texts at hand, and what is suspicious otherwise."""
    report = shapes().validate(entries, published)
    for entry in entries:
        report.results += _wrong_quotes(entry, texts)
        report.results += _unreadable_rules(entry)
    report.results += checks.check(entries, published, report.results)
    return report


@functools.cache
def shapes() -> Shapes:
    """The shapes that come with Biên Niên, read once in a process."""
    return Shapes(resources.shapes())


def load(
    folder: DataFolder,
    files: Sequence[Path],
    *,
    texts: dict[str, SourceText],
    agent: str,
    message: str,
    progress: Callable[[str], None] = lambda _: None,
) -> Loaded:
    """Load files: parse, compare, validate, record; returns when readers see it.

    Raises `DataSyntaxError` and `EntryError` with nothing loaded.
    """
    progress("reading")
    loaded = Loaded(entries=read(files))
    loaded.quotes = sum(len(entry.passages) for entry in loaded.entries)
    loaded.quotes_checked = sum(check_quotes(entry, texts)[0] for entry in loaded.entries)
    with turn(folder.path, lambda: progress("waiting for a change that is under way")):
        _change(folder, loaded, texts=texts, agent=agent, message=message, progress=progress)
    return loaded


def _change(
    folder: DataFolder,
    loaded: Loaded,
    *,
    texts: dict[str, SourceText],
    agent: str,
    message: str,
    progress: Callable[[str], None],
) -> None:
    """Compare, validate and record; nobody else records a change meanwhile."""
    published = folder.view()
    progress("comparing")
    differences = {entry.graph: _difference(entry, published) for entry in loaded.entries}
    differing = [entry for entry in loaded.entries if any(differences[entry.graph])]
    if not differing:
        return
    progress("validating")
    accepted = _accepted(differing, published, texts, loaded.report)
    added = [line for entry in accepted for line in differences[entry.graph][0]]
    removed = [line for entry in accepted for line in differences[entry.graph][1]]
    loaded.changed = {entry.graph for entry in accepted}
    if accepted:
        progress("recording")
        loaded.change = folder.record(
            added, removed, agent=agent, message=message, after=published.number
        )


def _accepted(
    entries: Sequence[Entry],
    published: SnapshotView,
    texts: dict[str, SourceText],
    report: Report,
) -> list[Entry]:
    """The entries that conform without the refused ones, on which they may have leant."""
    accepted = list(entries)
    while accepted:
        found = validate(accepted, published, texts)
        refused = found.refused()
        report.results += [
            result for result in found.results if not refused or result.entry in refused
        ]
        if not refused:
            break
        accepted = [entry for entry in accepted if entry.graph not in refused]
    return accepted


def _difference(entry: Entry, published: SnapshotView) -> tuple[list[bytes], list[bytes]]:
    """Lines of N-Quads to add to the entry's graph and to remove from it."""
    want = set(n_quads(entry.quads()))
    have = set(n_quads(published.quads(graph=entry.graph)))
    return sorted(want - have), sorted(have - want)


def _wrong_quotes(entry: Entry, texts: dict[str, SourceText]) -> Iterator[Result]:
    shape = f"{NAMESPACE}shapes/passage#stands"
    for triple, said in wrong_texts(entry, texts):
        source, digest = words(triple.subject), words(triple.object)
        yield Result(entry.graph, "Violation", source, SCHEMA.sha256, digest, shape, said)
    for passage, said in misplaced(entry, texts):
        place, start = f"{passage.iri.value}#position", str(passage.start)
        yield Result(entry.graph, "Violation", place, OA.start, start, shape, said)


def _unreadable_rules(entry: Entry) -> list[Result]:
    return [
        Result(
            entry=entry.graph,
            severity="Violation",
            focus=fault.subject,
            path=SH.construct,
            value="",
            shape=f"{NAMESPACE}shapes/rule#readable",
            messages={
                "vi": "Quy tắc chỉ gồm CONSTRUCT { … } WHERE { … } với các mẫu bộ ba: bỏ PREFIX, "
                "FILTER, OPTIONAL, UNION, BIND và đường dẫn; ghi rõ mọi thuộc tính.",
                "en": f"{fault.message} {fault.hint}".strip(),
            },
        )
        for fault in (read_rules(entry.quads())[1] if states_rules(entry.graph) else ())
    ]
