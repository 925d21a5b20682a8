# SPDX-License-Identifier: Apache-2.0
"""What “How to see what is wrong with an entry” shows is what happens."""

import re
import subprocess
from pathlib import Path

import pytest

from biennien_api.stewardship.validation_description import Found

PAGE = (Path(__file__).parents[2] / "docs" / "validating.md").read_text(encoding="utf-8")
ENTRY = re.findall(r"```turtle\n(.*?)```", PAGE, re.DOTALL)[0]
SHOWN = re.findall(r"```console\n\$ (.*?[^\\])\n(.*?)```", PAGE, re.DOTALL)
CURL = [(command, shown) for command, shown in SHOWN if command.startswith("curl")]
BIENNIEN = [(command, shown) for command, shown in SHOWN if command.startswith("biennien")]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "vi-du.ttl").write_text(ENTRY, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(("command", "shown"), CURL, ids=["text", "json"])
def test_a_request_is_answered_as_the_page_shows(client, folder, command, shown):
    here = command.replace("http://127.0.0.1:8000", str(client.base_url).rstrip("/"))
    done = subprocess.run(
        ["bash", "-c", here], capture_output=True, encoding="utf-8", check=True, cwd=folder
    )
    assert done.stdout.strip() == shown.strip()


def test_the_command_prints_what_the_page_shows(biennien, folder):
    ((command, shown),) = BIENNIEN
    outcome = biennien(*command.split()[1:], cwd=folder)
    assert outcome.out.startswith(shown.removesuffix("…\n"))
    assert outcome.code == 1


def test_the_page_names_every_key_of_a_result():
    named = set(re.findall(r"`(\w+)`", PAGE))
    assert set(Found.model_fields) <= named
