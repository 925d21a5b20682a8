# SPDX-License-Identifier: Apache-2.0
"""What the last changes did to the store, for copies of it that follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from biennien_graph.engine.rdf import n_quads

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from biennien_graph.engine.rdf import Quad

_MOST = 200
_MOST_BYTES = 4 * 2**20


@dataclass(frozen=True, slots=True)
class Delta:
    """From one position to the next: N-Quads, computed graphs and merged graph included.

    What was removed goes first.
    """

    before: int
    after: int
    added: bytes
    removed: bytes

    @property
    def size(self) -> int:
        """In bytes."""
        return len(self.added) + len(self.removed)


class Deltas:
    """The last changes, oldest first; none from before one that was not written down."""

    def __init__(self) -> None:
        self.known: tuple[Delta, ...] = ()  # a tuple, as other threads read it
        self._incomplete = False

    def skip(self) -> None:
        """The store is altered by what will be in no delta."""
        self._incomplete = True

    def add(self, before: int, after: int, added: Iterable[Quad], removed: Iterable[Quad]) -> None:
        """One change that is now in the store."""
        incomplete, self._incomplete = self._incomplete, False
        if incomplete:
            self.known = ()
            return
        new = Delta(before, after, b"".join(n_quads(added)), b"".join(n_quads(removed)))
        kept = (*self.known[1 - _MOST :], new)
        while sum(delta.size for delta in kept) > _MOST_BYTES:
            kept = kept[1:]
        self.known = kept


def path(known: Sequence[Delta], start: int, end: int) -> list[Delta] | None:
    """The deltas that lead from one position to another; None where they are not known."""
    found = []
    for delta in known:
        if delta.before == start and delta.after <= end:
            found.append(delta)
            start = delta.after
    return found if start == end else None
