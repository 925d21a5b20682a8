# SPDX-License-Identifier: Apache-2.0
"""The command line as people use it: help, version, settings, query, check."""

import json
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib import metadata

import pytest

COMMANDS = ["serve", "load", "validate", "query", "check"]
PEOPLE = "SELECT ?label { ?person a rico:Person ; rdfs:label ?label } ORDER BY ?label"
PERSON = "DESCRIBE <https://w3id.org/biennien/id/person/nguyen-thi-thu>"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o }"

WRONG_USE = [["nonsense"], ["load", "--nonsense"], ["query"]]
BAD_SETTINGS = [
    ("port", "x"),
    ("workers", "0"),
    ("default_graph", "both"),
    ("namespace", "no address"),
]
ANSWERS = [
    (PEOPLE, "", "?label"),
    (PEOPLE, "csv", "label"),
    (PEOPLE, "json", "{"),
    (PERSON, "jsonld", "["),
]
FAILING = [
    (["SELEC"], 2, "Line 1, column 1: “SELEC”"),
    (["SELECT * { ?s foo:bar ?o }"], 2, "foo:"),
    (["CLEAR ALL"], 2, "update"),
    (["ASK {}", "-f", "yaml"], 2, "Known: json, xml, csv, tsv"),
    (["@nothing.rq"], 2, "nothing.rq: No such file"),
    ([RUNAWAY, "--timeout", "0.3"], 3, "deadline of 0.3 s"),
    (["ASK {}", "--timeout", "-1"], 2, "timeout"),
]


@pytest.fixture
def data(small_folder, tmp_path):
    """A data folder of one entry, to spoil."""
    shutil.copytree(small_folder, tmp_path / "data")
    return tmp_path / "data"


# Help, version, settings


def test_the_version_is_that_of_the_package(biennien):
    outcome = biennien("version")
    assert (outcome.code, outcome.out.strip()) == (0, metadata.version("biennien"))


def test_help_names_every_command(biennien):
    outcome = biennien("--help")
    assert outcome.code == 0
    for command in [*COMMANDS, "version"]:
        assert f"\n  {command} " in outcome.out


@pytest.fixture(scope="module")
def help_texts(biennien, at_once):
    """The help of every command."""
    outcomes = at_once(partial(biennien, command, "--help") for command in COMMANDS)
    return dict(zip(COMMANDS, outcomes, strict=True))


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_has_each_example_on_a_line_of_its_own(help_texts, command):
    outcome = help_texts[command]
    assert outcome.code == 0
    examples = outcome.out.partition("Example")[2].removeprefix("s").removeprefix(":")
    lines = [line.strip() for line in examples.partition("\n\n")[0].strip().splitlines()]
    assert lines
    for line in lines:
        assert line.startswith(f"biennien {command}"), lines


def test_no_command_at_all_shows_the_help(biennien):
    outcome = biennien()
    assert outcome.code == 2
    assert "Commands:" in outcome.out + outcome.err


def test_wrong_use_ends_with_2_and_the_way_to_the_help(biennien, at_once):
    for outcome in at_once(partial(biennien, *arguments) for arguments in WRONG_USE):
        assert outcome.code == 2
        assert "--help" in outcome.err
        assert outcome.out == ""


def test_a_bad_setting_is_named_and_ends_with_2(biennien, at_once, tmp_path):
    run = partial(biennien, "check", "--data", tmp_path / "data")
    outcomes = at_once(partial(run, **{name: value}) for name, value in BAD_SETTINGS)
    for (name, _), outcome in zip(BAD_SETTINGS, outcomes, strict=True):
        assert outcome.code == 2
        assert f" {name}: " in outcome.err or f"BIENNIEN_{name.upper()}" in outcome.err
        assert len(outcome.err.splitlines()) == 1
    assert not (tmp_path / "data").exists()


# Query


def test_a_query_is_answered_in_the_format_asked_for(biennien, at_once, small_folder):
    """The option `--data` goes before the environment."""
    run = partial(biennien, "query", data="somewhere-else")
    outcomes = at_once(
        partial(run, query, "--data", small_folder, *(["-f", name] if name else []))
        for query, name, _ in ANSWERS
    )
    for (_, _, beginning), outcome in zip(ANSWERS, outcomes, strict=True):
        assert outcome.code == 0
        assert outcome.out.startswith(beginning)
        assert "Nguyễn Thị Thử" in outcome.out
        assert outcome.err == ""


