# SPDX-License-Identifier: Apache-2.0
"""Quads on their way into a store: as SPARQL Update, as lines, and those that need more care."""

from __future__ import annotations

from collections import defaultdict
from typing import IO, TYPE_CHECKING

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Iterable

    from biennien_graph.engine.rdf import Quad


def apart(quads: Iterable[Quad]) -> tuple[list[Quad], list[Quad]]:
    """The quads about blank nodes, which SPARQL Update cannot name, and the others."""
    blank: list[Quad] = []
    ground: list[Quad] = []
    for quad in quads:
        (blank if _blank(quad.subject) or _blank(quad.object) else ground).append(quad)
    return blank, ground


def bare(quad: Quad) -> Quad:
    """The quad's triple in the default graph."""
    return ox.Quad(quad.subject, quad.predicate, quad.object)


class WithoutGraph:
    """A stream of N-Quads, read as N-Triples. Lines end in `GRAPH .`; IRIs have no spaces."""

    def __init__(self, quads: IO[bytes]) -> None:
        self._quads = quads

    def read(self, size: int = -1) -> bytes:
        """About `size` bytes, whole lines; empty at the end."""
        lines = self._quads.readlines(size if size > 0 else 2**20)
        return b"".join(line.rsplit(b" ", 2)[0] + b" .\n" for line in lines)


def _blank(term: object) -> bool:
    if isinstance(term, ox.Triple):
        return _blank(term.subject) or _blank(term.object)
    return isinstance(term, ox.BlankNode)


def data(form: str, quads: Iterable[Quad]) -> list[str]:
    """`INSERT DATA` or `DELETE DATA` for ground quads, grouped by graph; none for no quads."""
    by_graph: dict[ox.NamedNode | ox.BlankNode | ox.DefaultGraph, list[str]] = defaultdict(list)
    for quad in quads:
        by_graph[quad.graph_name].append(f"{quad.triple} .")
    if not by_graph:
        return []
    blocks = [
        "\n".join(triples)
        if isinstance(graph, ox.DefaultGraph)
        else f"GRAPH {graph} {{\n" + "\n".join(triples) + "\n}"
        for graph, triples in by_graph.items()
    ]
    return [f"{form} DATA {{\n" + "\n".join(blocks) + "\n}"]
