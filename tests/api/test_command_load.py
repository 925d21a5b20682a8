# SPDX-License-Identifier: Apache-2.0
"""`biennien load` and `biennien validate`: what is taken, what is refused, and in which words."""

import json
import re
import shutil
from functools import partial

import pytest

PEOPLE = 'SELECT ?l { ?p a rico:Person ; rdfs:label ?l FILTER(LANG(?l) = "vi") } ORDER BY ?l'


def published(biennien, data):
    """The names of the people in a data folder."""
    outcome = biennien("query", PEOPLE, "--data", data, "-f", "csv")
    assert outcome.code == 0, outcome.err
    return outcome.out.splitlines()[1:]


def state(outcome, graph):
    """What the report says came of an entry."""
    found = re.search(rf"^(\w+) +{re.escape(graph)} ", outcome.out, re.MULTILINE)
    return found and found[1]


@pytest.fixture
def data(small_folder, tmp_path):
    """A data folder of one entry, to load into."""
    shutil.copytree(small_folder, tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def unsupported(entry):
    """An entry with statements that no passage backs."""
    file = entry("tran-van-hai", "Trần Văn Hai")
    text = file.read_text("utf-8")
    supported = text[: text.index("  bn:evidence")]
    file.write_text(supported.rstrip().rstrip(";") + " .\n", encoding="utf-8")
    return file


# Loading


def test_loading_again_changes_nothing(biennien, entry, data):
    again = biennien("load", entry(), "--data", data)
    assert again.code == 0
    assert "no change was recorded" in again.out
    assert "Change" not in again.out


def test_the_bundled_entries_are_loaded_already(biennien, service):
    outcome = biennien("load", "--data", service.data)
    assert outcome.code == 0
    assert "no change was recorded" in outcome.out
    assert "Change" not in outcome.out


def test_an_entry_that_changed_replaces_what_was_there(biennien, entry, data):
    outcome = biennien("load", entry(label="Nguyễn Thị Thừ"), "--data", data)
    assert outcome.code == 0, outcome.out
    assert "Change 2: " in outcome.out
    assert published(biennien, data) == ["Nguyễn Thị Thừ"]


def test_a_folder_of_entries_is_loaded_as_one_change(biennien, entry, tmp_path):
    folder, data = entry().parent, tmp_path / "data"
    entry("tran-van-hai", "Trần Văn Hai")
    outcome = biennien("load", folder, "--data", data, "-m", "hai người", "--json")
    assert outcome.code == 0
    assert outcome.err == ""
    found = json.loads(outcome.out)
    assert found["position"] == 1
    assert found["added"] > 20
    assert found["report"]["conforms"] is True
    assert [entry["state"] for entry in found["entries"]] == ["loaded", "loaded"]
    for loaded in found["entries"]:
        assert (loaded["statements"], loaded["claims"], loaded["passages"]) == (2, 2, 1)


# Quotes against the texts


def test_quotes_are_compared_where_the_text_is_at_hand(biennien, at_once, entry, note, tmp_path):
    run = partial(biennien, "load", entry(), "--data")
    without, with_texts = at_once(
        [
            partial(run, tmp_path / "one"),
            partial(run, tmp_path / "two", sources=str(note.parent)),
        ]
    )
    assert "not checked against the source texts" in without.out
    assert with_texts.code == 0, with_texts.out
    assert "1 quotes checked against the source texts." in with_texts.out


def test_a_quote_that_stands_elsewhere_is_refused_with_its_place(biennien, entry, note, tmp_path):
    file = entry()
    file.write_text(file.read_text("utf-8").replace("oa:start 9", "oa:start 7"), encoding="utf-8")
    outcome = biennien("load", file, "--data", tmp_path / "data", "--sources", note.parent)
    assert state(outcome, "graph/authority/nguyen-thi-thu") == "refused"
    assert "it stands at 9" in outcome.out
    assert "Change" not in outcome.out
    assert outcome.code == 1


def test_a_text_of_another_hash_is_refused(biennien, entry, note, tmp_path):
    note.write_text(note.read_text("utf-8") + "!", encoding="utf-8")
    outcome = biennien("load", entry(), "--data", tmp_path / "data", "--sources", note.parent)
    assert "SHA-256" in outcome.out
    assert outcome.code == 1


def test_a_folder_of_texts_that_is_not_there_is_named(biennien, entry, tmp_path):
    none = tmp_path / "none"
    outcome = biennien("load", entry(), "--data", tmp_path / "data", "--sources", none)
    assert outcome.code == 2
    assert str(none) in outcome.err


# What cannot be read


def test_a_syntax_error_stops_everything(biennien, entry, tmp_path):
    good, bad = entry(), entry("tran-van-hai", "Trần Văn Hai")
    lines = bad.read_text("utf-8").splitlines()
    at = next(n for n, line in enumerate(lines, 1) if "rdfs:label" in line)
    lines[at - 1] = '  rdfs:label "Trần Văn Hai"@vi "Trần Văn Hai"@en ;'
    bad.write_text("\n".join(lines), encoding="utf-8")
    outcome = biennien("load", good, bad, "--data", tmp_path / "data")
    assert outcome.code == 1
    assert outcome.out == ""
    assert f"{bad}:{at}:" in outcome.err
    column = int(outcome.err.partition(f"{bad}:{at}:")[2].partition(":")[0])
    assert lines[at - 1][column - 1 :].startswith('"Trần Văn Hai"@en')
    assert len(outcome.err.splitlines()) == 1
    assert published(biennien, tmp_path / "data") == []


# Name of the file, its content, exit code, and what has to be said beside the name.
ENTRY = b"a <https://w3id.org/biennien/ontology#Entry> ."
UNREADABLE = [
    ("none.ttl", b"<a:s> <a:p> <a:o> .", 1, "declares exactly one bn:Entry"),
    ("two.ttl", b"<a:s> " + ENTRY + b"<a:t> " + ENTRY, 1, "declares 2"),
    ("utf-16.ttl", "<a:s> <a:p> 'Điện Biên' .".encode("utf-16"), 1, "utf-16.ttl:1:1: "),
    ("tcvn.ttl", b"<a:s> <a:p> <a:o> .\n<a:s> <a:p> '\xa7i\xd6n' .", 1, "tcvn.ttl:2:14: "),
    ("cut.nt", b"<a:s> <a:p> <a:o", 1, "cut.nt:1:"),
    ("bad.jsonld", b'{"@id": ', 1, "bad.jsonld:"),
    ("remote.jsonld", b'{"@context": "http://127.0.0.1:9/c"}', 1, "remote.jsonld"),
    ("notes.txt", b"hello", 2, "Known: .ttl"),
    ("missing.ttl", None, 2, "No such file"),
]


@pytest.fixture(scope="module")
def unread(biennien, at_once, tmp_path_factory):
    """What loading each of the unreadable files ended with."""
    folder = tmp_path_factory.mktemp("unreadable")
    for name, content, _, _ in UNREADABLE:
        if content is not None:
            (folder / name).write_bytes(content)
    outcomes = at_once(
        partial(biennien, "load", folder / name, "--data", folder / f"data-{name}")
        for name, *_ in UNREADABLE
    )
    return folder, outcomes


@pytest.mark.parametrize("number", range(len(UNREADABLE)), ids=[case[0] for case in UNREADABLE])
def test_a_file_that_is_no_entry_is_named(unread, number):
    folder, outcomes = unread
    name, _, code, words = UNREADABLE[number]
    outcome = outcomes[number]
    assert outcome.code == code
    assert str(folder / name) in outcome.err
    assert words in outcome.err
    assert len(outcome.err.splitlines()) == 1
    assert outcome.out == ""


def test_two_files_of_one_entry_are_both_named(biennien, entry, tmp_path):
    file = entry()
    other = file.with_name("again.ttl")
    other.write_bytes(file.read_bytes())
    outcome = biennien("load", file, other, "--data", tmp_path / "data")
    assert outcome.code == 1
    assert str(file) in outcome.err
    assert str(other) in outcome.err


def test_a_folder_without_entries_is_named(biennien, tmp_path):
    (tmp_path / "empty").mkdir()
    outcome = biennien("load", tmp_path / "empty", "--data", tmp_path / "data")
    assert outcome.code == 2
    assert str(tmp_path / "empty") in outcome.err


def test_a_passage_that_lacks_something_is_named(biennien, at_once, entry, tmp_path):
    cases = [
        ("; oa:start 9", "", "oa:start"),
        ("oa:hasSource <source/note> ;", "", "names no source"),
    ]
    text, files = entry().read_text("utf-8"), []
    for number, (before, after, _) in enumerate(cases):
        files.append(tmp_path / f"passage-{number}.ttl")
        files[-1].write_text(text.replace(before, after), encoding="utf-8")
    outcomes = at_once(partial(biennien, "validate", file) for file in files)
    for (_, _, words), file, outcome in zip(cases, files, outcomes, strict=True):
        assert outcome.code == 1
        assert str(file) in outcome.out
        assert words in outcome.out


# What does not conform


def test_an_entry_that_does_not_conform_is_refused_and_the_others_are_loaded(
    biennien, entry, unsupported, tmp_path
):
    outcome = biennien("load", unsupported, entry(), "--data", tmp_path / "data")
    assert state(outcome, "graph/authority/tran-van-hai") == "refused"
    assert state(outcome, "graph/authority/nguyen-thi-thu") == "loaded"
    assert "This statement cites no passage" in outcome.out
    assert "id/person/tran-van-hai" in outcome.out
    assert "Does not conform." in outcome.out
    assert published(biennien, tmp_path / "data") == ["Nguyễn Thị Thử"]
    assert outcome.code == 1


def test_a_refused_entry_leaves_what_was_there(biennien, unsupported, data):
    text = unsupported.read_text("utf-8").replace("tran-van-hai", "nguyen-thi-thu")
    unsupported.write_text(text, encoding="utf-8")
    outcome = biennien("load", unsupported, "--data", data)
    assert state(outcome, "graph/authority/nguyen-thi-thu") == "refused"
    assert "Change" not in outcome.out
    assert published(biennien, data) == ["Nguyễn Thị Thử"]
    assert outcome.code == 1


def test_a_report_speaks_the_stewards_language(biennien, at_once, unsupported):
    in_vietnamese, as_json = at_once(
        [
            partial(biennien, "validate", unsupported, "--lang", "vi"),
            partial(biennien, "validate", unsupported, "--json"),
        ]
    )
    assert "Nhận định này chưa dẫn đoạn văn nào" in in_vietnamese.out
    assert "Không hợp lệ." in in_vietnamese.out
    assert str(unsupported) in in_vietnamese.out
    found = json.loads(as_json.out)
    assert found["conforms"] is False
    for result in found["results"]:
        assert result["entry"].endswith("graph/authority/tran-van-hai")
        assert result["severity"] in ("Violation", "Warning", "Info")
        assert set(result["message"]) == {"vi", "en"}
    assert (in_vietnamese.code, as_json.code) == (1, 1)


def test_validating_changes_nothing(biennien, at_once, entry, small_folder, tmp_path):
    other = entry("tran-van-hai", "Trần Văn Hai")
    alone, beside = at_once(
        [
            partial(biennien, "validate", other, "--data", tmp_path / "none"),
            partial(biennien, "validate", other, "--data", small_folder, "--lang", "vi"),
        ]
    )
    assert (alone.code, beside.code) == (0, 0)
    assert "Conforms." in alone.out
    assert "Hợp lệ." in beside.out
    assert not (tmp_path / "none").exists()
    assert published(biennien, small_folder) == ["Nguyễn Thị Thử"]


def test_validating_names_a_syntax_error(biennien, tmp_path):
    file = tmp_path / "bad.ttl"
    file.write_bytes(b"<a:s> <a:p> .")
    outcome = biennien("validate", file)
    assert outcome.code == 1
    assert f"{file}:1:13: Violation: " in outcome.out
