# SPDX-License-Identifier: Apache-2.0
"""Entries as curators write them, sent to their own address in the graph store."""

import shutil

import pytest

from biennien_graph import resources

TURTLE = {"Content-Type": "text/turtle"}
TOPICS = "/graph/authority/topics"
NAMED = "/graphs?graph=https://w3id.org/biennien/graph/authority/topics"
TOPIC = "<https://w3id.org/biennien/id/topic/chuyen-doi-so>"
# One statement more, with the passage that it is taken from.
FURTHER = """
topic:chuyen-doi-so skos:altLabel "chuyển đổi số"@vi
  {| bn:evidence [
    oa:hasSource source:000_ace7c7edb614d59c ; oa:exact "chuyển đổi số" ; oa:start 4096
  ] |} .
"""


@pytest.fixture(scope="module")
def topics():
    """The bundled entry of topics, as its file has it."""
    file = resources.folder("data") / "authorities" / "topics.ttl"
    return file.read_text(encoding="utf-8")


@pytest.fixture
def put(editor, topics):
    """Put an entry of topics; afterwards it is the bundled one again."""

    def send(text, address=TOPICS):
        return editor.client.put(address, content=text.encode(), headers=TURTLE)

    yield send
    assert send(topics).status_code == 200


def test_an_entry_is_the_same_as_when_it_was_loaded(put, topics):
    response = put(topics)
    assert response.status_code == 200
    assert (response.json()["added"], response.json()["removed"]) == (0, 0)


@pytest.mark.parametrize("address", [TOPICS, NAMED])
def test_quotes_and_annotations_become_passages_and_claims(editor, put, topics, address):
    response = put(topics + FURTHER, address)
    assert response.status_code == 200, response.text
    assert response.json()["removed"] == 0
    assert editor.ask(f"""
      {TOPIC} skos:altLabel "chuyển đổi số"@vi .
      ?claim a bn:Claim ; rdf:subject {TOPIC} ; rdf:predicate skos:altLabel ;
        rdf:object "chuyển đổi số"@vi ; bn:evidence ?passage .
      ?passage oa:hasSelector [ oa:exact "chuyển đổi số" ] , [ oa:start 4096 ; oa:end 4109 ]
    """)
    again = put(topics + FURTHER, address).json()
    assert (again["added"], again["removed"]) == (0, 0)


def test_what_is_read_can_be_put_again(editor, put):
    given = editor.client.get(NAMED, headers={"Accept": "text/turtle"}).text
    assert "{|" not in given
    response = put(given)
    assert (response.json()["added"], response.json()["removed"]) == (0, 0)


def test_a_statement_that_is_no_longer_in_the_file_goes_with_its_claim(editor, put, topics):
    put(topics + FURTHER)
    response = put(topics)
    assert response.json()["added"] == 0
    assert response.json()["removed"] > 4
    assert not editor.ask(f"{TOPIC} skos:altLabel ?name")
    assert not editor.ask(f"?claim rdf:subject {TOPIC} ; rdf:predicate skos:altLabel")


def test_a_statement_without_a_passage_is_refused(editor, put, topics, problem):
    new = 'topic:moi a rico:Thing , skos:Concept ; rdfs:label "Mới"@vi , "New"@en .'
    found = problem(put(topics + new), 422)
    assert any(
        result["focus"].endswith("/topic/moi") and "cites no passage" in result["messages"]["en"]
        for result in found["results"]
    )
    assert not editor.ask("<https://w3id.org/biennien/id/topic/moi> ?p ?o")


def test_an_entry_is_put_to_its_own_address(editor, topics, problem):
    response = editor.client.put("/graph/authority/themes", content=topics.encode(), headers=TURTLE)
    found = problem(response, 400)
    assert "graph/authority/topics" in found["detail"]
    assert "graph/authority/themes" in found["detail"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("topic:x a rico:Thing ; bn:evidence [ oa:start 3 ] .", "oa:exact"),
        ('topic:x a rico:Thing ; bn:evidence [ oa:exact "x" ; oa:start 3 ] .', "no source"),
        ("topic:x a rico:Thing", "the body:"),
    ],
)
def test_an_entry_that_cannot_be_read_is_refused_in_words(put, topics, problem, line, words):
    assert words in problem(put(topics + line), 400)["detail"]


def test_a_new_entry_is_created_and_deleted(edit, entry, note, small_folder, tmp_path):
    """With the source text at hand, its quotes are compared with it."""
    shutil.copytree(small_folder, tmp_path / "data")
    text = entry("tran-van-hai", "Nguyễn Thị Thử").read_text(encoding="utf-8")
    address, person = "/graph/authority/tran-van-hai", "/id/person/tran-van-hai"
    with edit(tmp_path, sources=str(note.parent)) as editor:
        wrong = text.replace("oa:start 9", "oa:start 10")
        response = editor.client.put(address, content=wrong.encode(), headers=TURTLE)
        assert response.status_code == 422
        said = [result["messages"]["en"] for result in response.json()["results"]]
        assert any("stands at 9" in words for words in said)
        assert editor.client.get(person).status_code == 404
        response = editor.client.put(address, content=text.encode(), headers=TURTLE)
        assert response.status_code == 201, response.text
        assert editor.client.get(person).status_code == 303
        assert editor.client.delete(address).status_code == 200
        assert editor.client.get(person).status_code in (404, 410)
        assert editor.client.delete(address).status_code == 404
