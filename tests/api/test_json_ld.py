# SPDX-License-Identifier: Apache-2.0
"""JSON-LD of everything that is published, in each profile: the same graph as N-Triples, by PyLD
and by jsonld.js; short keys; one shape for each class; valid by its JSON Schema, and what is in
terms of schema.org by schema.org's own vocabulary.
"""

import functools
import hashlib
import itertools
import json
import os
import shutil
import subprocess
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import jsonschema
import pytest
import rdflib
from pyld import jsonld
from rdflib import RDF, RDFS, XSD

from biennien_graph.engine.rdf import read_triples

NAMESPACE = "https://w3id.org/biennien/"
CLIENTS = Path(__file__).parents[1] / "clients"
PROFILES = ("rico", "evidence", "schema", "labels")
CLASSES = ("document", "agency", "person", "place", "event", "topic")
KEYWORDS = {"@context", "@value", "@language"}
SCHEMA = rdflib.Namespace("https://schema.org/")


@pytest.fixture(scope="module")
def things(rows):
    """The path of every thing that is published."""
    pattern = f'FILTER(STRSTARTS(STR(?s), "{NAMESPACE}id/") && !CONTAINS(STR(?s), "#"))'
    found = rows(f"SELECT DISTINCT ?s {{ GRAPH ?g {{ ?s a ?c }} {pattern} }} ORDER BY ?s")
    paths = [row["s"].removeprefix(f"{NAMESPACE}id/") for row in found]
    assert len(paths) >= 300
    return paths


@pytest.fixture(scope="module")
def described(client, things):
    """Every thing in a profile: `{path: (JSON-LD, N-Triples)}`, fetched once."""

    def fetch(profile, path):
        parameters = {"profile": profile}
        document = client.get(f"/doc/{path}.jsonld", params=parameters)
        triples = client.get(f"/doc/{path}.nt", params=parameters)
        assert document.status_code == triples.status_code == 200, path
        return document.json(), triples.content

    @functools.cache
    def every(profile):
        with ThreadPoolExecutor(4) as threads:
            return dict(
                zip(things, threads.map(functools.partial(fetch, profile), things), strict=True)
            )

    return every


@pytest.fixture(scope="module")
def contexts(client, service):
    """What the service serves as contexts, by address."""
    address = f"{service.url}context/v1.jsonld"
    return {address: client.get(address).json()}


def statements(lines):
    return {str(triple) for triple in read_triples(lines)}


# Round trip


@pytest.mark.parametrize("profile", PROFILES)
def test_pyld_reads_from_every_json_ld_exactly_the_graph(described, contexts, profile):
    def load(url, options=None):
        return {"document": contexts[url], "documentUrl": url, "contextUrl": None}

    total = 0
    for path, (document, triples) in described(profile).items():
        options = {"documentLoader": load, "format": "application/n-quads"}
        found = statements(jsonld.to_rdf(document, options).encode())
        assert found == statements(triples), path
        total += len(found)
    assert total > 2000


@pytest.mark.parametrize("profile", PROFILES)
def test_jsonld_js_reads_from_every_json_ld_exactly_the_graph(
    described, contexts, profile, tmp_path
):
    if shutil.which("node") is None:
        pytest.skip("Node is not installed: install nodejs.")
    if not (CLIENTS / "node_modules" / "jsonld").is_dir():
        pytest.skip("jsonld is not installed: npm install --prefix tests/clients.")
    every = described(profile)
    file = tmp_path / "documents.json"
    documents = [document for document, _ in every.values()]
    file.write_text(json.dumps({"contexts": contexts, "documents": documents}), encoding="utf-8")
    ended = subprocess.run(
        ["node", CLIENTS / "expand.mjs", file], capture_output=True, timeout=300, check=False
    )
    assert ended.returncode == 0, ended.stderr.decode()
    read = json.loads(ended.stdout)
    for lines, (path, (_, triples)) in zip(read, every.items(), strict=True):
        assert statements(lines.encode()) == statements(triples), path


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib says it to itself
@pytest.mark.parametrize("path", ["document/ke-hoach-so-khcn-bac-giang-2024", "person/ho-chi-minh"])
def test_rdflib_reads_it_as_well(client, contexts, path):
    address, evidence = f"/doc/{path}", {"profile": "evidence"}
    document = client.get(f"{address}.jsonld", params=evidence).json()
    triples = client.get(f"{address}.nt", params=evidence).content
    whole = {**document, "@context": next(iter(contexts.values()))["@context"]}
    found = rdflib.Graph().parse(data=json.dumps(whole), format="json-ld")
    assert set(found) == set(rdflib.Graph().parse(data=triples, format="nt"))


