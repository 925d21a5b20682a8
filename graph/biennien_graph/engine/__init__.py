# SPDX-License-Identifier: Apache-2.0
"""Stores and the workers that query them.

`Store` is what the projector writes to; `embedded` implements it on pyoxigraph. `QueryPool` is
what readers ask; a remote store would implement the same two.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from biennien_graph.terms import NAMESPACE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path
    from typing import IO

    from biennien_graph.engine.rdf import Quad

DERIVED = f"{NAMESPACE}graph/derived"  # folded labels, sort keys
INFERRED = f"{NAMESPACE}graph/inferred"  # what follows by the rules, and nobody says
COMPUTED = frozenset({DERIVED, INFERRED, f"{NAMESPACE}graph/dataset"})
POSITION = "https://w3id.org/biennien/ontology#journalPosition"
DIGEST = "https://w3id.org/biennien/ontology#journalDigest"


@dataclass(frozen=True, slots=True)
class Position:
    """The last journal change that a store holds, and its digest."""

    number: int
    digest: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """What a query sees (SPARQL 1.1 Protocol, section 2.1.4).

    Empty: the store's default graph and all named graphs. Lists given by the protocol replace
    what the query says itself.
    """

    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Formats:
    """Names of the syntaxes to answer in, by the form of the query; see `engine.formats`."""

    solutions: str = "json"
    graph: str = "ttl"


@dataclass(frozen=True, slots=True)
class Query:
    """One question: SPARQL text, dataset, syntaxes, deadline in seconds, base of relative IRIs."""

    text: str
    dataset: Dataset = field(default_factory=Dataset)
    formats: Formats = field(default_factory=Formats)
    seconds: float = 30.0
    base: str | None = None


class Store(Protocol):
    """A store that follows the journal."""

    def position(self) -> Position:
        """The last change applied."""

    def apply(
        self, added: Iterable[Quad], removed: Iterable[Quad], position: Position, *, time: str
    ) -> None:
        """One change and the new position, in one transaction."""

    def load(self, opened: Callable[[], IO[bytes]]) -> None:
        """Add many quads without a new position."""

    def discard(self, quads: Iterable[Quad]) -> None:
        """Take quads out without a new position."""

    def conclude(self, constructs: Sequence[str], graph: str) -> list[bool]:
        """Add to a graph what queries give; for each, whether it gave something."""

    def discard_repeated(self, graph: str) -> None:
        """Take out of a graph what another graph has too."""

    def quads(
        self, *, subject: str | None = None, predicate: str | None = None, graph: str | None = None
    ) -> Iterable[Quad]:
        """The quads that match."""

    def graphs(self) -> Iterable[str]:
        """The names of the graphs."""

    def snapshot(self) -> Path:
        """An immutable view for readers."""
