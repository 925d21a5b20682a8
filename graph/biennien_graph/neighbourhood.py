# SPDX-License-Identifier: Apache-2.0
"""What of the published graph an entry has to be seen together with, to be judged.

Everything is looked up by what the entry names, a level at a time, so that the cost goes with the
entry and what it stands in, and not with how much is published.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from biennien_graph.engine import COMPUTED
from biennien_graph.engine.rdf import Literal, NamedNode, Quad, Triple
from biennien_graph.queries import bind, load
from biennien_graph.terms import BN, RDF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from biennien_graph.evidence import Entry


class Published(Protocol):
    """What is published already."""

    def matching(self, query: str) -> Iterator[Quad]:
        """The quads that a `SELECT ?s ?p ?o ?g` finds in the named graphs."""


def neighbourhood(entries: Sequence[Entry], published: Published) -> Iterator[Triple]:
    """Of the published graph: what the entries' nodes and those they refer to are.

    Without the entries' own graphs, which they replace, and without what is computed from them.
    """
    around = _Around(published, {entry.graph for entry in entries} | COMPUTED)
    own = [triple for entry in entries for triple in entry.triples]
    subjects = _nodes(triple.subject for triple in own)
    said = around.find("context-statements", s=subjects)
    yield from said
    objects = _nodes(triple.object for triple in (*own, *said))
    pointing = [*_wholes(subjects, around), *_same_numbers(own, around)]
    yield from pointing
    yield from _followed(subjects | objects | _nodes(t.subject for t in pointing), objects, around)


class _Around:
    """The published graph without some of its graphs."""

    def __init__(self, published: Published, hidden: set[str]) -> None:
        self._published = published
        self._hidden = hidden

    def find(self, query: str, **values: Iterable[NamedNode | Literal]) -> list[Triple]:
        """The triples that a query finds for the values; none where there are no values."""
        rows = {name: list(terms) for name, terms in values.items()}
        if not all(rows.values()):
            return []
        found = self._published.matching(bind(load(query), rows))
        return [quad.triple for quad in found if words(quad.graph_name) not in self._hidden]


def _followed(start: set[NamedNode], typed: set[NamedNode], around: _Around) -> Iterator[Triple]:
    """What is said along the hierarchies, and of dates, numbers and texts on the way.

    Of the `typed` nodes their classes, too, and what these are subclasses of.
    """
    seen: set[NamedNode] = set()
    ahead = start
    while ahead:
        seen |= ahead
        found = [
            triple
            for triple in around.find("context-followed", s=ahead)
            if triple.predicate.value != RDF.type or triple.subject in typed
        ]
        yield from found
        ahead = _nodes(triple.object for triple in found) - seen


def _wholes(events: set[NamedNode], around: _Around) -> Iterator[Triple]:
    """What has the events among its parts, at any depth."""
    seen: set[NamedNode] = set()
    ahead = events
    while ahead:
        seen |= ahead
        found = around.find("context-wholes", o=ahead)
        yield from found
        ahead = _nodes(triple.subject for triple in found) - seen


def _same_numbers(own: Sequence[Triple], around: _Around) -> list[Triple]:
    """What has a number that has a serial and a notation which the entries have, too."""

    def values(predicate: str) -> set[Literal]:
        said = {triple.object for triple in own if triple.predicate.value == predicate}
        return {value for value in said if isinstance(value, Literal)}

    serials, notations = values(BN.serialNumber), values(BN.notation)
    return around.find("context-same-number", serial=serials, notation=notations)


def _nodes(terms: Iterable[object]) -> set[NamedNode]:
    return {term for term in terms if isinstance(term, NamedNode)}


def words(term: object) -> str:
    """The IRI, label or lexical form of a term."""
    return str(getattr(term, "value", term))
