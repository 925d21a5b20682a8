# SPDX-License-Identifier: Apache-2.0
"""`python -m benchmarks.search`: the full-text index over made-up records, through HTTP.

Prints how long the index takes to make and to bring up to date, its size, and how long answers
take, one client asking one question after another.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from benchmarks import data
from benchmarks.load import percentile
from biennien_graph.datafolder import DataFolder
from biennien_graph.indexes.following import catch_up, folder_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_CACHE = Path(__file__).parent / ".cache"
_ROUNDS = 100
_QUESTIONS = {
    "a phrase in a fifth of all labels": ("search", ("dien bien phu", "Điện Biên Phủ")),
    "several words": ("search", ("phong chong thien tai", "nhà tạm hướng dẫn")),
    "a word and a number": ("search", ("van ban 1234", "lần 770")),
    "a phrase in quotation marks": ("search", ('"chuyển đổi số"', '"nha dot nat"')),
    "nothing, so guesses": ("search", ("dien bein phu", "chuyen doii so")),
    "suggestions": ("suggest", ("h", "die", "huong dan c", "so noi v", "le phong trao")),
}


def main() -> None:
    """Load, index, serve, ask."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quads", type=int, default=data.DEFAULT_QUADS)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "var"
        _fill(path, asked.quads)
        with _served(path) as port:
            for name, (route, questions) in _QUESTIONS.items():
                seconds = _asked(port, route, questions)
                half, most = (1000 * percentile(seconds, share) for share in (0.5, 0.95))
                print(f"{name}: {half:.1f} ms at the median, {most:.1f} ms at p95")


def _fill(path: Path, quads: int) -> None:
    with DataFolder(path) as folder:
        folder.take()
        with data.cached(_CACHE, quads).open("rb") as lines:
            folder.record(lines, (), agent="benchmark", message="", after=0)
        print(f"made anew: {_timed(path):.1f} s")
        size = sum(f.stat().st_size for f in (folder_of(path) / "search").iterdir())
        print(f"size: {size / 2**20:.1f} MiB")
        label = '<urn:new> <http://www.w3.org/2000/01/rdf-schema#label> "Him Lam"@vi <urn:g> .\n'
        folder.record([label.encode()], (), agent="benchmark", message="", after=1)
        print(f"one change: {_timed(path):.2f} s")


def _timed(path: Path) -> float:
    """How long all indexes take to reach the newest snapshot."""
    begun = time.perf_counter()
    catch_up(path)
    return time.perf_counter() - begun


@contextlib.contextmanager
def _served(path: Path) -> Iterator[int]:
    program = shutil.which("biennien", path=str(Path(sys.executable).parent)) or "biennien"
    command = [program, "serve", "--port", "0", "--data", str(path)]
    environment = {**os.environ, "BIENNIEN_LOG_LEVEL": "error"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True)
    try:
        assert process.stdout is not None
        address = next(word for word in process.stdout.readline().split() if "http://" in word)
        yield int(address.rstrip("/").rpartition(":")[2])
    finally:
        process.terminate()
        process.wait(20)


def _asked(port: int, route: str, questions: tuple[str, ...]) -> list[float]:
    """Seconds for each answer, after one round to warm up."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as client:
        taken = []
        for number in range(_ROUNDS + len(questions)):
            words = urlencode({"q": questions[number % len(questions)]})
            begun = time.perf_counter()
            client.request("GET", f"/api/{route}?{words}")
            answer = client.getresponse()
            answer.read()
            assert answer.status == 200, answer.status
            taken.append(time.perf_counter() - begun)
        return taken[len(questions) :]


if __name__ == "__main__":
    main()
