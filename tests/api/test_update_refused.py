# SPDX-License-Identifier: Apache-2.0
"""What no update does, whoever sends it: fetch, call others, nest without end."""

import time

import pytest

INSERT = "INSERT DATA { <urn:s> <urn:p> 1 }"
CALLS = [
    "LOAD <URL>",
    f"{INSERT} ; LOAD <URL>",
    "PREFIX s: <URL> LOAD s:x",
    "BASE <URL> LOAD <>",
    "BASE<URL>LOAD<>",
    "INSERT { ?s ?p 1 } WHERE { SERVICE <URL> { ?s ?p ?o } }",
    "DELETE { ?s ?p ?o } WHERE { OPTIONAL { service silent <URL> { ?s ?p ?o } } }",
    "WITH <urn:g> INSERT { ?s ?p 1 } WHERE { { SELECT * { SERVICE <URL> { ?s ?p ?o } } } }",
    "INSERT { ?s ?p 1 } WHERE { FILTER NOT EXISTS { SERVICE <URL> { ?s ?p ?o } } }",
    "INSERT { ?s ?p 1 } WHERE { VALUES ?e { <URL> } SERVICE ?e { ?s ?p ?o } }",
    f"{INSERT} ; {INSERT} ; INSERT {{ ?s ?p 1 }} WHERE {{ SERVICE <URL> {{ ?s ?p ?o }} }}",
    # The engine's parser asks for no space after a keyword.
    "LOADSILENT<URL>",
    "PREFIX s: <URL> LOADs:",
    "PREFIX s: <URL> LOADs:xINTO GRAPHs:y",
    "INSERT { ?s ?p 1 } WHERE { SERVICESILENT<URL> { ?s ?p ?o } }",
    "PREFIX s: <URL> INSERT { ?s ?p 1 } WHERE { SERVICEs: { ?s ?p ?o } }",
    "PREFIX s: <URL> INSERT { ?s ?p 1 } WHERE { ?s ?p true.SERVICEs:{ ?s ?p ?o } }",
    # What is a string to one reader is none to another, who takes `<` for "less than".
    "INSERT {} WHERE { FILTER(1<'''>''') } ; LOAD <URL> ; INSERT DATA { <urn:a> <urn:b> '''x''' }",
    'INSERT {} WHERE { FILTER(?a<?b#>) """\n) } ; LOAD <URL> ; INSERT DATA { <a:a> <a:b> """x""" }',
    "INSERT { ?s ?p 1 } WHERE { FILTER(1<'''>''') SERVICE <URL> { ?s ?p '''x''' } }",
]
HARMLESS = [
    'INSERT DATA { <urn:s> <urn:p> "LOAD <http://e.org/> ; SERVICE <http://e.org/> { }" }',
    "INSERT DATA { <urn:s> <urn:LOAD> <urn:SERVICE> } # LOAD <http://e.org/>",
    "PREFIX load: <urn:> INSERT DATA { load:s a load:o ; load:p load:o }",
    "PREFIX loads: <urn:> COPY SILENT loads:g TO loads:h ; DROP SILENT GRAPH loads:h",
    "INSERT { ?s ?p ?load } WHERE { ?s ?p ?load , ?service }",
    "INSERT DATA { <urn:s> <urn:p#it> '''LOAD\n<http://e.org/>''' , 'x'@load }",
]


@pytest.mark.parametrize("text", CALLS)
def test_nothing_is_fetched_and_nobody_called(plain, problem, listener, text):
    url, was_called = listener
    found = problem(plain.update(text.replace("URL", url)), 400)
    assert found["type"].rpartition("/")[2] in {"query-refused", "query-syntax"}
    assert not was_called()
    assert plain.content() == set()


def test_load_silent_fails_without_a_word(plain, listener):
    url, was_called = listener
    assert plain.change(f"load silent <{url}> into graph <urn:g>") == (0, 0)
    assert not was_called()


@pytest.mark.parametrize("text", HARMLESS)
def test_words_that_only_look_forbidden_are_accepted(plain, text):
    plain.change(text)


@pytest.mark.parametrize(
    ("opening", "closing"), [("{ ", " }"), ("(", ")"), ("[ <urn:p> ", " ]"), ("( ", " )")]
)
def test_deep_nesting_is_refused_at_once(plain, problem, opening, closing):
    pattern = f"?s ?p {opening * 20_000}1{closing * 20_000}"
    began = time.monotonic()
    found = problem(plain.update(f"INSERT {{}} WHERE {{ {pattern} }}"), 400)
    assert time.monotonic() - began < 5
    assert "nests more than" in found["detail"]


@pytest.mark.parametrize("expression", ["!" * 50_000 + "true", "1" + "+1" * 50_000])
def test_depth_without_brackets_hurts_nobody_else(plain, expression):
    response = plain.update(f"INSERT {{ <urn:s> <urn:p> 1 }} WHERE {{ FILTER({expression}) }}")
    assert response.status_code in (200, 400, 500, 504)
    plain.change("DROP ALL ; INSERT DATA { <urn:s> <urn:p> 2 }")
    assert plain.content() == {"s p 2"}
