# SPDX-License-Identifier: Apache-2.0
"""`/sparql`: how a query comes (SPARQL 1.1 Protocol), its dataset, and the other methods."""

from urllib.parse import quote, urlencode

import pytest

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
CSV = "text/csv; charset=utf-8"

PLACES = "SELECT ?place ?label { ?place a rico:Place ; rdfs:label ?label } ORDER BY ?place ?label"
ENDLESS = "SELECT ?a ?b ?c { ?a ?p ?x . ?b ?q ?y . ?c ?r ?z }"
COUNT_CLAIMS = "SELECT (COUNT(*) AS ?value) { ?claim a bn:Claim }"
RECORD = "https://w3id.org/biennien/graph/record/ke-hoach-so-khcn-bac-giang-2024"
OTHER_RECORD = "https://w3id.org/biennien/graph/record/hop-ban-chi-dao-dien-bien-2023"
AUTHORITIES = "https://w3id.org/biennien/graph/authority/agencies"


def value(response):
    """The `?value` of the only solution."""
    assert response.status_code == 200, response.text
    (row,) = response.json()["results"]["bindings"]
    return row["value"]["value"]


# How a query comes


def test_a_query_comes_by_get_by_form_or_as_the_body(client, ask):
    by_get = ask(PLACES)
    by_form = client.post("/sparql", data={"query": PLACES})
    as_body = client.post("/sparql", content=PLACES, headers={"Content-Type": DIRECT})
    assert by_get.status_code == by_form.status_code == as_body.status_code == 200
    assert by_get.json() == by_form.json() == as_body.json()
    assert len(by_get.json()["results"]["bindings"]) > 20


def test_parameters_stand_in_the_address_when_the_query_is_the_body(client):
    response = client.post("/sparql?format=csv", content=PLACES, headers={"Content-Type": DIRECT})
    assert response.headers["content-type"] == CSV


@pytest.mark.parametrize("charset", ["UTF-8", "utf-8", '"utf-8"', "utf8"])
@pytest.mark.parametrize("media_type", [FORM, DIRECT])
def test_a_body_that_says_it_is_utf_8_is_read(client, media_type, charset):
    query = 'SELECT ("Điện Biên" AS ?value) {}'
    body = urlencode({"query": query}) if media_type == FORM else query
    response = client.post(
        "/sparql",
        content=body.encode(),
        headers={"Content-Type": f"{media_type}; charset={charset}"},
    )
    assert value(response) == "Điện Biên"


def test_a_body_in_another_charset_is_refused(client, problem):
    response = client.post(
        "/sparql", content=b"ASK {}", headers={"Content-Type": f"{DIRECT}; charset=iso-8859-1"}
    )
    assert "iso-8859-1" in problem(response, 415)["detail"]


def test_media_types_are_told_apart_without_regard_to_case(client):
    response = client.post(
        "/sparql", content=b"ASK {}", headers={"Content-Type": "Application/SPARQL-Query"}
    )
    assert response.json()["boolean"] is True


def test_percent_signs_are_decoded_once(client):
    encoded = "query=" + quote('SELECT ("100%2541" AS ?value) {}', safe="")
    by_get = client.get(f"/sparql?{encoded}")
    by_form = client.post("/sparql", content=encoded, headers={"Content-Type": FORM})
    assert value(by_get) == value(by_form) == "100%2541"


def test_a_plus_is_a_space_and_an_encoded_plus_is_a_plus(client):
    response = client.get("/sparql?query=SELECT+(%22a%2Bb+c%22+AS+%3Fvalue)+%7B%7D")
    assert value(response) == "a+b c"


def test_a_body_is_taken_as_it_is(client):
    query = 'SELECT ("100%25 a+b" AS ?value) {}'
    response = client.post("/sparql", content=query, headers={"Content-Type": DIRECT})
    assert value(response) == "100%25 a+b"


def test_usual_prefixes_need_no_declaration_and_may_be_declared(ask):
    undeclared = ask("ASK { ?person a rico:Person }")
    declared = ask("PREFIX rico: <http://example.org/> ASK { ?person a rico:Person }")
    assert undeclared.json()["boolean"] is True
    assert declared.json()["boolean"] is False


