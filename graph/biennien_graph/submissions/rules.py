# SPDX-License-Identifier: Apache-2.0
"""Who may do what with a submission, and when: one table. docs/stewards.md shows the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from biennien_graph.errors import Forbidden, WrongState

if TYPE_CHECKING:
    from biennien_graph.submissions import Submission
    from biennien_graph.tokens import Token

State = Literal["open", "published", "rejected", "withdrawn"]
STATES: tuple[State, ...] = ("open", "published", "rejected", "withdrawn")


@dataclass(frozen=True, slots=True)
class Rule:
    """What an action needs and what it leads to. `who`: anyone of the role, its own submitter,
    or somebody else (the four-eyes principle, which a setting may lift).
    """

    role: str
    who: Literal["anyone", "submitter", "another"]
    before: tuple[State, ...]
    after: State | None  # None: the state stays


RULES = {
    "propose": Rule("steward", "anyone", (), "open"),
    "amend": Rule("steward", "submitter", ("open",), None),
    "comment": Rule("steward", "anyone", STATES, None),
    "withdraw": Rule("steward", "submitter", ("open",), "withdrawn"),
    "approve": Rule("editor", "another", ("open",), "published"),
    "reject": Rule("editor", "anyone", ("open",), "rejected"),
}


def check(action: str, submission: Submission | None, holder: Token, *, four_eyes: bool) -> None:
    """Raise `Forbidden` or `WrongState` where the holder may not do this, or not now."""
    rule = RULES[action]
    if not holder.may(rule.role):
        raise Forbidden(f"This needs the role {rule.role}; {holder.name} is {holder.role}.")
    if submission is None:
        return
    if submission.state not in rule.before:
        raise WrongState(
            f"Submission {submission.id} is {submission.state}.",
            hint=f"To {action} it, it must be {' or '.join(rule.before)}.",
        )
    own = holder.name == submission.agent
    if rule.who == "submitter" and not own:
        raise Forbidden(f"Only {submission.agent}, who submitted it, may {action} it.")
    if rule.who == "another" and own and four_eyes:
        raise Forbidden(
            "Nobody approves their own submission.",
            hint="Ask another editor; or set BIENNIEN_FOUR_EYES=false where you work alone.",
        )
