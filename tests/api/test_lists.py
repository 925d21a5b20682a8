# SPDX-License-Identifier: Apache-2.0
"""`/api/documents`, `/agencies`, `/people`, `/places`, `/events`: lists."""

import unicodedata

import pytest

NAMESPACE = "https://w3id.org/biennien/"
CLASSES = {
    "documents": "rico:Record rico:RecordSet",
    "agencies": "rico:CorporateBody rico:Group",
    "people": "rico:Person",
    "places": "rico:Place",
    "events": "rico:Event rico:Activity",
}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"
ALPHABET = " !0123456789aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES = dict.fromkeys(map(ord, "\u0300\u0301\u0303\u0309\u0323"))


def members(response):
    """The IRIs on a page of a list, in order."""
    assert response.status_code == 200, response.text
    return [member["id"] for member in response.json()["items"]]


def walk(client, path, relation):
    """A page of a list and those that follow it by a link."""
    while path:
        response = client.get(path)
        assert response.status_code == 200
        yield response
        path = response.json()["view"].get(relation)


def letters(label):
    """A label without tones and punctuation, as Vietnamese orders it: space, digits, letters."""
    bare = unicodedata.normalize("NFD", label.casefold()).translate(TONES)
    return [
        ALPHABET.index(char)
        for char in unicodedata.normalize("NFC", bare)
        if char == " " or char.isalnum()
    ]


# Paging


@pytest.mark.parametrize("name", CLASSES)
def test_pages_have_everything_once(client, rows, name):
    (expected,) = rows(
        f"""SELECT (COUNT(DISTINCT ?x) AS ?n) {{ VALUES ?class {{ {CLASSES[name]} }}
          ?x a ?class FILTER(!CONTAINS(STR(?x), "#")) }}"""
    )
    pages = list(walk(client, f"/api/{name}?limit=7", "next"))
    found = [iri for page in pages for iri in members(page)]
    assert len(found) == len(set(found)) == int(expected["n"])
    assert {page.json()["total"] for page in pages} == {len(found)}
    assert all(len(page.json()["items"]) == 7 for page in pages[:-1])


@pytest.mark.parametrize("name", CLASSES)
def test_pages_lead_backwards_too(client, name):
    forwards = list(walk(client, f"/api/{name}?limit=9", "next"))
    backwards = walk(client, forwards[-1].json()["view"]["id"], "previous")
    assert [members(page) for page in backwards] == [members(page) for page in forwards[::-1]]
    assert members(client.get(forwards[-1].json()["view"]["first"])) == members(forwards[0])


def test_a_page_says_where_it_is(client, service):
    found = client.get("/api/places?limit=3").json()
    assert found["id"] == f"{service.url}api/places#list"
    assert found["view"]["id"] == f"{service.url}api/places?limit=3"
    assert found["@context"] == f"{service.url}context/v1.jsonld"
    second = client.get(found["view"]["next"])
    assert second.json()["id"] == found["id"]
    assert second.json()["view"]["id"] == found["view"]["next"]
    relations = {link["rel"]: link["url"] for link in second.links.values()}
    assert relations["prev"] == second.json()["view"]["previous"]
    assert relations["next"] == second.json()["view"]["next"]
    assert second.json()["view"]["relation"] == [{"type": ["Relation"], "node": relations["next"]}]


def test_a_members_addresses_lead_to_it(client):
    for member in client.get("/api/people?limit=3").json()["items"]:
        assert member["label"]["vi"]
        assert member["label"]["en"]
        assert member["type"] == ["Person"]
        address = member["id"].replace("https://w3id.org/biennien/id", "/doc")
        described = client.get(address, headers={"Accept": "application/ld+json"})
        assert described.json()["id"] == member["id"]


# The filter


@pytest.mark.parametrize("name", ["events", "places", "agencies"])
def test_the_filter_ignores_case_and_diacritics(client, name):
    spellings = ["dien bien", "điện biên", "Điện Biên", "ĐIỆN BIÊN", "dIeN   BiEn "]
    spellings += [unicodedata.normalize(form, "Điện Biên") for form in ("NFC", "NFD")]
    answers = [client.get(f"/api/{name}", params={"q": q}) for q in spellings]
    first = members(answers[0])
    assert first
    for answer in answers:
        assert members(answer) == first
        assert answer.json()["total"] == answers[0].json()["total"]
    assert answers[0].json()["total"] < client.get(f"/api/{name}").json()["total"]


def test_d_and_d_with_a_stroke_are_one_letter_to_the_filter(client):
    found = [members(client.get("/api/places", params={"q": q})) for q in ("đ", "Đ", "d", "D")]
    assert found[0]
    assert found.count(found[0]) == 4


