# SPDX-License-Identifier: Apache-2.0
"""Shared by all tests: the command line, a loaded data folder, a running service, a client.

Everything runs as real processes, with an environment of its own: no BIENNIEN_* variable of the
person who runs the tests reaches them.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import psycopg
import pytest

from biennien_graph.database import Database
from biennien_graph.datafolder import DataFolder
from biennien_graph.engine.memory import is_possible

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

ROOT = Path(__file__).resolve().parents[1]
_PROGRAM = shutil.which("biennien", path=Path(sys.executable).parent) or "biennien"


def _environment(settings: dict[str, str]) -> dict[str, str]:
    """The environment of a subprocess: ours without any BIENNIEN_*, and these settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BIENNIEN_")}
    return kept | {f"BIENNIEN_{name.upper()}": value for name, value in settings.items()}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command ended with and what it said."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class RunningService:
    """A `biennien serve` process: where it answers, its data folder, its standard error."""

    url: str
    data: Path
    process: subprocess.Popen[str]
    log: Path


@dataclass(frozen=True, slots=True)
class Reading:
    """Where services read from: `disk` or `memory`; the setting that makes them do so."""

    place: str
    memory: str

    def wait_for(self, service: RunningService, seconds: float = 20.0) -> None:
        """Wait until a service reads from there."""
        until = time.monotonic() + seconds
        while httpx.get(f"{service.url}readyz").json()["reads"] != self.place:
            assert time.monotonic() < until, f"it does not read from {self.place}"
            time.sleep(0.02)


READINGS = [Reading("disk", "0"), Reading("memory", "1024")][: 1 + is_possible()]


@dataclass(frozen=True, slots=True)
class Editor:
    """Somebody with an editor's token for a service, who writes to it and reads from it."""

    client: httpx.Client
    service: RunningService

    def update(self, text: str, **parameters: Any) -> httpx.Response:
        """Send an update."""
        headers = {"Content-Type": "application/sparql-update"}
        address = "/sparql/update"
        return self.client.post(address, content=text, headers=headers, params=parameters)

    def change(self, text: str, **parameters: Any) -> tuple[int, int]:
        """Send an update that is accepted: how many quads it added, and how many it removed."""
        response = self.update(text, **parameters)
        assert response.status_code == 200, response.text
        return response.json()["added"], response.json()["removed"]

    def ask(self, pattern: str) -> bool:
        """Whether a pattern holds now."""
        response = self.client.get("/sparql", params={"query": f"ASK {{ {pattern} }}"})
        return bool(response.json()["boolean"])

    def content(self) -> set[str]:
        """All quads as words, such as `s p o g` for `<urn:s> <urn:p> <urn:o> <urn:g>`."""
        query = "SELECT ?s ?p ?o ?g { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
        response = self.client.get("/sparql", params={"query": query, "format": "tsv"})
        lines = response.text.replace("<urn:", "").replace(">", "").splitlines()[1:]
        return {" ".join(line.split("\t")).strip() for line in lines}


