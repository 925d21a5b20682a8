# SPDX-License-Identifier: Apache-2.0
"""Things of the entries and of what is published, as far as it takes to tell two apart."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from biennien_graph.engine import COMPUTED
from biennien_graph.engine.rdf import Literal, NamedNode, Triple
from biennien_graph.folding import fold
from biennien_graph.neighbourhood import words
from biennien_graph.terms import BN, OWL, RDF, RDFS, RICO, SCHEMA, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from biennien_graph.checks.asking import Published
    from biennien_graph.evidence import Entry

_NAMES = (RDFS.label, SKOS.prefLabel, RICO.title)
# Of what two things must not differ, where both say it, to be one.
_CONTEXT = (
    RICO.isOrWasContainedBy, RICO.hasOrHadLocation, RICO.isOrWasJurisdictionOf,
    RICO.hasOrHadJurisdiction, RICO.isAgentAssociatedWithPlace, SCHEMA.locationCreated,
    RICO.isOrWasSubordinateTo, RICO.isOrWasSubdivisionOf, RICO.hasAuthor, RICO.hasPublisher,
    BN.commemorates, SKOS.inScheme, SKOS.broader, BN.anniversaryOrdinal,
    RICO.hasDocumentaryFormType,
)  # fmt: skip
_DATES = (RICO.occurredAtDate, RICO.hasCreationDate, RICO.hasPublicationDate)
_APART = f"{OWL.sameAs.removesuffix('sameAs')}differentFrom"


@dataclass(slots=True)
class Thing:
    """What is said of one thing, outside the graphs that the service computes."""

    iri: str
    is_here: bool
    said: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    names: dict[str, str] = field(default_factory=dict)
    naming: str = ""
    spans: dict[str, tuple[str, str]] = field(default_factory=dict)
    numbers: set[tuple[str, str]] = field(default_factory=set)

    def values(self, predicate: str) -> set[str]:
        """IRIs and texts."""
        return set(self.said.get(predicate, ()))

    @property
    def classes(self) -> set[str]:
        """As they are stated."""
        return self.values(RDF.type)

    def name(self, language: str) -> str:
        """In a language, or as there is one."""
        return self.names.get(language) or next(iter(self.names.values()), self.iri)

    def is_told_apart_from(self, other: Thing) -> bool:
        """Whether somebody says that these are two (`owl:differentFrom`)."""
        return other.iri in self.values(_APART) or self.iri in other.values(_APART)

    def may_coincide(self, other: Thing) -> bool:
        """Whether no number, place, body or day that both have is different."""
        if self.numbers and other.numbers and not self.numbers & other.numbers:
            return False
        for predicate in _CONTEXT:
            mine, theirs = self.values(predicate), other.values(predicate)
            if mine and theirs and not mine & theirs:
                return False
        return not any(
            self.spans[dated][1] < other.spans[dated][0]
            or other.spans[dated][1] < self.spans[dated][0]
            for dated in self.spans.keys() & other.spans.keys()
        )


def names_of(thing: Thing) -> set[str]:
    """Its main names; other spellings are shared by many things."""
    return set(thing.names.values())


class Things:
    """Finds things in the entries and in what is published without these."""

    def __init__(self, entries: Sequence[Entry], published: Published | None) -> None:
        self._published = published
        self._hidden = {entry.graph for entry in entries} | COMPUTED
        self._here: dict[str, list[Triple]] = defaultdict(list)
        self._called: dict[str, set[str]] = defaultdict(set)
        self._having: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._known: dict[str, Thing] = {}
        for triple in (triple for entry in entries for triple in entry.triples):
            self._note(triple)

    def _note(self, triple: Triple) -> None:
        subject, predicate = words(triple.subject), triple.predicate.value
        self._here[subject].append(triple)
        if predicate in _NAMES:
            self._called[fold(words(triple.object))].add(subject)
        elif predicate in (BN.serialNumber, BN.notation, RICO.hasOrHadIdentifier):
            self._having[predicate, words(triple.object)].add(subject)

    def here(self, iri: str) -> Thing:
        """A thing of the entries."""
        return self.get(iri)

    def get(self, iri: str) -> Thing:
        """A thing with all that is said of it, by entries or as published."""
        if iri not in self._known:
            thing = Thing(iri, iri in self._here)
            for triple in self._about(iri):
                _tell(thing, triple)
            for predicate in _DATES:
                if spans := [self._span(node) for node in thing.said.get(predicate, ())]:
                    thing.spans[predicate] = (min(s[0] for s in spans), max(s[1] for s in spans))
            thing.numbers = set(self._numbers(thing))
            self._known[iri] = thing
        return self._known[iri]

    def _numbers(self, thing: Thing) -> Iterator[tuple[str, str]]:
        for node in thing.said.get(RICO.hasOrHadIdentifier, ()):
            said = {t.predicate.value: words(t.object) for t in self._about(node)}
            if BN.serialNumber in said and BN.notation in said:
                yield said[BN.serialNumber], said[BN.notation]

    def called(self, folded: str) -> Iterator[str]:
        """What has a name or other spelling that is folded so."""
        yield from self._called.get(folded, ())
        if self._published is not None:
            found = self._published.having(Literal(folded), predicate=BN.foldedLabel)
            yield from (words(quad.subject) for quad in found)

    def numbered(self, serial: str, notation: str) -> set[str]:
        """What has a number and notation."""
        numbers = self._subjects(BN.serialNumber, Literal(serial))
        if numbers:
            numbers &= self._subjects(BN.notation, Literal(notation))
        found = [self._subjects(RICO.hasOrHadIdentifier, NamedNode(iri)) for iri in numbers]
        return set().union(*found)

    def _subjects(self, predicate: str, value: NamedNode | Literal) -> set[str]:
        found = set(self._having.get((predicate, value.value), ()))
        if self._published is not None:
            for quad in self._published.having(value, predicate=predicate):
                if words(quad.graph_name) not in self._hidden:
                    found.add(words(quad.subject))
        return found

    def _about(self, iri: str) -> Iterable[Triple]:
        yield from self._here.get(iri, ())
        if self._published is not None:
            for quad in self._published.quads(subject=iri):
                if words(quad.graph_name) not in self._hidden:
                    yield quad.triple

    def _span(self, node: str) -> tuple[str, str]:
        """The first and last day of a date; of an open one, the very first or last."""
        earliest, latest = "", "9999"
        for triple in self._about(node):
            if triple.predicate.value == BN.earliest:
                earliest = words(triple.object)
            elif triple.predicate.value == BN.latest:
                latest = words(triple.object)
        return earliest, latest


def _tell(thing: Thing, triple: Triple) -> None:
    predicate, value = triple.predicate.value, triple.object
    thing.said[predicate].append(words(value))
    if predicate in _NAMES and isinstance(value, Literal):
        thing.names.setdefault(value.language or "", value.value)
        thing.naming = thing.naming or predicate
