# SPDX-License-Identifier: Apache-2.0
"""Submissions: changes that are proposed, discussed, amended, and published or not.

A submission is a difference (quads to add and quads to remove) to what was published at one
position of the journal, its base, with the entries as they were sent. `rules` says who may do
what and when; `store` keeps them; `merging` brings a difference to a newer state.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from biennien_graph.submissions.rules import State


@dataclass(frozen=True, slots=True)
class Proposed:
    """One entry as it was sent: its graph, whether it is withdrawn, file name and content."""

    graph: str
    action: str  # "put" or "withdraw"
    name: str = ""
    media_type: str = ""
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class Revision:
    """One state of a proposal. `added` and `removed` are N-Quads, against position `base`.

    `results` is the validation report of that day, as JSON would have it.
    """

    number: int
    agent: str
    time: str
    message: str
    base: int
    added: bytes
    removed: bytes
    results: list[dict[str, Any]] = field(default_factory=list)
    entries: tuple[Proposed, ...] = ()


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody says of a submission. `revision` is the one that it was said of."""

    number: int
    revision: int
    agent: str
    time: str
    text: str


@dataclass(frozen=True, slots=True)
class Submission:
    """One submission, without its revisions and comments. Times are UTC, RFC 3339.

    `position` is the change that published it; `reverts` the change that it undoes.
    """

    id: int
    state: State
    agent: str
    message: str
    created: str
    updated: str
    revision: int
    reverts: int | None
    decided_by: str | None
    reason: str | None
    position: int | None
