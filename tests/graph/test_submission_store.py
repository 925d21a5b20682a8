# SPDX-License-Identifier: Apache-2.0
"""Submissions are kept as they were sent, and nobody's decision overtakes another's."""

import threading
from dataclasses import replace

import pytest
import sqlalchemy as sa

from biennien_graph.audit import AuditLog
from biennien_graph.database.tables import AUDIT
from biennien_graph.errors import Forbidden, JournalConflict, NotFound, StoreError, WrongState
from biennien_graph.journal import Journal
from biennien_graph.submissions import Proposed, Revision
from biennien_graph.submissions.rules import RULES, STATES, check
from biennien_graph.submissions.store import Submissions
from biennien_graph.tokens import ROLES, Token

ENTRY = Proposed("urn:g", "put", "tệp.ttl", "text/turtle", "<urn:s> <urn:p> 'ổn' .".encode())
FIRST = Revision(
    number=1,
    agent="Lò Thị Mai",
    time="2024-05-07T00:00:00.000+00:00",
    message="một văn bản mới",
    base=3,
    added="<urn:s> <urn:p> 'ổn' <urn:g> .\n".encode(),
    removed=b"",
    results=[{"severity": "Warning", "messages": {"vi": "xem lại"}}],
    entries=(ENTRY, Proposed("urn:h", "withdraw")),
)


@pytest.fixture
def submissions(database):
    return Submissions(database)


def token(name: str, role: str) -> Token:
    return Token("0", name, role, "2024", None, None, None)


def test_a_submission_comes_back_as_it_was_sent(submissions):
    made = submissions.propose(FIRST)
    assert (made.id, made.state, made.revision) == (1, "open", 1)
    assert (made.agent, made.message, made.position) == (FIRST.agent, FIRST.message, None)
    assert submissions.get(1) == made
    assert submissions.revision(1, 1) == FIRST


def test_an_amendment_is_another_revision_and_the_first_one_stays(submissions):
    submissions.propose(FIRST)
    second = replace(FIRST, number=2, added=b"", message="bỏ bớt", entries=())
    assert submissions.amend(1, second).revision == 2
    assert submissions.revision(1, 1) == FIRST
    assert submissions.revision(1, 2) == second
    assert [number for number, *_ in submissions.revisions(1)] == [1, 2]


def test_an_amendment_of_a_revision_that_is_not_the_newest_is_refused(submissions):
    submissions.propose(FIRST)
    submissions.amend(1, replace(FIRST, number=2))
    with pytest.raises(WrongState, match="revision 2, not 1"):
        submissions.amend(1, replace(FIRST, number=2))


@pytest.mark.parametrize("state", ["rejected", "withdrawn"])
def test_what_is_closed_stays_closed(submissions, state):
    submissions.propose(FIRST)
    closed = submissions.close(1, state, revision=1, by="Hạnh", reason="trùng")
    assert (closed.state, closed.decided_by, closed.reason) == (state, "Hạnh", "trùng")
    with pytest.raises(WrongState, match=state):
        submissions.close(1, "rejected", revision=1, by="An")
    with pytest.raises(WrongState, match=state):
        submissions.amend(1, replace(FIRST, number=2))


def test_comments_are_possible_in_every_state(submissions):
    submissions.propose(FIRST)
    submissions.comment(1, agent="Hạnh", text="Ngày này ở đâu ra?")
    submissions.close(1, "withdrawn", revision=1, by=FIRST.agent)
    submissions.comment(1, agent=FIRST.agent, text="Nhầm nguồn.")
    assert [(c.number, c.revision, c.text) for c in submissions.comments(1)] == [
        (1, 1, "Ngày này ở đâu ra?"),
        (2, 1, "Nhầm nguồn."),
    ]


def test_lists_are_newest_first_and_can_be_narrowed_and_paged(submissions):
    for name in ("Mai", "An", "Mai"):
        submissions.propose(replace(FIRST, agent=name))
    submissions.close(2, "rejected", revision=1, by="Hạnh")
    assert [found.id for found in submissions.all()] == [3, 2, 1]
    assert [found.id for found in submissions.all(limit=2)] == [3, 2]
    assert [found.id for found in submissions.all(before=2)] == [1]
    assert [found.id for found in submissions.all(state="open")] == [3, 1]
    assert [found.id for found in submissions.all(agent="Mai")] == [3, 1]
    assert submissions.count() == {"open": 2, "rejected": 1}


