# SPDX-License-Identifier: Apache-2.0
"""Runs the tests of a suite and holds the outcome against the exceptions that are known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import httpx

from .description import check_description
from .evaluation import check_query, check_syntax, check_update
from .exchanges import check_exchanges
from .results import OnlyByValue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .manifest import Case
    from .servers import Server


Names: TypeAlias = frozenset[str]
_CHECKS: dict[str, Callable[[Case, Server], None]] = {
    "QueryEvaluationTest": check_query,
    "CSVResultFormatTest": check_query,
    "PositiveSyntaxTest": check_syntax,
    "NegativeSyntaxTest": check_syntax,
    "PositiveUpdateSyntaxTest": check_syntax,
    "NegativeUpdateSyntaxTest": check_syntax,
    "UpdateEvaluationTest": check_update,
    "ProtocolTest": check_exchanges,
    "GraphStoreProtocolTest": check_exchanges,
    "ServiceDescriptionTest": check_description,
}


@dataclass(slots=True)
class Outcome:
    """How many tests of a suite ran, and which failed with what."""

    ran: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    by_value: dict[str, str] = field(default_factory=dict)

    @property
    def passed(self) -> int:
        """How many passed, those by value among them."""
        return self.ran - len(self.failed)

    def surprises(self, cases: Iterable[Case], failing: Names, by_value: Names) -> list[str]:
        """What is not as known, a line each: `failing` and `by_value` name the known exceptions."""
        return [
            line
            for case in cases
            for line in (
                _surprise(case.name, "fails", self.failed, failing),
                _surprise(case.name, "passes by value only", self.by_value, by_value),
            )
            if line
        ]


def _surprise(name: str, what: str, found: dict[str, str], known: Names) -> str:
    if name in found and name not in known:
        return f"{name} {what}: {found[name]}"
    if name in known and name not in found:
        return f"{name} is listed, but no longer {what}"
    return ""


def run(cases: Iterable[Case], server: Server) -> Outcome:
    """Run the tests of one suite; those with the same data one after the other."""
    outcome = Outcome()
    for case in sorted(cases, key=lambda case: sorted(case.data)):
        outcome.ran += 1
        try:
            _CHECKS[case.kind](case, server)
        except OnlyByValue as problem:
            outcome.by_value[case.name] = str(problem)
        except (AssertionError, ValueError, SyntaxError, httpx.HTTPError) as problem:
            outcome.failed[case.name] = f"{type(problem).__name__}: {problem}"
    return outcome
