# SPDX-License-Identifier: Apache-2.0
"""Updates that run away, are too large or come all at once: others are served all the same."""

import gzip
import os
import shutil
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from biennien_graph.turn import Turn

SLOW_START = 5.0  # seconds that a judge may take to start on a busy machine
DIRECT = {"Content-Type": "application/sparql-update"}
VALUES = " ".join(map(str, range(100)))
CROSS = " ".join(f"VALUES ?{name} {{ {VALUES} }}" for name in "abcdef")
RUNAWAY = f"INSERT {{ <urn:s> <urn:p> ?a }} WHERE {{ {CROSS} }}"
LONG = f'CONCAT("{"x" * 8_000}", STR(?a), STR(?b), STR(?c), STR(?d), STR(?e), STR(?f))'
GLUTTON = f"INSERT {{ <urn:s> <urn:p> ?long }} WHERE {{ {CROSS} BIND({LONG} AS ?long) }}"
COUNT = """DELETE { <urn:count> <urn:is> ?n } INSERT { <urn:count> <urn:is> ?next }
WHERE { <urn:count> <urn:is> ?n BIND(?n + 1 AS ?next) }"""
INSERT = "INSERT DATA { <urn:s> <urn:p> 1 }"


@pytest.fixture(scope="module")
def bounded(edit, reading, tmp_path_factory):
    """May write to a service with little of everything."""
    settings = {"default_graph": "own", "query_seconds": "3", "query_memory": "64"}
    settings["memory"] = reading.memory
    with edit(tmp_path_factory.mktemp("bounded"), max_body="16384", **settings) as editor:
        reading.wait_for(editor.service)
        yield editor


@pytest.fixture
def small(bounded):
    bounded.change("DROP ALL")
    return bounded


@pytest.fixture
def in_background(small):
    """Send an update from elsewhere: a call that waits for its response."""
    with ThreadPoolExecutor(16) as threads:

        def send(text):
            client = small.client
            url = f"{client.base_url}sparql/update"
            headers = {**DIRECT, "Authorization": client.headers["authorization"]}
            return threads.submit(httpx.post, url, content=text, headers=headers, timeout=60).result

        yield send


def judges(service):
    """The processes of a service that judge changes."""
    tasks = Path(f"/proc/{service.process.pid}/task").glob("*/children")
    children = [pid for task in tasks for pid in task.read_text().split()]
    return [
        int(pid)
        for pid in children
        if b"change_worker" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]


def has_ended(pid):
    """Whether all threads of a process are gone, and with them its end of the connection."""
    process = Path(f"/proc/{pid}")
    if not process.exists():
        return True
    return ") Z " in (process / "stat").read_text() and len(list((process / "task").iterdir())) == 1


# Deadline, memory, size


def test_an_update_is_stopped_at_its_deadline_and_the_next_one_works(small, problem):
    began = time.monotonic()
    found = problem(small.update(f"{INSERT} ; {RUNAWAY}"), 504)
    assert 2.5 < time.monotonic() - began < 10
    assert found["type"].endswith("/query-timeout")
    assert found["seconds"] == 3
    assert small.content() == set()
    assert small.change(INSERT) == (1, 0)


def test_others_are_answered_while_an_update_runs_away(small, in_background):
    small.change(INSERT)
    runaway = in_background(RUNAWAY)
    time.sleep(0.3)
    took, until = [], time.monotonic() + 1.5
    while time.monotonic() < until:
        began = time.monotonic()
        assert small.content() == {"s p 1"}
        took.append(time.monotonic() - began)
    assert max(took) < 1
    waiting = in_background("INSERT DATA { <urn:s> <urn:p> 2 }")
    assert runaway().status_code == 504
    assert waiting().status_code == 200
    assert small.content() == {"s p 1", "s p 2"}


