# SPDX-License-Identifier: Apache-2.0
"""Each peer with the quads in it. What loading leaves on disk is kept for the next run."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import peers, virtuoso
from benchmarks.peers import HOST, ROOT, Missing, Peer, free_port, tool

if TYPE_CHECKING:
    import contextlib
    from collections.abc import Callable, Sequence

QUERY_SECONDS = 12  # deadline of a query, for the peers that have one
WORKERS = max(8, 2 * (os.cpu_count() or 1))  # what Biên Niên has by default
_PIP = "pip install --editable '.[bench]'"


class Filled:
    """Makes peers from a file of quads, in a folder of this run and one that outlives it."""

    def __init__(self, quads: Path, folder: Path, cache: Path) -> None:
        self._quads, self._folder, self._cache = quads, folder, cache
        self.missing: dict[str, str] = {}  # what to install, by the name of the peer

    def start(self, names: Sequence[str], stack: contextlib.ExitStack) -> list[Peer]:
        """The peers that are installed, running until the stack ends."""
        running: dict[str, Peer] = {}
        for name in sorted(names, key=lambda name: name != peers.RDFLIB):
            try:
                peer = running[name] = self._make(name)
            except Missing as advice:
                self.missing[name] = str(advice)
                print(f"{name} is missing: {advice}", file=sys.stderr)
                continue
            stack.callback(peer.stop)
            peer.launch()
            if not peer.slow:  # that one goes on loading while the others do
                self._await(peer)
        for peer in running.values():
            if peer.slow:
                self._await(peer)
        return [running[name] for name in names if name in running]

    def _await(self, peer: Peer) -> None:
        peer.await_answer()
        print(f"{peer.name} answers, {peer.start_seconds:.1f} s after its start", file=sys.stderr)

    def _make(self, name: str) -> Peer:
        makers: dict[str, Callable[[], Peer]] = {
            peers.IN_MEMORY: lambda: self._biennien(peers.IN_MEMORY, _half_the_memory()),
            peers.ON_DISK: lambda: self._biennien(peers.ON_DISK, 0),
            peers.OXIGRAPH: self._oxigraph,
            peers.VIRTUOSO: self._virtuoso,
            peers.RDFLIB: self._rdflib,
        }
        return makers[name]()

    def _biennien(self, name: str, memory: int) -> Peer:
        def fill(target: Path) -> None:
            peers.run(
                [sys.executable, "-m", "benchmarks.inside", "fill", str(self._quads), str(target)]
            )

        kept, seconds = self._kept(f"biennien-{_digest()}", fill)
        data, port = self._folder / f"biennien-{memory}", free_port()
        shutil.copytree(kept, data)
        return Peer(
            name,
            version("biennien"),
            "/sparql",
            "/healthz",
            [tool("biennien", _PIP), "serve", "--port", str(port)],
            self._folder,
            port,
            environment={
                "BIENNIEN_DATA": str(data),
                "BIENNIEN_MEMORY": str(memory),
                "BIENNIEN_WORKERS": str(WORKERS),
                "BIENNIEN_QUERY_SECONDS": str(QUERY_SECONDS),
                # All the load comes from one address, and more at once than one client may have.
                "BIENNIEN_CLIENT_QUERIES": "0",
            },
            deadline="",
            ready=_changed_over if memory else lambda _: True,
            load_seconds=seconds,
        )

    def _oxigraph(self) -> Peer:
        program = tool("oxigraph", _PIP)

        def fill(target: Path) -> None:
            peers.run([program, "load", "--location", str(target), "--file", str(self._quads)])
            peers.run([program, "optimize", "--location", str(target)])

        kept, seconds = self._kept(f"oxigraph-{version('oxigraph')}", fill)
        port = free_port()
        # No --timeout-s: 0.5.13 keeps a thread for every query until the deadline, and after some
        # ten thousand queries the system gives it no more.
        options = ["--location", str(kept), "--bind", f"{HOST}:{port}", "--union-default-graph"]
        command = [program, "serve-read-only", *options]
        number = version("oxigraph")
        peer = Peer(peers.OXIGRAPH, number, "/query", "/", command, self._folder, port)
        peer.load_seconds = seconds
        return peer

    def _virtuoso(self) -> Peer:
        kept, seconds = self._kept(
            f"virtuoso-{virtuoso.number()}", lambda target: virtuoso.fill(self._quads, target)
        )
        shutil.copytree(kept, self._folder / "virtuoso")
        peer = virtuoso.peer(self._folder / "virtuoso", QUERY_SECONDS)
        peer.load_seconds = seconds
        return peer

    def _rdflib(self) -> Peer:
        try:
            numbers = f"{version('rdflib-endpoint')} on rdflib {version('rdflib')}"
        except PackageNotFoundError:
            raise Missing(_PIP) from None
        port = free_port()
        inside = [sys.executable, "-m", "benchmarks.inside", "rdflib", str(self._quads), str(port)]
        return Peer(peers.RDFLIB, numbers, "/", "/docs", inside, self._folder, port, slow=True)

    def _kept(self, key: str, fill: Callable[[Path], None]) -> tuple[Path, float]:
        """The folder that `fill` has filled, now or in an earlier run, and how long it took."""
        kept = self._cache / f"{self._quads.stem}-{key}"
        note = kept.parent / f"{kept.name}.json"
        if not note.exists():
            shutil.rmtree(kept, ignore_errors=True)
            began = time.monotonic()
            fill(kept)
            note.write_text(json.dumps({"seconds": time.monotonic() - began}))
        return kept, float(json.loads(note.read_text())["seconds"])


def _changed_over(peer: Peer) -> bool:
    """Whether Biên Niên reads from memory by now, as far as it tells."""
    body = json.loads(peer.get("/readyz")[1])
    return bool(body.get("reads", "memory") == "memory")


def _half_the_memory() -> int:
    """MiB; the same whatever else runs, unlike the service's own default."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**21


def _digest() -> str:
    """What a data folder depends on: the engine and the ontology."""
    found = hashlib.sha256()
    for part in ("graph", "ontology"):
        for file in sorted((ROOT / part).rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                found.update(file.read_bytes())
    return found.hexdigest()[:12]
