# SPDX-License-Identifier: Apache-2.0
"""What docs/stewards.md tells is what happens."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from stewards import NOTE

from biennien_graph.submissions.rules import RULES

PAGE = (Path(__file__).parents[2] / "docs" / "stewards.md").read_text(encoding="utf-8")
STEP = re.compile(r"```sh\n(.*?)```(?:\n\n```text\n(.*?)```)?", re.DOTALL)
WHO = {"anyone": "", "submitter": ", the submitter", "another": ", another"}


def test_the_table_is_the_one_in_the_code():
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \| (.*?) \|$", PAGE, re.MULTILINE)
    assert rows == [
        (
            action,
            rule.role + WHO[rule.who],
            ", ".join(rule.before) or "–",
            rule.after or "as before",
        )
        for action, rule in RULES.items()
    ]


@pytest.fixture
def walk(small_folder, serve, tmp_path):
    """Run commands as a steward would, in a folder of their own; what each step says."""
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "note.txt").write_text(NOTE, encoding="utf-8")
    kept = {name: text for name, text in os.environ.items() if not name.startswith("BIENNIEN_")}
    programs = f"{Path(sys.executable).parent}:{kept['PATH']}"

    shutil.copytree(small_folder, tmp_path / "data")

    def run(steps: list[str]) -> list[str]:
        with serve(tmp_path / "data", tmp_path / "log", sources=str(texts)) as service:
            known = {"BASE": service.url.rstrip("/"), "TEXTS": str(texts), "PATH": programs}
            done = subprocess.run(
                ["bash", "-eu", "-c", "echo; echo STEP;".join(steps)],
                cwd=tmp_path,
                env=kept | known | {"BIENNIEN_DATA": str(service.data)},
                capture_output=True,
                encoding="utf-8",
                check=False,
                timeout=300,
            )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.split("\nSTEP\n")

    return run


def test_a_broken_entry_is_mended_proposed_published_and_undone(walk):
    steps = STEP.findall(PAGE)
    said = walk([commands for commands, _ in steps])
    assert len(said) == len(steps) > 7
    report = said[1]
    assert "exit code 1" in report
    assert "2 violations" in report or report.count("iolation") >= 2
    for (commands, shown), found in zip(steps, said, strict=True):
        if shown:
            lines = found.replace("\r", "").rstrip("\n").splitlines()
            assert lines[-shown.count("\n") :] == shown.splitlines(), commands
