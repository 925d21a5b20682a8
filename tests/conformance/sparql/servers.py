# SPDX-License-Identifier: Apache-2.0
"""The servers that the suites are run against: their addresses, and how they report errors."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from .data import has_named_graphs, quads_of, update_to

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .data import Data

_DEFAULTS = ("accept", "accept-encoding")  # headers that httpx would add to every request


class Server:
    """A server over HTTP, and what its store holds.

    `query`, `update` and `store` are the addresses of the three protocols, `paths` below `url`;
    `headers` go with every request.
    """

    name = ""
    paths = ("/query", "/update", "/store")

    def __init__(self, url: str, **headers: str) -> None:
        self.query, self.update, self.store = (url.rstrip("/") + path for path in self.paths)
        self._client = httpx.Client(headers=headers, timeout=60, follow_redirects=False)
        for header in _DEFAULTS:
            del self._client.headers[header]
        self._loaded: Data | None = None

    def send(self, method: str, url: str, headers: dict[str, str], body: bytes) -> httpx.Response:
        """Send a request with these headers and no others.

        What a server sends after its answer to HEAD, against the rules, is not taken for the
        answer to the next request: the connection is closed.
        """
        if method == "HEAD":
            headers = {**headers, "Connection": "close"}
        return self._client.request(method, url, headers=headers, content=body)

    def load(self, data: Data) -> None:
        """Make a dataset the content of the store, by the cheapest request there is.

        None where it is the content already; a PUT of the default graph where no other is
        concerned; or else one update, which is quicker than a PUT for each graph.
        """
        if data == self._loaded:
            return
        if self._loaded is None or has_named_graphs(self._loaded | data):
            self.change(update_to(data))
        else:
            headers = {"Content-Type": "application/n-triples"}
            body = "\n".join(f"{quad.triple} ." for quad in quads_of(data))
            self._must(self.send("PUT", f"{self.store}?default", headers, body.encode()))
        self._loaded = data

    def change(self, update: str) -> None:
        """Carry out an update that is no test itself."""
        headers = {"Content-Type": "application/sparql-update"}
        self.touched()
        self._must(self.send("POST", self.update, headers, update.encode()))

    def _must(self, response: httpx.Response) -> None:
        if not response.is_success:
            self.touched()
            raise AssertionError(f"not changed: {response.status_code} {response.text[:300]}")

    def touched(self) -> None:
        """The store is about to be changed: the next test loads its data anew."""
        self._loaded = None

    def finds_syntax_wrong(self, response: httpx.Response) -> bool:
        """Whether a response says that a query or an update is not SPARQL."""
        raise NotImplementedError

    def finds_syntax_right(self, response: httpx.Response) -> bool:
        """Whether a response shows that a query or an update was read, if not carried out."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()


class Oxigraph(Server):
    """The Oxigraph server: 400 for what it cannot read, 500 for what fails as it runs.

    What fails as it runs was read: to clear a graph that is not there, to load from nowhere.
    """

    name = "Oxigraph"

    def finds_syntax_wrong(self, response: httpx.Response) -> bool:
        return response.status_code == 400

    def finds_syntax_right(self, response: httpx.Response) -> bool:
        return response.is_success or response.status_code == 500


class Biennien(Server):
    """Our service: the type of a problem tells wrong syntax from what is refused by policy.

    SERVICE and LOAD are refused after they were read. So syntax is right where the request
    succeeds or the problem is that it is refused, or that a graph is not there or is already.
    """

    name = "Biên Niên"
    paths = ("/sparql", "/sparql/update", "/graphs")
    _READ = frozenset({"query-refused", "data", "not-found", "conflict"})

    def finds_syntax_wrong(self, response: httpx.Response) -> bool:
        return response.status_code == 400 and _problem(response) == "query-syntax"

    def finds_syntax_right(self, response: httpx.Response) -> bool:
        return response.is_success or (
            response.status_code < 500 and _problem(response) in self._READ
        )


def _problem(response: httpx.Response) -> str:
    """The last word of a problem's type (RFC 9457); empty where the response is no problem."""
    if response.headers.get("content-type") != "application/problem+json":
        return ""
    return str(response.json()["type"]).rpartition("/")[2]


@contextlib.contextmanager
def oxigraph() -> Iterator[Oxigraph]:
    """An Oxigraph server with an empty store in memory; skips where it is not installed."""
    program = shutil.which("oxigraph", path=Path(sys.executable).parent) or shutil.which("oxigraph")
    if program is None:
        pytest.skip("The Oxigraph server is not installed; `pip install '.[bench]'` brings it.")
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    with subprocess.Popen(
        [program, "serve", "--bind", address],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            _wait_for(address)
            with contextlib.closing(Oxigraph(f"http://{address}")) as server:
                yield server
        finally:
            process.terminate()


def _wait_for(address: str) -> None:
    host, _, port = address.partition(":")
    until = time.monotonic() + 30
    while True:
        try:
            socket.create_connection((host, int(port)), 1).close()
        except OSError:
            assert time.monotonic() < until, "the server does not answer"
            time.sleep(0.05)
        else:
            return
