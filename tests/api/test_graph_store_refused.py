# SPDX-License-Identifier: Apache-2.0
"""`/graphs`: what the graph store does not take, find or give, and how it says so."""

import pytest

TURTLE = "text/turtle"
DIRECT = "/graphs/people"
NAMED = "/graphs?graph=urn:g"
ONE = "<urn:s> <urn:p> 1 ."

# A body, its media type, line and column at fault.
BROKEN = [
    ("<urn:s> <urn:p> .", TURTLE, 1, 17),
    ("<urn:s> <urn:p> 1 .\n<urn:s> ex:p 1 .", TURTLE, 2, 9),
    ("<urn:s> <urn:p> 1", TURTLE, 1, 18),
    ("<urn:s> <urn:p> 'một' .\n\n<urn:s> <urn:p> 'hai .", TURTLE, 3, None),
    (b"<urn:s> <urn:p>\n 'a\xff' .", TURTLE, 2, 4),
    ('{"@id": "urn:s", ', "application/ld+json", None, None),
    ("<rdf:RDF>", "application/rdf+xml", None, None),
]


@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize("address", [DIRECT, "/graphs?graph=urn:none", "/graphs/none/at/all"])
def test_a_graph_that_is_not_there_is_not_found(send, problem, method, address):
    assert "no graph" in problem(send(method, address), 404)["detail"]


@pytest.mark.parametrize(
    "address",
    [
        "/graphs?graph=g",
        "/graphs?graph=",
        "/graphs?graph=urn:a&graph=urn:b",
        "/graphs?default&graph=urn:g",
        "/graphs?graph=urn:%FF",
        "/graphs?graph=urn:a%20b",
    ],
)
@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE"])
def test_one_graph_is_named_by_its_iri(plain, send, problem, method, address):
    body = ONE if method in {"PUT", "POST"} else None
    problem(send(method, address, body), 400)
    assert plain.content() == set()


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_only_post_needs_no_graph(send, problem, method):
    found = problem(send(method, "/graphs", ONE if method == "PUT" else None), 400)
    assert "?graph=IRI or ?default" in found["detail"]


def test_what_nobody_can_read_is_not_acceptable(send, problem):
    send("PUT", NAMED, ONE)
    assert TURTLE in problem(send("GET", NAMED, Accept="image/png"), 406)["known"]
    assert "ttl" in problem(send("GET", f"{NAMED}&format=docx"), 406)["known"]


@pytest.mark.parametrize(
    "media_type", ["text/html", "application/pdf", f"{TURTLE}; charset=latin-1"]
)
def test_what_is_no_rdf_in_utf_8_is_not_taken(plain, send, problem, media_type):
    problem(send("PUT", NAMED, ONE, media_type), 415)
    assert plain.content() == set()


@pytest.mark.parametrize(("body", "media_type", "line", "column"), BROKEN)
def test_broken_data_are_named_with_their_place(
    plain, send, problem, body, media_type, line, column
):
    found = problem(send("PUT", NAMED, body, media_type), 400)
    assert found["type"].endswith("/data")
    assert found["detail"].startswith("the body:")
    assert found["detail"].count("the body") == 1
    assert line is None or found["line"] == line
    assert column is None or found["column"] == column
    assert plain.content() == set()


def test_one_graph_at_a_time(plain, send, problem):
    found = problem(send("PUT", NAMED, f"<urn:h> {{ {ONE} }}", "application/trig"), 400)
    assert "its own address" in found["hint"]
    assert plain.content() == set()


def test_nothing_is_read_from_elsewhere(send, problem, listener):
    url, was_called = listener
    context = f'{{"@context": "{url}", "@id": "urn:s", "urn:p": 1}}'
    problem(send("PUT", NAMED, context, "application/ld+json"), 400)
    entity = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY e SYSTEM "{url}">]><r>&e;</r>'
    assert "entities" in problem(send("PUT", NAMED, entity, "application/rdf+xml"), 400)["detail"]
    assert not was_called()


def test_a_script_of_another_site_is_told_what_it_may_send(plain):
    response = plain.client.options("/graphs/people", headers={"Origin": "https://e.org"})
    assert response.status_code == 204
    allowed = response.headers["access-control-allow-methods"]
    assert set(allowed.split(", ")) >= {"GET", "HEAD", "PUT", "POST", "DELETE", "PATCH"}
    assert "Authorization" in response.headers["access-control-allow-headers"]
    written = plain.client.put(NAMED, content=ONE)
    for given in (written, plain.client.get(NAMED)):
        assert given.headers["access-control-allow-origin"] == "*"
    assert "Location" in written.headers["access-control-expose-headers"]
