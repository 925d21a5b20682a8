# SPDX-License-Identifier: Apache-2.0
"""The embedded store: pyoxigraph on disk, one writer, hard-linked snapshots for readers."""

from __future__ import annotations

import shutil
import tempfile
from itertools import islice, pairwise
from typing import IO, TYPE_CHECKING, TypeAlias, cast

import pyoxigraph as ox

from biennien_graph.engine import COMPUTED, DIGEST, INFERRED, POSITION, Position
from biennien_graph.engine.deltas import Deltas
from biennien_graph.engine.snapshots import named, snapshots
from biennien_graph.engine.statements import WithoutGraph, apart, bare, data
from biennien_graph.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from biennien_graph.engine.rdf import Quad

    Subject: TypeAlias = ox.NamedNode | ox.BlankNode
    Term: TypeAlias = Subject | ox.Literal | ox.Triple

_DATASET_CLASS = "http://rdfs.org/ns/void#Dataset"
_MODIFIED = "http://purl.org/dc/terms/modified"
_GENERATED_BY = "http://www.w3.org/ns/prov#wasGeneratedBy"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_A = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
KEPT_SNAPSHOTS = 2
_AT_ONCE = 10_000  # quads in one update


class EmbeddedStore:
    """One RocksDB folder with one writing process.

    `dataset` is the IRI of the dataset; what it says of itself (the position) stands in the
    graph `{dataset}graph/dataset`. Snapshots are folders named by their position.

    With `merge`, the default graph holds the RDF merge of all named graphs, each triple once.
    Asking pyoxigraph 0.5 for the union instead gives a triple once per graph that has it, and
    so wrong counts (docs/decisions/0003-default-graph.md).
    """

    def __init__(self, folder: Path, snapshots: Path, dataset: str, *, merge: bool = True) -> None:
        self._snapshots = snapshots
        self._dataset = ox.NamedNode(dataset)
        self._own_graph = ox.NamedNode(f"{dataset}graph/dataset")
        self._merge = merge
        self._merged = (ox.DefaultGraph(),) if merge else ()
        self._folder = folder
        self._store = _open(folder)
        self.deltas = Deltas()

    def position(self) -> Position:
        """The last change applied; 0 for an empty store."""
        number = self._own_value(POSITION)
        return Position(int(number or 0), self._own_value(DIGEST) or "0" * 64)

    def apply(
        self, added: Iterable[Quad], removed: Iterable[Quad], position: Position, *, time: str
    ) -> None:
        """One change and the new position, in one transaction: all of it or nothing.

        Statements about blank nodes come first, as SPARQL cannot name these; whoever is stopped
        after them finds the old position and does it again, to the same effect.
        """
        before = self.position().number
        plus = [*added, *self._own_quads(position, time)]
        minus = [*removed, *self._store.quads_for_pattern(None, None, None, self._own_graph)]
        if self._merge:
            minus += self._gone_from_merge(minus, plus)
            plus += [bare(quad) for quad in plus]
        (blank_minus, ground_minus), (blank_plus, ground_plus) = apart(minus), apart(plus)
        for quad in blank_minus:
            self._store.remove(quad)
        self._store.extend(blank_plus)
        self._store.update(" ;\n".join(data("DELETE", ground_minus) + data("INSERT", ground_plus)))
        self.deltas.add(before, position.number, plus, minus)

    def load(self, opened: Callable[[], IO[bytes]]) -> None:
        """Add many quads, a stream of N-Quads to open, without a transaction around them.

        Whoever is killed in between finds the old position, and does it all again: adding twice
        is adding once. Loading would give blank nodes new names; these are read one by one.
        """
        self.deltas.skip()
        with opened() as lines:
            blank = any(b"_:" in line for line in lines)
        with opened() as lines:
            if blank:
                self._store.bulk_extend(ox.parse(lines, format=ox.RdfFormat.N_QUADS))
            else:
                self._store.bulk_load(lines, format=ox.RdfFormat.N_QUADS)
        if not self._merge:
            return
        with opened() as lines:
            if blank:
                self._store.bulk_extend(map(bare, ox.parse(lines, format=ox.RdfFormat.N_QUADS)))
            else:
                triples = cast("IO[bytes]", WithoutGraph(lines))
                self._store.bulk_load(triples, format=ox.RdfFormat.N_TRIPLES)

    def discard(self, quads: Iterable[Quad]) -> None:
        """Take quads out, some thousands at a time; like `load`, without a new position."""
        self.deltas.skip()
        found = iter(quads)
        while some := list(islice(found, _AT_ONCE)):
            gone = self._gone_from_merge(some, ()) if self._merge else []
            blank, ground = apart(some + gone)
            for quad in blank:
                self._store.remove(quad)
            self._store.update(" ;\n".join(data("DELETE", ground)))

    def conclude(self, constructs: Sequence[str], graph: str) -> list[bool]:
        """Add to a graph what `CONSTRUCT` queries give: for each, whether it gave anything.

        Like `load`, without a new position.
        """
        self.deltas.skip()
        with tempfile.TemporaryFile(dir=self._folder.parent) as file:
            ends = [self._construct(text, file) for text in constructs]
            for target in (ox.NamedNode(graph), *self._merged):
                file.seek(0)
                found = ox.parse(file, format=ox.RdfFormat.N_TRIPLES)
                self._store.bulk_extend(
                    ox.Quad(quad.subject, quad.predicate, quad.object, target) for quad in found
                )
        return [end > start for start, end in pairwise([0, *ends])]

    def discard_repeated(self, graph: str) -> None:
        """Take out of a graph what another graph has too."""
        self.deltas.skip()
        name = ox.NamedNode(graph)
        found = self._store.query(
            f"SELECT DISTINCT ?s ?p ?o WHERE {{ GRAPH {name} {{ ?s ?p ?o }} "
            f"GRAPH ?other {{ ?s ?p ?o }} FILTER(?other != {name}) }}"
        )
        for row in cast("ox.QuerySolutions", found):
            self._store.remove(ox.Quad(row["s"], row["p"], row["o"], name))

    def optimize(self) -> None:
        """Compact the files after a bulk load."""
        self._store.optimize()

    def triples(
        self, subject: Subject | None, predicate: ox.NamedNode, value: Term | None
    ) -> Iterator[ox.Triple]:
        """The triples that match in any graph, each once."""
        graph = ox.DefaultGraph() if self._merge else None
        found = self._store.quads_for_pattern(subject, predicate, value, graph)
        return iter(dict.fromkeys(quad.triple for quad in found))

    def asserted_in(self, triple: ox.Triple) -> set[str]:
        """The graphs of entries that have a triple; those that the service writes are none."""
        return self._graphs_of(triple) - COMPUTED

    def is_inferred(self, triple: ox.Triple) -> bool:
        """Whether the graph of conclusions has a triple."""
        graph = ox.NamedNode(INFERRED)
        return ox.Quad(triple.subject, triple.predicate, triple.object, graph) in self._store

    def quads(
        self, *, subject: str | None = None, predicate: str | None = None, graph: str | None = None
    ) -> Iterator[Quad]:
        """The quads that match, in all named graphs unless one is given."""
        return named(self._store, subject, predicate, graph)

    def graphs(self) -> Iterator[str]:
        """The names of the graphs."""
        return (name.value for name in self._store.named_graphs() if isinstance(name, ox.NamedNode))

    def snapshot(self) -> Path:
        """A hard-linked copy that stays as it is; old ones go, but for the newest two."""
        number = self.position().number
        final = self._snapshots / f"{number:012d}"
        if not final.exists():
            self._snapshots.mkdir(exist_ok=True)
            unfinished = self._snapshots / "unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            self._store.backup(unfinished)
            unfinished.rename(final)
        for old in snapshots(self._snapshots)[:-KEPT_SNAPSHOTS]:
            shutil.rmtree(old, ignore_errors=True)
        return final

    def discard_snapshots(self) -> None:
        """Remove what an earlier process left, but for a view of just this position.

        Another process may be reading that one, and it says what a new one would.
        """
        current = f"{self.position().number:012d}"
        for left in self._snapshots.glob("*"):
            if left.name != current or self.position().number == 0:
                shutil.rmtree(left, ignore_errors=True)

    def close(self) -> None:
        """Let go of the folder."""
        del self._store

    def _construct(self, text: str, file: IO[bytes]) -> int:
        """Write what a `CONSTRUCT` query gives; where it ends in the file."""
        found = self._store.query(text, use_default_graph_as_union=not self._merge)
        cast("ox.QueryTriples", found).serialize(file, format=ox.RdfFormat.N_TRIPLES)
        return file.tell()

    def _graphs_of(self, triple: ox.Triple) -> set[str]:
        found = self._store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
        names = {getattr(quad.graph_name, "value", "") for quad in found}
        return names - {""} if self._merge else names

    def _gone_from_merge(self, removed: Iterable[Quad], added: Iterable[Quad]) -> list[Quad]:
        """Of the triples removed from some graph, those that no graph has any more."""
        gone = set(removed)
        kept = {quad.triple for quad in added}
        return [
            bare(quad)
            for quad in gone
            if quad.triple not in kept
            and all(
                other in gone or isinstance(other.graph_name, ox.DefaultGraph)
                for other in self._store.quads_for_pattern(
                    quad.subject, quad.predicate, quad.object, None
                )
            )
        ]

    def _own_value(self, predicate: str) -> str | None:
        found = self._store.quads_for_pattern(
            self._dataset, ox.NamedNode(predicate), None, self._own_graph
        )
        return next((str(quad.object.value) for quad in found), None)  # type: ignore[union-attr]

    def _own_quads(self, position: Position, time: str) -> list[Quad]:
        def quad(predicate: str, value: ox.Literal) -> Quad:
            return ox.Quad(self._dataset, ox.NamedNode(predicate), value, self._own_graph)

        return [
            ox.Quad(self._dataset, _A, ox.NamedNode(_DATASET_CLASS), self._own_graph),
            quad(POSITION, ox.Literal(position.number)),
            quad(DIGEST, ox.Literal(position.digest)),
            ox.Quad(
                self._dataset,
                ox.NamedNode(_GENERATED_BY),
                ox.NamedNode(f"{self._dataset.value}changes/{position.number}"),
                self._own_graph,
            ),
            quad(_MODIFIED, ox.Literal(time, datatype=ox.NamedNode(_XSD + "dateTime"))),
        ]


def _open(folder: Path) -> ox.Store:
    if folder.exists() and any(folder.iterdir()) and not (folder / "CURRENT").is_file():
        raise StoreError(
            f"{folder} holds something that is not a store.",
            hint="It was left as it is. Name another data folder, or move this one away.",
        )
    try:
        return ox.Store(str(folder))
    except (OSError, ValueError, RuntimeError) as problem:
        raise StoreError(
            f"The store {folder} cannot be opened: {problem}",
            hint="Nothing was changed. The journal beside it is the truth: move the folder "
            "`store` away, and the next start makes it again.",
        ) from problem
