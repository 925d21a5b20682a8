# SPDX-License-Identifier: Apache-2.0
"""A report for a terminal: a paragraph for each result, `file:line:column` first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from biennien_graph.reports import SEVERITIES
from biennien_graph.reports.wording import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from biennien_graph.reports import Finding, WordedReport

_COLOURS = {"Violation": "\033[1;31m", "Warning": "\033[1;33m", "Info": "\033[1;36m"}
_BOLD, _QUIET, _END = "\033[1m", "\033[2m", "\033[0m"


def as_text(report: WordedReport, *, colour: bool = False) -> str:
    """The report in words, worst first in each file, and a summary."""
    language = report.language
    lines = [
        line
        for finding in sorted(report.findings, key=_order)
        for line in (*_finding(finding, language, colour), "")
    ]
    if report.omitted:
        lines += [say(language, "omitted", report.omitted), ""]
    counts = ", ".join(
        f"{say(language, severity)}: {report.counts.get(severity, 0)}" for severity in SEVERITIES
    )
    verdict = say(language, "conforms" if report.conforms else "does-not-conform")
    return "\n".join([*lines, f"{_painted(verdict, _BOLD, colour)} {counts}."])


def _order(finding: Finding) -> tuple[str, int, int]:
    return finding.file, SEVERITIES.index(finding.severity), finding.line or 0


def _finding(finding: Finding, language: str, colour: bool) -> Iterator[str]:
    place = ":".join(str(part) for part in (finding.file, finding.line, finding.column) if part)
    severity = _painted(say(language, finding.severity), _COLOURS[finding.severity], colour)
    about = " · ".join(part for part in (finding.focusLabel, finding.pathLabel) if part)
    yield f"{place}: {severity}: {_painted(about, _BOLD, colour)}"
    tail = finding.focusNode.removeprefix("https://w3id.org/biennien/")
    if tail != finding.focusLabel and "://" not in tail:
        yield _painted(f"    {tail}", _QUIET, colour)
    if finding.line:
        text = next((text for line, text in finding.excerpt if line == finding.line), "")
        yield _painted(f"    {finding.line} | {text.strip()}", _QUIET, colour)
    for name, words in (
        ("value", finding.valueLabel),
        ("expected", finding.expected),
        ("mend", finding.mend),
    ):
        if words:
            yield f"    {say(language, name)}: {words}"


def _painted(text: str, colour: str, on: bool) -> str:
    return f"{colour}{text}{_END}" if on and text else text
