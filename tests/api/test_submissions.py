# SPDX-License-Identifier: Apache-2.0
"""A change is proposed, looked at, discussed, amended, and published or not."""

import itertools
import threading

import httpx
import pytest
from stewards import GRAPH, PERSON, entry, opened

from biennien_graph.submissions.rules import RULES

NUMBERS = itertools.count(1)
# The state that an action is tried in, and how a submission gets there.
INTO = {
    "open": lambda office, number: office.an.get(number),
    "published": lambda office, number: office.an.act("approve", number),
    "rejected": lambda office, number: office.an.act("reject", number, reason="sai"),
    "withdrawn": lambda office, number: office.mai.act("withdraw", number),
}
SAID = {"comment": {"text": "xem lại"}, "reject": {"reason": "không có dẫn chứng"}}


@pytest.fixture(scope="module")
def office(small_folder, serve, tmp_path_factory):
    with opened(tmp_path_factory.mktemp("office"), small_folder, serve) as found:
        yield found


@pytest.fixture
def slug():
    """A name that no other test uses."""
    return f"nguoi-so-{next(NUMBERS)}"


def names(answer) -> set[str]:
    return {action["name"] for action in answer.json()["actions"]}


def head(office) -> int:
    return int(httpx.get(f"{office.service.url}readyz").json()["position"])


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
    assert {(row["sign"], row["object"]["value"]) for row in told["rows"]} == {
        ("-", "Hoàng Thị Mới"),
        ("+", "Hoàng Thị Mới Hơn"),
    }
    assert {p["quote"] for row in told["rows"] for p in row["evidence"]} == {"Nguyễn Thị Thử"}
    assert told["labels"][PERSON.format(slug=slug)]["vi"] == "Hoàng Thị Mới Hơn"
    patch = office.an.get(number, "/difference", Accept="application/rdf-patch")
    assert patch.headers["content-type"] == "application/rdf-patch"
    first, *lines, last = patch.text.splitlines()
    assert (first, last) == ("TX .", "TC .")
    assert sum(line.startswith("D ") for line in lines) == told["removed"]
    assert sum(line.startswith("A ") for line in lines) == told["added"]


def test_a_long_difference_is_told_in_parts(office, slug):
    number = office.mai.proposed(entry(slug))
    first = office.an.get(number, "/difference?limit=3").json()
    second = office.an.client.get(first["next"]).json()
    assert len(first["rows"]) == 3
    assert first["rows"] != second["rows"]


def test_an_entry_is_withdrawn_by_a_submission(office, slug):
    office.published(entry(slug))
    office.published(message="gỡ bỏ", withdraw=(GRAPH.format(slug=slug),))
    assert not office.ask(f"<{PERSON.format(slug=slug)}> ?p ?o")


def test_an_entry_may_come_as_the_body_of_the_request(office, slug):
    headers = {"Content-Type": "text/turtle"}
    address = "/api/submissions?message=th%C3%AAm"
    made = office.mai.client.post(address, content=entry(slug), headers=headers)
    assert made.status_code == 201, made.text
    file = office.an.client.get(made.json()["entries"][0]["file"])
    assert file.content == entry(slug)


def test_a_submission_is_amended_and_its_first_revision_stays(office, slug):
    number = office.mai.proposed(entry(slug, "Tên Sai"))
    amended = office.mai.amend(number, entry(slug, "Tên Đúng"), revision=1)
    assert amended.status_code == 200, amended.text
    assert amended.headers["etag"] == '"revision-2"'
    revisions = office.an.get(number, "/revisions").json()["member"]
    assert [found["number"] for found in revisions] == [1, 2]
    first = office.an.client.get(revisions[0]["id"]).json()
    assert "Tên Sai" in office.an.client.get(first["entries"][0]["file"]).text


def test_what_was_amended_since_is_not_approved_unseen(office, slug, problem):
    number = office.mai.proposed(entry(slug))
    unnamed = office.an.client.post(f"/api/submissions/{number}/approve")
    assert "revision-1" in problem(unnamed, 428)["hint"]
    office.mai.amend(number, entry(slug, "Tên Khác"), revision=1)
    problem(office.an.act("approve", number, revision=1), 412)
    problem(office.mai.amend(number, entry(slug), revision=1), 412)
    assert office.an.act("approve", number, revision=2).status_code == 200


