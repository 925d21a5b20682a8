# SPDX-License-Identifier: Apache-2.0
"""A difference statement by statement: what comes and what goes, with passages and labels.

A claim that comes or goes with its statement is not told by itself, nor is a passage: the quotes
are told with the statement. A claim that changes by itself tells which statement it is of.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from biennien_graph.engine.rdf import DefaultGraph, Literal, NamedNode, is_iri
from biennien_graph.terms import BN, DCTERMS, OA, RDF, RDFS, RICO, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from biennien_graph.engine.rdf import Quad
    from biennien_graph.engine.snapshots import SnapshotView
    from biennien_graph.submissions.merging import Conflict

    Statement = tuple[str, str, str]

THREE = ("base", "proposed", "published")  # the sides of a conflict
_LABELS = (RDFS.label, SKOS.prefLabel, DCTERMS.title, RICO.expressedDate, RICO.textualValue)
_PASSAGES = frozenset({BN.Passage, OA.TextQuoteSelector, OA.TextPositionSelector})
_CLAIMED = (RDF.subject, RDF.predicate, RDF.object)
_LABELLED_FIRST = {RDF.type: 0, RDFS.label: 1, DCTERMS.title: 1}


class Difference:
    """One difference against a view of what is published."""

    def __init__(self, view: SnapshotView, added: Iterable[Quad], removed: Iterable[Quad]) -> None:
        self._view = view
        self._sides = {"+": _Side(view, added), "-": _Side(view, removed)}

    def rows(self, offset: int, limit: int) -> tuple[list[dict[str, Any]], int]:
        """Some of the statements, in the order of what they are about; and how many there are."""
        found = [(s, quad) for s, side in self._sides.items() for quad in side.statements()]
        found.sort(key=_in_order)
        return [
            {"sign": sign, **as_json(quad), **self._sides[sign].backing(quad)}
            for sign, quad in found[offset : offset + limit]
        ], len(found)

    def labels(self, iris: Iterable[str]) -> dict[str, dict[str, str]]:
        """Labels by language, as the difference gives them, else as they are published."""
        wanted = sorted({iri for iri in iris if is_iri(iri)})
        return {iri: found for iri in wanted if (found := self._label(iri))}

    def _label(self, iri: str) -> dict[str, str]:
        for predicate in _LABELS:
            said = [quad.object for quad in self._sides["+"].values(iri, predicate)]
            said += [quad.object for quad in self._sides["-"].values(iri, predicate)]
            texts = [term for term in said if isinstance(term, Literal)]
            if texts:
                return {term.language or "": term.value for term in reversed(texts)}
        return {}


class _Side:
    """What comes, or what goes."""

    def __init__(self, view: SnapshotView, quads: Iterable[Quad]) -> None:
        self._view = view
        self._about: dict[str, list[Quad]] = defaultdict(list)
        for quad in quads:
            self._about[_words(quad.subject)].append(quad)
        told = {_statement(quad) for found in self._about.values() for quad in found}
        self._claims: dict[Statement, list[str]] = defaultdict(list)
        self._told_elsewhere: set[str] = set()
        for node, found in self._about.items():
            classes = {_words(quad.object) for quad in found if quad.predicate.value == RDF.type}
            claimed = self._claimed(node) if BN.Claim in classes else None
            if claimed in told:
                self._claims[claimed].append(node)
            if claimed in told or classes & _PASSAGES:
                self._told_elsewhere.add(node)

    def statements(self) -> Iterator[Quad]:
        """What is told, one row each."""
        for node, found in self._about.items():
            if node not in self._told_elsewhere:
                yield from found

    def values(self, node: str, predicate: str) -> list[Quad]:
        """What this side says with a property of a node; then, what is published."""
        own = [quad for quad in self._about.get(node, ()) if quad.predicate.value == predicate]
        if node.startswith("_:"):
            return own
        return own + list(self._view.quads(subject=node, predicate=predicate))

    def backing(self, quad: Quad) -> dict[str, Any]:
        """The passages behind a statement; and of a claim, the statement that it is of."""
        claims = self._claims.get(_statement(quad), [])
        behind = [q.object for claim in claims for q in self.values(claim, BN.evidence)]
        if quad.predicate.value == BN.evidence:
            behind = [quad.object]
        passages = [node.value for node in behind if isinstance(node, NamedNode)]
        found: dict[str, Any] = {}
        if claimed := self._claimed(_words(quad.subject)):
            found["claimed"] = dict(zip(("subject", "predicate", "object"), claimed, strict=True))
        return found | {"evidence": [self._passage(iri) for iri in dict.fromkeys(passages)]}

    def _claimed(self, node: str) -> Statement | None:
        parts = [self.values(node, predicate)[:1] for predicate in _CLAIMED]
        if not all(parts):
            return None
        subject, predicate, value = (found.object for (found,) in parts)
        return _words(subject), _words(predicate), _words(value)

    def _passage(self, iri: str) -> dict[str, Any]:
        found: dict[str, Any] = {"passage": iri}
        for quad in self.values(iri, OA.hasSource)[:1]:
            found["source"] = _words(quad.object)
        for selector in self.values(iri, OA.hasSelector):
            if not isinstance(selector.object, NamedNode):
                continue
            for name, predicate in (("quote", OA.exact), ("start", OA.start), ("end", OA.end)):
                for quad in self.values(_words(selector.object), predicate)[:1]:
                    found[name] = _words(quad.object)
        return found


def as_json(quad: Quad) -> dict[str, Any]:
    """A quad with its object as SPARQL's JSON has terms."""
    return {
        "graph": _words(quad.graph_name),
        "subject": _words(quad.subject),
        "predicate": quad.predicate.value,
        "object": _term(quad.object),
    }


def in_three(conflict: Conflict) -> dict[str, Any]:
    """A conflict for a page: the place, and what stands there in each of the three."""
    place = conflict.place
    return {
        "graph": place.graph.strip("<>"),
        "subject": place.subject.strip("<>"),
        "predicate": place.predicate.strip("<>"),
        **{
            name: [as_json(quad) for quad in sorted(getattr(conflict, name), key=str)]
            for name in THREE
        },
    }


def mentioned(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    """The IRIs in some rows."""
    for row in rows:
        for part in (row, row.get("claimed", {})):
            yield from (part[name] for name in ("graph", "subject", "predicate") if name in part)
            value = part.get("object", "")
            yield value if isinstance(value, str) else value["value"]


def _term(term: Any) -> dict[str, str]:
    if not isinstance(term, Literal):
        return {"type": "uri" if isinstance(term, NamedNode) else "bnode", "value": _words(term)}
    found = {"type": "literal", "value": term.value}
    if term.language:
        return found | {"xml:lang": term.language}
    return found | {"datatype": term.datatype.value}


def _words(term: Any) -> str:
    if isinstance(term, (NamedNode, Literal)):
        return term.value
    return "" if isinstance(term, DefaultGraph) else str(term)


def _statement(quad: Quad) -> Statement:
    return _words(quad.subject), quad.predicate.value, _words(quad.object)


def _in_order(found: tuple[str, Quad]) -> tuple[str, str, bool, int, str, str, str]:
    """A thing's own nodes after it; of one property, what goes before what comes."""
    sign, quad = found
    subject, predicate = _words(quad.subject), quad.predicate.value
    is_claim = "/claim/" in subject
    place = _LABELLED_FIRST.get(predicate, 2)
    return (
        _words(quad.graph_name),
        "" if is_claim else subject,
        is_claim,
        place,
        predicate,
        ("0" if sign == "-" else "1"),
        _words(quad.object),
    )
