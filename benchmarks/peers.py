# SPDX-License-Identifier: Apache-2.0
"""The services that are measured, each on the same quads, on a loopback port of its own."""

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
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HOST = "127.0.0.1"
ROOT = Path(__file__).parents[1]
QUERY_SECONDS = 10  # deadline of a query, for the peers that have one
_LOAD_PATIENCE = 900.0  # seconds
OURS, OXIGRAPH, RDFLIB = "Biên Niên", "Oxigraph server", "rdflib-endpoint"


@dataclass(slots=True)
class Peer:
    """One running service."""

    name: str
    version: str
    path: str  # of the query endpoint
    health: str  # a path that asks nothing of the store
    port: int
    slow: bool = False
    load_seconds: float = 0.0
    guard: tuple[str, ...] = ()  # options that give it a deadline for queries
    _start: tuple[list[str], Mapping[str, str], Path] | None = field(default=None, repr=False)
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def address(self) -> tuple[str, int]:
        """Host and port."""
        return HOST, self.port

    def get(self, target: str, *, seconds: float = 30.0) -> tuple[int, bytes]:
        """One GET on a connection of its own: status and body. `OSError` where none comes."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=seconds)
        with contextlib.closing(connection):
            connection.request("GET", target, headers={"Accept": "application/json, */*;q=0.1"})
            reply = connection.getresponse()
            return reply.status, reply.read()

    def start(self, command: list[str], environment: Mapping[str, str], folder: Path) -> None:
        """Run the service in a session of its own, and wait until it answers."""
        self._start = (command, environment, folder)
        with (folder / f"{self.port}.log").open("wb") as log:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until = time.monotonic() + _LOAD_PATIENCE
        while time.monotonic() < until and self._process.poll() is None:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self.get(self.health)[0] < 500:
                    return
            time.sleep(0.05)
        words = (folder / f"{self.port}.log").read_text(errors="replace")
        raise RuntimeError(f"{self.name} did not start: {words[-2000:]}")

    def guarded(self) -> None:
        """Start it again with a deadline for queries, where it needs an option for that."""
        if self.guard and self._start is not None:
            command, environment, folder = self._start
            self.stop()
            self.start([*command, *self.guard], environment, folder)

    def stop(self) -> None:
        """End it with all its children: politely, then at once."""
        if self._process is None:
            return
        for sign, patience in ((signal.SIGTERM, 8.0), (signal.SIGKILL, 8.0)):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, sign)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(patience)
                break
        self._process = None

    def processor_seconds(self) -> float:
        """Processor time of the service, its children, and those that it has had."""
        session = self._process.pid if self._process else -1
        fields = [_fields(process) for process in _processes(session)]
        return sum(sum(map(int, found[11:15])) for found in fields) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> int:
        """Bytes that the service and its children hold now, shared ones counted once."""
        session = self._process.pid if self._process else -1
        return sum(_proportional(process) for process in _processes(session))


@contextlib.contextmanager
def running(names: list[str], quads: Path, folder: Path) -> Iterator[list[Peer]]:
    """Load the quads into each, one after the other; stop all of them at the end."""
    starters = {OURS: _biennien, OXIGRAPH: _oxigraph, RDFLIB: _rdflib}
    with contextlib.ExitStack() as stack:
        peers = []
        for name in names:
            print(f"loading {name} …", end=" ", flush=True, file=sys.stderr)
            began = time.monotonic()
            peer = starters[name](quads, folder, stack)
            peer.load_seconds = time.monotonic() - began
            peers.append(peer)
            print(f"{peer.load_seconds:.1f} s", file=sys.stderr)
        yield peers


def _biennien(quads: Path, folder: Path, stack: contextlib.ExitStack) -> Peer:
    data = folder / "biennien"
    _run([sys.executable, "-m", "benchmarks.inside", "fill", str(quads), str(data)])
    peer = Peer(OURS, version("biennien"), "/sparql", "/healthz", _free_port())
    stack.callback(peer.stop)
    environment = {"BIENNIEN_DATA": str(data), "BIENNIEN_QUERY_SECONDS": str(QUERY_SECONDS)}
    peer.start([_tool("biennien"), "serve", "--port", str(peer.port)], environment, folder)
    return peer


def _oxigraph(quads: Path, folder: Path, stack: contextlib.ExitStack) -> Peer:
    data, tool = str(folder / "oxigraph"), _tool("oxigraph")
    _run([tool, "load", "--location", data, "--file", str(quads)])
    _run([tool, "optimize", "--location", data])
    # Not while throughput is measured: 0.5.13 keeps a thread per query for all of that time, and
    # after some ten thousand queries the system gives it no more.
    guard = ("--timeout-s", str(QUERY_SECONDS))
    peer = Peer(OXIGRAPH, version("oxigraph"), "/query", "/", _free_port(), guard=guard)
    stack.callback(peer.stop)
    options = ["--location", data, "--bind", f"{HOST}:{peer.port}", "--union-default-graph"]
    peer.start([tool, "serve-read-only", *options], {}, folder)
    return peer


def _rdflib(quads: Path, folder: Path, stack: contextlib.ExitStack) -> Peer:
    numbers = f"{version('rdflib-endpoint')} on rdflib {version('rdflib')}"
    peer = Peer(RDFLIB, numbers, "/", "/docs", _free_port(), slow=True)
    stack.callback(peer.stop)
    command = [sys.executable, "-m", "benchmarks.inside", "rdflib", str(quads), str(peer.port)]
    peer.start(command, {}, folder)
    return peer


def processor_seconds(running: list[Peer]) -> tuple[float, float]:
    """Processor time so far: of the whole machine, and of the peers. 0 where there is no /proc."""
    with contextlib.suppress(OSError, ValueError):
        ticks = os.sysconf("SC_CLK_TCK")
        whole = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
        busy = sum(int(count) for count in whole[:3] + whole[5:8]) / ticks
        return busy, sum(peer.processor_seconds() for peer in running)
    return 0.0, 0.0


def whole(peer: Peer) -> tuple[int, int]:
    """Of Biên Niên: how many workers are alive, and how many of them wait for a question."""
    body = json.loads(peer.get("/readyz")[1])
    return int(body["workers"]), int(body["idle"])


def _run(command: list[str]) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=_LOAD_PATIENCE)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr.decode(errors='replace')[-2000:]}")


def _tool(name: str) -> str:
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        raise RuntimeError(f"There is no {name}: pip install --editable '.[bench]'")
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _processes(session: int) -> list[Path]:
    """The processes of a session, as folders of /proc; none where there is no /proc."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError):
            if int(_fields(process)[3]) == session:
                found.append(process)
    return found


def _fields(process: Path) -> list[str]:
    """Of /proc/…/stat, from the third on (proc_pid_stat(5))."""
    return (process / "stat").read_text().rpartition(")")[2].split()


def _proportional(process: Path) -> int:
    with contextlib.suppress(OSError, ValueError):
        for line in (process / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
