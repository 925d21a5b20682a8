# SPDX-License-Identifier: Apache-2.0
"""`/sparql/update`: how an update is sent, what is answered, and that it is done wholly or not.

What each form of update changes is in tests/graph/test_updates.py.
"""

import gzip

import pytest

from biennien_graph.datafolder import database_of, journal_of

UPDATE = "/sparql/update"
DIRECT = "application/sparql-update"
FORM = "application/x-www-form-urlencoded"
INSERT = "INSERT DATA { <urn:s> <urn:p> 1 }"

# An update that is no SPARQL: line, column and token at fault, and words that say how to go on.
MISTAKES = [
    ("INSERT DATA { <urn:s> <urn:p> }", 1, 31, "}", "a literal"),
    ("INSERT DATA { <urn:s> <urn:p> 1 }\n;\n  DELET { ?s ?p ?o }", 3, 3, "DELET", "DELETE"),
    ("SELECT * { ?s ?p ?o }", 1, 1, "SELECT", "INSERT"),
    ("INSERT DATA { <urn:s> <urn:p> 1 } CLEAR ALL", 1, 35, "CLEAR", ";"),
    ("PREFIX u: <urn:> COPY u:g", 1, 26, None, "TO"),
    ("DROP", 1, 5, None, "GRAPH"),
    ("DELETE { ?s ?p ?o }", 1, 20, None, "WHERE"),
    ("INSERT DATA { <urn:s> ex:p 1 }", 1, 23, "ex:p", "PREFIX ex:"),
    ("INSERT DATA { <urn:s> rioc:p 1 }", 1, 23, "rioc:p", "mean rico: <https://www.ica.org/"),
    ("INSERT DATA { <urn:s> <urn:p> 'one }", 1, 31, "'", None),
]  # fmt: skip


# How an update is sent


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (INSERT, DIRECT),
        (INSERT, f"{DIRECT}; charset=utf-8"),
        (INSERT, f'{DIRECT.title()}; Charset="UTF-8"'),
        ("update=INSERT+DATA+%7B+%3Curn%3As%3E+%3Curn%3Ap%3E+1+%7D", FORM),
        ("update=INSERT%20DATA%20{<urn:s>%20<urn:p>%201}&lang=vi", f"{FORM};charset=utf8"),
    ],
)
def test_an_update_comes_as_a_body_or_as_a_form(send, plain, body, media_type):
    assert send("POST", UPDATE, body, media_type).status_code == 200
    assert plain.content() == {"s p 1"}


def test_the_answer_says_what_was_done_and_from_when_it_is_seen(plain):
    first = plain.update("INSERT DATA { <urn:s> <urn:p> 1 , 2 }")
    second = plain.update("DELETE { ?s ?p 1 } INSERT { ?s ?p 3 } WHERE { ?s ?p 1 }")
    assert (first.json()["added"], first.json()["removed"]) == (2, 0)
    assert (second.json()["added"], second.json()["removed"]) == (1, 1)
    assert second.json()["position"] == first.json()["position"] + 1
    assert second.json()["results"] == []
    assert second.headers["biennien-position"] == str(second.json()["position"])
    assert second.headers["cache-control"] == "no-store"
    assert second.headers["access-control-allow-origin"] == "*"
    assert "Biennien-Position" in second.headers["access-control-expose-headers"]


def test_a_compressed_update_is_taken(plain):
    headers = {"Content-Type": DIRECT, "Content-Encoding": "gzip"}
    body = gzip.compress(INSERT.encode())
    response = plain.client.post(UPDATE, content=body, headers=headers)
    assert response.status_code == 200, response.text
    assert plain.content() == {"s p 1"}


