# SPDX-License-Identifier: Apache-2.0
"""What validation costs: new entries against what is published, and everything at once.

`python -m benchmarks.validation` measures it alone. The published graph is not the made-up one:
that breaks many shapes. It is the entries that come with Biên Niên, copied under other names
until there are enough, so that it conforms as a real one does.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import data, entries
from biennien_graph import loading, resources
from biennien_graph.datafolder import DataFolder
from biennien_graph.engine.snapshots import SnapshotView
from biennien_graph.neighbourhood import neighbourhood
from biennien_graph.shacl import Engines

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

TITLE = "Validation"
SIZES = (30, 100, 300)  # triples of a new entry
_ENTRIES = 60  # of each size
_WITH_REFERENCE = 15  # of these also by pySHACL, which is slow
_CACHE = Path(__file__).parent / ".cache"


def measure(_run: object = None, quads: int = data.DEFAULT_QUADS) -> str:
    """New entries of each size, then everything that is published; as Markdown."""
    snapshot = _published(quads)
    heads = "| triples | Biên Niên p50 | p95 | processor time | of it the neighbourhood "
    lines = [f"{heads}| pySHACL p50 | p95 | processor time | same report |", "|---" * 9 + "|"]
    lines += [_row(size, SnapshotView(snapshot)) for size in SIZES]
    command = [sys.executable, "-m", "benchmarks.validation", "--whole", str(snapshot)]
    whole = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    text = (
        f"New entries, parts of real ones, {_ENTRIES} of each size (pySHACL: {_WITH_REFERENCE}, on "
        f"the same triples) against {quads:,} published quads. Everything published at once, with "
        f"all shapes: {whole['seconds']:.0f} s ({whole['processor']:.0f} s of processor time), "
        f"{whole['memory']:,.0f} MiB at most, {whole['results']:,} results."
    )
    lines += ["", text]
    return "\n".join(lines) + "\n"


def _row(size: int, view: SnapshotView) -> str:
    chance, engines = random.Random(size), Engines(resources.shapes())
    records = entries.records()
    new = [entries.part(chance.choice(records), size, chance, n) for n in range(_ENTRIES)]
    loading.validate(new[:1], view, {})
    ours, around, theirs, same = [], [], [], 0
    for number, entry in enumerate(new):
        ours.append(_timed(lambda e=entry: loading.validate([e], view, {})))
        around.append(_timed(lambda e=entry: list(neighbourhood([e], view))))
        if number < _WITH_REFERENCE:
            triples = entry.triples | set(neighbourhood([entry], view))
            theirs.append(_timed(lambda t=triples: engines.reference.findings(t)))
            reference, judged = engines.reference.findings(triples), engines.judge(triples)
            same += sorted(map(repr, judged.findings)) == sorted(map(repr, reference))
    middle = sorted(len(entry.triples) for entry in new)[_ENTRIES // 2]
    near = _at([processor for _, processor in around], 0.5)
    cells = [str(middle), *_cells(ours), near, *_cells(theirs), f"{same} of {len(theirs)}"]
    return f"| {' | '.join(cells)} |"


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock, and of processor time."""
    began, used = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - began, time.process_time() - used


def _cells(times: Sequence[tuple[float, float]]) -> list[str]:
    clock, processor = [seconds for seconds, _ in times], [seconds for _, seconds in times]
    return [_at(clock, 0.5), _at(clock, 0.95), _at(processor, 0.5)]


def _at(seconds: Sequence[float], share: float) -> str:
    return f"{sorted(seconds)[min(int(share * len(seconds)), len(seconds) - 1)] * 1000:.0f} ms"


def _published(quads: int) -> Path:
    """The snapshot of a data folder with the copies; made once, and kept for the next run."""
    folder = _CACHE / f"copies-{quads}"
    with DataFolder(folder) as opened:
        opened.take()
        if not opened.journal.head()[0]:
            opened.record(entries.copies(quads), (), agent="benchmarks", message="copies", after=0)
        return opened.snapshot()


def _whole(snapshot: Path) -> dict[str, float]:
    began, used = time.perf_counter(), time.process_time()
    report = loading.shapes().validate_all(snapshot, snapshot.parent)
    return {
        "seconds": time.perf_counter() - began,
        "processor": time.process_time() - used,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "results": len(report.results),
    }


def main() -> None:
    """The whole section, or one part of it in a process of its own."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.validation")
    parser.add_argument("--quads", type=int, default=data.DEFAULT_QUADS, help="published, about")
    parser.add_argument("--whole", type=Path, help="only validate all of this snapshot; for us")
    options = parser.parse_args()
    if options.whole:
        print(json.dumps(_whole(options.whole)))
    else:
        print(measure(quads=options.quads))


if __name__ == "__main__":
    main()
