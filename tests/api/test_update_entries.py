# SPDX-License-Identifier: Apache-2.0
"""Updates of entries: judged by the shapes, recorded, seen at once, and not lost."""

import shutil

import pytest

from biennien_graph.datafolder import database_of, journal_of
from biennien_graph.engine import COMPUTED

PEOPLE = "<https://w3id.org/biennien/graph/authority/people>"
RECORD = "<https://w3id.org/biennien/graph/record/ke-hoach-so-khcn-bac-giang-2024>"
PERSON = "<https://w3id.org/biennien/id/person/tran-quoc-cuong>"
NEWCOMER = "<https://w3id.org/biennien/id/person/nguoi-moi>"

RETITLE = """
DELETE { GRAPH ENTRY { ENTRY dcterms:title ?old } }
INSERT { GRAPH ENTRY { ENTRY dcterms:title "TITLE"@vi } }
WHERE { GRAPH ENTRY { ENTRY dcterms:title ?old FILTER(LANG(?old) = "vi") } }
"""
# A further name, with a claim that cites the passage of the name that is there.
CLAIMED = f"""
INSERT {{ GRAPH {PEOPLE} {{
  {PERSON} skos:altLabel "NAME"@vi .
  ?claim a bn:Claim ;
    rdf:subject {PERSON} ; rdf:predicate skos:altLabel ; rdf:object "NAME"@vi ;
    bn:evidence ?passage ; bn:certainty ?certainty ; bn:modality ?modality .
}} }}
WHERE {{
  GRAPH {PEOPLE} {{
    [] rdf:subject {PERSON} ; rdf:predicate rdfs:label ; rdf:object ?label ;
      bn:evidence ?passage ; bn:certainty ?certainty ; bn:modality ?modality
  }}
  FILTER(LANG(?label) = "vi")
  BIND(IRI("https://w3id.org/biennien/claim/further-name") AS ?claim)
}}
"""
# A passage that no other entry quotes, and what it says.
OWN_PASSAGE = f"""
  {{ SELECT ?passage {{
    GRAPH {PEOPLE} {{ ?claim bn:evidence ?passage }}
    FILTER NOT EXISTS {{ GRAPH ?other {{ ?passage a bn:Passage }} FILTER(?other != {PEOPLE}) }}
  }} ORDER BY ?passage LIMIT 1 }}
  GRAPH {PEOPLE} {{ ?passage ?p ?o ; oa:hasSelector ?quote . ?quote oa:exact ?words }}
"""
# What breaks the shapes, the node that is at fault, and words of the report.
BREAKING = {
    "a person without a name": (
        f"INSERT DATA {{ GRAPH {PEOPLE} {{ {NEWCOMER} a rico:Person }} }}",
        NEWCOMER,
        "Vietnamese name",
    ),
    "the same in a graph that is no entry yet": (
        f"INSERT DATA {{ GRAPH <urn:new> {{ {NEWCOMER} a rico:Person }} }}",
        NEWCOMER,
        "Vietnamese name",
    ),
    "a node without a name of its own": (
        f"INSERT DATA {{ GRAPH {PEOPLE} {{ [] a rico:Person }} }}",
        "",
        "Vietnamese name",
    ),
    "a statement without a claim": (
        f"INSERT DATA {{ GRAPH {PEOPLE} {{ {PERSON} skos:altLabel 'Trần Cường'@vi }} }}",
        PERSON,
        "cites no passage",
    ),
    "a claim without its passage": (
        f"DELETE {{ GRAPH {PEOPLE} {{ ?passage ?p ?o }} }} WHERE {{ {OWN_PASSAGE} }}",
        "/claim/",
        "at least one passage",
    ),
    "a passage without its quote": (
        f"DELETE {{ GRAPH {PEOPLE} {{ ?quote oa:exact ?words }} }} WHERE {{ {OWN_PASSAGE} }}",
        "/passage/",
        "oa:exact",
    ),
    "a position that is no number": (
        """INSERT DATA { GRAPH <urn:new> { <urn:p> a bn:Passage ; oa:hasSource <urn:s> ;
             oa:hasSelector <urn:p#quote> , <urn:p#position> . <urn:p#quote> oa:exact 'x' .
             <urn:p#position> a oa:TextPositionSelector ; oa:start 'x' } }""",
        "urn:p#position",
        "",
    ),
    "a statement whose claim is gone": (
        f"DELETE WHERE {{ GRAPH {PEOPLE} {{ ?claim rdf:subject {PERSON} ; ?p ?o }} }}",
        PERSON,
        "cites no passage",
    ),
    "a second operation that breaks what the first left whole": (
        f"""{RETITLE.replace("ENTRY", PEOPLE).replace("TITLE", "Người")} ;
            DELETE WHERE {{ GRAPH {PEOPLE} {{ {PERSON} rdfs:label ?label }} }}""",
        PERSON,
        "Vietnamese name",
    ),
}