def test_words_are_kept_letter_for_letter(plain):
    """Percent signs, plus signs and Vietnamese letters are decoded once, and not changed."""
    text = 'INSERT DATA { <urn:s> <urn:p> "100 % của 1+1 là %41, Điện Biên Phủ"@vi }'
    for form in (False, True):
        plain.change("DROP ALL")
        sent = plain.client.post(UPDATE, data={"update": text}) if form else plain.update(text)
        assert sent.status_code == 200, sent.text
        assert plain.content() == {'s p "100 % của 1+1 là %41, Điện Biên Phủ"@vi'}


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        (INSERT, "text/plain", 415),
        (INSERT, "application/sparql-query", 415),
        (INSERT, "", 415),
        (INSERT, f"{DIRECT}; charset=latin-1", 415),
        ("INSERT DATA { <urn:s> <urn:p> 'Điện' }".encode("utf-16"), DIRECT, 400),
        (b"INSERT DATA { <urn:s> <urn:p> '\xff' }", DIRECT, 400),
        ("update=INSERT%20DATA%20%FF", FORM, 400),
        ("query=ASK%20{}", FORM, 400),
        ("", FORM, 400),
        ("update=CLEAR%20ALL&update=CLEAR%20ALL", FORM, 400),
        ("update=CLEAR%20ALL&query=ASK%20{}", FORM, 400),
        ("update=CLEAR%20ALL&using-graph-uri=g", FORM, 400),
        ("INSERT DATA { <urn:s> <urn:p> '\0' }", DIRECT, 400),
    ],
)
def test_what_is_no_update_is_refused(send, plain, problem, body, media_type, status):
    assert problem(send("POST", UPDATE, body, media_type), status)["detail"]
    assert plain.content() == set()


def test_only_post_changes_something(plain, problem):
    for method in ("GET", "PUT", "DELETE", "PATCH"):
        response = plain.client.request(method, UPDATE, params={"update": INSERT})
        assert problem(response, 405)["allowed"] == ["POST", "OPTIONS"]
    assert plain.content() == set()


def test_a_script_of_another_site_is_told_what_it_may_send(plain):
    response = plain.client.options(UPDATE, headers={"Origin": "https://e.org"})
    assert response.status_code == 204
    assert response.headers["access-control-allow-origin"] == "*"
    assert "POST" in response.headers["access-control-allow-methods"]
    for header in ("Authorization", "Content-Type"):
        assert header in response.headers["access-control-allow-headers"]


# What it works on


def test_the_protocol_may_say_what_a_pattern_sees(plain):
    plain.change(
        "INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> 1 } GRAPH <urn:h> { <urn:s> <urn:p> 2 } }"
    )
    copy = "INSERT { ?s <urn:q> ?o } WHERE { ?s <urn:p> ?o }"
    assert plain.change(copy, **{"using-graph-uri": "urn:g"}) == (1, 0)
    assert plain.change(copy, **{"using-graph-uri": ["urn:g", "urn:h"]}) == (1, 0)
    copy = "INSERT { ?s <urn:r> ?o } WHERE { GRAPH ?g { ?s <urn:p> ?o } }"
    assert plain.change(copy, **{"using-named-graph-uri": "urn:h"}) == (1, 0)
    assert plain.content() == {"s p 1 g", "s p 2 h", "s q 1", "s q 2", "s r 2"}


def test_the_protocol_and_the_update_do_not_both_say_it(plain, problem):
    text = "INSERT { ?s <urn:q> ?o } USING <urn:g> WHERE { ?s ?p ?o }"
    found = problem(plain.update(text, **{"using-graph-uri": "urn:g"}), 400)
    assert "using-graph-uri" in found["detail"]


def test_relative_iris_are_those_of_the_address_unless_a_base_is_given(plain):
    plain.change("INSERT DATA { <#s> <urn:p> 1 } ; INSERT { ?s <urn:q> <#o> } WHERE { ?s ?p 1 }")
    address = f"{plain.service.url}sparql/update"
    assert plain.ask(f"<{address}#s> <urn:p> 1 ; <urn:q> <{address}#o>")
    plain.change("BASE <http://e.org/> INSERT DATA { GRAPH <g> { <s> <p> <o> } }")
    assert plain.ask(
        "GRAPH <http://e.org/g> { <http://e.org/s> <http://e.org/p> <http://e.org/o> }"
    )


