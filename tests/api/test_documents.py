# SPDX-License-Identifier: Apache-2.0
"""Changes, shapes and stored queries: pages, RDF, and what else they answer with."""

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.compare import to_isomorphic
from rdflib.namespace import PROV, RDF, SH, SKOS

ROOT = Path(__file__).resolve().parents[2]
NS = "https://w3id.org/biennien/"
_LINES = ox.RdfFormat.N_TRIPLES
FORMATS = {"ttl": "turtle", "nt": "nt", "rdf": "xml", "jsonld": "json-ld"}
FILES = [
    "agency", "claim", "correction", "date", "document", "entry", "event", "extent", "label",
    "number", "passage", "person", "place", "position", "signature", "source", "statement", "topic",
]  # fmt: skip
DATED = "/queries/events-certainly-before-1-may-2024"
JSON = {"Accept": "application/json"}


def graph_of(client, path, name="nt"):
    response = client.get(f"{path}.{name}")
    assert response.status_code == 200, response.text
    if name == "jsonld":  # rdflib's own parser of JSON-LD is given to warnings
        lines = ox.serialize(ox.parse(response.content, ox.RdfFormat.JSON_LD), format=_LINES)
        return rdflib.Graph().parse(data=lines, format="nt")
    return rdflib.Graph().parse(data=response.content, format=FORMATS[name])


@pytest.mark.parametrize(
    "path", ["/changes", "/changes/1", "/shapes", "/shapes/event", "/queries", DATED]
)
def test_every_syntax_says_the_same(client, page, path):
    graphs = [to_isomorphic(graph_of(client, path, name)) for name in FORMATS]
    assert all(found == graphs[0] for found in graphs)
    assert page(client.get(f"{path}.html")).one("h1").text.strip()
    assert client.get(path, headers={"Accept": "image/png"}).status_code == 406


# Changes


def test_a_change_says_who_when_and_how_much(client):
    graph = graph_of(client, "/changes/1")
    change = rdflib.URIRef(f"{NS}changes/1")
    assert (change, RDF.type, PROV.Activity) in graph
    assert graph.value(change, PROV.endedAtTime).toPython().tzinfo is not None
    assert graph.value(change, PROV.wasAssociatedWith) is not None
    used = {str(source) for source in graph.objects(change, PROV.used)}
    assert f"{NS}source/000_ace7c7edb614d59c" in used
    assert len(used) >= 5
    added = graph.value(change, PROV.generated)
    void = rdflib.Namespace("http://rdfs.org/ns/void#")
    patch = client.get(str(graph.value(added, void.dataDump)))
    assert patch.headers["content-type"] == "application/rdf-patch"
    lines = patch.text.splitlines()
    assert (lines[0], lines[-1]) == ("TX .", "TC .")
    assert len(lines) == int(graph.value(added, void.triples)) + 2
    assert all(line.startswith("A ") and line.endswith(" .") for line in lines[1:-1])


def test_the_dataset_says_which_change_it_stands_at(client):
    text = client.get("/graph/dataset", headers={"Accept": "application/n-triples"}).text
    newest = client.get("/readyz").json()["position"]
    assert f"<{NS}> <{PROV.wasGeneratedBy}> <{NS}changes/{newest}> ." in text


def test_changes_lead_to_those_before_and_after(editor):
    graph = f"<{NS}graph/authority/topics>"
    note = f"<{NS}id/topic/x> <http://www.w3.org/2004/02/skos/core#changeNote> 'x'@vi"
    editor.change(f"INSERT DATA {{ GRAPH {graph} {{ {note} }} }}")
    editor.change(f"DELETE DATA {{ GRAPH {graph} {{ {note} }} }}")
    newest = editor.client.get("/readyz").json()["position"]
    url = editor.service.url
    response = editor.client.get(f"/changes/{newest - 1}")
    assert f'<{url}changes/{newest}>; rel="next"' in response.headers["link"]
    assert f'<{url}changes/{newest - 2}>; rel="prev"' in response.headers["link"]
    listed = editor.client.get("/changes", headers={"Accept": "text/html"}).text
    assert listed.index(f"/changes/{newest}") < listed.index(f"/changes/{newest - 1}")
    assert "Nguyễn Thị An" in listed
    older = editor.client.get(f"/changes?before={newest}", headers={"Accept": "text/html"}).text
    assert f'/changes/{newest}"' not in older
    patch = editor.client.get(f"/changes/{newest}.patch").text
    assert patch.splitlines()[1].startswith("D ")


@pytest.mark.parametrize("number", ["0", "999", "x", "-1", "01", "1e3", "9" * 40, "²"])
def test_a_change_that_is_not_there_is_not_found(client, problem, number):
    found = problem(client.get(f"/changes/{number}", headers=JSON), 404)
    assert "numbered from 1" in found["hint"]


# Shapes


