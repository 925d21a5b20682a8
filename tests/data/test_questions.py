# SPDX-License-Identifier: Apache-2.0
"""The questions that the data must answer: each a stored query with its expected answer."""

import json
import os
from pathlib import Path

import pytest

from biennien_api.sparql.examples import StoredQuery, stored_queries


def read(file: Path) -> dict:
    return json.loads(file.read_text(encoding="utf-8"))


EXPECTED = sorted((Path(__file__).parents[1] / "questions").glob("*.json"))
# What no source says, and what is only counted, has no passage; the expectation says why.
WITHOUT_PASSAGES = [file for file in EXPECTED if "withoutPassages" in read(file)]
WITH_PASSAGES = [file for file in EXPECTED if file not in WITHOUT_PASSAGES]
QUERIES = {query.name: query for query in stored_queries()}
QUESTIONS = os.environ.get("BIENNIEN_QUESTIONS")


def rows_of(client, query: StoredQuery) -> list[dict[str, str]]:
    answer = client.get("/sparql", params={"query": query.text, "format": "json"})
    assert answer.status_code == 200, answer.text
    return [
        {name: term["value"] for name, term in row.items()}
        for row in answer.json()["results"]["bindings"]
    ]


def overlaps(row: dict[str, str], passage: dict) -> bool:
    return (
        row["source"].endswith(f"/{passage['source']}")
        and int(row["start"]) < passage["end"]
        and int(row["end"]) > passage["start"]
    )


def test_there_are_sixty_four_questions_or_more():
    assert len(EXPECTED) >= 64
    assert {file.stem for file in EXPECTED} <= set(QUERIES)


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_a_stored_query_has_a_title_and_a_description_in_both_languages(name):
    query = QUERIES[name]
    for words in (query.title, query.description):
        assert set(words) == {"vi", "en"}
        assert all(words.values())


@pytest.mark.parametrize("file", EXPECTED, ids=lambda file: file.stem)
def test_a_question_is_answered_as_a_reader_of_the_text_would(client, file):
    expected = read(file)
    rows = rows_of(client, QUERIES[file.stem])
    answers = [{name: row.get(name, "") for name in expected["variables"]} for row in rows]
    distinct = [row for at, row in enumerate(answers) if row not in answers[:at]]
    assert distinct == [
        {name: row.get(name, "") for name in expected["variables"]} for row in expected["rows"]
    ]


@pytest.mark.parametrize("file", WITH_PASSAGES, ids=lambda file: file.stem)
def test_an_answer_comes_with_the_passages_that_say_so(client, file):
    expected = read(file)
    rows = rows_of(client, QUERIES[file.stem])
    assert all(row["quote"] and row["source"] for row in rows)
    missing = [
        passage
        for passage in expected["evidence"]
        if not any(overlaps(row, passage) for row in rows)
    ]
    assert missing == []


@pytest.mark.parametrize("file", WITHOUT_PASSAGES, ids=lambda file: file.stem)
def test_a_question_without_passages_says_why(file):
    expected = read(file)
    assert expected["withoutPassages"].endswith(".")
    assert expected["evidence"] == []


@pytest.mark.skipif(QUESTIONS is None, reason="set BIENNIEN_QUESTIONS to the folder of questions")
def test_all_questions_asked_have_a_query_and_their_passages():
    asked = json.loads((Path(str(QUESTIONS)) / "questions.json").read_text(encoding="utf-8"))
    answered = {found["question"]: found for file in EXPECTED if (found := read(file))["question"]}
    for question in asked:
        given = {(p["source"], p["start"], p["end"]) for p in answered[question["id"]]["evidence"]}
        wanted = {(p["source"][:-4], p["start"], p["end"]) for p in question["evidence"]}
        assert wanted <= given, question["id"]
