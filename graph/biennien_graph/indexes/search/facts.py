# SPDX-License-Identifier: Apache-2.0
"""What entries say that search may need, node by node: from a snapshot, or gathered beforehand.

A snapshot is asked about the few nodes that a change touched. To make the index anew, everything
is gathered once, in order, into a scratch file that answers twenty times as fast.
"""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, NamedTuple, Protocol

from biennien_graph.engine import COMPUTED
from biennien_graph.engine.rdf import Literal, NamedNode
from biennien_graph.terms import BN, OA, RDF, RDFS, RICO, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from biennien_graph.engine.rdf import Quad
    from biennien_graph.engine.snapshots import SnapshotView

HIDDEN_LABEL = SKOS.altLabel.replace("altLabel", "hiddenLabel")
# What has one of these may be found.
LEADING = (
    RDFS.label, SKOS.prefLabel, SKOS.altLabel, HIDDEN_LABEL, RICO.title,
    OA.hasSource, RICO.isOrWasInstantiationOf,
)  # fmt: skip
WORDY = frozenset(
    {
        RDF.type.replace("type", "langString"),
        "http://www.w3.org/2001/XMLSchema#string",
        "http://id.loc.gov/datatypes/edtf",
    }
)
_POINTING = (RDF.subject, BN.evidence, RICO.isOrWasConstituentOf)
_LINKS = frozenset({RDF.type, OA.hasSource, RICO.isOrWasInstantiationOf, *_POINTING})
_TABLE = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE said (subject TEXT, predicate TEXT, value TEXT, language TEXT, datatype TEXT);
"""
_KEYS = """
CREATE INDEX by_subject ON said (subject, predicate);
CREATE INDEX by_value ON said (value, predicate) WHERE datatype = '';
"""


class Fact(NamedTuple):
    """What is said of a node. `datatype` is empty where the value is an IRI."""

    predicate: str
    value: str
    language: str
    datatype: str


class Facts(Protocol):
    """What entries say; not what the service computes from it."""

    def said(self, iri: str) -> list[Fact]:
        """What is said of a node, some of it perhaps twice."""

    def pointing(self, predicate: str, iri: str) -> list[str]:
        """The IRIs of the nodes that lead to one by a predicate, in order, each once."""


class SnapshotFacts:
    """Asked of a snapshot, node by node."""

    def __init__(self, view: SnapshotView) -> None:
        self._view = view

    def said(self, iri: str) -> list[Fact]:
        """What is said of a node."""
        return [_fact(quad) for quad in self._view.quads(subject=iri) if _counts(quad)]

    def pointing(self, predicate: str, iri: str) -> list[str]:
        """The IRIs of the nodes that lead to one by a predicate."""
        found = self._view.referring(iri, predicate)
        return sorted({q.subject.value for q in found if _counts(q)})  # type: ignore[union-attr]


class Gathered:
    """Everything that may be needed, in a scratch file that goes with the process."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def candidates(self) -> Iterator[str]:
        """The IRIs of what may be found, each once."""
        marks = ", ".join("?" * len(LEADING))
        query = f"SELECT DISTINCT subject FROM said WHERE predicate IN ({marks}) ORDER BY subject"  # noqa: S608
        with closing(self._connection.cursor()) as cursor:
            yield from (row[0] for row in cursor.execute(query, LEADING))

    def said(self, iri: str) -> list[Fact]:
        """What is said of a node."""
        query = "SELECT predicate, value, language, datatype FROM said WHERE subject = ?"
        return [Fact(*row) for row in self._connection.execute(query, (iri,))]

    def pointing(self, predicate: str, iri: str) -> list[str]:
        """The IRIs of the nodes that lead to one by a predicate."""
        query = "SELECT DISTINCT subject FROM said WHERE value = ? AND predicate = ? AND datatype = '' ORDER BY subject"  # noqa: E501
        return [row[0] for row in self._connection.execute(query, (iri, predicate))]


@contextmanager
def gathered(view: SnapshotView, folder: Path) -> Iterator[Gathered]:
    """Gather from a snapshot into a scratch file in a folder; it is gone whatever happens."""
    with tempfile.TemporaryDirectory(dir=folder, prefix=".scratch-") as scratch:
        connection = sqlite3.connect(f"{scratch}/said.sqlite", isolation_level=None)
    with closing(connection):
        connection.executescript(_TABLE)
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO said VALUES (?, ?, ?, ?, ?)", _rows(view))
        connection.execute("COMMIT")
        connection.executescript(_KEYS)
        yield Gathered(connection)


def _rows(view: SnapshotView) -> Iterator[tuple[str, ...]]:
    for graph in view.graphs():
        if graph not in COMPUTED:
            for quad in view.graph(graph):
                if isinstance(quad.subject, NamedNode) and _matters(quad):
                    yield quad.subject.value, *_fact(quad)


def _matters(quad: Quad) -> bool:
    predicate, value = quad.predicate.value, quad.object
    if isinstance(value, Literal):
        return predicate == OA.start or (value.datatype.value in WORDY and predicate != RDF.object)
    if not isinstance(value, NamedNode):
        return False
    return predicate in _LINKS or value.value.startswith(f"{quad.subject.value.partition('#')[0]}#")  # type: ignore[union-attr]


def _counts(quad: Quad) -> bool:
    return isinstance(quad.subject, NamedNode) and quad.graph_name.value not in COMPUTED  # type: ignore[union-attr]


def _fact(quad: Quad) -> Fact:
    value = quad.object
    if isinstance(value, Literal):
        return Fact(quad.predicate.value, value.value, value.language or "", value.datatype.value)
    iri = value.value if isinstance(value, NamedNode) else ""
    return Fact(quad.predicate.value, iri, "", "")
