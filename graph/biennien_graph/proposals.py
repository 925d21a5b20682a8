# SPDX-License-Identifier: Apache-2.0
"""What a submission would change: its entries against what is published, and brought up to date.

Nothing here writes; the process that may be killed (`change_worker`) calls it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from biennien_graph.changes import Draft, judge
from biennien_graph.engine.rdf import read_quads
from biennien_graph.errors import EntryError
from biennien_graph.expansion import read_entry
from biennien_graph.submissions.meanwhile import before, touched
from biennien_graph.submissions.merging import merge

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from biennien_graph.engine.rdf import Quad
    from biennien_graph.engine.snapshots import SnapshotView
    from biennien_graph.evidence import SourceText
    from biennien_graph.submissions.merging import Conflict, Merged


@dataclass(frozen=True, slots=True)
class Pending:
    """A proposal against what is published now."""

    draft: Draft
    conflicts: tuple[Conflict, ...] = ()


def of_entries(
    view: SnapshotView,
    files: Sequence[tuple[str, Iterable[Quad]]],
    withdrawn: Sequence[str],
    texts: dict[str, SourceText],
) -> tuple[Draft, list[str]]:
    """The change that entries (name and quads of each file) and withdrawals make, judged; and the
    graph of each file.
    """
    added: set[Quad] = set()
    removed: set[Quad] = set()
    graphs: list[str] = []
    for name, quads in files:
        entry = read_entry(quads, name)
        if entry.graph in (*graphs, *withdrawn):
            raise EntryError(f"{name}: the entry {entry.graph} occurs twice in this submission.")
        graphs.append(entry.graph)
        want, have = set(entry.quads()), set(view.graph(entry.graph))
        added |= want - have
        removed |= have - want
    for graph in withdrawn:
        have = set(view.graph(graph))
        if not have:
            raise EntryError(f"There is no entry {graph} to withdraw.")
        removed |= have
    return judge(view, added, removed, texts), graphs


def brought_up_to_date(
    view: SnapshotView,
    proposal: tuple[bytes, bytes],
    meanwhile: tuple[bytes, bytes],
    texts: dict[str, SourceText],
) -> Pending:
    """A proposal merged with what was published since its base, judged as it would be now.

    Each pair is N-Quads added and removed; `meanwhile` is of the graphs that the proposal touches.
    """
    merged = merged_with(view, proposal, meanwhile)
    return Pending(judge(view, merged.added, merged.removed, texts), merged.conflicts)


def merged_with(
    view: SnapshotView, proposal: tuple[bytes, bytes], meanwhile: tuple[bytes, bytes]
) -> Merged:
    """The same, not judged."""
    now = {quad for graph in touched(*proposal) for quad in view.graph(graph)}
    return merge(read_quads(proposal[0]), read_quads(proposal[1]), before(now, *meanwhile), now)


def conflict_as_json(conflict: Conflict) -> dict[str, Any]:
    """A conflict for a program: the place, and what stands there in each of the three."""
    place = conflict.place
    return {
        "graph": place.graph.strip("<>"),
        "subject": place.subject.strip("<>"),
        "predicate": place.predicate.strip("<>"),
        **{
            name: sorted(f"{quad.triple} ." for quad in quads)
            for name, quads in (
                ("base", conflict.base),
                ("proposed", conflict.proposed),
                ("published", conflict.published),
            )
        },
    }
