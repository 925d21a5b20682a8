# SPDX-License-Identifier: Apache-2.0
"""Killed at any moment, nothing acknowledged is lost, and nothing is there twice."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest

from biennien_graph.datafolder import DataFolder

ROUNDS = int(os.environ.get("BIENNIEN_KILL_ROUNDS", "20"))

# Writes changes one after the other and says each position once it is acknowledged. Change n adds
# one quad of its own, and replaces the one quad that counts; every tenth is a bulk load.
WRITER = """
import sys
from pathlib import Path
from biennien_graph import journal
from biennien_graph.datafolder import DataFolder

journal.BULK_BYTES = 20_000
with DataFolder(Path(sys.argv[1])) as folder:
    if not folder.take():
        sys.exit("the folder is in use")
    print("open", flush=True)
    folder.snapshot()
    while True:
        last = folder.journal.head()[0]
        n = last + 1
        added = [f'<urn:change:{n}> <urn:number> "{n}" <urn:g> .\\n'.encode(),
                 f'<urn:counter> <urn:count> "{n}" <urn:c> .\\n'.encode()]
        if n % 10 == 0:
            part = '<urn:bulk:%d:%d> <urn:part> "%d" <urn:b> .\\n'
            added += [(part % (n, i, n)).encode() for i in range(500)]
        removed = [f'<urn:counter> <urn:count> "{last}" <urn:c> .\\n'.encode()] if last else []
        folder.record(added, removed, agent="writer", message="", after=last)
        print(n, flush=True)
"""


def run_and_kill(folder, after: float, *, once_open: bool) -> tuple[bool, int]:
    """Kill the writer some seconds after its start, or after it has opened the folder.

    Whether the folder opened, and the last position acknowledged, 0 for none.
    """
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    first = writer.stdout.readline() if once_open else ""
    time.sleep(after)
    writer.send_signal(signal.SIGKILL)
    said, complaint = writer.communicate()
    assert complaint == ""
    lines = (first + said).splitlines()
    return lines[:1] == ["open"], int(lines[-1]) if len(lines) > 1 else 0


def contents(folder) -> tuple[int, dict[str, list[str]]]:
    """The head of the journal, and the objects by graph after catching up."""
    with DataFolder(folder) as opened:
        assert opened.take()
        found = {
            name: [quad.object.value for quad in opened.view().quads(graph=f"urn:{name}")]
            for name in "gcb"
        }
        assert opened.journal.verify() == opened.journal.head()[0]
        return opened.journal.head()[0], found


@pytest.mark.parametrize("seed", [7])
def test_after_every_kill_each_acknowledged_change_is_there_once(tmp_path, seed, record_property):
    chance = random.Random(seed)
    folder = tmp_path / "var"
    opened = acknowledged = 0
    for number in range(ROUNDS):
        once_open = number % 4 != 0  # every fourth may be killed while it opens
        did_open, last = run_and_kill(folder, chance.uniform(0.02, 0.6), once_open=once_open)
        opened += did_open
        acknowledged = max(acknowledged, last)
        head, found = contents(folder)
        assert head >= acknowledged
        assert sorted(map(int, found["g"])) == list(range(1, head + 1))
        assert found["c"] == ([str(head)] if head else [])
        assert len(found["b"]) == 500 * (head // 10)
    assert opened >= ROUNDS * 3 // 4
    assert acknowledged > 0
    record_property("kills", ROUNDS)
    record_property("acknowledged", acknowledged)
    record_property("recorded", head)
