# SPDX-License-Identifier: Apache-2.0
"""Conditional requests, in the order of RFC 9110, section 13.2.2, whatever is kept in memory."""

from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime

import pytest

PATHS = ["/doc/person/ho-chi-minh.ttl", "/doc/person/ho-chi-minh.html", "/changes/1",
         "/timemap/doc/person/ho-chi-minh"]  # fmt: skip


def moved(date, days):
    return format_datetime(parsedate_to_datetime(date) + timedelta(days=days), usegmt=True)


@pytest.fixture(params=PATHS)
def known(client, request):
    response = client.get(request.param)
    assert response.status_code == 200
    return request.param, response.headers["etag"], response.headers["last-modified"]


def test_preconditions_are_weighed_in_their_order(client, known):
    path, tag, date = known
    earlier, later = moved(date, -1), moved(date, 1)
    for conditions, status in [
        ({"If-None-Match": tag}, 304),
        ({"If-None-Match": f'"x", W/{tag}'}, 304),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": '"x"'}, 200),
        ({"If-Modified-Since": date}, 304),
        ({"If-Modified-Since": later}, 304),
        ({"If-Modified-Since": earlier}, 200),
        ({"If-Modified-Since": "yesterday"}, 200),
        # A tag goes before a date.
        ({"If-None-Match": '"x"', "If-Modified-Since": later}, 200),
        ({"If-None-Match": tag, "If-Modified-Since": earlier}, 304),
        ({"If-Match": tag}, 200),
        ({"If-Match": "*"}, 200),
        ({"If-Match": '"x"'}, 412),
        ({"If-Match": f"W/{tag}"}, 412),
        ({"If-Unmodified-Since": date}, 200),
        ({"If-Unmodified-Since": earlier}, 412),
        ({"If-Match": tag, "If-Unmodified-Since": earlier}, 200),
        ({"If-Match": '"x"', "If-None-Match": tag}, 412),
    ]:
        for method in ("GET", "HEAD"):
            response = client.request(method, path, headers=conditions)
            assert response.status_code == status, (method, conditions)
            if status == 304:
                assert response.content == b""
                assert response.headers["etag"] == tag
                assert "content-type" not in response.headers


def test_a_failed_precondition_is_a_problem(client, problem):
    response = client.get(PATHS[0], headers={"If-Match": '"x"'})
    assert problem(response, 412)["type"].endswith("/precondition-failed")
    page = client.get(PATHS[1], headers={"If-Match": '"x"', "Accept": "text/html"})
    assert page.status_code == 412
    assert "<h1>" in page.text


def test_the_first_and_the_second_answer_are_the_same(client):
    """The one comes from a route, the other from memory."""
    for coding in ("identity", "gzip", "br", "zstd"):
        headers = {"Accept-Encoding": coding, "User-Agent": coding}
        path = f"/doc/place/dien-bien?lang=en&{coding}"
        first, second = (client.get(path, headers=headers) for _ in range(2))
        assert first.content == second.content
        told = [{n: v for n, v in r.headers.items() if n != "date"} for r in (first, second)]
        assert told[0] == told[1]
        assert client.head(path, headers=headers).headers["etag"] == first.headers["etag"]


def test_a_change_is_seen_at_once(editor):
    """Nothing that was kept outlives a change."""
    path = "/doc/topic/van-hoa-di-san-van-hoa-thu-do-ha-noi.nt"
    before = editor.client.get(path)
    note = "<http://www.w3.org/2004/02/skos/core#changeNote> 'đã xem lại'@vi"
    thing = "https://w3id.org/biennien/id/topic/van-hoa-di-san-van-hoa-thu-do-ha-noi"
    triple = f"GRAPH <https://w3id.org/biennien/graph/authority/topics> {{ <{thing}> {note} }}"
    editor.change(f"INSERT DATA {{ {triple} }}")
    after = editor.client.get(path, headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200
    assert "đã xem lại" in after.text
    editor.change(f"DELETE DATA {{ {triple} }}")
    again = editor.client.get(path, headers={"If-None-Match": before.headers["etag"]})
    assert again.status_code == 304
