# SPDX-License-Identifier: Apache-2.0
"""`biennien serve`: where it answers, how it ends, and what other commands do meanwhile."""

import shutil
import signal
import socket
from functools import partial

import httpx
import pytest

# Looks into every index of the store, for all graphs together and one by one.
PERSON = "/doc/person/nguyen-thi-thu.ttl"
EVERYWHERE = """SELECT (COUNT(*) AS ?n) {
  { ?s ?p ?o } UNION { person:ho-chi-minh ?p ?o } UNION { ?s a rico:Person }
  UNION { ?s ?p rico:Person } UNION { person:ho-chi-minh ?p rico:Person }
  UNION { GRAPH ?g { ?s ?p ?o } } UNION { GRAPH ?g { person:ho-chi-minh ?p ?o } }
  UNION { GRAPH ?g { ?s a rico:Person } } UNION { GRAPH ?g { ?s ?p rico:Person } }
  UNION { GRAPH <https://w3id.org/biennien/graph/authority/people> { ?s ?p rico:Person } }
  FILTER(STRLEN(STR(?p)) > 0 || !BOUND(?p))
}"""


@pytest.fixture
def data(small_folder, tmp_path):
    """A data folder of one entry, to serve."""
    shutil.copytree(small_folder, tmp_path / "data")
    return tmp_path / "data"


@pytest.mark.parametrize("way", [signal.SIGTERM, signal.SIGINT], ids=lambda way: way.name)
def test_a_signal_ends_the_service_in_order(serve, data, tmp_path, way):
    with serve(data, tmp_path / "log") as service:
        assert httpx.get(f"{service.url}readyz").status_code == 200
        service.process.send_signal(way)
        assert service.process.wait(10) in (0, 128 + way, -way)


def test_a_service_that_was_killed_starts_again(serve, data, tmp_path):
    with serve(data, tmp_path / "log") as service:
        service.process.kill()
        service.process.wait(10)
    with serve(data, tmp_path / "log") as service:
        assert httpx.get(f"{service.url}api/people").json()["total"] == 1


def test_an_address_that_cannot_be_had_is_said_in_one_line(biennien, at_once, data):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        run = partial(biennien, "serve", "--data", data)
        in_use, not_ours, unknown = at_once(
            [
                partial(run, "--port", port),
                partial(run, "--port", "0", "--host", "192.0.2.1"),
                partial(run, "--port", "0", "--host", "no-such-host.invalid"),
            ]
        )
    assert f"127.0.0.1:{port}" in in_use.err
    assert "BIENNIEN_PORT" in in_use.err
    assert "192.0.2.1" in not_ours.err
    assert "no-such-host.invalid" in unknown.err
    for outcome in (in_use, not_ours, unknown):
        assert outcome.code == 3
        assert len(outcome.err.splitlines()) == 1


def test_two_services_cannot_have_one_folder(biennien, service):
    outcome = biennien("serve", "--data", service.data, "--port", "0")
    assert outcome.code == 3
    assert str(service.data) in outcome.err
    assert len(outcome.err.splitlines()) == 1


def test_a_query_is_answered_while_the_service_runs(biennien, service):
    query = "SELECT ?label { ?person a rico:Person ; rdfs:label ?label }"
    outcome = biennien("query", query, "--data", service.data, "-f", "csv")
    assert outcome.code == 0
    assert "Hồ Chí Minh" in outcome.out


def test_what_is_loaded_while_the_service_runs_is_seen_there(
    biennien, serve, entry, data, tmp_path, wait_until
):
    with serve(data, tmp_path / "log") as service, httpx.Client(base_url=service.url) as client:
        before = client.get("/api/people").json()
        tags = [client.get(path).headers["etag"] for path in ("/api/people", PERSON)]
        loaded = biennien("load", entry("tran-van-hai", "Trần Văn Hai"), "--data", data)
        assert loaded.code == 0, loaded.out + loaded.err
        assert "Change 2" in loaded.out
        wait_until(
            lambda: client.get("/readyz").json()["position"] == 2, "the service follows", seconds=5
        )
        after = client.get("/api/people").json()
        assert (before["total"], after["total"]) == (1, 2)
        assert client.get("/doc/person/tran-van-hai.ttl").status_code == 200
        again = [client.get(path).headers["etag"] for path in ("/api/people", PERSON)]
        assert [one == other for one, other in zip(tags, again, strict=True)] == [False, True]


def test_a_store_of_many_files_is_read_to_the_last_one(
    biennien, serve, entry, data_folder, tmp_path
):
    """RocksDB opens table files late; the workers, who may open nothing else, must be able to."""
    data = tmp_path / "grown"
    shutil.copytree(data_folder, data)
    with serve(data, tmp_path / "log") as service:
        loaded = biennien("load", entry(), "--data", data)
        assert loaded.code == 0, loaded.out + loaded.err
        by_command = biennien("query", EVERYWHERE, "--data", data, "-f", "csv")
        by_http = httpx.get(
            f"{service.url}sparql", params={"query": EVERYWHERE, "format": "csv"}, timeout=30
        )
    assert by_http.status_code == 200, by_http.text
    assert by_command.code == 0, by_command.err
    assert by_command.out.split() == by_http.text.split()
