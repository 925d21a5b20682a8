# SPDX-License-Identifier: Apache-2.0
"""Whatever somebody sends is read, or refused with a sentence that says how to mend it."""

import pytest

from biennien_graph.engine.rdf import RdfFormat
from biennien_graph.errors import DataError, DataSyntaxError, UsageError
from biennien_graph.submitted.reading import read

TURTLE = "PREFIX e: <urn:e:>\ne:a e:label 'Lễ kỷ niệm'@vi ; e:see <x> .\n"
BASE = "https://example.org/"
CONTEXT = "https://example.org/context.jsonld"
CONTEXTS = {CONTEXT: {"@context": {"label": {"@id": "urn:e:label", "@language": "vi"}}}}
BY_SYNTAX = {
    "text/turtle": TURTLE,
    "application/trig": f"{TURTLE.splitlines()[0]}\n{{ {TURTLE.splitlines()[1]} }}",
    "application/n-triples": '<urn:e:a> <urn:e:label> "Lễ kỷ niệm"@vi .\n',
    "application/n-quads": '<urn:e:a> <urn:e:label> "Lễ kỷ niệm"@vi .\n',
    "application/ld+json": f'{{"@context": "{CONTEXT}", "@id": "urn:e:a", "label": "Lễ kỷ niệm"}}',
    "application/rdf+xml": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns:e="urn:e:"><rdf:Description rdf:about="urn:e:a"><e:label xml:lang="vi">Lễ kỷ niệm'
    "</e:label></rdf:Description></rdf:RDF>",
}


def labels(content: str | bytes, **how) -> set[str]:
    content = content.encode() if isinstance(content, str) else content
    found = read(content, **{"name": "the entry", "contexts": CONTEXTS, "base": BASE, **how})
    return {str(quad.object) for quad in found.quads if "label" in quad.predicate.value}


@pytest.mark.parametrize("media_type", BY_SYNTAX)
def test_every_syntax_is_read_by_its_media_type(media_type):
    assert labels(BY_SYNTAX[media_type], media_type=media_type) == {'"Lễ kỷ niệm"@vi'}
    assert labels(BY_SYNTAX[media_type], media_type=f"{media_type}; charset=utf-8")


@pytest.mark.parametrize("media_type", ["", "text/plain", "application/octet-stream"])
@pytest.mark.parametrize("syntax", BY_SYNTAX)
def test_a_media_type_that_says_nothing_leaves_it_to_what_the_text_looks_like(media_type, syntax):
    assert labels(BY_SYNTAX[syntax], media_type=media_type) == {'"Lễ kỷ niệm"@vi'}


def test_the_suffix_of_a_name_counts():
    assert read(b"", name="a.nq").syntax == RdfFormat.N_QUADS
    assert read(b"[]", name="a.json").syntax == RdfFormat.JSON_LD


def test_triple_terms_and_annotations_are_read():
    quads = read(b"<urn:s> <urn:p> 'x' {| <urn:q> 'y' |} .", name="a.ttl", base="urn:b").quads
    assert len(quads) == 3


def test_a_byte_order_mark_of_utf_8_is_no_error():
    assert labels(b"\xef\xbb\xbf" + TURTLE.encode())


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_named(encoding):
    with pytest.raises(DataError, match="UTF-16, not UTF-8") as problem:
        labels(TURTLE.encode(encoding))
    assert "Save it as UTF-8" in problem.value.hint


def test_windows_1258_is_recognised_with_its_line():
    text = "<urn:a> <urn:b> <urn:c> .\n<urn:a> <urn:label> 'Điện Biên'@vi .\n"
    content = text.replace("ệ", "ê\u0323").encode("cp1258")
    with pytest.raises(DataSyntaxError, match=r"entry:2:.*not UTF-8") as problem:
        labels(content)
    assert "Windows-1258" in problem.value.hint


def test_a_nul_is_named_with_its_line():
    with pytest.raises(DataSyntaxError, match="entry:2: there is a NUL"):
        labels("<urn:a> <urn:b> 'c' .\n\0")


def test_a_file_that_was_cut_is_recognised():
    with pytest.raises(DataSyntaxError, match="entry:2:") as problem:
        labels(TURTLE[:50], media_type="text/turtle")
    assert "is it whole?" in problem.value.hint


@pytest.mark.parametrize(
    ("syntax", "declared", "hint"),
    [
        ("application/ld+json", "text/turtle", "send it as application/ld+json"),
        ("application/rdf+xml", "text/turtle", "send it as application/rdf+xml"),
        ("text/turtle", "application/ld+json", "Turtle is sent as text/turtle"),
        ("text/turtle", "application/rdf+xml", "Turtle is sent as text/turtle"),
    ],
)
def test_a_wrong_media_type_is_suspected(syntax, declared, hint):
    with pytest.raises(DataSyntaxError) as problem:
        labels(BY_SYNTAX[syntax], media_type=declared)
    assert hint in problem.value.hint


def test_a_media_type_that_is_none_of_rdf_is_refused_with_the_known_ones():
    with pytest.raises(UsageError, match="image/png is no syntax") as problem:
        labels(b"", media_type="image/png")
    assert "text/turtle" in problem.value.hint


@pytest.mark.parametrize(
    "document",
    [
        '{"@context": "https://elsewhere.example/c", "label": "x"}',
        '{"@context": ["https://elsewhere.example/c", {}], "label": "x"}',
        '{"@context": {"@import": "https://elsewhere.example/c"}, "label": "x"}',
        '{"@context": {"a": {"@id": "urn:a", "@context": "https://elsewhere.example/c"}}, "a": {}}',
    ],
)
def test_no_context_is_fetched(document):
    with pytest.raises(DataError, match=r"elsewhere\.example/c is not fetched") as problem:
        labels(document, media_type="application/ld+json")
    assert CONTEXT in problem.value.hint


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ('{\n "a": }', "entry:2:7"),
        ('{"@id": 5, "urn:p": "x"}', "no JSON-LD"),
        ("[" * 100_000, "nested too deeply"),
        ('{"urn:p": ' * 3000 + "{}" + "}" * 3000, "no JSON-LD|nested"),
    ],
)
def test_what_is_no_json_ld_is_said(document, words):
    with pytest.raises(DataError, match=words):
        labels(document, media_type="application/ld+json")


@pytest.mark.parametrize(
    "start",
    ['<!DOCTYPE r [<!ENTITY e "x">]>', '<!DOCTYPE r SYSTEM "file:///etc/passwd">'],
)
def test_entities_and_document_types_are_refused(start):
    with pytest.raises(DataSyntaxError, match="entry:2: document types and entities"):
        labels(f'<?xml version="1.0"?>\n{start}{BY_SYNTAX["application/rdf+xml"]}')
