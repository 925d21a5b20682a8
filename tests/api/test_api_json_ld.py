# SPDX-License-Identifier: Apache-2.0
"""Answers under `/api/` as linked data, by PyLD: no key is lost, things are as their descriptions
say, and clients of Hydra and of TREE find the members and the next page.
"""

import functools

import pytest
import rdflib
from pyld import jsonld
from rdflib import RDF, RDFS

NAMESPACE = "https://w3id.org/biennien/"
API = rdflib.Namespace(f"{NAMESPACE}api#")
HYDRA = rdflib.Namespace("http://www.w3.org/ns/hydra/core#")
TREE = rdflib.Namespace("https://w3id.org/tree#")
KEYWORDS = {"@context", "@value", "@language", "@id", "@type"}
PAGED = (
    "/api/documents?limit=3",
    "/api/agencies?limit=7&expand=subdivisionOf",
    "/api/people?limit=4&facets=agency",
    "/api/places?limit=30&fields=label,containedBy",
    "/api/events?limit=30&place=dien-bien&type=Event",
    "/api/claims?limit=60",
    "/api/timeline?limit=50&kind=claim&kind=event&kind=document",
    "/api/search?q=dien+bien&limit=20",
    "/api/search?q=hon+2.000&kind=passage&kind=event&limit=1",
)
OTHERS = (
    "/api/network?thing=tinh-uy-dien-bien&depth=2&limit=40",
    "/api/search?q=dein+bien",
    "/api/suggest?q=dien+bi",
    "/api/events?limit=2&q=nothing-at-all",
)


@pytest.fixture(scope="module")
def answer(client):
    """An answer of the service, fetched once."""

    @functools.cache
    def fetch(path):
        response = client.get(path, headers={"Accept": "application/ld+json"})
        assert response.status_code == 200, response.text
        assert response.headers["content-type"] == "application/ld+json"
        return response.json()

    return fetch


@pytest.fixture(scope="module")
def load(client, service):
    """What PyLD is given for a context: only ever the one that is kept for ever."""
    address = f"{service.url}context/v1.jsonld"
    document = client.get(address).json()

    def loader(url, options=None):
        assert url == address
        return {"document": document, "documentUrl": url, "contextUrl": None}

    return loader


@pytest.fixture(scope="module")
def graph(answer, load):
    """An answer as a graph."""

    @functools.cache
    def read(path):
        options = {"documentLoader": load, "format": "application/n-quads"}
        return rdflib.Graph().parse(data=jsonld.to_rdf(answer(path), options), format="nt")

    return read


def nodes(value):
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from nodes(inner)


def count(value, name):
    return sum(node.get(name) not in (None, [], {}) for node in nodes(value) if name in node)


@pytest.mark.parametrize("path", [*PAGED, *OTHERS])
def test_every_key_is_in_the_context_and_none_is_lost(answer, load, path):
    found = answer(path)
    terms = load(found["@context"])["document"]["@context"]
    used = {
        key
        for node in nodes({key: value for key, value in found.items() if key != "@context"})
        for key in node
    }
    languages = {"vi", "en", "none", "fr"}
    assert used - terms.keys() - KEYWORDS - languages == set()
    compacted = jsonld.compact(
        jsonld.expand(found, {"documentLoader": load}), found["@context"], {"documentLoader": load}
    )
    for key in sorted(used - languages - KEYWORDS - {"id"}):
        assert count(compacted, key) == count(found, key), key


@pytest.mark.parametrize("path", [*PAGED, *OTHERS])
def test_every_iri_is_whole(answer, load, path):
    for node in nodes(jsonld.expand(answer(path), {"documentLoader": load})):
        types = node.get("@type", [])
        names = [*(types if isinstance(types, list) else [types]), *node, node.get("@id", "_:")]
        for name in names:
            assert name.startswith(("@", "_:", "http://", "https://")), name


