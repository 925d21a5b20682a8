# SPDX-License-Identifier: Apache-2.0
"""What a snapshot says about one thing or one claim, as the catalogue keeps it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from biennien_graph.folding import fold, sort_key
from biennien_graph.indexes.catalogue import tables as t
from biennien_graph.terms import BN, OA, RDF, RICO

if TYPE_CHECKING:
    from collections.abc import Iterable

    from biennien_graph.indexes.catalogue.statements import Said, Statements

_NO_SOURCE = "\uffff"  # after every source


class Dated(NamedTuple):
    """One date of a thing; days from 1 January of the year 1. `role`: 0 at, 1 from, 2 to."""

    node: str
    role: int
    earliest: int
    latest: int
    edtf: str
    words: str


@dataclass(slots=True)
class Thing:
    """A thing with its fragments."""

    iri: str
    kind: str
    cls: str
    vi: str | None
    en: str | None
    of: str | None = None
    names: set[str] = field(default_factory=set)
    dates: list[Dated] = field(default_factory=list)
    edges: set[tuple[str, str]] = field(default_factory=set)
    uses: set[str] = field(default_factory=set)  # nodes whose statements are told here: dates
    triples: str = ""  # N-Triples: its own statements, and those of its nodes
    briefs: dict[str, str] = field(default_factory=dict)  # what others tell of it and its nodes

    @property
    def sort(self) -> str:
        """By the Vietnamese label, or else the English one, or else the last of the address."""
        return sort_key(self.vi or self.en or self.iri.rpartition("/")[2])

    @property
    def span(self) -> tuple[int, int]:
        """The first and the last day of all its dates."""
        if not self.dates:
            return t.UNDATED_EARLIEST, t.UNDATED_LATEST
        firsts = [d.earliest if d.role < 2 else t.OPEN_START for d in self.dates]
        lasts = [d.latest if d.role != 1 else t.OPEN_END for d in self.dates]
        if any(d.role for d in self.dates):  # a life: open where it has no beginning, or no end
            begun = [d.earliest for d in self.dates if d.role == 1]
            ended = [d.latest for d in self.dates if d.role == 2]
            return min(begun, default=t.OPEN_START), max(ended, default=t.OPEN_END)
        return min(firsts), max(lasts)


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim with the passages and sources that carry it."""

    iri: str
    sort: str
    subject: str
    predicate: str
    object: str
    leads: str | None  # to which thing, where its object is an IRI
    modality: str | None
    certainty: str | None
    citations: tuple[tuple[str, str], ...]
    triples: str
    dates: tuple[Dated, ...]
    uses: frozenset[str]


