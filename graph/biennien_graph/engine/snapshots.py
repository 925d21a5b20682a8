# SPDX-License-Identifier: Apache-2.0
"""Snapshots: what other processes read of a store while its owner goes on writing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

import pyoxigraph as ox

from biennien_graph.errors import StoreError
from biennien_graph.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from biennien_graph.engine.rdf import Literal, NamedNode, Quad

_SNAPSHOT = re.compile(r"\d{12}")


class SnapshotView:
    """One snapshot, opened."""

    def __init__(self, folder: Path) -> None:
        self.number = int(folder.name)
        try:
            self._store = ox.Store.read_only(str(folder))
        except (OSError, RuntimeError) as problem:
            raise StoreError(f"The snapshot {folder} cannot be read: {problem}.") from problem

    def quads(
        self, *, subject: str | None = None, predicate: str | None = None, graph: str | None = None
    ) -> Iterator[Quad]:
        """The quads that match, in all named graphs unless one is given."""
        return named(self._store, subject, predicate, graph)

    def matching(self, query: str) -> Iterator[Quad]:
        """The quads that one of the service's own `SELECT ?s ?p ?o ?g` finds."""
        found = self._store.query(query, prefixes=PREFIXES)
        return (ox.Quad(*row) for row in cast("ox.QuerySolutions", found))

    def having(self, value: Literal | NamedNode, *, predicate: str) -> Iterator[Quad]:
        """The quads of a property that have this value, in all named graphs."""
        found = self._store.quads_for_pattern(None, ox.NamedNode(predicate), value, None)
        return (quad for quad in found if not isinstance(quad.graph_name, ox.DefaultGraph))

    def referring(self, iri: str, predicate: str | None = None) -> Iterator[Quad]:
        """The quads that have a thing as their object, in all named graphs."""
        by = None if predicate is None else ox.NamedNode(predicate)
        found = self._store.quads_for_pattern(None, by, ox.NamedNode(iri), None)
        return (quad for quad in found if not isinstance(quad.graph_name, ox.DefaultGraph))

    def graphs(self) -> Iterator[str]:
        """The names of the graphs."""
        return (name.value for name in self._store.named_graphs() if isinstance(name, ox.NamedNode))

    def graph(self, name: str) -> Iterator[Quad]:
        """The quads of one graph; an empty name is the default graph."""
        graph = ox.NamedNode(name) if name else ox.DefaultGraph()
        return self._store.quads_for_pattern(None, None, None, graph)


def snapshots(folder: Path) -> list[Path]:
    """The finished snapshots, oldest first."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if _SNAPSHOT.fullmatch(path.name))


def named(
    store: ox.Store, subject: str | None, predicate: str | None, graph: str | None
) -> Iterator[Quad]:
    """The quads that match, in all named graphs unless one is given."""

    def node(iri: str | None) -> ox.NamedNode | None:
        return None if iri is None else ox.NamedNode(iri)

    found = store.quads_for_pattern(node(subject), node(predicate), None, node(graph))
    return (quad for quad in found if not isinstance(quad.graph_name, ox.DefaultGraph))
