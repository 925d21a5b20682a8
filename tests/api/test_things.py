# SPDX-License-Identifier: Apache-2.0
"""Addresses of things: `/id/…` → 303 → `/doc/…`, formats, headers, and what is not there."""

import re

import pytest
import rdflib

NAMESPACE = "https://w3id.org/biennien/"
LICENSE = "https://creativecommons.org/licenses/by/4.0/"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"
THINGS = [
    "document/ke-hoach-so-khcn-bac-giang-2024",
    "agency/tinh-uy-dien-bien",
    "person/ho-chi-minh",
    "place/dien-bien",
    "event/dien-bien-phu-1954",
]
EVENT = "event/dien-bien-phu-1954"
FORMATS = {
    "html": "text/html; charset=utf-8",
    "jsonld": "application/ld+json",
    "ttl": "text/turtle; charset=utf-8",
    "nt": "application/n-triples",
    "trig": "application/trig",
    "rdf": "application/rdf+xml",
}
LINK = re.compile(r'<([^>]*)>; rel="([^"]*)"(?:; type="([^"]*)")?')


def bare(media_type):
    """A media type without its parameters."""
    return media_type.partition(";")[0]


def links(response):
    """The Link header as (relation, target, type) triples."""
    return {(rel, target, kind) for target, rel, kind in LINK.findall(response.headers["link"])}


# From the thing to its description


@pytest.mark.parametrize("thing", THINGS)
def test_a_thing_leads_to_its_description(client, service, thing):
    response = client.get(f"/id/{thing}")
    assert response.status_code == 303
    assert response.headers["location"] == f"{service.url}doc/{thing}"
    assert "Accept" in response.headers["vary"]
    assert client.get(response.headers["location"]).status_code == 200


def test_a_language_asked_for_is_kept_on_the_way(client):
    response = client.get(f"/id/{EVENT}?lang=en")
    assert response.headers["location"].endswith(f"/doc/{EVENT}?lang=en")


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("thing", THINGS)
def test_a_description_comes_by_accept_header_and_by_suffix(client, thing, name):
    by_accept = client.get(f"/doc/{thing}", headers={"Accept": bare(FORMATS[name])})
    by_suffix = client.get(f"/doc/{thing}.{name}", headers={"Accept": "image/png"})
    for response in (by_accept, by_suffix):
        assert response.status_code == 200
        assert response.headers["content-type"] == FORMATS[name]
        assert response.headers["content-location"].endswith(f"/doc/{thing}.{name}")
    assert by_accept.content == by_suffix.content


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        (BROWSER, "html"),
        ("application/ld+json", "jsonld"),
        ("application/json", "jsonld"),
        ("text/turtle;q=0.5, application/ld+json;q=0.7", "jsonld"),
        ("application/rdf+xml, text/turtle;q=0.9", "rdf"),
        ("text/html;q=0, */*;q=0.3", "jsonld"),
        ("application/*", "jsonld"),
        ("*/*", "html"),
    ],
)
def test_the_accept_header_chooses(client, accept, name):
    response = client.get(f"/doc/{EVENT}", headers={"Accept": accept})
    assert response.headers["content-type"] == FORMATS[name]


def test_the_suffix_json_is_json_ld(client):
    assert client.get(f"/doc/{EVENT}.json").headers["content-type"] == "application/ld+json"


def test_every_format_says_the_same(client):
    graphs = {
        name: rdflib.Graph().parse(data=client.get(f"/doc/{EVENT}.{name}").content, format=parser)
        for name, parser in (("ttl", "turtle"), ("nt", "nt"), ("rdf", "xml"))
    }
    assert set(graphs["ttl"]) == set(graphs["nt"]) == set(graphs["rdf"])
    assert (rdflib.URIRef(f"{NAMESPACE}id/{EVENT}"), None, None) in graphs["nt"]


# Headers


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("thing", THINGS)
def test_links_say_what_belongs_to_a_description(client, service, thing, name):
    found = links(client.get(f"/doc/{thing}.{name}"))
    assert ("canonical", f"{NAMESPACE}id/{thing}", "") in found
    assert ("license", LICENSE, "") in found
    assert ("describedby", f"{service.url}ontology", "") in found
    for other, media_type in FORMATS.items():
        assert ("alternate", f"{service.url}doc/{thing}.{other}", bare(media_type)) in found


