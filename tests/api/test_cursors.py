# SPDX-License-Identifier: Apache-2.0
"""Cursors stay where they are while the data change, and nobody makes them but the service."""

import pytest

from biennien_api.http.problems import Problem
from biennien_api.lists import cursors as module
from biennien_api.lists.cursors import Cursors, Place

ENTRY = """\
@base <https://w3id.org/biennien/> .
@prefix bn: <https://w3id.org/biennien/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix rico: <https://www.ica.org/standards/RiC/ontology#> .
@prefix schema: <https://schema.org/> .
<graph/authority/cursors> a bn:Entry ; dcterms:title "Thử"@vi , "Test"@en ;
  dcterms:license <https://creativecommons.org/licenses/by/4.0/> .
<source/note> schema:sha256 "0000000000000000000000000000000000000000000000000000000000000000" .
"""
PERSON = """<id/person/cursor-{}> a rico:Person ; rdfs:label "{}"@vi , "{}"@en ;
  bn:evidence [ oa:hasSource <source/note> ; oa:exact "lời" ; oa:start 0 ] .
"""


def put(editor, people):
    """An entry with just these people, by number."""
    text = ENTRY + "".join(PERSON.format(n, label, label) for n, label in people.items())
    response = editor.client.put(
        "/graph/authority/cursors", content=text, headers={"Content-Type": "text/turtle"}
    )
    assert response.status_code in (200, 201, 204), response.text


def page(editor, address):
    response = editor.client.get(address)
    assert response.status_code == 200, response.text
    found = response.json()
    return [item["id"].rpartition("-")[2] for item in found["items"]], found


@pytest.fixture
def twelve(plain):
    """People named after letters, in the order of these."""
    people = {n: f"Người {letter}" for n, letter in enumerate("bcdđeêghiklm")}
    put(plain, people)
    return people


LIST = "/api/people?fields=id&q=nguoi"


def test_what_stays_is_met_once_whatever_comes_and_goes(plain, twelve):
    first, found = page(plain, f"{LIST}&limit=4")
    assert first == ["0", "1", "2", "3"]
    del twelve[3], twelve[0]  # the very one that the cursor names, and one before it
    put(plain, twelve | {90: "Người a", 91: "Người đe"})
    second, found = page(plain, found["view"]["next"])
    assert second == ["91", "4", "5", "6"]
    put(plain, twelve | {90: "Người a", 91: "Người đe", 11: "Người z"})
    third, found = page(plain, found["view"]["next"])
    assert third == ["7", "8", "9", "10"]
    last, found = page(plain, found["view"]["next"])
    assert last == ["11"]
    assert "next" not in found["view"]
    assert page(plain, found["view"]["previous"])[0] == third


def test_where_all_behind_a_cursor_is_gone_the_first_page_is_left(plain, twelve):
    _, found = page(plain, f"{LIST}&limit=11")
    del twelve[11]
    put(plain, twelve)
    empty, found = page(plain, found["view"]["next"])
    assert empty == []
    assert not {"next", "previous"} & found["view"].keys()
    assert len(page(plain, found["view"]["first"])[0]) == 11


@pytest.mark.parametrize("text", ["x", "-1", "AAAA", "=" * 8, "é", "AAAA" * 30])
def test_a_forged_cursor_is_refused(client, problem, text):
    found = problem(client.get("/api/places", params={"cursor": text}), 400)
    assert found["type"].endswith("/cursor")
    assert "without a cursor" in found["hint"]


def test_a_cursor_that_was_changed_is_refused(client, problem):
    address = client.get("/api/places?limit=3").json()["view"]["next"]
    for end in ("A", "B"):
        problem(client.get(address[:-1] + ("C" if address.endswith(end) else end)), 400)


@pytest.mark.parametrize("change", ["q=dien", "sort=date", "type=province", "date=2024"])
def test_a_cursor_is_good_for_its_own_list_only(client, problem, change):
    address = client.get("/api/places?limit=3").json()["view"]["next"]
    found = problem(client.get(f"{address}&{change}"), 400)
    assert "other filters" in found["detail"]
    problem(client.get(address.replace("/places", "/events")), 400)


def test_limit_and_format_may_change_on_the_way(client):
    address = client.get("/api/places?limit=3&fields=id").json()["view"]["next"]
    assert len(client.get(address.replace("limit=3", "limit=5")).json()["items"]) == 5
    assert client.get(f"{address}&format=csv").text.count("\r\n") == 4


def test_a_cursor_grows_too_old(tmp_path, monkeypatch):
    cursors = Cursors.of(tmp_path)
    made = cursors.made("digest", Place(("a", "urn:b"), back=False))
    assert Cursors.of(tmp_path).read(made, "digest") == Place(("a", "urn:b"), back=False)
    assert (tmp_path / "cursors.key").stat().st_mode & 0o077 == 0
    monkeypatch.setattr(module, "_LIFE", -1)
    with pytest.raises(Problem) as caught:
        cursors.read(made, "digest")
    assert caught.value.status == 410
    with pytest.raises(Problem) as caught:
        Cursors(b"another key" * 3).read(made, "digest")
    assert caught.value.status == 400
