# SPDX-License-Identifier: Apache-2.0
"""`/sparql`: every format of a result, and how a client asks for it."""

import csv
import io

import pytest
import rdflib
from rdflib.compare import isomorphic
from rdflib.query import Result

JSON = "application/sparql-results+json"
XML = "application/sparql-results+xml"
CSV = "text/csv; charset=utf-8"
TSV = "text/tab-separated-values; charset=utf-8"
TURTLE = "text/turtle; charset=utf-8"
N_TRIPLES = "application/n-triples"
SOLUTIONS = {"json": JSON, "xml": XML, "csv": CSV, "tsv": TSV}
GRAPHS = {
    "ttl": TURTLE,
    "nt": N_TRIPLES,
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
}
PARSERS = {"ttl": "turtle", "nt": "nt", "jsonld": "json-ld", "rdf": "xml"}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"

PLACES = "SELECT ?place ?label { ?place a rico:Place ; rdfs:label ?label } ORDER BY ?place ?label"
DESCRIPTION = "DESCRIBE <https://w3id.org/biennien/id/person/ho-chi-minh>"
CONSTRUCTED = "CONSTRUCT { ?p rdfs:label ?label } WHERE { ?p a rico:Place ; rdfs:label ?label }"

NASTY = [
    "plain",
    "with, comma",
    'with "quotes"',
    "with\nline feed",
    "with\r\nboth",
    "with\rcarriage return",
    "with\ttab",
    "with \\ backslash \\n",
    " spaces around ",
    "",
    '"',
    "Điện Biên “Phủ”; Xoá/Xóa",
    "\U0001f1fb\U0001f1f3",
    "<b>&amp;</b>",
]


def read(response, name):
    """The solutions of a response, in order, as rdflib reads them."""
    return list(Result.parse(io.BytesIO(response.content), format=name))


def bare(media_type):
    """A media type without its parameters."""
    return media_type.partition(";")[0]


@pytest.fixture(scope="module")
def nasty():
    """A query that gives every nasty text, in order."""
    rows = " ".join(f"({rdflib.Literal(text).n3()} {n})" for n, text in enumerate(NASTY))
    return f"SELECT ?text ?n {{ VALUES (?text ?n) {{ {rows} }} }} ORDER BY ?n"


@pytest.mark.parametrize("name", SOLUTIONS)
@pytest.mark.parametrize("way", ["accept", "format", "media type as format"])
def test_solutions_come_in_every_format(ask, name, way):
    wanted = {
        "accept": {"accept": bare(SOLUTIONS[name])},
        "format": {"format": name},
        "media type as format": {"format": bare(SOLUTIONS[name])},
    }
    response = ask(PLACES, **wanted[way])
    assert response.headers["content-type"] == SOLUTIONS[name]
    expected = [
        row["label"]["value"] for row in ask(PLACES, format="json").json()["results"]["bindings"]
    ]
    if name == "csv":
        header, *rows = csv.reader(io.StringIO(response.text, newline=""))
        assert header == ["place", "label"]
        assert [row[1] for row in rows] == expected
    else:
        rows = read(response, name)
        assert [str(row[1]) for row in rows] == expected
        assert {row[1].language for row in rows} == {"vi", "en"}


@pytest.mark.parametrize("name", SOLUTIONS)
@pytest.mark.parametrize(("pattern", "answer"), [("?s ?p ?o", True), ("?s bn:nothing ?o", False)])
def test_a_yes_or_no_comes_in_every_format(ask, name, pattern, answer):
    response = ask(f"ASK {{ {pattern} }}", format=name)
    assert response.headers["content-type"] == SOLUTIONS[name]
    if name in ("csv", "tsv"):
        assert response.text.strip() == str(answer).lower()
    else:
        assert Result.parse(io.BytesIO(response.content), format=name).askAnswer is answer


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own parser
@pytest.mark.parametrize("name", GRAPHS)
@pytest.mark.parametrize("by", ["accept", "format"])
@pytest.mark.parametrize("query", [DESCRIPTION, CONSTRUCTED], ids=["describe", "construct"])
def test_graphs_come_in_every_format(ask, query, name, by):
    wanted = {"accept": bare(GRAPHS[name])} if by == "accept" else {"format": name}
    response = ask(query, **wanted)
    assert response.headers["content-type"] == GRAPHS[name]
    found = rdflib.Graph().parse(data=response.content, format=PARSERS[name])
    expected = rdflib.Graph().parse(data=ask(query, format="nt").content, format="nt")
    assert len(found) >= 10
    assert isomorphic(found, expected)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("*/*", JSON),
        ("application/*", JSON),
        ("text/*", CSV),
        ("text/csv", CSV),
        ("TEXT/CSV", CSV),
        ("application/json", JSON),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.8", XML),
        ("text/tab-separated-values;q=0.2, */*;q=0.1", TSV),
        ("text/csv; charset=utf-8; q=0.9, application/sparql-results+json;q=0.8", CSV),
        ("application/sparql-results+json;q=0, */*;q=0.5", XML),
        ("image/png, text/csv;q=0.1", CSV),
    ],
)
def test_the_accept_header_chooses_among_solutions(ask, accept, expected):
    assert ask(PLACES, accept=accept).headers["content-type"] == expected


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("*/*", TURTLE),
        ("text/*", TURTLE),
        ("application/*", N_TRIPLES),
        ("application/json", "application/ld+json"),
        ("text/turtle;q=0.3, application/rdf+xml;q=0.4", "application/rdf+xml"),
        ("text/turtle;q=0, */*;q=0.1", N_TRIPLES),
        ("application/n-triples, text/turtle;q=0.9", N_TRIPLES),
    ],
)
def test_the_accept_header_chooses_among_graphs(ask, accept, expected):
    assert ask(DESCRIPTION, accept=accept).headers["content-type"] == expected