@pytest.mark.parametrize("name", FILES)
def test_each_rule_is_told_in_both_languages_with_examples(client, page, name):
    graph = graph_of(client, f"/shapes/{name}")
    rules = {s for kind in (SH.NodeShape, SH.PropertyShape) for s in graph.subjects(RDF.type, kind)
             if isinstance(s, rdflib.URIRef)}  # fmt: skip
    assert rules
    for lang in ("vi", "en"):
        found = page(client.get(f"/shapes/{name}.html?lang={lang}"))
        for rule in rules:
            _, _, fragment = rule.partition("#")
            section = found.one("section", id=fragment)
            said = [m for m in graph.objects(rule, SH.message) if m.language == lang]
            assert all(" ".join(m.split()) in " ".join(section.text.split()) for m in said)
    assert len(found.all("pre")) >= 2 or name == "statement"


def test_shapes_in_turtle_are_as_they_are_written(client):
    text = client.get("/shapes/event.ttl").text
    assert text.startswith("# SPDX-License-Identifier")


def test_shapes_that_are_not_there_come_with_the_known_ones(client, problem):
    found = problem(client.get("/shapes/planet", headers=JSON), 404)
    assert f"{NS}shapes/event" in found["known"]


# Stored queries


def test_a_stored_query_says_what_it_takes(client):
    graph = graph_of(client, DATED)
    query = rdflib.URIRef(f"{NS}{DATED[1:]}")
    assert (query, RDF.type, SH.SPARQLSelectExecutable) in graph
    text = client.get(f"{DATED}.rq")
    assert text.headers["content-type"].startswith("application/sparql-query")
    assert str(graph.value(query, SH.select)) == text.text
    parameter = graph.value(query, SH.parameter)
    assert str(graph.value(parameter, SH.name)) == "before"
    assert graph.value(parameter, SH.datatype) == rdflib.XSD.date
    assert str(graph.value(parameter, SH.defaultValue)) == "2024-05-01"


def test_a_stored_query_runs_with_its_own_values_and_with_others(client):
    own = client.get(f"{DATED}/results", headers={"Accept": "text/csv"})
    assert own.headers["content-type"].startswith("text/csv")
    fewer = client.get(f"{DATED}/results?before=1955-01-01&format=csv")
    assert 1 < len(fewer.text.splitlines()) < len(own.text.splitlines())
    moved = client.get(f"{DATED}?before=1955-01-01&format=csv")
    assert moved.status_code == 303
    assert client.get(moved.headers["location"]).text == fewer.text


def test_things_are_named_in_full_by_prefix_or_by_class_and_slug(client):
    path = "/queries/events-inside-dien-bien-province/results"
    texts = {
        client.get(path, params={"province": value, "format": "csv"}).text
        for value in (f"{NS}id/place/ha-noi", "place:ha-noi", "place/ha-noi")
    }
    assert len(texts) == 1
    assert client.get(f"{path}?format=csv").text not in texts


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (f"{DATED}/results?before=soon", "2024-05-01"),
        (f"{DATED}/results?after=2024-01-01", "after"),
        (f"{DATED}/results?before=2024-01-01&before=2024-01-02&x=1", "x"),
        ("/queries/events-inside-dien-bien-province/results?province=a%20b", "an IRI"),
        ("/queries/events-inside-dien-bien-province/results?province=%3E%20%7D%20DROP", "an IRI"),
        (f"{DATED}/results?format=exe", "exe"),
    ],
)
def test_wrong_parameters_are_told_with_what_may_be_given(client, address, words):
    response = client.get(address, headers=JSON)
    assert response.status_code in (400, 406)
    assert words in response.text


def test_a_value_is_never_read_as_sparql(client):
    value = '2024-01-01" } DROP ALL #'
    assert client.get(f"{DATED}/results", params={"before": value}).status_code == 400


def test_every_stored_query_runs_under_its_address(client):
    names = set(re.findall(r"/queries/([\w-]+)\"", client.get("/queries.html").text))
    assert len(names) >= 60
    for name in sorted(names)[::8]:
        response = client.get(f"/queries/{name}/results?format=json")
        assert response.status_code == 200, name


def test_a_query_that_is_not_there_comes_with_near_ones(client, problem):
    found = problem(client.get("/queries/taking-of-hill-a2", headers=JSON), 404)
    assert any("taking-of-hill-a1" in near["id"] for near in found["similar"])


# Types of problems


def test_the_type_of_every_problem_is_explained_where_it_leads(client):
    """Whatever word the code uses, the page knows it."""
    sources = "".join(file.read_text("utf-8") for file in (ROOT / "api").rglob("*.py"))
    words = set(re.findall(r'Problem\(\s*\d+,\s*"([a-z-]+)"', sources))
    words |= set(re.findall(r'errors\.\w+: \(\d+, "([a-z-]+)"\)', sources))
    words |= set(re.findall(r'\b4\d\d: "([a-z-]+)"', sources))
    assert len(words) > 20
    for word in words:
        graph = graph_of(client, f"/problems/{word}")
        assert len(set(graph.objects(rdflib.URIRef(f"{NS}problems/{word}"), SKOS.definition))) == 2
    listed = client.get("/problems.html?lang=en").text
    assert all(f"/problems/{word}" in listed for word in words)


def test_the_type_of_a_problem_leads_to_its_meaning(client):
    kind = client.get("/id/event/nothing", headers=JSON).json()["type"]
    page = client.get(kind.replace(NS, "/"), headers={"Accept": "text/html"})
    assert page.status_code == 200
