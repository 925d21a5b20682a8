# SPDX-License-Identifier: Apache-2.0
"""Behind proxies that put the service under another host and path, every link is theirs."""

import contextlib
import http.server
import re
import threading
import urllib.error
import urllib.request

import httpx
import pytest

OUTSIDE = "https://luu-tru.example"
PREFIX = "/bien-nien"
BASE = f"{OUTSIDE}{PREFIX}/"
X_FORWARDED = {
    "X-Forwarded-For": "198.51.100.7",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "luu-tru.example",
    "X-Forwarded-Prefix": PREFIX,
}
FORWARDED = {
    "Forwarded": 'for="[2001:db8::7]:4711";proto=https;host=luu-tru.example',
    "X-Forwarded-Prefix": PREFIX,
}
EVENT = "event/dien-bien-phu-1954"
PATHS = [
    "/", f"/id/{EVENT}", f"/doc/{EVENT}.html", f"/doc/{EVENT}.jsonld", f"/doc/{EVENT}.ttl",
    "/api/events?limit=5", "/sparql", "/changes", "/changes/1", "/shapes", "/shapes/event",
    "/queries", "/queries/taking-of-hill-a1", f"/timemap/doc/{EVENT}", f"/timegate/doc/{EVENT}",
    "/memento/1/doc/person/ho-chi-minh.html", "/graph/derived", "/ontology/0.1.0", "/docs",
    "/id/event/nothing", "/.well-known/void",
    "/queries/events-certainly-before-1-may-2024?before=x",
]  # fmt: skip


