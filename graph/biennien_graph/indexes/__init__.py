# SPDX-License-Identifier: Apache-2.0
"""Indexes beside the store: each follows the journal, and can be thrown away and made again.

An index is fed by a process of its own (`python -m biennien_graph.indexes`), so that neither the
writer nor a reader waits for it. It reads what is published from a snapshot, writes its files in
the folder `indexes` of the data folder, and keeps there how far it has come.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from biennien_graph.engine import Position
from biennien_graph.terms import RDF

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Self

    from biennien_graph.engine.snapshots import SnapshotView
    from biennien_graph.journal import Change, Journal

_MANY = 50_000  # things; beyond, an index is quicker made anew than brought up to date
SUBJECT = f"<{RDF.subject}>".encode()


class Index(Protocol):
    """One index, in a file or folder of its own."""

    name: str  # of its file or folder

    @classmethod
    def open(cls, folder: Path) -> Self:
        """To be written, in the folder of the indexes; an empty one where there is none."""

    def position(self) -> Position:
        """The last change that it holds; `START_POSITION` of an empty one."""

    def follow(self, published: Published) -> None:
        """Hold what is published, and say so; all of it or, when killed, what was held before."""

    def close(self) -> None:
        """Let go of the files."""


@dataclass(frozen=True, slots=True)
class Published:
    """What readers see at one position of the journal, and the journal up to there."""

    position: Position
    journal: Journal
    view: SnapshotView

    def follows(self, position: Position) -> bool:
        """Whether a position is one of this journal's."""
        return self.journal.digest_at(position.number) == position.digest

    def changes(self, after: int) -> Iterator[Change]:
        """The changes after a position, up to this one."""
        for change in self.journal.since(after):
            if change.position > self.position.number:
                return
            yield change

    def touched(self, since: Position) -> set[str] | None:
        """IRIs of the things whose statements or claims changed; None: make the index anew."""
        if not since.number or not self.follows(since):
            return None
        found: set[str] = set()
        for change in self.changes(since.number):
            if change.is_bulk:
                return None
            with change.open_added() as added:
                found.update(subject for line in added for subject in subjects(line))
            found.update(s for line in change.removed.splitlines() for s in subjects(line))
            if len(found) > _MANY:
                return None
        return found


def subjects(line: bytes) -> tuple[str, ...]:
    """The IRIs that a line of N-Quads says something about: subject, its thing, what it claims.

    A node of a thing's own, `x#date`, counts as a part of the thing `x`.
    """
    subject, predicate, rest = line.split(b" ", 2)
    nodes = [subject, rest.split(b" ", 1)[0]] if predicate == SUBJECT else [subject]
    iris = [node[1:-1].decode() for node in nodes if node.startswith(b"<")]
    return tuple(dict.fromkeys([*iris, *(iri.partition("#")[0] for iri in iris)]))
