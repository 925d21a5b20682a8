# SPDX-License-Identifier: Apache-2.0
import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biennien_graph.errors import BiennienError, QueryRefused, QuerySyntaxError
from biennien_graph.queries.scan import check_query, scan


@pytest.mark.parametrize(
    "hiding",
    [
        "SELECT * { SERVICE <http://elsewhere.example/sparql> { ?s ?p ?o } }",
        "SELECT * { service silent <http://elsewhere.example/> { } }",
        "SELECT * { { SELECT * { SERVICE ?where { } } } }",
        "SELECT * { ?s ?p ?o FILTER EXISTS { SERVICE <http://elsewhere.example/> {} } }",
        "SELECT * {#'\nSERVICE <http://elsewhere.example/> {} #'\n}",
        "SELECT * { ?a ?b ?c FILTER(?a<b:c#>'''\n) SERVICE <http://elsewhere.example/> {} #'''\n }",
        'SELECT * { ?a ?b "\\"" . SERVICE<http://elsewhere.example/>{} }',
    ],
)
def test_a_call_to_another_endpoint_is_found_wherever_it_hides(hiding):
    with pytest.raises(QueryRefused, match="SERVICE"):
        check_query(hiding)


@pytest.mark.parametrize(
    "harmless",
    [
        'SELECT * { ?s rdfs:label "SERVICE" }',
        "SELECT * { ?s a <http://example.org/SERVICE> } # SERVICE <x>",
        "PREFIX service: <http://example.org/> SELECT ?service { ?service service:service ?o }",
        "SELECT * { ?s ?p '''LOAD\nSERVICE <x> {}''' }",
        'SELECT * { ?s ?p "a"@service }',
        "SELECT * { ?s ex:from ?o FILTER(?s < ?o && ?o > 3) }",
    ],
)
def test_the_mere_word_is_no_call(harmless):
    assert check_query(harmless).services == ()


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <a:a> <a:b> <a:c> }",
        "PREFIX ex: <http://example.org/> DELETE WHERE { ?s ?p ?o }",
        "LOAD <file:///etc/passwd>",
        "# SELECT\nCLEAR ALL",
        "WITH <a:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    ],
)
def test_an_update_is_not_a_query(update):
    with pytest.raises(QueryRefused, match="update"):
        check_query(update)


def test_deep_nesting_is_refused_before_it_reaches_the_parser():
    started = time.monotonic()
    for bracket in "({[":
        with pytest.raises(QueryRefused, match="nests more than"):
            check_query("SELECT * {" + bracket * 10_000)
    assert time.monotonic() - started < 1


@pytest.mark.parametrize(
    "evil",
    [
        "'''" + "\\'" * 400_000,
        "'" + "\\" * 800_000,
        "'''" + "\\'''" * 200_000,
        "\"'\n" * 200_000,
        "1<a:b#>'''\n'''" * 60_000,
        "é" * 800_000,
        "a-" * 400_000,
        "<a" * 400_000,
    ],
    ids=lambda evil: repr(evil[:8]),
)
def test_no_text_is_looked_through_for_long(evil):
    started = time.process_time()
    with contextlib.suppress(BiennienError):
        scan(f"SELECT * {{ {evil} #service")
    assert time.process_time() - started < 5


@pytest.mark.parametrize("text", ["'a\0b'", r"'\u0000'", r"'\U00000000'", r"'\\\u0000'"])
def test_a_nul_is_refused_however_it_is_written(text):
    with pytest.raises(QueryRefused, match="NUL"):
        scan(f"SELECT * {{ ?s ?p {text} }}")
    assert scan(r"SELECT * { ?s ?p '\\u0000' }").form == "SELECT"


def test_a_bracket_that_closes_nothing_is_named_with_its_place():
    with pytest.raises(QuerySyntaxError) as refused:
        scan("SELECT * {\n  ?s ?p ?o }}")
    assert (refused.value.line, refused.value.column, refused.value.token) == (2, 13, "}")


@given(st.text(alphabet="<>'\"\\#?@{}()[]:._- \nSERVICEaé", max_size=300))
def test_any_text_is_scanned_without_another_error_than_ours(text):
    with contextlib.suppress(BiennienError):
        scan(text)
