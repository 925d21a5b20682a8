# SPDX-License-Identifier: Apache-2.0
"""Queries run in processes of their own: one that runs away harms nobody."""

import asyncio
import time

import pytest

from biennien_graph.datafolder import DataFolder
from biennien_graph.engine import Dataset, Formats, Query
from biennien_graph.engine.pool import PoolSettings, QueryPool
from biennien_graph.errors import (
    Overloaded,
    QueryFailed,
    QueryOutOfMemory,
    QuerySyntaxError,
    QueryTimeout,
)

ROWS = 20_000
CROSS_PRODUCT = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
SORTED_CROSS_PRODUCT = "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?c"
POINT = "SELECT ?o { <urn:7> <urn:p> ?o }"


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    with DataFolder(tmp_path_factory.mktemp("pool") / "var") as folder:
        folder.take()
        lines = (f'<urn:{n}> <urn:p> "{n}" <urn:g> .\n'.encode() for n in range(ROWS))
        folder.record(lines, (), agent="", message="", after=0)
        yield folder.snapshot()


@pytest.fixture(params=["disk", "memory"])
async def pool(snapshot, request):
    """Workers of either kind: whatever holds for one holds for the other."""
    resident = 2**30 if request.param == "memory" else 0
    settings = PoolSettings(workers=3, memory=256 * 2**20, queue=2, resident=resident)
    opened = QueryPool(settings)
    opened.use(snapshot)
    async with opened:
        if resident:
            await from_memory(opened)
        yield opened
        assert opened.reads_memory == bool(resident)


async def from_memory(pool: QueryPool) -> None:
    """Wait until queries are answered from memory."""
    async with asyncio.timeout(20):
        while not (pool.reads_memory and pool.idle):
            await asyncio.sleep(0.01)


async def ask(pool: QueryPool, text: str, seconds: float = 20, **formats: str) -> str:
    answer = await pool.run(Query(text, Dataset(), Formats(**formats), seconds))
    return (await answer.read()).decode()


async def whole(pool: QueryPool) -> None:
    """Wait until a worker is warm again."""
    async with asyncio.timeout(2):
        while not pool.idle:
            await asyncio.sleep(0.01)


async def test_a_query_is_answered(pool):
    assert await ask(pool, POINT, solutions="csv") == "o\r\n7\r\n"


async def test_a_worker_answers_one_question_after_the_other(pool):
    for number in range(50):
        text = f"SELECT ?o {{ <urn:{number}> <urn:p> ?o }}"
        assert await ask(pool, text, solutions="tsv") == f'?o\n"{number}"\n'
    assert pool.size <= 2 + pool.reads_memory  # beside memory, one reads from disk


async def test_a_large_result_comes_in_pieces(pool):
    answer = await pool.run(Query("SELECT * { ?s ?p ?o }", formats=Formats("tsv")))
    assert not answer.complete
    body = await answer.read()
    assert body.count(b"\n") >= ROWS


async def test_a_query_is_stopped_at_its_deadline(pool):
    started = time.monotonic()
    with pytest.raises(QueryTimeout) as stopped:
        await ask(pool, CROSS_PRODUCT, seconds=0.5)
    assert stopped.value.seconds == 0.5
    assert time.monotonic() - started < 2
    await whole(pool)


async def test_a_query_is_stopped_at_its_memory_limit(pool):
    with pytest.raises(QueryOutOfMemory) as stopped:
        await ask(pool, SORTED_CROSS_PRODUCT)
    assert "256 MiB" in stopped.value.message
    await whole(pool)


async def test_others_are_answered_while_one_runs_away(pool):
    runaway = asyncio.create_task(ask(pool, CROSS_PRODUCT, seconds=2))
    await asyncio.sleep(0.1)
    assert await ask(pool, POINT, solutions="csv") == "o\r\n7\r\n"
    assert not runaway.done()
    with pytest.raises(QueryTimeout):
        await runaway


