# SPDX-License-Identifier: Apache-2.0
"""The `type` of every problem leads to a page that says what it means and how to mend it."""

import ast
from importlib import resources
from pathlib import Path

import pytest

from biennien_api.http import problem_types

PACKAGE = Path(str(resources.files("biennien_api")))
TYPES = "https://w3id.org/biennien/problems/"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"
WORDS = sorted(problem_types.known())


def raised():
    """The words of every `Problem(status, "word", …)` in the code, with where it stands."""
    for file in sorted(PACKAGE.glob("**/*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Problem":
                status, word = node.args[:2]
                if isinstance(word, ast.Constant):
                    number = status.value if isinstance(status, ast.Constant) else None
                    yield word.value, number, f"{file.name}:{node.lineno}"


def mapped():
    """The words that classes of errors and bare statuses of HTTP are mapped to."""
    tree = ast.parse((PACKAGE / "http/problems.py").read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Dict):
            keys = node.value.keys
            for key, value in zip(keys, node.value.values, strict=True):
                if isinstance(value, ast.Tuple):
                    yield value.elts[1].value, value.elts[0].value
                elif isinstance(key, ast.Constant) and isinstance(key.value, int):
                    yield value.value, key.value


def test_every_problem_that_the_code_raises_is_explained():
    found = list(raised())
    assert len(found) > 20
    for word, status, place in found:
        kind = problem_types.known().get(word)
        assert kind, f"{place}: “{word}” is not in problem-types.json"
        assert status is None or status in kind.status, f"{place}: {word} with {status}"


def test_every_class_of_errors_is_explained():
    found = list(mapped())
    assert len(found) > 15
    for word, status in found:
        assert status in problem_types.known()[word].status, (word, status)


@pytest.mark.parametrize("word", WORDS)
def test_every_type_leads_to_a_page_in_both_languages(client, page, word):
    texts = {}
    for lang in ("vi", "en"):
        headers = {"Accept": BROWSER, "Accept-Language": lang}
        response = client.get(f"/problems/{word}", headers=headers)
        assert response.status_code == 200
        texts[lang] = page(response).one("main").text
        kind = problem_types.known()[word]
        for words in (kind.title, kind.meaning, kind.remedy):
            assert words[lang] in texts[lang]
    assert texts["vi"] != texts["en"]


@pytest.mark.parametrize("word", WORDS)
def test_a_program_reads_the_same(client, word):
    found = client.get(f"/problems/{word}", headers={"Accept": "application/json"}).json()
    assert found["type"] == TYPES + word
    assert found["title"].keys() == found["meaning"].keys() == found["remedy"].keys()
    assert set(found["title"]) == {"vi", "en"}
    assert all(400 <= status < 600 for status in found["status"])


def test_the_list_has_every_type(client, page):
    listed = client.get("/problems", headers={"Accept": "application/json"}).json()["types"]
    assert sorted(kind["type"].removeprefix(TYPES) for kind in listed) == WORDS
    links = page(client.get("/problems", headers={"Accept": BROWSER})).one("main").links()
    assert [link.rpartition("/")[2] for link in links] == list(problem_types.known())


def test_the_types_have_titles_of_their_own():
    for lang in ("vi", "en"):
        titles = [kind.title[lang] for kind in problem_types.known().values()]
        assert len(titles) == len(set(titles))


def test_an_unknown_type_says_which_there_are(client, problem):
    assert problem(client.get("/problems/nothing"), 404)["known"] == list(problem_types.known())


@pytest.mark.parametrize(
    ("header", "lang"), [("", "en"), ("en", "en"), ("vi", "vi"), ("vi-VN,vi;q=0.9,en;q=0.8", "vi")]
)
def test_the_title_speaks_the_language_of_the_client(client, problem, header, lang):
    headers = {"Accept-Language": header} if header else {}
    found = problem(client.get("/id/event/nothing", headers=headers), 404)
    assert found["title"] == problem_types.known()["not-found"].title[lang]
