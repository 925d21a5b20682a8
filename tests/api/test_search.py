# SPDX-License-Identifier: Apache-2.0
"""`/api/search` and `/api/suggest`: for programs, and the page for people."""

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import jsonschema
import pytest

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
DOCS = Path(__file__).resolve().parents[2] / "docs" / "search.md"


def search(client, q, **parameters):
    response = client.get("/api/search", params={"q": q, **parameters})
    assert response.status_code == 200, response.text
    return response.json()


def marked(snippet):
    return [snippet["snippet"][start:end] for start, end in snippet["highlights"]]


# For programs


@pytest.mark.parametrize("q", ["Dien Bien", "điện biên", "ĐIỆN BIÊN"])
def test_ways_of_typing_meet_and_the_province_comes_first(client, q):
    first = search(client, q)["items"][0]
    assert first["id"] == "https://w3id.org/biennien/id/place/dien-bien"
    assert first["category"] == "place"
    assert marked(first["snippets"][0]) == ["Điện", "Biên"]


def test_a_quote_leads_to_passage_source_and_document(client, service):
    page = search(client, '"hơn 2.000 cán bộ"', kind="event")
    (event,) = page["items"]
    quote = next(found for found in event["snippets"] if found["field"] == "quote")
    assert marked(quote) == ["hơn 2.000 cán bộ"]
    for iri in (quote["passage"], quote["claim"]):
        assert client.get(urlsplit(iri).path.removeprefix("/biennien")).status_code == 200
    assert quote["document"]["link"].startswith(f"{service.url}doc/document/")
    assert client.get(urlsplit(quote["document"]["link"]).path).status_code == 200


def test_the_wrong_and_the_right_reading_of_a_correction_find_the_document(client):
    for q in ("đặt biệt", "Tinh đoàn kết"):
        fields = [
            snippet["field"]
            for item in search(client, f'"{q}"', kind="document")["items"]
            for snippet in item["snippets"]
        ]
        assert {"correction", "quote", "note"} & set(fields), q


def test_pages_follow_each_other_and_hold_every_hit_once(client):
    page = search(client, "tuyên truyền", limit=7)
    found = [item["id"] for item in page["items"]]
    total = page["total"]
    while "next" in page["view"]:
        page = client.get(page["view"]["next"]).json()
        found += [item["id"] for item in page["items"]]
    assert len(found) == len(set(found)) == total
    assert "first" in page["view"]
    assert "previous" in page["view"]


def test_hits_are_counted_by_kind_whichever_is_chosen(client):
    whole, events = search(client, "điện biên"), search(client, "điện biên", kind="event")
    counts = {value["category"]: value["count"] for value in whole["facets"][0]["values"]}
    assert sum(counts.values()) == whole["total"]
    assert events["total"] == counts["event"]
    assert [value["selected"] for value in events["facets"][0]["values"]].count(True) == 1
    link = next(v["link"] for v in whole["facets"][0]["values"] if v["category"] == "event")
    assert client.get(link).json()["total"] == counts["event"]


def test_several_kinds_and_a_source_are_filters(client):
    kinds = {
        item["category"]
        for item in client.get("/api/search?q=dien+bien&kind=place&kind=agency").json()["items"]
    }
    assert kinds == {"place", "agency"}
    source = "https://w3id.org/biennien/source/000_ace7c7edb614d59c"
    assert 0 < search(client, "điện biên", source=source)["total"] < 366


def test_where_nothing_is_found_something_is_guessed(client):
    page = search(client, "dein bien")
    assert (page["total"], page["items"], page["facets"]) == (0, [], [])
    assert "điện biên" in page["suggestions"]
    assert search(client, page["suggestions"][0])["total"]


def test_an_answer_tells_the_position_that_it_is_of(client):
    response = client.get("/api/search?q=a1")
    assert int(response.headers["biennien-position"]) == response.json()["asOf"] > 0


def test_suggestions_begin_as_was_typed(client):
    items = client.get("/api/suggest?q=dien+bi&limit=3").json()["items"]
    assert len(items) == 3
    assert items[0]["id"] == "https://w3id.org/biennien/id/place/dien-bien"
    assert marked(items[0])[0].startswith("Điện Bi")
    english = client.get("/api/suggest?q=dien+bi&limit=1&lang=en").json()["items"]
    assert english[0]["language"] == "en"