def test_nobody_approves_their_own_submission(office, slug, problem):
    number = office.an.proposed(entry(slug))
    assert "own" in problem(office.an.act("approve", number), 403)["detail"]
    assert "approve" not in names(office.an.get(number))
    assert office.binh.act("approve", number).status_code == 200


@pytest.mark.parametrize("state", INTO)
@pytest.mark.parametrize("action", [action for action in RULES if action != "propose"])
def test_what_may_be_done_is_what_the_table_says(office, slug, action, state, problem):
    """By the submitter, another steward, and an editor; the answer names the same actions."""
    rule = RULES[action]
    for who in ("pao", "mai", "binh"):
        made = f"{slug}-{who}"
        number = office.mai.proposed(entry(made))
        INTO[state](office, number)
        person = getattr(office, who)
        allowed = (
            state in rule.before
            and (rule.role == "steward" or who == "binh")
            and (rule.who != "submitter" or who == "mai")
        )
        assert (action in names(person.get(number))) == allowed
        if action == "amend":
            answer = person.amend(number, entry(made, "Tên Khác"), revision=1)
        else:
            answer = person.act(action, number, **SAID.get(action, {}))
        if allowed:
            assert answer.is_success, answer.text
            assert office.an.get(number).json()["state"] == (rule.after or state)
        else:
            assert answer.status_code in (403, 409)
            problem(answer, answer.status_code)
            assert office.an.get(number).json()["state"] == state


