# SPDX-License-Identifier: Apache-2.0
"""What search knows of a thing: its labels, notes and corrections, and the quotes that back it.

Only what entries say counts, not what is concluded from it. What is known of a thing
depends on nothing but these facts, so that an index brought up to date equals one made anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from biennien_graph.indexes.search.facts import HIDDEN_LABEL, WORDY
from biennien_graph.terms import BN, NAMESPACE, OA, OWL, RDF, RDFS, RICO, SH, SKOS, VOID

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from biennien_graph.indexes.search.facts import Fact, Facts

KINDS = (
    "document", "agency", "person", "place", "event", "topic", "concept", "other", "passage",
)  # fmt: skip
_KIND_OF = {
    RICO.Record: "document",
    RICO.RecordSet: "document",
    RICO.CorporateBody: "agency",
    RICO.Group: "agency",
    RICO.Person: "person",
    RICO.Place: "place",
    RICO.Event: "event",
    RICO.Activity: "event",
    RICO.Thing: "topic",
    SKOS.Concept: "concept",
    SKOS.ConceptScheme: "concept",
}
# Terms, shapes, entries and claims are described, but they are not what records tell of.
_TECHNICAL = (
    *(iri.rpartition("#")[0] for iri in (RDF.type, RDFS.label, OWL.sameAs, SH.value)),
    *(BN.Entry, BN.Claim, BN.ClaimSet, OA.hasSource.replace("hasSource", ""), VOID.Dataset),
)
_TOPICS = f"{NAMESPACE}id/topic/"
# The weight of a property of the thing itself; whatever else is in words is a note.
_FIELD_OF = {
    RDFS.label: "label",
    SKOS.prefLabel: "label",
    SKOS.altLabel: "altLabel",
    HIDDEN_LABEL: "altLabel",
    RICO.title: "title",
}
FIELDS_OF_NAMES = frozenset(_FIELD_OF.values())
_OF_NUMBERS = {RICO.textualValue: "number", BN.notation: "number"}
_OF_CORRECTIONS = {BN.sourceReading: "correction", BN.correctedReading: "correction"}
_MOST_NODES = 1_000  # of a thing's own, and
_MOST_QUOTES = 1_000  # that back it; beyond, passages are found by themselves


class Text(NamedTuple):
    """Something that a thing says in words: `label`, `altLabel`, `title`, `number`, …"""

    field: str
    language: str
    text: str


class Quote(NamedTuple):
    """A passage that backs a claim about a thing; no claim: the thing itself."""

    text: str
    passage: str
    source: str
    claim: str


@dataclass(frozen=True, slots=True)
class Thing:
    """All that search knows of one IRI. `kind` is empty for a source text, which is not found."""

    iri: str
    kind: str
    types: tuple[str, ...] = ()
    texts: tuple[Text, ...] = ()
    quotes: tuple[Quote, ...] = ()
    documents: tuple[str, ...] = ()  # that a source text is the text of
    start: int = 0  # of a passage in its source text, in code points


class Things:
    """The things that facts tell of."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def affected(self, touched: Iterable[str]) -> Iterator[str]:
        """The IRIs of whose things something may be different, where these were touched."""
        for iri in touched:
            for node in (iri, *self._facts.pointing(BN.evidence, iri)):
                for about in (node, *self._objects(node, RDF.subject)):
                    yield about
                    yield about.partition("#")[0]

    def thing(self, iri: str) -> Thing | None:
        """What is known of one; None where that is nothing, or where it is part of another."""
        said = self._facts.said(iri)
        types = _iris(said, RDF.type)
        if documents := _iris(said, RICO.isOrWasInstantiationOf):
            return Thing(iri, "", documents=documents)
        if OA.hasSource in {fact.predicate for fact in said}:
            return self._passage(iri, types)
        kind = _kind(iri, types)
        return self._whole(iri, kind, types, said) if kind else None

    def _whole(self, iri: str, kind: str, types: tuple[str, ...], said: list[Fact]) -> Thing | None:
        own = {iri: said, **self._own_nodes(iri, said)}
        texts = {text for node, facts in own.items() for text in _texts(facts, own=node != iri)}
        if not any(text.field in FIELDS_OF_NAMES for text in texts):
            return None
        quotes = islice((quote for node in own for quote in self._quotes(node)), _MOST_QUOTES)
        return Thing(iri, kind, types, tuple(sorted(texts)), tuple(sorted(set(quotes))))

    def _passage(self, iri: str, types: tuple[str, ...]) -> Thing | None:
        quote = self._quote(iri, "")
        if quote is None or "#" in iri:
            return None
        starts = [fact.value for fact in self._facts.said(f"{iri}#position")
                  if fact.predicate == OA.start]  # fmt: skip
        numbers = [int(word) for word in starts if word.isascii() and word.isdecimal()]
        return Thing(iri, "passage", types, quotes=(quote,), start=min(numbers, default=0))

    def _own_nodes(self, iri: str, said: list[Fact]) -> dict[str, list[Fact]]:
        """What is said of the nodes `iri#…` that the thing, or another of its nodes, leads to."""
        found: dict[str, list[Fact]] = {}
        parts = self._facts.pointing(RICO.isOrWasConstituentOf, iri)
        ahead = sorted({*parts, *_led_to(said)}, reverse=True)
        while ahead and len(found) < _MOST_NODES:
            node = ahead.pop()
            if node.startswith(f"{iri}#") and node not in found:
                facts = self._facts.said(node)
                if not _kind(node, _iris(facts, RDF.type)):  # such a one is found by itself
                    found[node] = facts
                    ahead += sorted(_led_to(facts), reverse=True)
        return found

    def _quotes(self, node: str) -> Iterator[Quote]:
        for claim in ("", *self._facts.pointing(RDF.subject, node)):
            for passage in self._objects(claim or node, BN.evidence):
                if (quote := self._quote(passage, claim)) is not None:
                    yield quote

    def _quote(self, passage: str, claim: str) -> Quote | None:
        said = self._facts.said(f"{passage}#quote")
        words = [fact.value for fact in said if fact.predicate == OA.exact and fact.datatype]
        sources = self._objects(passage, OA.hasSource)
        return Quote(min(words), passage, sources[0], claim) if words and sources else None

    def _objects(self, subject: str, predicate: str) -> tuple[str, ...]:
        return _iris(self._facts.said(subject), predicate)


def _iris(said: Iterable[Fact], predicate: str) -> tuple[str, ...]:
    found = {f.value for f in said if f.predicate == predicate and f.value and not f.datatype}
    return tuple(sorted(found))


def _led_to(said: Iterable[Fact]) -> set[str]:
    return {fact.value for fact in said if "#" in fact.value and not fact.datatype}


def _kind(iri: str, types: tuple[str, ...]) -> str:
    """The kind of a thing; empty for what is none, and for the nodes `x#y` of another thing."""
    found = {_KIND_OF[name] for name in types if name in _KIND_OF}
    if found:
        known = next(kind for kind in _KIND_OF.values() if kind in found)
        return "topic" if iri.startswith(_TOPICS) else known
    technical = types and all(name.startswith(_TECHNICAL) for name in types)
    return "" if "#" in iri or technical else "other"


def _texts(said: Iterable[Fact], *, own: bool) -> Iterator[Text]:
    """What is said in words; of a node of the thing's own, names are notes."""
    fields = {**_OF_NUMBERS, **_OF_CORRECTIONS} if own else _FIELD_OF
    for fact in said:
        if fact.datatype in WORDY and fact.value.strip():
            yield Text(fields.get(fact.predicate, "note"), fact.language, fact.value)
