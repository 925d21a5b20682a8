# SPDX-License-Identifier: Apache-2.0
"""Which change brought a statement, and what came and went about a thing between two changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from biennien_graph.indexes import subjects
from biennien_graph.terms import RDF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from biennien_graph.indexes.history import Touch
    from biennien_graph.journal import Change, Journal

_SUBJECT = f" <{RDF.subject}> ".encode()


@dataclass(slots=True)
class Statement:
    """A statement, as N-Quads, with the change that brought it and the one that took it away.

    `brought` is None where that lies before the changes that were looked at.
    """

    line: bytes
    brought: Change | None = None
    removed: Change | None = None


def blame(
    journal: Journal, touches: Iterable[Touch], subject: str, predicate: str
) -> list[Statement]:
    """The statements with a subject and a property, by the changes that touched it (newest
    first): those that stand, and those that do not any more.
    """
    start = f"<{subject}> <{predicate}> ".encode()
    found: dict[bytes, Statement] = {}
    for touch in touches:
        change = _change(journal, touch.position)
        for line in _lines(change, added=True):
            if line.startswith(start):
                statement = found.setdefault(line, Statement(line))
                statement.brought = statement.brought or change
        for line in _lines(change, added=False):
            if line.startswith(start) and line not in found:
                found[line] = Statement(line, removed=change)
    return list(found.values())


def between(journal: Journal, touches: Iterable[Touch], thing: str) -> tuple[bytes, bytes]:
    """All that some changes (oldest first) added about a thing and removed, as one, N-Quads."""
    sides: tuple[set[bytes], set[bytes]] = set(), set()
    for touch in touches:
        change = _change(journal, touch.position)
        removed = _about(thing, _lines(change, added=False))
        added = _about(thing, _lines(change, added=True))
        for lines, to, other in ((removed, sides[1], sides[0]), (added, sides[0], sides[1])):
            to |= lines - other
            other -= lines
    return b"".join(sorted(sides[0])), b"".join(sorted(sides[1]))


def _about(thing: str, lines: Iterator[bytes]) -> set[bytes]:
    """Lines about a thing and its nodes, and all lines of the claims about it."""
    own: set[bytes] = set()
    claims: set[bytes] = set()
    others: dict[bytes, set[bytes]] = {}
    for line in lines:
        node = line.split(b" ", 1)[0]
        if thing in subjects(line):
            own.add(line)
            if _SUBJECT in line:
                claims.add(node)
        elif b"/claim/" in node:
            others.setdefault(node, set()).add(line)
    return own.union(*(others.get(claim, set()) for claim in claims))


def _change(journal: Journal, position: int) -> Change:
    return next(journal.since(position - 1))


def _lines(change: Change, *, added: bool) -> Iterator[bytes]:
    if not added:
        yield from change.removed.splitlines(keepends=True)
        return
    with change.open_added() as lines:
        yield from lines