def test_what_is_not_there_is_not_found(submissions):
    with pytest.raises(NotFound, match="no submission 1"):
        submissions.get(1)
    with pytest.raises(NotFound, match="no submission 1"):
        submissions.comment(1, agent="An", text="?")
    submissions.propose(FIRST)
    with pytest.raises(NotFound, match="no revision 2"):
        submissions.revision(1, 2)


# Published with the change, or not at all


def publish(submissions, journal, after: int, by: str = "Hạnh"):
    def also(connection, position):
        submissions.publish(connection, 1, revision=1, by=by, position=position)

    return journal.append(
        [FIRST.added], [], agent=by, message="", after=after, submission="1", also=also
    )


def test_a_submission_is_published_with_its_change(submissions, database, tmp_path):
    submissions.propose(FIRST)
    change = publish(submissions, Journal(database, tmp_path), 0)
    found = submissions.get(1)
    assert (found.state, found.position, found.decided_by) == ("published", 1, "Hạnh")
    assert change.submission == "1"


def test_where_another_change_came_first_the_submission_stays_open(submissions, database, tmp_path):
    submissions.propose(FIRST)
    journal = Journal(database, tmp_path)
    journal.append([b"<urn:a> <urn:b> <urn:c> <urn:d> .\n"], [], agent="", message="", after=0)
    with pytest.raises(JournalConflict):
        publish(submissions, journal, 0)
    assert submissions.get(1).state == "open"


def test_of_many_who_approve_at_once_one_publishes_and_nothing_is_recorded_twice(
    submissions, database, tmp_path
):
    submissions.propose(FIRST)
    journal, outcomes = Journal(database, tmp_path), []

    def approve(name: str) -> None:
        try:
            outcomes.append(publish(submissions, journal, journal.head()[0], name).position)
        except (WrongState, JournalConflict):
            outcomes.append(None)

    threads = [threading.Thread(target=approve, args=(f"{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes, key=str) == [1, *[None] * 5]
    assert journal.head()[0] == 1


# Who may do what


def test_every_action_of_the_table_is_allowed_to_exactly_those_whom_it_names(submissions):
    made = submissions.propose(FIRST)
    allowed = {
        (action, role, own, state)
        for action in RULES
        for role in ROLES
        for own in (True, False)
        for state in STATES
        if may(action, replace(made, state=state), FIRST.agent if own else "Hạnh", role)
    }
    every, mine = (True, False), (True,)
    assert {row for row in allowed if row[0] == "approve"} == {
        ("approve", role, False, "open") for role in ("editor", "admin")
    }
    assert {row for row in allowed if row[0] == "reject"} == {
        ("reject", role, own, "open") for role in ("editor", "admin") for own in every
    }
    for action in ("amend", "withdraw"):
        assert {row for row in allowed if row[0] == action} == {
            (action, role, own, "open") for role in ROLES for own in mine
        }
    assert len([row for row in allowed if row[0] == "comment"]) == len(ROLES) * 2 * len(STATES)


def may(action, submission, name: str, role: str, *, four_eyes: bool = True) -> bool:
    try:
        check(action, submission, token(name, role), four_eyes=four_eyes)
    except (Forbidden, WrongState):
        return False
    return True


def test_who_works_alone_may_approve_their_own(submissions):
    made = submissions.propose(FIRST)
    assert not may("approve", made, FIRST.agent, "editor")
    assert may("approve", made, FIRST.agent, "editor", four_eyes=False)
    assert not may("approve", made, FIRST.agent, "steward", four_eyes=False)


# The audit log


def test_the_audit_log_knows_when_it_was_altered(database):
    log = AuditLog(database)
    for name in ("An", "Hạnh", "Mai"):
        log.note("approve", agent=name, token="0", on="submission 1", outcome="done")
    assert log.verify() == 3
    assert [event.agent for event in log.newest(limit=2)] == ["Mai", "Hạnh"]
    with database.writing() as connection:
        connection.execute(AUDIT.update().where(AUDIT.c.id == 2).values(agent="Bình"))
    with pytest.raises(StoreError, match="Entry 2"):
        log.verify()
    with database.writing() as connection:
        connection.execute(sa.delete(AUDIT).where(AUDIT.c.id == 1))
    with pytest.raises(StoreError, match="Entry 1"):
        log.verify()
