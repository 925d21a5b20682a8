# SPDX-License-Identifier: Apache-2.0
"""Every IRI of the namespace that occurs anywhere answers, and its answer speaks of it."""

import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import httpx
import pytest

NS = "https://w3id.org/biennien/"
ACCEPTS = ("application/n-triples", "text/turtle", "application/ld+json", "text/html")
_OURS = re.compile(rf"<({re.escape(NS)}[^>]*)>")
_HREF = re.compile(r'href="([^"]*)"')
_TARGET = re.compile(r"<([^>]*)>;")
LARGE = (f"{NS}graph/default", f"{NS}graph/inferred")
_SEVERAL = 4  # requests at once


def path_of(iri):
    return "/" + quote(iri.partition("#")[0].removeprefix(NS), safe="/:@!$&'()*+,;=-._~%")


def follow(client, path, accept):
    """The description that an IRI leads to, over at most two redirects."""
    response = client.get(path, headers={"Accept": accept})
    for _ in range(2):
        if response.status_code in (302, 303, 308):
            response = client.get(response.headers["location"], headers={"Accept": accept})
    return response


def in_threads(work, things):
    with ThreadPoolExecutor(_SEVERAL) as threads:
        return list(threads.map(work, things))


@pytest.fixture(scope="module")
def walker(service):
    limits = httpx.Limits(max_connections=_SEVERAL)
    with httpx.Client(base_url=service.url, timeout=120, limits=limits) as found:
        yield found


@pytest.fixture(scope="module")
def quads(client):
    """All quads of the store, as N-Triples of the default graph and the names of the graphs."""
    graph = client.get("/graph/default", headers={"Accept": "application/n-triples"}).text
    query = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"
    named = client.get("/sparql", params={"query": query, "format": "tsv"}).text
    return graph + named


@pytest.fixture(scope="module")
def iris(quads):
    """Every IRI of the namespace in any position of any quad; fragments with what has them."""
    return sorted(set(_OURS.findall(quads)) | {f"{NS}graph/default"})


def test_every_iri_in_the_data_is_described_where_it_leads(walker, iris, record_property):
    """303 where it is a thing; the graph that comes back speaks of the IRI, fragment and all."""

    def walk(address):
        whole, named = address
        response = follow(walker, path_of(whole), "application/n-triples")
        if response.status_code != 200:
            return [(iri, response.status_code) for iri in named]
        unsaid = [iri for iri in named if f"<{iri}>" not in response.text]
        if unsaid:  # a set of claims is told with the claims
            path = f"{path_of(whole)}?profile=evidence"
            text = follow(walker, path, "application/n-triples").text
            unsaid = [iri for iri in unsaid if f"<{iri}>" not in text]
        return [(iri, "unsaid") for iri in unsaid]

    by_address = {}
    for iri in iris:
        by_address.setdefault(iri.partition("#")[0], []).append(iri)
    missing = [found for walked in in_threads(walk, by_address.items()) for found in walked]
    record_property("iris", len(iris))
    record_property("addresses", len(by_address))
    allowed = {f"{NS}graph/default", NS}  # a graph need not name itself
    assert [(iri, why) for iri, why in missing if not (why == "unsaid" and is_graph(iri))
            and iri not in allowed] == []  # fmt: skip
    assert len(iris) > 6900
    assert len(by_address) > 4000


def is_graph(iri):
    return iri.startswith(f"{NS}graph/")


def is_heavy(link):
    """What takes seconds, and is asked for by other tests: queries, and the largest graphs."""
    return "/sparql?" in link or any(link.startswith(iri) for iri in LARGE)


def kind_of(iri):
    """What an IRI is one of many of."""
    first, *rest = iri.removeprefix(NS).partition("#")[0].split("/")
    return f"{first}/{rest[0]}" if first in {"id", "vocabulary", "graph"} and rest else first


