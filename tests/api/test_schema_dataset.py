# SPDX-License-Identifier: Apache-2.0
"""The home page tells search engines of the dataset, in words that schema.org has.

schema.org's own vocabulary file judges: every type and property is one of its terms, and stands
with a class that may have it and a value that it may have.
"""

import datetime
import json
import os
from pathlib import Path

import pytest
import rdflib
from rdflib.namespace import RDF, RDFS

SCHEMA = rdflib.Namespace("https://schema.org/")
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"


@pytest.fixture(scope="module")
def vocabulary():
    """schema.org as a graph."""
    file = Path(os.environ.get("BIENNIEN_REFERENCE", "")) / "schemaorg.ttl"
    if not file.is_file():
        pytest.skip("BIENNIEN_REFERENCE has no schemaorg.ttl, the vocabulary of schema.org.")
    return rdflib.Graph().parse(file)


@pytest.fixture(scope="module")
def dataset(client, page):
    """The description in the home page, by language."""

    def of(lang):
        headers = {"Accept": BROWSER, "Accept-Language": lang}
        (block,) = page(client.get("/", headers=headers)).all("script", type="application/ld+json")
        return json.loads(block.text)

    return {lang: of(lang) for lang in ("vi", "en")}


def nodes(value):
    """Every node with a type in a tree."""
    for found in value.values() if isinstance(value, dict) else value:
        if isinstance(found, dict | list):
            yield from nodes(found)
    if isinstance(value, dict) and "@type" in value:
        yield value


def ancestors(vocabulary, iri):
    """A class and those above it."""
    return set(vocabulary.transitive_objects(SCHEMA[iri], RDFS.subClassOf))


def fits(vocabulary, value, ranges):
    """Whether a value is of one of some types."""
    if isinstance(value, dict):
        return bool(ancestors(vocabulary, value["@type"]) & ranges)
    if isinstance(value, bool):
        return SCHEMA.Boolean in ranges
    if SCHEMA.Text in ranges:
        return True
    if {SCHEMA.Date, SCHEMA.DateTime} & ranges and value[:2] == "20":
        return bool(datetime.datetime.fromisoformat(value))
    # A thing or an address may be given by its address.
    return value.startswith(("http://", "https://")) or SCHEMA.Language in ranges


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_word_is_schema_orgs_and_in_its_place(vocabulary, dataset, lang):
    found = list(nodes(dataset[lang]))
    assert len(found) > 8
    for node in found:
        classes = ancestors(vocabulary, node["@type"])
        assert (SCHEMA[node["@type"]], RDF.type, RDFS.Class) in vocabulary, node["@type"]
        for name, values in node.items():
            if name.startswith("@"):
                continue
            assert (SCHEMA[name], RDF.type, RDF.Property) in vocabulary, name
            domains = set(vocabulary.objects(SCHEMA[name], SCHEMA.domainIncludes))
            assert domains & classes, f"{name} is not for {node['@type']}"
            ranges = set(vocabulary.objects(SCHEMA[name], SCHEMA.rangeIncludes))
            for value in values if isinstance(values, list) else [values]:
                assert fits(vocabulary, value, ranges), f"{name}: {value}"


def test_it_has_what_search_engines_ask_for(dataset, service):
    for lang, found in dataset.items():
        assert found["@context"] == "https://schema.org/"
        assert found["@id"] == "https://w3id.org/biennien/"
        assert found["url"] == service.url
        assert 50 <= len(found["description"]) <= 5000
        assert found["license"].startswith("https://creativecommons.org/")
        assert found["keywords"]
        assert found["temporalCoverage"].count("/") == 1
        assert all(place["name"] for place in found["spatialCoverage"])
        assert len(found["distribution"]) == 4
        assert (lang == "vi") == ("dữ liệu" in found["description"])


def test_it_says_what_dcat_says(client, dataset):
    text = client.get("/", headers={"Accept": "text/turtle"}).text
    graph = rdflib.Graph().parse(data=text, format="turtle")
    here = rdflib.URIRef("https://w3id.org/biennien/")
    dcat = rdflib.Namespace("http://www.w3.org/ns/dcat#")
    dct = rdflib.Namespace("http://purl.org/dc/terms/")
    for lang, found in dataset.items():
        for name, predicate in (("name", dct.title), ("description", dct.description)):
            assert rdflib.Literal(found[name], lang=lang) in set(graph.objects(here, predicate))
        urls = {download["contentUrl"] for download in found["distribution"]}
        assert urls == {
            str(graph.value(node, dcat.accessURL))
            for node in graph.objects(here, dcat.distribution)
        }
        assert found["version"] == str(graph.value(here, dcat["version"]))