# The dataset


def test_a_default_graph_given_by_the_protocol_is_all_that_is_seen(client, ask):
    inside = f"SELECT (COUNT(*) AS ?value) {{ GRAPH <{RECORD}> {{ ?claim a bn:Claim }} }}"
    expected = value(ask(inside))
    assert 100 < int(expected) < int(value(ask(COUNT_CLAIMS)))
    given = {"default-graph-uri": RECORD}
    as_body = {"content": COUNT_CLAIMS, "headers": {"Content-Type": DIRECT}}
    assert value(ask(COUNT_CLAIMS, **given)) == expected
    assert value(client.post("/sparql", data={"query": COUNT_CLAIMS, **given})) == expected
    assert value(client.post("/sparql", params=given, **as_body)) == expected


def test_several_default_graphs_are_seen_together(ask):
    each = [
        int(value(ask(COUNT_CLAIMS, **{"default-graph-uri": name})))
        for name in (RECORD, OTHER_RECORD)
    ]
    together = ask(COUNT_CLAIMS, **{"default-graph-uri": [RECORD, OTHER_RECORD]})
    assert int(value(together)) == sum(each)


def test_named_graphs_given_by_the_protocol_are_the_only_ones(ask):
    response = ask(
        "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }",
        **{"named-graph-uri": [RECORD, OTHER_RECORD]},
    )
    found = {row["g"]["value"] for row in response.json()["results"]["bindings"]}
    assert found == {RECORD, OTHER_RECORD}


def test_the_protocol_goes_before_what_the_query_says(ask):
    given = {"default-graph-uri": RECORD}
    query = f"SELECT (COUNT(*) AS ?value) FROM <{OTHER_RECORD}> {{ ?claim a bn:Claim }}"
    assert value(ask(query, **given)) == value(ask(COUNT_CLAIMS, **given))
    assert value(ask(query, **given)) != value(ask(query))


def test_an_unknown_graph_is_empty(ask):
    unknown = "https://w3id.org/biennien/graph/record/nothing"
    response = ask("ASK { ?s ?p ?o }", **{"default-graph-uri": unknown})
    assert response.json()["boolean"] is False


@pytest.mark.parametrize("parameter", ["default-graph-uri", "named-graph-uri"])
@pytest.mark.parametrize("iri", ["not an iri", "relative/path", "http://example.org/<>"])
def test_a_graph_that_is_no_iri_is_the_clients_mistake(ask, problem, parameter, iri):
    assert iri in problem(ask("ASK { ?s ?p ?o }", **{parameter: iri}), 400)["detail"]


def test_the_default_graph_is_the_merge_of_all_graphs(ask):
    counted = ask("SELECT (COUNT(*) AS ?value) { ?s ?p ?o }")
    distinct = ask(
        "SELECT (COUNT(*) AS ?value) { SELECT DISTINCT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } } }"
    )
    assert value(counted) == value(distinct)


# Other methods, other origins


def test_head_has_the_headers_and_no_body(client, ask):
    got = ask(PLACES, format="csv")
    head = client.head("/sparql", params={"query": PLACES, "format": "csv"})
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["content-type"] == got.headers["content-type"]


def test_options_say_what_is_allowed(client):
    response = client.options(
        "/sparql",
        headers={
            "Origin": "https://elsewhere.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        },
    )
    assert response.status_code in (200, 204)
    assert {"GET", "HEAD", "POST", "OPTIONS"} <= set(response.headers["allow"].split(", "))
    assert response.headers["access-control-allow-origin"] == "*"
    assert "POST" in response.headers["access-control-allow-methods"]
    assert "content-type" in response.headers["access-control-allow-headers"].lower()


@pytest.mark.parametrize("query", [PLACES, "DESCRIBE rico:Place", "SELEC", f"{ENDLESS} LIMIT 5000"])
def test_pages_of_other_origins_may_read_every_answer(ask, query):
    assert ask(query).headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_not_allowed(client, problem, method):
    response = client.request(method, "/sparql", content="ASK {}")
    problem(response, 405)
    assert "GET" in response.headers["allow"]
