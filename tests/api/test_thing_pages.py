# SPDX-License-Identifier: Apache-2.0
"""What a description says: the page of a thing for people, its JSON-LD for programs."""

import pytest
import rdflib

NAMESPACE = "https://w3id.org/biennien/"
THINGS = [
    "document/ke-hoach-so-khcn-bac-giang-2024",
    "document/hop-ban-chi-dao-dien-bien-2023",
    "agency/tinh-uy-dien-bien",
    "person/ho-chi-minh",
    "place/dien-bien",
    "event/dien-bien-phu-1954",
]
EVENT = "event/dien-bien-phu-1954"
DOCUMENT = THINGS[0]


# The page


@pytest.mark.parametrize("thing", THINGS)
def test_a_page_has_the_label_in_the_readers_language_first(client, rows, page, thing):
    labels = {
        lang: {
            row["label"]
            for row in rows(
                f"SELECT ?label {{ <{NAMESPACE}id/{thing}> rdfs:label ?label "
                f'FILTER(LANG(?label) = "{lang}") }}'
            )
        }
        for lang in ("vi", "en")
    }
    for lang, other in (("vi", "en"), ("en", "vi")):
        found = page(client.get(f"/doc/{thing}.html", params={"lang": lang}))
        assert found.one("html").attributes["lang"] == lang
        title = found.one("h1").text
        assert title in labels[lang]
        assert title in found.one("title").text
        others = {found_.text for found_ in found.all("p", class_="other-label", lang=other)}
        assert labels[other] - {title} <= others


@pytest.mark.parametrize("thing", THINGS)
def test_a_page_states_everything_that_is_said_of_the_thing(client, rows, page, thing):
    stated = rows(
        f"""SELECT DISTINCT ?p {{ GRAPH ?g {{ <{NAMESPACE}id/{thing}> ?p ?o }}
          FILTER(?g NOT IN (graph:derived, graph:inferred))
          FILTER(?p NOT IN (rdf:type, rdfs:label, bn:evidence, bn:certainty, bn:reasoning,
                            bn:inClaimSet)) }}"""
    )
    found = page(client.get(f"/doc/{thing}.html"))
    properties = {
        term.one("a").attributes["href"].rpartition("/")[2].rpartition("#")[2]
        for term in found.one("main").all("dt")
        if term.all("a")
    }
    for row in stated:
        assert row["p"].rpartition("/")[2].rpartition("#")[2] in properties, row["p"]


@pytest.mark.parametrize(("lang", "words"), [("vi", "thời gian"), ("en", "date")])
def test_properties_are_named_in_the_readers_language(client, page, lang, words):
    found = page(client.get(f"/doc/{EVENT}.html", headers={"Accept-Language": lang}))
    assert words in {term.text for term in found.all("dt")}


@pytest.mark.parametrize("thing", THINGS)
def test_every_passage_is_quoted_and_linked_to_its_document(client, rows, page, thing):
    expected = {
        (row["passage"], row["quote"], row["document"])
        for row in rows(
            f"""SELECT DISTINCT ?passage ?quote ?document {{
              ?claim rdf:subject <{NAMESPACE}id/{thing}> ; rdf:predicate ?p ;
                bn:evidence ?passage .
              ?passage oa:hasSelector/oa:exact ?quote ;
                oa:hasSource/rico:isOrWasInstantiationOf ?document
              FILTER(?p != rdfs:label)
            }}"""
        )
    }
    assert expected
    shown = set()
    for quote in page(client.get(f"/doc/{thing}.html")).all("blockquote"):
        document, passage = quote.one("footer").links()
        assert passage.endswith(quote.attributes["cite"].removeprefix(NAMESPACE))
        iri = f"{NAMESPACE}id/{document.partition('/doc/')[2]}"
        shown.add((quote.attributes["cite"], quote.one("p").text, iri))
    assert expected <= shown


def test_a_quote_on_a_page_stands_in_its_source(client, page, sources):
    for quote in page(client.get(f"/doc/{DOCUMENT}.html")).all("blockquote"):
        source, _, place = quote.attributes["cite"].rpartition("/passage/")[2].partition("/")
        start, _, end = place.partition("-")
        text = (sources / f"{source}.txt").read_bytes().decode()
        assert text[int(start) : int(end)] == quote.one("p").text


def test_a_page_tells_what_points_to_the_thing(client, service, rows, page):
    subjects = {
        row["s"]
        for row in rows(
            f"""SELECT DISTINCT ?s {{ GRAPH ?g {{ ?s ?p <{NAMESPACE}id/{EVENT}> }}
              FILTER(STRSTARTS(STR(?s), "{NAMESPACE}id/") && !CONTAINS(STR(?s), "#"))
              FILTER(?g != graph:inferred) }}"""
        )
    }
    assert subjects
    incoming = page(client.get(f"/doc/{EVENT}.html")).one("dl", class_="incoming")
    linked = {link.replace(f"{service.url}doc/", f"{NAMESPACE}id/") for link in incoming.links()}
    assert subjects <= linked


def test_a_page_shows_dates_in_the_words_of_the_source(client, page):
    main = page(client.get(f"/doc/{EVENT}.html")).one("main").text
    assert "07/05/1954" in main
    assert "1954-05-07" in main


@pytest.mark.parametrize("thing", THINGS)
def test_a_page_links_to_the_other_formats(client, service, page, thing):
    found = page(client.get(f"/doc/{thing}.html"))
    head = {
        (link.attributes["type"], link.attributes["href"])
        for link in found.all("link", rel="alternate")
    }
    expected = {
        (media_type, f"{service.url}doc/{thing}.{name}")
        for name, media_type in (
            ("jsonld", "application/ld+json"),
            ("ttl", "text/turtle"),
            ("nt", "application/n-triples"),
            ("rdf", "application/rdf+xml"),
        )
    }
    assert expected <= head
    addresses = {link for _, link in expected}
    assert addresses <= set(found.one("main").links())
    assert {f"{address}?profile=evidence" for address in addresses} <= set(
        found.one("main").links()
    )
    (canonical,) = found.all("link", rel="canonical")
    assert canonical.attributes["href"] == f"{NAMESPACE}id/{thing}"


def test_the_home_page_describes_the_dataset_to_programs(client):
    for accept, parser in (("text/turtle", "turtle"), ("application/n-triples", "nt")):
        response = client.get("/", headers={"Accept": accept})
        assert response.headers["content-type"].startswith(accept)
        graph = rdflib.Graph().parse(data=response.content, format=parser)
        dataset = rdflib.URIRef(NAMESPACE)
        assert (dataset, rdflib.RDF.type, rdflib.VOID.Dataset) in graph