@pytest.mark.parametrize("path", [*PAGED, *OTHERS])
def test_terms_of_the_service_are_the_context_s_own(graph, load, service, path):
    terms = load(f"{service.url}context/v1.jsonld")["document"]["@context"]
    defined = {
        str(term["@id"] if isinstance(term, dict) else term).replace("api:", str(API))
        for term in terms.values()
        if isinstance(term, (str, dict)) and (isinstance(term, str) or "@id" in term)
    }
    for triple in graph(path):
        for node in triple:
            if str(node).startswith(str(API)) and isinstance(node, rdflib.URIRef):
                assert str(node) in defined


def own(client, iri):
    path = "/" + iri.removeprefix(NAMESPACE).replace("id/", "doc/", 1)
    text = client.get(f"{path}.nt", params={"profile": "evidence"})
    assert text.status_code == 200, path
    return set(rdflib.Graph().parse(data=text.content, format="nt"))


LISTS = [path for path in PAGED if "search" not in path and "timeline" not in path]


@pytest.mark.parametrize("path", LISTS)
def test_a_thing_in_a_list_is_as_its_description_says(client, answer, graph, path):
    found = graph(path)
    for item in answer(path)["items"][:6]:
        subject, known = rdflib.URIRef(item["id"]), own(client, item["id"])
        said = set(found.triples((subject, None, None)))
        assert said
        assert said <= known
        keys = {predicate for _, predicate, _ in said}
        full = {t for t in known if t[0] == subject and t[1] in keys}
        assert said == full


@pytest.mark.parametrize("path", [p for p in (*PAGED, *OTHERS) if p not in LISTS])
def test_what_else_is_said_of_things_holds_there(client, graph, path):
    """But for the terms that tell of the answer itself."""
    found = {
        (s, p, o)
        for s, p, o in graph(path)
        if str(s).startswith(NAMESPACE) and not str(p).startswith(str(API))
    }
    for subject in sorted({s for s, _, _ in found})[:12]:
        said = {triple for triple in found if triple[0] == subject}
        whole = str(subject).partition("#")[0]
        assert said <= own(client, whole), subject


@pytest.mark.parametrize("path", PAGED)
def test_a_hydra_client_finds_members_and_the_next_page(answer, load, path):
    seen, page, collections = [], path, set()
    for _ in range(3):
        content = answer(page)
        options = {"documentLoader": load, "format": "application/n-quads"}
        found = rdflib.Graph().parse(data=jsonld.to_rdf(content, options), format="nt")
        here = rdflib.URIRef(content["view"]["id"])
        collection = found.value(predicate=HYDRA.view, object=here)
        assert (collection, RDF.type, HYDRA.Collection) in found
        assert (here, RDF.type, HYDRA.PartialCollectionView) in found
        collections.add(collection)
        members = set(found.objects(collection, HYDRA.member))
        assert {str(member) for member in members} == {item["id"] for item in content["items"]}
        seen += members
        page = found.value(here, HYDRA.next)
        if page is None:
            break
        page = str(page)
    assert len(collections) == 1
    assert len(seen) == len(set(seen)) > 0


@pytest.mark.parametrize("path", PAGED)
def test_a_tree_client_finds_members_and_the_next_page(graph, answer, path):
    first = graph(path)
    here = rdflib.URIRef(answer(path)["view"]["id"])
    collection = first.value(predicate=TREE.view, object=here)
    assert (collection, RDF.type, TREE.Collection) in first
    members = set(first.objects(collection, TREE.member))
    assert {str(member) for member in members} == {item["id"] for item in answer(path)["items"]}
    further = [first.value(relation, TREE.node) for relation in first.objects(here, TREE.relation)]
    assert [str(node) for node in further] == [
        link for link in [answer(path)["view"].get("next")] if link
    ]
    for node in further:
        second = graph(str(node))
        assert (collection, TREE.view, node) in second
        assert set(second.objects(collection, TREE.member)).isdisjoint(members)


def test_a_facet_says_its_values_in_words(graph):
    found = graph("/api/people?limit=4&facets=agency")
    (facet,) = found.objects(None, API.facet)
    values = list(found.objects(facet, API.facetValue))
    assert values
    for value in values:
        assert found.value(value, RDFS.label)
        assert int(found.value(value, API["count"])) > 0
