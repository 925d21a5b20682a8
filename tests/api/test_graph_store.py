# SPDX-License-Identifier: Apache-2.0
"""`/graphs`: the Graph Store Protocol, with graphs that are no entries."""

import pyoxigraph as ox
import pytest

TURTLE = "text/turtle"
UPDATE = "application/sparql-update"
DIRECT = "/graphs/people"
NAMED = "/graphs?graph=urn:g"
ONE = "<urn:s> <urn:p> 1 ."
TWO = "<urn:s> <urn:p> 2 ."

# The same graph in the syntaxes that are taken.
SAME = {
    TURTLE: '<urn:s> <urn:p> "Điện Biên"@vi .',
    "application/n-triples": '<urn:s> <urn:p> "\\u0110i\\u1ec7n Bi\\u00EAn"@vi .',
    "application/ld+json": '{"@id": "urn:s", "urn:p": {"@value": "Điện Biên", "@language": "vi"}}',
    "application/rdf+xml": """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
        xmlns:u="urn:"><rdf:Description rdf:about="urn:s"><u:p xml:lang="vi">Điện Biên</u:p>
        </rdf:Description></rdf:RDF>""",
}


def isomorphic(one, other, syntax=ox.RdfFormat.TURTLE):
    found = [ox.Dataset(ox.parse(text, format=syntax)) for text in (one, other)]
    for dataset in found:
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return found[0] == found[1]


# Reading and writing one graph


@pytest.mark.parametrize("address", [NAMED, DIRECT, "/graphs?default", "/graph/record/test"])
def test_a_graph_is_put_replaced_added_to_and_deleted(plain, send, address):
    first = send("PUT", address, ONE)
    assert first.status_code == (200 if "default" in address else 201)
    assert (first.json()["added"], first.json()["removed"]) == (1, 0)
    assert first.headers["biennien-position"] == str(first.json()["position"])
    assert send("PUT", address, TWO).status_code == 200
    assert {quad.split(" ")[2] for quad in plain.content()} == {"2"}
    assert send("POST", address, ONE).status_code == 200
    assert {quad.split(" ")[2] for quad in plain.content()} == {"1", "2"}
    assert send("DELETE", address).json()["removed"] == 2
    assert plain.content() == set()


def test_other_graphs_are_left_alone(plain, send):
    plain.change("INSERT DATA { <urn:a> <urn:p> 1 . GRAPH <urn:h> { <urn:b> <urn:p> 1 } }")
    send("PUT", NAMED, ONE)
    send("DELETE", NAMED)
    assert plain.content() == {"a p 1", "b p 1 h"}


def test_a_graph_without_a_name_gets_one(plain, send):
    response = send("POST", "/graphs", "<> <urn:p> <#x> .")
    assert response.status_code == 201
    name = response.headers["location"]
    assert name.startswith(f"{plain.service.url}graphs/")
    assert plain.ask(f"GRAPH <{name}> {{ <{name}> <urn:p> <{name}#x> }}")
    assert send("GET", name).status_code == 200
    assert send("POST", "/graphs", ONE).headers["location"] != name


def test_relative_iris_are_those_of_the_graph(plain, send):
    send("PUT", DIRECT, "<> <urn:p> <child> .")
    base = f"{plain.service.url}graphs/"
    assert plain.ask(f"GRAPH <{base}people> {{ <{base}people> <urn:p> <{base}child> }}")
    send("PUT", "/graphs?graph=http://e.org/a/g", "<> <urn:p> <child> , <#here> .")
    assert plain.ask(
        "GRAPH ?g { <http://e.org/a/g> <urn:p> <http://e.org/a/child> , <http://e.org/a/g#here> }"
    )


@pytest.mark.parametrize("path", ["n%C4%83m-1954", "a%20b", "a/b.c", "a%23b"])
def test_the_address_names_the_graph_as_it_is_written(plain, send, path):
    assert send("PUT", f"/graphs/{path}", ONE).status_code == 201
    assert plain.ask(f"GRAPH <{plain.service.url}graphs/{path}> {{ <urn:s> <urn:p> 1 }}")
    assert send("GET", f"/graphs/{path}").status_code == 200


@pytest.mark.parametrize("media_type", SAME)
def test_every_syntax_is_taken_and_given(plain, send, media_type):
    assert send("PUT", NAMED, SAME[media_type].encode(), media_type).status_code == 201
    assert plain.content() == {'s p "Điện Biên"@vi g'}
    given = send("GET", NAMED, Accept=f"{media_type}, text/plain;q=0.1")
    assert given.headers["content-type"].partition(";")[0] == media_type
    assert given.headers["vary"] == "Accept"
    syntax = ox.RdfFormat.from_media_type(media_type)
    assert [str(quad) for quad in ox.parse(given.content, format=syntax)] == [
        '<urn:s> <urn:p> "Điện Biên"@vi'
    ]


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("ttl", TURTLE),
        ("nt", "application/n-triples"),
        ("jsonld", "application/ld+json"),
        ("rdf", "application/rdf+xml"),
    ],
)
def test_a_syntax_may_be_named_in_the_address(send, name, media_type):
    send("PUT", NAMED, ONE)
    given = send("GET", f"{NAMED}&format={name}", Accept="application/rdf+xml")
    assert given.headers["content-type"].partition(";")[0] == media_type


