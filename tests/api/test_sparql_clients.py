# SPDX-License-Identifier: Apache-2.0
"""`/sparql`: the libraries and the browser that people really use, and clients that send noise."""

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib.plugins.stores.sparqlstore import SPARQLStore

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"
RICO = rdflib.Namespace("https://www.ica.org/standards/RiC/ontology#")
DIEN_BIEN = rdflib.URIRef("https://w3id.org/biennien/id/place/dien-bien")
PLACES = f"""
PREFIX rico: <{RICO}>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?place ?label WHERE {{ ?place a rico:Place ; rdfs:label ?label }} ORDER BY ?label
"""


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("format_", ["xml", "json", "csv", "tsv"])
def test_rdflibs_sparqlstore_asks_in_every_way(service, method, format_):
    store = SPARQLStore(f"{service.url}sparql", method=method, returnFormat=format_)
    graph = rdflib.Graph(store)
    found = {row.place for row in graph.query(PLACES)}
    assert DIEN_BIEN in {rdflib.URIRef(place) for place in found}


def test_rdflibs_sparqlstore_reads_as_a_graph(service):
    graph = rdflib.Graph(SPARQLStore(f"{service.url}sparql"))
    assert (DIEN_BIEN, rdflib.RDF.type, RICO.Place) in graph
    labels = {str(label) for label in graph.objects(DIEN_BIEN, rdflib.RDFS.label)}
    assert len(labels) >= 2
    assert len(graph) > 1000
    asked = graph.query(f"ASK {{ <{DIEN_BIEN}> a <{RICO.Place}> }}")
    assert asked.askAnswer is True


# A browser


def test_a_browser_gets_a_table(ask, page):
    found = page(ask(PLACES, accept=BROWSER))
    table = found.one("table")
    assert [cell.text for cell in table.one("thead").all("th")] == ["place", "label"]
    rows = [row.all("td") for row in table.one("tbody").all("tr")]
    assert len(rows) > 20
    links = {row[0].text: row[0].one("a").attributes["href"] for row in rows}
    assert links["place:dien-bien"].endswith("/doc/place/dien-bien")
    assert {row[1].attributes["lang"] for row in rows} == {"vi", "en"}
    assert found.one("textarea", name="query").text == PLACES


def test_a_browser_finds_the_other_formats_beside_the_table(client, ask, page):
    found = page(ask(PLACES, accept=BROWSER)).one("p", class_="formats")
    links = {link.text.strip(): link.attributes["href"] for link in found.all("a")}
    assert set(links) == {"JSON", "XML", "CSV", "TSV"}
    assert client.get(links["CSV"]).headers["content-type"].startswith("text/csv")


@pytest.mark.parametrize(("pattern", "answer"), [("?s ?p ?o", "true"), ("?s bn:no ?o", "false")])
def test_a_browser_gets_a_yes_or_no(ask, page, pattern, answer):
    found = page(ask(f"ASK {{ {pattern} }}", format="html")).one("main")
    assert answer in found.text
    assert "0 dòng" not in found.text


def test_a_browser_gets_a_graph_as_text(ask, page):
    found = page(ask(f"DESCRIBE <{DIEN_BIEN}>", format="html"))
    assert "Place" in found.one("pre").text


def test_a_browser_gets_the_beginning_of_a_large_result(ask, page, rows):
    found = page(ask("SELECT ?s ?p ?o { ?s ?p ?o }", format="html"))
    assert len(found.one("tbody").all("tr")) == 1000
    whole = page(ask("SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 1000", format="html"))
    assert len(whole.one("tbody").all("tr")) == 1000
    assert "phần đầu" in found.one("main").text
    assert "phần đầu" not in whole.one("main").text


def test_text_from_data_and_query_is_never_markup(ask, page):
    evil = "<script>alert(1)</script>"
    response = ask(f'SELECT ("{evil}" AS ?x) (<javascript:alert(1)> AS ?y) {{}}', format="html")
    assert "<script>" not in response.text
    found = page(response)
    assert evil in found.one("tbody").text
    assert not [link for link in found.links() if link.startswith("javascript:")]


# Noise


WORDS = r"""
SELECT ASK WHERE FILTER SERVICE LIMIT COUNT AS { } ( ) [] . ; , ?s ?p ?o rico:Place foo:bar
<http://e.org/> 'x' " @vi ^^ -1 1e9 << >> _:b / | ^ * + != # \u0041
"""
PIECES = st.one_of(st.sampled_from([*WORDS.split(), "\n", "\0"]), st.text(max_size=8))


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, max_size=12).map(" ".join))
def test_noise_is_answered_or_told_what_is_wrong(client, noise):
    response = client.post("/sparql", data={"query": noise, "timeout": "5"})
    if response.status_code == 200:
        assert response.headers["content-type"].startswith(("application/", "text/"))
    else:
        assert response.status_code == 400, response.text
        assert response.headers["content-type"] == "application/problem+json"
