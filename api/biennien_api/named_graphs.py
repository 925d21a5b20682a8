# SPDX-License-Identifier: Apache-2.0
"""A description with the entry that each statement comes from, as TriG."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from biennien_graph.engine.rdf import NamedNode, pretty_quads, quad_of, read_triples
from biennien_graph.terms import BN, OA, RDF

if TYPE_CHECKING:
    from biennien_api.service import Service
    from biennien_graph.engine.rdf import Quad, Triple

_AT_ONCE = 1000  # nodes in one query


async def with_graphs(service: Service, iri: str, triples: bytes) -> bytes:
    """The statements of a description, each in the graph of the entry that makes it.

    Labels of other things that are mentioned are left out: their entries say them.
    """
    nodes = await asyncio.to_thread(_nodes, iri, triples)
    quads = await of_nodes(service, sorted(nodes))
    return await asyncio.to_thread(pretty_quads, quads)


async def with_nodes(service: Service, iri: str) -> list[Quad]:
    """The same as quads: all that entries say of a thing, its own nodes, its claims, passages."""
    values = {"s": [NamedNode(iri)], "thing": [NamedNode(iri)]}
    triples = await service.construct("describe", values)
    nodes = await asyncio.to_thread(_nodes, iri, triples)
    return await of_nodes(service, sorted(nodes))


async def of_nodes(service: Service, nodes: list[str]) -> list[Quad]:
    """What entries say of some nodes."""
    found: list[Quad] = []
    for start in range(0, len(nodes), _AT_ONCE):
        some = [NamedNode(node) for node in nodes[start : start + _AT_ONCE]]
        found += [quad_of(row) for row in await service.ask("quads", {"s": some})]
    return found


def _nodes(iri: str, triples: bytes) -> set[str]:
    """The thing, its own nodes, its claims, their passages and selectors."""
    found = read_triples(triples)
    own = {s for t in found if _is_part(s := _words(t.subject), iri)} | {iri}
    claims = {_words(t.subject) for t in found if _leads(t, RDF.subject, own)}
    passages = {_words(t.object) for t in found if _comes(t, BN.evidence, claims)}
    selectors = {_words(t.object) for t in found if _comes(t, OA.hasSelector, passages)}
    return {node for node in own | claims | passages | selectors if ":" in node}


def _is_part(node: str, iri: str) -> bool:
    return node.startswith(f"{iri}#")


def _leads(triple: Triple, predicate: str, objects: set[str]) -> bool:
    return triple.predicate.value == predicate and _words(triple.object) in objects


def _comes(triple: Triple, predicate: str, subjects: set[str]) -> bool:
    return triple.predicate.value == predicate and _words(triple.subject) in subjects


def _words(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else ""
