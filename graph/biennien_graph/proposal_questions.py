# SPDX-License-Identifier: Apache-2.0
"""What the process that judges (`change_worker`) is asked about submissions.

A question names a snapshot and a folder. Quads come and go in files of that folder, as N-Quads:
`proposed-…` and `meanwhile-…` are given, `added.nq` and `removed.nq` are the answer.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from biennien_graph import jsonld
from biennien_graph.difference import Difference, in_three, mentioned
from biennien_graph.engine.rdf import n_quads, read_quads
from biennien_graph.engine.snapshots import SnapshotView
from biennien_graph.errors import DataError
from biennien_graph.proposals import (
    brought_up_to_date,
    conflict_as_json,
    merged_with,
    of_entries,
)
from biennien_graph.submitted.reading import read
from biennien_graph.terms import NAMESPACE
from biennien_graph.validation import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from biennien_graph.changes import Draft
    from biennien_graph.engine.rdf import Quad
    from biennien_graph.evidence import SourceText

    Texts = dict[str, SourceText]

_RESULTS = 1000  # of a report


def entries(question: dict[str, Any], texts: Texts) -> dict[str, Any]:
    """What files and withdrawals would change: counts, results, and the graph of each file."""
    contexts = _contexts(question["base"])
    files = []
    for path, name, media_type in question["files"]:
        content = Path(path).read_bytes()
        found = read(content, name=name, media_type=media_type, base=NAMESPACE, contexts=contexts)
        files.append((name, found.quads))
    _expect_few(sum(len(quads) for _, quads in files), question["most"])
    view = SnapshotView(Path(question["snapshot"]))
    draft, graphs = of_entries(view, files, question["withdrawn"], texts)
    return _judged(question, draft) | {"graphs": graphs}


def proposal(question: dict[str, Any], texts: Texts) -> dict[str, Any]:
    """A proposal brought to the snapshot and judged: counts, results, conflicts."""
    view = SnapshotView(Path(question["snapshot"]))
    pending = brought_up_to_date(
        view, _two(question, "proposed"), _two(question, "meanwhile"), texts
    )
    conflicts = [conflict_as_json(conflict) for conflict in pending.conflicts]
    return _judged(question, pending.draft) | {"conflicts": conflicts}


def difference(question: dict[str, Any], texts: Texts) -> dict[str, Any]:  # noqa: ARG001
    """Some rows of a proposal's difference, in words; not judged. `merge`: bring it up to date."""
    view = SnapshotView(Path(question["snapshot"]))
    given = _two(question, "proposed")
    added: Iterable[Quad] = read_quads(given[0])
    removed: Iterable[Quad] = read_quads(given[1])
    conflicts: list[dict[str, Any]] = []
    if question["merge"]:
        merged = merged_with(view, given, _two(question, "meanwhile"))
        added, removed = merged.added, merged.removed
        conflicts = [in_three(conflict) for conflict in merged.conflicts]
    counts = _kept(question, added, removed)
    told = Difference(view, added, removed)
    rows, total = told.rows(question["offset"], question["limit"])
    of_conflicts = (
        row for c in conflicts for n in ("base", "proposed", "published") for row in c[n]
    )
    labels = told.labels([*mentioned(rows), *mentioned(of_conflicts)])
    return counts | {"rows": rows, "total": total, "conflicts": conflicts, "labels": labels}


KINDS: dict[str, Callable[[dict[str, Any], Texts], dict[str, Any]]] = {
    "entries": entries,
    "proposal": proposal,
    "difference": difference,
}


def _two(question: dict[str, Any], name: str) -> tuple[bytes, bytes]:
    folder = Path(question["folder"])
    return (
        (folder / f"{name}-added.nq").read_bytes(),
        (folder / f"{name}-removed.nq").read_bytes(),
    )


def _judged(question: dict[str, Any], draft: Draft) -> dict[str, Any]:
    """Counts, and the report: the worst first, and no more of it than anybody reads."""
    counts = _kept(question, draft.added, draft.removed)
    found = sorted(draft.report.results, key=lambda result: SEVERITIES.index(result.severity))
    return counts | {"results": [asdict(result) for result in found[:_RESULTS]]}


def _kept(
    question: dict[str, Any], added: Iterable[Quad], removed: Iterable[Quad]
) -> dict[str, Any]:
    folder, counts = Path(question["folder"]), {}
    for name, quads in (("added", added), ("removed", removed)):
        lines = n_quads(quads)
        (folder / f"{name}.nq").write_bytes(b"".join(lines))
        counts[name] = len(lines)
    return counts


def _contexts(base: str) -> dict[str, Any]:
    """Our contexts, under the addresses by which an entry may call them."""
    known = {"context.jsonld": jsonld.NEWEST}
    known |= {f"context/{version}.jsonld": version for version in jsonld.versions()}
    return {
        f"{place}{path}": json.loads(jsonld.document(version))
        for place in (NAMESPACE, base)
        for path, version in known.items()
    }


def _expect_few(count: int, most: int) -> None:
    if most and count > most:
        raise DataError(
            f"The submission has {count:,} statements, more than the {most:,} that one may have.",
            hint="Divide it; what belongs together in bulk is loaded by biennien load.",
        )
