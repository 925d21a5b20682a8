# SPDX-License-Identifier: Apache-2.0
"""`/api/claims`, `/api/timeline` and `/api/network`."""

import pytest

NAMESPACE = "https://w3id.org/biennien/"
WHOLE = "FILTER(REPLACE(STR(?o), '#.*', '') = STR(agency:so-khcn-bac-giang))"
PLAN = "ke-hoach-so-khcn-bac-giang-2024"


def items(client, path, **parameters):
    response = client.get(path, params={"limit": 500, **parameters})
    assert response.status_code == 200, response.text
    return response.json()["items"]


def test_a_statement_leads_to_its_evidence_in_one_request(client):
    (claim,) = items(client, "/api/claims", subject=PLAN, predicate="hasAuthor")
    assert claim["claimObject"]["id"] == f"{NAMESPACE}id/agency/so-khcn-bac-giang"
    assert claim["claimSubject"]["id"] == f"{NAMESPACE}id/document/{PLAN}"
    assert claim["certainty"][0]["label"]["en"] == "Inferred"
    assert claim["reasoning"]["vi"]
    assert claim["evidence"]
    for passage in claim["evidence"]:
        parts = {key: value for part in passage["selector"] for key, value in part.items()}
        assert len(parts["exact"]) == parts["end"] - parts["start"]
    document = claim["evidence"][0]["source"]["instantiationOf"][0]
    assert document["id"] == f"{NAMESPACE}id/document/{PLAN}"
    assert document["label"]["vi"]


@pytest.mark.parametrize(
    ("parameters", "pattern"),
    [
        ({"predicate": "rico:hasAuthor"}, "?c rdf:predicate rico:hasAuthor"),
        ({"predicate": "author"}, "?c rdf:predicate rico:hasAuthor"),
        ({"object": "so-khcn-bac-giang"}, f"?c rdf:object ?o {WHOLE}"),
        ({"object": "Tỉnh Điện Biên"}, "?c rdf:object ?o FILTER(STR(?o) = 'Tỉnh Điện Biên')"),
        ({"certainty": "inferred", "predicate": "rdfs:label"},
         "?c rdf:predicate rdfs:label ; bn:certainty v:certainty\\/inferred"),
        ({"modality": "suggested"}, "?c a bn:Claim ; bn:modality v:modality\\/suggested"),
        ({"passage": f"{NAMESPACE}passage/001_31dc08a855a07e54/188-209"},
         "?c a bn:Claim ; bn:evidence <https://w3id.org/biennien/passage/001_31dc08a855a07e54/188-209>"),
    ],
)  # fmt: skip
def test_claims_are_found_by_what_they_say_and_what_carries_them(client, rows, parameters, pattern):
    expected = {row["c"] for row in rows(f"SELECT DISTINCT ?c {{ {pattern} }}")}
    found = items(client, "/api/claims", **parameters)
    assert expected
    assert {claim["id"] for claim in found} == expected


def test_claims_of_a_source_follow_in_its_order_page_by_page(client):
    path, starts, seen = f"/api/claims?source={PLAN}&limit=150", [], []
    while path:
        found = client.get(path).json()
        seen += [claim["id"] for claim in found["items"]]
        path = found["view"].get("next")
    assert len(seen) == len(set(seen)) == found["total"]
    for claim in items(client, "/api/claims", source=PLAN):
        places = [
            part["start"]
            for passage in claim["evidence"]
            for part in passage["selector"]
            if "start" in part
        ]
        if all("001_31dc08a855a07e54" in passage["id"] for passage in claim["evidence"]):
            starts.append(min(places))
    assert len(starts) > 5
    assert starts == sorted(starts)


@pytest.mark.parametrize(
    ("query", "name"),
    [("subject=nobody", "subject"), ("predicate=rico:nothing", "predicate"),
     ("passage=x", "passage"), ("certainty=perhaps", "certainty"), ("colour=1", "colour")],
)  # fmt: skip
def test_what_no_claim_has_is_told(client, problem, query, name):
    found = problem(client.get(f"/api/claims?{query}"), 422)
    assert [wrong["parameter"] for wrong in found["parameters"]] == [name]


