# SPDX-License-Identifier: Apache-2.0
"""Filters, facets, other formats, and what a list says where it cannot be."""

import csv
import io
import itertools

import pytest

from biennien_api.lists.documents import harmless

NAMESPACE = "https://w3id.org/biennien/"
FACETS = ("type", "class", "agency", "author", "recipient", "person", "place", "topic", "source")
PLAN = f"{NAMESPACE}id/document/ke-hoach-so-khcn-bac-giang-2024"


PLACES = "rico:hasOrHadLocation rico:isEventAssociatedWith rico:isAssociatedWithPlace"
PLACES += " rico:resultsOrResultedIn rico:affectsOrAffected"
FILTERS = {
    ("events", "place=dien-bien"): f"""VALUES ?c {{ rico:Event rico:Activity }} ?x a ?c .
      VALUES ?how {{ {PLACES} }} ?x ?how ?p . ?p rico:isContainedByTransitive? place:dien-bien""",
    ("documents", "author=so-khcn-bac-giang"): "?x rico:hasAuthor agency:so-khcn-bac-giang",
    ("documents", "type=plan"): "?x rico:hasDocumentaryFormType v:documentary-form\\/plan",
    ("events", "type=Event"): "GRAPH ?g { ?x a rico:Event } FILTER(?g != graph:inferred)",
    ("events", "modality=suggested"): """?x a rico:Activity .
      { ?x bn:modality v:modality\\/suggested }
      UNION { ?claim rdf:subject ?x ; bn:modality v:modality\\/suggested }""",
    ("people", "agency=tinh-uy-dien-bien"): """?r rico:relationHasSource ?x ;
      rico:relationHasTarget ?post . ?post rico:existsOrExistedIn agency:tinh-uy-dien-bien""",
}


def slugs(client, path, **parameters):
    response = client.get(path, params={"limit": 500, **parameters})
    assert response.status_code == 200, response.text
    return {item["id"].rpartition("/")[2] for item in response.json()["items"]}


def asked(rows, pattern):
    """The slugs of what a pattern binds to ?x, its own nodes not counted."""
    found = rows(f"SELECT DISTINCT ?x {{ {pattern} }}")
    return {row["x"].rpartition("/")[2] for row in found if "#" not in row["x"]}


@pytest.mark.parametrize(
    ("path", "parameters", "pattern"),
    [(path, dict([said.split("=")]), pattern) for (path, said), pattern in FILTERS.items()],
)
def test_a_filter_finds_what_the_statements_say(client, rows, path, parameters, pattern):
    found = slugs(client, f"/api/{path}", **parameters)
    assert found
    assert found == asked(rows, pattern)


def test_a_place_may_be_given_in_any_way_and_several_are_alternatives(client):
    ways = ("bac-giang", "place:bac-giang", f"{NAMESPACE}id/place/bac-giang")
    found = [slugs(client, "/api/documents", place=way) for way in ways]
    assert found[0]
    assert found == [found[0]] * 3
    both = slugs(client, "/api/documents", place=["bac-giang", "dien-bien"])
    assert both == found[0] | slugs(client, "/api/documents", place="dien-bien")


def test_filters_hold_together(client):
    one = slugs(client, "/api/events", place="dien-bien")
    other = slugs(client, "/api/events", modality="planned")
    assert one & other
    assert slugs(client, "/api/events", place="dien-bien", modality="planned") == one & other


def test_a_source_may_be_given_by_its_document(client):
    by_document = slugs(client, "/api/agencies", source="ke-hoach-so-khcn-bac-giang-2024")
    assert by_document
    assert by_document == slugs(client, "/api/agencies", source="001_31dc08a855a07e54")


def test_a_date_may_overlap_or_is_certainly_within(client):
    plan = PLAN.rpartition("/")[2]  # of a day in March 2024 that was left blank
    assert plan in slugs(client, "/api/documents", date="2024-03-10")
    assert plan not in slugs(client, "/api/documents", date="2024-03-10", dateMode="within")
    assert plan in slugs(client, "/api/documents", date="2024-03", dateMode="within")
    assert plan in slugs(client, "/api/documents", date="2024-03/..", dateMode="within")
    assert plan not in slugs(client, "/api/documents", date="2024-04/2024-05")


