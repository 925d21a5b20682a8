# SPDX-License-Identifier: Apache-2.0
"""The description of the dataset: DCAT-AP for catalogues, VoID for programs, counted from the data.

The mandatory and recommended properties of DCAT-AP 3 are listed here. Where BIENNIEN_REFERENCE has
its SHACL shapes (`dcat-ap/`), they judge the description too.
"""

import os
import shutil
from pathlib import Path

import httpx
import pyshacl
import pytest
import rdflib
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, VOID

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
HERE = rdflib.URIRef("https://w3id.org/biennien/")
VERSION = rdflib.URIRef(f"{DCAT}version")  # new in DCAT 3; rdflib knows DCAT 2
SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
SYNTAXES = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/ld+json": "json-ld",
    "application/rdf+xml": "xml",
}
# DCAT-AP 3.0.1, sections 6 and 7: mandatory ones first.
WANTED = {
    DCAT.Catalog: "title description publisher language license modified spatial dataset "
    "service themeTaxonomy homepage",
    DCAT.Dataset: "title description publisher keyword theme spatial temporal distribution "
    "language license accessRights accrualPeriodicity conformsTo identifier landingPage modified "
    "provenance version",
    DCAT.Distribution: "accessURL title description format mediaType license accessService",
    DCAT.DataService: "endpointURL title description endpointDescription servesDataset publisher "
    "keyword theme conformsTo license accessRights",
    FOAF.Agent: "name",
    DCTERMS.PeriodOfTime: "startDate endDate",
}
REPEATED = {"title", "description", "keyword"}  # in both languages


def described(client, path="/", media_type="text/turtle"):
    """The description that an address gives."""
    response = client.get(path, headers={"Accept": media_type})
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith(media_type)
    return rdflib.Graph().parse(data=response.text, format=SYNTAXES[media_type])


@pytest.fixture(scope="module")
def graph(client):
    """The description at `/`."""
    return described(client)


def term(name):
    """A property of DCAT, Dublin Core or FOAF, by its local name."""
    if name == "version":
        return VERSION
    return next(space[name] for space in (DCAT, DCTERMS, FOAF) if name in space)


def count(rows, pattern, what="*"):
    """What SPARQL counts."""
    (row,) = rows(f"SELECT (COUNT({what}) AS ?n) {{ {pattern} }}")
    return int(row["n"])


# Where it is


@pytest.mark.parametrize("media_type", SYNTAXES)
def test_home_and_the_well_known_address_describe_the_dataset(client, media_type):
    home = described(client, "/", media_type)
    assert (HERE, RDF.type, DCAT.Dataset) in home
    assert (HERE, RDF.type, VOID.Dataset) in home
    assert set(home) == set(described(client, "/.well-known/void", media_type))


def test_the_addresses_lead_to_each_other(client, service):
    for path, accept in (("/", "text/html"), ("/", "text/turtle"), ("/.well-known/void", "*/*")):
        found = client.get(path, headers={"Accept": accept}).headers["link"]
        assert f'<{HERE}>; rel="canonical"' in found
        assert f'<{service.url}.well-known/void>; rel="describedby"' in found
        assert f'<{service.url}>; rel="alternate"; type="text/turtle"' in found
        assert f'<{service.url}openapi.json>; rel="service-desc"' in found


