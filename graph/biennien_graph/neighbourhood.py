# SPDX-License-Identifier: Apache-2.0
"""What of the published graph an entry has to be seen together with, to be judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from biennien_graph.engine import COMPUTED
from biennien_graph.engine.rdf import NamedNode, Quad, Triple
from biennien_graph.terms import BN, ELI, OA, RDF, RDFS, RICO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from biennien_graph.evidence import Entry

# What rules follow beyond the entries: hierarchies, dates, numbers, the bounds of a source text.
_FOLLOWED = frozenset(
    {
        RICO.isOrWasContainedBy, RICO.isOrWasSubdivisionOf, RICO.isOrWasSubordinateTo,
        RICO.hasOrHadSubevent, RICO.isOrWasConstituentOf, ELI.implements,
        RICO.occurredAtDate, RICO.hasCreationDate, BN.earliest, BN.latest,
        RICO.hasAuthor, RICO.hasOrHadIdentifier, BN.serialNumber, BN.notation,
        BN.codePointCount, BN.excludedRange, OA.start, OA.end,
    }
)  # fmt: skip


class Published(Protocol):
    """What is published already."""

    def quads(
        self, *, subject: str | None = None, predicate: str | None = None, graph: str | None = None
    ) -> Iterator[Quad]:
        """The quads that match, in all graphs unless one is named."""


def neighbourhood(entries: Sequence[Entry], published: Published) -> Iterator[Triple]:
    """Of the published graph: what the entries' nodes and those they refer to are.

    Without the entries' own graphs, which they replace, and without what is computed from them.
    """
    hidden = {entry.graph for entry in entries} | COMPUTED

    def said(**pattern: str | None) -> Iterator[Triple]:
        found = published.quads(**pattern)
        return (quad.triple for quad in found if words(quad.graph_name) not in hidden)

    subjects = {subject for entry in entries for subject in entry.subjects}
    objects = {
        triple.object.value
        for entry in entries
        for triple in entry.triples
        if isinstance(triple.object, NamedNode)
    }
    yield from said(predicate=RDFS.subClassOf)
    others = [triple for iri in subjects for triple in said(subject=iri)]
    yield from others
    objects.update(t.object.value for t in others if isinstance(t.object, NamedNode))
    for iri in objects - subjects:
        yield from said(subject=iri, predicate=RDF.type)
    pointing = [*_wholes(subjects, said), *_same_numbers(entries, said)]
    yield from pointing
    yield from _followed(objects | subjects | {words(t.subject) for t in pointing}, said)


def _followed(start: set[str], said: Callable[..., Iterator[Triple]]) -> Iterator[Triple]:
    """What is said along the hierarchies, and of dates, numbers and texts on the way."""
    seen: set[str] = set()
    ahead = list(start)
    while ahead:
        iri = ahead.pop()
        if iri in seen:
            continue
        seen.add(iri)
        for triple in said(subject=iri):
            if triple.predicate.value in _FOLLOWED:
                yield triple
                if isinstance(triple.object, NamedNode):
                    ahead.append(triple.object.value)


def _wholes(events: set[str], said: Callable[..., Iterator[Triple]]) -> list[Triple]:
    """What has the events among its parts, at any depth."""
    found: dict[Triple, None] = {}
    all_parts = list(said(predicate=RICO.hasOrHadSubevent))
    parts = set(events)
    while more := [t for t in all_parts if t not in found and words(t.object) in parts]:
        found.update(dict.fromkeys(more))
        parts.update(words(triple.subject) for triple in more)
    return list(found)


def _same_numbers(
    entries: Sequence[Entry], said: Callable[..., Iterator[Triple]]
) -> Iterator[Triple]:
    """What has a number that has a serial which the entries have, too."""
    serials = {
        triple.object
        for entry in entries
        for triple in entry.triples
        if triple.predicate.value == BN.serialNumber
    }
    if not serials:
        return
    numbers = {t.subject for t in said(predicate=BN.serialNumber) if t.object in serials}
    for triple in said(predicate=RICO.hasOrHadIdentifier):
        if triple.object in numbers:
            yield triple


def words(term: object) -> str:
    """The IRI, label or lexical form of a term."""
    return str(getattr(term, "value", term))