@pytest.fixture(scope="module")
def others(rows):
    """Paths of what else is described: of each kind all, or as many as a test has time for."""
    shares = {"source": 1, "vocabulary": 5, "claim/": 60, "passage/": 80, "shapes": 1}
    found = []
    for kind, share in shares.items():
        pattern = f'FILTER(STRSTARTS(STR(?s), "{NAMESPACE}{kind}") && !CONTAINS(STR(?s), "#"))'
        every = rows(f"SELECT DISTINCT ?s {{ GRAPH ?g {{ ?s ?p ?o }} {pattern} }} ORDER BY ?s")
        found += [row["s"].removeprefix(NAMESPACE) for row in every[::share]]
    assert len(found) > 120  # a graph answers with its content, which has no frame
    return found


def test_whatever_else_is_described_reads_back_and_has_short_keys(client, contexts, others):
    def load(url, options=None):
        return {"document": contexts[url], "documentUrl": url, "contextUrl": None}

    for path in others:
        document, triples = (
            client.get(f"/{path}.{suffix}", params={"profile": "evidence"})
            for suffix in ("jsonld", "nt")
        )
        options = {"documentLoader": load, "format": "application/n-quads"}
        found = statements(jsonld.to_rdf(document.json(), options).encode())
        assert found == statements(triples.content), path
        for node in nodes({k: v for k, v in document.json().items() if k != "@context"}):
            assert not [name for name in {*node, *node.get("type", ())} if ":" in name], path


# Keys and shapes


