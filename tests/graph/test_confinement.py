# SPDX-License-Identifier: Apache-2.0
"""Should a call to another endpoint hide from the scan, its worker cannot make it."""

import contextlib
import json
import platform
import socket
import subprocess
import sys
import threading

import pytest

from biennien_graph.datafolder import DataFolder
from biennien_graph.engine import confinement, frames

pytestmark = pytest.mark.skipif(
    platform.system() != "Linux" or platform.machine() not in ("x86_64", "aarch64"),
    reason="Linux keeps processes from opening connections, on x86-64 and on ARM.",
)
QUERIES = "biennien_graph.engine.worker"


def asked(module, setting, *questions):
    """What a worker answers, each as a kind and a payload, without anybody who scans before."""
    ours, theirs = socket.socketpair()
    command = [sys.executable, "-m", module, str(theirs.fileno()), str(2**30), setting]
    answers = []
    with ours, subprocess.Popen(command, pass_fds=[theirs.fileno()]) as process:
        theirs.close()
        for question in questions:
            ours.sendall(frames.frame(frames.QUESTION, json.dumps(question).encode()))
            kind = frames.DATA
            while kind not in (frames.END, frames.ERROR):
                kind, length = frames.HEADER.unpack(ours.recv(frames.HEADER.size))
                answers.append((kind, ours.recv(length) if length else b""))
        ours.close()
        process.wait(10)
    return answers


@pytest.fixture
def question(tmp_path):
    """A question to a query worker on an empty store."""
    with DataFolder(tmp_path / "data") as folder:
        folder.take()
        known = {"default_graphs": [], "named_graphs": [], "plain": False, "base": None, "rows": 0,
                 "bytes": 0, "solutions": "csv", "graph": "nt", "seconds": 20}  # fmt: skip
        yield {"snapshot": str(folder.snapshot()), **known}


@pytest.fixture
def nobody():
    """An address that hangs up on whoever connects, and whether somebody did."""
    came = threading.Event()

    def hang_up():
        with contextlib.suppress(OSError):
            server.accept()[0].close()
            came.set()

    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)
        thread = threading.Thread(target=hang_up)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/", came
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def test_it_is_found_out_without_confining_anybody():
    assert confinement.is_possible() is True
    socket.socket().close()


@pytest.mark.parametrize("calls", [False, True])
def test_only_a_question_that_may_call_opens_a_connection(question, nobody, calls):
    address, came = nobody
    text = f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}"
    ((kind, said),) = asked(QUERIES, "{}", {**question, "text": text, "calls": calls})
    assert kind == frames.ERROR
    assert ("ermission denied" in said.decode()) is not calls
    assert came.is_set() is calls


def test_a_worker_that_was_confined_stays_so(question):
    plain = {**question, "text": "ASK {}", "calls": False}
    text = "SELECT * { SERVICE <http://127.0.0.1:8/> { ?s ?p ?o } }"
    *_, (kind, said) = asked(QUERIES, "{}", plain, plain, {**question, "text": text, "calls": True})
    assert kind == frames.ERROR
    assert "ermission denied" in said.decode()
