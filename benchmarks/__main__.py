# SPDX-License-Identifier: Apache-2.0
"""`python -m benchmarks`: everything in one run; each section goes into results/latest.md."""

from __future__ import annotations

import argparse
import contextlib
import functools
import os
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import data, isolation, large, peers, processes, queries, report, throughput
from benchmarks.filled import Filled
from benchmarks.runs import Run

if TYPE_CHECKING:
    from collections.abc import Callable

_HERE = Path(__file__).parent
_CACHE = _HERE / ".cache"
_EXAMPLES = """examples:
  python -m benchmarks                                    all of it: some ten minutes
  python -m benchmarks --quick                            a look at everything: some two minutes
  python -m benchmarks point join --clients 1,16 --peers oxigraph,virtuoso
  python -m benchmarks large --ours memory --peers none   one section, nobody beside us
"""
_OURS = {"memory": peers.IN_MEMORY, "disk": peers.ON_DISK}
_PEERS = {"oxigraph": peers.OXIGRAPH, "virtuoso": peers.VIRTUOSO, "rdflib": peers.RDFLIB}


def sections() -> dict[str, tuple[str, Callable[[Run], str]]]:
    """Title and measurement by the name of the part. A new subject is a module and a line here."""
    return {
        **{w.name: (w.title, functools.partial(_workload, w)) for w in queries.WORKLOADS},
        "large": (large.TITLE, large.measure),
        "isolation": (isolation.TITLE, isolation.measure),
    }


def _workload(workload: queries.Workload, run: Run) -> str:
    return throughput.measure(run, workload)


def main() -> None:
    """Load, measure, report; stop everything, whatever happens."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the peers are stopped then, too
    quads = data.cached(_CACHE, options.quads)
    out = report.Report(options.out, anew=not options.parts)
    with (
        tempfile.TemporaryDirectory(prefix="run-", dir=_CACHE) as folder,
        contextlib.ExitStack() as stack,
    ):
        filled = Filled(quads, Path(folder), _CACHE)
        run = Run(
            filled.start([*options.ours, *options.peers], stack),
            data.documents_in(quads),
            options.rounds,
            options.seconds,
            options.clients,
        )
        facts = functools.partial(report.facts, run, options.quads)
        out.put("Loaded", facts(0.0), report.loaded(run, filled.missing))
        for name in options.parts or sections():
            title, measure = sections()[name]
            others = _Others(run)
            text = measure(run)
            out.put(title, facts(others.share()), text)
            print(f"\n## {title}\n\n{text}", flush=True)
    print(f"Written to {options.out}", file=sys.stderr)


class _Others:
    """How much of the processors other processes took since this was made."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._start = self._now()

    def share(self) -> float:
        """Of all cores; about, as a peer that was killed takes its past along."""
        elapsed, busy, ours = (
            now - then for now, then in zip(self._now(), self._start, strict=True)
        )
        return max(0.0, busy - max(ours, 0.0)) / (elapsed * (os.cpu_count() or 1))

    def _now(self) -> tuple[float, float, float]:
        ours = time.process_time() + sum(peer.processor_seconds() for peer in self._run.peers)
        return time.monotonic(), processes.machine_seconds(), ours


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure Biên Niên side by side with its peers, in one run.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    known = ", ".join(sections())
    add = parser.add_argument
    add("parts", nargs="*", metavar="PART", help=f"of: {known}; all, where none is named")
    add("--clients", type=_counts, help="connections at a time (1,4,16,64)")
    add("--peers", type=functools.partial(_names, _PEERS), default="oxigraph,virtuoso,rdflib",
        help="beside us: %(default)s, or none")  # fmt: skip
    add("--ours", type=functools.partial(_names, _OURS), default="memory,disk",
        help="how we read: %(default)s, or none")  # fmt: skip
    add("--quads", type=int, help=f"about so many ({data.DEFAULT_QUADS:,})")
    add("--seconds", type=float, help="of load per measurement and peer (1.2)")
    add("--rounds", type=int, help="that these are split into (3)")
    add("--quick", action="store_true", help="little of everything, for a look; not for figures")
    add("--out", type=Path, help="the report (results/latest.md; with --quick beside the data)")
    options = parser.parse_args()
    unknown = [part for part in options.parts if part not in sections()]
    if unknown:
        parser.error(f"there is no part {unknown[0]}; there are {known}")
    quick = options.quick
    options.clients = options.clients or ((1, 16) if quick else (1, 4, 16, 64))
    options.quads = options.quads or (100_000 if quick else data.DEFAULT_QUADS)
    options.seconds = options.seconds or (0.4 if quick else 1.2)
    options.rounds = options.rounds or (2 if quick else 3)
    options.out = options.out or (_CACHE / "quick.md" if quick else _HERE / "results" / "latest.md")
    return options


def _counts(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


def _names(known: dict[str, str], text: str) -> list[str]:
    chosen = [name for name in text.split(",") if name != "none"]
    for name in chosen:
        if name not in known:
            raise argparse.ArgumentTypeError(f"{name} is none of {', '.join(known)}, none")
    return [known[name] for name in chosen]


if __name__ == "__main__":
    main()
