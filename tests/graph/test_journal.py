# SPDX-License-Identifier: Apache-2.0
import threading

import pytest
import sqlalchemy as sa

from biennien_graph.errors import JournalConflict, StoreError
from biennien_graph.journal import BULK_BYTES, START, Journal


@pytest.fixture
def journal(database, tmp_path):
    return Journal(database, tmp_path / "bulk")


def line(number: int) -> bytes:
    return f'<urn:s{number}> <urn:p> "{number}" <urn:g> .\n'.encode()


def append(journal: Journal, added=(), removed=()):
    return journal.append(added, removed, agent="An", message="because", after=journal.head()[0])


def test_an_empty_journal_stands_at_zero(journal):
    assert journal.head() == (0, START)
    assert list(journal.since(0)) == []


def test_a_change_comes_back_as_it_was_recorded(journal):
    recorded = append(journal, [line(1), line(2)], [line(3)])
    (found,) = journal.since(0)
    assert found == recorded
    assert (found.position, found.agent, found.message) == (1, "An", "because")
    assert (found.added, found.removed) == (line(1) + line(2), line(3))
    assert (found.added_count, found.removed_count) == (2, 1)


def test_changes_are_numbered_without_gaps_and_read_in_order(journal):
    for number in range(5):
        append(journal, [line(number)])
    assert [change.position for change in journal.since(2)] == [3, 4, 5]


def test_a_change_made_against_an_older_state_is_refused(journal):
    append(journal, [line(1)])
    with pytest.raises(JournalConflict):
        journal.append([line(2)], [], agent="Bình", message="", after=0)
    assert journal.head()[0] == 1


def test_of_many_that_write_at_once_one_wins_each_position(journal):
    outcomes = []

    def race():
        try:
            outcomes.append(journal.append([line(1)], [], agent="", message="", after=0).position)
        except JournalConflict:
            outcomes.append(None)

    threads = [threading.Thread(target=race) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes, key=str) == [1, *[None] * 7]


def test_a_large_change_lies_in_one_file_named_by_its_content(journal, tmp_path):
    size = BULK_BYTES // len(line(1)) + 2
    change = append(journal, (line(number) for number in range(size)))
    assert change.is_bulk
    assert change.added_count == size
    assert [file.name for file in (tmp_path / "bulk").iterdir()] == [change.added.name]
    with change.open_added() as lines:
        assert sum(1 for _ in lines) == size
    assert journal.verify() == 1


def tamper(database, statement: str) -> None:
    with database.writing() as connection:
        connection.execute(sa.text(statement))


@pytest.mark.parametrize("column", ["agent", "message", "time"])
def test_an_altered_change_is_recognised(journal, database, column):
    append(journal, [line(1)])
    append(journal, [line(2)])
    tamper(database, f"UPDATE change SET {column} = 'another' WHERE position = 1")
    with pytest.raises(StoreError, match="Change 1"):
        journal.verify()


def test_a_lost_change_is_recognised(journal, database):
    for number in range(3):
        append(journal, [line(number)])
    tamper(database, "DELETE FROM change WHERE position = 2")
    with pytest.raises(StoreError, match="2 is missing"):
        journal.verify()
