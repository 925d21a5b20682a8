# SPDX-License-Identifier: Apache-2.0
"""Every error is one kind of document (RFC 9457), or one kind of page."""

import pytest

from biennien_api.http import problem_types

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"
STANDARD = ["type", "title", "status", "detail", "instance"]
DIRECT = {"Content-Type": "application/sparql-query"}

# Method, path, what goes with the request, status, last word of the type.
FAILING = [
    ("GET", "/nothing", {}, 404, "not-found"),
    ("GET", "/id/event/nothing", {}, 404, "not-found"),
    ("GET", "/id/planet/mars", {}, 404, "not-found"),
    ("GET", "/doc/event/nothing.ttl", {}, 404, "not-found"),
    ("GET", "/claim/nothing", {}, 404, "not-found"),
    ("GET", "/api/planets", {}, 404, "not-found"),
    ("POST", "/", {}, 405, "method-not-allowed"),
    ("POST", "/doc/event/dien-bien-phu-1954", {}, 405, "method-not-allowed"),
    ("DELETE", "/id/event/dien-bien-phu-1954", {}, 405, "method-not-allowed"),
    ("POST", "/claim/nothing", {}, 405, "method-not-allowed"),
    ("POST", "/api/places", {}, 405, "method-not-allowed"),
    ("PUT", "/sparql", {}, 405, "method-not-allowed"),
    ("POST", "/healthz", {}, 405, "method-not-allowed"),
    ("GET", "/doc/event/dien-bien-phu-1954", {"accept": "image/png"}, 406, "not-acceptable"),
    ("GET", "/api/places", {"accept": "image/png"}, 406, "not-acceptable"),
    ("GET", "/sparql?query=ASK%20%7B%7D", {"accept": "image/png"}, 406, "not-acceptable"),
    ("GET", "/sparql?query=ASK%20%7B%7D&format=yaml", {}, 406, "not-acceptable"),
    ("GET", "/api/places?limit=0", {}, 422, "bad-request"),
    ("GET", "/sparql", {"accept": "application/sparql-results+json"}, 400, "bad-request"),
    ("GET", "/sparql?query=%FF", {}, 400, "bad-request"),
    ("GET", "/sparql?query=ASK%20%7B%7D&timeout=soon", {}, 400, "bad-request"),
    ("GET", "/sparql?query=SELEC", {}, 400, "query-syntax"),
    ("GET", "/sparql?query=CLEAR%20ALL", {}, 400, "query-refused"),
    ("POST", "/sparql", {"headers": DIRECT, "content": b"\xff"}, 400, "bad-request"),
    ("POST", "/sparql", {"data": {"update": "CLEAR ALL"}}, 400, "bad-request"),
    ("POST", "/sparql", {"content": b"ASK {}"}, 415, "unsupported-media-type"),
    (
        "POST",
        "/sparql",
        {"headers": DIRECT, "content": b"ASK {} #" + b"x" * 2**20},
        413,
        "too-large",
    ),
    (
        "GET",
        "/sparql?timeout=0.1&query=SELECT(COUNT(*)AS%3Fn)%7B%3Fa%3Fb%3Fc.%3Fd%3Fe%3Ff.%3Fg%3Fh%3Fi%7D",
        {},
        504,
        "query-timeout",
    ),
]


def send(client, method, path, extra, accept=""):
    """One failing request."""
    extra = dict(extra)
    headers = dict(extra.pop("headers", {}))
    if wanted := accept or extra.pop("accept", ""):
        headers["Accept"] = wanted
    extra.pop("accept", None)
    return client.request(method, path, headers=headers, **extra)


@pytest.mark.parametrize(("method", "path", "extra", "status", "word"), FAILING)
def test_every_error_has_one_shape(client, method, path, extra, status, word):
    response = send(client, method, path, extra)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    found = response.json()
    assert list(found)[:5] == STANDARD
    assert found["type"] == f"https://w3id.org/biennien/problems/{word}"
    assert found["status"] == status
    assert found["title"] == problem_types.known()[word].title["en"]
    assert found["instance"] == path.partition("?")[0]
    assert found["detail"] not in ("", found["title"]), "the detail says more than the title"
    assert "Traceback" not in response.text


@pytest.mark.parametrize(("method", "path", "extra", "status", "word"), FAILING)
def test_no_error_is_kept_by_a_cache(client, method, path, extra, status, word):
    response = send(client, method, path, extra)
    assert response.headers["cache-control"] == "no-store"
    assert "Accept" in response.headers["vary"]


@pytest.mark.parametrize(("method", "path", "extra", "status", "word"), FAILING)
def test_pages_of_other_origins_may_read_why_it_failed(client, method, path, extra, status, word):
    assert send(client, method, path, extra).headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("method", "path", "extra", "status", "word"),
    [row for row in FAILING if "accept" not in row[2]],
)
def test_every_error_is_a_page_in_a_browser(client, page, method, path, extra, status, word):
    response = send(client, method, path, extra, accept=BROWSER)
    assert response.status_code == status
    found = page(response)
    assert found.one("h1").text
    assert str(status) in found.one("p", class_="kind").text
    assert found.one("p", class_="lead").text == send(client, method, path, extra).json()["detail"]


@pytest.mark.parametrize("path", ["/", "/id/event/x", "/api/places", "/sparql", "/claim/x"])
def test_a_method_that_is_not_allowed_comes_with_those_that_are(client, problem, path):
    response = client.delete(path)
    problem(response, 405)
    assert {"GET", "HEAD"} <= set(methods_of(response.headers["allow"]))


def methods_of(allow):
    """The methods of an Allow header."""
    return [method.strip() for method in allow.split(",")]


def test_the_path_in_a_problem_is_never_markup(client, page):
    response = client.get(
        "/id/event/%3Cscript%3Ealert(1)%3C%2Fscript%3E", headers={"Accept": BROWSER}
    )
    assert response.status_code == 400
    assert "<script>" not in response.text