def retitle(entry, title):
    return RETITLE.replace("ENTRY", entry).replace("TITLE", title)


def rows(editor, query):
    response = editor.client.get("/sparql", params={"query": query, "format": "csv"})
    assert response.status_code == 200, response.text
    return response.text.split("\r\n")[1:-1]


def size(editor):
    return rows(editor, "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")


def newest_change(editor):
    data = editor.service.data
    database = database_of(data)
    journal = journal_of(data, database)
    change = next(iter(journal.since(journal.head()[0] - 1)))
    database.close()
    return change


# What conforms


@pytest.mark.parametrize("entry", [PEOPLE, RECORD], ids=["people", "record"])
def test_a_conforming_change_is_seen_by_the_next_query(editor, entry):
    query = f"SELECT ?title {{ {entry} dcterms:title ?title FILTER(LANG(?title) = 'vi') }}"
    before = rows(editor, query)
    for title in ("Tên mới", *before):
        assert editor.change(retitle(entry, title)) == (1, 1)
        assert rows(editor, query) == [title]
        assert editor.change(retitle(entry, title)) == (0, 0)


def test_a_change_is_recorded_with_who_made_it(editor):
    editor.change(retitle(PEOPLE, "Người"))
    change = newest_change(editor)
    position = editor.update("").json()["position"]
    assert (change.position, change.agent, change.message) == (
        position,
        "Nguyễn Thị An",
        "SPARQL Update",
    )
    assert (change.added_count, change.removed_count) == (1, 1)
    assert '"Người"@vi'.encode() in change.added
    editor.change(retitle(PEOPLE, "Người"))
    assert newest_change(editor).position == position


def test_a_cached_answer_is_not_given_after_a_change(editor):
    query = {"query": f"SELECT ?title {{ {PEOPLE} dcterms:title ?title }}"}
    first = editor.client.get("/sparql", params=query)
    tag = {"If-None-Match": first.headers["etag"]}
    assert editor.client.get("/sparql", params=query, headers=tag).status_code == 304
    editor.change(retitle(PEOPLE, "Những người"))
    second = editor.client.get("/sparql", params=query, headers=tag)
    assert second.status_code == 200
    assert "Những người" in second.text


def test_a_statement_is_added_with_its_claim_and_taken_back(editor):
    position = int(editor.update("").json()["position"])
    response = editor.update(CLAIMED.replace("NAME", "Trần Cường"))
    assert response.status_code == 200, response.text
    assert response.json()["position"] == position + 1
    assert rows(editor, f"SELECT ?name {{ {PERSON} skos:altLabel ?name }}") == ["Trần Cường"]
    derived = "<https://w3id.org/biennien/graph/derived>"
    folded = f"GRAPH {derived} {{ {PERSON} bn:foldedLabel 'tran cuong' }}"
    assert editor.ask(folded)
    editor.change(
        f"DELETE WHERE {{ GRAPH {PEOPLE} {{ {PERSON} skos:altLabel ?name . "
        "<https://w3id.org/biennien/claim/further-name> ?p ?o } }"
    )
    assert not editor.ask(f"{PERSON} skos:altLabel ?name")
    assert not editor.ask(folded)


def test_what_follows_is_concluded_and_taken_back_with_it(editor):
    concluded = "GRAPH <https://w3id.org/biennien/graph/inferred> { <urn:b> skos:narrower <urn:a> }"
    editor.change("INSERT DATA { GRAPH <urn:g> { <urn:a> skos:broader <urn:b> } }")
    assert editor.ask(concluded)
    editor.change("DROP GRAPH <urn:g>")
    assert not editor.ask(concluded)


def test_remarks_that_stand_in_nobodys_way_come_with_the_answer(editor):
    found = editor.update(retitle(RECORD, "Kế hoạch")).json()["results"]
    assert found
    assert {result["severity"] for result in found} <= {"Warning", "Info"}
    assert all(result["messages"]["vi"] and result["messages"]["en"] for result in found)


