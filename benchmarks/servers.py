# SPDX-License-Identifier: Apache-2.0
"""The application under several HTTP servers, in turn: what each costs, and how each behaves.

    python -m benchmarks.servers DATA_FOLDER [ROUNDS [SERVER,SERVER]]

Everything goes over one data folder, so one server runs at a time; rounds alternate.
"""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import itertools
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from benchmarks import load

if TYPE_CHECKING:
    from collections.abc import Iterator

HOST, SERVERS = "127.0.0.1", ("uvicorn", "granian", "hypercorn")
_CROSS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
_ALL = "SELECT * WHERE { ?s ?p ?o }"
_ROUTES = {
    "health": "/healthz",
    "cached query": f"/sparql?query={quote('SELECT * WHERE { ?s a rico:Person } LIMIT 10')}",
    "cached description": "/.well-known/void",
}


def application() -> Any:
    """The service as an ASGI application, by the settings of the environment."""
    from biennien_api.app import Application
    from biennien_api.settings import Settings

    return Application(Settings())


def serve(name: str, port: int) -> None:
    """Run one server until a signal comes."""
    if name == "uvicorn":
        import uvicorn

        uvicorn.run(application(), host=HOST, port=port, access_log=False, server_header=False,
                    log_level="warning", timeout_graceful_shutdown=5)  # fmt: skip
    elif name == "granian":
        from granian import Granian
        from granian.constants import Interfaces, Loops

        Granian("benchmarks.servers:application", factory=True, address=HOST, port=port,
                interface=Interfaces.ASGI, loop=Loops.uvloop, websockets=False,
                workers_kill_timeout=5, log_enabled=False).serve()  # fmt: skip
    else:
        import uvloop
        from hypercorn.asyncio import serve as run
        from hypercorn.config import Config

        config, stop = Config(), asyncio.Event()
        config.bind, config.graceful_timeout = [f"{HOST}:{port}"], 5

        async def until_signal() -> None:
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
            await run(application(), config, shutdown_trigger=stop.wait)

        uvloop.run(until_signal())


@contextlib.contextmanager
def running(name: str, data: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """One server over the data folder, from its first answer to the end of the block."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.servers", "serve", name, str(port)],
        env={**os.environ, "BIENNIEN_DATA": data, "BIENNIEN_CLIENT_QUERIES": "0"},
        start_new_session=True,
    )
    try:
        until(lambda: get(port, "/readyz")[0] == 200, 60)
        yield process, port
    finally:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(15)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def get(port: int, path: str) -> tuple[int, bytes]:
    """One GET."""
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    with contextlib.closing(connection):
        connection.request("GET", path)
        reply = connection.getresponse()
        return reply.status, reply.read()


def until(is_so: Any, seconds: float) -> float:
    """How long it took until something was so; infinite where it never was."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        with contextlib.suppress(OSError, http.client.HTTPException):
            if is_so():
                return time.monotonic() - began
        time.sleep(0.02)
    return float("inf")


def ask(port: int, path: str, more: str = "") -> socket.socket:
    """A connection with a request under way."""
    found = socket.create_connection((HOST, port), timeout=20)
    found.sendall(f"GET {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\n{more}\r\n".encode())
    return found


def own_processes(session: int) -> Iterator[Path]:
    """The server's own processes; those that run queries and feed indexes are left out."""
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError):
            command = (entry / "cmdline").read_bytes()
            is_server = b"benchmarks.servers" in command or b"multiprocessing" in command
            if is_server and os.getsid(int(entry.name)) == session:
                yield entry


def resident(session: int) -> float:
    """MiB that the server's own processes hold."""
    pages = sum(int((p / "statm").read_text().split()[1]) for p in own_processes(session))
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def processor(session: int) -> float:
    """Seconds of processor time that the server's own processes have had."""
    stats = ((p / "stat").read_text().rpartition(")")[2].split() for p in own_processes(session))
    return sum(int(s[11]) + int(s[12]) for s in stats) / os.sysconf("SC_CLK_TCK")


