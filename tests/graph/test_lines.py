# SPDX-License-Identifier: Apache-2.0
"""A result of validation is told with the line of the file where the statement stands."""

import pytest

from biennien_graph import resources
from biennien_graph.engine.rdf import Literal, NamedNode, RdfFormat, read_file
from biennien_graph.submitted.lines import lines_of

FILES = [*resources.entries(), *resources.shapes()]

TURTLE = """@prefix e: <urn:e:> .
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
# e:not a statement .
e:a a e:Thing ; # with a note; and a semicolon
  rdfs:label "một"@vi ,
    "one \\"thing\\""@en ;
  e:long \"\"\"two
lines. e:no e:no e:no\"\"\" ;
  e:date [ e:words "ngày 7/5" ; e:of ( 1 2.5 ) ] {| e:evidence [ e:exact "7/5" ] |} ;
  e:after "còn đây" .
<b#x> e:is e:a\\,b , true .
"""


def spots(text, syntax=RdfFormat.TURTLE):
    return lines_of(text, syntax, "https://example.org/")


@pytest.mark.parametrize(
    ("statement", "line", "column"),
    [
        (("urn:e:a", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "urn:e:Thing"), 4, 7),
        (("urn:e:a", "http://www.w3.org/2000/01/rdf-schema#label", "một"), 5, 14),
        (("urn:e:a", "http://www.w3.org/2000/01/rdf-schema#label", 'one "thing"'), 6, 5),
        (("urn:e:a", "urn:e:long", "two\nlines. e:no e:no e:no"), 7, 10),
        (("urn:e:a", "urn:e:after", "còn đây"), 10, 11),
        (("https://example.org/b#x", "urn:e:is", "urn:e:a,b"), 11, 12),
        (("https://example.org/b#x", "urn:e:is", "true"), 11, 21),
    ],
)
def test_a_statement_is_found_where_its_object_stands(statement, line, column):
    assert spots(TURTLE).find(*statement) == (line, column)


def test_what_is_less_exactly_known_is_found_by_property_value_or_subject():
    found = spots(TURTLE)
    assert found.find("urn:e:a", "urn:e:long").line == 7
    assert found.find("urn:claim", "urn:e:nothing", "7/5").line == 9
    assert found.find("urn:e:a", "urn:e:missing").line == 4
    assert found.find("urn:e:Thing").line == 4
    assert found.find("urn:nothing") is None


def test_the_graphs_of_trig_are_walked_into():
    text = "PREFIX e: <urn:e:>\nGRAPH e:g { e:s e:p e:o }\ne:h {\n e:s e:p 5 }\n"
    found = spots(text, RdfFormat.TRIG)
    assert found.find("urn:e:s", "urn:e:p", "urn:e:o") == (2, 21)
    assert found.find("urn:e:s", "urn:e:p", "5") == (4, 10)


@pytest.mark.parametrize(
    "text",
    [
        '{"@id": "urn:a",\n "label": "một"}',
        '<rdf:RDF>\n<rdf:Description rdf:about="urn:x"><e:label>một</e:label></rdf:Description>',
    ],
)
def test_of_other_syntaxes_the_first_mention_is_known(text):
    assert spots(text, RdfFormat.JSON_LD).find("urn:b", "urn:label", "một").line == 2


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_statement_of_an_entry_that_is_written_out_is_found(file):
    found = lines_of(file.read_text(encoding="utf-8"), RdfFormat.TURTLE)
    stated = {
        (quad.subject.value, quad.predicate.value, quad.object.value)
        for quad in read_file(file)
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal)
    }
    assert stated
    assert stated - found.statements.keys() == set()


@pytest.mark.parametrize(
    "text", ["<<<", "e:a {| {| ] ) } .", '"""', "@prefix", "@prefix e:", "(" * 5000]
)
def test_what_is_no_turtle_is_no_error_here(text):
    spots(text)
