# SPDX-License-Identifier: Apache-2.0
"""For every statement: who put it there, when and why; and every change can be undone."""

import itertools

import httpx
import pytest
from stewards import GRAPH, PERSON, entry, opened

from biennien_graph.datafolder import DataFolder

NUMBERS = itertools.count(1)
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"


@pytest.fixture(scope="module")
def office(small_folder, serve, tmp_path_factory):
    with opened(tmp_path_factory.mktemp("accounts"), small_folder, serve) as found:
        yield found


@pytest.fixture
def slug():
    return f"quy-trach-{next(NUMBERS)}"


@pytest.fixture
def blame(office):
    """What is known of the values of a property, by value; anybody may ask."""

    def ask(slug: str, predicate: str = LABEL, **more: str) -> dict:
        asked = {"subject": PERSON.format(slug=slug), "predicate": predicate, **more}
        answer = httpx.get(f"{office.service.url}api/blame", params=asked, timeout=30)
        assert answer.status_code == 200, answer.text
        return {found["value"]: found for found in answer.json()["member"]}

    return ask


def revert(person, position: int) -> httpx.Response:
    return person.client.post(f"/api/changes/{position}/revert", json={"message": "hoàn tác"})


def test_blame_tells_who_when_why_and_from_which_passage(office, slug, blame):
    position = office.published(entry(slug, "Tên Đúng"), message="từ biên bản cuộc họp")
    found = blame(slug)["Tên Đúng"]
    assert found["published"]
    assert found["brought"]["position"] == position
    assert found["brought"]["agent"] == "Lò Thị Mai"
    assert found["brought"]["approvedBy"] == "Nguyễn Thị An"
    assert found["brought"]["message"] == "từ biên bản cuộc họp"
    assert [passage["quote"] for passage in found["evidence"]] == ["Nguyễn Thị Thử"]


def test_blame_tells_which_change_took_a_statement_away(office, slug, blame):
    first = office.published(entry(slug, "Tên Cũ"))
    second = office.published(entry(slug, "Tên Mới"))
    found = blame(slug)
    assert found["Tên Cũ"]["brought"]["position"] == first
    assert found["Tên Cũ"]["removed"]["position"] == second
    assert not found["Tên Cũ"]["published"]
    assert found["Tên Mới"]["brought"]["position"] == second
    assert list(blame(slug, object="Tên Mới")) == ["Tên Mới"]


def test_what_went_and_came_again_was_brought_by_the_last_change_that_did(office, slug, blame):
    for label in ("Tên Một", "Tên Hai"):
        office.published(entry(slug, label))
    last = office.published(entry(slug, "Tên Một"))
    assert blame(slug)["Tên Một"]["brought"]["position"] == last


def test_blame_of_what_is_no_iri_is_refused(office, problem):
    asked = {"subject": "ai đó", "predicate": LABEL}
    problem(httpx.get(f"{office.service.url}api/blame", params=asked), 400)


def test_two_versions_of_a_thing_are_compared_either_way(office, slug):
    first = office.published(entry(slug, "Tên Cũ"))
    office.published(entry(slug, "Tên Vừa"))
    last = office.published(entry(slug, "Tên Mới"))
    for start, end, signs in ((first, last, "-+"), (last, first, "+-")):
        asked = {"thing": PERSON.format(slug=slug), "from": start, "to": end}
        told = httpx.get(f"{office.service.url}api/versions", params=asked, timeout=30).json()
        found = {(row["sign"], row["object"]["value"]) for row in told["rows"]}
        assert found == {(signs[0], "Tên Cũ"), (signs[1], "Tên Mới")}
        assert {p["quote"] for row in told["rows"] for p in row["evidence"]} == {"Nguyễn Thị Thử"}
        assert len(told["changes"]) == 2


def test_a_change_is_undone_by_another_that_is_approved_like_any(office, slug, blame, problem):
    position = office.published(entry(slug, "Tên Đúng"))
    wrong = office.published(entry(slug, "Tên Sai"))
    made = revert(office.an, wrong)
    assert made.status_code == 201, made.text
    assert made.json()["reverts"].endswith(f"/changes/{wrong}")
    problem(office.an.act("approve", made.json()["number"]), 403)
    assert office.binh.act("approve", made.json()["number"]).status_code == 200
    assert blame(slug)["Tên Đúng"]["published"]
    assert not blame(slug)["Tên Sai"]["published"]
    assert blame(slug)["Tên Đúng"]["brought"]["position"] > position
    problem(revert(office.an, wrong), 409)


def test_the_undoing_of_what_was_changed_again_is_a_conflict(office, slug, problem):
    office.published(entry(slug, "Tên Một"))
    second = office.published(entry(slug, "Tên Hai"))
    office.published(entry(slug, "Tên Ba"))
    made = revert(office.mai, second)
    assert made.status_code == 201
    assert problem(office.an.act("approve", made.json()["number"]), 409)["conflicts"]


def test_a_withdrawal_is_undone_and_the_entry_is_back(office, slug):
    office.published(entry(slug))
    gone = office.published(message="gỡ", withdraw=(GRAPH.format(slug=slug),))
    made = revert(office.mai, gone).json()["number"]
    assert office.an.act("approve", made).status_code == 200
    assert office.ask(f"<{PERSON.format(slug=slug)}> rdfs:label ?label")


@pytest.mark.parametrize("position", ["999999", "0", "x"])
def test_a_change_that_is_not_there_is_not_undone(office, position, problem):
    answer = revert(office.mai, position)
    problem(answer, 404 if position == "999999" else 422)


def test_every_act_is_in_the_audit_log_and_the_log_is_whole(office, slug):
    number = office.mai.proposed(entry(slug))
    office.an.act("comment", number, text="được")
    office.an.act("approve", number)
    with DataFolder(office.service.data) as folder:
        assert folder.audit.verify() > 3
        told = {
            (e.agent, e.action) for e in folder.audit.newest() if f"submission {number}" in e.object
        }
    assert told == {
        ("Lò Thị Mai", "propose"),
        ("Nguyễn Thị An", "comment"),
        ("Nguyễn Thị An", "approve"),
    }


def test_updates_are_in_the_audit_log_too(office):
    headers = {"Content-Type": "application/sparql-update"}
    sent = "INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> 1 } }"
    answer = office.an.client.post("/sparql/update", content=sent, headers=headers)
    assert answer.status_code == 200, answer.text
    with DataFolder(office.service.data) as folder:
        newest = folder.audit.newest(limit=1)[0]
    assert (newest.action, newest.object) == ("write", f"change {answer.json()['position']}")


def test_all_of_it_works_with_postgresql(serve, tmp_path, postgresql, biennien):
    with opened(tmp_path, None, serve, database=postgresql) as office:
        position = office.published(entry("o-postgresql"))
        made = revert(office.mai, position).json()["number"]
        assert office.an.act("approve", made).status_code == 200
        assert office.an.act("approve", made).status_code == 409
        assert not office.ask(f"<{PERSON.format(slug='o-postgresql')}> ?p ?o")
