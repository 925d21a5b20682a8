# SPDX-License-Identifier: Apache-2.0
"""The conclusions that a change adds and takes away, at the cost of the change.

Delete and rederive (Gupta, Mumick and Subrahmanian, “Maintaining views incrementally”, SIGMOD
1993): doubt everything that used what is gone, keep of it what still follows from the rest,
then conclude forward from what is new.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Protocol, TypeAlias

from biennien_graph.engine.rdf import Literal, NamedNode, Triple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from biennien_graph.engine.rdf import BlankNode, Quad
    from biennien_graph.inference.rules import Pattern, Rules, Slot

    Subject: TypeAlias = NamedNode | BlankNode
    Term: TypeAlias = Subject | Literal | Triple
    Bindings: TypeAlias = dict[str, Term]
    Key: TypeAlias = tuple[Term | None, NamedNode, Term | None]


class Facts(Protocol):
    """A store as it is before the change."""

    def triples(
        self, subject: Subject | None, predicate: NamedNode, value: Term | None
    ) -> Iterator[Triple]:
        """What matches, asserted or inferred, each triple once."""

    def asserted_in(self, triple: Triple) -> set[str]:
        """The graphs of entries that have the triple."""

    def is_inferred(self, triple: Triple) -> bool:
        """Whether the graph of conclusions has the triple."""


def consequences(
    facts: Facts, rules: Rules, added: Iterable[Quad], removed: Iterable[Quad]
) -> tuple[set[Triple], set[Triple]]:
    """The conclusions to add and to take away when these quads are added and removed."""
    change = _Change(facts, rules, added, removed)
    old = _View(facts)
    doubtful = change.doubtful(old)
    new = _View(facts, hidden=doubtful)
    fresh = [triple for triple in change.added if not old.has(triple)]
    for triple in fresh:
        new.add(triple)
    kept = [triple for triple in doubtful if _follows(triple, rules, new) and new.add(triple)]
    concluded = {*kept, *_forward([*fresh, *kept], rules, new)}
    more = {triple for triple in concluded if not facts.is_inferred(triple)}
    less = {triple for triple in doubtful - concluded if facts.is_inferred(triple)}
    less.update(triple for triple in change.added if facts.is_inferred(triple))
    return more - change.added, less


class _Change:
    """The asserted triples that come and go, of those that rules are concerned with."""

    def __init__(
        self, facts: Facts, rules: Rules, added: Iterable[Quad], removed: Iterable[Quad]
    ) -> None:
        self._facts, self._rules = facts, rules
        self.added = {quad.triple for quad in added if rules.concern(quad.predicate.value)}
        self._removed: dict[Triple, set[str]] = {}
        for quad in removed:
            if rules.concern(quad.predicate.value):
                graph = getattr(quad.graph_name, "value", "")
                self._removed.setdefault(quad.triple, set()).add(graph)

    def doubtful(self, old: _View) -> set[Triple]:
        """What is gone, and whatever was concluded with its help and is not asserted itself."""
        found = {triple for triple in self._removed if not self._stays(triple)}
        work = list(found)
        while work:
            for conclusion in _conclusions(work.pop(), self._rules, old):
                if conclusion not in found and not self._stays(conclusion):
                    found.add(conclusion)
                    work.append(conclusion)
        return found

    def _stays(self, triple: Triple) -> bool:
        """Whether an entry says it after the change."""
        if triple in self.added:
            return True
        return bool(self._facts.asserted_in(triple) - self._removed.get(triple, set()))


class _View:
    """The facts, without some that are hidden and with some that are new."""

    def __init__(self, facts: Facts, hidden: Iterable[Triple] = ()) -> None:
        self._facts = facts
        self._hidden = set(hidden)
        self._added: dict[Key, set[Triple]] = defaultdict(set)

    def add(self, triple: Triple) -> bool:
        self._hidden.discard(triple)
        for subject in (None, triple.subject):
            for value in (None, triple.object):
                self._added[subject, triple.predicate, value].add(triple)
        return True

    def has(self, triple: Triple) -> bool:
        return any(True for _ in self.match(triple.subject, triple.predicate, triple.object))

    def match(
        self, subject: Term | None, predicate: NamedNode, value: Term | None
    ) -> Iterator[Triple]:
        yield from self._added.get((subject, predicate, value), ())
        if isinstance(subject, Literal | Triple):
            return  # no triple has such a subject
        for triple in self._facts.triples(subject, predicate, value):
            if triple not in self._hidden:
                yield triple


def _forward(start: Sequence[Triple], rules: Rules, view: _View) -> Iterator[Triple]:
    """Everything that now follows and was not there, step by step."""
    work = list(start)
    while work:
        for conclusion in list(_conclusions(work.pop(), rules, view)):
            if not view.has(conclusion):
                view.add(conclusion)
                work.append(conclusion)
                yield conclusion


def _conclusions(triple: Triple, rules: Rules, view: _View) -> Iterator[Triple]:
    """What follows in one step with the help of the triple."""
    for rule, place in rules.set_off_by(triple):
        bindings = _bound(rule.body[place], triple, {})
        if bindings is None:
            continue
        rest = [*rule.body[:place], *rule.body[place + 1 :]]
        for solution in list(_solutions(rest, bindings, view)):
            conclusion = _filled(rule.head, solution)
            if conclusion is not None:
                yield conclusion


def _follows(triple: Triple, rules: Rules, view: _View) -> bool:
    """Whether some rule concludes the triple in one step."""
    for rule in rules.concluding(triple):
        bindings = _bound(rule.head, triple, {})
        if bindings is not None and any(True for _ in _solutions(rule.body, bindings, view)):
            return True
    return False


def _solutions(patterns: Sequence[Pattern], bindings: Bindings, view: _View) -> Iterator[Bindings]:
    """All bindings under which every pattern holds; the best bound pattern first."""
    if not patterns:
        yield bindings
        return
    first = max(patterns, key=lambda pattern: _boundness(pattern, bindings))
    rest = [pattern for pattern in patterns if pattern is not first]
    found = view.match(
        _value(first.subject, bindings), first.predicate, _value(first.object, bindings)
    )
    for triple in found:
        extended = _bound(first, triple, bindings)
        if extended is not None:
            yield from _solutions(rest, extended, view)


def _boundness(pattern: Pattern, bindings: Bindings) -> int:
    slots = (pattern.subject, pattern.object)
    return sum(_value(slot, bindings) is not None for slot in slots)


def _value(slot: Slot, bindings: Bindings) -> Term | None:
    return bindings.get(slot) if isinstance(slot, str) else slot


def _bound(pattern: Pattern, triple: Triple, bindings: Bindings) -> Bindings | None:
    """The bindings that make the pattern the triple; None where nothing can."""
    if pattern.predicate != triple.predicate:
        return None
    extended = dict(bindings)
    for slot, term in ((pattern.subject, triple.subject), (pattern.object, triple.object)):
        if (extended.setdefault(slot, term) if isinstance(slot, str) else slot) != term:
            return None
    return extended


def _filled(head: Pattern, bindings: Bindings) -> Triple | None:
    """The conclusion; None where a literal would become a subject."""
    subject, value = _value(head.subject, bindings), _value(head.object, bindings)
    if subject is None or value is None or isinstance(subject, Literal | Triple):
        return None
    return Triple(subject, head.predicate, value)
