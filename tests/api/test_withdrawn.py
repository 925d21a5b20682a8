# SPDX-License-Identifier: Apache-2.0
"""Things that are no longer there: merged, renamed, withdrawn; and what was said of them before."""

import shutil

import pytest

NS = "https://w3id.org/biennien/"
REPLACED = "http://purl.org/dc/terms/isReplacedBy"


@pytest.fixture(scope="module")
def curator(edit, small_folder, tmp_path_factory):
    """May change a service with one person in it, and has withdrawn and merged some others."""
    folder = tmp_path_factory.mktemp("withdrawn")
    shutil.copytree(small_folder, folder / "data")
    with edit(folder) as editor:
        yield editor


def graph(name):
    return f"{NS}graph/authority/{name}"


def topic(slug):
    """An entry about one topic, without need of evidence."""
    return f"""GRAPH <{graph(slug)}> {{
      <{graph(slug)}> a bn:Entry ; dcterms:title "Thử"@vi , "Test"@en ;
        dcterms:license <https://creativecommons.org/licenses/by/4.0/> .
      <{NS}vocabulary/test/{slug}> a skos:Concept ; skos:prefLabel "{slug}"@vi , "{slug}"@en .
    }}"""


def replaced(old, *new):
    return f"""GRAPH <{graph("withdrawn")}> {{
      <{graph("withdrawn")}> a bn:Entry ; dcterms:title "Bỏ"@vi , "Withdrawn"@en ;
        dcterms:license <https://creativecommons.org/licenses/by/4.0/> .
      {" ".join(f"<{NS}{old}> <{REPLACED}> <{NS}{target}> ." for target in new)}
    }}"""


def position(editor):
    return int(editor.client.get("/readyz").json()["position"])


PERSON = "person/nguyen-thi-thu"


def test_a_withdrawn_concept_is_gone_and_says_since_when(curator, problem):
    curator.change(f"INSERT DATA {{ {topic('gone')} }}")
    path = "/vocabulary/test/gone"
    assert curator.client.get(path).status_code == 200
    curator.change(f"DROP GRAPH <{graph('gone')}>")
    at = position(curator)
    found = problem(curator.client.get(path, headers={"Accept": "application/json"}), 410)
    assert found["type"].endswith("/gone")
    assert found["replacedBy"] == []
    assert found["change"].endswith(f"/changes/{at}")
    assert found["since"].startswith("20")
    assert curator.client.get(found["change"]).status_code == 200
    assert problem(curator.client.get(f"{path}.ttl"), 410)
    assert curator.client.get("/vocabulary/test/never").status_code == 404


def test_what_is_published_again_is_there_again(curator):
    curator.change(f"INSERT DATA {{ {topic('again')} }}")
    curator.change(f"DROP GRAPH <{graph('again')}>")
    assert curator.client.get("/vocabulary/test/again").status_code == 410
    curator.change(f"INSERT DATA {{ {topic('again')} }}")
    assert curator.client.get("/vocabulary/test/again").status_code == 200


def test_a_merged_thing_leads_to_the_one_that_stands_for_it(curator):
    """Also over several steps, and with the suffix and the query that were asked for."""
    curator.change(f"INSERT DATA {{ {replaced('id/person/thu-cu', 'id/person/thu-kia')} }}")
    curator.change(f"INSERT DATA {{ {replaced('id/person/thu-kia', f'id/{PERSON}')} }}")
    url = curator.service.url
    for old in ("person/thu-cu", "person/thu-kia"):
        for path, target in (
            (f"/id/{old}", f"id/{PERSON}"),
            (f"/doc/{old}", f"doc/{PERSON}"),
            (f"/doc/{old}.ttl", f"doc/{PERSON}.ttl"),
            (f"/id/{old}?lang=en", f"id/{PERSON}?lang=en"),
        ):
            response = curator.client.get(path)
            assert response.status_code == 308, response.text
            assert response.headers["location"] == url + target
    followed = curator.client.get("/id/person/thu-cu", follow_redirects=True)
    assert followed.status_code == 200
    assert "Nguyễn Thị Thử" in followed.text