@pytest.mark.parametrize("name", FORMATS)
def test_caches_are_told_what_a_description_depends_on(client, name):
    vary = client.get(f"/doc/{EVENT}.{name}").headers["vary"].split(", ")
    assert "Accept" in vary
    assert ("Accept-Language" in vary) == (name == "html")


@pytest.mark.parametrize("name", FORMATS)
def test_an_unchanged_description_is_not_sent_again(client, name):
    first = client.get(f"/doc/{EVENT}.{name}")
    tag = first.headers["etag"]
    assert re.fullmatch(r'"[\w-]+"', tag), "a strong tag"
    for condition in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        again = client.get(f"/doc/{EVENT}.{name}", headers={"If-None-Match": condition})
        assert again.status_code == 304
        assert again.content == b""
        assert again.headers["etag"] == tag
        assert set(again.headers["vary"].split(", ")) == set(first.headers["vary"].split(", "))
    other = client.get(f"/doc/{EVENT}.{name}", headers={"If-None-Match": '"other"'})
    assert other.status_code == 200


def test_tags_differ_where_the_bytes_differ(client):
    tags = [client.get(f"/doc/{EVENT}.{name}").headers["etag"] for name in FORMATS]
    tags.append(client.get(f"/doc/{EVENT}.html?lang=en").headers["etag"])
    tags.append(client.get(f"/doc/{THINGS[0]}.html").headers["etag"])
    assert len(set(tags)) == len(tags)


def test_a_compressed_description_has_a_tag_of_its_own(client):
    """RFC 9110, section 8.8.3.3: a strong tag names the bytes, and those are other bytes."""
    plain = client.get(f"/doc/{EVENT}.ttl", headers={"Accept-Encoding": "identity"})
    packed = client.get(f"/doc/{EVENT}.ttl", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert plain.content == packed.content
    assert plain.headers["etag"] != packed.headers["etag"]
    condition = {"If-None-Match": packed.headers["etag"]}
    again = client.get(f"/doc/{EVENT}.ttl", headers={"Accept-Encoding": "gzip", **condition})
    assert again.status_code == 304
    assert again.headers["etag"] == packed.headers["etag"]
    other = client.get(f"/doc/{EVENT}.ttl", headers={"Accept-Encoding": "identity", **condition})
    assert other.status_code == 200


@pytest.mark.parametrize("path", [f"/id/{EVENT}", *(f"/doc/{EVENT}.{name}" for name in FORMATS)])
def test_head_has_the_headers_and_no_body(client, path):
    got, head = client.get(path), client.head(path)
    assert head.status_code == got.status_code
    assert head.content == b""
    for name in ("content-type", "etag", "link", "location", "content-location"):
        assert head.headers.get(name) == got.headers.get(name)


@pytest.mark.parametrize("path", [f"/doc/{EVENT}.{name}" for name in FORMATS])
def test_pages_of_other_origins_may_read_a_description(client, path):
    assert client.get(path).headers["access-control-allow-origin"] == "*"
    assert client.options(path).headers["access-control-allow-origin"] == "*"


# What is not there


@pytest.mark.parametrize("path", ["/id/event/dien-bien-phu", "/doc/event/dien-bien-phu.ttl"])
def test_an_unknown_thing_comes_with_similar_ones(client, problem, path):
    found = problem(client.get(path), 404)
    assert f"{NAMESPACE}id/{EVENT}" in {near["id"] for near in found["similar"]}
    assert all(near["label"] for near in found["similar"])


def test_an_unknown_thing_is_a_page_in_a_browser(client, page):
    response = client.get("/id/event/dien-bien-phu", headers={"Accept": BROWSER})
    assert response.status_code == 404
    found = page(response).one("main")
    near = [link for link in found.links() if "/doc/" in link]
    assert near
    assert client.get(near[0]).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/id/event/nothing-of-the-kind",
        "/doc/event/nothing-of-the-kind",
        "/doc/event/nothing-of-the-kind.ttl",
        f"/doc/{EVENT}.exe",
        "/id/person/dien-bien-phu-1954",
        "/id/event/",
        "/id/event/..%2f..%2fetc%2fpasswd",
        "/doc/event/%E1%BB%87",
        "/claim/0000",
        "/passage/000_ace7c7edb614d59c/0-999999",
        "/nothing",
    ],
)
def test_what_is_unknown_is_not_found(client, problem, path):
    assert problem(client.get(path), 404)["type"].endswith("/not-found")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/id/event/a%20b", "a space"),
        ("/doc/event/a%20b.ttl", "a space"),
        ("/id/event/%3Cscript%3E", "the sign <"),
        ("/id/event/%22%7D%20UNION", 'the sign "'),
        ("/id/event/a%0Ab", "U+000A"),
        ("/vocabulary/%00", "U+0000"),
        ("/doc/event/%FF", "not UTF-8"),
        ("/id/event/%E1%BB", "not UTF-8"),
        ("/claim/%7B%7D", "the sign {"),
    ],
)
def test_what_no_iri_may_have_is_refused_with_what_may_be_asked_for(client, problem, path, words):
    found = problem(client.get(path), 400)
    assert found["type"].endswith("/malformed-iri")
    assert words in found["detail"]
    assert "event" in found["known"]
    assert "event/dien-bien-phu-1954" in found["accepted"]


