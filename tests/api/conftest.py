# SPDX-License-Identifier: Apache-2.0
"""For the tests of the HTTP layer: reading pages, problem documents, and a second service."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import socket
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NAMESPACE = "https://w3id.org/biennien/"
_VOID = frozenset({"meta", "link", "input", "br", "hr", "img"})


@dataclass(slots=True)
class Element:
    """One element of a page: its tag, attributes, and all text inside it."""

    tag: str
    attributes: dict[str, str]
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Every element below this one with a tag and these attributes; `class_` for class."""
        wanted = {name.rstrip("_"): value for name, value in attributes.items()}
        found = []
        for child in self.children:
            if child.tag == tag and wanted.items() <= child.attributes.items():
                found.append(child)
            found += child.all(tag, **attributes)
        return found

    def one(self, tag: str, **attributes: str) -> Element:
        """The only such element."""
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} elements {tag} {attributes}"
        return found[0]

    def links(self) -> list[str]:
        """Where the links below this element lead."""
        return [link.attributes["href"] for link in self.all("a") if "href" in link.attributes]


class _Reader(HTMLParser):
    """Builds the tree, and insists that tags are closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Element("", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        element = self._open.pop()
        assert element.tag == tag, f"</{tag}> closes <{element.tag}> at {self.getpos()}"

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def close(self) -> None:
        super().close()
        assert self._open == [self.root], f"<{self._open[-1].tag}> is not closed"


def read_html(response: httpx.Response) -> Element:
    """The page that a response holds."""
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    reader = _Reader()
    reader.feed(response.text)
    reader.close()
    return reader.root


def read_problem(response: httpx.Response, status: int) -> dict[str, Any]:
    """The problem document that a response holds (RFC 9457), in our one shape."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = response.json()
    assert found["status"] == status
    for member in ("type", "title", "detail", "instance"):
        assert isinstance(found[member], str), member
        assert found[member], member
    assert found["type"].startswith(f"{NAMESPACE}problems/")
    return found


@pytest.fixture(scope="session")
def page() -> Callable[[httpx.Response], Element]:
    """Read a response as a page; fails where it is not well-formed."""
    return read_html


@pytest.fixture(scope="session")
def problem() -> Callable[[httpx.Response, int], dict[str, Any]]:
    """Read a response as a problem document with a status."""
    return read_problem


@pytest.fixture(scope="session")
def ask(client: httpx.Client) -> Callable[..., httpx.Response]:
    """A query by GET: `ask("ASK {}", accept="text/csv", timeout="1")`; `of` another client."""

    def get(
        query: str, accept: str = "", of: httpx.Client = client, **parameters: Any
    ) -> httpx.Response:
        headers = {"Accept": accept} if accept else {}
        return of.get("/sparql", params={"query": query, **parameters}, headers=headers)

    return get


@pytest.fixture(scope="session")
def rows(client: httpx.Client) -> Callable[[str], list[dict[str, str]]]:
    """The solutions of a SELECT query, as values without type and language."""

    def ask(query: str) -> list[dict[str, str]]:
        response = client.post("/sparql", data={"query": query, "format": "json"})
        assert response.status_code == 200, response.text
        bindings = response.json()["results"]["bindings"]
        return [{name: term["value"] for name, term in row.items()} for row in bindings]

    return ask


@pytest.fixture(scope="session")
def wait_until() -> Callable[..., None]:
    """Wait until something is so, for a bounded time; fails with `what` where it is never so."""

    def wait(is_so: Callable[[], bool], what: str, seconds: float = 10.0) -> None:
        until = time.monotonic() + seconds
        while not is_so():
            assert time.monotonic() < until, f"not within {seconds} s: {what}"
            time.sleep(0.02)

    return wait


