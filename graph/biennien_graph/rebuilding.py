# SPDX-License-Identifier: Apache-2.0
"""What was said of a thing at an earlier position: what is said now, with later changes undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from biennien_graph.engine.rdf import NamedNode, Quad, read_quads
from biennien_graph.terms import BN, RDF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from biennien_graph.journal import Change

_SUBJECT = f"<{RDF.subject}>".encode()


class Rebuilding:
    """The quads about one thing, its own nodes and the claims about it, going back in time.

    Passages never change: they are named by source and position.
    """

    def __init__(self, iri: str, quads: Iterable[Quad]) -> None:
        """`quads`: what is said now, claims included."""
        self._own = (f"<{iri}>".encode(), f"<{iri}#".encode())
        self.quads = set(quads)
        self._claims = {_words(q.subject) for q in self.quads if q.predicate.value == RDF.subject}

    def undo(self, change: Change) -> None:
        """Take back one change; the newest one first."""
        self._learn(_lines(change))
        added = [line for line in _lines(change, removed=False) if self._concerns(line)]
        removed = [line for line in _lines(change, added=False) if self._concerns(line)]
        self.quads -= set(read_quads(b"".join(added)))
        self.quads |= set(read_quads(b"".join(removed)))

    def passages(self) -> set[str]:
        """The passages that are cited."""
        return {
            quad.object.value
            for quad in self.quads
            if quad.predicate.value == BN.evidence and isinstance(quad.object, NamedNode)
        }

    def _learn(self, lines: Iterator[bytes]) -> None:
        """Which claims of a change are about the thing."""
        for line in lines:
            if self._own[0] not in line and self._own[1] not in line:
                continue
            subject, predicate, rest = line.split(b" ", 2)
            if predicate == _SUBJECT and rest.startswith(self._own):
                self._claims.add(subject)

    def _concerns(self, line: bytes) -> bool:
        return line.startswith(self._own) or line.split(b" ", 1)[0] in self._claims


def _lines(change: Change, *, added: bool = True, removed: bool = True) -> Iterator[bytes]:
    if added:
        with change.open_added() as lines:
            yield from lines
    if removed:
        yield from change.removed.splitlines(keepends=True)


def _words(term: object) -> bytes:
    return str(term).encode()