def test_a_thing_that_became_several_is_gone_with_all_of_them(curator, problem):
    curator.change(
        f"INSERT DATA {{ {replaced('id/agency/chung', 'id/agency/mot', 'id/agency/hai')} }}"
    )
    response = curator.client.get("/id/agency/chung", headers={"Accept": "application/json"})
    found = problem(response, 410)
    assert found["replacedBy"] == [f"{NS}id/agency/hai", f"{NS}id/agency/mot"]
    assert f'<{NS}id/agency/mot>; rel="successor-version"' in response.headers["link"]
    page = curator.client.get("/id/agency/chung", headers={"Accept": "text/html"})
    assert page.status_code == 410
    assert "/doc/agency/mot" in page.text


def test_things_that_replace_each_other_are_gone(curator, problem):
    curator.change(f"INSERT DATA {{ {replaced('id/place/mot', 'id/place/hai')} }}")
    curator.change(f"INSERT DATA {{ {replaced('id/place/hai', 'id/place/mot')} }}")
    problem(curator.client.get("/id/place/mot", headers={"Accept": "application/json"}), 410)


def test_a_thing_that_is_still_described_does_not_lead_away(curator):
    """A province that was merged is described under its own name, and says what came of it."""
    curator.change(f"INSERT DATA {{ {replaced(f'id/{PERSON}', 'id/person/khac')} }}")
    assert curator.client.get(f"/id/{PERSON}").status_code == 303
    assert "id/person/khac" in curator.client.get(f"/doc/{PERSON}.nt").text
    curator.change(f"DELETE WHERE {{ GRAPH ?g {{ <{NS}id/{PERSON}> <{REPLACED}> ?o }} }}")


# As it was


def test_the_history_of_a_thing_lists_its_mementos(curator):
    path = "vocabulary/test/told"
    curator.change(f"INSERT DATA {{ {topic('told')} }}")
    first = position(curator)
    label = f"GRAPH <{graph('told')}> {{ <{NS}{path}> skos:altLabel 'khác'@vi }}"
    curator.change(f"INSERT DATA {{ {label} }}")
    second = position(curator)
    curator.change(f"DELETE DATA {{ {label} }}")
    response = curator.client.get(f"/{path}.nt")
    assert f'<{curator.service.url}timemap/{path}>; rel="timemap"' in response.headers["link"]
    links = curator.client.get(f"/timemap/{path}")
    assert links.headers["content-type"] == "application/link-format"
    assert links.text.count("memento/") == 3
    assert 'rel="first memento"' in links.text
    assert 'rel="original"' in links.text
    told = curator.client.get(f"/timemap/{path}", headers={"Accept": "application/json"}).json()
    assert [m["uri"].split("/memento/")[1] for m in told["mementos"]["list"]] == [
        f"{number}/{path}" for number in (first, second, second + 1)
    ]
    bodies = [curator.client.get(m["uri"] + ".nt").text for m in told["mementos"]["list"]]
    assert ["khác" in body for body in bodies] == [False, True, False]
    assert sorted(bodies[0].splitlines()) == sorted(bodies[2].splitlines())
    page = curator.client.get(f"/timemap/{path}", headers={"Accept": "text/html"})
    assert page.text.count("/memento/") == 3


@pytest.mark.parametrize("name", ["html", "jsonld", "ttl", "nt", "trig", "rdf"])
def test_a_memento_comes_in_every_syntax_with_its_time(curator, name):
    path = f"doc/{PERSON}"
    response = curator.client.get(f"/memento/1/{path}.{name}")
    assert response.status_code == 200, response.text
    assert response.headers["memento-datetime"].endswith("GMT")
    assert f'<{curator.service.url}{path}>; rel="original"' in response.headers["link"]
    assert "Nguyễn Thị Thử" in response.text


def test_what_was_withdrawn_can_still_be_read_as_it_was(curator):
    curator.change(f"INSERT DATA {{ {topic('lost')} }}")
    at = position(curator)
    curator.change(f"DROP GRAPH <{graph('lost')}>")
    assert curator.client.get("/vocabulary/test/lost").status_code == 410
    before = curator.client.get(f"/memento/{at}/vocabulary/test/lost.nt")
    assert before.status_code == 200
    assert '"lost"@vi' in before.text
    assert curator.client.get(f"/memento/{at + 1}/vocabulary/test/lost.nt").status_code == 404


