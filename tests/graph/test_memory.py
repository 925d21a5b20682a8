# SPDX-License-Identifier: Apache-2.0
"""Reading from memory: it is taken up and given up without anybody who asks noticing."""

import asyncio
import contextlib
import logging
import os
import re
import signal
from pathlib import Path

import pytest

from biennien_graph.datafolder import DataFolder
from biennien_graph.engine import Dataset, Formats, Query
from biennien_graph.engine.memory import is_possible
from biennien_graph.engine.pool import PoolSettings, QueryPool
from biennien_graph.errors import QueryError

pytestmark = pytest.mark.skipif(not is_possible(), reason="This system has no pidfd_open.")

COUNT = "SELECT (COUNT(*) AS ?n) { ?s <urn:p> ?o }"
PAIRS = "SELECT (SUM(STRLEN(?u)) AS ?n) { ?s <urn:p> ?o . ?t <urn:p> ?u }"  # a second or two
CROSS_PRODUCT = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture
def folder(tmp_path):
    with DataFolder(tmp_path / "var") as opened:
        opened.take()
        record(opened, added=[f'<urn:{n}> <urn:p> "{n}" <urn:g> .' for n in range(2000)])
        yield opened


@contextlib.asynccontextmanager
async def serving(folder, resident=2**28, **settings):
    pool = QueryPool(PoolSettings(workers=2, resident=resident, **settings))
    publish(pool, folder)
    async with pool:
        yield pool


def publish(pool, folder):
    pool.use(folder.snapshot(), folder.deltas)


def record(folder, added=(), removed=()):
    lines = ([f"{line}\n".encode() for line in some] for some in (added, removed))
    folder.record(*lines, agent="", message="", after=folder.journal.head()[0])


async def ask(pool, text, seconds=20.0):
    answer = await pool.run(Query(text, Dataset(), Formats("tsv"), seconds))
    return (await answer.read()).decode().splitlines()[1:]


async def until(is_so, seconds=20):
    async with asyncio.timeout(seconds):
        while not is_so():
            await asyncio.sleep(0.005)


def parents():
    """The processes below this one that hold a copy."""
    found = []
    for pid in children(os.getpid()):
        with contextlib.suppress(OSError):
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
            if b"engine.resident" in command and b"dump" not in command.split(b"\0"):
                found.append(pid)
    return found


def children(pid):
    """The processes that a process has started."""
    files = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for file in files for child in file.read_text().split()]


async def test_a_pool_answers_at_once_and_changes_over_when_the_copy_is_there(folder):
    async with serving(folder) as pool:
        assert await ask(pool, COUNT) == ["2000"]
        await until(lambda: pool.reads_memory)
        assert await ask(pool, COUNT) == ["2000"]
        assert pool.reads_memory


async def test_a_change_is_seen_at_once_before_and_after_the_change_over(folder):
    async with serving(folder) as pool:
        for number in range(2000, 2010):
            record(folder, added=[f'<urn:{number}> <urn:p> "new" <urn:g> .'])
            publish(pool, folder)
            assert await ask(pool, COUNT) == [str(number + 1)]
        await until(lambda: pool.reads_memory)
        for number in range(2010, 2020):
            record(folder, added=[f'<urn:{number}> <urn:p> "new" <urn:g> .'])
            publish(pool, folder)
            assert await ask(pool, COUNT) == [str(number + 1)]
        await until(lambda: pool.reads_memory)
        assert await ask(pool, COUNT) == ["2020"]


async def test_a_small_change_is_taken_up_by_the_parent_that_is_there(folder):
    async with serving(folder) as pool:
        await until(lambda: pool.reads_memory)
        before = parents()
        record(
            folder,
            added=['_:b0 <urn:q> "blank" <urn:g> .', '<urn:x> <urn:q> "both" <urn:h> .'],
            removed=[f'<urn:{n}> <urn:p> "{n}" <urn:g> .' for n in range(1000)],
        )
        publish(pool, folder)
        assert await ask(pool, COUNT) == ["1000"]
        record(folder, removed=['_:b0 <urn:q> "blank" <urn:g> .'])
        publish(pool, folder)
        await until(lambda: pool.reads_memory)
        assert await ask(pool, "SELECT ?o { ?s <urn:q> ?o }") == ['"both"']
        assert parents() == before


async def test_a_change_that_is_no_delta_is_taken_up_by_a_new_parent(folder, monkeypatch):
    async with serving(folder) as pool:
        await until(lambda: pool.reads_memory)
        before = parents()
        monkeypatch.setattr("biennien_graph.journal.BULK_BYTES", 1000)
        record(folder, added=[f'<urn:{n}> <urn:p> "{n}" <urn:g> .' for n in range(2000, 3000)])
        publish(pool, folder)
        assert await ask(pool, COUNT) == ["3000"]
        await until(lambda: pool.reads_memory)
        assert await ask(pool, COUNT) == ["3000"]
        assert parents() != before
        assert len(parents()) == 1