@pytest.mark.parametrize("name", ["documents", "agencies", "people", "places", "events"])
def test_each_value_of_a_facet_leads_to_as_many_things_as_it_says(client, name):
    found = client.get(f"/api/{name}", params={"limit": 1, "facetSize": 7}).json()
    assert {facet["field"].removeprefix("api:") for facet in found["facets"]} <= {
        *FACETS,
        "modality",
    }
    checked = 0
    for facet, value in ((f, v) for f in found["facets"] for v in f["values"]):
        narrowed = client.get(value["link"]).json()
        assert narrowed["total"] == value["count"], value
        again = next(f for f in narrowed["facets"] if f["field"] == facet["field"])
        chosen = [v for v in again["values"] if v["selected"]]
        assert [v["valueOf"] for v in chosen] == [value["valueOf"]]
        assert client.get(chosen[0]["link"]).json()["total"] == found["total"]
        checked += 1
        if checked > 25:
            break
    assert checked


def test_counts_of_a_facet_are_those_under_all_other_filters(client):
    path = "/api/events?modality=planned&facets=type&facetSize=200&limit=1"
    (facet,) = client.get(path).json()["facets"]
    for value in facet["values"][:5]:
        narrowed = client.get(f"{path}&type={value['valueOf']}").json()
        assert narrowed["total"] == value["count"]
        assert [v["count"] for v in narrowed["facets"][0]["values"]] == [
            v["count"] for v in facet["values"]
        ]


# The order


def test_what_has_no_date_comes_last_in_both_orders(client):
    path = {"limit": 500, "format": "csv", "fields": "earliest,latest,date"}
    for sort, column in (("date", "earliest"), ("-date", "latest")):
        text = client.get("/api/events", params={**path, "sort": sort}).text
        found = list(csv.DictReader(io.StringIO(text)))
        dated = [row for row in found if row["date"]]
        assert found[: len(dated)] == dated
        assert found[-1]["date"] == ""
        days = [row[column] for row in dated if row[column]]
        assert days == sorted(days, reverse=sort == "-date")


def test_backwards_is_the_other_way_round(client):
    ways = [
        client.get(f"/api/agencies?limit=500&sort={sort}").json() for sort in ("label", "-label")
    ]
    forwards, backwards = ([item["id"] for item in way["items"]] for way in ways)
    assert forwards == backwards[::-1]


# Parts of things, and more of them


def test_only_the_fields_that_are_asked_for(client):
    for fields in ("id,label", "id,author,creationDate"):
        item = client.get("/api/documents", params={"fields": fields}).json()["items"][0]
        assert set(item) == set(fields.split(","))


def test_a_thing_looks_in_a_list_as_it_does_alone(client):
    (item,) = client.get("/api/documents?author=so-khcn-bac-giang").json()["items"]
    alone = client.get("/doc/document/ke-hoach-so-khcn-bac-giang-2024.jsonld").json()
    assert list(item) == [key for key in alone if key in item]
    for key in ("label", "author", "creationDate", "documentaryFormType"):
        assert item[key] == alone[key], key


def test_expanding_embeds_the_thing_itself(client):
    path = "/api/documents?author=so-khcn-bac-giang"
    (plain,) = client.get(path).json()["items"]
    (expanded,) = client.get(f"{path}&expand=author").json()["items"]
    agency = client.get("/api/agencies?q=So Khoa hoc va Cong nghe (Bac Giang)").json()["items"]
    assert plain["author"][0]["id"] == expanded["author"][0]["id"]
    assert set(expanded["author"][0]) > set(plain["author"][0])
    assert expanded["author"][0] in agency


# Other formats


def test_a_table_has_a_row_for_each_thing(client):
    response = client.get("/api/documents?limit=500", headers={"Accept": "text/csv"})
    assert response.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert response.text.count("\r\n") > 5
    found = list(csv.DictReader(io.StringIO(response.text, newline="")))
    assert {row["id"].rpartition("/")[2] for row in found} == slugs(client, "/api/documents")
    plan = next(row for row in found if row["id"] == PLAN)
    assert (plan["date"], plan["earliest"], plan["latest"]) == (
        "2024-03-XX", "2024-03-01", "2024-03-31"
    )  # fmt: skip
    assert plan["author"] == f"{NAMESPACE}id/agency/so-khcn-bac-giang"
    assert " | " in plan["topic"]