def test_blank_nodes_keep_together_what_they_hold_together(plain):
    plain.change("INSERT DATA { _:a <urn:p> _:b . GRAPH <urn:g> { _:b <urn:q> 'x' , _:a } }")
    assert plain.ask("?a <urn:p> ?b . GRAPH <urn:g> { ?b <urn:q> 'x' , ?a } FILTER(isBlank(?a))")
    plain.change("INSERT { _:new <urn:of> ?a } WHERE { ?a <urn:p> ?b }")
    assert plain.ask("?new <urn:of> ?a . ?a <urn:p> ?b FILTER(isBlank(?new) && ?new != ?a)")
    assert plain.change("DELETE WHERE { ?a <urn:p> ?b }") == (0, 1)
    assert plain.change("DROP ALL") == (0, 3)
    assert plain.content() == set()


def test_triple_terms_and_directions_of_sparql_1_2_are_stored(plain):
    plain.change("INSERT DATA { <urn:s> <urn:p> 1 {| <urn:q> 'x'@ar--rtl |} }")
    assert plain.ask("?r rdf:reifies <<( <urn:s> <urn:p> 1 )>> ; <urn:q> 'x'@ar--rtl")
    assert plain.change("DELETE WHERE { ?r rdf:reifies ?t ; <urn:q> ?x }") == (0, 2)
    assert plain.content() == {"s p 1"}


# All of it or nothing


@pytest.mark.parametrize(
    "last",
    ["DROP GRAPH <urn:none>", "CREATE GRAPH <urn:new>", "DELET", "LOAD <urn:x>", "INSERT DATA {"],
)
def test_operations_before_one_that_fails_are_not_done(plain, problem, last):
    plain.change("INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:p> 1 } }")
    first = (
        "MOVE <urn:g> TO <urn:new> ; INSERT DATA { <urn:s> <urn:p> 1 } ; DELETE WHERE { ?s ?p 1 }"
    )
    problem(plain.update(f"{first} ; {last}"), 400)
    assert plain.content() == {"a p 1 g"}


def test_what_comes_to_nothing_is_not_recorded(plain):
    plain.change(INSERT)
    before = plain.update("").json()["position"]
    for text in (
        INSERT,
        "DELETE DATA { <urn:s> <urn:p> 9 }",
        "CLEAR SILENT GRAPH <urn:none>",
        "DELETE DATA { <urn:s> <urn:p> 1 } ; INSERT DATA { <urn:s> <urn:p> 1 }",
    ):
        assert plain.change(text) == (0, 0)
        assert plain.update(text).json()["position"] == before


def test_the_journal_says_who_and_what(plain):
    position = plain.update(INSERT).json()["position"]
    data = plain.service.data
    database = database_of(data)
    journal = journal_of(data, database)
    change = next(iter(journal.since(position - 1)))
    database.close()
    assert (change.agent, change.message) == ("Nguyễn Thị An", "SPARQL Update")
    assert (change.added_count, change.removed_count) == (1, 0)
    assert b"<urn:s> <urn:p>" in change.added


# Errors that help


@pytest.mark.parametrize(("text", "line", "column", "token", "hint"), MISTAKES)
def test_a_mistake_is_named_with_its_place(plain, problem, text, line, column, token, hint):
    found = problem(plain.update(text), 400)
    assert found["type"].endswith("/query-syntax")
    assert (found["line"], found["column"], found.get("token")) == (line, column, token)
    assert f"Line {line}, column {column}" in found["detail"]
    assert hint is None or hint in found["hint"]


def test_a_graph_that_is_not_there_is_named_with_what_to_write(plain, problem):
    found = problem(plain.update("CLEAR GRAPH <urn:none>"), 400)
    assert "<urn:none>" in found["detail"]
    assert "CLEAR SILENT" in found["hint"]


@pytest.mark.parametrize(
    "text", ["CLEARALL", "INSERTDATA { <urn:s> <urn:p> 1 }", "CLEAR SILENTALL"]
)
def test_keywords_without_a_space_between_them_are_not_guessed_at(plain, problem, text):
    """The engine's parser takes them, the standard does not."""
    assert "spaces" in problem(plain.update(text), 400)["hint"]
