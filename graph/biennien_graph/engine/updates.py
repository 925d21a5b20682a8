# SPDX-License-Identifier: Apache-2.0
"""What a SPARQL Update would change: quads added and removed, without changing anything.

Each operation is put to a read-only view as queries; where another one follows, a copy of the
store that nobody else sees takes the effect of the first.
"""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Any, cast

import pyoxigraph as ox

from biennien_graph.engine import COMPUTED, Position
from biennien_graph.engine.dataset import entries, resolved
from biennien_graph.engine.embedded import EmbeddedStore
from biennien_graph.errors import DataError, QueryRefused
from biennien_graph.queries.update import Block, Operation, blocks
from biennien_graph.terms import NAMESPACE, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from biennien_graph.engine.rdf import Quad


class Updating:
    """One request: its operations in order, on a view of the store, and what they come to."""

    def __init__(
        self, snapshot: Path, scratch: Path, *, merge: bool, within: str = "", base: str = ""
    ) -> None:
        """`scratch` is an empty folder for a copy; `merge`: the default graph is the union.

        `within` is a graph that takes the default graph's place, as in a patch of that graph.
        """
        self._snapshot, self._scratch, self._merge = snapshot, scratch, merge
        self._base = base or None
        self._default = ox.NamedNode(within) if within else ox.DefaultGraph()
        self._store = ox.Store.read_only(str(snapshot))
        self._copy: EmbeddedStore | None = None
        self.added: set[Quad] = set()
        self.removed: set[Quad] = set()

    def run(
        self, operations: Sequence[Operation], using: Sequence[str], using_named: Sequence[str]
    ) -> None:
        """All operations; `using` are the graphs that the protocol gave (section 2.2.3)."""
        if any(operation.form == "LOAD" and not operation.silent for operation in operations):
            raise QueryRefused(
                "LOAD is not accepted: the service fetches nothing.",
                hint="Send the data themselves, by INSERT DATA or to the graph store.",
            )
        for place, operation in enumerate(operations):
            added, removed = self._effect(operation, using, using_named)
            gone = {quad for quad in removed if self._has(quad)}
            come = {quad for quad in added if quad in gone or not self._has(quad)}
            gone, come = gone - come, come - gone
            self.removed |= gone - self.added
            self.added -= gone
            self.added |= come - self.removed
            self.removed -= come
            if place + 1 < len(operations) and (gone or come):
                self._take(come, gone)

    def _has(self, quad: Quad) -> bool:
        return quad in self._store

    def _take(self, added: set[Quad], removed: set[Quad]) -> None:
        """Let the copy have an effect."""
        if self._copy is None:
            clone(self._snapshot, self._scratch / "store")
            self._copy = EmbeddedStore(
                self._scratch / "store", self._scratch / "none", NAMESPACE, merge=self._merge
            )
            self._store = self._copy._store  # the queries below are the engine's own
        self._copy.apply(added, removed, Position(0, ""), time="")

    def _effect(
        self, operation: Operation, using: Sequence[str], using_named: Sequence[str]
    ) -> tuple[set[Quad], set[Quad]]:
        """What one operation adds and removes."""
        match operation.form:
            case "INSERT DATA":
                return self._data(operation, operation.insert), set()
            case "DELETE DATA":
                return set(), self._data(operation, operation.delete)
            case "DELETE WHERE":
                where = f"{{{operation.delete}}}"
                return set(), self._filled(operation, operation.delete, where, self._seen())
            case "MODIFY":
                dataset = self._dataset(operation, using, using_named)
                # Parsed whatever the templates hold: a pattern that was cut wrongly is no pattern.
                self._ask(operation, f"SELECT * WHERE {operation.where}", dataset)
                return (
                    self._filled(operation, operation.insert, operation.where, dataset),
                    self._filled(operation, operation.delete, operation.where, dataset),
                )
            case "CLEAR" | "DROP":
                return set(), self._named(operation)
            case "CREATE":
                self._must_not_exist(operation)
                return set(), set()
            case "LOAD":  # SILENT: it fails without a word
                return set(), set()
            case "ADD" | "MOVE" | "COPY":
                return self._moved(operation)
        raise QueryRefused(
            f"{operation.form} is no operation that the service knows.",
            hint="Put spaces between keywords, graphs and brackets.",
        )

    # Data and templates

    def _data(self, operation: Operation, template: str) -> set[Quad]:
        """The quads of `INSERT DATA` or `DELETE DATA`."""
        store = ox.Store()
        text = f"{operation.prologue}\nINSERT DATA {{ {template} }}"
        store.update(text, prefixes=dict(PREFIXES), base_iri=self._base)
        return {
            self._writable(ox.Quad(q.subject, q.predicate, q.object, self._default))
            if isinstance(q.graph_name, ox.DefaultGraph)
            else q
            for q in store
        }

    def _filled(
        self, operation: Operation, template: str, where: str, dataset: dict[str, Any]
    ) -> set[Quad]:
        """A template with each solution of a pattern put in."""
        found: set[Quad] = set()
        for block in blocks(template):
            for graph, pattern in self._graphs(operation, block, where, dataset):
                text = f"CONSTRUCT {{ {block.triples}\n}} WHERE {pattern}"
                triples = cast("ox.QueryTriples", self._ask(operation, text, dataset))
                found |= {
                    self._writable(ox.Quad(t.subject, t.predicate, t.object, graph))
                    for t in triples
                }
        return found

    def _graphs(
        self, operation: Operation, block: Block, where: str, dataset: dict[str, Any]
    ) -> Iterable[tuple[ox.NamedNode | ox.DefaultGraph, str]]:
        """The graphs that a block is for, each with the pattern that holds for it."""
        if block.graph[:1] not in {"?", "$"}:
            name = block.graph or operation.with_graph
            yield self._iri(operation, name) if name else self._default, where
            return
        text = f"SELECT DISTINCT {block.graph} WHERE {where}"
        rows = cast("ox.QuerySolutions", self._ask(operation, text, dataset))
        for name in [row[0] for row in rows]:
            if isinstance(name, ox.NamedNode) and name.value not in COMPUTED:
                yield name, f"{{ {where} FILTER(sameTerm({block.graph}, {name})) }}"

    def _dataset(
        self, operation: Operation, using: Sequence[str], using_named: Sequence[str]
    ) -> dict[str, Any]:
        """What the pattern sees (SPARQL 1.1 Update, section 3.1.3)."""
        own = operation.using or operation.using_named
        if (using or using_named) and (own or operation.with_graph):
            raise DataError(
                "USING and WITH do not go together with using-graph-uri or using-named-graph-uri.",
                hint="Say which graphs are meant in one of the two places.",
            )
        if own:
            return {
                "default_graph": [self._iri(operation, name) for name in operation.using],
                "named_graphs": [self._iri(operation, name) for name in operation.using_named],
            }
        if using or using_named:
            return {
                "default_graph": [ox.NamedNode(name) for name in using],
                "named_graphs": [ox.NamedNode(name) for name in using_named],
            }
        if operation.with_graph:
            return {"default_graph": [self._iri(operation, operation.with_graph)]}
        return self._seen()

    def _seen(self) -> dict[str, Any]:
        return {"default_graph": [self._default]} if self._default != ox.DefaultGraph() else {}

    # Whole graphs

    def _named(self, operation: Operation) -> set[Quad]:
        """The quads of the graphs that `CLEAR` or `DROP` names."""
        (target,) = operation.targets
        if target == "ALL":
            return {quad for quad in self._store if self._is_published(quad)}
        if target == "NAMED":
            return {
                quad
                for quad in self._store
                if self._is_published(quad) and not isinstance(quad.graph_name, ox.DefaultGraph)
            }
        return set(self._of(operation, target))

    def _is_published(self, quad: Quad) -> bool:
        if isinstance(quad.graph_name, ox.DefaultGraph):
            return not self._merge
        return getattr(quad.graph_name, "value", "") not in COMPUTED

    def _moved(self, operation: Operation) -> tuple[set[Quad], set[Quad]]:
        """`ADD`, `MOVE` or `COPY` of one graph to another."""
        source, target = operation.targets
        destination = self._graph(operation, target)
        quads = self._of(operation, source)
        if self._graph(operation, source) == destination:
            return set(), set()
        added = {ox.Quad(q.subject, q.predicate, q.object, destination) for q in quads}
        removed = set(quads) if operation.form == "MOVE" else set()
        if operation.form != "ADD":
            removed |= set(self._store.quads_for_pattern(None, None, None, destination))
        return added, removed

    def _of(self, operation: Operation, target: str) -> list[Quad]:
        """The quads of a graph; an error where there is no such graph, unless SILENT."""
        graph = self._graph(operation, target)
        found = list(self._store.quads_for_pattern(None, None, None, graph))
        if not found and not operation.silent and isinstance(graph, ox.NamedNode):
            raise DataError(
                f"The graph {graph} does not exist.", hint=f"Write {operation.form} SILENT …"
            )
        return found

    def _must_not_exist(self, operation: Operation) -> None:
        (target,) = operation.targets
        graph = self._graph(operation, target)
        if not operation.silent and any(self._store.quads_for_pattern(None, None, None, graph)):
            raise DataError(f"The graph {graph} exists.", hint="Write CREATE SILENT GRAPH …")

    def _graph(self, operation: Operation, target: str) -> ox.NamedNode | ox.DefaultGraph:
        if target == "DEFAULT":
            if self._default == ox.DefaultGraph():
                self._writable(None)
            return self._default
        return self._iri(operation, target)

    # The engine

    def _writable(self, quad: Quad | None) -> Quad:
        """The quad; `DataError` for the default graph where that is the union of all."""
        if self._merge and (quad is None or isinstance(quad.graph_name, ox.DefaultGraph)):
            raise default_is_union()
        return cast("Quad", quad)

    def _iri(self, operation: Operation, name: str) -> ox.NamedNode:
        return resolved(name, operation.prologue, dict(PREFIXES), self._base)

    def _ask(self, operation: Operation, text: str, dataset: dict[str, Any]) -> Any:
        if not self._merge and "named_graphs" not in dataset and "graph" in text.lower():
            dataset = {**dataset, "named_graphs": entries(self._store)}
        text = f"{operation.prologue}\n{text}"
        return self._store.query(text, prefixes=dict(PREFIXES), base_iri=self._base, **dataset)


def default_is_union() -> DataError:
    """What somebody is told who writes to the default graph, and no such graph is there."""
    return DataError(
        "The default graph is the union of all entries; nothing is written to it.",
        hint="Name the entry: GRAPH <https://w3id.org/biennien/graph/…> { … }.",
    )


def clone(snapshot: Path, folder: Path) -> None:
    """A copy of a store that can be written to: tables are linked, the rest is copied."""
    folder.mkdir(parents=True)
    for file in snapshot.iterdir():
        if file.suffix == ".sst":
            os.link(file, folder / file.name)
        elif file.name != "LOCK":
            shutil.copy2(file, folder / file.name)
