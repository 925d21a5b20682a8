# SPDX-License-Identifier: Apache-2.0
"""The report that people and programs get: what is wrong, where, and how to mend it, in words."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

SEVERITIES = ("Violation", "Warning", "Info")
MOST = 1000  # results that a report lists; the summary counts them all
_AROUND, _WIDE = 2, 240  # lines before and after, characters of a line


@dataclass(frozen=True, slots=True)
class Finding:
    """One result in words of one language. The names of the fields are those of the JSON."""

    severity: str
    entry: str
    focusNode: str  # noqa: N815  the names of SHACL, as a program reads them
    focusLabel: str  # noqa: N815
    resultPath: str  # noqa: N815
    pathLabel: str  # noqa: N815
    value: str
    valueLabel: str  # noqa: N815
    expected: str
    mend: str
    message: dict[str, str]
    sourceShape: str  # noqa: N815
    sourceConstraintComponent: str  # noqa: N815
    file: str = ""
    line: int | None = None
    column: int | None = None
    excerpt: list[tuple[int, str]] = field(default_factory=list)
    valueTerm: str = ""  # noqa: N815  in N-Triples


@dataclass(frozen=True, slots=True)
class FileRead:
    """One file: what it was taken for, and the entries that it holds."""

    name: str
    syntax: str = ""
    entries: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class WordedReport:
    """A whole report. `omitted` counts the results that are not listed."""

    language: str
    findings: list[Finding] = field(default_factory=list)
    files: list[FileRead] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    quotes: int = 0
    quotes_compared: int = 0
    omitted: int = 0

    @property
    def conforms(self) -> bool:
        """Whether there is no violation."""
        return not self.counts.get("Violation")

    def as_json(self) -> dict[str, Any]:
        """The report for a program (docs/validating.md describes the keys)."""
        return {
            "conforms": self.conforms,
            "language": self.language,
            "summary": {
                "violations": self.counts.get("Violation", 0),
                "warnings": self.counts.get("Warning", 0),
                "notes": self.counts.get("Info", 0),
                "omitted": self.omitted,
                "quotes": self.quotes,
                "quotesCompared": self.quotes_compared,
            },
            "files": [asdict(file) for file in self.files],
            "results": [_finding_as_json(finding) for finding in self.findings],
        }


def excerpt(text: str, line: int) -> list[tuple[int, str]]:
    """The line with those around it, numbered; long ones shortened."""
    lines = text.splitlines()
    first, last = max(1, line - _AROUND), min(len(lines), line + _AROUND)
    return [(number, _cut(lines[number - 1])) for number in range(first, last + 1)]


def _cut(line: str) -> str:
    return line if len(line) <= _WIDE else line[: _WIDE - 1] + "…"


def _finding_as_json(finding: Finding) -> dict[str, Any]:
    found = asdict(finding)
    del found["valueTerm"]
    found["excerpt"] = [{"line": line, "text": text} for line, text in finding.excerpt]
    return found
