# SPDX-License-Identifier: Apache-2.0
"""What is wrong with an entry: SHACL, and what SHACL cannot see."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from biennien_graph.engine import COMPUTED
from biennien_graph.engine.dumping import dump_triples
from biennien_graph.engine.rdf import NamedNode, is_iri
from biennien_graph.engine.snapshots import SnapshotView
from biennien_graph.errors import DataError
from biennien_graph.evidence import Entry
from biennien_graph.neighbourhood import neighbourhood, words
from biennien_graph.queries import bind, load
from biennien_graph.shacl import Engines
from biennien_graph.shacl.fast import Unfit
from biennien_graph.terms import NAMESPACE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from biennien_graph.engine.rdf import Triple
    from biennien_graph.neighbourhood import Published
    from biennien_graph.shacl.finding import Finding

SEVERITIES = ("Violation", "Warning", "Info")
_AT_ONCE = 500  # things looked up in one query
_STATEMENT_EVIDENCE = f"{NAMESPACE}shapes/statement#evidence"


@dataclass(frozen=True, slots=True)
class Result:
    """One thing that is wrong (SHACL, section 3.6.2), in words for a steward."""

    entry: str
    severity: str
    focus: str
    path: str
    value: str
    shape: str
    messages: dict[str, str] = field(hash=False, default_factory=dict)
    component: str = ""

    def message(self, language: str) -> str:
        """What to do, in the language, or in whichever there is."""
        return self.messages.get(language) or next(iter(self.messages.values()), self.shape)


@dataclass(slots=True)
class Report:
    """All that is wrong with some entries, worst first."""

    results: list[Result] = field(default_factory=list)

    @property
    def conforms(self) -> bool:
        """Whether there is no violation; warnings do not stand in the way."""
        return not any(result.severity == "Violation" for result in self.results)

    def refused(self) -> set[str]:
        """The graphs of the entries that have a violation."""
        return {result.entry for result in self.results if result.severity == "Violation"}

    def of(self, entry: str) -> list[Result]:
        """What is wrong with one entry."""
        return [result for result in self.results if result.entry == entry]


class Shapes:
    """The SHACL shapes, made ready once."""

    def __init__(self, files: Sequence[Path]) -> None:
        self._engines = Engines(files)

    def make_ready(self) -> None:
        """Do ahead what the first validation would do; for processes that wait for work."""
        self._engines.fast.findings(())

    def validate(self, entries: Sequence[Entry], published: Published | None = None) -> Report:
        """Check entries together with each other and with what is published.

        SHACL sees the entries and, of the published graph, what they refer to; only results
        about the entries' own nodes are kept.
        """
        report = Report([result for entry in entries for result in self._unsupported(entry)])
        triples = {triple for entry in entries for triple in entry.triples}
        if published is not None:
            triples.update(neighbourhood(entries, published))
        found = [_result(finding) for finding in self._engines.judge(triples).findings]
        statements = [(entry.graph, triple) for entry in entries for triple in entry.triples]
        report.results += _owned(found, statements)
        report.results.sort(key=_order)
        return report

    def validate_all(self, snapshot: Path, scratch: Path | None = None) -> Report:
        """Check everything that is published, at once, by the fast engine.

        The few entries that it would not take one by one are judged by the reference, as ever.
        What is said without evidence is not looked at. `scratch`: a folder with room for all the
        triples as text. `DataError` where it cannot read one of them.
        """
        with tempfile.NamedTemporaryFile(dir=scratch, suffix=".nt") as file:
            dump_triples(snapshot, file.file)
            file.flush()
            try:
                found = self._engines.fast.findings_in(Path(file.name))
            except Unfit as problem:
                raise DataError(f"What is published cannot be read at once: {problem}") from problem
        results = [_result(finding) for finding in found]
        published = SnapshotView(snapshot)
        apart = {words(q.graph_name) for q in self._engines.fast.ill_formed(published)} - COMPUTED
        kept = [r for r in _published(results, published) if r.entry not in apart]
        for graph in sorted(apart):
            triples = {quad.triple for quad in published.graph(graph)}
            kept += self.validate([Entry(graph, graph, triples)], published).results
        return Report(sorted(kept, key=_order))

    def _unsupported(self, entry: Entry) -> Iterator[Result]:
        for statement in sorted(entry.unsupported, key=str):
            yield Result(
                entry=entry.graph,
                severity="Violation",
                focus=words(statement.subject),
                path=statement.predicate.value,
                value=words(statement.object),
                shape=_STATEMENT_EVIDENCE,
                messages=dict(self._engines.wording.messages(_STATEMENT_EVIDENCE)),
            )


def _result(finding: Finding) -> Result:
    severity, focus, path, value, shape, messages = finding
    return Result("", severity, focus, path, value, shape, dict(messages))


def _order(result: Result) -> tuple[object, ...]:
    """Worst first; the rest so that two runs, and two engines, give the same list."""
    rank = SEVERITIES.index(result.severity)
    return rank, result.entry, result.focus, result.path, result.shape, result.value


def _published(results: Sequence[Result], published: SnapshotView) -> Iterator[Result]:
    """Results on the whole of what is published, each for the entries that say what is wrong."""
    nodes = {node for result in results for node in (result.focus, result.value) if is_iri(node)}
    iris = [NamedNode(node) for node in sorted(nodes)]
    statements: list[tuple[str, Triple]] = []
    for start in range(0, len(iris), _AT_ONCE):
        query = bind(load("context-statements"), {"s": iris[start : start + _AT_ONCE]})
        statements += ((words(q.graph_name), q.triple) for q in published.matching(query))
    return _owned(results, [said for said in statements if said[0] not in COMPUTED])


def _owned(results: Sequence[Result], statements: Sequence[tuple[str, Triple]]) -> Iterator[Result]:
    """The results, each for the entries that say what is wrong, else for all that speak of the
    focus node, or of the value; none about nodes of somebody else's.

    `statements`: each with the graph of its entry.
    """
    nodes = {node for result in results for node in (result.focus, result.value)}
    about: dict[str, list[tuple[str, Triple]]] = defaultdict(list)  # blank nodes, too
    for graph, triple in statements:
        if words(triple.subject) in nodes:
            about[words(triple.subject)].append((graph, triple))
    for result in results:
        near = [*about[result.focus], *about[result.value]]
        saying = {graph for graph, triple in near if _says(triple, result)}
        speaking = about[result.focus] or about[result.value]
        for graph in sorted(saying or {graph for graph, _ in speaking}):
            yield replace(result, entry=graph)


def _says(triple: Triple, result: Result) -> bool:
    """Whether a triple joins focus and value; against the arrow, where the rule has no path."""
    ends = (words(triple.subject), words(triple.object))
    if result.path:
        said = triple.predicate.value == result.path and ends[0] == result.focus
        return said and result.value in ("", ends[1])
    return ends in ((result.focus, result.value), (result.value, result.focus))