def test_head_says_what_get_would(send):
    send("PUT", NAMED, ONE)
    get, head = send("GET", NAMED), send("HEAD", NAMED)
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["content-type"] == get.headers["content-type"]
    assert send("HEAD", "/graphs?graph=urn:none").status_code == 404


def test_a_body_without_a_media_type_is_turtle(plain, send):
    assert send("PUT", NAMED, ONE, "").status_code == 201
    assert plain.content() == {"s p 1 g"}


def test_a_form_may_bring_several_files(plain):
    files = [
        ("graph", ("a.ttl", ONE, TURTLE)),
        ("graph", ("b.nt", "<urn:s> <urn:p> _:x .", "application/n-triples")),
        ("graph", ("c.ttl", "_:x <urn:p> 3 .", TURTLE)),
    ]
    assert plain.client.post(NAMED, files=files).status_code == 201
    assert plain.ask(
        "GRAPH <urn:g> { <urn:s> <urn:p> 1 , ?b . ?c <urn:p> 3 FILTER(isBlank(?b) && ?b != ?c) }"
    )


def test_a_form_is_bounded_like_any_body(plain, problem):
    files = [("graph", ("a.ttl", "#" * 2**20, TURTLE)), ("graph", ("b.ttl", ONE, TURTLE))]
    problem(plain.client.post(NAMED, files=files), 413)


# Blank nodes


BLANK = '_:a <urn:p> _:b , [ <urn:q> "x" ] . _:b <urn:p> _:a . <urn:s> <urn:list> ( 1 _:b ) .'


def test_blank_nodes_survive(plain, send):
    send("PUT", NAMED, BLANK)
    assert isomorphic(send("GET", NAMED).text, BLANK)
    send("PUT", "/graphs?graph=urn:h", send("GET", NAMED).content)
    assert isomorphic(send("GET", "/graphs?graph=urn:h").text, BLANK)
    assert plain.change("DROP ALL") == (0, 18)


def test_the_same_graph_again_is_no_change(send):
    position = send("PUT", NAMED, BLANK).json()["position"]
    for body in (BLANK, BLANK.replace("_:a", "_:z")):
        again = send("PUT", NAMED, body).json()
        assert (again["added"], again["removed"], again["position"]) == (0, 0, position)
    assert send("PUT", NAMED, BLANK.replace('"x"', '"y"')).json()["position"] == position + 1


def test_blank_nodes_of_two_files_are_not_the_same(plain, send):
    send("PUT", NAMED, "_:x <urn:p> 1 .")
    send("POST", NAMED, "_:x <urn:q> 2 .")
    assert not plain.ask("GRAPH ?g { ?x <urn:p> 1 ; <urn:q> 2 }")


def test_triple_terms_survive(send):
    body = "<urn:s> <urn:p> 1 {| <urn:q> _:x |} . _:x <urn:p> 'y'@ar--rtl ."
    send("PUT", NAMED, body)
    assert "'y'@ar--rtl" in send("GET", NAMED).text.replace('"', "'")
    assert "<<( <urn:s> <urn:p> 1 )>>" in send("GET", NAMED, Accept=TURTLE).text


# Patches


def test_a_patch_changes_its_graph_and_sees_it_as_the_default_one(plain, send):
    plain.change("INSERT DATA { <urn:a> <urn:p> 1 . GRAPH <urn:g> { <urn:s> <urn:p> 1 } }")
    patch = "DELETE { ?s ?p 1 } INSERT { ?s ?p 2 } WHERE { ?s ?p 1 }"
    response = send("PATCH", NAMED, f"{patch} ; INSERT DATA {{ <urn:x> <urn:p> 3 }}", UPDATE)
    assert response.status_code == 200, response.text
    assert plain.content() == {"a p 1", "s p 2 g", "x p 3 g"}
    assert send("PATCH", "/graphs?default", "CLEAR DEFAULT", UPDATE).status_code == 200
    assert plain.content() == {"s p 2 g", "x p 3 g"}


def test_a_patch_is_an_update(send, problem):
    problem(send("PATCH", NAMED, ONE, TURTLE), 415)
    assert problem(send("PATCH", NAMED, "INSERT DATA { ?s ?p }", UPDATE), 400)["line"] == 1
    problem(send("PATCH", "/graphs", "CLEAR ALL", UPDATE), 400)
