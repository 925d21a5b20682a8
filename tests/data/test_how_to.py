# SPDX-License-Identifier: Apache-2.0
"""What “How to write a query” shows is what the service answers."""

import re
from pathlib import Path

import pytest

from biennien_graph.terms import PREFIXES

PAGE = (Path(__file__).parents[2] / "docs" / "how-to-write-a-query.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sparql\n(.*?)```\s+```(csv|text)\n(.*?)```", PAGE, re.DOTALL)
QUERIES = [(query, shown) for query, kind, shown in BLOCKS if kind == "csv"]
MISTAKES = [(query, shown) for query, kind, shown in BLOCKS if kind == "text"]
NUMBERS = range(1, len(QUERIES) + 1)


def answer_of(client, query: str) -> list[str]:
    """The lines of the answer as CSV."""
    response = client.get("/sparql", params={"query": query, "format": "csv"})
    assert response.status_code == 200, response.text
    return response.text.replace("\r\n", "\n").rstrip("\n").split("\n")


def test_there_are_ten_queries_each_with_its_answer():
    assert PAGE.count("```sparql\n") == len(BLOCKS)
    assert len(QUERIES) == 10
    assert re.findall(r"^## (\d+)\. ", PAGE, re.MULTILINE) == [str(number) for number in NUMBERS]


@pytest.mark.parametrize(("query", "shown"), QUERIES, ids=map(str, NUMBERS))
def test_a_query_answers_what_the_page_shows(client, query, shown):
    lines = shown.rstrip("\n").split("\n")
    answer = answer_of(client, query)
    if lines[-1] == "…":
        assert len(answer) > len(lines) - 1
        answer, lines = answer[: len(lines) - 1], lines[:-1]
    assert answer == lines
    assert len(lines) > 1


@pytest.mark.parametrize(("query", "shown"), MISTAKES, ids=map(str, range(len(MISTAKES))))
def test_a_mistake_is_explained_as_the_page_shows(client, query, shown):
    response = client.get("/sparql", params={"query": query}, headers={"Accept": "text/csv"})
    assert response.status_code == 400
    found = response.json()
    assert f"{found['detail']} {found.get('hint', '')}".strip() == shown.strip()


def test_the_page_names_every_prefix_that_the_endpoint_knows_and_no_other():
    table = re.search(r"^\| prefixes .*?\n\n", PAGE, re.MULTILINE | re.DOTALL)
    assert table is not None
    named = [line.split("|")[1] for line in table[0].splitlines()[2:] if line]
    assert set(re.findall(r"`(\w+):`", " ".join(named))) == set(PREFIXES)


@pytest.mark.parametrize("address", re.findall(r"`(http[^`…]+)`", PAGE))
def test_what_a_prefix_stands_for_is_what_the_endpoint_takes_it_for(address):
    assert address in PREFIXES.values()
