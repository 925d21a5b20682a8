# SPDX-License-Identifier: Apache-2.0
"""Data folders that are foreign or damaged: recognised, named, and left as they are."""

import json
import shutil
from functools import partial

import pytest

COMMANDS = {
    "load": ["load"],
    "query": ["query", "ASK {}"],
    "check": ["check"],
    "serve": ["serve", "--port", "0"],
}


def foreign(data):
    shutil.rmtree(data)
    data.mkdir()
    (data / "chapter-1.txt").write_text("Năm 1954, …", encoding="utf-8")


def a_file(data):
    shutil.rmtree(data)
    data.write_text("x", encoding="utf-8")


def damaged_marker(data):
    (data / "biennien.json").write_text("garbage", encoding="ascii")


def marker_of_another_kind(data):
    (data / "biennien.json").write_text("[]", encoding="ascii")


def newer_format(data):
    marker = data / "biennien.json"
    content = json.loads(marker.read_text("ascii"))
    marker.write_text(json.dumps({**content, "format": 99}), encoding="ascii")


def other_default_graph(data):
    marker = data / "biennien.json"
    content = json.loads(marker.read_text("ascii"))
    marker.write_text(json.dumps({**content, "defaultGraph": "own"}), encoding="ascii")


def damaged_store(data):
    (data / "store" / "CURRENT").write_text("garbage", encoding="ascii")


def no_store(data):
    shutil.rmtree(data / "store")
    (data / "store").mkdir()
    (data / "store" / "notes.txt").write_text("ghi chú", encoding="utf-8")


def damaged_journal(data):
    for leftover in data.glob("journal.sqlite-*"):
        leftover.unlink()
    (data / "journal.sqlite").write_bytes(b"garbage " * 1000)


# What is wrong with the folder, which commands meet it, and what they have to name.
CASES = [
    (foreign, "load query serve", "data"),
    (a_file, "load", "data"),
    (damaged_marker, "load query", "data/biennien.json"),
    (marker_of_another_kind, "check", "data/biennien.json"),
    (newer_format, "check", "99"),
    (other_default_graph, "serve", "BIENNIEN_DEFAULT_GRAPH"),
    (damaged_store, "load check serve", "data/store"),
    (no_store, "load", "data/store"),
    (damaged_journal, "load", "data/journal.sqlite"),
]
MEETINGS = [
    (spoil, command, words) for spoil, commands, words in CASES for command in commands.split()
]
NAMES = [f"{spoil.__name__}-{command}" for spoil, command, _ in MEETINGS]


def contents(folder):
    """Every file with its bytes, but for RocksDB's own log and the locks."""
    files = [folder] if folder.is_file() else sorted(folder.rglob("*"))
    return {
        file.relative_to(folder.parent): file.read_bytes()
        for file in files
        if file.is_file() and not file.name.startswith(("LOG", "LOCK", "writer.lock", "changes."))
    }


@pytest.fixture(scope="module")
def met(biennien, at_once, small_folder, tmp_path_factory):
    """For each meeting: the outcome, and whether the folder is as it was."""
    entry = next(small_folder.parent.glob("entries/*.ttl"))

    def meet(spoil, command):
        data = tmp_path_factory.mktemp(spoil.__name__) / "data"
        shutil.copytree(small_folder, data)
        spoil(data)
        before = contents(data)
        files = [entry] if command == "load" else []
        outcome = biennien(*COMMANDS[command], *files, "--data", data)
        return outcome, contents(data) == before

    return at_once(partial(meet, spoil, command) for spoil, command, _ in MEETINGS)


@pytest.mark.parametrize(
    "number",
    range(len(MEETINGS)),
    ids=[f"{meeting[0].__name__}-{meeting[1]}" for meeting in MEETINGS],
)
def test_a_folder_that_is_not_right_is_named_and_left_as_it_is(met, number):
    spoil, command, words = MEETINGS[number]
    outcome, untouched = met[number]
    said = outcome.out + outcome.err
    assert words in said
    assert "internal error" not in said
    assert "Traceback" not in said
    assert untouched
    if command == "check" and spoil is damaged_store:
        assert "WRONG  store" in outcome.out
        assert outcome.code == 1
    elif command == "query" and spoil is foreign:
        assert outcome.code in (2, 3)
    else:
        assert outcome.code == 3
        assert len(outcome.err.splitlines()) == 1


def test_a_folder_that_cannot_be_made_is_named(biennien, entry, tmp_path):
    file = tmp_path / "file"
    file.write_text("x", encoding="utf-8")
    outcome = biennien("load", entry(), "--data", file / "below")
    assert outcome.code == 3
    assert str(file) in outcome.err
    assert "internal error" not in outcome.err


def test_a_store_that_was_thrown_away_is_made_again(biennien, small_folder, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(small_folder, data)
    shutil.rmtree(data / "store")
    shutil.rmtree(data / "snapshots", ignore_errors=True)
    query = "SELECT ?label { ?person a rico:Person ; rdfs:label ?label }"
    outcome = biennien("query", query, "--data", data)
    assert outcome.code == 0, outcome.err
    assert "Nguyễn Thị Thử" in outcome.out


def test_an_empty_folder_is_taken(biennien, entry, tmp_path):
    (tmp_path / "data").mkdir()
    outcome = biennien("load", entry(), "--data", tmp_path / "data")
    assert outcome.code == 0, outcome.err
