# SPDX-License-Identifier: Apache-2.0
"""A description with the entry that each statement comes from: as quads, and as TriG."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from biennien_graph.engine.rdf import NamedNode, pretty_quads, quad_of

if TYPE_CHECKING:
    from biennien_api.service import Service
    from biennien_graph.engine.rdf import Quad

_AT_ONCE = 1000  # nodes in one query


async def trig(service: Service, iri: str) -> bytes:
    """The statements about a thing, each in the graph of the entry that makes it.

    Labels of other things that are mentioned are left out: their entries say them.
    """
    quads = await described(service, iri)
    return await asyncio.to_thread(pretty_quads, quads)


async def described(service: Service, iri: str) -> list[Quad]:
    """All that entries say of a thing, its own nodes, the claims about them and their passages."""
    thing = [NamedNode(iri)]
    statements = await service.ask("statements", {"s": thing, "thing": thing})
    own = {row["s"]["value"] for row in statements if row["s"]["type"] == "uri"} | {iri}
    claims = await service.ask("claims", {"s": [NamedNode(node) for node in sorted(own)]})
    passages = {row["passage"]["value"] for row in claims}
    nodes = own | {row["claim"]["value"] for row in claims} | set(with_selectors(passages))
    return await said_of(service, sorted(nodes))


def with_selectors(passages: set[str]) -> list[str]:
    """Passages and their selectors, which are parts of them."""
    return [node for iri in sorted(passages) for node in (iri, f"{iri}#quote", f"{iri}#position")]


async def said_of(service: Service, nodes: list[str]) -> list[Quad]:
    """What entries say of some nodes."""
    found: list[Quad] = []
    for start in range(0, len(nodes), _AT_ONCE):
        some = [NamedNode(node) for node in nodes[start : start + _AT_ONCE]]
        found += [quad_of(row) for row in await service.ask("quads", {"s": some})]
    return found
