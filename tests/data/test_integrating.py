# SPDX-License-Identifier: Apache-2.0
"""What “How to build on the service” shows is what happens, in curl, Python and JavaScript."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "integrating.md").read_text(encoding="utf-8")
HERE = "http://127.0.0.1:8000"
CONSOLE = re.findall(r"```console\n\$ (curl .*?)\n```", PAGE, re.DOTALL)
PROGRAMS = re.findall(r"```(python|js)\n(.*?)```\n\n```text\n(.*?)```", PAGE, re.DOTALL)


def split(block: str) -> tuple[str, str]:
    """A command and what it prints; the quotes of a command that goes on are not closed yet."""
    lines = block.split("\n")
    count = next(n for n in range(1, len(lines) + 1) if "\n".join(lines[:n]).count("'") % 2 == 0)
    return "\n".join(lines[:count]), "\n".join(lines[count:])


def printed(client, command: list[str], text: str) -> str:
    """What a program prints that reads its text from standard input, with our address in it."""
    address = str(client.base_url).rstrip("/")
    done = subprocess.run(
        command,
        input=text.replace(HERE, address),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.replace(address, HERE).replace("\r", "").strip()


def test_every_example_is_run():
    assert PAGE.count("```console") == len(CONSOLE) > 4
    assert PAGE.count("```python") + PAGE.count("```js") == len(PROGRAMS) > 4


@pytest.mark.skipif(shutil.which("curl") is None, reason="install curl for this test")
@pytest.mark.parametrize("block", CONSOLE)
def test_a_command_prints_what_the_page_says(client, block):
    command, expected = split(block)
    assert printed(client, ["bash"], command) == expected.strip()


@pytest.mark.parametrize(("language", "program", "expected"), PROGRAMS)
def test_a_program_prints_what_the_page_says(client, language, program, expected):
    node = shutil.which("node")
    if language == "js" and node is None:
        pytest.skip("install Node.js 20 or newer for this test")
    command = [sys.executable, "-"] if language == "python" else [node, "--input-type=module", "-"]
    assert printed(client, command, program) == expected.strip()
