# SPDX-License-Identifier: Apache-2.0
"""`biennien validate`: every syntax, every format of the report, and its exit codes."""

import json
from functools import partial

import pyoxigraph as ox

from biennien_graph.terms import PREFIXES, RDF

BROKEN = """<https://w3id.org/biennien/graph/x> a <https://w3id.org/biennien/ontology#Entry> .
<https://w3id.org/biennien/id/person/x>
  <https://www.ica.org/standards/RiC/ontology#hasAuthro> <urn:y> .
"""
COLUMN = BROKEN.splitlines()[2].index("<urn:y>") + 1


def test_a_report_is_printed_in_every_format(biennien, at_once, tmp_path):
    file = tmp_path / "x.ttl"
    file.write_text(BROKEN, encoding="utf-8")
    formats = ("text", "json", "turtle", "jsonld")
    outcomes = at_once(partial(biennien, "validate", file, "-f", name) for name in formats)
    text, as_json, turtle, jsonld = (outcome.out for outcome in outcomes)
    assert [outcome.code for outcome in outcomes] == [1] * 4
    assert f"{file}:3:{COLUMN}: Violation: " in text
    assert "\033" not in text
    assert json.loads(as_json)["conforms"] is False
    for content, syntax in ((turtle, ox.RdfFormat.TURTLE), (jsonld, ox.RdfFormat.JSON_LD)):
        values = {quad.object.value for quad in ox.parse(content, format=syntax)}
        assert f"{PREFIXES['sh']}ValidationReport" in {str(value) for value in values}


def test_standard_input_and_files_of_many_syntaxes_are_validated_together(biennien, tmp_path):
    triples, broken = tmp_path / "x.nt", tmp_path / "x.jsonld"
    lines = BROKEN.replace(" a <", f" <{RDF.type}> <").replace("\n  ", " ")
    triples.write_text(lines, encoding="utf-8")
    broken.write_text('{"@id": "urn:x"', encoding="utf-8")
    stdin = BROKEN.replace("/x>", "/z>")
    outcome = biennien("validate", "-", triples, broken, "--json", stdin=stdin)
    report = json.loads(outcome.out)
    assert [file["name"] for file in report["files"]] == ["-", str(triples), str(broken)]
    misspelt = {(r["file"], r["line"]) for r in report["results"] if "term#" in r["sourceShape"]}
    assert misspelt == {("-", 3), (str(triples), 2)}
    assert outcome.code == 1


def test_wrong_use_ends_with_two(biennien, at_once, tmp_path):
    cases = (["no-such-file.ttl"], ["-", "-"], [tmp_path, "-f", "yaml"], ["-", "--lang", "fr"])
    outcomes = at_once(partial(biennien, "validate", *case, stdin="") for case in cases)
    assert [outcome.code for outcome in outcomes] == [2, 2, 2, 2]


def test_a_data_folder_that_cannot_be_used_ends_with_three(biennien, tmp_path):
    (tmp_path / "biennien.json").write_text("{}", encoding="utf-8")
    outcome = biennien("validate", "-", "--data", tmp_path, stdin=BROKEN)
    assert outcome.code == 3


def test_help_has_examples(biennien):
    outcome = biennien("validate", "--help")
    assert "biennien validate data/records --sources texts --lang vi" in outcome.out
    assert "biennien validate - --format json < entry.ttl" in outcome.out
