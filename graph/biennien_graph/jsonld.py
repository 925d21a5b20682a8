# SPDX-License-Identifier: Apache-2.0
"""JSON-LD with our context: a description as one tree from the thing down.

The thing is at the top, its own nodes (dates, signatures, posts held) are embedded, other things
stand as identifier and labels, and `claims` has each statement's passages. The keys come from
compaction (JSON-LD 1.1 API, section 5.6). No context is ever fetched; ours is in the package.
"""

from __future__ import annotations

import functools
import json
from collections import defaultdict
from typing import Any

from pyld import jsonld

from biennien_graph import resources
from biennien_graph.engine.rdf import Literal, NamedNode, read_triples
from biennien_graph.errors import UsageError
from biennien_graph.terms import RDF, RDFS, SKOS, XSD

_LABELS = (RDFS.label, SKOS.prefLabel)
_DEPTH = 3  # own nodes of own nodes
_Node = dict[str, Any]


@functools.cache
def context() -> bytes:
    """`/context.jsonld` as it is served."""
    return (resources.folder("ontology") / "context.jsonld").read_bytes()


@functools.cache
def names() -> dict[str, tuple[str, ...]]:
    """What the context calls each IRI."""
    terms: dict[str, Any] = json.loads(context())["@context"]
    found: dict[str, tuple[str, ...]] = {}
    for term, meaning in terms.items():
        iri = meaning.get("@id") if isinstance(meaning, dict) else meaning
        if isinstance(iri, str) and not term.startswith("@"):
            prefix, colon, local = iri.partition(":")
            namespace = terms.get(prefix) if colon else None
            whole = namespace + local if isinstance(namespace, str) else iri
            found[whole] = (*found.get(whole, ()), term)
    return found


def description(triples: bytes, iri: str, *, address: str) -> bytes:
    """N-Triples about a thing as compact JSON-LD; `address` is where the context is served."""
    tree = _Tree(triples, iri).expanded()
    compact = jsonld.compact(tree, json.loads(context()), {"documentLoader": _no_documents})
    compact.pop("@context", None)
    document = {"@context": address, **_ordered(compact)}
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"


class _Tree:
    """The triples of a description as expanded JSON-LD, nested."""

    def __init__(self, triples: bytes, iri: str) -> None:
        self._iri = iri
        self._about: dict[str, list[tuple[str, NamedNode | Literal]]] = defaultdict(list)
        self._claims: dict[str, list[str]] = defaultdict(list)
        self._embedded: set[str] = set()
        for triple in read_triples(triples):
            subject, value = triple.subject, triple.object
            if not isinstance(subject, NamedNode) or not isinstance(value, NamedNode | Literal):
                continue
            self._about[subject.value].append((triple.predicate.value, value))
            if triple.predicate.value == RDF.subject:
                self._claims[value.value].append(subject.value)

    def expanded(self) -> _Node:
        """The thing at the top; its own nodes that it does not lead to are included beside it."""
        tree = self._node(self._iri, 0)
        own = sorted(node for node in self._about if node.startswith(f"{self._iri}#"))
        apart = [self._node(node, 1) for node in own if node not in self._embedded]
        if apart:
            tree["@included"] = apart
        return tree

    def _node(self, iri: str, depth: int) -> _Node:
        node: _Node = {"@id": iri}
        for predicate, value in self._about.get(iri, ()):
            if predicate == RDF.type:
                node.setdefault("@type", []).append(value.value)
            elif predicate != RDF.subject or iri == self._iri:  # else said by where it stands
                node.setdefault(predicate, []).append(self._value(value, depth))
        claims = sorted(self._claims.get(iri, ()))
        if claims:
            node["@reverse"] = {RDF.subject: [self._node(claim, _DEPTH - 2) for claim in claims]}
        return node

    def _value(self, value: NamedNode | Literal, depth: int) -> _Node:
        if isinstance(value, Literal):
            return _literal(value)
        iri = value.value
        is_part = iri.startswith(f"{self._iri}#") or "/passage/" in iri
        if is_part and depth < _DEPTH and iri not in self._embedded:
            self._embedded.add(iri)
            return self._node(iri, depth + 1)
        return {"@id": iri, **self._labels(iri)}

    def _labels(self, iri: str) -> _Node:
        found: _Node = defaultdict(list)
        for predicate, value in self._about.get(iri, ()):
            if predicate in _LABELS and isinstance(value, Literal):
                found[predicate].append(_literal(value))
        return dict(found)


def _literal(value: Literal) -> _Node:
    if value.language:
        return {"@value": value.value, "@language": value.language}
    datatype = value.datatype.value
    if datatype == XSD.integer:
        return {"@value": int(value.value)}
    if datatype == XSD.boolean:
        return {"@value": value.value in {"true", "1"}}
    if datatype == XSD.string:
        return {"@value": value.value}
    return {"@value": value.value, "@type": datatype}


def _ordered(document: dict[str, Any]) -> dict[str, Any]:
    """Identifier, type and labels first, claims last, the rest by name."""
    first, last = ["id", "type", "label", "prefLabel", "altLabel"], ["claims"]
    rest = sorted(set(document) - set(first) - set(last))
    return {key: document[key] for key in [*first, *rest, *last] if key in document}


def _no_documents(url: str, _options: object = None) -> dict[str, Any]:
    raise UsageError(f"Remote JSON-LD contexts are not fetched ({url}).")
