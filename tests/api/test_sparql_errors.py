# SPDX-License-Identifier: Apache-2.0
"""`/sparql`: requests that are wrong, and queries that are not SPARQL."""

import re
from urllib.parse import urlencode

import pytest

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"

SYNTAX_ERRORS = [
    ("SELEC ?x WHERE { ?x a ?y }", 1, 1, "SELEC"),
    ("HELLO", 1, 1, "HELLO"),
    ("SELECT ?x WHERE { ?x ?y }", 1, 25, "}"),
    ("SELECT ?x\nWHERE {\n  ?x a ?y ; ?z\n} LIMIT 5", 4, 1, "}"),
    ("SELECT ?x WHERE { ?x a ?y } LIMIT many", 1, 35, "many"),
    ("SELECT ?x WHERE { ?x a ?y } ORDER ?x", 1, 35, "?x"),
    ("SELECT ?x WHERE { ?x a ?y } }", 1, 29, "}"),
    ("SELECT ?x WHERE { ?x a ?y } GARBAGE", 1, 29, "GARBAGE"),
    ("SELECT ?x WHERE { FILTER(NOSUCH(?x)) }", 1, 26, "NOSUCH"),
    ('SELECT ?x WHERE { ?x rdfs:label "Điện Biên"@vi ?y }', 1, 48, "?y"),
    ("SELECT ?x\nWHERE {\n  ?x foo:bar ?y\n}", 3, 6, "foo:bar"),
    ("SELECT ?x WHERE { ?x a bn:Claim ; foo:a bar:b }", 1, 35, "foo:a"),
    ("SELECT ?điện WHERE { ?điện a nope:Thing }", 1, 30, "nope:Thing"),
    ("PREFIX a <http://example.org/> ASK {}", 1, 8, "a"),
]
BROKEN_OFF = ["SELECT * WHERE { ?s ?p ?o", "SELECT * WHERE", "ASK {{", "ASK { ?s ?p ?o ."]


def post(client, body, media_type):
    """A body of some media type."""
    return client.post("/sparql", content=body, headers={"Content-Type": media_type})


# Requests


def test_a_post_without_a_query_is_wrong(client, problem):
    found = problem(client.post("/sparql", data={"format": "json"}), 400)
    assert "no query" in found["detail"]


def test_a_machine_that_asks_nothing_is_told_what_is_missing(client, problem):
    response = client.get("/sparql", headers={"Accept": "application/sparql-results+json"})
    assert "no query" in problem(response, 400)["detail"]


@pytest.mark.parametrize("accept", ["text/turtle", "application/ld+json", "*/*"])
def test_a_machine_that_takes_rdf_gets_the_service_description(client, accept):
    response = client.get("/sparql", headers={"Accept": accept})
    assert response.status_code == 200
    assert re.search("(sd:|description#)UnionDefaultGraph", response.text)
    assert "/sparql/update" in response.text


def test_a_browser_that_asks_nothing_gets_the_query_form(client, page):
    found = page(client.get("/sparql", headers={"Accept": BROWSER}))
    assert found.one("textarea", name="query")
    assert found.one("form", method="get").attributes["action"].endswith("/sparql")


@pytest.mark.parametrize("query", ["", "   ", "# only a comment"])
def test_an_empty_query_is_a_syntax_error(ask, problem, query):
    found = problem(ask(query), 400)
    assert found["type"].endswith("/query-syntax")
    assert "ends too soon" in found["detail"]


def test_two_queries_are_one_too_many(client, problem):
    one = urlencode({"query": "ASK {}"})
    twice = client.get(f"/sparql?{one}&{one}")
    in_address_and_form = post(client, one, FORM)
    assert in_address_and_form.status_code == 200
    in_address_and_form = client.post(f"/sparql?{one}", data={"query": "ASK {}"})
    in_address_and_body = client.post(
        f"/sparql?{one}", content="ASK {}", headers={"Content-Type": DIRECT}
    )
    for response in (twice, in_address_and_form, in_address_and_body):
        assert "more than one query" in problem(response, 400)["detail"]


@pytest.mark.parametrize("media_type", ["text/plain", "application/json", "multipart/form-data"])
def test_a_body_of_another_kind_is_not_taken(client, problem, media_type):
    detail = problem(post(client, b"ASK {}", media_type), 415)["detail"]
    assert media_type in detail
    assert FORM in detail
    assert DIRECT in detail


def test_a_body_of_no_kind_is_not_taken(client, problem):
    request = client.build_request("POST", "/sparql", content=b"ASK {}")
    assert "content-type" not in request.headers
    problem(client.send(request), 415)


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_large_is_refused(small_client, problem, chunked):
    body = b"ASK { } #" + b"x" * 3000
    response = post(small_client, iter([body]) if chunked else body, DIRECT)
    assert "2,048" in problem(response, 413)["detail"]


def test_the_largest_body_is_one_mebibyte_by_default(client, problem):
    body = "ASK { } #" + "x" * 900_000
    assert post(client, body, DIRECT).json()["boolean"] is True
    problem(post(client, body + "x" * 200_000, DIRECT), 413)


def test_a_body_that_is_not_utf_8_is_wrong(client, problem):
    response = post(client, b'ASK { ?s ?p "\xff" }', DIRECT)
    assert "byte 13" in problem(response, 400)["detail"]


