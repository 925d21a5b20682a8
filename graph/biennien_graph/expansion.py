# SPDX-License-Identifier: Apache-2.0
"""From an entry as a curator writes it to an entry as it is stored.

A curator annotates a statement with `{| bn:evidence [ oa:exact "…" ; oa:start 475 ] |}` or puts
`bn:evidence` on the node that the statements are about (docs/curation.md). Here that becomes
plain RDF 1.1: one `bn:Claim` per statement and one `bn:Passage` per quote, with IRIs that
follow from their content, so that loading the same entry again changes nothing.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import TYPE_CHECKING

from biennien_graph.dates import bounds
from biennien_graph.engine.rdf import BlankNode, Literal, NamedNode, Quad, Triple, canonical
from biennien_graph.errors import DataError, EntryError
from biennien_graph.evidence import ABOUT_CLAIMS, Entry, Passage, needs_evidence
from biennien_graph.terms import BN, DCTERMS, NAMESPACE, OA, RDF, RICO, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable

    Subject = NamedNode | BlankNode
    Term = NamedNode | BlankNode | Literal | Triple

_STATED = NamedNode(f"{NAMESPACE}vocabulary/certainty/stated")
_INFERRED = NamedNode(f"{NAMESPACE}vocabulary/certainty/inferred")
_HELD = NamedNode(f"{NAMESPACE}vocabulary/modality/held")
_EDTF = "http://id.loc.gov/datatypes/edtf"
_SOURCE_LANGUAGE = "vi"
_TRANSLATION = (
    Literal("Bản dịch của người biên mục.", language="vi"),
    Literal("The curator's translation.", language="en"),
)


def read_entry(quads: Iterable[Quad], name: str) -> Entry:
    """The entry that a parsed file holds. `name` is what errors call the file.

    Raises `EntryError` where the file declares no entry, or more than one, or a passage lacks
    its quote, position or source.
    """
    return _Expansion(quads, name).entry()


class _Expansion:
    """One pass over the quads of a file; `entry()` has the outcome."""

    def __init__(self, quads: Iterable[Quad], name: str) -> None:
        self._name = name
        self._about: dict[Subject, list[tuple[str, Term]]] = defaultdict(list)
        for quad in quads:
            if isinstance(quad.subject, Triple):
                raise EntryError(f"{name}: a triple term cannot be a subject: {quad.subject}.")
            self._about[quad.subject].append((quad.predicate.value, quad.object))
        self._graph = self._entry_node()
        self._sources = self._values(NamedNode(self._graph), DCTERMS.source)
        self._reifiers: dict[Triple, list[Subject]] = defaultdict(list)
        for subject, statements in self._about.items():
            for predicate, value in statements:
                if predicate == RDF.reifies and isinstance(value, Triple):
                    self._reifiers[value].append(subject)
        self._annotations = {node for nodes in self._reifiers.values() for node in nodes}
        self._selectors = {
            node
            for statements in self._about.values()
            for predicate, node in statements
            if predicate == BN.evidence and isinstance(node, BlankNode)
        }
        self._entry = Entry(self._graph, name, set())
        self._passages: dict[Subject, Passage] = {}

    def entry(self) -> Entry:
        for subject, statements in self._about.items():
            if subject in self._annotations or subject in self._selectors:
                continue
            for predicate, value in statements:
                self._statement(subject, predicate, value)
        self._entry.passages = sorted(set(self._passages.values()))
        for passage in self._entry.passages:
            self._entry.triples.update(_passage_triples(passage))
        self._entry.triples = _skolemised(self._entry.triples, self._graph)
        return self._entry

    def _entry_node(self) -> str:
        found = [
            subject.value
            for subject, statements in self._about.items()
            if (RDF.type, NamedNode(BN.Entry)) in statements
        ]
        if len(found) != 1:
            raise EntryError(
                f"{self._name}: an entry file declares exactly one bn:Entry; this one declares "
                f"{len(found)}.",
                hint='Write: <graph/record/…> a bn:Entry ; dcterms:title "…"@vi .',
            )
        return found[0]

    def _values(self, subject: Subject, predicate: str) -> list[Term]:
        return [value for found, value in self._about.get(subject, ()) if found == predicate]

    def _statement(self, subject: Subject, predicate: str, value: Term) -> None:
        """Keep one statement, and make its claim where it is one that needs evidence."""
        if predicate == BN.evidence:
            value = self._evidence(value)
        statement = _triple(subject, predicate, value)
        self._entry.triples.add(statement)
        if predicate == RICO.normalizedDateValue:
            self._entry.triples.update(self._date_bounds(subject, value))
        if not needs_evidence(statement):
            return
        self._entry.statements += 1
        annotations = self._reifiers.get(statement) or [subject]
        if not any(self._values(node, BN.evidence) for node in annotations):
            self._entry.unsupported.append(statement)
            return
        self._entry.claims += 1
        self._entry.triples.update(self._claim(subject, statement, annotations))

    def _claim(
        self, subject: Subject, statement: Triple, annotations: list[Subject]
    ) -> Iterable[Triple]:
        claim = _claim_iri(self._graph, statement)
        yield _triple(claim, RDF.type, NamedNode(BN.Claim))
        yield _triple(claim, RDF.subject, subject)
        yield _triple(claim, RDF.predicate, statement.predicate)
        yield _triple(claim, RDF.object, statement.object)
        said = defaultdict(list)
        for node in annotations:
            for predicate, value in self._about[node]:
                if predicate != RDF.reifies:
                    said[predicate].append(value)
        if annotations == [subject]:  # evidence on the node: only what is about claims
            said = defaultdict(list, {p: said[p] for p in ABOUT_CLAIMS if p in said})
        for evidence in said.pop(BN.evidence):
            yield _triple(claim, BN.evidence, self._evidence(evidence))
        if _is_translation(statement.object) and BN.certainty not in said:
            said[BN.certainty] = [_INFERRED]
            said[BN.reasoning] = list(_TRANSLATION)
        said.setdefault(BN.certainty, [_STATED])
        said.setdefault(BN.modality, self._modality(subject))
        for predicate, values in said.items():
            for value in values:
                yield _triple(claim, predicate, value)

    def _modality(self, subject: Subject) -> list[Term]:
        """That of the subject in this entry; a node's (a date, a quantity) is that of its thing."""
        thing = NamedNode(subject.value.partition("#")[0]) if _is_node(subject) else subject
        for node in (subject, thing):
            if found := self._values(node, BN.modality):
                return found
        return [_HELD]

    def _evidence(self, node: Term) -> NamedNode:
        """The IRI of a passage that is written as `[ oa:exact "…" ; oa:start 475 ]`."""
        if isinstance(node, NamedNode):
            return node
        if not isinstance(node, BlankNode):
            raise EntryError(f"{self._name}: bn:evidence takes a passage, not {node}.")
        if node not in self._passages:
            self._passages[node] = self._passage(node)
        return self._passages[node].iri

    def _passage(self, node: BlankNode) -> Passage:
        quote = self._one(node, OA.exact, "oa:exact, the quote")
        start = self._one(node, OA.start, "oa:start, its position")
        sources = self._values(node, OA.hasSource) or self._sources
        if len(sources) != 1 or not isinstance(sources[0], NamedNode):
            raise EntryError(
                f"{self._name}: the passage “{quote}” names no source.",
                hint="Add oa:hasSource to the passage, or one dcterms:source to the entry.",
            )
        if not quote or not start.isdecimal():
            raise EntryError(
                f"{self._name}: the passage “{quote}” at “{start}” needs a quote and a position "
                "in code points from 0."
            )
        return Passage(sources[0].value, int(start), quote)

    def _one(self, node: BlankNode, predicate: str, what: str) -> str:
        values = self._values(node, predicate)
        if len(values) != 1 or not isinstance(values[0], Literal):
            others = ", ".join(str(value) for _, value in self._about.get(node, ()))
            raise EntryError(f"{self._name}: a passage needs exactly one {what} (it has {others}).")
        return values[0].value

    def _date_bounds(self, subject: Subject, value: Term) -> Iterable[Triple]:
        if not isinstance(value, Literal) or value.datatype.value != _EDTF:
            return
        try:
            earliest, latest = bounds(value.value)
        except DataError as problem:
            raise EntryError(f"{self._name}: {problem.message}", hint=problem.hint) from problem
        for predicate, day in ((BN.earliest, earliest), (BN.latest, latest)):
            if day is not None:
                yield _triple(
                    subject, predicate, Literal(day.isoformat(), datatype=NamedNode(XSD.date))
                )


