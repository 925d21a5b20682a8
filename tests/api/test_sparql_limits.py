# SPDX-License-Identifier: Apache-2.0
"""`/sparql`: deadlines, memory, the queue, large results, and clients that go away."""

import contextlib
import json
import socket
import statistics
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

# Three of everything: would take hours. The one counts in silence, the other answers at once.
SILENT = "SELECT (COUNT(*) AS ?n) { ?a ?p ?x . ?b ?q ?y . ?c ?r ?z }"
ENDLESS = "SELECT ?a ?b ?c { ?a ?p ?x . ?b ?q ?y . ?c ?r ?z }"
PATHS = "SELECT ?a ?c { ?a (!<http://example.org/x>)* ?c } ORDER BY ?c"
SORTED = "SELECT * { ?a ?p ?x . ?b ?q ?y } ORDER BY ?x ?y"
POINT = "ASK { <https://w3id.org/biennien/id/place/dien-bien> ?p ?o }"


@pytest.fixture(scope="session")
def client(both_services):
    """Asks a service that reads from disk, and one that reads from memory."""
    with httpx.Client(base_url=both_services.url, timeout=30) as found:
        yield found


def in_work(client):
    """How many workers have a query, or are being started to take the place of one that has."""
    ready = client.get("/readyz").json()
    return ready["workers"] - ready["idle"]


class Background:
    """A query in a thread of its own; after the block, its response has come."""

    def __init__(self, client, query, **parameters):
        self.response = None
        self._thread = threading.Thread(target=self._get, args=(client, query, parameters))

    def _get(self, client, query, parameters):
        with httpx.Client(base_url=client.base_url, timeout=60) as own:
            self.response = own.get("/sparql", params={"query": query, **parameters})

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._thread.join(60)
        assert not self._thread.is_alive()


@contextlib.contextmanager
def streamed(client, query, encoding="identity", **parameters):
    """A streamed response, with or without compression."""
    with client.stream(
        "GET",
        "/sparql",
        params={"query": query, **parameters},
        headers={"Accept-Encoding": encoding},
    ) as response:
        assert response.status_code == 200
        yield response


# Deadline, memory, queue


def test_a_query_is_stopped_at_the_deadline_that_the_client_sets(ask, problem):
    began = time.monotonic()
    found = problem(ask(SILENT, timeout="0.4"), 504)
    assert time.monotonic() - began < 5
    assert found["type"].endswith("/query-timeout")
    assert found["seconds"] == 0.4
    assert found["hint"]


def test_the_client_cannot_set_a_later_deadline_than_the_service(ask, small_client, problem):
    began = time.monotonic()
    found = problem(ask(SILENT, of=small_client, timeout="3600"), 504)
    assert time.monotonic() - began < 10
    assert found["seconds"] == 4


def test_a_query_that_needs_too_much_memory_is_stopped(ask, small_client, problem):
    found = problem(ask(SORTED, of=small_client), 507)
    assert found["type"].endswith("/query-memory")
    assert "128 MiB" in found["detail"]


def test_a_full_queue_says_when_to_come_again(ask, small_client, problem, wait_until):
    """One worker and one place in the queue: of four at once, two are sent away."""
    wait_until(lambda: in_work(small_client) == 0, "nobody else asks")
    with contextlib.ExitStack() as all_at_once:
        asked = [
            all_at_once.enter_context(Background(small_client, SILENT, timeout="1"))
            for _ in range(4)
        ]
    responses = [background.response for background in asked]
    assert {response.status_code for response in responses} == {503, 504}
    for response in responses:
        if response.status_code == 503:
            assert problem(response, 503)["type"].endswith("/overloaded")
            assert int(response.headers["retry-after"]) >= 1
    assert ask("ASK {}", of=small_client).json()["boolean"] is True


def test_others_are_answered_while_runaways_run(client, ask):
    took = []
    with (
        Background(client, SILENT, timeout="6") as silent,
        Background(client, PATHS, timeout="6") as paths,
    ):
        until = time.monotonic() + 1.5
        while time.monotonic() < until:
            began = time.monotonic()
            assert ask(POINT).json()["boolean"] is True
            assert client.get("/healthz").status_code == 200
            took.append(time.monotonic() - began)
        assert silent.response is None
    assert silent.response.status_code == 504
    assert paths.response.status_code in (200, 504, 507)
    assert statistics.median(took) < 0.5


