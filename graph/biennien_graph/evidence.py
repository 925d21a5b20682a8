# SPDX-License-Identifier: Apache-2.0
"""Entries, passages, and whether a quote stands where it says."""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from biennien_graph.engine.rdf import Literal, NamedNode, Quad, Triple
from biennien_graph.terms import NAMESPACE, SCHEMA

if TYPE_CHECKING:
    from pathlib import Path


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

    @functools.cached_property
    def subjects(self) -> frozenset[str]:
        """The IRIs that the entry speaks of."""
        return frozenset(str(getattr(t.subject, "value", "")) for t in self.triples)

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


def check_quotes(entry: Entry, texts: dict[str, SourceText]) -> tuple[int, list[dict[str, str]]]:
    """Compare quotes with the texts at hand, by source IRI.

    Returns how many were compared, and a sentence in vi and en for each that does not stand at
    its position and for each text whose hash is not the one on record.
    """
    compared, problems = 0, _wrong_texts(entry, texts)
    for passage in entry.passages:
        at_hand = texts.get(passage.source)
        if at_hand is None:
            continue
        compared += 1
        if at_hand.text[passage.start : passage.end] != passage.quote:
            problems.append(_misplaced(passage, at_hand))
    return compared, problems


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


def _wrong_texts(entry: Entry, texts: dict[str, SourceText]) -> list[dict[str, str]]:
    return [
        {
            "vi": f"Văn bản của {triple.subject.value} có SHA-256 là {at_hand.sha256}, không phải "
            f"{triple.object.value} như đã ghi.",
            "en": f"The text of {triple.subject.value} has the SHA-256 {at_hand.sha256}, "
            f"not {triple.object.value} as on record.",
        }
        for triple in sorted(entry.triples, key=str)
        if triple.predicate.value == SCHEMA.sha256
        and isinstance(triple.subject, NamedNode)
        and isinstance(triple.object, Literal)
        and (at_hand := texts.get(triple.subject.value)) is not None
        and at_hand.sha256 != triple.object.value
    ]
