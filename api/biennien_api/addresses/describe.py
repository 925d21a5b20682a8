# SPDX-License-Identifier: Apache-2.0
"""A thing as a page shows it: statements in words with their passages, and what points to it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from biennien_api.addresses.labels import Term, Words
from biennien_api.sparql.results_page import is_web
from biennien_graph.engine.rdf import NamedNode
from biennien_graph.terms import BN, NAMESPACE, RDF, RDFS, RICO, SKOS

if TYPE_CHECKING:
    from biennien_api.service import Service

# The order in which a page tells things; what is not listed follows by name.
_FIRST = (
    RICO.title, SKOS.altLabel, RICO.hasDocumentaryFormType,
    RICO.hasOrHadCorporateBodyType, RICO.hasOrHadPlaceType, RICO.hasEventType,
    RICO.hasActivityType, BN.modality,
    RICO.hasOrHadIdentifier, RICO.hasAuthor, RICO.hasCreationDate, RICO.hasPublicationDate,
    RICO.occurredAtDate, RICO.hasOrHadLocation, BN.commemorates, BN.anniversaryOrdinal,
    RICO.isOrWasPerformedBy, BN.leadAgency, BN.chairedBy, RICO.hasAddressee, RICO.hasReceiver,
    BN.archivedAt, BN.signature,
)  # fmt: skip
_SUMMARIES = (RICO.expressedDate, RICO.textualValue, BN.correctedReading)
_UNSHOWN = frozenset({RDF.type, BN.evidence, RDFS.label, BN.certainty, BN.reasoning, BN.inClaimSet})
# What is said with these does not happen, whatever becomes of the thing.
_TIMELESS = frozenset({BN.modality, RDFS.label, SKOS.altLabel, RICO.hasActivityType})
_INFERRED = f"{NAMESPACE}vocabulary/certainty/inferred"
_HELD = f"{NAMESPACE}vocabulary/modality/held"


@dataclass(slots=True)
class Evidence:
    """A passage that says so."""

    claim: str
    passage: str
    quote: str
    start: int
    end: int
    source: str
    document: str
    document_label: str


@dataclass(slots=True)
class Value:
    """The object of a statement: a link, a literal, or a node of the thing's own."""

    text: str
    iri: str = ""
    language: str = ""
    evidence: list[Evidence] = field(default_factory=list)
    inferred: bool = False
    reasoning: str = ""
    modality: str = ""
    node: list[Group] = field(default_factory=list)


@dataclass(slots=True)
class Group:
    """A property in words, and its values."""

    iri: str
    label: str
    values: list[Value]


@dataclass(slots=True)
class Description:
    """All that a page tells about a thing."""

    iri: str
    label: str
    labels: list[tuple[str, str]]
    kind: str
    groups: list[Group]
    nodes: list[Value]
    incoming: list[Group]
    incoming_cut: bool


async def describe(service: Service, iri: str, lang: str) -> Description | None:
    """Ask for everything that the page needs; None where nothing is said about the IRI."""
    statements, incoming = await asyncio.gather(
        service.ask("statements", {"s": [NamedNode(iri)], "thing": [NamedNode(iri)]}),
        service.ask("incoming", {"thing": [NamedNode(iri)]}),
    )
    if not statements and not incoming:
        return None
    subjects = {row["s"]["value"] for row in statements} | {iri}
    claims = await service.ask("claims", {"s": [NamedNode(node) for node in sorted(subjects)]})
    words = await _labels(service, _mentioned(statements, incoming, claims) | {iri}, lang)
    return _Builder(iri, lang, statements, claims, words).build(incoming)