def test_a_query_comes_from_a_file_or_from_standard_input(
    biennien, at_once, small_folder, tmp_path
):
    file = tmp_path / "people.rq"
    file.write_text(PEOPLE, encoding="utf-8")
    option = ["--data", small_folder]
    direct, from_file, from_input = at_once(
        [
            partial(biennien, "query", PEOPLE, *option),
            partial(biennien, "query", f"@{file}", *option),
            partial(biennien, "query", "-", *option, stdin=PEOPLE),
        ]
    )
    assert direct == from_file == from_input
    assert direct.code == 0


def test_several_commands_at_once_do_not_disturb_each_other(biennien, data):
    """Only one of them can be the writer of the folder; the others read what it left."""
    with ThreadPoolExecutor(4) as threads:
        runs = [threads.submit(biennien, "query", PEOPLE, "--data", data) for _ in range(4)]
        outcomes = [run.result() for run in runs]
    assert [outcome.err for outcome in outcomes] == [""] * 4
    assert {outcome.out for outcome in outcomes} == {outcomes[0].out}


@pytest.fixture(scope="module")
def failed_queries(biennien, at_once, small_folder):
    """What each of the failing queries ended with."""
    return at_once(
        partial(biennien, "query", *arguments, "--data", small_folder)
        for arguments, _, _ in FAILING
    )


@pytest.mark.parametrize(
    "case", range(len(FAILING)), ids=[str(case[0][-1])[:30] for case in FAILING]
)
def test_a_query_that_fails_says_why(failed_queries, case):
    _, code, words = FAILING[case]
    outcome = failed_queries[case]
    assert outcome.code == code
    assert words in outcome.err
    assert outcome.out == ""


def test_a_folder_that_is_not_there_is_not_made(biennien, at_once, tmp_path):
    none = tmp_path / "none"
    commands = [["query", "ASK {}"], ["check"]]
    for outcome in at_once(partial(biennien, *words, "--data", none) for words in commands):
        assert outcome.code == 2
        assert "biennien load" in outcome.err
    assert not none.exists()


# Check


def test_a_fine_folder_is_found_fine(biennien, small_folder):
    outcome = biennien("check", "--data", small_folder)
    assert outcome.code == 0, outcome.out
    lines = outcome.out.splitlines()
    assert len(lines) >= 4
    assert all(line.startswith("ok ") for line in lines)


def test_the_bundled_records_are_found_fine_while_the_service_runs(biennien, service):
    outcome = biennien("check", "--json", "--data", service.data)
    findings = json.loads(outcome.out)
    assert [finding for finding in findings if not finding["fine"]] == []
    assert outcome.code == 0


def test_every_bundled_quote_stands_in_its_text(biennien, service, sources):
    outcome = biennien("check", "--json", "--data", service.data, "--sources", sources)
    (quotes,) = (found for found in json.loads(outcome.out) if found["what"] == "quotes")
    assert quotes["fine"], quotes["detail"]
    right, _, total = quotes["detail"].split()[:3]
    assert right == total


def test_an_altered_journal_is_found_out(biennien, data):
    with sqlite3.connect(data / "journal.sqlite") as journal:
        journal.execute("UPDATE change SET message = 'nothing happened'")
    journal.close()
    outcome = biennien("check", "--json", "--data", data)
    (wrong,) = (found for found in json.loads(outcome.out) if not found["fine"])
    assert wrong["what"] == "journal"
    assert wrong["detail"] == "Change 1 of the journal was altered."
    assert outcome.code == 1


def test_a_journal_that_was_cut_short_is_found_out(biennien, data):
    with sqlite3.connect(data / "journal.sqlite") as journal:
        journal.execute("DELETE FROM change")
    journal.close()
    outcome = biennien("check", "--data", data)
    assert "WRONG  store" in outcome.out
    assert outcome.code == 1


def test_a_quote_that_does_not_stand_is_found_out(biennien, data, note):
    fine = biennien("check", "--data", data, "--sources", note.parent)
    assert "1 of 1 stand where they should" in fine.out
    assert fine.code == 0
    note.write_text("Một câu khác.", encoding="utf-8")
    wrong = biennien("check", "--data", data, "--sources", note.parent)
    assert "0 of 1 stand where they should" in wrong.out
    assert wrong.code == 1
