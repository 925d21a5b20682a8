# SPDX-License-Identifier: Apache-2.0
"""One address, several profiles: chosen by header or parameter, one graph in every syntax."""

import json
import re

import pytest
import rdflib
from rdflib.compare import isomorphic

NAMESPACE = "https://w3id.org/biennien/"
PLAN = "document/ke-hoach-so-khcn-bac-giang-2024"
EVENT = "event/dien-bien-phu-1954"
TOPIC = "topic/dau-tranh-phan-bac-quan-diem-sai-trai-thu-dich"
COMPACTED = "http://www.w3.org/ns/json-ld#compacted"
NAMES = ("rico", "evidence", "schema", "labels")
SYNTAXES = {"ttl": "turtle", "nt": "nt", "rdf": "xml"}


def iri(name):
    return f"{NAMESPACE}profile/{name}"


@pytest.fixture(scope="module")
def fetch(client):
    """A description as JSON-LD, by headers and parameters."""

    def get(path=f"/doc/{EVENT}.jsonld", accept_profile="", **parameters):
        headers = {"Accept-Profile": accept_profile} if accept_profile else {}
        return client.get(path, headers=headers, params=parameters)

    return get


def told(response):
    return response.headers["content-profile"]


def test_without_a_wish_a_description_is_what_is_stated(fetch):
    assert told(fetch()) == f"<{iri('rico')}>"
    assert "claims" not in fetch().json()


@pytest.mark.parametrize("name", NAMES)
def test_a_profile_is_asked_for_by_word_by_iri_or_by_header(fetch, name):
    by_word = fetch(profile=name)
    assert told(by_word) == f"<{iri(name)}>"
    assert f'<{iri(name)}>; rel="profile"' in by_word.headers["link"]
    assert "Accept-Profile" in by_word.headers["vary"]
    others = (
        fetch(profile=iri(name)),
        fetch(accept_profile=f"<{iri(name)}>"),
        fetch(accept_profile=name),
    )
    for response in others:
        assert response.content == by_word.content
        assert response.headers["etag"] == by_word.headers["etag"]


def test_each_profile_has_a_tag_and_an_address_of_its_own(fetch, service):
    responses = [fetch(profile=name) for name in NAMES]
    assert len({response.headers["etag"] for response in responses}) == len(NAMES)
    address = f"{service.url}doc/{EVENT}.jsonld"
    expected = [address, *(f"{address}?profile={name}" for name in NAMES[1:])]
    assert [response.headers["content-location"] for response in responses] == expected


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (f"<{iri('schema')}>;q=0.5, <{iri('labels')}>;q=0.7", "labels"),
        (f"<https://example.org/other>, <{iri('evidence')}>;q=0.1", "evidence"),
        (f"<{iri('schema')}>;q=0, *", "rico"),
        (f"<{iri('schema')}>; q=0.2 , labels;q=0.1", "schema"),
    ],
)
def test_the_most_wanted_of_the_known_profiles_is_given(fetch, header, name):
    assert told(fetch(accept_profile=header)) == f"<{iri(name)}>"


def test_the_media_type_of_json_ld_may_name_the_profile(client):
    for name, accept in (
        ("schema", f'application/ld+json;profile="{iri("schema")}"'),
        ("rico", f'application/ld+json;profile="{COMPACTED}"'),
        ("evidence", f'application/ld+json; profile="{COMPACTED} {iri("evidence")}"'),
    ):
        assert told(client.get(f"/doc/{EVENT}", headers={"Accept": accept})) == f"<{iri(name)}>"


@pytest.mark.parametrize("ask", [{"profile": "dcat"}, {"accept_profile": "<https://x.example/>"}])
def test_an_unknown_profile_is_a_problem_that_lists_the_known_ones(fetch, problem, ask):
    found = problem(fetch(**ask), 406)
    assert found["type"].endswith("unknown-profile")
    assert [known["name"] for known in found["profiles"]] == list(NAMES)
    assert [known["id"] for known in found["profiles"]] == [iri(name) for name in NAMES]


def test_every_response_links_to_the_other_profiles_and_to_the_context(fetch, service):
    links = fetch().headers["link"]
    for name in NAMES[1:]:
        address = f"{service.url}doc/{EVENT}.jsonld?profile={name}"
        assert f'<{address}>; rel="alternate"; type="application/ld+json"' in links
    context = f'<{service.url}context/v1.jsonld>; rel="http://www.w3.org/ns/json-ld#context"'
    assert context in links
    assert f'<{service.url}schemas/event.json>; rel="describedby"' in links


def test_a_page_elsewhere_may_ask_for_a_profile(client):
    asked = {
        "Origin": "https://elsewhere.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "accept-profile",
    }
    response = client.options(f"/doc/{EVENT}.jsonld", headers=asked)
    assert "Accept-Profile" in response.headers["access-control-allow-headers"]


@pytest.mark.parametrize("name", NAMES)
def test_a_profile_is_one_graph_in_every_syntax(fetch, name):
    graphs = {
        suffix: rdflib.Graph().parse(
            data=fetch(f"/doc/{PLAN}.{suffix}", profile=name).content, format=syntax
        )
        for suffix, syntax in SYNTAXES.items()
    }
    assert len(graphs["nt"]) > 100
    assert isomorphic(graphs["nt"], graphs["ttl"])
    assert isomorphic(graphs["nt"], graphs["rdf"])


def test_evidence_is_what_is_stated_and_who_says_so(fetch):
    stated, evidence = (
        set(rdflib.Graph().parse(data=fetch(f"/doc/{PLAN}.nt", profile=name).text, format="nt"))
        for name in ("rico", "evidence")
    )
    assert stated < evidence
    kinds = {str(o) for _, p, o in evidence - stated if p == rdflib.RDF.type}
    assert {f"{NAMESPACE}ontology#Claim", f"{NAMESPACE}ontology#Passage"} <= kinds


def test_labels_are_nothing_but_classes_and_labels(fetch):
    graph = rdflib.Graph().parse(data=fetch(f"/doc/{PLAN}.nt", profile="labels").text, format="nt")
    assert set(graph.predicates()) == {rdflib.RDF.type, rdflib.RDFS.label}
    assert len(set(graph.subjects())) > 50


@pytest.mark.parametrize("name", NAMES)
def test_a_profile_dereferences(client, page, name):
    found = page(client.get(f"/profile/{name}", headers={"Accept": "text/html"}))
    assert iri(name) in found.one("main").text
    graph = rdflib.Graph().parse(
        data=client.get(f"/profile/{name}", headers={"Accept": "text/turtle"}).text
    )
    kind = rdflib.URIRef("http://www.w3.org/ns/dx/prof/Profile")
    assert (rdflib.URIRef(iri(name)), rdflib.RDF.type, kind) in graph
    document = client.get(f"/profile/{name}", headers={"Accept": "application/ld+json"}).json()
    assert document["id"] == iri(name)


def test_an_unknown_profile_does_not_dereference(client, problem):
    assert problem(client.get("/profile/dcat"), 404)["known"] == list(NAMES)


@pytest.mark.parametrize(
    "thing",
    [PLAN, EVENT, "person/ho-chi-minh", TOPIC],
)
def test_a_page_has_the_thing_in_the_terms_of_schema_org(client, thing):
    response = client.get(f"/doc/{thing}.html")
    (script,) = re.findall(
        r'<script type="application/ld\+json">(.*?)</script>', response.text, re.DOTALL
    )
    assert "<" not in script
    assert json.loads(script) == client.get(f"/doc/{thing}.jsonld?profile=schema").json()
    assert response.headers["content-security-policy"].startswith("default-src 'self'")