class _Builder:
    def __init__(
        self,
        iri: str,
        lang: str,
        statements: list[dict[str, Any]],
        claims: list[dict[str, Any]],
        words: Words,
    ) -> None:
        self._iri, self._lang, self._words = iri, lang, words
        self._about: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for row in statements:
            self._about[row["s"]["value"]][row["p"]["value"]].append(row["o"])
        self._claims: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
        for row in claims:
            self._claims[row["s"]["value"], row["p"]["value"], _key(row["o"])].append(row)
        self._shown: set[str] = set()

    def build(self, incoming: list[dict[str, Any]]) -> Description:
        groups = self._groups(self._iri, depth=0)
        apart = [
            self._value(node, {"type": "uri", "value": node}, "", depth=0)
            for node in sorted(self._about)
            if node not in self._shown and node != self._iri
        ]
        return Description(
            iri=self._iri,
            label=self._words.label(self._iri),
            labels=self._words.all(self._iri),
            kind=self._kind(self._iri),
            groups=groups,
            nodes=apart,
            incoming=self._incoming(incoming),
            incoming_cut=len(incoming) >= 500,
        )

    def _kind(self, iri: str) -> str:
        classes = self._about[iri].get(RDF.type, [])
        return ", ".join(sorted({self._words.label(found["value"]) for found in classes}))

    def _groups(self, subject: str, depth: int) -> list[Group]:
        found = self._about.get(subject, {})
        back = {"type": "uri", "value": self._iri}  # what a node says of its thing goes unsaid
        shown = [p for p in found if p not in _UNSHOWN and not (depth and found[p] == [back])]
        return [
            Group(
                predicate,
                self._words.label(predicate),
                self._readable(
                    [self._value(subject, value, predicate, depth) for value in found[predicate]]
                ),
            )
            for predicate in sorted(shown, key=self._order)
        ]

    def _readable(self, values: list[Value]) -> list[Value]:
        """In order; what is only put in two languages, in the reader's. Sources keep theirs."""
        if any(value.language == self._lang for value in values):
            values = [v for v in values if v.evidence or v.language in ("", self._lang)]
        return sorted(values, key=lambda value: value.text)

    def _order(self, predicate: str) -> tuple[int, str]:
        place = _FIRST.index(predicate) if predicate in _FIRST else len(_FIRST)
        return place, self._words.label(predicate)

    def _value(self, subject: str, term: Term, predicate: str, depth: int) -> Value:
        claims = self._claims.get((subject, predicate, _key(term)), [])
        if term["type"] != "uri":
            value = Value(_literal(term, self._lang), language=term.get("xml:lang", ""))
        elif term["value"] in self._about and term["value"] != self._iri and depth < 2:
            value = self._node(term["value"], depth, titled=not predicate)
            claims = claims + self._claims_about(term["value"])
        else:
            iri = term["value"] if is_web(term["value"]) else ""
            value = Value(self._words.label(term["value"]), iri=iri)
        self._support(value, claims)
        _say_once(value)
        return value

    def _node(self, iri: str, depth: int, *, titled: bool) -> Value:
        self._shown.add(iri)
        found = self._about[iri]
        summary = self._words.known(iri) or next(
            (found[p][0]["value"] for p in _SUMMARIES if found.get(p)), ""
        )
        kind = self._kind(iri) if titled else ""
        return Value(summary or kind, iri=iri, node=self._groups(iri, depth + 1))

    def _claims_about(self, subject: str) -> list[dict[str, Any]]:
        return [
            row for (found, _, _), rows in self._claims.items() if found == subject for row in rows
        ]

    def _support(self, value: Value, claims: list[dict[str, Any]]) -> None:
        """Passages, and what holds of all claims: that they are inferred, or not of what is held.

        What one source states is not marked because another leaves it to be inferred.
        """
        seen: set[str] = set()
        for row in claims:
            if row["passage"]["value"] not in seen:
                seen.add(row["passage"]["value"])
                value.evidence.append(self._evidence(row))
        value.evidence.sort(key=lambda found: (found.source, found.start))
        own = [row for row in claims if not _translated(row["o"])]
        value.inferred = bool(own) and all(r["certainty"]["value"] == _INFERRED for r in own)
        if value.inferred:
            value.reasoning = self._reasoning(own)
        modalities = {
            row["modality"]["value"] for row in claims if row["p"]["value"] not in _TIMELESS
        }
        if len(modalities) == 1 and modalities != {_HELD}:
            value.modality = self._words.label(modalities.pop())

    def _reasoning(self, claims: list[dict[str, Any]]) -> str:
        """Why, in the reader's language where it is given there."""
        given = [row["reasoning"] for row in claims if "reasoning" in row]
        spoken = [words for words in given if words.get("xml:lang") == self._lang]
        return str((spoken or given or [{"value": ""}])[0]["value"])

    def _evidence(self, row: dict[str, Any]) -> Evidence:
        document = row.get("document", {}).get("value", "")
        return Evidence(
            claim=row["claim"]["value"],
            passage=row["passage"]["value"],
            quote=row["quote"]["value"],
            start=int(row["start"]["value"]),
            end=int(row["end"]["value"]),
            source=row["source"]["value"],
            document=document,
            document_label=self._words.label(document or row["source"]["value"]),
        )

    def _incoming(self, rows: list[dict[str, Any]]) -> list[Group]:
        by_property: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            if row["s"]["type"] == "uri" and not _is_apparatus(row["s"]["value"]):
                by_property[row["p"]["value"]].add(row["s"]["value"])
        groups = [
            Group(
                predicate,
                self._words.inverse(predicate),
                sorted(
                    (Value(self._words.label(iri), iri=iri) for iri in subjects),
                    key=lambda value: value.text,
                ),
            )
            for predicate, subjects in by_property.items()
        ]
        return sorted(groups, key=lambda group: group.label)


async def _labels(service: Service, iris: set[str], lang: str) -> Words:
    rows = await service.ask("labels", {"iri": [NamedNode(iri) for iri in sorted(iris)]})
    return Words(rows, lang)


def _mentioned(*results: list[dict[str, Any]]) -> set[str]:
    return {
        term["value"]
        for rows in results
        for row in rows
        for name, term in row.items()
        if term["type"] == "uri" and name not in {"claim", "passage"}
    }


def _is_apparatus(iri: str) -> bool:
    """Claims and passages are shown where they belong, not as things that point here."""
    return iri.startswith((f"{NAMESPACE}claim/", f"{NAMESPACE}passage/"))


def _say_once(value: Value) -> None:
    """A node's statements need not repeat the passages that stand beside the node."""
    said = {evidence.passage for evidence in value.evidence}
    for group in value.node:
        for part in group.values:
            if {evidence.passage for evidence in part.evidence} <= said:
                part.evidence = []


def _key(term: Term) -> str:
    return "\0".join(
        (term["type"], term["value"], term.get("xml:lang", ""), term.get("datatype", ""))
    )


def _literal(term: Term, lang: str) -> str:
    if term.get("datatype", "").endswith("#boolean"):
        words = {"true": ("có", "yes"), "false": ("không", "no")}[term["value"]]
        return words[lang == "en"]
    return term["value"]


def _translated(term: Term) -> bool:
    return term.get("xml:lang", "vi") != "vi"