def nodes(value):
    """Every object in a document, with its keys."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from nodes(inner)


@pytest.mark.parametrize("profile", ["rico", "evidence", "labels"])
def test_every_key_and_class_has_a_short_name(described, profile):
    for path, (document, _) in described(profile).items():
        body = {key: value for key, value in document.items() if key != "@context"}
        for node in nodes(body):
            names = {*node, *node.get("type", ())} - KEYWORDS
            assert not [name for name in names if ":" in name or "@" in name], path


@pytest.mark.parametrize("kind", CLASSES)
def test_things_of_one_class_have_the_same_keys_in_the_same_order(described, kind):
    of_kind = [d for path, (d, _) in described("rico").items() if path.startswith(f"{kind}/")]
    assert len(of_kind) >= 10
    assert len({tuple(document) for document in of_kind}) == 1


def test_a_key_has_an_array_always_or_never(described, contexts):
    terms = next(iter(contexts.values()))["@context"]
    many = {
        key
        for key, term in terms.items()
        if isinstance(term, dict) and "@set" in str(term.get("@container"))
    }
    for document, _ in described("evidence").values():
        for node in nodes({k: v for k, v in document.items() if k != "@context"}):
            for key, value in node.items():
                if key in terms and not isinstance(value, dict):
                    assert isinstance(value, list) == (key in many), (document["id"], key)


def test_dates_show_their_words_and_their_edtf(described):
    dates = [
        node
        for document, _ in described("rico").values()
        for node in nodes(document)
        if "Date" in node.get("type", ())
    ]
    assert len(dates) > 60
    for date in dates:
        assert list(date)[:6] == ["id", "type", "words", "edtf", "earliest", "latest"]
        assert date["words"]
        assert isinstance(date["edtf"], str)


def test_what_is_mentioned_has_its_class_and_its_label(described):
    found = described("rico")["document/ke-hoach-so-khcn-bac-giang-2024"][0]
    for key in ("author", "subject", "documentaryFormType", "receiver"):
        assert found[key]
        for mentioned in found[key]:
            assert list(mentioned) == ["id", "type", "label"]
            assert mentioned["label"]["vi"]


def test_each_claim_has_its_passages_with_their_quotes(described):
    claims = described("evidence")["event/dien-bien-phu-1954"][0]["claims"]
    assert claims
    for claim in claims:
        assert claim["type"] == ["Claim"]
        assert claim["claimPredicate"]
        for passage in claim["evidence"]:
            assert [s["exact"] for s in passage["selector"] if "exact" in s]


# The context


def test_the_first_context_never_changes():
    # Programs elsewhere keep this file, as it is served to be kept for ever. What it says of a
    # key holds for all JSON-LD that names it. New keys go into a new version.
    file = Path(__file__).parents[2] / "ontology" / "contexts" / "v1.jsonld"
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert digest == "888bcc7c50426f83419f267ceb8458633f451d0dcd6bbe80633874c312d05bec"


def test_a_version_of_the_context_is_kept_for_ever_and_open_to_all(client):
    response = client.get("/context/v1.jsonld")
    assert response.headers["content-type"] == "application/ld+json"
    assert "immutable" in response.headers["cache-control"]
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.json()["@context"]["@version"] == 1.1


def test_the_newest_context_has_an_address_of_its_own(client):
    newest = client.get("/context.jsonld")
    assert newest.content == client.get("/context/v1.jsonld").content
    assert "immutable" not in newest.headers["cache-control"]


def test_an_unknown_version_of_the_context_is_a_problem(client, problem):
    assert "v1" in problem(client.get("/context/v0.jsonld"), 404)["known"]


# JSON Schema


@pytest.fixture(scope="module")
def validator(client):
    """The schema of a class as it is served, ready to judge."""

    @functools.cache
    def of(kind):
        response = client.get(f"/schemas/{kind}.json")
        assert response.headers["content-type"] == "application/schema+json"
        schema = response.json()
        jsonschema.Draft202012Validator.check_schema(schema)
        checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
        return jsonschema.Draft202012Validator(schema, format_checker=checker)

    return of


@pytest.mark.parametrize("profile", ["rico", "evidence"])
def test_every_thing_is_valid_by_the_schema_of_its_class(described, validator, profile):
    for path, (document, _) in described(profile).items():
        kind = path.partition("/")[0]
        wrong = [
            (error.json_path, error.message) for error in validator(kind).iter_errors(document)
        ]
        assert not wrong, path


@pytest.mark.parametrize(
    "break_it",
    [
        lambda d: d.pop("label"),
        lambda d: d["label"].pop("vi"),
        lambda d: d.update(author={"id": "x"}),
        lambda d: d["author"].append("x"),
        lambda d: d["subject"].append({"label": {}}),
        lambda d: d.update(held="yes"),
        lambda d: d["creationDate"][0].update(earliest="1954"),
        lambda d: d["creationDate"][0].pop("edtf"),
        lambda d: d.update(title={"vi": "x"}),
        lambda d: d["signature"][0]["signingAuthority"].update(id="x"),
    ],
)
def test_a_schema_finds_what_is_wrong(described, validator, break_it):
    document = described("rico")["document/ke-hoach-so-khcn-bac-giang-2024"][0]
    broken = json.loads(json.dumps(document))
    assert validator("document").is_valid(broken)
    break_it(broken)
    assert not validator("document").is_valid(broken)


def test_a_schema_tells_each_key_in_english_and_vietnamese(client):
    properties = client.get("/schemas/document.json").json()["properties"]
    assert " · " in properties["author"]["title"]
    assert all(properties[key]["description"] for key in ("author", "title", "creationDate"))


def test_a_schema_is_also_there_by_what_it_says(client, problem):
    link = client.get("/schemas/event.json").headers["link"]
    address = link.partition(">")[0].lstrip("<")
    kept = client.get(address)
    assert "immutable" in kept.headers["cache-control"]
    assert kept.content == client.get("/schemas/event.json").content
    assert problem(client.get("/schemas/0123456789abcdef/event.json"), 404)["known"] == [address]
    assert "event" in problem(client.get("/schemas/war.json"), 404)["known"]


def test_openapi_has_the_schemas_among_its_components(client):
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    assert {*CLASSES, "claim", "passage", "reference"} <= set(schemas)


# schema.org


@pytest.fixture(scope="module")
def vocabulary():
    folder = os.environ.get("BIENNIEN_REFERENCE", "")
    if not folder:
        pytest.skip("BIENNIEN_REFERENCE names no folder with schemaorg.ttl.")
    return rdflib.Graph().parse(Path(folder) / "schemaorg.ttl")


def test_every_thing_is_valid_by_the_vocabulary_of_schema_org(described, vocabulary):
    above = defaultdict(set)
    for cls in vocabulary.subjects(RDF.type, RDFS.Class):
        above[cls] = set(vocabulary.transitive_objects(cls, RDFS.subClassOf))
    texts = {RDF.langString: SCHEMA.Text, XSD.string: SCHEMA.Text, None: SCHEMA.Text}
    datatypes = {**texts, XSD.date: SCHEMA.Date, XSD.integer: SCHEMA.Integer}

    def classes(graph, node):
        if isinstance(node, rdflib.Literal):
            return {datatypes[node.datatype]}
        return set(itertools.chain(*(above[cls] for cls in graph.objects(node, RDF.type))))

    judged = 0
    for _, triples in described("schema").values():
        graph = rdflib.Graph().parse(data=triples, format="nt")
        for subject, predicate, value in graph:
            if predicate == RDF.type:
                assert value in above, value
                continue
            domain = set(vocabulary.objects(predicate, SCHEMA.domainIncludes))
            assert domain & classes(graph, subject), (subject, predicate)
            if predicate != SCHEMA.url:
                range_ = set(vocabulary.objects(predicate, SCHEMA.rangeIncludes))
                assert range_ & classes(graph, value), (subject, predicate, value)
            judged += 1
    assert judged > 2000


def test_every_thing_has_a_class_and_a_name_there(described):
    for path, (document, _) in described("schema").items():
        assert document["@type"], path
        assert document["name"], path