@pytest.mark.parametrize("accept", ACCEPTS)
def test_whatever_the_client_accepts_it_gets(walker, iris, accept):
    """Of each kind of address some, in every syntax."""
    kinds = {}
    for iri in iris:
        if iri not in LARGE:
            kinds.setdefault(kind_of(iri), []).append(iri)
    chosen = [iri for found in kinds.values() for iri in found[:: max(1, len(found) // 2)]]
    answers = in_threads(lambda iri: (iri, follow(walker, path_of(iri), accept)), chosen)
    assert len(answers) > 40
    assert [(iri, r.status_code) for iri, r in answers if r.status_code != 200] == []
    kinds_got = {response.headers["content-type"].partition(";")[0] for _, response in answers}
    assert kinds_got == {accept}


def test_every_link_of_every_kind_of_page_leads_somewhere(walker, service, iris, record_property):
    """And what headers link to; the fragment of a link into a page is there."""
    starts = ["/", "/api", "/changes", "/shapes", "/queries", "/ontology", "/sparql", "/docs",
              "/api/events?limit=5", "/timemap/doc/person/ho-chi-minh", "/changes/1",
              "/shapes/event", "/queries/taking-of-hill-a1", "/graph/derived",
              "/memento/1/doc/person/ho-chi-minh"]  # fmt: skip
    seen = {}
    for iri in iris:
        seen.setdefault(kind_of(iri), path_of(iri))
    pages = [*starts, *seen.values()]

    def links_of(path):
        page = follow(walker, path, "text/html")
        assert page.status_code == 200, path
        found = [link.replace("&amp;", "&") for link in _HREF.findall(page.text)]
        found += _TARGET.findall(page.headers.get("link", ""))
        return {link.partition("#")[0] for link in found if link.startswith(service.url)}

    links = set().union(*in_threads(links_of, pages))
    chosen = sorted(link for link in links if not is_heavy(link))[::7]
    answers = in_threads(lambda link: (link, follow(walker, link, "*/*").status_code), chosen)
    record_property("links", len(links))
    assert len(links) > 300
    assert [(link, status) for link, status in answers if status != 200] == []


def test_a_fragment_of_a_page_is_there(walker, page, iris):
    """A thing's own nodes have a place on its page."""
    with_fragment = [iri for iri in iris if "#" in iri and "/id/" in iri]
    assert len(with_fragment) > 100
    for iri in with_fragment[::20]:
        whole, _, fragment = iri.partition("#")
        assert f'id="{fragment}"' in follow(walker, path_of(whole), "text/html").text, iri


@pytest.mark.parametrize(
    "path",
    ["/shapes", "/shapes/event", "/queries", "/queries/taking-of-hill-a1", "/changes", "/changes/1",
     "/graph/dataset", "/doc/person/ho-chi-minh", "/timemap/doc/person/ho-chi-minh",
     "/timegate/doc/person/ho-chi-minh", "/changes/1.patch", "/queries/taking-of-hill-a1.rq",
     "/memento/1/doc/person/ho-chi-minh.ttl", "/context.jsonld", "/ontology/0.1.0", "/healthz",
     "/.well-known/void", "/api", "/api/places", "/docs", "/static/style.css", "/robots.txt"],
)  # fmt: skip
def test_head_and_options_are_answered_everywhere(client, path):
    got, head = client.get(path), client.head(path)
    assert (head.status_code, head.content) == (got.status_code, b"")
    for name in ("content-type", "etag", "link", "location", "last-modified"):
        assert head.headers.get(name) == got.headers.get(name), name
    options = client.options(path)
    assert options.status_code == 204
    assert {"GET", "HEAD"} <= set(options.headers["allow"].split(", "))
    assert client.delete(path).status_code == (401 if path.startswith("/graph/") else 405)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/doc/person/ho-chi-minh",
        "/changes",
        "/changes/1",
        "/shapes/event",
        "/queries",
        "/problems",
        "/graph/dataset",
    ],
)
@pytest.mark.parametrize("accept", ["text/turtle", "application/ld+json"])
def test_where_a_representation_lies_it_is_found(client, service, path, accept):
    first = client.get(path, headers={"Accept": accept})
    place = first.headers["content-location"]
    assert place.startswith(service.url)
    again = client.get(place, headers={"Accept": "image/png"})
    assert again.status_code == 200
    assert again.headers["content-type"] == first.headers["content-type"]
    assert len(again.content) == len(first.content)
