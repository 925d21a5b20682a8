# SPDX-License-Identifier: Apache-2.0
"""Entries, passages, and whether a quote stands where it says."""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from biennien_graph.engine.rdf import Literal, NamedNode, Quad, Triple
from biennien_graph.terms import BN, NAMESPACE, OA, RDF, SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


# What is said about the statements of a node, not about the node.
# What becomes of an identifier is the curators' word, no source's.
_ABOUT_IDENTIFIERS = frozenset(
    {"http://purl.org/dc/terms/isReplacedBy", "http://www.w3.org/2004/02/skos/core#changeNote"}
)
ABOUT_CLAIMS = frozenset({BN.evidence, BN.certainty, BN.reasoning, BN.inClaimSet})
_WITHOUT_EVIDENCE = ABOUT_CLAIMS | _ABOUT_IDENTIFIERS | {RDF.type, BN.earliest, BN.latest}


@dataclass(frozen=True, slots=True, order=True)
class Passage:
    """A quote and where it stands: Unicode code points from 0, end exclusive."""

    source: str
    start: int
    quote: str

    @property
    def end(self) -> int:
        """The code point after the last one."""
        return self.start + len(self.quote)

    @property
    def iri(self) -> NamedNode:
        """`passage/{source}/{start}-{end}`."""
        name = self.source.rpartition("/")[2]
        return NamedNode(f"{NAMESPACE}passage/{name}/{self.start}-{self.end}")


@dataclass
class Entry:
    """One entry, ready to be stored: its graph and all its triples, claims and passages too."""

    graph: str
    name: str
    triples: set[Triple]
    claims: int = 0
    statements: int = 0
    passages: list[Passage] = field(default_factory=list)
    unsupported: list[Triple] = field(default_factory=list)

    @classmethod
    def of(cls, graph: str, triples: set[Triple]) -> Entry:
        """An entry from what is stored: its claims, its passages, and what no claim backs."""
        about = {(t.subject, t.predicate.value): t.object for t in triples}
        claims = {
            (t.object, about.get((t.subject, RDF.predicate)), about.get((t.subject, RDF.object)))
            for t in triples
            if t.predicate.value == RDF.subject and (t.subject, BN.evidence) in about
        }
        needy = [t for t in triples if needs_evidence(t)]
        unsupported = [t for t in needy if (t.subject, t.predicate, t.object) not in claims]
        passages = {passage for t in triples if (passage := _stored_passage(t, about))}
        return cls(
            graph,
            graph,
            triples,
            claims=len(needy) - len(unsupported),
            statements=len(needy),
            passages=sorted(passages),
            unsupported=unsupported,
        )

    @functools.cached_property
    def subjects(self) -> frozenset[str]:
        """The IRIs that the entry speaks of."""
        return frozenset(t.subject.value for t in self.triples if isinstance(t.subject, NamedNode))

    def quads(self) -> list[Quad]:
        """The triples in the entry's named graph."""
        graph = NamedNode(self.graph)
        return [Quad(t.subject, t.predicate, t.object, graph) for t in self.triples]


@dataclass(frozen=True, slots=True)
class SourceText:
    """A source text at hand: its code points, and the SHA-256 of its bytes."""

    text: str
    sha256: str

    @classmethod
    def read(cls, file: Path) -> SourceText:
        """As archived: nothing is normalised, line ends stay."""
        content = file.read_bytes()
        return cls(content.decode("utf-8"), hashlib.sha256(content).hexdigest())


def needs_evidence(statement: Triple) -> bool:
    """Everything said about a thing (`id/…`) does, but for its class, words about claims, and
    what replaced it.
    """
    return (
        isinstance(statement.subject, NamedNode)
        and statement.subject.value.startswith(f"{NAMESPACE}id/")
        and statement.predicate.value not in _WITHOUT_EVIDENCE
    )


def _stored_passage(triple: Triple, about: Mapping[Any, object]) -> Passage | None:
    """The passage that a stored `oa:hasSource` belongs to."""
    if triple.predicate.value != OA.hasSource or not isinstance(triple.object, NamedNode):
        return None
    iri = str(getattr(triple.subject, "value", ""))
    quote = about.get((NamedNode(f"{iri}#quote"), OA.exact))
    start = about.get((NamedNode(f"{iri}#position"), OA.start))
    if not isinstance(quote, Literal) or not isinstance(start, Literal):
        return None
    if not start.value.isdecimal():  # the shapes say so
        return None
    return Passage(triple.object.value, int(start.value), quote.value)


def check_quotes(entry: Entry, texts: dict[str, SourceText]) -> tuple[int, list[dict[str, str]]]:
    """Compare quotes with the texts at hand, by source IRI.

    Returns how many were compared, and a sentence in vi and en for each that does not stand at
    its position and for each text whose hash is not the one on record.
    """
    compared = sum(passage.source in texts for passage in entry.passages)
    found = [*wrong_texts(entry, texts), *misplaced(entry, texts)]
    return compared, [words for _, words in found]


def misplaced(
    entry: Entry, texts: dict[str, SourceText]
) -> Iterator[tuple[Passage, dict[str, str]]]:
    """The quotes that do not stand at their positions, and what to say of each."""
    for passage in entry.passages:
        at_hand = texts.get(passage.source)
        if at_hand and at_hand.text[passage.start : passage.end] != passage.quote:
            yield passage, _misplaced(passage, at_hand)


def _misplaced(passage: Passage, at_hand: SourceText) -> dict[str, str]:
    stands = at_hand.text[passage.start : passage.end]
    elsewhere = at_hand.text.find(passage.quote)
    quote, place, source = passage.quote, passage.start, passage.source
    hint = {"vi": f"; nó ở vị trí {elsewhere}", "en": f"; it stands at {elsewhere}"}
    if elsewhere < 0:
        hint = {"vi": "", "en": ""}
    return {
        "vi": f"“{quote}” không ở vị trí {place} của {source}; ở đó là “{stands}”{hint['vi']}.",
        "en": f"“{quote}” is not at {place} in {source}, where “{stands}” stands{hint['en']}.",
    }


def wrong_texts(
    entry: Entry, texts: dict[str, SourceText]
) -> Iterator[tuple[Triple, dict[str, str]]]:
    """The digests on record that are not those of the texts at hand, and what to say of each."""
    for triple in sorted(entry.triples, key=str):
        if triple.predicate.value != SCHEMA.sha256 or not isinstance(triple.subject, NamedNode):
            continue
        at_hand = texts.get(triple.subject.value)
        if (
            at_hand is None
            or not isinstance(triple.object, Literal)
            or at_hand.sha256 == triple.object.value
        ):
            continue
        source, found, recorded = triple.subject.value, at_hand.sha256, triple.object.value
        said = {
            "vi": f"Văn bản của {source} có SHA-256 là {found}, không phải {recorded} như đã ghi.",
            "en": f"The text of {source} has the SHA-256 {found}, not {recorded} as on record.",
        }
        yield triple, said