# The timeline


def test_a_timeline_is_in_the_order_of_time(client):
    found = items(client, "/api/timeline", kind=["event", "document", "claim"])
    assert {item["category"] for item in found} == {"event", "document", "claim"}
    days = [item.get("from", "") for item in found]
    assert days == sorted(days)
    plan = next(
        item for item in found if item["item"].endswith(PLAN) and item["category"] != "claim"
    )
    assert (plan["from"], plan["to"]) == ("2024-03-01", "2024-03-31")
    assert plan["when"]["edtf"] == "2024-03-XX"
    assert plan["when"]["words"] == {"vi": ["ngày tháng 3 năm 2024"]}


def test_a_timeline_takes_the_filters_of_lists_and_pages_both_ways(client):
    whole = items(client, "/api/timeline", place="dien-bien")
    events = client.get("/api/events?place=dien-bien&limit=500").json()["items"]
    dated = {event["id"] for event in events if event["date"]}
    assert {item["item"] for item in whole if item["category"] == "event"} == dated
    path, forwards = "/api/timeline?place=dien-bien&limit=4", []
    while path:
        last = client.get(path).json()
        forwards.append(last["items"])
        path = last["view"].get("next")
    assert [item for page in forwards for item in page] == whole
    path, backwards = last["view"]["id"], []
    while path:
        page = client.get(path).json()
        backwards.append(page["items"])
        path = page["view"].get("previous")
    assert backwards == forwards[::-1]


def test_a_timeline_shows_only_what_falls_into_the_time(client):
    found = items(client, "/api/timeline", date="2024-05")
    assert found
    for item in found:
        assert item.get("from", "") <= "2024-05-31"
        assert item.get("to", "9999") >= "2024-05-01"


# The network


def test_a_network_has_the_statements_around_a_thing(client, rows):
    found = client.get("/api/network?thing=tinh-uy-dien-bien").json()
    assert not found["truncated"]
    nodes = {node["id"]: node for node in found["nodes"]}
    middle = f"{NAMESPACE}id/agency/tinh-uy-dien-bien"
    assert nodes[middle]["distance"] == 0
    edges = {(edge["edgeFrom"], edge["via"], edge["edgeTo"]): edge for edge in found["edges"]}
    for row in rows(
        "SELECT ?x { GRAPH ?g { ?x rico:isOrWasSubdivisionOf agency:tinh-uy-dien-bien }"
        " FILTER(?g != graph:inferred) }"
    ):
        edge = edges[row["x"], "subdivisionOf", middle]
        assert edge["label"]["vi"]
        assert edge["count"] >= 1
    assert all({edge["edgeFrom"], edge["edgeTo"]} <= nodes.keys() for edge in found["edges"])


def test_a_network_grows_with_its_depth_up_to_its_limit(client):
    sizes = []
    for depth in (0, 1, 2):
        found = client.get(f"/api/network?thing=tinh-uy-dien-bien&depth={depth}&limit=1000").json()
        assert max(node["distance"] for node in found["nodes"]) == depth
        sizes.append(len(found["nodes"]))
    assert sizes[0] == 1
    assert sizes == sorted(set(sizes))
    cut = client.get("/api/network?thing=tinh-uy-dien-bien&depth=2&limit=5").json()
    assert len(cut["nodes"]) == 5
    assert cut["truncated"]


def test_a_network_of_all_that_passes_a_filter(client):
    found = client.get("/api/network?kind=event&place=dien-bien&depth=0&limit=500").json()
    events = items(client, "/api/events", place="dien-bien")
    assert {node["id"] for node in found["nodes"]} == {event["id"] for event in events}


@pytest.mark.parametrize(
    "query", ["thing=nobody", "thing=ha-noi&kind=event", "kind=planets", "depth=3"]
)
def test_a_network_that_cannot_be_is_told_why(client, problem, query):
    assert problem(client.get(f"/api/network?{query}"), 422)["parameters"]
