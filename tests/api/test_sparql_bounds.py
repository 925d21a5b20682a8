# SPDX-License-Identifier: Apache-2.0
"""What one client may ask for, and how large an answer may be."""

import shutil

import httpx
import pytest

NUMBERS = " ".join(map(str, range(25)))
MANY = f"SELECT ?a ?b {{ VALUES ?a {{ {NUMBERS} }} VALUES ?b {{ {NUMBERS} }} }} LIMIT 500"


@pytest.fixture(scope="module")
def bounded(serve, small_folder, reading, tmp_path_factory):
    folder = tmp_path_factory.mktemp("bounded")
    shutil.copytree(small_folder, folder / "data")
    limits = {
        "result_rows": "100",
        "client_rate": "60",
        "slow_query": "0.0001",
        "memory": reading.memory,
    }
    with (
        serve(folder / "data", folder / "log", **limits) as service,
        httpx.Client(base_url=service.url, timeout=30) as client,
    ):
        reading.wait_for(service)
        yield client, folder / "log"


@pytest.mark.parametrize("format_", ["json", "xml", "csv", "tsv"])
def test_a_result_with_too_many_rows_is_never_taken_for_whole(bounded, format_):
    client, _ = bounded
    try:
        response = client.get("/sparql", params={"query": MANY, "format": format_})
    except httpx.RemoteProtocolError:
        return  # the connection was broken off in the middle
    assert response.status_code == 507
    assert response.json()["type"].endswith("/result-too-large")
    assert "100 rows" in response.json()["detail"]


def test_as_many_rows_as_may_be_are_sent(bounded):
    client, _ = bounded
    response = client.get("/sparql", params={"query": MANY.replace("500", "99"), "format": "csv"})
    assert len(response.text.splitlines()) == 100


def test_a_slow_query_is_logged_with_its_text_its_time_and_its_rows(bounded):
    client, log = bounded
    client.get("/sparql", params={"query": "SELECT * { VALUES ?known { 1 2 3 } }", "format": "tsv"})
    (line,) = [found for found in log.read_text("utf-8").splitlines() if "?known" in found]
    assert "slow query" in line
    assert "complete" in line


def test_a_client_that_asks_too_often_is_told_when_to_come_back(bounded):
    client, _ = bounded
    answers = [
        client.get("/sparql", params={"query": f"ASK {{ <urn:{n}> ?p ?o }}"}) for n in range(70)
    ]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert refused[0].json()["type"].endswith("/too-many-requests")
    assert int(refused[0].headers["retry-after"]) >= 1
    assert client.get("/healthz").status_code == 200
