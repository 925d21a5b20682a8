# SPDX-License-Identifier: Apache-2.0
"""What docs/json-ld.md shows is what happens."""

import contextlib
import io
import json
import re
from pathlib import Path

import pytest

from biennien_graph import jsonld
from biennien_graph.jsonld.profiles import PROFILES
from biennien_graph.terms import RICO

GUIDE = (Path(__file__).parents[2] / "docs" / "json-ld.md").read_text(encoding="utf-8")
TERMS = json.loads(jsonld.document())["@context"]
TABLE = dict(re.findall(r"^\| `(\w+)` \| `rico:(\w+)`", GUIDE, re.MULTILINE))


def test_the_examples_print_what_the_guide_says(client):
    address = str(client.base_url).rstrip("/")
    blocks = re.findall(r"```python\n(.*?)```\n```text\n(.*?)```", GUIDE, re.DOTALL)
    assert len(blocks) == 2
    names = {}
    for code, expected in blocks:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(code.replace("http://127.0.0.1:8000", address), names)
        assert printed.getvalue() == expected


def test_a_key_of_ric_o_is_its_name_without_has_and_is_or_stands_in_the_table():
    by_rule = re.compile(r"^(?:hasOrHad|isOrWas|has|is)(?=[A-Z])")
    found = {
        key: iri
        for key, term in TERMS.items()
        if "@reverse" not in str(term)
        and (iri := str(term.get("@id") if isinstance(term, dict) else term)).startswith("rico:")
        and key[0].islower()
    }
    assert len(found) > 90
    for key, iri in found.items():
        name = by_rule.sub("", iri.removeprefix("rico:"))
        expected = name[0].lower() + name[1:]
        assert key == expected or TABLE.get(key) == iri.removeprefix("rico:"), key
    assert {f"rico:{name}" for name in TABLE.values()} <= set(found.values())
    assert all(hasattr(RICO, name) for name in TABLE.values())


@pytest.mark.parametrize("name", PROFILES)
def test_the_guide_has_every_profile(name):
    assert f"| `{name}` |" in GUIDE