@pytest.mark.parametrize("path", ["/", "/.well-known/void"])
def test_an_unchanged_description_is_not_sent_again(client, path):
    headers = {"Accept": "text/turtle"}
    first = client.get(path, headers=headers)
    again = client.get(path, headers={**headers, "If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""
    other = client.get(path, headers={"Accept": "application/n-triples"})
    assert other.headers["etag"] != first.headers["etag"]


@pytest.mark.parametrize("path", ["/", "/.well-known/void"])
def test_head_has_the_headers_of_get(client, path):
    headers = {"Accept": "text/turtle"}
    got, head = client.get(path, headers=headers), client.head(path, headers=headers)
    assert head.status_code == 200
    assert head.content == b""
    for name in ("etag", "content-type", "link", "vary"):
        assert head.headers[name] == got.headers[name]


def test_an_unknown_format_is_refused(client, problem):
    headers = {"Accept": "image/png"}
    known = problem(client.get("/.well-known/void", headers=headers), 406)["known"]
    assert "text/turtle" in known


# DCAT-AP


@pytest.mark.parametrize("kind", WANTED, ids=lambda iri: iri.rpartition("/")[2])
def test_nothing_is_missing_that_the_profile_wants(graph, kind):
    found = set(graph.subjects(RDF.type, kind))
    assert found
    for node in found:
        for name in WANTED[kind].split():
            values = list(graph.objects(node, term(name)))
            assert values, f"{node} has no {name}"
            if name in REPEATED and kind != FOAF.Agent and len(values) > 1:
                assert {value.language for value in values} == {"vi", "en"}, f"{node} {name}"


def test_the_profiles_own_shapes_are_content(graph):
    folder = Path(os.environ.get("BIENNIEN_REFERENCE", "")) / "dcat-ap"
    if not (folder / "shapes.ttl").exists():
        pytest.skip("BIENNIEN_REFERENCE has no dcat-ap/ with the shapes of DCAT-AP 3.")
    for name in ("shapes.ttl", "range.ttl"):
        shapes = rdflib.Graph().parse(folder / name)
        conforms, _, report = pyshacl.validate(graph, shacl_graph=shapes)
        assert conforms, report


def test_every_address_under_the_service_answers(client, service, graph):
    addresses = {
        str(value)
        for predicate in (DCAT.endpointURL, DCAT.endpointDescription)
        for value in graph.objects(None, predicate)
    } | {str(value) for value in graph.objects(HERE, DCAT.landingPage)}
    assert len(addresses) > 5
    for address in addresses - {f"{service.url}graphs", f"{service.url}api"}:
        assert address.startswith(service.url)
        assert client.head(address).status_code == 200, address


def test_a_distribution_is_what_it_says(client, graph):
    (total,) = graph.objects(HERE, VOID.triples)
    for distribution in graph.objects(HERE, DCAT.distribution):
        address = str(graph.value(distribution, DCAT.accessURL))
        media_type = str(graph.value(distribution, DCAT.mediaType)).split("media-types/")[1]
        with client.stream("GET", address) as response:
            assert response.headers["content-type"].startswith(media_type)
            if media_type == "application/n-triples":
                assert sum(1 for _ in response.iter_lines()) == int(total)


def test_the_coverage_is_that_of_the_data(graph, rows):
    (row,) = rows(
        """SELECT (MIN(?a) AS ?first) (MAX(?b) AS ?last) {
          ?x rico:occurredAtDate|rico:hasCreationDate|rico:hasPublicationDate ?d .
          ?d bn:earliest ?a ; bn:latest ?b }"""
    )
    period = graph.value(HERE, DCTERMS.temporal)
    assert str(graph.value(period, DCAT.startDate)) == row["first"]
    assert str(graph.value(period, DCAT.endDate)) == row["last"]
    places = {row["p"] for row in rows("SELECT DISTINCT ?p { ?p a rico:Place }")}
    assert {str(place) for place in graph.objects(HERE, DCTERMS.spatial)} <= places


def test_publisher_and_contact_are_set_by_whoever_runs_it(serve, small_folder, tmp_path):
    shutil.copytree(small_folder, tmp_path / "data")
    words = {"publisher": "Trung tâm Lưu trữ", "contact": "lien-he@example.org"}
    with (
        serve(tmp_path / "data", tmp_path / "log", **words) as found,
        httpx.Client(base_url=found.url, timeout=30) as client,
    ):
        graph = described(client)
        about = client.get("/about", headers={"Accept": "text/html"}).text
    publisher = graph.value(HERE, DCTERMS.publisher)
    assert str(graph.value(publisher, FOAF.name)) == words["publisher"]
    contact = graph.value(HERE, DCAT.contactPoint)
    mail = graph.value(contact, rdflib.URIRef("http://www.w3.org/2006/vcard/ns#hasEmail"))
    assert str(mail) == "mailto:lien-he@example.org"
    assert "mailto:lien-he@example.org" in about


# VoID


def test_totals_are_what_sparql_counts(graph, rows):
    for name, pattern, what in (
        ("triples", "?s ?p ?o", "*"),
        ("distinctSubjects", "?s ?p ?o", "DISTINCT ?s"),
        ("distinctObjects", "?s ?p ?o", "DISTINCT ?o"),
        ("classes", "?s a ?c", "DISTINCT ?c"),
        ("properties", "?s ?p ?o", "DISTINCT ?p"),
    ):
        found = {int(value) for value in graph.objects(HERE, VOID[name])}
        assert found == {count(rows, pattern, what)}, name


def test_partitions_are_what_sparql_counts(graph, rows):
    for kind, text, number in (
        ("class", "SELECT ?x (COUNT(DISTINCT ?s) AS ?n) { ?s a ?x } GROUP BY ?x", "entities"),
        ("property", "SELECT ?x (COUNT(*) AS ?n) { ?s ?x ?o } GROUP BY ?x", "triples"),
    ):
        found = {
            str(graph.value(node, VOID[kind])): int(graph.value(node, VOID[number]))
            for node in graph.objects(HERE, VOID[f"{kind}Partition"])
        }
        assert found == {row["x"]: int(row["n"]) for row in rows(text)}
        assert len(found) > 50


def test_every_namespace_in_use_is_named(graph, rows):
    named = {str(vocabulary) for vocabulary in graph.objects(HERE, VOID.vocabulary)}
    used = {row["p"] for row in rows("SELECT DISTINCT ?p { { ?s ?p ?o } UNION { ?s a ?p } }")}
    assert used
    for iri in used:
        assert any(iri.startswith(vocabulary) for vocabulary in named), iri
    for vocabulary in named:
        assert any(iri.startswith(vocabulary) for iri in used), vocabulary


def test_examples_are_things_that_can_be_looked_at(client, service, graph):
    examples = [str(example) for example in graph.objects(HERE, VOID.exampleResource)]
    assert len(examples) >= 7
    for example in examples:
        path = example.removeprefix(str(HERE))
        assert client.get(f"/{path}", follow_redirects=True).status_code == 200


def test_every_graph_is_listed(graph, rows):
    listed = {str(graph.value(node, SD.name)) for node in graph.objects(HERE, SD.namedGraph)}
    assert listed == {row["g"] for row in rows("SELECT DISTINCT ?g { GRAPH ?g { ?s a ?c } }")}


def test_linksets_are_the_links_that_there_are(graph, rows):
    links = count(
        rows,
        f"""VALUES ?p {{ owl:sameAs skos:exactMatch skos:closeMatch skos:broadMatch
          skos:narrowMatch skos:relatedMatch }} ?s ?p ?o
          FILTER(STRSTARTS(STR(?s), "{HERE}") && ISIRI(?o) && !STRSTARTS(STR(?o), "{HERE}"))""",
    )
    told = [graph.value(node, VOID.triples) for node in graph.subjects(RDF.type, VOID.Linkset)]
    assert sum(map(int, told)) == links


def test_the_description_follows_a_change(edit, small_folder, tmp_path):
    shutil.copytree(small_folder, tmp_path / "data")
    with edit(tmp_path) as editor:
        before = described(editor.client)
        (triples,) = before.objects(HERE, VOID.triples)
        (version,) = before.objects(HERE, VERSION)
        editor.change(
            "INSERT DATA { GRAPH <https://w3id.org/biennien/graph/authority/nguyen-thi-thu> "
            "{ <https://w3id.org/biennien/graph/authority/nguyen-thi-thu> "
            "dcterms:description 'Một mục để thử.'@vi } }"
        )
        after = described(editor.client)
        assert int(after.value(HERE, VERSION)) > int(version)
        assert int(after.value(HERE, VOID.triples)) > int(triples)
