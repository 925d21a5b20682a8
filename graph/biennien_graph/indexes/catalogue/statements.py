# SPDX-License-Identifier: Apache-2.0
"""The statements of entries about a node: from a snapshot one by one, or from a table of all."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from biennien_graph.engine import COMPUTED
from biennien_graph.engine.rdf import Literal, NamedNode, Triple
from biennien_graph.terms import RDF

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from biennien_graph.engine.rdf import Quad
    from biennien_graph.engine.snapshots import SnapshotView


class Said(NamedTuple):
    """A statement about a node that is known. `term` is its object in N-Triples."""

    predicate: str
    value: str
    term: str
    language: str | None

    @property
    def is_iri(self) -> bool:
        """Whether it leads to another node."""
        return self.term.startswith("<")


class Statements(Protocol):
    """Where statements are read."""

    def about(self, iri: str) -> list[Said]:
        """All that entries say about a node."""


class FromSnapshot:
    """Looked up one by one: right for a few nodes."""

    def __init__(self, view: SnapshotView) -> None:
        self._view = view

    def about(self, iri: str) -> list[Said]:
        """All that entries say about a node."""
        return [row[1] for row in _rows(self._view.quads(subject=iri))]


class FromTable:
    """Read once and put in order by subject: much quicker, where all nodes are asked for."""

    def __init__(self, sql: sqlite3.Connection, view: SnapshotView) -> None:
        self._sql = sql
        sql.execute("DROP TABLE IF EXISTS temp.quad")
        sql.execute(
            "CREATE TEMP TABLE quad "
            "(subject TEXT, predicate TEXT, value TEXT, term TEXT, lang TEXT)"
        )
        rows = ((subject, *said) for subject, said in _rows(view.quads()))
        sql.executemany("INSERT INTO temp.quad VALUES (?, ?, ?, ?, ?)", rows)
        sql.execute("CREATE INDEX temp.quad_subject ON quad (subject)")

    def about(self, iri: str) -> list[Said]:
        """All that entries say about a node."""
        query = "SELECT predicate, value, term, lang FROM temp.quad WHERE subject = ?"
        return [Said(*row) for row in self._sql.execute(query, (iri,))]

    def types(self) -> Iterator[tuple[str, str]]:
        """Every node with each of its classes."""
        query = "SELECT subject, value FROM temp.quad WHERE predicate = ?"
        return self._sql.execute(query, (RDF.type,))

    def close(self) -> None:
        """Give back the space."""
        self._sql.execute("DROP TABLE temp.quad")


def _rows(quads: Iterable[Quad]) -> Iterator[tuple[str, Said]]:
    """What entries say of nodes with IRIs; what is said of triples is left aside."""
    for quad in quads:
        graph = getattr(quad.graph_name, "value", "")
        subject, value = quad.subject, quad.object
        if graph in COMPUTED or not isinstance(subject, NamedNode) or isinstance(value, Triple):
            continue
        language = value.language if isinstance(value, Literal) else None
        yield subject.value, Said(quad.predicate.value, value.value, str(value), language)
