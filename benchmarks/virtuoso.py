# SPDX-License-Identifier: Apache-2.0
"""Virtuoso 7, as Debian packages it: filled by its bulk loader, on loopback, in a folder."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from benchmarks import peers
from benchmarks.peers import Peer, free_port, tool

_ADVICE = "apt-get install --no-install-recommends virtuoso-opensource-7"
_MOST_BUFFERS = 100_000  # of 8 KiB each: a million quads need a fifth of them
_LOAD = "ld_dir('{folder}', '{file}', 'urn:none'); rdf_loader_run(); checkpoint; shutdown;"


def number() -> str:
    """The version, or `Missing`."""
    program = tool("virtuoso-t", _ADVICE)
    words = subprocess.run([program, "-?"], capture_output=True, text=True, check=False)
    found = re.search(r"Version (\S+)", words.stdout + words.stderr)
    return found.group(1).removesuffix("-pthreads") if found else "7"


def fill(quads: Path, folder: Path) -> None:
    """A new database with the quads in it, stopped."""
    loader = tool("isql-vt", _ADVICE)
    folder.mkdir(parents=True)
    shutil.copy(quads, folder / "records.nq")
    filled = peer(folder, 0)
    filled.start()
    try:
        statements = _LOAD.format(folder=folder, file="records.nq")
        peers.run([loader, _sql_address(folder), "dba", "dba", f"EXEC={statements}"])
    finally:
        filled.stop()
        (folder / "records.nq").unlink()


def peer(folder: Path, seconds: int) -> Peer:
    """A server for the database in a folder; `seconds` is the deadline of runaway queries.

    A deadline for all would cut large results short: its partial results look complete.
    """
    program, port = tool("virtuoso-t", _ADVICE), free_port()
    (folder / "index.html").write_text("<p>Virtuoso</p>")
    _configure(folder, port)
    command = [program, "+foreground", "+configfile", str(folder / "virtuoso.ini")]
    made = Peer(peers.VIRTUOSO, number(), "/sparql", "/index.html", command, folder, port)
    made.deadline = f"&timeout={seconds * 1000}"
    return made


def _configure(folder: Path, port: int) -> None:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    buffers = min(_MOST_BUFFERS, memory * 2 // 3 // 8192)
    template = (Path(__file__).parent / "virtuoso.ini").read_text()
    text = template.format(
        folder=folder,
        port=port,
        sql_port=free_port(),
        buffers=buffers,
        dirty=buffers * 3 // 4,
        cores=os.cpu_count() or 1,
    )
    (folder / "virtuoso.ini").write_text(text)


def _sql_address(folder: Path) -> str:
    found = re.search(r"= (127\.0\.0\.1:\d+)$", (folder / "virtuoso.ini").read_text(), re.MULTILINE)
    assert found is not None
    return found.group(1)