async def test_runaways_on_every_worker_leave_the_quick_ones_their_turns(pool):
    running = [asyncio.create_task(ask(pool, CROSS_PRODUCT, seconds=8)) for _ in range(3)]
    await asyncio.sleep(4)
    for _ in range(5):
        assert await ask(pool, POINT, seconds=3)
    outcomes = await asyncio.gather(*running, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [QueryTimeout] * 3
    results = await asyncio.gather(*(ask(pool, POINT) for _ in range(3)))  # all turns came back
    assert len(results) == 3


async def test_a_result_cut_short_by_its_deadline_is_an_error_and_not_an_end(pool):
    answer = await pool.run(Query("SELECT * { ?a ?b ?c . ?d ?e ?f }", seconds=3))
    assert not answer.complete
    with pytest.raises(QueryTimeout):
        await answer.read()


async def test_a_reader_who_leaves_frees_the_worker(pool):
    answer = await pool.run(Query("SELECT * { ?a ?b ?c . ?d ?e ?f }", seconds=20))
    answer.close()
    await whole(pool)
    assert await ask(pool, POINT, solutions="csv") == "o\r\n7\r\n"


async def test_a_cancelled_question_frees_the_worker(pool):
    question = asyncio.create_task(ask(pool, CROSS_PRODUCT))
    await asyncio.sleep(0.1)
    question.cancel()
    with pytest.raises(asyncio.CancelledError):
        await question
    await whole(pool)


async def test_too_many_questions_are_turned_away_at_once(pool):
    running = [asyncio.create_task(ask(pool, CROSS_PRODUCT, seconds=1)) for _ in range(3 + 2)]
    await asyncio.sleep(0.3)
    started = time.monotonic()
    with pytest.raises(Overloaded):
        await ask(pool, POINT)
    assert time.monotonic() - started < 0.05
    outcomes = await asyncio.gather(*running, return_exceptions=True)
    assert all(isinstance(outcome, QueryTimeout) for outcome in outcomes)


@pytest.mark.parametrize(
    ("text", "line", "column", "token"),
    [
        ("SELECT * { ?s ?p }", 1, 18, "}"),
        ("SELECT *\nWHERE { ?s foo:bar ?o }", 2, 12, "foo:bar"),
        ("SELEC * {}", 1, 1, "SELEC"),
        ("SELECT * { ?s ?p ?o } LIMIT many", 1, 29, "many"),
        ("SELECT ?s, ?p { ?s ?p ?o }", 1, 10, ","),
        ("SELECT * { ?s ?p ?o } }", 1, 23, "}"),
        ('SELECT * { ?s ?p "é', 1, 18, '"'),
        ("SELECT * { ?s a <http://a b> }", 1, 17, "<"),
        ("SELECT * { ?s ?p ?o", 1, 20, ""),
        ("", 1, 1, ""),
    ],
)
async def test_a_syntax_error_names_its_place_and_token(pool, text, line, column, token):
    with pytest.raises(QuerySyntaxError) as wrong:
        await ask(pool, text)
    found = wrong.value
    assert (found.line, found.column, found.token) == (line, column, token)
    assert pool.idle


async def test_what_cannot_be_evaluated_is_said_and_costs_no_worker(pool):
    with pytest.raises((QueryFailed, QuerySyntaxError)):
        await ask(pool, "SELECT * { ?s ?p ?o FILTER(<urn:unknown-function>(?o)) } LIMIT")
    assert await ask(pool, POINT, solutions="csv") == "o\r\n7\r\n"


async def test_a_new_snapshot_is_read_by_the_next_question(tmp_path):
    with DataFolder(tmp_path / "var") as folder:
        folder.take()
        pool = QueryPool(PoolSettings(workers=1))
        pool.use(folder.snapshot())
        async with pool:
            for number in range(1, 4):
                line = f'<urn:7> <urn:p> "{number}" <urn:g> .\n'.encode()
                folder.record([line], (), agent="", message="", after=number - 1)
                pool.use(folder.snapshot())
                rows = await ask(pool, POINT, solutions="tsv")
                assert rows.count("\n") == number + 1


async def test_a_query_reads_no_file_and_reaches_no_host(pool):
    text = "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }"
    assert await ask(pool, text, solutions="tsv") == "?o\t?p\t?s\n"