def test_an_update_that_needs_too_much_memory_is_stopped(small, problem):
    found = problem(small.update(GLUTTON), 507)
    assert found["type"].endswith("/query-memory")
    assert "64 MiB" in found["detail"]
    assert small.content() == set()
    assert small.change(INSERT) == (1, 0)


@pytest.mark.parametrize("address", ["/sparql/update", "/graphs?graph=urn:g"])
def test_a_body_that_is_too_large_is_refused(small, problem, address):
    long = f"# {'x' * 20_000}\n{INSERT}".encode()
    methods = {"/sparql/update": "POST", "/graphs?graph=urn:g": "PUT"}
    bodies = {
        "plain": (long, {}),
        "in pieces": (iter([long[:9_000], long[9_000:]]), {}),
        "compressed": (gzip.compress(long), {"Content-Encoding": "gzip"}),
        "a bomb": (gzip.compress(b" " * 10_000_000), {"Content-Encoding": "gzip"}),
    }
    for body, headers in bodies.values():
        kind = DIRECT if "update" in address else {"Content-Type": "text/turtle"}
        response = small.client.request(
            methods[address], address, content=body, headers=kind | headers
        )
        assert problem(response, 413)["type"].endswith("/too-large")
    assert small.content() == set()


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="This system has no /proc.")
def test_a_judge_that_is_killed_is_replaced(small, in_background, wait_until):
    small.change(INSERT)
    (judge,) = judges(small.service)
    os.kill(judge, signal.SIGKILL)
    wait_until(lambda: has_ended(judge), "the judge is gone")
    assert small.change("INSERT DATA { <urn:s> <urn:p> 2 }") == (1, 0)
    runaway = in_background(RUNAWAY)
    time.sleep(0.5)
    for pid in judges(small.service):
        os.kill(pid, signal.SIGKILL)
    assert runaway().status_code == 500
    assert small.change("INSERT DATA { <urn:s> <urn:p> 3 }") == (1, 0)
    assert small.content() == {"s p 1", "s p 2", "s p 3"}
    wait_until(lambda: len(judges(small.service)) == 1, "one judge is left")


def test_nothing_is_left_lying_about(small, problem):
    """Whatever became of the updates, their folders are gone."""
    small.update(INSERT)
    problem(small.update("DROP GRAPH <urn:none>"), 400)
    small.client.put("/graphs?graph=urn:g", content="<urn:a> <urn:p> ")
    left = {path.name for path in small.service.data.iterdir()}
    assert not [name for name in left if name.startswith(("change-", "tmp"))]


# Many at once


def test_updates_sent_at_once_are_all_done_each_once(small, in_background):
    small.change("INSERT DATA { <urn:count> <urn:is> 0 }")
    responses = [
        in_background(f"{COUNT} ; INSERT DATA {{ <urn:s> <urn:p> {n} }}") for n in range(10)
    ]
    seen, until = [0], time.monotonic() + 30
    while seen[-1] < 10 and time.monotonic() < until:
        content = small.content()
        seen.append(next(int(quad.split()[2]) for quad in content if quad.startswith("count")))
        assert len(content) == seen[-1] + 1  # of each update all or nothing
    assert seen == sorted(seen)
    answers = [response().json() for response in responses]
    positions = sorted(answer["position"] for answer in answers)
    assert positions == list(range(positions[0], positions[0] + 10))
    assert {(answer["added"], answer["removed"]) for answer in answers} == {(2, 1)}
    assert len(small.content()) == 11


def test_everybody_sees_what_they_wrote_themselves(small, in_background):
    def write_and_look(n):
        quad = f"<urn:s{n}> <urn:p> {n}"
        with httpx.Client(base_url=small.client.base_url, headers=small.client.headers) as own:
            for text, there in (
                (f"INSERT DATA {{ {quad} }}", True),
                (f"DELETE DATA {{ {quad} }}", False),
            ):
                written = own.post("/sparql/update", content=text, headers=DIRECT, timeout=60)
                assert written.status_code == 200, written.text
                found = own.get("/sparql", params={"query": f"ASK {{ {quad} }}"}, timeout=60)
                assert found.json()["boolean"] is there
                at_least = int(written.headers["biennien-position"])
                assert int(found.headers["biennien-position"]) >= at_least

    with ThreadPoolExecutor(4) as threads:
        for done in [threads.submit(write_and_look, n) for n in range(4)]:
            done.result()


