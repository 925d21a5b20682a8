# SPDX-License-Identifier: Apache-2.0
"""The services that are measured: how each is filled once, started and stopped."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from benchmarks import processes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

HOST = "127.0.0.1"
ROOT = Path(__file__).parents[1]
PATIENCE = 900.0  # seconds for loading, and for a start
IN_MEMORY, ON_DISK = "Biên Niên, in memory", "Biên Niên, on disk"
OXIGRAPH, VIRTUOSO, RDFLIB = "Oxigraph server", "Virtuoso", "rdflib-endpoint"
OURS = (IN_MEMORY, ON_DISK)


class Missing(Exception):
    """A peer is not installed; the message says how it would be."""


@dataclass(slots=True)
class Peer:
    """One service on a loopback port of its own.

    `slow` ones get few requests, after the others. `deadline` is what follows the query in the
    address, for a peer that takes one; None where it has no deadline.
    """

    name: str
    version: str
    path: str  # of the query endpoint
    health: str  # a path that asks nothing of the store
    command: list[str]
    folder: Path  # of its log
    port: int
    environment: Mapping[str, str] = field(default_factory=dict)
    slow: bool = False
    deadline: str | None = None
    ready: Callable[[Peer], bool] = lambda _: True
    load_seconds: float | None = None
    start_seconds: float = 0.0
    _began: float = 0.0
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def _words(self) -> Path:
        return self.folder / f"{self.port}.log"

    @property
    def _alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def address(self) -> tuple[str, int]:
        """Host and port."""
        return HOST, self.port

    def target(self, text: str) -> str:
        """The path and the parameters that ask a query."""
        return f"{self.path}?query={quote(text, safe='')}"

    def get(self, target: str, *, seconds: float = 30.0) -> tuple[int, bytes]:
        """One GET on a connection of its own: status and body. `OSError` where none comes."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=seconds)
        with contextlib.closing(connection):
            accept = "application/sparql-results+json, application/json;q=0.9, */*;q=0.1"
            connection.request("GET", target, headers={"Accept": accept})
            reply = connection.getresponse()
            return reply.status, reply.read()

    def start(self) -> None:
        """Run the service, and wait until it answers."""
        self.launch()
        self.await_answer()

    def launch(self) -> None:
        """Run the service in a session of its own."""
        self._began = time.monotonic()
        with self._words.open("wb") as log:
            self._process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def await_answer(self) -> None:
        """Return when it answers; `RuntimeError` with its last words where it does not."""
        while time.monotonic() < self._began + PATIENCE and self._alive:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self.get(self.health)[0] == 200 and self.ready(self):
                    self.start_seconds = time.monotonic() - self._began
                    return
            time.sleep(0.05)
        raise RuntimeError(
            f"{self.name} did not start: {self._words.read_text(errors='replace')[-2000:]}"
        )

    def stop(self, *, politely: bool = True) -> None:
        """End it with all its children; politely first, unless it is beyond that."""
        if self._process is None:
            return
        for sign, patience in ((signal.SIGTERM, 8.0), (signal.SIGKILL, 8.0))[not politely :]:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, sign)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(patience)
                break
        self._process = None

    def processor_seconds(self) -> float:
        """Processor time of the service, its children, and those that it has had."""
        return processes.processor_seconds(self._process.pid) if self._process else 0.0

    def memory(self) -> int:
        """Bytes that the service and its children hold now, shared ones counted once."""
        return processes.memory(self._process.pid) if self._process else 0


def whole(peer: Peer) -> bool:
    """Of Biên Niên: whether every worker that is alive waits for a question."""
    body = json.loads(peer.get("/readyz")[1])
    return int(body["workers"]) == int(body["idle"]) > 0


def run(command: list[str]) -> None:
    """Run a tool to its end; `RuntimeError` with its last words where it fails."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=PATIENCE)
    if done.returncode:
        words = (done.stderr + done.stdout).decode(errors="replace")
        raise RuntimeError(f"{command[0]} failed: {words[-2000:]}")


def tool(name: str, advice: str) -> str:
    """Where a program is; `Missing` with the advice where it is nowhere."""
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        raise Missing(advice)
    return found


def free_port() -> int:
    """A port of the loopback interface that nobody has at the moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
