# SPDX-License-Identifier: Apache-2.0
"""The one tree of errors.

::

    BiennienError
    ├── UsageError            the caller asked for something that cannot be          exit 2
    │   ├── NotFound          there is nothing of that number or name
    │   ├── Forbidden         the holder of this token may not do that
    │   └── WrongState        a submission is not in a state for it
    ├── DataError             what was handed in is wrong; nothing was changed       exit 1
    │   ├── DataSyntaxError   a file does not parse: file, line, column
    │   ├── EntryError        a file parses but is no entry
    │   ├── NotConforming     a change breaks the shapes: its results
    │   └── Conflicting       another change altered the same meanwhile: where
    ├── QueryError            one query failed; nothing else did
    │   ├── QuerySyntaxError  line, column, the offending token
    │   ├── QueryRefused      the query asks for what this service does not do
    │   ├── QueryTimeout      stopped at its deadline
    │   ├── QueryOutOfMemory  stopped at its memory limit
    │   ├── ResultTooLarge    it has more rows or bytes than may be
    │   ├── QueryFailed       the worker died of something else
    │   ├── CallFailed        an endpoint that it calls (SERVICE) did not answer
    │   └── NotAcceptable     no known format was asked for
    └── ServiceError          the service or its store failed                        exit 3
        ├── StoreError        the data folder is damaged, foreign or in use
        ├── JournalConflict   another change came first
        └── Overloaded        the queue in front of the workers is full
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class BiennienError(Exception):
    """Anything that Biên Niên reports in words instead of a traceback.

    `exit_code` is what the command line ends with; `hint` is one sentence on how to go on.
    """

    exit_code = 3

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        """The message, and the hint where there is one."""
        return f"{self.message} {self.hint}".strip()


class UsageError(BiennienError):
    """The caller asked for something that cannot be."""

    exit_code = 2


class NotFound(UsageError):
    """There is nothing of that number or name."""


class Forbidden(UsageError):
    """The holder of a token may not do what was asked."""


class WrongState(UsageError):
    """A submission is not in a state in which this can be done."""


class DataError(BiennienError):
    """What was handed in is wrong; nothing was changed."""

    exit_code = 1


class DataSyntaxError(DataError):
    """A file does not parse. `line` and `column` count from 1."""

    def __init__(
        self, message: str, *, file: Path | str, line: int | None, column: int | None
    ) -> None:
        place = ":".join(str(part) for part in (file, line, column) if part is not None)
        super().__init__(f"{place}: {message}")
        self.said, self.file, self.line, self.column = message, str(file), line, column


class EntryError(DataError):
    """A file parses but is no entry."""


class NotConforming(DataError):
    """A change breaks the shapes. `results` say what is wrong, as JSON would."""

    def __init__(self, results: list[dict[str, object]]) -> None:
        count = sum(result["severity"] == "Violation" for result in results)
        super().__init__(
            f"The change does not conform: {count} violation{'s' if count != 1 else ''}.",
            hint="Nothing was changed. Each result says what to mend.",
        )
        self.results = results


class Conflicting(DataError):
    """Another change altered the same meanwhile. `conflicts` say where, as JSON would."""

    def __init__(self, conflicts: list[dict[str, object]]) -> None:
        super().__init__(
            f"Another change altered the same statements meanwhile, in {len(conflicts)} "
            f"place{'s' if len(conflicts) != 1 else ''}.",
            hint="Nothing was changed. Amend the submission against what is published now.",
        )
        self.conflicts = conflicts


class QueryError(BiennienError):
    """One query failed; nothing else did."""

    exit_code = 2


class QuerySyntaxError(QueryError):
    """The query is not SPARQL. `line` and `column` count from 1, in code points."""

    def __init__(
        self, message: str, *, line: int = 1, column: int = 1, token: str = "", hint: str = ""
    ) -> None:
        super().__init__(message, hint=hint)
        self.line, self.column, self.token = line, column, token


class QueryRefused(QueryError):
    """The query asks for what this service does not do."""


class QueryTimeout(QueryError):
    """The query was stopped at its deadline, in seconds."""

    exit_code = 3

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"The query was stopped at its deadline of {seconds:g} s.",
            hint="Narrow it down, add a LIMIT, or sort fewer rows.",
        )
        self.seconds = seconds


class QueryOutOfMemory(QueryError):
    """The query was stopped at its memory limit, in bytes."""

    exit_code = 3

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"The query was stopped at its memory limit of {limit // 2**20} MiB.",
            hint="Narrow it down, or group, sort and concatenate fewer rows.",
        )
        self.limit = limit


class ResultTooLarge(QueryError):
    """A result has more rows or bytes than may be."""

    def __init__(self, message: str) -> None:
        super().__init__(message, hint="Narrow it down, or add a LIMIT; dumps hold everything.")


class QueryFailed(QueryError):
    """The query's worker died of something else."""

    exit_code = 3


class CallFailed(QueryError):
    """An endpoint that the query calls did not answer, or not as SPARQL's protocol says."""

    exit_code = 3

    def __init__(self, message: str) -> None:
        super().__init__(
            f"The other endpoint does not answer: {message}",
            hint="Ask again later, or write SERVICE SILENT to go on without it.",
        )


class NotAcceptable(QueryError):
    """No known format was asked for. `known` lists those that there are."""

    def __init__(self, wanted: str, known: Sequence[str]) -> None:
        super().__init__(
            f"There is no representation of this in {wanted}.", hint="Known: " + ", ".join(known)
        )
        self.known = tuple(known)


class ServiceError(BiennienError):
    """The service or its store failed."""


class StoreError(ServiceError):
    """The data folder is damaged, foreign or in use."""


class JournalConflict(ServiceError):
    """Another change came first."""


class Overloaded(ServiceError):
    """The queue in front of the workers is full; `retry_after` is in seconds."""

    def __init__(
        self,
        message: str = "All query workers are busy and the queue is full.",
        retry_after: int = 1,
    ) -> None:
        super().__init__(message)
        self.retry_after = retry_after