def run_biennien(
    *arguments: str | Path, stdin: str | None = None, cwd: Path = ROOT, **settings: str
) -> Outcome:
    """Run one command to its end; `settings` are BIENNIEN_* variables in lower case.

    Whatever goes wrong, a command tells it in a sentence: a traceback fails the test.
    """
    done = subprocess.run(
        [_PROGRAM, *map(str, arguments)],
        input=stdin,
        stdin=subprocess.DEVNULL if stdin is None else None,
        capture_output=True,
        encoding="utf-8",
        cwd=cwd,
        env=_environment(settings),
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Outcome(done.returncode, done.stdout, done.stderr)


@contextlib.contextmanager
def running(data: Path, log: Path, **settings: str) -> Iterator[RunningService]:
    """Serve a data folder on a free port until the block ends."""
    with log.open("w", encoding="utf-8") as errors:
        process = subprocess.Popen(
            [_PROGRAM, "serve", "--port", "0", "--data", str(data)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            encoding="utf-8",
            env=_environment(settings),
        )
    assert process.stdout is not None
    with process.stdout as first_line:
        try:
            words = first_line.readline().split()
            url = next((word for word in words if word.startswith("http://")), "")
            assert url, f"the service did not start:\n{log.read_text(encoding='utf-8')}"
            yield RunningService(url, data, process, log)
        finally:
            stop(process)
    said = log.read_text(encoding="utf-8")
    assert "Traceback" not in said, f"the service left a traceback:\n{said[-4000:]}"


@contextlib.contextmanager
def editing(folder: Path, **settings: str) -> Iterator[Editor]:
    """Serve `data` in a folder until the block ends, to somebody who may write to it."""
    graph = settings.get("default_graph", "union")
    with DataFolder(folder / "data", default_graph=graph) as data:
        token = data.tokens.create("Nguyễn Thị An", "editor")
    headers = {"Authorization": f"Bearer {token}"}
    with (
        running(folder / "data", folder / "standard-error", **settings) as service,
        httpx.Client(base_url=service.url, headers=headers, timeout=60) as client,
    ):
        yield Editor(client, service)


def stop(process: subprocess.Popen[str]) -> int:
    """End a process as an administrator would; its exit code."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        return process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait(15)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport]:
    """A failing test shows what the services that it used wrote to standard error."""
    report = yield
    if report.failed:
        for name, value in getattr(item, "funcargs", {}).items():
            if isinstance(value, RunningService):
                text = value.log.read_text(encoding="utf-8")[-4000:]
                report.sections.append((f"standard error of {name}", text))
    return report


@pytest.fixture(scope="session")
def sources() -> Path:
    """The folder of source texts; without it, the tests that need them are skipped."""
    folder = os.environ.get("BIENNIEN_SOURCES", "")
    if not folder:
        pytest.skip("BIENNIEN_SOURCES names no folder of source texts to compare quotes with.")
    return Path(folder)


@pytest.fixture(scope="session")
def biennien() -> Callable[..., Outcome]:
    """The command line: `biennien("query", "ASK {}", "--data", folder)`."""
    return run_biennien


@pytest.fixture(scope="session")
def at_once() -> Callable[[Iterable[Callable[[], Any]]], list[Any]]:
    """Do several things in threads, two at a time; what each gives back, in order.

    Most of a command's time is the start of Python, so that tests of commands gain by it.
    """

    def do(things: Iterable[Callable[[], Any]]) -> list[Any]:
        with ThreadPoolExecutor(2) as threads:
            return [done.result() for done in [threads.submit(thing) for thing in things]]

    return do


@pytest.fixture(scope="session")
def serve() -> Callable[..., contextlib.AbstractContextManager[RunningService]]:
    """Run a service: `with serve(folder, log, public_url="https://…") as service:`."""
    return running


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the bundled entries, loaded once. Copy it before writing to it."""
    folder = tmp_path_factory.mktemp("loaded") / "data"
    outcome = run_biennien("load", "--data", folder)
    assert outcome.code == 0, f"biennien load failed:\n{outcome.out}\n{outcome.err}"
    return folder


@pytest.fixture(scope="session")
def service(
    data_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningService]:
    """A service with the bundled entries and default settings. Nobody writes to it."""
    folder = tmp_path_factory.mktemp("service")
    shutil.copytree(data_folder, folder / "data")
    with running(folder / "data", folder / "standard-error") as found:
        yield found


@pytest.fixture(scope="session", params=READINGS, ids=lambda reading: reading.place)
def reading(request: pytest.FixtureRequest) -> Reading:
    """Whatever uses this is run twice: what holds for disk holds for memory."""
    found: Reading = request.param
    return found


@pytest.fixture(scope="session")
def both_services(
    reading: Reading, data_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningService]:
    """The same, reading from disk, and another one that reads from memory."""
    folder = tmp_path_factory.mktemp("both-services")
    shutil.copytree(data_folder, folder / "data")
    with running(folder / "data", folder / "log", memory=reading.memory) as found:
        reading.wait_for(found)
        yield found


@pytest.fixture(scope="session")
def client(service: RunningService) -> Iterator[httpx.Client]:
    """Asks the service; does not follow redirects."""
    with httpx.Client(base_url=service.url, timeout=30) as found:
        yield found


@pytest.fixture(scope="session")
def edit() -> Callable[..., contextlib.AbstractContextManager[Editor]]:
    """Run a service with somebody who may write to it: `with edit(folder, workers="1") as an:`."""
    return editing


@pytest.fixture(scope="session")
def editor(data_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    """May write to a service with the bundled entries."""
    folder = tmp_path_factory.mktemp("editor")
    shutil.copytree(data_folder, folder / "data")
    with editing(folder) as found:
        yield found


@pytest.fixture(scope="session")
def plain_editor(reading: Reading, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    """May write to a service with nothing in it, and with a default graph of its own."""
    settings = {"default_graph": "own", "memory": reading.memory}
    with editing(tmp_path_factory.mktemp("plain-editor"), **settings) as found:
        reading.wait_for(found.service)
        yield found


@pytest.fixture
def plain(plain_editor: Editor) -> Editor:
    """The same, with everything of earlier tests dropped."""
    plain_editor.change("DROP ALL")
    return plain_editor


@pytest.fixture
def postgresql() -> Iterator[str]:
    """The address of an empty PostgreSQL schema, gone at the end."""
    server = os.environ.get("BIENNIEN_TEST_POSTGRESQL")
    if not server:
        pytest.skip("BIENNIEN_TEST_POSTGRESQL names no PostgreSQL database to make schemas in.")
    name = f"biennien_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE SCHEMA {name}")
        try:
            yield f"{server}?options=-csearch_path%3D{name}"
        finally:
            admin.execute(f"DROP SCHEMA {name} CASCADE")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'journal.sqlite'}"
    return str(request.getfixturevalue("postgresql"))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database, of each kind."""
    opened = Database(database_url)
    yield opened
    opened.close()
