# SPDX-License-Identifier: Apache-2.0
"""The datasets that tests start from and end with."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from .rdf import read_quads

if TYPE_CHECKING:
    from collections.abc import Iterator

Data: TypeAlias = frozenset[tuple[str, str]]  # (name of the graph, or "" for the default; file)


def quads_of(data: Data) -> list[ox.Quad]:
    """The quads of a dataset; a file with graphs of its own keeps them."""
    return [
        ox.Quad(
            quad.subject, quad.predicate, quad.object, _graph(name) if name else quad.graph_name
        )
        for name, file in sorted(data)
        for quad in read_quads(file)
    ]


def has_named_graphs(data: Data) -> bool:
    """Whether a dataset has, or may have, more than a default graph."""
    return any(name or file.endswith((".trig", ".nq")) for name, file in data)


def update_to(data: Data) -> str:
    """A SPARQL Update that makes a dataset the content of a store."""
    return " ;\n".join(["DROP ALL", *_operations(data)])


def _operations(data: Data) -> Iterator[str]:
    blocks: dict[ox.NamedNode | ox.BlankNode | ox.DefaultGraph, list[str]] = {}
    for quad in quads_of(data):
        blocks.setdefault(quad.graph_name, []).append(f"{quad.triple} .")
    for name in sorted({name for name, _ in data if name}):
        if _graph(name) not in blocks:
            yield f"CREATE GRAPH <{name}>"
    if blocks:
        yield "INSERT DATA {\n" + "\n".join(_block(*block) for block in blocks.items()) + "\n}"


def _block(graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph, triples: list[str]) -> str:
    text = "\n".join(triples)
    return text if isinstance(graph, ox.DefaultGraph) else f"GRAPH {graph} {{\n{text}\n}}"


def _graph(name: str) -> ox.NamedNode:
    return ox.NamedNode(name)
