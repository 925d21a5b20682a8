# SPDX-License-Identifier: Apache-2.0
"""A service that reads from memory: when it changes over, and what it leaves behind."""

import os
import shutil
import signal
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="It reads from disk only.")

PEOPLE = "SELECT (COUNT(*) AS ?n) { ?person a rico:Person }"


@pytest.fixture
def data(small_folder, tmp_path):
    """A data folder of one entry, to serve."""
    shutil.copytree(small_folder, tmp_path / "data")
    return tmp_path / "data"


def reads(service):
    return httpx.get(f"{service.url}readyz").json()["reads"]


def people(service):
    answer = httpx.get(f"{service.url}sparql", params={"query": PEOPLE, "format": "csv"})
    assert answer.status_code == 200
    return int(answer.text.split()[1])


def below(pid):
    """All processes that a process has started, and theirs."""
    files = Path(f"/proc/{pid}/task").glob("*/children")
    children = [int(child) for file in files for child in file.read_text().split()]
    return children + [other for child in children for other in below(child)]


def test_a_service_answers_at_once_and_then_reads_from_memory(serve, data, tmp_path, wait_until):
    with serve(data, tmp_path / "log") as service:
        assert people(service) == 1
        wait_until(lambda: reads(service) == "memory", "the copy is loaded")
        assert people(service) == 1


def test_what_another_process_loads_is_seen_before_and_after(
    serve, biennien, data, entry, tmp_path, wait_until
):
    with serve(data, tmp_path / "log") as service:
        wait_until(lambda: reads(service) == "memory", "the copy is loaded")
        outcome = biennien("load", entry("tran-van-hai", "Trần Văn Hai"), "--data", data)
        assert outcome.code == 0, outcome.err
        assert people(service) == 2
        wait_until(lambda: reads(service) == "memory", "the copy is loaded again")
        assert people(service) == 2


def test_without_memory_it_reads_from_disk(serve, data, tmp_path):
    with serve(data, tmp_path / "log", memory="0") as service:
        assert people(service) == 1
        assert reads(service) == "disk"


def test_data_that_do_not_fit_are_read_from_disk_and_one_line_says_so(
    serve, data, tmp_path, wait_until
):
    with serve(data, tmp_path / "log", memory="1") as service:
        said = tmp_path / "log"
        wait_until(lambda: "do not fit" in said.read_text(encoding="utf-8"), "it is said")
        assert people(service) == 1
        assert reads(service) == "disk"
    assert said.read_text(encoding="utf-8").count("do not fit into 1 MiB") == 1


@pytest.mark.parametrize("way", [signal.SIGTERM, signal.SIGKILL], ids=lambda way: way.name)
def test_nothing_runs_on_after_the_service(serve, data, tmp_path, wait_until, way):
    with serve(data, tmp_path / "log") as service:
        wait_until(lambda: reads(service) == "memory", "the copy is loaded")
        assert people(service) == 1
        processes = below(service.process.pid)
        assert len(processes) >= 2
        service.process.send_signal(way)
        service.process.wait(10)
        wait_until(lambda: not any(map(is_running, processes)), "they have ended")


def is_running(pid):
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