def test_a_person_of_the_first_load_is_rebuilt_with_claims_and_passages(curator):
    """The bulk of it is what the current description has; later changes are undone."""
    now = set(curator.client.get(f"/doc/{PERSON}.nt").text.splitlines())
    before = set(curator.client.get(f"/memento/1/doc/{PERSON}.nt").text.splitlines())
    assert any("/claim/" in line for line in before)
    assert any("exact>" in line for line in before)
    assert before <= now | before
    assert {line for line in now if f"id/{PERSON}> " in line[:60]} <= before


def test_a_claim_that_is_changed_in_place_is_undone_too(curator):
    """It touches the thing that it is about, and a memento has it as it was."""
    path = f"doc/{PERSON}"
    at = position(curator)
    before = curator.client.get(f"/{path}.nt?profile=evidence").text.splitlines()
    claim = next(line.split()[0] for line in before if f"#subject> <{NS}id/{PERSON}>" in line)
    note = f"GRAPH ?g {{ {claim} a bn:Claim }}"
    told = curator.client.get(f"/timemap/{path}", headers={"Accept": "application/json"}).json()
    added = f"INSERT {{ GRAPH ?g {{ {claim} bn:reasoning 'đọc lại'@vi }} }} WHERE {{ {note} }}"
    assert curator.change(added) == (1, 0)
    again = curator.client.get(f"/timemap/{path}", headers={"Accept": "application/json"}).json()
    assert len(again["mementos"]["list"]) == len(told["mementos"]["list"]) + 1
    assert again["mementos"]["last"]["added"] == 1
    assert "đọc lại" in curator.client.get(f"/{path}.nt?profile=evidence").text
    assert "đọc lại" in curator.client.get(f"/memento/{at + 1}/{path}.nt").text
    assert "đọc lại" not in curator.client.get(f"/memento/{at}/{path}.nt").text


def test_a_time_leads_to_the_memento_of_that_time(curator):
    path = f"doc/{PERSON}"
    gate = curator.client.get(f"/timegate/{path}")
    assert gate.status_code == 302
    assert gate.headers["vary"] == "Accept-Datetime"
    early = curator.client.get(
        f"/timegate/{path}", headers={"Accept-Datetime": "Tue, 07 May 2024 00:00:00 GMT"}
    )
    assert early.headers["location"] == f"{curator.service.url}memento/1/{path}"
    bad = curator.client.get(f"/timegate/{path}", headers={"Accept-Datetime": "hôm qua".encode()})
    assert bad.status_code == 400
    stamp = curator.client.get(f"/memento/20991231235959/{path}")
    assert stamp.status_code == 302
    assert curator.client.get(stamp.headers["location"]).status_code == 200


@pytest.mark.parametrize(
    "path", ["/memento/x/doc/a/b", "/memento/0/doc/person/x", "/timemap/id/a/b"]
)
def test_mementos_that_are_not_there_are_not_found(curator, problem, path):
    problem(curator.client.get(path, headers={"Accept": "application/json"}), 404)


def test_the_date_of_a_description_is_that_of_the_last_change_of_the_thing(curator):
    path = f"/doc/{PERSON}.ttl"
    before = curator.client.get(path).headers["last-modified"]
    curator.change(f"INSERT DATA {{ {topic('other')} }}")
    again = curator.client.get(path)
    assert again.headers["last-modified"] == before
    since = {"If-Modified-Since": before}
    assert curator.client.get(path, headers=since).status_code == 304
    early = {"If-Modified-Since": "Tue, 07 May 2024 00:00:00 GMT"}
    assert curator.client.get(path, headers=early).status_code == 200


def test_a_change_of_something_else_leaves_the_tag(curator):
    path = f"/doc/{PERSON}.ttl"
    tag = curator.client.get(path).headers["etag"]
    curator.change(f"INSERT DATA {{ {topic('else')} }}")
    assert curator.client.get(path, headers={"If-None-Match": tag}).status_code == 304