@pytest.fixture(scope="session")
def small_service(
    serve: Callable[..., Any],
    data_folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
    reading: Any,
) -> Iterator[Any]:
    """A service behind a public address, with one worker and little of everything."""
    folder = tmp_path_factory.mktemp("small-service")
    shutil.copytree(data_folder, folder / "data")
    with serve(
        folder / "data",
        folder / "standard-error",
        public_url="https://bien-nien.example/kho/",
        query_seconds="4",
        query_memory="128",
        max_body="2048",
        workers="1",
        queue="1",
        memory=reading.memory,
    ) as found:
        reading.wait_for(found)
        yield found


@pytest.fixture(scope="session")
def small_client(small_service: Any) -> Iterator[httpx.Client]:
    """Asks the small service."""
    with httpx.Client(base_url=small_service.url, timeout=30) as found:
        yield found


@pytest.fixture
def listener() -> Iterator[tuple[str, Callable[[], bool]]]:
    """An address that nobody may connect to, and the question whether somebody did."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)

        def was_called() -> bool:
            with contextlib.suppress(BlockingIOError):
                server.accept()[0].close()
                return True
            return False

        yield f"http://127.0.0.1:{server.getsockname()[1]}/", was_called


@pytest.fixture
def send(plain: Any) -> Callable[..., httpx.Response]:
    """A request to a service with nothing in it: `send("PUT", "/graphs/people", body)`."""

    def request(
        method: str,
        address: str,
        body: str | bytes | None = None,
        media_type: str = "text/turtle",
        **headers: str,
    ) -> httpx.Response:
        if body is not None and media_type:
            headers["Content-Type"] = media_type
        response: httpx.Response = plain.client.request(
            method, address, content=body, headers=headers
        )
        return response

    return request


ENTRY = """\
@base <https://w3id.org/biennien/> .
@prefix bn: <https://w3id.org/biennien/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix rico: <https://www.ica.org/standards/RiC/ontology#> .
@prefix schema: <https://schema.org/> .

<graph/authority/{slug}> a bn:Entry ;
  dcterms:title "Thử"@vi , "Test"@en ;
  dcterms:license <https://creativecommons.org/licenses/by/4.0/> .

<source/note> schema:sha256 "{sha256}" .

<id/person/{slug}> a rico:Person ;
  rdfs:label "{label}"@vi , "{label}"@en ;
  bn:evidence [ oa:hasSource <source/note> ; oa:exact "Nguyễn Thị Thử" ; oa:start 9 ] .
"""
NOTE = "Đồng chí Nguyễn Thị Thử dự họp."


@pytest.fixture
def note(tmp_path: Path) -> Path:
    """The source text of the entries below, in a folder of its own."""
    file = tmp_path / "texts" / "note.txt"
    file.parent.mkdir()
    file.write_text(NOTE, encoding="utf-8")
    return file


def write_entry(folder: Path, slug: str, label: str) -> Path:
    """A small entry of one person, that conforms."""
    folder.mkdir(exist_ok=True)
    sha256 = hashlib.sha256(NOTE.encode()).hexdigest()
    file = folder / f"{slug}.ttl"
    file.write_text(ENTRY.format(slug=slug, label=label, sha256=sha256), encoding="utf-8")
    return file


@pytest.fixture
def entry(tmp_path: Path) -> Callable[..., Path]:
    """Write an entry of one person: `entry("tran-van-hai", "Trần Văn Hai")`."""

    def write(slug: str = "nguyen-thi-thu", label: str = "Nguyễn Thị Thử") -> Path:
        return write_entry(tmp_path / "entries", slug, label)

    return write


@pytest.fixture(scope="session")
def small_folder(biennien: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one entry. Copy it before writing to it."""
    folder = tmp_path_factory.mktemp("small")
    file = write_entry(folder / "entries", "nguyen-thi-thu", "Nguyễn Thị Thử")
    outcome = biennien("load", file, "--data", folder / "data")
    assert outcome.code == 0, outcome.out + outcome.err
    data: Path = folder / "data"
    return data
