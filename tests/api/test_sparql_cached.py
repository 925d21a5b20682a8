# SPDX-License-Identifier: Apache-2.0
"""What costs nothing the second time: results that are known, validators, codings, positions."""

import gzip

import brotli
import pytest
import zstandard

QUERY = "SELECT * { ?s a rico:Person } ORDER BY ?s"
PACK = {
    "gzip": gzip.compress,
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
    "identity": bytes,
}


def get(client, query=QUERY, **headers):
    return client.get("/sparql", params={"query": query}, headers=headers)


def test_a_result_has_a_strong_tag_and_is_not_sent_twice(client):
    first = get(client)
    assert first.headers["etag"].startswith('"')
    again = get(client, **{"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == first.headers["etag"]


def test_another_format_or_query_has_another_tag(client):
    tags = {
        get(client).headers["etag"],
        get(client, Accept="text/csv").headers["etag"],
        get(client, QUERY + " LIMIT 3").headers["etag"],
    }
    assert len(tags) == 3


@pytest.mark.parametrize("function", ["NOW()", "rand()", "UUID()", "STRUUID ()", "BNODE()"])
def test_what_differs_each_time_has_no_tag(client, function):
    assert "etag" not in get(client, f"SELECT ({function} AS ?x) {{}}").headers


def test_values_that_differ_are_not_remembered(client):
    query = "SELECT (STRUUID() AS ?x) {}"
    assert get(client, query).text != get(client, query).text


def test_a_long_result_is_known_as_a_whole_once_it_has_been_sent(client):
    query = "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 2017"
    first = get(client, query, **{"Accept-Encoding": "identity"})
    again = get(client, query, **{"Accept-Encoding": "identity"})
    assert "content-length" not in first.headers  # it came in pieces
    assert int(again.headers["content-length"]) == len(first.content) > 100_000
    assert again.content == first.content


def test_a_request_that_comes_again_gets_the_same_answer_and_head(client):
    query = "SELECT * { ?s a rico:Place } ORDER BY ?s"
    first, second, third = (get(client, query) for _ in range(3))
    assert first.content == second.content == third.content
    heads = [{**one.headers, "date": ""} for one in (first, second, third)]
    assert heads[0] == heads[1] == heads[2]
    assert get(client, query, Accept="text/csv").headers["content-type"].startswith("text/csv")


def test_what_was_asked_often_is_asked_anew_after_a_change(plain):
    query = "SELECT ?o { <urn:often> <urn:p> ?o } ORDER BY ?o"
    for number in range(3):
        answers = {get(plain.client, query, Accept="text/csv").text for _ in range(4)}
        assert answers == {"".join(f"{line}\r\n" for line in ["o", *range(number)])}
        plain.change(f"INSERT DATA {{ <urn:often> <urn:p> {number} }}")


def test_a_change_ends_what_was_remembered_and_the_tag(plain):
    query = "SELECT ?o { <urn:s> <urn:p> ?o } ORDER BY ?o"
    before = get(plain.client, query, Accept="text/csv")
    plain.change("INSERT DATA { <urn:s> <urn:p> 1 }")
    after = get(plain.client, query, **{"Accept": "text/csv", "If-None-Match": "*no*"})
    assert (before.text, after.text) == ("o\r\n", "o\r\n1\r\n")
    assert before.headers["etag"] != after.headers["etag"]


def test_a_client_may_ask_for_a_position_that_it_knows(plain):
    changed = plain.update("INSERT DATA { <urn:s> <urn:q> 1 }")
    position = changed.headers["biennien-position"]
    answer = get(plain.client, "ASK { <urn:s> <urn:q> 1 }", **{"Biennien-Position": position})
    assert answer.json()["boolean"] is True
    assert int(answer.headers["biennien-position"]) >= int(position)


def test_a_position_that_is_none_is_refused(client, problem):
    assert "x7" in problem(get(client, **{"Biennien-Position": "x7"}), 400)["detail"]


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
def test_a_result_comes_in_the_coding_asked_for(client, coding):
    query = "SELECT ?s ?l { ?s rdfs:label ?l } ORDER BY ?s ?l LIMIT 300"
    plain = get(client, query, **{"Accept-Encoding": "identity"})
    packed = get(client, query, **{"Accept-Encoding": coding})
    assert packed.headers["content-encoding"] == coding
    assert packed.json() == plain.json()
    assert int(packed.headers.get("content-length", 0)) < len(plain.content)


@pytest.mark.parametrize("coding", sorted(PACK))
def test_a_query_may_be_sent_in_a_coding(client, coding):
    response = client.post(
        "/sparql",
        content=PACK[coding](QUERY.encode()),
        headers={"Content-Type": "application/sparql-query", "Content-Encoding": coding},
    )
    assert response.json() == get(client).json()


@pytest.mark.parametrize(
    ("coding", "body", "status"),
    [
        ("gzip", b"not packed", 400),
        ("compress", b"", 415),
        ("gzip", gzip.compress(b"#" * 3_000_000), 413),
        ("br", brotli.compress(b"#" * 30_000_000), 413),
    ],
)
def test_a_coding_that_is_unknown_broken_or_a_bomb_is_refused(
    client, problem, coding, body, status
):
    headers = {"Content-Type": "application/sparql-query", "Content-Encoding": coding}
    problem(client.post("/sparql", content=body, headers=headers), status)