class Extraction:
    """Reads statements. What nobody says (inferred, derived) is left aside."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    def said(self, iri: str) -> list[Said]:
        """The statements of entries about a node."""
        return self._statements.about(iri)

    def thing(self, iri: str, fragments: Iterable[str]) -> Thing | None:
        """What a list can show, or a filter ask for; None where it is nothing of the kind."""
        said = self.said(iri)
        classes = {q.value for q in said if q.predicate == RDF.type}
        cls = next((cls for cls in t.CLASSES if cls in classes), None)
        if cls is None and classes & t.TERMS:
            cls = min(classes & t.TERMS)
        if cls is None:
            return None
        found = Thing(iri, t.CLASSES.get(cls, "terms"), cls, _label(said, "vi"), _label(said, "en"))
        found.of = _value(said, RICO.isOrWasInstantiationOf)
        found.names = {fold(q.value) for q in said if q.predicate in t.NAMES}
        found.briefs[iri] = _brief(iri, said)
        if found.kind != "terms":
            found.dates = self._dates(said, found.kind)
            found.uses = {q.value for q in said if q.predicate in t.DATE_LINKS}
            found.edges, found.triples = set(_edges(iri, said)), _lines(iri, said)
            for fragment in fragments:
                if not (part := self.said(fragment)):
                    continue
                found.edges.update(_edges(iri, part))
                found.triples += _lines(fragment, part)
                found.briefs[fragment] = _brief(fragment, part)
        return found

    def claim(self, iri: str) -> Claim | None:
        """A claim; None where the node is none, or not a whole one."""
        said = self.said(iri)
        values = {q.predicate: q for q in sorted(said, reverse=True)}
        parts = (RDF.subject, RDF.predicate, RDF.object)
        is_claim = any(q.predicate == RDF.type and q.value == BN.Claim for q in said)
        if not is_claim or any(part not in values for part in parts):
            return None
        subject, predicate, value = (values[part] for part in parts)
        passages = sorted({q.value for q in said if q.predicate == BN.evidence})
        places = sorted(self._place(passage) for passage in passages)
        source, start = places[0][:2] if places else (_NO_SOURCE, 0)
        return Claim(
            iri,
            f"{source}\t{start:09d}",
            subject.value,
            predicate.value,
            value.value,
            value.value.partition("#")[0] if value.is_iri else None,
            _value(said, BN.modality),
            _value(said, BN.certainty),
            tuple((passage, source) for source, _, passage in places),
            "".join([_lines(iri, said, evidence=True), *map(self._quoted, passages)]),
            tuple(self._attested(said)),
            frozenset((*passages, *_attestations(said))),
        )

    def _attested(self, said: list[Said]) -> Iterable[Dated]:
        found = (self._date(node, 0) for node in sorted(_attestations(said)))
        return (dated for dated in found if dated is not None)

    def _quoted(self, passage: str) -> str:
        """All that there is to say of a passage: its source, and its selectors."""
        nodes = (passage, f"{passage}#quote", f"{passage}#position")
        return "".join(_lines(node, self.said(node)) for node in nodes)

    def _place(self, passage: str) -> tuple[str, int, str]:
        source = _value(self.said(passage), OA.hasSource) or _NO_SOURCE
        start = _value(self.said(f"{passage}#position"), OA.start) or "0"
        return source, int(start) if start.isdecimal() else 0, passage

    def _dates(self, said: list[Said], kind: str) -> list[Dated]:
        if kind not in t.LISTS:
            return []
        if kind not in t.DATES:
            ends = ((t.BEGINNING, 1), (t.END, 2))
            return [d for link, role in ends for d in self._dates_at(said, link, role)]
        for link in t.DATES[kind]:
            if found := self._dates_at(said, link, 0):
                return found
        return []

    def _dates_at(self, said: list[Said], link: str, role: int) -> list[Dated]:
        nodes = {q.value for q in said if q.predicate == link}
        found = (self._date(node, role) for node in sorted(nodes))
        return [dated for dated in found if dated is not None]

    def _date(self, node: str, role: int) -> Dated | None:
        said = self.said(node)
        edtf = _value(said, RICO.normalizedDateValue) or ""
        if not edtf:
            return None
        return Dated(
            node,
            role,
            _day(_value(said, BN.earliest), t.OPEN_START),
            _day(_value(said, BN.latest), t.OPEN_END),
            edtf,
            _value(said, RICO.expressedDate) or "",
        )


def _attestations(said: list[Said]) -> set[str]:
    """The dates by which a claim is attested: by its annotation, or as what it claims."""
    nodes = {q.value for q in said if q.predicate == BN.attestedOn}
    if _value(said, RDF.predicate) == BN.attestedOn:
        nodes |= {q.value for q in said if q.predicate == RDF.object}
    return nodes


def _edges(iri: str, said: Iterable[Said]) -> Iterable[tuple[str, str]]:
    """Statements that lead from a thing, or a node of its own, to another thing."""
    for q in said:
        if q.predicate in t.NO_EDGES or not q.is_iri:
            continue
        whole = q.value.partition("#")[0]
        if whole != iri:
            yield q.predicate, whole


def _lines(node: str, said: Iterable[Said], *, evidence: bool = False) -> str:
    """N-Triples, each once, without the evidence of a thing, which its claims have."""
    found = (q for q in said if evidence or q.predicate != BN.evidence)
    return "".join(sorted({f"<{node}> <{q.predicate}> {q.term} .\n" for q in found}))


def _brief(node: str, said: Iterable[Said]) -> str:
    told = ((t.BRIEF.get(q.predicate), q.term) for q in said)
    return "".join(sorted({f"<{node}> <{p}> {term} .\n" for p, term in told if p}))


def _label(said: Iterable[Said], language: str) -> str | None:
    labels = [q.value for q in said if q.predicate in t.LABELS and q.language == language]
    return min(labels, default=None)


def _value(said: Iterable[Said], predicate: str) -> str | None:
    return min((q.value for q in said if q.predicate == predicate), default=None)


def _day(text: str | None, otherwise: int) -> int:
    try:
        return date.fromisoformat(text).toordinal() if text else otherwise
    except ValueError:
        return otherwise