def test_the_pool_is_whole_again_after_a_runaway(client, ask, problem, wait_until):
    problem(ask(SILENT, timeout="0.2"), 504)
    wait_until(lambda: client.get("/readyz").json()["idle"] >= 1, "a worker is free", seconds=3)
    assert ask(POINT).json()["boolean"] is True


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="This system has no /proc.")
def test_stopped_queries_leave_no_process_and_no_open_file_behind(
    ask, small_client, small_service, problem, wait_until
):
    ours = Path("/proc") / str(small_service.process.pid)

    def held():
        children = [task.read_text() for task in ours.glob("task/*/children")]
        return len(list((ours / "fd").iterdir())), len(" ".join(children).split())

    problem(ask(SILENT, of=small_client, timeout="0.1"), 504)
    wait_until(lambda: small_client.get("/readyz").json()["idle"] >= 1, "the pool is whole")
    files, children = held()
    for _ in range(8):
        problem(ask(SILENT, of=small_client, timeout="0.1"), 504)
    wait_until(lambda: held() <= (files + 2, children + 1), "they are gone", seconds=5)


# Large results


def test_a_large_result_is_sent_in_pieces_and_arrives_whole(client):
    with streamed(client, f"{ENDLESS} LIMIT 50000", format="json") as response:
        assert response.headers["transfer-encoding"] == "chunked"
        assert "content-length" not in response.headers
        pieces = list(response.iter_raw())
    assert len(pieces) > 10
    assert len(json.loads(b"".join(pieces))["results"]["bindings"]) == 50_000


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_the_first_rows_arrive_long_before_the_last_ones(client, encoding, wait_until):
    """The result would take hours: whoever gathered it first would send nothing."""
    wait_until(lambda: in_work(client) == 0, "nobody else asks")
    began = time.monotonic()
    with streamed(client, ENDLESS, encoding, format="csv") as response:
        lines = response.iter_lines()
        assert next(lines) == "a,b,c"
        assert next(lines).count(",") == 2
        assert time.monotonic() - began < 5
        for _, line in zip(range(10_000), lines, strict=False):
            assert line.count(",") == 2
    wait_until(lambda: in_work(client) == 0, "the worker is free again")


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_a_result_that_is_cut_short_never_looks_complete(client, encoding):
    with (
        streamed(client, ENDLESS, encoding, format="csv", timeout="2") as response,
        pytest.raises(httpx.RemoteProtocolError),
    ):
        for _ in response.iter_bytes():
            pass


# Clients


def test_head_of_an_endless_result_is_answered_and_frees_its_worker(client, wait_until):
    wait_until(lambda: in_work(client) == 0, "nobody else asks")
    head = client.head("/sparql", params={"query": ENDLESS}, timeout=5)
    assert head.status_code == 200
    assert head.headers["content-type"] == "application/sparql-results+json"
    wait_until(lambda: in_work(client) == 0, "the worker is free again")


@pytest.mark.parametrize("query", [SILENT, ENDLESS], ids=["silent", "streaming"])
def test_a_client_that_goes_away_frees_its_worker(client, wait_until, query):
    wait_until(lambda: in_work(client) == 0, "nobody else asks")
    url = client.base_url
    path = f"/sparql?{urlencode({'query': query})}"
    with socket.create_connection((url.host, url.port)) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {url.host}\r\n\r\n".encode())
        wait_until(lambda: in_work(client) > 0, "the query is at work")
        time.sleep(0.3)  # let it run for a while
        assert in_work(client) > 0
    wait_until(lambda: in_work(client) == 0, "the worker is free again")


def test_answers_do_not_mix_when_many_ask_at_once(client):
    wrong = []

    def ask_some(first):
        with httpx.Client(base_url=client.base_url, timeout=30) as own:
            for n in range(first, first + 15):
                query = f'SELECT (CONCAT("n", STR({n})) AS ?value) {{}}'
                answer = own.get("/sparql", params={"query": query, "format": "csv"})
                if answer.text.split() != ["value", f"n{n}"]:
                    wrong.append((n, answer.text))

    threads = [threading.Thread(target=ask_some, args=(100 * n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not wrong
