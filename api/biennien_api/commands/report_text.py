# SPDX-License-Identifier: Apache-2.0
"""What the command line says: reports in words, and progress on a terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import Progress as Bar
from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from biennien_graph.evidence import Entry
    from biennien_graph.loading import Loaded
    from biennien_graph.validation import Report, Result

_SEVERITY = {
    "vi": {"Violation": "Lỗi", "Warning": "Cảnh báo", "Info": "Lưu ý"},
    "en": {"Violation": "Violation", "Warning": "Warning", "Info": "Note"},
}


class Progress:
    """What is being done, on standard error, where that is a terminal."""

    def __init__(self, *, quiet: bool) -> None:
        shown = sys.stderr.isatty() and not quiet
        self._bar = Bar(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
            disable=not shown,
        )
        self._task = self._bar.add_task("starting", total=None)

    def __enter__(self) -> Progress:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def step(self, words: str) -> None:
        """Say the next thing that is being done."""
        self._bar.update(self._task, description=words)


def loaded(outcome: Loaded, lang: str) -> str:
    """What came of loading: a line for each entry that was loaded or refused, and a summary."""
    lines = [
        f"{_state(entry, outcome):<8} {_tail(entry.graph):<52} {entry.statements:>5} statements "
        f"{entry.claims:>5} claims {len(entry.passages):>4} passages"
        for entry in outcome.entries
        if _state(entry, outcome) != "unchanged"
    ]
    unchanged = len(outcome.entries) - len(lines)
    lines += [f"{unchanged} entries unchanged."] if unchanged else []
    lines.append(_quotes(outcome))
    if outcome.change is not None:
        change = outcome.change
        lines.append(
            f"Change {change.position}: {change.added_count:,} quads added, "
            f"{change.removed_count:,} removed."
        )
    elif not outcome.refused:
        lines.append("Nothing differs from what is published; no change was recorded.")
    if outcome.report.results:
        lines += ["", report(outcome.report, outcome.entries, lang)]
    return "\n".join(lines)


def _state(entry: Entry, outcome: Loaded) -> str:
    if entry.graph in outcome.refused:
        return "refused"
    return "loaded" if entry.graph in outcome.changed else "unchanged"


def _quotes(outcome: Loaded) -> str:
    if not outcome.quotes_checked:
        return (
            f"{outcome.quotes:,} quotes were not checked against the source texts, which are not "
            "at hand (--sources or BIENNIEN_SOURCES names their folder)."
        )
    missing = outcome.quotes - outcome.quotes_checked
    rest = f"; the texts of {missing:,} more are not at hand" if missing else ""
    return f"{outcome.quotes_checked:,} quotes checked against the source texts{rest}."


def report(found: Report, entries: Sequence[Entry], lang: str) -> str:
    """A validation report, worst first, entry by entry."""
    lines = []
    for entry in entries:
        results = found.of(entry.graph)
        if results:
            lines.append(f"{entry.name} ({_tail(entry.graph)})")
            lines += [_result(result, lang) for result in results]
    counts = {
        severity: sum(result.severity == severity for result in found.results)
        for severity in ("Violation", "Warning", "Info")
    }
    names = _SEVERITY[lang if lang in _SEVERITY else "en"]
    summary = ", ".join(f"{names[severity]}: {count}" for severity, count in counts.items())
    verdict = {
        ("vi", True): "Hợp lệ.", ("vi", False): "Không hợp lệ.",
        ("en", True): "Conforms.", ("en", False): "Does not conform.",
    }[lang if lang in _SEVERITY else "en", found.conforms]  # fmt: skip
    return "\n".join([*lines, f"{verdict} {summary}."])


def _result(result: Result, lang: str) -> str:
    names = _SEVERITY[lang if lang in _SEVERITY else "en"]
    where = _tail(result.focus) + (f" · {_tail(result.path)}" if result.path else "")
    value = f" · “{_tail(result.value)}”" if result.value else ""
    return f"  {names[result.severity]}: {where}{value}\n    {result.message(lang)}"


def report_as_json(found: Report) -> dict[str, Any]:
    """A report for a program."""
    return {
        "conforms": found.conforms,
        "results": [
            {
                "entry": result.entry,
                "severity": result.severity,
                "focusNode": result.focus,
                "resultPath": result.path,
                "value": result.value,
                "sourceShape": result.shape,
                "message": result.messages,
            }
            for result in found.results
        ],
    }


def loaded_as_json(outcome: Loaded) -> dict[str, Any]:
    """What came of loading, for a program."""
    change = outcome.change
    return {
        "position": change.position if change else None,
        "added": change.added_count if change else 0,
        "removed": change.removed_count if change else 0,
        "quotes": outcome.quotes,
        "quotesChecked": outcome.quotes_checked,
        "entries": [
            {
                "graph": entry.graph,
                "file": entry.name,
                "state": _state(entry, outcome),
                "statements": entry.statements,
                "claims": entry.claims,
                "passages": len(entry.passages),
            }
            for entry in outcome.entries
        ],
        "report": report_as_json(outcome.report),
    }


def _tail(text: str) -> str:
    """An IRI of ours from the namespace on; anything else as it is."""
    return text.removeprefix("https://w3id.org/biennien/")