def _triple(subject: Subject, predicate: str, value: Term) -> Triple:
    return Triple(subject, NamedNode(predicate), value)


def _is_node(subject: Subject) -> bool:
    return isinstance(subject, NamedNode) and "#" in subject.value


def _is_translation(value: Term) -> bool:
    return isinstance(value, Literal) and value.language not in (None, _SOURCE_LANGUAGE)


def _claim_iri(graph: str, statement: Triple) -> NamedNode:
    """Follows from what is claimed and in which entry, so that it stays when evidence is added."""
    content = f"{graph}\n{statement}"
    return NamedNode(f"{NAMESPACE}claim/{hashlib.sha256(content.encode()).hexdigest()[:20]}")


def _passage_triples(passage: Passage) -> Iterable[Triple]:
    """Web Annotation Data Model, sections 4.2.4 and 4.2.5."""
    iri = passage.iri
    quote, position = NamedNode(f"{iri.value}#quote"), NamedNode(f"{iri.value}#position")
    yield _triple(iri, RDF.type, NamedNode(BN.Passage))
    yield _triple(iri, RDF.type, NamedNode(OA.SpecificResource))
    yield _triple(iri, OA.hasSource, NamedNode(passage.source))
    yield _triple(iri, OA.hasSelector, quote)
    yield _triple(iri, OA.hasSelector, position)
    yield _triple(quote, RDF.type, NamedNode(OA.TextQuoteSelector))
    yield _triple(quote, OA.exact, Literal(passage.quote))
    yield _triple(position, RDF.type, NamedNode(OA.TextPositionSelector))
    yield _triple(position, OA.start, Literal(passage.start))
    yield _triple(position, OA.end, Literal(passage.end))


def _skolemised(triples: set[Triple], graph: str) -> set[Triple]:
    """Blank nodes get IRIs that follow from the graph's content (RDF 1.1 Concepts, 3.5)."""
    if not any(isinstance(term, BlankNode) for t in triples for term in (t.subject, t.object)):
        return triples
    name = hashlib.sha256(graph.encode()).hexdigest()[:12]

    def ground(term: Term) -> Term:
        if isinstance(term, BlankNode):
            return NamedNode(f"{NAMESPACE}.well-known/genid/{name}/{term.value}")
        return term

    return {
        Triple(ground(quad.subject), quad.predicate, ground(quad.object))  # type: ignore[arg-type]
        for quad in canonical(Quad(t.subject, t.predicate, t.object) for t in triples)
    }