@pytest.mark.parametrize(("query", "expected"), [(PLACES, JSON), (DESCRIPTION, TURTLE)])
def test_without_an_accept_header_there_is_json_or_turtle(client, query, expected):
    request = client.build_request("GET", "/sparql", params={"query": query})
    del request.headers["accept"]
    assert client.send(request).headers["content-type"] == expected


def test_the_format_parameter_goes_before_the_accept_header(ask):
    assert ask(PLACES, accept="text/csv", format="xml").headers["content-type"] == XML
    assert ask(PLACES, accept=BROWSER, format="json").headers["content-type"] == JSON


@pytest.mark.parametrize(
    ("name", "solutions", "graph"),
    [("xml", XML, "application/rdf+xml"), ("json", JSON, "application/ld+json")],
)
def test_a_name_that_both_forms_of_result_have_fits_either(ask, name, solutions, graph):
    assert ask(PLACES, format=name).headers["content-type"] == solutions
    assert ask(DESCRIPTION, format=name).headers["content-type"] == graph


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("turtle", TURTLE),
        ("n3", TURTLE),
        ("ntriples", N_TRIPLES),
        ("json-ld", "application/ld+json"),
        ("rdf+xml", "application/rdf+xml"),
    ],
)
def test_the_names_that_client_libraries_use_are_known(ask, name, expected):
    assert ask(DESCRIPTION, format=name).headers["content-type"] == expected


def test_a_cache_learns_that_the_answer_depends_on_the_accept_header(ask):
    assert "Accept" in ask(PLACES).headers["vary"].split(", ")


@pytest.mark.parametrize("accept", ["image/png", "text/csv;q=0", "application/pdf, image/*"])
def test_an_unknown_media_type_gets_406_with_the_known_ones(ask, problem, accept):
    known = problem(ask(PLACES, accept=accept), 406)["known"]
    assert {bare(media_type) for media_type in (*SOLUTIONS.values(), *GRAPHS.values())} <= {*known}


def test_an_unknown_format_gets_406_with_the_known_ones(ask, problem):
    found = problem(ask(PLACES, format="yaml"), 406)
    assert {*SOLUTIONS, *GRAPHS} <= {*found["known"]}
    assert "yaml" in found["detail"]


def test_csv_is_quoted_as_rfc_4180_says(ask, nasty):
    text = ask(nasty, format="csv").text
    header, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert header == ["text", "n"]
    assert [row[0] for row in rows] == NASTY


def test_csv_lines_end_as_rfc_4180_says(ask):
    response = ask('SELECT ?a ?b { VALUES (?a ?b) { ("x" 1) ("y" 2) } }', format="csv")
    assert response.content == b"a,b\r\nx,1\r\ny,2\r\n"


@pytest.mark.parametrize("name", ["json", "tsv"])
def test_every_text_survives_the_journey(ask, nasty, name):
    assert [str(row[0]) for row in read(ask(nasty, format=name), name)] == NASTY


def test_every_text_survives_xml_but_for_line_ends(ask, nasty):
    """A parser makes every line end a line feed (XML 1.0, section 2.11)."""

    def unified(text):
        return text.replace("\r\n", "\n").replace("\r", "\n")

    rows = read(ask(nasty, format="xml"), "xml")
    assert [unified(str(row[0] or "")) for row in rows] == [unified(text) for text in NASTY]


def test_tsv_holds_terms_with_language_and_datatype(ask):
    query = (
        "SELECT ?a ?b ?c ?d ?e { VALUES (?a ?b ?c ?d ?e) "
        '{ (<http://example.org/ắ> "chữ\\tký"@vi "2024-05-07"^^xsd:date 70 UNDEF) } }'
    )
    header, row = ask(query, format="tsv").text.removesuffix("\n").split("\n")
    assert header == "?a\t?b\t?c\t?d\t?e"
    iri, literal, date, number, unbound = row.split("\t")
    assert iri == "<http://example.org/ắ>"
    assert literal == '"chữ\\tký"@vi'
    assert date == '"2024-05-07"^^<http://www.w3.org/2001/XMLSchema#date>'
    assert number in ("70", '"70"^^<http://www.w3.org/2001/XMLSchema#integer>')
    assert unbound == ""
