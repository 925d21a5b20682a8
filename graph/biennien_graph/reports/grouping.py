# SPDX-License-Identifier: Apache-2.0
"""A report by file and thing, as a page shows it: what is worst first, then as the file goes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from biennien_graph.reports import SEVERITIES

if TYPE_CHECKING:
    from biennien_graph.reports import Finding, WordedReport


@dataclass(slots=True)
class Group:
    """What is wrong with one thing of one file."""

    file: str
    thing: str
    label: str
    findings: list[Finding] = field(default_factory=list)

    @property
    def order(self) -> tuple[int, str, int]:
        """By the worst finding, the file, the first line."""
        worst = min(SEVERITIES.index(found.severity) for found in self.findings)
        return worst, self.file, min(found.line or 0 for found in self.findings)


def grouped_by_thing(report: WordedReport) -> list[Group]:
    """The groups, worst first."""
    groups: dict[tuple[str, str], Group] = {}
    for finding in report.findings:
        key = (finding.file, finding.focusNode)
        new = Group(finding.file, finding.focusNode, finding.focusLabel)
        groups.setdefault(key, new).findings.append(finding)
    for group in groups.values():
        group.findings.sort(key=lambda f: (SEVERITIES.index(f.severity), f.line or 0))
    return sorted(groups.values(), key=lambda group: group.order)
