# SPDX-License-Identifier: Apache-2.0
"""Killed while submissions are approved, nothing acknowledged is lost, nothing is there twice."""

import os
import random
import signal
import subprocess
import sys
import time

from biennien_graph.datafolder import DataFolder
from biennien_graph.submissions import Revision

ROUNDS = int(os.environ.get("BIENNIEN_KILL_ROUNDS", "20"))
SUBMISSIONS = 400

# Two editors approve every open submission at once; each change that one of them made is said.
APPROVER = """
import asyncio, sys
from pathlib import Path
from biennien_api.service import Service
from biennien_api.settings import Settings
from biennien_graph.errors import BiennienError
from biennien_graph.tokens import Token

EDITORS = [Token(str(n), name, "editor", "", None, None, None) for n, name in enumerate("AB")]

async def approve(proposals, number, editor):
    try:
        outcome = await proposals.approve(number, 1, editor)
    except BiennienError:
        return
    print(number, outcome.position, flush=True)

async def main():
    async with Service(Settings(data=Path(sys.argv[1]), workers=1, memory=0)).running() as service:
        print("open", flush=True)
        kept = service.proposals.kept
        while found := kept.all(state="open", limit=1):
            await asyncio.gather(*(approve(service.proposals, found[0].id, e) for e in EDITORS))

asyncio.run(main())
"""


def propose(folder) -> None:
    """Each adds one quad of its own."""
    with DataFolder(folder) as opened:
        assert opened.take()
        opened.snapshot()
        for n in range(1, SUBMISSIONS + 1):
            added = f'<urn:s:{n}> <urn:number> "{n}" <urn:g> .\n'.encode()
            opened.submissions.propose(Revision(1, "Mai", "2024", "thêm", 0, added, b""))


def run_and_kill(folder, after: float, *, once_approved: bool) -> dict[int, int]:
    """Kill the service some seconds after it has opened, or after the first approval that it
    acknowledged; what it acknowledged.
    """
    service = subprocess.Popen(
        [sys.executable, "-c", APPROVER, str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert service.stdout.readline() == "open\n"
    first = service.stdout.readline() if once_approved else ""
    time.sleep(after)
    service.send_signal(signal.SIGKILL)
    said, _ = service.communicate()
    lines = (first + said).splitlines(keepends=True)
    return dict(map(int, line.split()) for line in lines if line.endswith("\n"))


def test_after_every_kill_each_acknowledged_approval_is_there_once(tmp_path, record_property):
    chance, folder = random.Random(7), tmp_path / "var"
    propose(folder)
    acknowledged: dict[int, int] = {}
    for number in range(ROUNDS):
        once_approved = number % 4 != 0  # every fourth may be killed at its first approval
        said = run_and_kill(folder, chance.uniform(0.02, 1.5), once_approved=once_approved)
        assert not acknowledged.keys() & said.keys()
        acknowledged |= said
        with DataFolder(folder) as opened:
            assert opened.take()
            quads = [int(quad.object.value) for quad in opened.view().quads(graph="urn:g")]
            changes = {int(c.submission): c.position for c in opened.journal.since(0)}
            published = opened.submissions.all(state="published", limit=SUBMISSIONS)
            assert opened.journal.verify() == len(changes)
            assert opened.audit.verify() == len(changes)
        assert {one.id: one.position for one in published} == changes
        assert sorted(quads) == sorted(changes)
        assert acknowledged.items() <= changes.items()
    assert len(acknowledged) >= ROUNDS * 3 // 4
    record_property("kills", ROUNDS)
    record_property("acknowledged", len(acknowledged))
    record_property("recorded", len(changes))
