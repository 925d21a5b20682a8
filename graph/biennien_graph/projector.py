# SPDX-License-Identifier: Apache-2.0
"""The projector: makes the store say what the journal says, and nothing else writes to it.

The position is written in the transaction of the change, so that a projector killed at any
moment goes on with the next change, neither losing one nor applying one twice.
"""

from __future__ import annotations

import io
import logging
from collections import defaultdict
from typing import IO, TYPE_CHECKING

from biennien_graph.engine import DERIVED, INFERRED, Position
from biennien_graph.engine.rdf import Literal, NamedNode, Quad, n_quads, read_quads
from biennien_graph.errors import StoreError
from biennien_graph.folding import fold, sort_key
from biennien_graph.inference.incremental import consequences
from biennien_graph.inference.rules import Rules, read_rules, states_rules
from biennien_graph.inference.whole import conclude_all
from biennien_graph.terms import BN, RDFS, RICO, SKOS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from biennien_graph.engine.embedded import EmbeddedStore
    from biennien_graph.engine.rdf import Triple
    from biennien_graph.journal import Change, Journal

_LOG = logging.getLogger(__name__)
_MANY = 500_000  # quads after which the store's files are worth compacting
_LABELS = (RDFS.label, SKOS.prefLabel, SKOS.altLabel, RICO.title)
_LABEL_MARKS = tuple(f"<{label}>".encode() for label in _LABELS)


class Projector:
    """Follows one journal with one store."""

    def __init__(self, journal: Journal, store: EmbeddedStore) -> None:
        self._journal = journal
        self._store = store
        self._rules: Rules | None = None

    def check(self) -> None:
        """Raise `StoreError` where the store does not follow this journal."""
        at = self._store.position()
        recorded = self._journal.digest_at(at.number)
        if recorded is None:
            raise StoreError(
                f"The store holds change {at.number}, which the journal does not have.",
                hint="Journal and store do not belong together, or the journal was cut short.",
            )
        if recorded != at.digest:
            raise StoreError(
                f"Change {at.number} is another one in the journal than in the store.",
                hint="Journal and store do not belong together.",
            )

    def behind(self) -> int:
        """How many changes the store has yet to take."""
        return self._journal.head()[0] - self._store.position().number

    def catch_up(self, progress: Callable[[Change], None] | None = None) -> Position:
        """Apply what is new in the journal; the position reached."""
        for change in self._journal.since(self._store.position().number):
            self._apply(change)
            if progress is not None:
                progress(change)
        return self._store.position()

    def snapshot(self) -> Path:
        """An immutable view of the position reached."""
        return self._store.snapshot()

    def _apply(self, change: Change) -> None:
        position = Position(change.position, change.digest)
        removed = read_quads(change.removed)
        new_rules = _states_rules(change, removed)
        if change.is_bulk or new_rules:
            self._apply_large(change, removed, anew=bool(removed) or new_rules)
            self._store.apply((), (), position, time=change.time)
            if change.added_count > _MANY:
                self._store.optimize()
            return
        with change.open_added() as lines:
            added = read_quads(lines.read())
        more, less = self._derived(added, removed)
        concluded, void = consequences(self._store, self._known_rules(), added, removed)
        more += _in_graph(concluded, INFERRED)
        less += _in_graph(void, INFERRED)
        self._store.apply(added + more, removed + less, position, time=change.time)

    def _apply_large(self, change: Change, removed: list[Quad], *, anew: bool) -> None:
        """A change too large to be held in memory, or one that alters the rules.

        `anew`: all conclusions are drawn again.

        Not one transaction: the position is written last, and no reader sees what lies before.
        """
        with change.open_added() as lines:
            labels = read_quads(b"".join(_label_lines(lines)))
        more, less = self._derived(labels, removed)
        derived = b"".join(n_quads(more))
        self._store.load(change.open_added)
        self._store.load(lambda: io.BytesIO(derived))
        self._store.discard(removed + less)
        if anew:
            self._store.discard(self._store.quads(graph=INFERRED))
            self._rules = None
        conclude_all(self._store, self._known_rules(), anew=anew)

    def _known_rules(self) -> Rules:
        """Read when they are first needed, and again when a change has altered them."""
        if self._rules is not None:
            return self._rules
        graphs = [graph for graph in self._store.graphs() if states_rules(graph)]
        rules, faults = read_rules(q for graph in graphs for q in self._store.quads(graph=graph))
        for fault in faults:
            _LOG.warning("The rule %s is left out: %s", fault.subject, fault.message)
        self._rules = rules
        return rules

    def _derived(
        self, added: Iterable[Quad], removed: Iterable[Quad]
    ) -> tuple[list[Quad], list[Quad]]:
        """What a change makes of the derived graph: folded labels and sort keys, per subject."""
        plus, minus = _labels_by_subject(added), _labels_by_subject(removed)
        more: list[Quad] = []
        less: list[Quad] = []
        for subject in plus.keys() | minus.keys():
            labels = (self._labels(subject) - minus[subject]) | plus[subject]
            want = set(_keys(subject, labels))
            have = set(self._store.quads(subject=subject, graph=DERIVED))
            more += want - have
            less += have - want
        return more, less

    def _labels(self, subject: str) -> set[Quad]:
        return {
            quad
            for label in _LABELS
            for quad in self._store.quads(subject=subject, predicate=label)
        }


def _states_rules(change: Change, removed: Iterable[Quad]) -> bool:
    """Whether a change touches a graph from which rules are read."""
    if any(states_rules(getattr(quad.graph_name, "value", "")) for quad in removed):
        return True
    with change.open_added() as lines:
        return any(states_rules(_last_iri(line)) for line in lines)


def _last_iri(line: bytes) -> str:
    """The graph of an N-Quads line; of a triple, its object if that is an IRI."""
    last = line.rsplit(b" ", 2)[-2]
    return last[1:-1].decode() if last.startswith(b"<") else ""


def _in_graph(triples: Iterable[Triple], graph: str) -> list[Quad]:
    return [Quad(t.subject, t.predicate, t.object, NamedNode(graph)) for t in triples]


def _label_lines(lines: IO[bytes]) -> Iterable[bytes]:
    return (line for line in lines if any(mark in line for mark in _LABEL_MARKS))


def _labels_by_subject(quads: Iterable[Quad]) -> dict[str, set[Quad]]:
    found: dict[str, set[Quad]] = defaultdict(set)
    for quad in quads:
        if quad.predicate.value in _LABELS and isinstance(quad.subject, NamedNode):
            found[quad.subject.value].add(quad)
    return found


def _keys(subject: str, labels: set[Quad]) -> Iterable[Quad]:
    """`bn:foldedLabel` for every label, and one `bn:sortKey` from the Vietnamese main label."""
    node, graph = NamedNode(subject), NamedNode(DERIVED)
    main: list[str] = []
    for quad in labels:
        if not isinstance(quad.object, Literal):
            continue
        text = quad.object.value
        yield Quad(node, NamedNode(BN.foldedLabel), Literal(fold(text)), graph)
        if quad.predicate.value in (RDFS.label, SKOS.prefLabel) and quad.object.language == "vi":
            main.append(text)
    if main:
        yield Quad(node, NamedNode(BN.sortKey), Literal(sort_key(min(main))), graph)
