# SPDX-License-Identifier: Apache-2.0
"""Revisions of submissions in the making: from what was sent, or from a change to be undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from biennien_api.http.problems import Problem
from biennien_graph.errors import NotFound
from biennien_graph.submissions import Proposed, Revision
from biennien_graph.submissions.store import stamp

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from biennien_graph.journal import Change, Journal
    from biennien_graph.tokens import Token


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it came."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody proposes: entries, new or changed, and entries to withdraw; why."""

    files: tuple[Sent, ...]
    withdrawn: tuple[str, ...]
    message: str
    base: str  # what relative IRIs are relative to


def laid_out(folder: Path, files: Sequence[Sent]) -> list[tuple[str, str, str]]:
    """The files in a folder: path, name and media type of each."""
    found = []
    for number, file in enumerate(files):
        path = folder / f"sent-{number}"
        path.write_bytes(file.content)
        found.append((str(path), file.name, file.media_type))
    return found


def both(folder: Path) -> tuple[bytes, bytes]:
    """What the judge left in a folder: added and removed, as N-Quads."""
    return (folder / "added.nq").read_bytes(), (folder / "removed.nq").read_bytes()


def drafted(
    folder: Path, wanted: Wanted, found: dict[str, Any], number: int, holder: Token, base: int
) -> Revision:
    """The revision that a judge found in a folder."""
    put = (
        Proposed(graph, "put", file.name, file.media_type, file.content)
        for graph, file in zip(found["graphs"], wanted.files, strict=True)
    )
    gone = (Proposed(graph, "withdraw") for graph in wanted.withdrawn)
    added, removed = both(folder)
    return Revision(
        number=number,
        agent=holder.name,
        time=stamp(),
        message=wanted.message,
        base=base,
        added=added,
        removed=removed,
        results=found["results"],
        entries=(*put, *gone),
    )


def _at_most(change: Change, limit: int) -> bytes | None:
    """What a change added, as N-Quads; None where that is more bytes."""
    with change.open_added() as lines:
        content = lines.read(limit + 1)
    return content if len(content) <= limit else None


def undone(journal: Journal, position: int, limit: int) -> Revision:
    """The opposite of a change; `NotFound`, or `Problem` where it is more than `limit` bytes."""
    change = next(journal.since(position - 1), None) if position > 0 else None
    if change is None or change.position != position:
        raise NotFound(f"There is no change {position}.")
    came = _at_most(change, limit)
    if came is None or len(change.removed) > limit:
        raise Problem(
            413,
            "too-large",
            f"Change {position} is too large to be reverted by a submission.",
            hint="Load the entries as they were before; or raise BIENNIEN_SUBMISSION_SIZE.",
        )
    return Revision(1, "", "", "", position, added=change.removed, removed=came)