# What does not


@pytest.mark.parametrize("case", BREAKING)
def test_a_change_that_breaks_the_shapes_changes_nothing(editor, problem, case):
    text, focus, words = BREAKING[case]
    position, before = editor.update("").json()["position"], size(editor)
    found = problem(editor.update(text), 422)
    assert found["type"].endswith("/not-conforming")
    assert "Nothing was changed" in found["hint"]
    violations = [result for result in found["results"] if result["severity"] == "Violation"]
    assert f"{len(violations)} violation" in found["detail"]
    assert any(
        focus.strip("<>") in result["focus"] and words in result["messages"]["en"]
        for result in violations
    )
    assert all(result["messages"]["vi"] for result in violations)
    assert editor.update("").json()["position"] == position
    assert size(editor) == before


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <urn:s> <urn:p> 1 }",
        "DELETE WHERE { ?s skos:altLabel ?name }",
        "CLEAR DEFAULT",
        "COPY <https://w3id.org/biennien/graph/authority/people> TO DEFAULT",
    ],
)
def test_the_union_is_not_written_to_and_the_way_is_shown(editor, problem, text):
    found = problem(editor.update(text), 400)
    assert "union of all entries" in found["detail"]
    assert "GRAPH <https://w3id.org/biennien/graph/…>" in found["hint"]


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_the_graph_store_does_not_write_to_the_union_either(editor, problem, method):
    before = size(editor)
    patch = method == "PATCH"
    headers = {"Content-Type": "application/sparql-update" if patch else "text/turtle"}
    body = "CLEAR DEFAULT" if patch else "<urn:s> <urn:p> 1 ."
    response = editor.client.request(method, "/graphs?default", content=body, headers=headers)
    assert "union of all entries" in problem(response, 400)["detail"]
    assert size(editor) == before


@pytest.mark.parametrize("graph", sorted(COMPUTED))
def test_what_the_service_computes_is_not_written_by_others(editor, problem, graph):
    updates = [
        f"INSERT DATA {{ GRAPH <{graph}> {{ <urn:s> <urn:p> 1 }} }}",
        f"DELETE WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}",
        f"CLEAR GRAPH <{graph}>",
        f"COPY {PEOPLE} TO <{graph}>",
    ]
    responses = [editor.update(text) for text in updates]
    address, body = f"/graphs?graph={graph}", "<urn:s> <urn:p> 1 ."
    responses += [
        editor.client.request("PUT", address, content=body),
        editor.client.delete(address),
    ]
    for response in responses:
        assert "computed" in problem(response, 400)["detail"]


# Not lost


def test_a_change_outlives_the_service_and_its_store(edit, small_folder, tmp_path):
    shutil.copytree(small_folder, tmp_path / "data")
    with edit(tmp_path) as editor:
        entry = rows(editor, "SELECT ?entry { ?entry a bn:Entry }")[0]
        assert editor.change(retitle(f"<{entry}>", "Sổ mới")) == (1, 1)
    for lost in ("snapshots", "store"):
        shutil.rmtree(tmp_path / "data" / lost)
        with edit(tmp_path) as editor:
            assert editor.ask(f"GRAPH <{entry}> {{ <{entry}> dcterms:title 'Sổ mới'@vi }}")


# What is taken away from others


def test_what_others_refer_to_is_not_taken_away(edit, data_folder, problem, tmp_path):
    agencies = "https://w3id.org/biennien/graph/authority/agencies"
    shutil.copytree(data_folder, tmp_path / "data")
    with edit(tmp_path, query_seconds="150") as editor:
        editor.client.timeout = 150
        found = problem(editor.update(f"CLEAR GRAPH <{agencies}>"), 422)
        touched = {result["entry"] for result in found["results"]}
        assert touched
        assert agencies not in touched
        assert editor.ask(f"GRAPH <{agencies}> {{ ?agency a ?class }}")


def test_what_nobody_refers_to_is_taken_away(editor):
    graph = "<https://w3id.org/biennien/graph/authority/alone>"
    editor.change(f"INSERT DATA {{ GRAPH {graph} {{ <urn:alone> a <urn:Thing> }} }}")
    assert editor.change(f"CLEAR GRAPH {graph}") == (0, 1)