def test_of_two_editors_who_approve_at_once_one_wins_and_there_is_one_change(office, slug):
    number, before = office.mai.proposed(entry(slug)), head(office)
    answers = []
    threads = [
        threading.Thread(target=lambda who=who: answers.append(who.act("approve", number)))
        for who in (office.an, office.binh)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert head(office) == before + 1
    assert office.an.get(number).json()["position"] == before + 1


def test_two_submissions_that_do_not_touch_the_same_are_both_published(office, slug):
    office.published(entry(slug, "Tên Cũ"))
    renamed = office.mai.proposed(entry(slug, "Tên Mới"), message="sửa tên")
    called = '\n  skos:altLabel "Bí danh"@vi ;'
    also_called = office.pao.proposed(entry(slug, "Tên Cũ", called), message="thêm bí danh")
    assert office.an.act("approve", renamed).status_code == 200
    told = office.an.get(also_called, "/difference").json()
    assert [row["object"]["value"] for row in told["rows"]] == ["Bí danh"]
    assert office.an.act("approve", also_called).status_code == 200
    person = PERSON.format(slug=slug)
    assert office.ask(f'<{person}> rdfs:label "Tên Mới"@vi ; skos:altLabel "Bí danh"@vi')
    assert not office.ask(f'<{person}> rdfs:label "Tên Cũ"@vi')


def test_two_that_alter_the_same_conflict_and_the_three_versions_are_shown(office, slug, problem):
    office.published(entry(slug, "Tên Cũ"))
    one = office.mai.proposed(entry(slug, "Tên Một"))
    two = office.pao.proposed(entry(slug, "Tên Hai"))
    assert office.an.act("approve", one).status_code == 200
    (conflict,) = problem(office.an.act("approve", two), 409)["conflicts"]
    assert "Tên Cũ" in conflict["base"][0]
    assert "Tên Hai" in conflict["proposed"][0]
    assert "Tên Một" in conflict["published"][0]
    assert office.an.get(two, "/difference").json()["conflicts"]
    assert office.an.get(two).json()["state"] == "open"
    office.pao.amend(two, entry(slug, "Tên Hai"), revision=1)
    assert office.an.act("approve", two, revision=2).status_code == 200
    assert office.ask(f'<{PERSON.format(slug=slug)}> rdfs:label "Tên Hai"@vi')


def test_what_does_not_conform_is_kept_with_its_report_and_not_published(office, slug, problem):
    broken = entry(slug).replace(b'"Test"@en', b'"Test"')
    answer = office.mai.propose(broken)
    assert answer.status_code == 201
    assert not answer.json()["conforms"]
    refused = problem(office.an.act("approve", answer.json()["number"]), 422)
    assert any(result["messages"]["vi"] for result in refused["results"])
    assert not office.ask(f"<{PERSON.format(slug=slug)}> ?p ?o")


WRONG = {
    "nothing at all": ({"data": {"message": "gì"}}, 400, "Nothing is proposed"),
    "no message": ({"files": {"file": ("a.ttl", entry())}}, 400, "message"),
    "a file cut in the middle": (
        {
            "files": {"file": ("a.ttl", entry()[:-20])},
            "data": {"message": "gì"},
        },
        400,
        "a.ttl",
    ),
    "UTF-16": (
        {
            "files": {"file": ("a.ttl", entry().decode().encode("utf-16"))},
            "data": {"message": "gì"},
        },
        400,
        "UTF-16",
    ),
    "a media type that is none of RDF": (
        {
            "files": {"file": ("a.pdf", entry(), "application/pdf")},
            "data": {"message": "gì"},
        },
        415,
        "application/pdf",
    ),
    "an entry that is not there to withdraw": (
        {"data": {"message": "gì", "withdraw": "urn:none"}},
        400,
        "urn:none",
    ),
    "a graph that is no IRI": (
        {"data": {"message": "gì", "withdraw": "none"}},
        400,
        "withdraw=none",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_read_is_refused_with_a_clear_answer(office, name, problem):
    sent, status, words = WRONG[name]
    answer = office.mai.client.post("/api/submissions", **sent)
    found = problem(answer, status)
    assert words in found["detail"]


def test_what_changes_nothing_is_no_submission(office, slug, problem):
    office.published(entry(slug))
    assert "nothing" in problem(office.mai.propose(entry(slug)), 400)["detail"]


def test_without_a_token_nothing_is_seen_and_nothing_proposed(office, slug, problem):
    address = f"{office.service.url}api/submissions"
    problem(httpx.get(address), 401)
    problem(httpx.post(address, content=entry(slug)), 401)


def test_the_list_is_filtered_and_goes_on(office, slug):
    numbers = [office.pao.proposed(entry(f"{slug}-{n}")) for n in range(3)]
    office.pao.act("withdraw", numbers[0])
    get = office.an.client.get
    asked = {"state": "open", "agent": "Giàng A Páo", "limit": 2}
    page = get("/api/submissions", params=asked).json()
    found = [one["number"] for one in page["member"]]
    assert found[:2] == numbers[:0:-1]
    assert all(one["number"] < found[-1] for one in get(page["next"]).json()["member"])


def test_a_submission_that_is_too_large_is_refused_while_others_are_answered(
    small_folder, serve, tmp_path, problem
):
    """100,000 statements; within the bounds that are the default, they are taken."""
    line = '<id/person/p{0}> <http://purl.org/dc/terms/identifier> "{0}" .\n'
    large = entry("lon") + "".join(map(line.format, range(100_000))).encode()
    answers, waits = [], []
    with opened(tmp_path, small_folder, serve, submission_seconds="4") as office:
        sending = threading.Thread(target=lambda: answers.append(office.mai.propose(large)))
        sending.start()
        while sending.is_alive():
            waits.append(httpx.get(f"{office.service.url}healthz", timeout=30).elapsed)
            sending.join(0.05)
        found = problem(answers[0], 413)
        assert "cannot be judged within 4 s" in found["detail"]
        assert max(waits).total_seconds() < 2
        assert office.an.client.get("/api/submissions").json()["member"] == []
        assert office.mai.proposed(entry("nho")) == 1


def test_statements_and_bytes_of_a_submission_are_bounded(small_folder, serve, tmp_path, problem):
    bounds = {"submission_statements": "12", "submission_size": "1"}
    with opened(tmp_path, small_folder, serve, **bounds) as office:
        many = "".join(f'<urn:s> <urn:p> "{n}" .\n' for n in range(10)).encode()
        assert "more than the 12" in problem(office.mai.propose(entry() + many), 400)["detail"]
        problem(office.mai.propose(entry() + b"# " + b"x" * 2**20), 413)
