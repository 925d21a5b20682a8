# SPDX-License-Identifier: Apache-2.0
"""What cannot be asked for, each in its own way: refused with what would be accepted."""

import json
import time

import pytest

from biennien_api.lists import cursors as module
from biennien_api.lists.cursors import Cursors, Place

THING = "/doc/person/ho-chi-minh"
MALFORMED = ("/doc/person/a%20b", "/id/person/a%3Cb", "/doc/person/%FF", "/claim/a%7Cb", "/x%00y")
CLASSES = ["document", "agency", "person", "place", "event", "topic"]


@pytest.mark.parametrize("path", MALFORMED)
def test_a_malformed_iri_is_told_what_an_address_looks_like(client, problem, path):
    found = problem(client.get(path), 400)
    assert found["type"].endswith("/malformed-iri")
    assert "event/dien-bien-phu-1954" in found["accepted"]


@pytest.mark.parametrize("path", ["/id/war/x", "/doc/war/x", "/doc/war/x.ttl"])
def test_an_unknown_class_is_told_the_classes(client, problem, path):
    assert problem(client.get(path), 404)["known"] == CLASSES


def test_an_unknown_list_is_told_the_lists(client, problem):
    known = problem(client.get("/api/wars"), 404)["known"]
    assert {"/api/events", "/api/search", "/api/claims"} <= set(known)


@pytest.mark.parametrize("name", ["documents", "events", "timeline", "network"])
@pytest.mark.parametrize("date", ["2024-02-30", "2024-13", "2024-05/2024-04", "soon", "7/5/1954"])
def test_an_impossible_date_is_told_how_dates_are_written(client, problem, name, date):
    (wrong,) = problem(client.get(f"/api/{name}", params={"date": date}), 422)["parameters"]
    assert (wrong["parameter"], wrong["value"]) == ("date", date)
    assert "2024-03-XX" in wrong["rule"]


@pytest.mark.parametrize("name", ["documents", "places", "claims", "timeline"])
def test_a_forged_cursor_is_told_how_to_get_one(client, problem, service, name):
    forged = Cursors(b"x" * 32).made("digest", Place(("a", "urn:b"), back=False))
    for cursor in ("x", forged):
        found = problem(client.get(f"/api/{name}", params={"cursor": cursor}), 400)
        assert found["type"].endswith("/cursor")
        assert "without a cursor" in found["hint"]


@pytest.mark.parametrize("name", ["documents", "claims", "timeline"])
def test_a_cursor_that_is_too_old_is_gone(client, problem, service, name, monkeypatch):
    """One that this very service has sealed, a month and a day ago."""
    now = time.time()
    monkeypatch.setattr(module.time, "time", lambda: now - 31 * 86_400)
    old = Cursors.of(service.data).made("digest", Place(("a", "urn:b"), back=False))
    found = problem(client.get(f"/api/{name}", params={"cursor": old}), 410)
    assert found["type"].endswith("/cursor")
    assert "without a cursor" in found["hint"]


@pytest.mark.parametrize(
    ("parameters", "headers"),
    [
        ({"profile": "dublin-core"}, {}),
        ({}, {"Accept-Profile": "<urn:x>"}),
        ({"profile": "labels,rico"}, {}),
    ],
)
def test_an_unsupported_profile_is_told_the_profiles(client, problem, parameters, headers):
    found = problem(client.get(f"{THING}.ttl", params=parameters, headers=headers), 406)
    assert {profile["name"] for profile in found["profiles"]} == {
        "rico", "evidence", "schema", "labels",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("path", "accept", "known"),
    [
        (THING, "image/png", "application/ld+json"),
        ("/api/people?format=geojson", "*/*", "csv"),
        ("/api/people", "application/geo+json", "text/csv"),
        ("/api/claims.csv", "*/*", "jsonld"),
        ("/api/search?format=csv", "*/*", "jsonld"),
        ("/api/network.html", "*/*", "jsonld"),
        ("/changes", "image/png", "text/turtle"),
        ("/shapes/event", "image/png", "text/turtle"),
        ("/memento/1/doc/person/ho-chi-minh", "image/png", "text/turtle"),
    ],
)
def test_an_unsupported_format_is_told_the_formats(client, problem, path, accept, known):
    assert known in json.dumps(problem(client.get(path, headers={"Accept": accept}), 406)["known"])


def test_a_suffix_that_is_none_is_told_the_suffixes(client, problem):
    assert "ttl" in problem(client.get(f"{THING}.pdf"), 404)["formats"]


@pytest.mark.parametrize("path", ["/memento/99999999999999", "/memento/soon", "/timegate"])
def test_a_time_that_is_none_is_told_how_times_are_written(client, problem, path):
    headers = {"Accept-Datetime": "soon"}
    found = problem(client.get(path + THING, headers=headers), 400 if "gate" in path else 404)
    assert "2024" in found["hint"]


@pytest.mark.parametrize("name", ["search", "suggest", "events", "claims", "network"])
def test_a_position_that_is_none_is_refused(client, problem, name):
    found = problem(client.get(f"/api/{name}", headers={"Biennien-Position": "x"}), 400)
    assert "Biennien-Position" in found["detail"]
