# SPDX-License-Identifier: Apache-2.0
"""What the README shows is what happens."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def split(block: str) -> tuple[str, str]:
    """The command, which may go on over several lines, and what it prints."""
    lines = block.split("\n")
    for count in range(1, len(lines) + 1):
        command = "\n".join(lines[:count])
        try:
            shlex.split(command)
        except ValueError:
            continue
        return command, "\n".join(lines[count:])
    raise ValueError(block)


BLOCKS = [
    split(block) for block in re.findall(r"```console\n\$ (curl .*?)\n```", README, re.DOTALL)
]


def test_the_readme_has_three_things_to_try():
    assert len(BLOCKS) == 3


@pytest.mark.skipif(shutil.which("curl") is None, reason="install curl for this test")
@pytest.mark.parametrize(("command", "expected"), BLOCKS, ids=["sparql", "json-ld", "list"])
def test_an_example_prints_what_the_readme_says(client, command, expected):
    address = str(client.base_url).rstrip("/")
    here = command.replace("http://127.0.0.1:8000", address)
    done = subprocess.run(["bash", "-c", here], capture_output=True, encoding="utf-8", check=True)
    printed = done.stdout.replace(address, "http://127.0.0.1:8000").replace("\r", "")
    assert printed.strip() == expected.strip()
