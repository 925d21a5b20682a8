# SPDX-License-Identifier: Apache-2.0
"""Three-way merging of statements: what was, what is proposed, what is published by now."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from biennien_graph.engine.rdf import Quad

    Values = Mapping["Place", frozenset[Quad]]

_NONE: frozenset[Quad] = frozenset()


class Place(NamedTuple):
    """Where values stand: a property of a subject in a graph, each as N-Triples has it.

    Of a whole graph, subject and predicate are empty.
    """

    graph: str
    subject: str = ""
    predicate: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A place that the proposal and another change both altered, differently."""

    place: Place
    base: frozenset[Quad]
    proposed: frozenset[Quad]
    published: frozenset[Quad]


@dataclass(frozen=True, slots=True)
class Merged:
    """What is still to be added and removed, and what stands against it."""

    added: frozenset[Quad]
    removed: frozenset[Quad]
    conflicts: tuple[Conflict, ...]


def merge(
    added: Iterable[Quad], removed: Iterable[Quad], base: Iterable[Quad], now: Iterable[Quad]
) -> Merged:
    """Bring a difference made against `base` to what is published `now`.

    `base` and `now` are the graphs that it touches, whole. Two that both add values to a property
    do not stand in each other's way; where one of them takes a value away, or empties the graph,
    and the other changes the same, that is a conflict, unless both come to the same.
    """
    plus, minus, was, have = (frozenset(quads) for quads in (added, removed, base, now))
    wanted = (was - minus) | plus
    conflicts = (*_emptied(was, wanted, have), *_altered(plus, minus, was, have))
    return Merged(plus - have, minus & have, conflicts)


def _altered(
    plus: frozenset[Quad], minus: frozenset[Quad], was: frozenset[Quad], have: frozenset[Quad]
) -> Iterator[Conflict]:
    ours_more, ours_less, before, after = (_by_place(quads) for quads in (plus, minus, was, have))
    for place in sorted(ours_more.keys() | ours_less.keys()):
        base, published = before.get(place, _NONE), after.get(place, _NONE)
        proposed = (base - ours_less.get(place, _NONE)) | ours_more.get(place, _NONE)
        if published in (base, proposed):
            continue
        if ours_less.get(place) or base - published:
            yield Conflict(place, base, proposed, published)


def _emptied(
    was: frozenset[Quad], wanted: frozenset[Quad], have: frozenset[Quad]
) -> Iterator[Conflict]:
    """An entry that one withdrew and the other changed."""
    base, proposed, published = (_by_graph(quads) for quads in (was, wanted, have))
    for place in sorted(base):
        three = [found.get(place, _NONE) for found in (base, proposed, published)]
        if three[0] not in three[1:] and three[1] != three[2] and not all(three[1:]):
            yield Conflict(place, *three)


def _by_place(quads: Iterable[Quad]) -> Values:
    found: dict[Place, set[Quad]] = defaultdict(set)
    for quad in quads:
        found[Place(str(quad.graph_name), str(quad.subject), str(quad.predicate))].add(quad)
    return {place: frozenset(values) for place, values in found.items()}


def _by_graph(quads: Iterable[Quad]) -> Values:
    found: dict[Place, set[Quad]] = defaultdict(set)
    for quad in quads:
        found[Place(str(quad.graph_name))].add(quad)
    return {place: frozenset(values) for place, values in found.items()}
