# SPDX-License-Identifier: Apache-2.0
"""What the checks ask of the published graph: by subject or by value, never for all there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from biennien_graph.engine.rdf import Literal, NamedNode, Quad


class Published(Protocol):
    """What is published already."""

    def quads(
        self, *, subject: str | None = None, predicate: str | None = None, graph: str | None = None
    ) -> Iterator[Quad]:
        """The quads that match, in all named graphs unless one is given."""

    def having(self, value: NamedNode | Literal, *, predicate: str) -> Iterator[Quad]:
        """The quads of a property that have this value, in all named graphs."""