async def test_a_query_under_way_goes_on_with_what_it_began_with(folder):
    text = "SELECT * { ?s <urn:p> ?o . ?t <urn:p> ?u } LIMIT 200000"
    async with serving(folder) as pool:
        await until(lambda: pool.reads_memory)
        answer = await pool.run(Query(text, Dataset(), Formats("tsv"), 20))
        record(folder, removed=[f'<urn:{n}> <urn:p> "{n}" <urn:g> .' for n in range(2000)])
        publish(pool, folder)
        assert await ask(pool, COUNT) == ["0"]
        assert (await answer.read()).count(b"\n") == 200_001


async def test_a_query_under_way_outlives_the_parent_that_is_replaced(folder, monkeypatch):
    text = "SELECT * { ?s <urn:p> ?o . ?t <urn:p> ?u } LIMIT 200000"
    async with serving(folder) as pool:
        await until(lambda: pool.reads_memory and pool.idle)
        before = parents()
        answer = await pool.run(Query(text, Dataset(), Formats("tsv"), 20))
        monkeypatch.setattr("biennien_graph.journal.BULK_BYTES", 1000)
        record(folder, added=[f'<urn:{n}> <urn:p> "{n}" <urn:g> .' for n in range(2000, 3000)])
        publish(pool, folder)
        assert await ask(pool, COUNT) == ["3000"]
        await asyncio.sleep(0.3)
        assert not pool.reads_memory
        assert parents() == before
        assert (await answer.read()).count(b"\n") == 200_001
        await until(lambda: pool.reads_memory)
        assert await ask(pool, COUNT) == ["3000"]
        assert len(parents()) == 1


ALIKE = [
    "SELECT * { ?s <urn:q> ?o } ORDER BY ?o",
    "SELECT * { GRAPH ?g { ?s <urn:q> ?o } } ORDER BY ?g ?o",
    "SELECT * { ?s <urn:q> ?o GRAPH ?g { ?s ?p ?o } } ORDER BY ?g ?o",
    "SELECT * FROM <urn:h> { ?s <urn:q> ?o } ORDER BY ?o",
    "SELECT * FROM <urn:h> FROM <urn:gone> { ?s <urn:q> ?o } ORDER BY ?o",
    "SELECT ?g { GRAPH ?g {} } ORDER BY ?g",
    "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY ?p",
]


@pytest.fixture
def odd(folder):
    """Blank nodes, words that look like one, a graph that is empty, hundreds of predicates."""
    record(
        folder,
        added=[
            "_:b0 <urn:q> _:b1 <urn:gone> .",
            '_:b0 <urn:q> "both" <urn:gone> .',
            '_:b0 <urn:q> "both" <urn:h> .',
            '<urn:x> <urn:q> "_:b0 <urn:p> \\n_:b1 ." <urn:h> .',
            '<urn:x> <urn:q> "x"@vi <urn:empty> .',
            *(f'<urn:x> <urn:p{n}> "{n}" <urn:h> .' for n in range(300)),
        ],
    )
    record(folder, removed=['<urn:x> <urn:q> "x"@vi <urn:empty> .'])
    return folder


async def same_answers(disk, memory):
    assert memory.reads_memory
    for query in ALIKE:
        assert await ask(memory, query) == await ask(disk, query) != [], query


async def test_both_kinds_give_the_same_answers_and_names_of_blank_nodes(odd):
    async with serving(odd, resident=0) as disk, serving(odd) as memory:
        await until(lambda: memory.reads_memory)
        await same_answers(disk, memory)


async def test_both_kinds_give_the_same_answers_after_a_change(odd):
    async with serving(odd, resident=0) as disk, serving(odd) as memory:
        await until(lambda: memory.reads_memory)
        before = parents()
        record(
            odd,
            added=["_:b0 <urn:q> _:b2 <urn:h> .", '<urn:x> <urn:q> "x"@vi <urn:new> .'],
            removed=['_:b0 <urn:q> "both" <urn:h> .', "_:b0 <urn:q> _:b1 <urn:gone> ."],
        )
        publish(disk, odd)
        publish(memory, odd)
        await until(lambda: memory.reads_memory)
        await same_answers(disk, memory)
        assert parents() == before