class _Stripping(http.server.BaseHTTPRequestHandler):
    """A proxy as an archive might run: `https://luu-tru.example/bien-nien/…` to the service."""

    upstream = ""

    def do_GET(self):
        assert self.path.startswith(PREFIX)
        request = urllib.request.Request(self.upstream + self.path.removeprefix(PREFIX))
        for name, value in {**X_FORWARDED, "Accept": self.headers.get("Accept", "")}.items():
            request.add_header(name, value)
        opener = urllib.request.build_opener(_NoRedirect)
        with contextlib.closing(_open(opener, request)) as found:
            body = found.read()
            self.send_response(found.status)
            for name, value in found.headers.items():
                if name.lower() not in {"transfer-encoding", "content-length", "connection"}:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *_):
        """Nothing."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def _open(opener, request):
    try:
        return opener.open(request, timeout=60)
    except urllib.error.HTTPError as found:
        return found


@pytest.fixture(scope="module")
def proxy(service):
    handler = type("Handler", (_Stripping,), {"upstream": service.url.rstrip("/")})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    with httpx.Client(base_url=f"http://127.0.0.1:{server.server_port}", timeout=60) as client:
        yield client
    server.shutdown()
    server.server_close()
    thread.join()


def all_links(response):
    """Every address of a response that could lead back to the service."""
    headers = [response.headers.get(name, "") for name in ("location", "content-location", "link")]
    text = " ".join([*headers, response.text])
    return set(re.findall(r"https?://[^\s\"'<>;,&)\\]+", text))


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("accept", ["text/html", "*/*"])
def test_behind_a_proxy_that_strips_a_prefix_no_link_leads_past_it(proxy, service, path, accept):
    response = proxy.get(PREFIX + path, headers={"Accept": accept})
    assert response.status_code < 500, response.text
    links = all_links(response)
    port = str(httpx.URL(service.url).port)
    assert [link for link in links if f":{port}" in link or "127.0.0.1" in link] == []
    assert any(link.startswith(BASE) for link in links) or response.status_code >= 400
    assert [link for link in links if link.startswith(OUTSIDE) and not link.startswith(BASE)] == []
    assert "localhost" not in response.text
    relative = re.findall(r'(?:href|src|action)="(/[^"]*)"', response.text)
    assert relative == [], "addresses from the root lose the prefix"


def test_links_that_a_proxy_passed_on_work_through_it(proxy):
    page = proxy.get(f"{PREFIX}/doc/{EVENT}", headers={"Accept": "text/html"})
    links = sorted(link for link in all_links(page) if link.startswith(BASE))
    assert len(links) > 10
    for link in links[::5]:
        found = proxy.get(link.removeprefix(OUTSIDE))
        assert found.status_code in (200, 302, 303), link


@pytest.mark.parametrize("headers", [X_FORWARDED, FORWARDED], ids=["x-forwarded", "rfc7239"])
def test_both_kinds_of_headers_are_understood(client, headers):
    response = client.get(f"/id/{EVENT}", headers=headers)
    assert response.headers["location"] == f"{BASE}doc/{EVENT}"


@pytest.mark.parametrize(
    ("headers", "base"),
    [
        ({"X-Forwarded-Host": "a.example"}, "http://a.example/"),
        ({"X-Forwarded-Proto": "https", "Host": "b.example"}, "https://b.example/"),
        ({"X-Forwarded-Prefix": "/x/y/", "Host": "b.example"}, "http://b.example/x/y/"),
        ({"Forwarded": "for=unknown;host=c.example:8443;proto=https"}, "https://c.example:8443/"),
        # The nearest proxy's word is the last; what a client adds before it is not believed.
        ({"Forwarded": "host=evil.example, for=198.51.100.7;host=d.example"}, "http://d.example/"),
        # A trusted proxy in front of a trusted proxy.
        ({"Forwarded": "for=198.51.100.7;host=e.example, for=127.0.0.5;host=inner"},
         "http://e.example/"),
        ({"X-Forwarded-For": "198.51.100.7, 127.0.0.5", "X-Forwarded-Host": "f.example, inner"},
         "http://f.example/"),
        # What is no host or no path is not written into links.
        ({"X-Forwarded-Host": 'x"><script>', "Host": "g.example"}, None),
        ({"X-Forwarded-Prefix": "//evil.example", "Host": "h.example"}, "http://h.example/"),
        ({"X-Forwarded-Prefix": "/a b", "Host": "i.example"}, "http://i.example/"),
        ({"X-Forwarded-Proto": "javascript", "Host": "j.example"}, "http://j.example/"),
        ({"Forwarded": 'host="', "Host": "k.example"}, "http://k.example/"),
    ],
)  # fmt: skip
def test_what_proxies_say_is_weighed(client, service, headers, base):
    location = client.get(f"/id/{EVENT}", headers=headers).headers["location"]
    assert location == f"{base or service.url}doc/{EVENT}"


def test_a_proxy_that_is_not_trusted_is_not_believed(serve, small_folder, tmp_path):
    with (
        serve(small_folder, tmp_path / "log", trusted_proxies="192.0.2.0/24") as found,
        httpx.Client(base_url=found.url, timeout=60) as client,
    ):
        for headers in (X_FORWARDED, FORWARDED):
            response = client.get("/id/person/nguyen-thi-thu", headers=headers)
            assert response.headers["location"] == f"{found.url}doc/person/nguyen-thi-thu"


def test_a_proxy_must_be_an_address_or_a_network(biennien, tmp_path):
    outcome = biennien("serve", "--data", tmp_path / "var", trusted_proxies="my-proxy")
    assert outcome.code == 2
    assert "trusted_proxies" in outcome.err
    assert "my-proxy" in outcome.err


def test_the_public_address_goes_before_what_proxies_say(small_client):
    response = small_client.get(f"/id/{EVENT}", headers=X_FORWARDED)
    assert response.headers["location"] == f"https://bien-nien.example/kho/doc/{EVENT}"


def test_what_was_kept_for_one_host_is_not_given_to_another(client):
    bodies = {
        client.get(f"/doc/{EVENT}.html", headers={"Host": host}).text.count(f"http://{host}/") > 3
        for host in ("one.example", "two.example", "one.example")
    }
    assert bodies == {True}