def behaviour(name: str, data: str) -> dict[str, str]:
    """What happens when clients go, lie or dawdle, and when the server has to end."""
    found = {}
    with running(name, data) as (process, port):
        state = lambda: json.loads(get(port, "/readyz")[1])  # noqa: E731
        busy = ask(port, f"/sparql?query={quote(_CROSS)}")
        until(lambda: state()["idle"] < state()["workers"], 5)
        busy.close()
        gone = until(lambda: state()["idle"] == state()["workers"], 35)
        found["a worker is free after its client went"] = f"{1000 * gone:.0f} ms"
        before = resident(process.pid)
        slow = ask(port, f"/sparql?query={quote(_ALL)}&format=csv")
        time.sleep(5)
        found["memory for a client that does not read"] = (
            f"{resident(process.pid) - before:.0f} MiB"
        )
        slow.close()
        silent = socket.create_connection((HOST, port), timeout=5)
        silent.sendall(
            f"HEAD /healthz HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode()
        )
        body = _read(silent).partition(b"\r\n\r\n")[2]
        found["bytes of body for HEAD"] = str(len(body))
        lying = socket.create_connection((HOST, port), timeout=5)
        lying.sendall(
            f"POST /sparql HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 6\r\n"
            "Content-Type: application/sparql-query\r\n\r\nASK {} and more\r\n\r\n".encode()
        )
        lines = [line for line in _read(lying).split(b"\r\n") if line.startswith(b"HTTP/")]
        found["a body longer than it says"] = b", ".join(line[9:12] for line in lines).decode()
        long = ask(port, "/healthz", f"X-Long: {'x' * 200_000}\r\n")
        found["a header of 200 kB"] = (_read(long)[9:12] or b"closed").decode()
        found["answers after all that"] = str(get(port, "/healthz")[0])
        streaming = ask(port, f"/sparql?query={quote(_ALL)}&format=csv")
        time.sleep(0.5)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)
        found["ends on SIGTERM with a client that does not read"] = (
            f"{time.monotonic() - began:.1f} s, exit code {process.poll()}"
        )
        streaming.close()
    return found


def _read(connection: socket.socket) -> bytes:
    """What comes until nothing more does."""
    connection.settimeout(2)
    received = b""
    with contextlib.suppress(OSError), connection:
        while block := connection.recv(65536):
            received += block
    return received


def throughput(name: str, data: str, clients: int) -> dict[str, tuple[float, float]]:
    """Replies per second on the hot routes, and the seconds of processor time that one took."""
    found = {}
    with running(name, data) as (process, port):
        for route, path in _ROUTES.items():
            get(port, path)
            request = (
                f"GET {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\n"
                "Accept: application/sparql-results+json, text/turtle;q=0.9, */*;q=0.1\r\n\r\n"
            ).encode()
            load.measure((HOST, port), itertools.repeat(request), clients, load.Limits(0.3))
            used = processor(process.pid)
            sample = load.measure((HOST, port), itertools.repeat(request), clients, load.Limits(2))
            used = processor(process.pid) - used
            if sample.failures:
                print(f"{name}, {route}: {sample.failures} failures", file=sys.stderr)
            found[route] = sample.throughput, used / max(len(sample.latencies), 1)
    return found


def main() -> None:
    """Alternate rounds; then the behaviour of each; as Markdown."""
    data, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 3
    names = sys.argv[3].split(",") if len(sys.argv) > 3 else SERVERS
    rates: dict[str, list[dict[str, tuple[float, float]]]] = {name: [] for name in names}
    for turn in range(rounds):
        for name in names[:: -1 if turn % 2 else 1]:
            rates[name].append(throughput(name, data, 16))
    print(f"| |{'|'.join(f'{name} {metadata.version(name)}' for name in names)}|")
    for route in _ROUTES:
        base = [rate[route][0] for rate in rates[names[0]]]
        cells = []
        for name in names:
            values = [rate[route][0] for rate in rates[name]]
            ratio = statistics.median(v / b for v, b in zip(values, base, strict=True))
            used = statistics.median(rate[route][1] for rate in rates[name])
            each = f"{1e6 * used:,.0f} µs of processor"
            cells.append(f"{statistics.median(values):,.0f}/s ({ratio:.2f}), {each}")
        print(f"|{route}|{'|'.join(cells)}|", flush=True)
    behaviours = {name: behaviour(name, data) for name in names}
    for what in behaviours[names[0]]:
        print(f"|{what}|{'|'.join(behaviours[name].get(what, '–') for name in names)}|")


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(sys.argv[2], int(sys.argv[3]))
    else:
        main()