def test_a_load_in_between_loses_nothing(biennien, edit, entry, small_folder, tmp_path):
    """The command line records its change in the same journal, while updates go on."""
    shutil.copytree(small_folder, tmp_path / "data")
    file = entry("tran-van-hai", "Trần Văn Hải")
    written = 0
    with edit(tmp_path) as editor, ThreadPoolExecutor(1) as threads:
        load = threads.submit(biennien, "load", file, "--data", tmp_path / "data")
        while not load.done():
            written += 1
            editor.change(f"INSERT DATA {{ GRAPH <urn:g> {{ <urn:s> <urn:p> {written} }} }}")
        assert load.result().code == 0, load.result().err
        assert editor.ask("<https://w3id.org/biennien/id/person/tran-van-hai> rdfs:label ?name")
        assert all(
            editor.ask(f"GRAPH <urn:g> {{ <urn:s> <urn:p> {n + 1} }}") for n in range(written)
        )


def test_a_change_waits_for_one_that_another_process_works_out(small, in_background):
    other = Turn(small.service.data)
    assert other.take()
    try:
        waiting = in_background(INSERT)
        time.sleep(0.5)
        assert small.content() == set()
        other.leave()
        assert waiting().status_code == 200
        assert other.take()
        refused = in_background(INSERT)()
        assert refused.status_code == 503
        assert int(refused.headers["retry-after"]) >= 1
    finally:
        other.leave()


def test_a_load_waits_for_a_change_that_another_process_works_out(
    biennien, entry, small_folder, tmp_path
):
    shutil.copytree(small_folder, tmp_path / "data")
    other = Turn(tmp_path / "data")
    assert other.take()
    with ThreadPoolExecutor(1) as threads:
        file = entry("tran-van-hai", "Trần Văn Hải")
        load = threads.submit(biennien, "load", file, "--data", tmp_path / "data")
        time.sleep(4)
        assert not load.done()
        other.leave()
        assert load.result().code == 0


def test_more_changes_than_may_wait_are_sent_away_at_once(edit, tmp_path):
    settings = {"default_graph": "own", "query_seconds": "4", "queue": "1"}
    with edit(tmp_path, **settings) as editor, ThreadPoolExecutor(8) as threads:
        editor.change(INSERT)
        runaway = threads.submit(editor.update, RUNAWAY)
        time.sleep(0.3)
        waits = threads.submit(editor.update, INSERT)
        time.sleep(0.3)
        began = time.monotonic()
        refused = editor.update(INSERT)
        took = time.monotonic() - began
        assert refused.status_code == 503
        assert refused.json()["type"].endswith("/overloaded")
        assert int(refused.headers["retry-after"]) >= 1
        assert took < 0.5  # 50 ms on a machine that does nothing else
        assert runaway.result().status_code == 504
        assert waits.result().status_code == 200


# Clients that go away


def test_a_client_that_goes_away_frees_the_judge_and_changes_nothing(small, wait_until):
    small.change(INSERT)
    text = f"INSERT DATA {{ <urn:gone> <urn:p> 1 }} ; {RUNAWAY}"
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(
            f"{small.client.base_url}sparql/update",
            content=text,
            headers={**DIRECT, "Authorization": small.client.headers["authorization"]},
            timeout=0.7,
        )
    began = time.monotonic()
    assert small.change("INSERT DATA { <urn:s> <urn:p> 2 }") == (1, 0)
    assert time.monotonic() - began < 2.5 + SLOW_START
    assert small.content() == {"s p 1", "s p 2"}