def test_an_unknown_class_comes_with_the_known_ones(client, problem):
    found = problem(client.get("/id/planet/mars"), 404)
    assert {"document", "agency", "person", "place", "event", "topic"} <= set(found["known"])


@pytest.mark.parametrize("accept", ["image/png", "text/csv, application/pdf", "text/html;q=0"])
def test_an_unknown_format_gets_406_with_the_known_ones(client, problem, accept):
    found = problem(client.get(f"/doc/{EVENT}", headers={"Accept": accept}), 406)
    assert {bare(media_type) for media_type in FORMATS.values()} <= set(found["known"])


# Everything else that has an address


@pytest.mark.parametrize(
    ("kind", "query"),
    [
        ("claim", "SELECT ?x { ?x a bn:Claim } LIMIT 3"),
        ("passage", "SELECT ?x { ?x a bn:Passage } LIMIT 3"),
        ("vocabulary", "SELECT DISTINCT ?x { ?claim bn:modality ?x }"),
        ("certainty", "SELECT DISTINCT ?x { ?claim bn:certainty ?x }"),
        ("kind of event", "SELECT DISTINCT ?x { ?e rico:hasEventType|rico:hasActivityType ?x }"),
        ("graph", "SELECT DISTINCT ?x { GRAPH ?x { ?e a bn:Entry } }"),
        ("source", "SELECT ?x { ?x schema:sha256 ?hash }"),
        ("ontology", "SELECT ?x { ?x a owl:Ontology }"),
    ],
)
def test_whatever_has_an_iri_of_ours_is_described_there(client, rows, page, kind, query):
    iris = [row["x"] for row in rows(query)]
    assert iris
    for iri in iris:
        path = "/" + iri.removeprefix(NAMESPACE)
        graph = rdflib.Graph().parse(
            data=client.get(path, headers={"Accept": "application/n-triples"}).content, format="nt"
        )
        assert (rdflib.URIRef(iri), None, None) in graph
        assert page(client.get(f"{path}.html")).one("h1").text
        tree = client.get(f"{path}.jsonld").json()
        if kind == "graph":  # the graph itself, as a list of its nodes
            assert iri in {node["@id"] for node in tree}
        else:
            assert tree["id"] == iri


def test_nothing_is_mentioned_that_has_no_description(rows):
    dangling = rows(
        f"""SELECT DISTINCT ?x {{
          ?s ?p ?x
          FILTER(ISIRI(?x) && STRSTARTS(STR(?x), "{NAMESPACE}"))
          FILTER NOT EXISTS {{ ?x ?q ?o }}
          FILTER NOT EXISTS {{ GRAPH ?x {{ ?a ?b ?c }} }}
          FILTER(?p NOT IN (owl:versionIRI, <http://www.w3.org/ns/prov#wasGeneratedBy>))
        }}"""
    )
    assert dangling == []


def test_a_claim_holds_its_statement_and_leads_to_its_passage(client, rows):
    (row,) = rows(
        f"""SELECT ?claim ?passage ?quote {{
          ?claim rdf:subject <{NAMESPACE}id/{EVENT}> ; rdf:predicate rdfs:label ;
            rdf:object "Chiến thắng Điện Biên Phủ"@vi ; bn:evidence ?passage .
          ?passage oa:hasSelector/oa:exact ?quote
        }} ORDER BY ?passage LIMIT 1"""
    )
    text = client.get(
        row["claim"].replace(NAMESPACE, "/"), headers={"Accept": "application/n-triples"}
    ).text
    assert row["passage"] in text
    found = client.get(row["passage"].replace(NAMESPACE, "/") + ".html").text
    assert row["quote"] in found