@pytest.mark.parametrize("path", ["/api/search?q=dien+bien", "/api/suggest?q=dien"])
def test_an_answer_is_as_openapi_says(client, path):
    api = client.get("/openapi.json").json()
    told = api["paths"][urlsplit(path).path]["get"]["responses"]["200"]["content"]
    schema = told["application/ld+json"]["schema"] | {"components": api["components"]}
    jsonschema.validate(client.get(path).json(), schema)


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ({"kind": "war"}, "kind"),
        ({"limit": "0"}, "limit"),
        ({"limit": "101"}, "limit"),
        ({"offset": "-1"}, "offset"),
        ({"offset": "10001"}, "offset"),
        ({"q": "x" * 501}, "q"),
        ({"source": "not an iri"}, "source"),
    ],
)
def test_a_wrong_parameter_is_named_with_its_rule(client, problem, parameters, named):
    found = problem(client.get("/api/search", params={"q": "a", **parameters}), 422)
    assert found["parameters"][0]["parameter"] == named
    assert found["parameters"][0]["rule"]


def test_other_representations_and_positions_that_are_none_are_refused(client, problem):
    problem(client.get("/api/search?q=a", headers={"Accept": "text/csv"}), 406)
    problem(client.get("/api/search?q=a", headers={"Biennien-Position": "soon"}), 400)


@pytest.mark.parametrize(
    "q", ["", "-", '"', "(((", "a AND", "field:x", "x~", "[a TO b]", "*", "\\"]
)
def test_nothing_typed_is_an_error(client, q):
    assert search(client, q)["total"] >= 0
    assert client.get("/api/suggest", params={"q": q}).status_code == 200


# What is written


def test_what_was_written_is_found_where_the_client_asks_for_it(plain):
    response = plain.update(
        'INSERT DATA { GRAPH <urn:g> { <urn:x> rdfs:label "<script>alert(1)</script> Độc & Lập" } }'
    )
    assert response.status_code == 200, response.text
    known = {"Biennien-Position": response.headers["biennien-position"]}
    found = plain.client.get("/api/search?q=doc+lap", headers=known).json()
    assert [item["id"] for item in found["items"]] == ["urn:x"]
    page = plain.client.get("/api/search?q=doc+lap", headers=known | {"Accept": BROWSER}).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; <mark>Độc</mark> &amp; <mark>Lập</mark>" in page


# For people


def test_the_page_marks_what_was_found_and_leads_to_it(client, page):
    found = page(client.get("/api/search?q=hi+sinh&lang=vi", headers={"Accept": BROWSER}))
    hits = found.one("ol", class_="members hits")
    assert {mark.text for mark in hits.all("mark")} >= {"hi", "hy", "sinh"}
    assert any("/passage/" in link for link in hits.links())
    kinds = found.one("nav", class_="kinds")
    assert "Sự kiện" in kinds.text
    for link in [*kinds.links(), *hits.links()[:5]]:
        path = urlsplit(link)
        assert client.get(f"{path.path}?{path.query}").status_code == 200


def test_the_page_speaks_english_and_guesses(client, page):
    found = page(client.get("/api/search?q=dein+bien&lang=en", headers={"Accept": BROWSER}))
    assert "Did you mean" in found.text
    assert "điện biên" in found.text


@pytest.mark.parametrize("path", ["/", "/sparql", "/api/places", "/doc/place/dien-bien"])
def test_every_page_has_a_search_box(client, page, path):
    found = page(client.get(path, headers={"Accept": BROWSER}))
    box = found.one("form", class_="search")
    assert box.attributes["action"].endswith("/api/search")
    assert box.one("input").attributes["name"] == "q"
    assert client.get("/static/suggest.js").headers["content-type"].startswith("text/javascript")


# As the documentation says


def test_the_examples_of_the_documentation_answer_as_they_say(client):
    text = DOCS.read_text(encoding="utf-8")
    examples = re.findall(
        r"```console\n\$ curl 'http://[^/]+(/[^']+)'\n```\n+```json\n(.*?)```", text, re.DOTALL
    )
    assert len(examples) >= 2
    for path, shown in examples:
        assert_holds(client.get(path).json(), json.loads(shown))


def assert_holds(found, shown):
    """Whether an answer has what is shown of it; hosts apart."""
    if isinstance(shown, dict):
        for key, value in shown.items():
            assert_holds(found[key], value)
    elif isinstance(shown, list):
        for one, other in zip(found, shown, strict=False):
            assert_holds(one, other)
    elif isinstance(shown, str) and shown.startswith("http://127.0.0.1"):
        assert urlsplit(found).path == urlsplit(shown).path
    else:
        assert found == shown