def test_the_filter_finds_other_names_too(client, rows):
    alias = next(
        row
        for row in rows("SELECT ?x ?name { ?x a rico:CorporateBody ; skos:altLabel ?name }")
        if "#" not in row["x"]
    )
    assert alias["x"] in members(client.get("/api/agencies", params={"q": alias["name"]}))


def test_the_filter_holds_on_every_page(client):
    pages = list(walk(client, "/api/events?q=dien+bien&limit=5", "next"))
    assert len(pages) > 1
    found = [iri for page in pages for iri in members(page)]
    assert len(found) == len(set(found)) == pages[0].json()["total"]
    assert found == members(client.get("/api/events?q=dien+bien&limit=500"))


@pytest.mark.parametrize(
    "text",
    ['"', "\\", "}", '" } UNION { ?s ?p ?o', "?x", "<b>", "%", "\n", "' OR 1=1", "\u0000", "𝄞"],
)
def test_the_filter_takes_any_text_as_text(client, text):
    response = client.get("/api/places", params={"q": f"nothing {text}"})
    assert response.status_code == 200, response.text
    assert response.json()["total"] == 0


def test_an_empty_filter_takes_everything(client):
    everything = client.get("/api/people").json()["total"]
    assert client.get("/api/people", params={"q": " "}).json()["total"] == everything


# The order


@pytest.mark.parametrize("name", CLASSES)
def test_lists_are_in_vietnamese_order(client, name):
    labels = [
        member["label"]["vi"] for member in client.get(f"/api/{name}?limit=500").json()["items"]
    ]
    assert len(labels) > 5
    assert labels == sorted(labels, key=letters)


def test_d_with_a_stroke_comes_after_d(client):
    labels = [
        member["label"]["vi"] for member in client.get("/api/places?limit=500").json()["items"]
    ]
    first = "".join(label[0].upper() for label in labels)
    assert "Đ" in first
    after = first.index("Đ")
    assert not set("ABC") & set(first[after:])
    assert "D" not in first[after:]


# What is wrong with a request, and other ways to ask


@pytest.mark.parametrize(
    "query",
    ["page=1", "limit=0", "limit=501", "limit=1.5", "q=" + "x" * 201, "sort=size", "dateMode=x"],
)
def test_a_bad_parameter_is_named(client, problem, query):
    found = problem(client.get(f"/api/places?{query}"), 422)
    name = query.partition("=")[0]
    assert [wrong["parameter"] for wrong in found["parameters"]] == [name]
    assert name in found["detail"]


def test_all_bad_parameters_are_named_at_once(client, problem):
    found = problem(client.get("/api/places?facetSize=0&limit=none"), 422)
    assert {wrong["parameter"] for wrong in found["parameters"]} == {"facetSize", "limit"}


def test_an_unknown_list_is_not_found(client, problem):
    problem(client.get("/api/planets"), 404)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_lists_are_only_read(client, problem, method):
    problem(client.request(method, "/api/places"), 405)


def test_a_list_is_json_ld_for_programs_and_a_page_for_people(client, problem, page):
    for accept in ("application/ld+json", "application/json", "*/*"):
        response = client.get("/api/places", headers={"Accept": accept})
        assert response.headers["content-type"] == "application/ld+json"
        assert response.headers["access-control-allow-origin"] == "*"
        assert "Accept" in response.headers["vary"]
    assert page(client.get("/api/places", headers={"Accept": BROWSER}))
    found = problem(client.get("/api/places", headers={"Accept": "image/png"}), 406)
    assert {"application/ld+json", "text/html", "text/csv", "application/geo+json"} == set(
        found["known"]
    )


def test_head_of_a_list_has_no_body(client):
    head = client.head("/api/places")
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["content-type"] == "application/ld+json"


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_page_lists_what_the_json_lists(client, page, name, lang):
    params = {"limit": 10, "lang": lang}
    expected = client.get(f"/api/{name}", params=params).json()["items"]
    found = page(client.get(f"/api/{name}", params=params, headers={"Accept": BROWSER}))
    shown = found.one("ul", class_="members").all("a")
    base = str(client.base_url)
    addresses = [member["id"].replace(f"{NAMESPACE}id/", f"{base}doc/") for member in expected]
    assert [link.attributes["href"] for link in shown] == addresses
    assert [link.text for link in shown] == [member["label"][lang] for member in expected]


def test_a_pages_filter_and_paging_work_together(client, page):
    path = "/api/events?q=%C4%91i%E1%BB%87n+bi%C3%AAn&limit=5&lang=en"
    found = page(client.get(path, headers={"Accept": BROWSER}))
    assert found.one("input", id="q").attributes["value"] == "điện biên"
    (after,) = found.all("a", rel="next")
    second = client.get(after.attributes["href"], headers={"Accept": BROWSER})
    assert page(second).one("input", id="q").attributes["value"] == "điện biên"
    assert page(second).one("html").attributes["lang"] == "en"
