# SPDX-License-Identifier: Apache-2.0
"""`SERVICE` to endpoints that the service's owner allows, and to no others."""

import contextlib
import http.server
import shutil
import threading

import pytest

ANSWER = (
    b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"there"}}]}}'
)


class Elsewhere(http.server.BaseHTTPRequestHandler):
    """An endpoint that answers everything alike, and redirects to itself on demand."""

    def do_POST(self):
        self.server.asked.append(self.path)
        self.rfile.read(int(self.headers["Content-Length"]))
        kind = self.path.strip("/")
        self.send_response(int(kind) if kind.isdecimal() else 200)
        if kind.startswith("3"):
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/caught")
        self.send_header("Content-Type", "application/sparql-results+json")
        self.send_header("Content-Length", str(len(ANSWER)))
        self.end_headers()
        self.wfile.write(ANSWER)

    do_GET = do_POST  # noqa: N815

    def log_message(self, *_):
        """Nothing."""


@contextlib.contextmanager
def endpoint():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        server.asked = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server, f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def elsewhere():
    with endpoint() as found:
        yield found


@pytest.fixture(scope="module")
def federated(edit, elsewhere, small_folder, tmp_path_factory):
    """A service that may call some addresses of the endpoint."""
    folder = tmp_path_factory.mktemp("federated")
    shutil.copytree(small_folder, folder / "data")
    url = elsewhere[1]
    allowed = " ".join(f"{url}{path}" for path in ("sparql", "500", "301", "302", "303", "307"))
    with edit(folder, service_allow=allowed, workers="2") as editor:
        yield editor


@pytest.fixture
def asked(elsewhere):
    """What the endpoint was asked in this test."""
    elsewhere[0].asked.clear()
    return elsewhere[0].asked


def query(editor, text, **parameters):
    return editor.client.get("/sparql", params={"query": text, "format": "csv", **parameters})


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?x { SERVICE <URL> { ?s ?p ?x } }",
        "SELECT ?x { { SELECT ?x { SERVICE SILENT <URL> { ?s ?p ?x } } } }",
        "SELECT ?x { SERVICE<URL>{ ?s ?p ?x } FILTER EXISTS { SERVICE <URL> { ?s ?p ?x } } }",
    ],
)
def test_an_allowed_endpoint_is_called(federated, elsewhere, asked, text):
    response = query(federated, text.replace("URL", f"{elsewhere[1]}sparql"))
    assert response.status_code == 200, response.text
    assert response.text.split() == ["x", "there"]
    assert set(asked) == {"/sparql"}


def test_it_is_called_each_time(federated, elsewhere, asked):
    """What it says may change while nothing changes here."""
    text = f"SELECT ?x {{ SERVICE <{elsewhere[1]}sparql> {{ ?s ?p ?x }} }}"
    responses = [query(federated, text) for _ in range(2)]
    assert len(asked) == 2
    assert "etag" not in responses[0].headers


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?x { SERVICE <URLother> { ?s ?p ?x } }",
        "SELECT ?x { SERVICE <URLsparql?more> { ?s ?p ?x } }",
        "SELECT ?x { SERVICE <URLsparql> { ?s ?p ?x } SERVICE <URLother> { ?s ?p ?x } }",
        "SELECT ?x { SERVICE <URLsparql> { SERVICE <URLother> { ?s ?p ?x } } }",
        "SELECT ?x { SERVICE <URLsparql> { { SELECT * { SERVICE ?e { ?s ?p ?x } } } } }",
        "SELECT ?x { VALUES ?e { <URLsparql> } SERVICE ?e { ?s ?p ?x } }",
        "PREFIX e: <URL> SELECT ?x { SERVICE e:sparql { ?s ?p ?x } }",
        "BASE <URL> SELECT ?x { SERVICE <sparql> { ?s ?p ?x } }",
        "SELECT ?x { FILTER(1<'''>''') SERVICE <URLother> { ?s ?p '''<URLsparql>''' } }",
    ],
)
def test_no_other_address_is_called(federated, elsewhere, asked, problem, text):
    found = problem(query(federated, text.replace("URL", elsewhere[1])), 400)
    assert found["type"].endswith("/query-refused")
    assert "SERVICE" in found["detail"]
    assert f"<{elsewhere[1]}sparql>" in found["hint"]
    assert asked == []


@pytest.mark.parametrize("status", [301, 302, 303, 307])
def test_a_redirection_is_not_followed(federated, elsewhere, asked, problem, status):
    text = f"SELECT ?x {{ SERVICE <{elsewhere[1]}{status}> {{ ?s ?p ?x }} }}"
    found = problem(query(federated, text), 502)
    assert found["type"].endswith("/call-failed")
    assert asked == [f"/{status}"]


def test_an_endpoint_that_fails_is_told_apart_from_this_one(federated, elsewhere, problem):
    text = f"SELECT ?x {{ SERVICE <{elsewhere[1]}500> {{ ?s ?p ?x }} }}"
    assert "other endpoint" in problem(query(federated, text), 502)["detail"]
    response = query(federated, text.replace("SERVICE", "SERVICE SILENT"))
    assert response.status_code == 200


def test_an_update_calls_no_endpoint(federated, elsewhere, asked, problem):
    where = f"SERVICE <{elsewhere[1]}sparql> {{ ?s ?p ?x }}"
    text = f"INSERT {{ GRAPH <urn:g> {{ <urn:s> <urn:p> ?x }} }} WHERE {{ {where} }}"
    found = problem(federated.update(text), 400)
    assert found["type"].endswith("/query-refused")
    assert asked == []


def test_an_address_that_is_none_stops_the_start(biennien, tmp_path):
    ended = biennien("serve", "--data", tmp_path / "data", service_allow="wikidata")
    assert ended.code == 2
    assert "wikidata is not an address" in ended.err


def test_the_command_line_calls_what_is_allowed(biennien, small_folder, elsewhere, tmp_path):
    shutil.copytree(small_folder, tmp_path / "data")
    text = f"SELECT ?x {{ SERVICE <{elsewhere[1]}sparql> {{ ?s ?p ?x }} }}"
    given = ("query", text, "--data", tmp_path / "data", "-f", "csv")
    assert biennien(*given).code == 2
    assert biennien(*given, service_allow=f"{elsewhere[1]}sparql").out.split() == ["x", "there"]
