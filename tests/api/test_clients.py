# SPDX-License-Identifier: Apache-2.0
"""Clients that others use, against the running service: they must work as they are."""

import io
import json
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore

from biennien_graph.terms import RDFS, RICO

HERE = Path(__file__).parents[1] / "clients"
PEOPLE = f"SELECT ?name {{ ?s a <{RICO.Person}> ; <{RDFS.label}> ?name }} ORDER BY ?name LIMIT 3"


@pytest.fixture(scope="module")
def endpoint(service):
    return f"{service.url}sparql"


@pytest.fixture(scope="module")
def names(endpoint):
    """What the query gives, by the plainest way."""
    found = httpx.get(endpoint, params={"query": PEOPLE, "format": "csv"}).text
    return found.splitlines()[1:]


def test_rdflib_reads_through_its_sparql_store(endpoint, names):
    graph = rdflib.Graph(SPARQLStore(endpoint))
    assert [str(row.name) for row in graph.query(PEOPLE)] == names
    person = rdflib.URIRef("https://w3id.org/biennien/id/person/ho-chi-minh")
    assert rdflib.Literal("Hồ Chí Minh", lang="vi") in set(graph.objects(person, rdflib.RDFS.label))


def test_rdflib_writes_through_its_update_store(plain):
    service = plain.service
    store = SPARQLUpdateStore(
        query_endpoint=f"{service.url}sparql",
        update_endpoint=f"{service.url}sparql/update",
        headers={"Authorization": plain.client.headers["Authorization"]},
        context_aware=True,
    )
    graph = rdflib.Graph(store, identifier=rdflib.URIRef("urn:rdflib"))
    triple = (rdflib.URIRef("urn:a"), rdflib.URIRef("urn:b"), rdflib.Literal("Điện Biên"))
    graph.add(triple)
    assert list(graph) == [triple]
    graph.remove(triple)
    assert list(graph) == []


def test_pandas_reads_csv(endpoint, names):
    pandas = pytest.importorskip("pandas", reason="pandas is not installed: pip install pandas.")
    text = httpx.get(endpoint, params={"query": PEOPLE}, headers={"Accept": "text/csv"}).text
    assert list(pandas.read_csv(io.StringIO(text))["name"]) == names


def node(script: str, *words: str) -> object:
    if shutil.which("node") is None:
        pytest.skip("Node is not installed: install nodejs.")
    if not (HERE / "node_modules").is_dir():
        pytest.skip("The JavaScript clients are not installed: npm install --prefix tests/clients.")
    ended = subprocess.run(
        ["node", HERE / script, *words], capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


@pytest.mark.parametrize("format_", ["json", "xml", "csv", "tsv"])
def test_jenas_rsparql_asks(endpoint, names, format_):
    program = HERE / "jena" / "bin" / "rsparql"
    if shutil.which("java") is None or not program.is_file():
        pytest.skip("Jena is not installed: unpack apache-jena into tests/clients/jena (Java 17).")
    query = f"SELECT ?name {{ {{ {PEOPLE} }} }}"
    words = [program, "--service", endpoint, "--results", format_, query]
    ended = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stderr
    assert all(name in ended.stdout for name in names)


def test_comunica_asks(endpoint, names):
    assert [row["name"] for row in node("comunica.mjs", endpoint, PEOPLE)] == names


def test_fetch_sparql_endpoint_asks_for_bindings(endpoint, names):
    assert [row["name"] for row in node("fetcher.mjs", "bindings", endpoint, PEOPLE)] == names


def test_fetch_sparql_endpoint_asks_for_triples(endpoint):
    query = f"CONSTRUCT WHERE {{ person:ho-chi-minh <{RDFS.label}> ?name }}"
    assert {triple[2] for triple in node("fetcher.mjs", "triples", endpoint, query)} == {
        "Hồ Chí Minh"
    }


def test_fetch_sparql_endpoint_asks_whether(endpoint):
    assert node("fetcher.mjs", "ask", endpoint, "ASK { person:ho-chi-minh a rico:Person }") is True


def test_fetch_sparql_endpoint_updates(plain):
    service, token = plain.service, plain.client.headers["Authorization"].removeprefix("Bearer ")
    update = "INSERT DATA { GRAPH <urn:js> { <urn:a> <urn:b> 1 } }"
    node("fetcher.mjs", "update", f"{service.url}sparql/update", update, token)
    asked = "ASK { GRAPH <urn:js> { <urn:a> <urn:b> 1 } }"
    assert node("fetcher.mjs", "ask", f"{service.url}sparql", asked) is True
