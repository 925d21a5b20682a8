# SPDX-License-Identifier: Apache-2.0
"""People who propose and approve, for tests: each with a token and a client of their own."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

from biennien_graph.datafolder import DataFolder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

GRAPH = "https://w3id.org/biennien/graph/authority/{slug}"
PERSON = "https://w3id.org/biennien/id/person/{slug}"
NOTE = "Đồng chí Nguyễn Thị Thử dự họp."
PEOPLE = {
    "mai": ("Lò Thị Mai", "steward"),
    "pao": ("Giàng A Páo", "steward"),
    "an": ("Nguyễn Thị An", "editor"),
    "binh": ("Trần Văn Bình", "editor"),
    "quan": ("Hồ Thị Quản", "admin"),
}
_ENTRY = """\
@base <https://w3id.org/biennien/> .
@prefix bn: <https://w3id.org/biennien/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix rico: <https://www.ica.org/standards/RiC/ontology#> .
@prefix schema: <https://schema.org/> .

<graph/authority/{slug}> a bn:Entry ;
  dcterms:title "Thử"@vi , "Test"@en ;
  dcterms:license <https://creativecommons.org/licenses/by/4.0/> .

<source/note> schema:sha256 "{sha256}" .

<id/person/{slug}> a rico:Person ;
  rdfs:label "{label}"@vi , "{label}"@en ;{more}
  bn:evidence [ oa:hasSource <source/note> ; oa:exact "Nguyễn Thị Thử" ; oa:start 9 ] .
"""


def entry(slug: str = "hoang-thi-moi", label: str = "Hoàng Thị Mới", more: str = "") -> bytes:
    """An entry of one person that conforms, as a curator writes it."""
    sha256 = hashlib.sha256(NOTE.encode()).hexdigest()
    return _ENTRY.format(slug=slug, label=label, sha256=sha256, more=more).encode()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a token."""

    name: str
    token: str
    client: httpx.Client

    def propose(
        self, *files: bytes, message: str = "một mục mới", withdraw: tuple[str, ...] = ()
    ) -> httpx.Response:
        """Propose entries."""
        return self.client.post("/api/submissions", **sent(files, message, withdraw))

    def proposed(self, *files: bytes, **more: Any) -> int:
        """Propose entries that are kept; the number of the submission."""
        answer = self.propose(*files, **more)
        assert answer.status_code == 201, answer.text
        return int(answer.json()["number"])

    def amend(self, number: int, *files: bytes, revision: int) -> httpx.Response:
        """Propose something else instead."""
        headers = {"If-Match": f'"revision-{revision}"'}
        address = f"/api/submissions/{number}"
        return self.client.put(address, headers=headers, **sent(files, "sửa lại", ()))

    def get(self, number: int, rest: str = "", **headers: str) -> httpx.Response:
        """Look at a submission."""
        return self.client.get(f"/api/submissions/{number}{rest}", headers=headers)

    def act(self, action: str, number: int, *, revision: int = 1, **said: str) -> httpx.Response:
        """Approve, reject, withdraw, or comment."""
        headers = {"If-Match": f'"revision-{revision}"'}
        place = "comments" if action == "comment" else action
        address = f"/api/submissions/{number}/{place}"
        return self.client.post(address, headers=headers, json=said or None)


def sent(files: tuple[bytes, ...], message: str, withdraw: tuple[str, ...]) -> dict[str, Any]:
    """A form with files, as httpx takes it."""
    parts: list[Any] = [("message", (None, message))]
    parts += [("withdraw", (None, iri)) for iri in withdraw]
    parts += [
        ("file", (f"entry-{n}.ttl", content, "text/turtle")) for n, content in enumerate(files, 1)
    ]
    return {"files": parts}


@dataclass(frozen=True, slots=True)
class Office:
    """A service, and the people who work with it."""

    service: Any
    mai: Person
    pao: Person
    an: Person
    binh: Person
    quan: Person

    def ask(self, pattern: str) -> bool:
        """Whether a pattern is published."""
        query = {"query": f"ASK {{ {pattern} }}"}
        return bool(self.an.client.get("/sparql", params=query).json()["boolean"])

    def published(self, *files: bytes, **more: Any) -> int:
        """The position of a change that publishes what one proposes and another approves."""
        answer = self.an.act("approve", self.mai.proposed(*files, **more))
        assert answer.status_code == 200, answer.text
        return int(answer.json()["position"])


@contextlib.contextmanager
def opened(
    folder: Path, data: Path | None, serve: Callable[..., Any], **settings: str
) -> Iterator[Office]:
    """Serve a copy of a data folder to everybody, until the block ends."""
    if data is not None:
        shutil.copytree(data, folder / "data")
    with DataFolder(folder / "data", database=settings.get("database", "")) as known:
        tokens = {word: known.tokens.create(name, role) for word, (name, role) in PEOPLE.items()}
    with contextlib.ExitStack() as stack:
        service = stack.enter_context(serve(folder / "data", folder / "log", **settings))
        people = {}
        for word, token in tokens.items():
            headers = {"Authorization": f"Bearer {token}"}
            client = httpx.Client(base_url=service.url, headers=headers, timeout=120)
            people[word] = Person(PEOPLE[word][0], token, stack.enter_context(client))
        yield Office(service, **people)
