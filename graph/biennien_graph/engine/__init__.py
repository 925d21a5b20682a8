# SPDX-License-Identifier: Apache-2.0
"""Stores and the workers that query them.

`Store` is what the projector writes to; `embedded` implements it on pyoxigraph. `QueryPool` is
what readers ask; a remote store would implement the same two.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from biennien_graph.engine.rdf import Quad

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
    """One question: SPARQL text, dataset, syntaxes, deadline in seconds."""

    text: str
    dataset: Dataset = field(default_factory=Dataset)
    formats: Formats = field(default_factory=Formats)
    seconds: float = 30.0


class Store(Protocol):
    """A store that follows the journal."""

    def position(self) -> Position:
        """The last change applied."""

    def apply(
        self, added: Iterable[Quad], removed: Iterable[Quad], position: Position, *, time: str
    ) -> None:
        """One change and the new position, in one transaction."""

    def quads(
        self, *, subject: str | None = None, predicate: str | None = None, graph: str | None = None
    ) -> Iterable[Quad]:
        """The quads that match."""

    def snapshot(self) -> Path:
        """An immutable view for readers."""