async def test_no_two_workers_draw_the_same_random_numbers(folder):
    async with serving(folder) as pool:
        await until(lambda: pool.reads_memory)
        draw = "SELECT (UUID() AS ?u) (RAND() AS ?r) (STRUUID() AS ?v) (BNODE() AS ?b) {}"
        drawn = []
        for _ in range(3):
            drawn += (await ask(pool, draw))[0].split("\t")
            with contextlib.suppress(QueryError):  # costs the worker that drew
                await ask(pool, CROSS_PRODUCT, seconds=0.05)
        assert len(set(drawn)) == 12


async def test_a_worker_gives_way_for_one_long_query_and_not_for_the_next(folder):
    """It is kept: what it has read is its own by now, and quicker to read."""
    usual = os.getpriority(os.PRIO_PROCESS, 0)
    async with serving(folder) as pool:
        await until(lambda: pool.reads_memory and pool.idle)
        long = asyncio.create_task(ask(pool, PAIRS))
        [parent] = parents()
        await until(lambda: nices(parent) == {usual, 10})
        assert await long
        assert nices(parent) == {usual, 10}  # the thread waits
        for _ in range(4):
            assert await ask(pool, COUNT) == ["2000"]
        assert nices(parent) == {usual}
        assert pool.size <= 3


def nices(pid):
    """How nice the threads of a process's children are."""
    found = set()
    for child in children(pid):
        for task in Path(f"/proc/{child}/task").iterdir():
            with contextlib.suppress(OSError):
                found.add(os.getpriority(os.PRIO_PROCESS, int(task.name)))
    return found


async def test_a_parent_that_is_killed_costs_nothing_but_time(folder):
    async with serving(folder) as pool:
        await until(lambda: pool.reads_memory)
        [parent] = parents()
        os.kill(parent, signal.SIGKILL)
        for _ in range(20):
            assert await ask(pool, COUNT) == ["2000"]
        await until(lambda: pool.reads_memory and parents() not in ([], [parent]))
        assert await ask(pool, COUNT) == ["2000"]


async def test_a_query_whose_parent_is_killed_is_answered_from_disk(folder):
    async with serving(folder) as pool:
        await until(lambda: pool.reads_memory)
        question = asyncio.create_task(ask(pool, PAIRS))
        await asyncio.sleep(0.1)
        assert not question.done()
        os.kill(parents()[0], signal.SIGKILL)
        assert len(await question) == 1


async def test_data_beyond_the_budget_are_read_from_disk_and_not_tried_again(folder, caplog):
    caplog.set_level(logging.WARNING)
    async with serving(folder, resident=2**20) as pool:
        await until(lambda: "do not fit" in caplog.text)
        assert await ask(pool, COUNT) == ["2000"]
        record(folder, added=['<urn:x> <urn:p> "x" <urn:g> .'])
        publish(pool, folder)
        await asyncio.sleep(1)
        assert not parents()
        assert not pool.reads_memory
        assert await ask(pool, COUNT) == ["2001"]
    assert len(re.findall("do not fit into 1 MiB", caplog.text)) == 1


async def test_a_copy_that_outgrows_the_budget_is_given_up_and_one_line_says_so(folder, caplog):
    caplog.set_level(logging.WARNING)
    async with serving(folder, resident=64 * 2**20) as pool:
        await until(lambda: pool.reads_memory)
        number = 2000
        while pool.reads_memory:
            more = range(number, number + 20_000)
            record(folder, added=[f'<urn:{n}> <urn:p> "{n}" <urn:g> .' for n in more])
            publish(pool, folder)
            number += 20_000
            assert await ask(pool, COUNT) == [str(number)]
            await until(lambda: pool.reads_memory or "do not fit" in caplog.text)
        assert await ask(pool, COUNT) == [str(number)]
        await until(lambda: not parents())
    assert len(re.findall("do not fit into 64 MiB", caplog.text)) == 1


async def test_workers_beyond_the_budget_read_from_disk(folder, monkeypatch):
    """Room for a copy and one worker: the second one is answered all the same."""
    monkeypatch.setattr("biennien_graph.engine.memory.LEAST", 100 * 2**20)
    async with serving(folder, resident=200 * 2**20) as pool:
        await until(lambda: pool.reads_memory)
        first = await pool.run(Query("SELECT * { ?a ?b ?c . ?d ?e ?f }", Dataset(), Formats("tsv")))
        second = await pool.run(
            Query("SELECT * { ?a ?b ?c . ?d ?e ?f }", Dataset(), Formats("tsv"))
        )
        assert len(children(parents()[0])) == 1
        first.close()
        second.close()
        await until(lambda: pool.idle)
        assert await ask(pool, COUNT) == ["2000"]


async def test_nothing_is_left_when_a_pool_ends(folder):
    async with serving(folder) as pool:
        await until(lambda: pool.reads_memory)
    async with serving(folder):
        pass  # ends while the copy is being loaded
    await until(lambda: not parents())
