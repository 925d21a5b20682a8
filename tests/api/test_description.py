# SPDX-License-Identifier: Apache-2.0
"""What the service and its data set say of themselves is so."""

import pytest
import rdflib

SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
VOID = rdflib.Namespace("http://rdfs.org/ns/void#")
DATASET = rdflib.URIRef("https://w3id.org/biennien/")


@pytest.fixture(scope="module")
def described(client):
    response = client.get("/sparql", headers={"Accept": "text/turtle"})
    assert "@prefix sd: <http://www.w3.org/ns/sparql-service-description#>" in response.text
    return rdflib.Graph().parse(data=response.text, format="turtle")


@pytest.mark.parametrize(
    ("term", "query"),
    [
        (VOID.classes, "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?s a ?c }"),
        (VOID.properties, "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }"),
        (VOID.triples, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"),
    ],
)
def test_the_counts_are_those_of_the_data(described, rows, term, query):
    ((found),) = rows(query)
    assert int(described.value(DATASET, term)) == int(found["n"])


def test_the_endpoint_answers_in_each_format_that_it_names(described, service, client):
    endpoint = rdflib.URIRef(f"{service.url}sparql")
    named = {str(iri).rpartition("/")[2] for iri in described.objects(endpoint, SD.resultFormat)}
    assert len(named) == 8
    solutions = {"json": "JSON", "xml": "XML", "csv": "CSV", "tsv": "TSV"}
    for format_, name in solutions.items():
        assert f"SPARQL_Results_{name}" in named
        asked = client.get("/sparql", params={"query": "SELECT * {}", "format": format_})
        assert asked.status_code == 200


def test_what_is_not_allowed_is_not_promised(described):
    assert (None, SD.feature, SD.BasicFederatedQuery) not in described
    assert (None, SD.feature, SD.DereferencesURIs) not in described
    assert not list(described.objects(None, SD.extensionFunction))
