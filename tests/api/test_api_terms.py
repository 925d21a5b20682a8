# SPDX-License-Identifier: Apache-2.0
"""The terms of answers: each that the context has is explained at the address that it is."""

import json
from pathlib import Path

import pytest
import rdflib
from rdflib import RDF, RDFS

NAMESPACE = "https://w3id.org/biennien/"
FILE = Path(__file__).parents[2] / "ontology" / "contexts" / "v1.jsonld"


def terms():
    """What the context has in this namespace."""
    content = json.loads(FILE.read_text("utf-8"))["@context"]
    iris = [term.get("@id", "") if isinstance(term, dict) else term for term in content.values()]
    found = {str(iri).removeprefix("api:") for iri in iris if str(iri).startswith("api:")}
    assert len(found) > 30
    return found


def test_every_term_of_the_context_is_explained_and_no_other(client):
    graph = rdflib.Graph().parse(data=client.get("/api.ttl").content, format="turtle")
    explained = {str(s).partition("#")[2] for s in graph.subjects(RDF.type) if "#" in str(s)}
    assert explained == terms()
    for term in explained:
        for predicate in (RDFS.label, RDFS.comment):
            texts = graph.objects(rdflib.URIRef(f"{NAMESPACE}api#{term}"), predicate)
            assert {text.language for text in texts} == {"vi", "en"}, term


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_page_has_a_place_for_every_term(client, page, lang):
    text = client.get("/api", headers={"Accept": "text/html", "Accept-Language": lang}).text
    assert all(f'id="{term}"' in text for term in terms())
    assert page(client.get("/api.html")).one("h1")


@pytest.mark.parametrize("suffix", ["html", "jsonld", "ttl", "nt", "rdf"])
def test_each_representation_says_the_same(client, suffix):
    response = client.get(f"/api.{suffix}")
    assert response.status_code == 200
    assert response.headers["etag"]
    assert f'<{NAMESPACE}api>; rel="canonical"' in response.headers["link"]


def test_another_format_is_told_which_there_are(client, problem):
    assert "ttl" in problem(client.get("/api.pdf"), 404)["known"]
    types = problem(client.get("/api", headers={"Accept": "image/png"}), 406)
    assert "text/turtle" in json.dumps(types)
