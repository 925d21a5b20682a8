# SPDX-License-Identifier: Apache-2.0
"""A change before it is one: from an update or a graph to quads added and removed, and judged.

Nothing here writes. What comes out goes to the journal, or does not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from biennien_graph import loading
from biennien_graph.engine import COMPUTED
from biennien_graph.engine.rdf import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    canonical,
)
from biennien_graph.engine.updates import Updating
from biennien_graph.errors import DataError, EntryError
from biennien_graph.evidence import Entry
from biennien_graph.expansion import read_entry
from biennien_graph.neighbourhood import words
from biennien_graph.queries.update import operations
from biennien_graph.terms import BN, NAMESPACE, RDF
from biennien_graph.validation import Report

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from biennien_graph.engine.snapshots import SnapshotView
    from biennien_graph.evidence import SourceText
    from biennien_graph.validation import Result

_DEFAULT = f"{NAMESPACE}graph/default"


@dataclass(frozen=True, slots=True)
class Draft:
    """What would change, and what is wrong with it."""

    added: frozenset[Quad] = frozenset()
    removed: frozenset[Quad] = frozenset()
    report: Report = field(default_factory=Report)


def of_update(
    snapshot: Path,
    scratch: Path,
    text: str,
    *,
    merge: bool,
    using: Sequence[str] = (),
    using_named: Sequence[str] = (),
    within: str = "",
    base: str = "",
) -> tuple[set[Quad], set[Quad]]:
    """The quads that a SPARQL Update request adds and removes. The text must be well-formed.

    `within`: a graph that takes the place of the default graph; `base`: what IRIs are relative to.
    """
    updating = Updating(snapshot, scratch, merge=merge, within=within, base=base)
    updating.run(operations(text), using, using_named)
    return updating.added, updating.removed


def of_graph(
    view: SnapshotView, graph: str, content: Iterable[Quad], *, replace: bool, name: str
) -> tuple[set[Quad], set[Quad]]:
    """The quads that putting or posting a graph adds and removes; empty `graph`: the default one.

    An entry may be written as curators write it, with quotes in blank nodes; it is expanded.
    """
    content = list(content)
    if any(not isinstance(quad.graph_name, DefaultGraph) for quad in content):
        raise DataError(
            "The graph store takes one graph at a time, and this has named graphs.",
            hint="Send each graph to its own address.",
        )
    target = NamedNode(graph) if graph else DefaultGraph()
    if any(q.predicate.value == BN.evidence and isinstance(q.object, BlankNode) for q in content):
        entry = read_entry(content, name)
        if entry.graph != graph:
            raise EntryError(f"The entry is {entry.graph}, the graph asked for {graph}.")
        want = set(entry.quads())
    else:
        want = {Quad(q.subject, q.predicate, q.object, target) for q in content}
    have = set(view.graph(graph))
    if replace and want != have and set(canonical(want)) == set(canonical(have)):
        return set(), set()  # the same graph, its blank nodes under other names
    return want - have, (have - want if replace else set())


def judge(
    view: SnapshotView,
    added: Iterable[Quad],
    removed: Iterable[Quad],
    texts: dict[str, SourceText],
) -> Draft:
    """The change with the report on every entry that it touches, as it would be."""
    plus, minus = frozenset(added), frozenset(removed)
    if any("\0" in getattr(quad.object, "value", "") for quad in plus):
        raise DataError("A literal has a NUL character in it.", hint="No text has one.")
    touched = sorted({getattr(quad.graph_name, "value", "") for quad in plus | minus})
    for graph in touched:
        if graph in COMPUTED:
            raise DataError(
                f"The graph {graph} is computed by the service.",
                hint="Change what it is computed from.",
            )
    entries = []
    for graph in touched:
        kept = {quad.triple for quad in view.graph(graph) if quad not in minus}
        kept |= {q.triple for q in plus if getattr(q.graph_name, "value", "") == graph}
        if kept:
            entries.append(Entry.of(graph or _DEFAULT, kept))
    left = _Without(view, minus)
    report = loading.validate(entries, left, texts) if entries else Report()
    report.results += _left_behind(left, touched, plus, texts)
    return Draft(plus, minus, report)


@dataclass(frozen=True, slots=True)
class _Without:
    """What is published, without what a change takes away."""

    view: SnapshotView
    minus: frozenset[Quad]

    def quads(
        self, *, subject: str | None = None, predicate: str | None = None, graph: str | None = None
    ) -> Iterator[Quad]:
        """The quads that match and stay."""
        found = self.view.quads(subject=subject, predicate=predicate, graph=graph)
        return (quad for quad in found if quad not in self.minus)

    def matching(self, query: str) -> Iterator[Quad]:
        """The quads that one of the service's own queries finds, and that stay."""
        return (quad for quad in self.view.matching(query) if quad not in self.minus)

    def having(self, value: Literal | NamedNode, *, predicate: str) -> Iterator[Quad]:
        """The quads of a property that have this value and stay."""
        found = self.view.having(value, predicate=predicate)
        return (quad for quad in found if quad not in self.minus)

    def has_class(self, iri: str) -> bool:
        """Whether an entry still says what a thing is."""
        found = self.quads(subject=iri, predicate=RDF.type)
        return any(words(quad.graph_name) not in COMPUTED for quad in found)

    def referring(self, iri: str) -> set[str]:
        """The entries that refer to a thing."""
        graphs = {words(q.graph_name) for q in self.view.referring(iri) if q not in self.minus}
        return graphs - COMPUTED


def _left_behind(
    left: _Without, touched: Sequence[str], plus: frozenset[Quad], texts: dict[str, SourceText]
) -> list[Result]:
    """What goes wrong in other entries, where something that they refer to is no more.

    Only the loss of a class is followed, so that mending a label does not cost more the more
    entries there are about a place.
    """
    classed = {words(quad.subject) for quad in plus if quad.predicate.value == RDF.type}
    lost = {
        quad.subject.value
        for quad in left.minus
        if quad.predicate.value == RDF.type and isinstance(quad.subject, NamedNode)
    }
    gone = [iri for iri in lost - classed if not left.has_class(iri)]
    graphs = {graph for iri in gone for graph in left.referring(iri)} - set(touched)
    others = [
        Entry.of(graph, {quad.triple for quad in left.quads(graph=graph)})
        for graph in sorted(graphs)
    ]
    if not others:
        return []
    found = loading.validate(others, left, texts).results
    return [result for result in found if result.severity == "Violation"]
