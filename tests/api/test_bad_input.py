# SPDX-License-Identifier: Apache-2.0
"""What is sent by mistake or malice: each a 4xx within a second, and others are answered on."""

import contextlib
import gzip
import shutil
import socket
import threading
import time

import httpx
import pytest

QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
BOMB = gzip.compress(b"ASK {}" + b" " * 200_000_000, 1)
TEXTS = {
    "invalid UTF-8": b'ASK { ?s ?p "\xff" }',
    "an overlong form": b'ASK { ?s ?p "\xc0\x80" }',
    "a surrogate": b'ASK { ?s ?p "\xed\xa0\x80" }',
    "a NUL": b'ASK { ?s ?p "\0" }',
    "an escaped NUL": rb'ASK { ?s ?p "\u0000" }',
    "an IRI of 1 MB": b"ASK { <http://e.org/" + b"x" * 2**20 + b"> ?p ?o }",
    "an IRI of almost 1 MB that ends in nothing": b"ASK { <http://e.org/" + b"x" * 990_000,
    "10,000 brackets": b"ASK { FILTER" + b"(" * 10_000 + b"1" + b")" * 10_000 + b" }",
    "strings that do not end": b"ASK { '''" + b"\\'" * 400_000,
    "one sign for long": "é".encode() * 400_000,
}
SECONDS = 1.0
LOADED = 5.0  # seconds more for a machine that has other things to do


@pytest.fixture(scope="module")
def attacked(edit, small_folder, tmp_path_factory):
    folder = tmp_path_factory.mktemp("attacked")
    shutil.copytree(small_folder, folder / "data")
    with edit(folder) as editor:
        editor.change("INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> 1 } }")  # the judge is there
        yield editor


@contextlib.contextmanager
def others_are_answered(client):
    """Somebody else asks whether the service lives, all the while."""
    took, over = [], threading.Event()

    def watch():
        with httpx.Client(base_url=client.base_url, timeout=30) as own:
            while not (over.is_set() and took):
                began = time.monotonic()
                assert own.get("/healthz").status_code == 200
                took.append(time.monotonic() - began)
                time.sleep(0.02)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(30)
    assert max(took) < SECONDS / 2, max(took)


def send(editor, body, media_type, address="/sparql", **headers):
    """A body, and the response, which is there soon."""
    headers = {"Content-Type": media_type} | {n.replace("_", "-"): v for n, v in headers.items()}
    began = time.monotonic()
    with others_are_answered(editor.client):
        response = editor.client.post(address, content=body, headers=headers)
    assert time.monotonic() - began < SECONDS + LOADED
    return response


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("address", ["/sparql", "/sparql/update"])
def test_a_text_that_is_none_is_refused(attacked, problem, kind, address):
    update = address.endswith("update")
    text = TEXTS[kind].replace(b"ASK {", b"DELETE WHERE {" if update else b"ASK {")
    response = send(attacked, text, UPDATE if update else QUERY, address)
    problem(response, 413 if kind == "an IRI of 1 MB" else 400)
    assert attacked.ask("?s ?p ?o")


@pytest.mark.parametrize(
    ("address", "media_type"),
    [("/sparql", QUERY), ("/sparql/update", UPDATE), ("/graphs?graph=urn:g", "text/turtle")],
)
def test_a_bomb_is_not_unpacked(attacked, problem, address, media_type):
    response = send(attacked, BOMB, media_type, address, Content_Encoding="gzip")
    problem(response, 413)


@pytest.mark.parametrize(
    "data",
    [
        r'INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> "\u0000" } }',
        r'INSERT { GRAPH <urn:g> { <urn:s> <urn:p> ?x } } WHERE { BIND("a\U00000000" AS ?x) }',
    ],
)
def test_a_nul_is_not_written(attacked, problem, data):
    assert "NUL" in problem(attacked.update(data), 400)["detail"]
    body = r'<urn:s> <urn:p> "\u0000" .'
    response = send(attacked, body, "text/turtle", "/graphs?graph=urn:g")
    assert "NUL" in problem(response, 400)["detail"]


def spoken(client, head, body=b"", rest=b""):
    """What is answered to raw bytes on a connection, up to its end or a pause."""
    url = client.base_url
    said = b""
    with socket.create_connection((url.host, url.port), timeout=SECONDS + LOADED) as connection:
        connection.sendall(head.replace("\n", "\r\n").encode() + body)
        with contextlib.suppress(OSError):
            connection.sendall(rest)
            while b"\r\n\r\n" not in said and (block := connection.recv(65536)):
                said += block
    return said


HEAD = "POST /sparql HTTP/1.1\nHost: x\nContent-Type: application/sparql-query\nConnection: close\n"


@pytest.mark.parametrize("size", [100 * 2**20, 10**18])
def test_a_body_of_100_megabytes_is_not_waited_for(attacked, size):
    began = time.monotonic()
    with others_are_answered(attacked.client):
        said = spoken(attacked.client, f"{HEAD}Content-Length: {size}\n\n", b"ASK {} #")
    assert said.startswith(b"HTTP/1.1 413 ")
    assert time.monotonic() - began < SECONDS + LOADED


def test_a_body_in_pieces_without_end_is_cut_off(attacked):
    piece = b"10000\r\n" + b"#" * 0x10000 + b"\r\n"
    with others_are_answered(attacked.client):
        head = f"{HEAD}Transfer-Encoding: chunked\n\n"
        said = spoken(attacked.client, head, rest=piece * 40)
    assert said.startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("length", ["-1", "ten", "6, 9", "0x10"])
def test_a_length_that_is_none_is_refused(attacked, length):
    said = spoken(attacked.client, f"{HEAD}Content-Length: {length}\n\n", b"ASK {}")
    assert said.startswith(b"HTTP/1.1 400 ")


def test_a_body_shorter_than_it_says_takes_no_worker(attacked):
    """Its client goes away before the rest is sent."""
    url = attacked.client.base_url
    for _ in range(20):
        with socket.create_connection((url.host, url.port)) as connection:
            connection.sendall(
                f"{HEAD}Content-Length: 50\n\nASK {{}}".replace("\n", "\r\n").encode()
            )
    ready = attacked.client.get("/readyz").json()
    assert ready["workers"] - ready["idle"] == 0
    assert attacked.ask("?s ?p ?o")


def test_a_body_longer_than_it_says_is_not_read_as_another_request(attacked):
    said = spoken(
        attacked.client, f"{HEAD}Content-Length: 6\n\n", b"ASK {}GET /healthz HTTP/1.1\r\n"
    )
    assert said.startswith(b"HTTP/1.1 200 ")
    assert said.count(b"HTTP/1.1 ") == 1