def test_a_table_follows_in_pages(client):
    first = client.get("/api/documents?limit=5&format=csv")
    second = client.get(first.links["next"]["url"])
    assert second.headers["content-type"].startswith("text/csv")
    ids = [[line.partition(",")[0] for line in r.text.splitlines()[1:]] for r in (first, second)]
    assert not set(ids[0]) & set(ids[1])


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_nothing_in_a_table_is_a_formula(text):
    assert harmless(text) == f"'{text}"
    assert harmless(f"Điện Biên {text}") == f"Điện Biên {text}"


@pytest.mark.parametrize("name", ["places", "events"])
def test_features_have_no_geometry_that_nobody_gave(client, name):
    response = client.get(f"/api/{name}?limit=3", headers={"Accept": "application/geo+json"})
    assert response.headers["content-type"] == "application/geo+json"
    found = response.json()
    assert found["type"] == "FeatureCollection"
    assert found["numberReturned"] == len(found["features"]) == 3
    for feature in found["features"]:
        assert feature["type"] == "Feature"
        assert feature["geometry"] is None
        assert feature["properties"]["label_vi"]
    assert any(link["rel"] == "next" for link in found["links"])


def test_people_are_no_features(client, problem):
    found = problem(client.get("/api/people?format=geojson"), 406)
    assert "geojson" not in found["known"]
    assert "csv" in found["known"]


# What cannot be


@pytest.mark.parametrize(
    ("query", "parameter", "words"),
    [
        ("agency=so-khcn-bac-gian", "agency", "no agency"),
        ("agency=http://a b", "agency", "no IRI"),
        ("place=https://example.org/nowhere", "place", "no place"),
        ("place=so-khcn-bac-giang", "place", "no place"),
        ("type=Planet", "type", "no class or concept"),
        ("modality=maybe", "modality", "no class or concept"),
        ("date=2024-02-30", "date", "2024-02-XX"),
        ("date=31/12/2024", "date", "2024-12-31"),
        ("date=2025/2024", "date", "before it begins"),
        ("fields=id,colour", "fields", "not one of them"),
        ("expand=colour", "expand", "not one of them"),
        ("facets=colour", "facets", "not one of them"),
        ("colour=red", "colour", "not permitted"),
    ],
)
def test_what_cannot_be_is_told_with_what_would_be_accepted(
    client, problem, query, parameter, words
):
    found = problem(client.get(f"/api/documents?{query}"), 422)
    (wrong,) = found["parameters"]
    assert wrong["parameter"] == parameter
    assert words in wrong["rule"]
    if words in ("not one of them", "not permitted"):
        assert wrong["known"]


def test_a_name_that_is_nearly_right_is_guessed(client, problem):
    found = problem(client.get("/api/documents?agency=so-khcn-bac-gian"), 422)
    assert found["parameters"][0]["similar"][0]["id"].endswith("/so-khcn-bac-giang")


# Caches


def test_a_list_has_a_tag_and_is_not_sent_twice(client):
    for path in ("/api/documents?limit=3", "/api/places?format=csv", "/api/claims?limit=2"):
        first = client.get(path)
        tag = first.headers["etag"]
        assert not tag.startswith("W/")
        assert client.get(path).headers["etag"] == tag
        second = client.get(path, headers={"If-None-Match": tag})
        assert second.status_code == 304
        assert second.content == b""
        assert second.headers["vary"] == first.headers["vary"]
        head = client.head(path)
        assert head.headers["etag"] == tag
        assert head.headers["content-length"] == first.headers["content-length"]


def test_what_a_client_says_of_itself_has_an_answer_of_its_own(client):
    accepts = ("application/ld+json", "text/html", "text/csv")
    answers = [
        client.get("/api/people", headers={"Accept": accept, "Accept-Encoding": coding})
        for accept, coding in itertools.product(accepts, ("identity", "gzip"))
    ]
    assert len({answer.headers["etag"] for answer in answers}) == 6
    assert all(a.headers["content-type"].startswith(w) for a, w in
               zip(answers[::2], accepts, strict=True))  # fmt: skip
