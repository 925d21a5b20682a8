# SPDX-License-Identifier: Apache-2.0
"""What happened to some graphs between two positions of the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from biennien_graph.engine.rdf import read_quads

if TYPE_CHECKING:
    from collections.abc import Iterable

    from biennien_graph.engine.rdf import Quad
    from biennien_graph.journal import Journal


def touched(*quads: bytes) -> set[str]:
    """The graphs of some N-Quads, as IRIs; empty for the default graph."""
    return {getattr(quad.graph_name, "value", "") for lines in quads for quad in read_quads(lines)}


def net(journal: Journal, graphs: set[str], *, after: int, until: int) -> tuple[bytes, bytes]:
    """All that the changes in between added to the graphs and removed from them, as one."""
    added: set[bytes] = set()
    removed: set[bytes] = set()
    marks = tuple(f" <{graph}> .\n".encode() for graph in graphs if graph)
    for change in journal.since(after):
        if change.position > until:
            break
        _apply(_in(change.removed.splitlines(keepends=True), marks, graphs), removed, added)
        with change.open_added() as lines:
            _apply(_in(lines, marks, graphs), added, removed)
    return b"".join(sorted(added)), b"".join(sorted(removed))


def before(now: set[Quad], added: bytes, removed: bytes) -> set[Quad]:
    """The graphs as they were before what was added to them and removed from them."""
    return (now - set(read_quads(added))) | set(read_quads(removed))


def _apply(lines: Iterable[bytes], to: set[bytes], other: set[bytes]) -> None:
    """What undoes an earlier change is no change."""
    for line in lines:
        if line in other:
            other.discard(line)
        else:
            to.add(line)


def _in(lines: Iterable[bytes], marks: tuple[bytes, ...], graphs: set[str]) -> Iterable[bytes]:
    for line in lines:
        if line.endswith(marks) or ("" in graphs and _is_default(line)):
            yield line


def _is_default(line: bytes) -> bool:
    return all(getattr(quad.graph_name, "value", "") == "" for quad in read_quads(line))
