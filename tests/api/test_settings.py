# SPDX-License-Identifier: Apache-2.0
"""Every setting is in docs/settings.md with its default, and nothing else is."""

import re
from pathlib import Path

import pytest
from pydantic_core import PydanticUndefined

from biennien_api.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
_ROW = re.compile(r"^\| `(BIENNIEN_\w+)` \| (.*?) \| (.*?) \|$", re.MULTILINE)
# Where the tests find what does not come with the project; no setting of the service.
_FOR_TESTS = {"BIENNIEN_QUESTIONS", "BIENNIEN_REFERENCE"}


@pytest.fixture(scope="module")
def documented():
    """Variable → (default, meaning), as the table has them."""
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = _ROW.findall(text)
    assert len(rows) == len({name for name, *_ in rows}), "a setting stands there twice"
    return {name: (default, meaning) for name, default, meaning in rows}


def variables():
    """Variable → field, as the service has them."""
    return {f"BIENNIEN_{name.upper()}": field for name, field in Settings.model_fields.items()}


def test_every_setting_is_documented_and_nothing_else_is(documented):
    assert list(documented) == list(variables())


@pytest.mark.parametrize("name", variables())
def test_the_default_of_a_setting_is_documented(documented, name):
    default = variables()[name].default
    written, _ = documented[name]
    if default is PydanticUndefined:  # computed; said in words
        assert written
        assert not written.startswith("`")
    elif default in (None, ""):
        assert written == "none"
    else:
        assert written == f"`{default}`"


@pytest.mark.parametrize("name", variables())
def test_the_meaning_of_a_setting_is_documented_in_the_same_words(documented, name):
    _, meaning = documented[name]
    assert meaning == variables()[name].description


@pytest.mark.parametrize(
    "file",
    [ROOT / "README.md", ROOT / "Makefile", *sorted((ROOT / "docs").rglob("*.md"))],
    ids=lambda file: str(file.relative_to(ROOT)),
)
def test_no_document_names_a_setting_that_is_not_there(file):
    named = set(re.findall(r"BIENNIEN_[A-Z_]+[A-Z]", file.read_text(encoding="utf-8")))
    assert named - _FOR_TESTS <= set(variables())


def test_a_computed_default_is_what_its_words_say(monkeypatch):
    for name in variables():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("os.cpu_count", lambda: 6)
    assert Settings().workers == 12
    monkeypatch.setattr("os.cpu_count", lambda: None)
    assert Settings().workers == 8
