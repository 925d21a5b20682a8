# SPDX-License-Identifier: Apache-2.0
"""The commands of docs/rest.md run, and what they ask for is there."""

import re
import shlex
from pathlib import Path

import pytest

_TEXT = (Path(__file__).resolve().parents[2] / "docs" / "rest.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\$ curl -s (.+)$", _TEXT, re.MULTILINE)
HOST = "http://127.0.0.1:8000"


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_documentation_finds_something(client, command):
    address, *options = shlex.split(command)
    headers = dict(value.split(": ") for value in options[1::2])
    response = client.get(address.removeprefix(HOST), headers=headers)
    assert response.status_code == 200, response.text
    if response.headers["content-type"].startswith("text/csv"):
        assert response.text.count("\r\n") > 1
    else:
        found = response.json()
        assert found.get("items") or found.get("features") or found.get("edges")


def test_there_are_commands():
    assert len(COMMANDS) > 6
