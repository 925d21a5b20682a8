# SPDX-License-Identifier: Apache-2.0
"""Shows, after a run of the W3C suites, how many of their tests ran and passed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """A table of what the tests recorded as `conformance`: server, suite and counts."""
    rows = [
        value
        for outcome in ("passed", "failed")
        for report in terminalreporter.getreports(outcome)
        for name, value in report.user_properties
        if name == "conformance"
    ]
    if rows:
        terminalreporter.section("W3C SPARQL suites")
        line = "{:12} {:24} {:>5} {:>7} {:>9} {:>7}"
        heads = ("server", "suite", "ran", "passed", "by value", "failed")
        for row in (heads, *sorted(map(tuple, rows))):
            terminalreporter.write_line(line.format(*row))