def test_parameters_that_are_not_utf_8_are_wrong(client, problem):
    encoded = "query=ASK%20%7B%20%22%FF%22%20%7D"
    problem(client.get(f"/sparql?{encoded}"), 400)
    problem(post(client, encoded, FORM), 400)
    problem(post(client, b"query=ASK \xff", FORM), 400)


@pytest.mark.parametrize("seconds", ["soon", "0", "-1", "nan", "inf", "1e999"])
def test_a_deadline_that_is_no_number_of_seconds_is_wrong(ask, problem, seconds):
    assert "timeout" in problem(ask("ASK {}", timeout=seconds), 400)["detail"]


# Syntax


@pytest.mark.parametrize(("query", "line", "column", "token"), SYNTAX_ERRORS)
def test_a_syntax_error_names_line_column_and_token(ask, problem, query, line, column, token):
    found = problem(ask(query), 400)
    assert found["type"].endswith("/query-syntax")
    assert (found["line"], found["column"], found["token"]) == (line, column, token)
    assert f"ine {line}, column {column}" in found["detail"]
    assert token.partition(":")[0] in found["detail"]


@pytest.mark.parametrize("query", BROKEN_OFF)
def test_a_query_that_breaks_off_is_told_so(ask, problem, query):
    found = problem(ask(query), 400)
    assert found["type"].endswith("/query-syntax")
    assert (found["line"], found["column"]) == (1, len(query) + 1)
    assert "ends too soon" in found["detail"]


def test_a_string_that_is_not_closed_is_a_syntax_error(ask, problem):
    found = problem(ask('SELECT * { ?s ?p "open }'), 400)
    assert found["type"].endswith("/query-syntax")
    assert found["line"] == 1


def test_an_iri_with_a_space_is_a_syntax_error_where_it_stands(ask, problem):
    found = problem(ask("ASK { ?x a <http://example.org/a b> }"), 400)
    assert found["type"].endswith("/query-syntax")
    assert 12 <= found["column"] <= 36


def test_an_undeclared_prefix_comes_with_the_way_out(ask, problem):
    found = problem(ask("SELECT * { ?s foo:bar ?o }"), 400)
    assert "PREFIX foo:" in found["hint"]


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("SELECT * { ?s a rioc:Person }", "mean rico: <https://www.ica.org/standards/RiC/"),
        ("SELECT * { ?s shema:name ?o }", "mean schema: <https://schema.org/>"),
        ("SELECT * { ?s RDFS:label ?o }", "mean rdfs: <http://www.w3.org/2000/01/rdf-schema#>"),
        ("SELECT * { ?s dcat:theme ?o }", "PREFIX dcat: <http://www.w3.org/ns/dcat#>"),
        ("SELECT * { ?s wdt:P31 ?o }", "PREFIX wdt: <http://www.wikidata.org/prop/direct/>"),
        ("SELECT * { ?s a ?c ; wd:x 1 }", "PREFIX wd: <http://www.wikidata.org/entity/>"),
        ("SELECT * { ?s dcatt:theme ?o }", "PREFIX dcat: <http://www.w3.org/ns/dcat#>"),
        ("SELECT * { ?s ?p '1'^^sxd:int }", "mean xsd: <http://www.w3.org/2001/XMLSchema#>"),
        ("SELECT * { ?s :name ?o }", "PREFIX : <…>"),
    ],
)
def test_a_prefix_that_is_known_is_proposed_with_its_iri(ask, problem, query, hint):
    found = problem(ask(query), 400)
    assert "is not declared" in found["detail"]
    assert hint in found["hint"]


def test_a_declaration_of_ones_own_goes_before_the_known_one(rows):
    asked = "SELECT ?name { person:ho-chi-minh rdfs:label ?name }"
    assert rows(asked)
    assert not rows(f"PREFIX rdfs: <urn:mine:> {asked}")


def test_the_fault_is_found_in_a_long_query_too(client, problem):
    values = '(rico:Person "Điện Biên") ' * 20_000
    query = f"SELECT * {{ VALUES (?a ?b) {{ {values} }}\n ?x nope:a ?y }}"
    found = problem(post(client, query.encode(), DIRECT), 400)
    assert (found["line"], found["column"], found["token"]) == (2, 5, "nope:a")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT ?x (COUNT(?y) AS ?n) { ?x a ?y }", "unbound"),
        ("SELECT (?a AS ?a) { ?a ?b ?c }", "existing variable"),
    ],
)
def test_a_query_that_means_nothing_is_told_why(ask, problem, query, words):
    found = problem(ask(query), 400)
    assert words in found["detail"] + found.get("hint", "")


@pytest.mark.parametrize("query", [*(query for query, *_ in SYNTAX_ERRORS), *BROKEN_OFF])
def test_hints_spare_the_reader_the_parsers_character_classes(ask, problem, query):
    hint = problem(ask(query), 400).get("hint", "")
    for noise in ("\\u", "FFFD", "FDCF", "['", "[_]"):
        assert noise not in hint


def test_a_syntax_error_is_a_page_in_a_browser(ask, page):
    response = ask("SELEC", accept=BROWSER)
    assert response.status_code == 400
    assert "SELEC" in page(response).one("main").text
