# SPDX-License-Identifier: Apache-2.0
"""A change is proposed, looked at, discussed, amended, and published or not."""

import itertools

import pytest
from stewards import PERSON, entry, opened

NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def office(small_folder, serve, tmp_path_factory):
    with opened(tmp_path_factory.mktemp("office"), small_folder, serve) as found:
        yield found


@pytest.fixture
def slug():
    """A name that no other test uses."""
    return f"nguoi-so-{next(NUMBERS)}"


def actions(answer) -> set[str]:
    return {action["name"] for action in answer.json()["actions"]}


def test_what_is_proposed_is_published_once_another_approves_it(office, slug):
    answer = office.mai.propose(entry(slug), message="thêm một người")
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert answer.headers["location"] == made["id"]
    assert (made["state"], made["agent"], made["revision"]) == ("open", "Lò Thị Mai", 1)
    assert made["conforms"], made["results"]
    assert made["statements"]["added"] > 10
    assert not office.ask(f"<{PERSON.format(slug=slug)}> ?p ?o")

    approved = office.an.act("approve", made["number"])
    assert approved.status_code == 200, approved.text
    assert approved.headers["biennien-position"] == str(approved.json()["position"])
    assert office.ask(f"<{PERSON.format(slug=slug)}> ?p ?o")
    after = office.mai.get(made["number"]).json()
    assert (after["state"], after["decidedBy"]) == ("published", "Nguyễn Thị An")
    assert after["position"] == approved.json()["position"]


def test_the_difference_is_told_in_words_with_passages_and_as_an_rdf_patch(office, slug):
    office.published(entry(slug, "Hoàng Thị Mới"))
    number = office.mai.proposed(entry(slug, "Hoàng Thị Mới Hơn"), message="sửa tên")
    told = office.an.get(number, "/difference").json()
    said = {(row["sign"], row["object"]["value"]) for row in told["rows"]}
    assert said == {("-", "Hoàng Thị Mới"), ("+", "Hoàng Thị Mới Hơn")}
    assert told["labels"][PERSON.format(slug=slug)]["vi"] == "Hoàng Thị Mới Hơn"
    patch = office.an.get(number, "/difference", Accept="application/rdf-patch")
    assert patch.headers["content-type"] == "application/rdf-patch"
    lines = patch.text.splitlines()
    assert lines[0] == "TX ."
    assert lines[-1] == "TC ."
    assert {line[0] for line in lines[1:-1]} == {"A", "D"}
    new = next(
        row
        for row in office.an.get(office.mai.proposed(entry(slug + "-b")), "/difference").json()[
            "rows"
        ]
    )
    assert new["sign"] == "+"
