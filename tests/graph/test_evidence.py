# SPDX-License-Identifier: Apache-2.0
"""From an entry as a curator writes it to claims and passages."""

import hashlib

import pytest
import rdflib

from biennien_graph.engine.rdf import RdfFormat, n_triples, read_text
from biennien_graph.errors import DataSyntaxError, EntryError
from biennien_graph.evidence import SourceText, check_quotes
from biennien_graph.expansion import read_entry
from biennien_graph.terms import BN, NAMESPACE, OA, RDF

HEAD = """
@base <https://w3id.org/biennien/> .
@prefix bn: <https://w3id.org/biennien/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix edtf: <http://id.loc.gov/datatypes/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix rico: <https://www.ica.org/standards/RiC/ontology#> .
@prefix schema: <https://schema.org/> .
<graph/record/x> a bn:Entry ; dcterms:source <source/x> .
"""
TEXT = "Ngày 7/5/1954, quân ta làm chủ đồi A1."
QUOTE = '[ oa:exact "7/5/1954" ; oa:start 5 ]'


def entry(body: str):
    return read_entry(read_text((HEAD + body).encode(), RdfFormat.TURTLE, name="x.ttl"), "x.ttl")


def graph(body: str) -> rdflib.Graph:
    """The stored form, as any RDF 1.1 tool reads it."""
    return rdflib.Graph().parse(data=n_triples(entry(body).triples), format="nt")


def claims(found: rdflib.Graph) -> list[rdflib.term.Node]:
    return sorted(found.subjects(rdflib.RDF.type, rdflib.URIRef(BN.Claim)))


def test_an_annotated_statement_becomes_a_claim_with_its_passage():
    found = graph(f"<id/event/a> rico:name 'A'@vi {{| bn:evidence {QUOTE} |}} .")
    (claim,) = claims(found)
    passage = rdflib.URIRef(f"{NAMESPACE}passage/x/5-13")
    assert found.value(claim, rdflib.URIRef(BN.evidence)) == passage
    assert str(found.value(claim, rdflib.RDF.object)) == "A"
    assert str(found.value(claim, rdflib.URIRef(BN.certainty))).endswith("/certainty/stated")
    assert str(found.value(claim, rdflib.URIRef(BN.modality))).endswith("/modality/held")
    selected = {
        str(predicate): value.toPython()
        for selector in found.objects(passage, rdflib.URIRef(OA.hasSelector))
        for predicate, value in found.predicate_objects(selector)
        if str(predicate) != RDF.type
    }
    assert selected == {OA.exact: "7/5/1954", OA.start: 5, OA.end: 13}


def test_positions_are_code_points_and_the_end_is_exclusive():
    found = entry('<id/event/a> rico:name "A" {| bn:evidence [ oa:exact "đồi" ; oa:start 31 ] |} .')
    (passage,) = found.passages
    assert (passage.start, passage.end) == (31, 34)
    assert TEXT[passage.start : passage.end] == "đồi"


def test_evidence_on_a_node_holds_for_all_its_statements():
    found = graph(
        f'<id/event/a#date> a rico:Date ; rico:expressedDate "7/5/1954"@vi ; '
        f'rico:normalizedDateValue "1954-05-07"^^edtf:edtf ; bn:evidence {QUOTE} .'
    )
    assert len(claims(found)) == 2


def test_the_class_of_a_thing_needs_no_passage():
    assert entry("<id/event/a> a rico:Event .").unsupported == []


def test_a_statement_without_a_passage_is_found():
    (statement,) = entry('<id/event/a> rico:name "A"@vi .').unsupported
    assert statement.object.value == "A"


def test_what_is_inferred_is_marked_and_reasoned():
    found = graph(
        f"<id/event/a> rico:name 'A'@vi {{| bn:evidence {QUOTE} ; "
        "bn:certainty <vocabulary/certainty/inferred> ; bn:reasoning 'because'@en |} ."
    )
    (claim,) = claims(found)
    assert str(found.value(claim, rdflib.URIRef(BN.certainty))).endswith("/inferred")
    assert str(found.value(claim, rdflib.URIRef(BN.reasoning))) == "because"


def test_a_translated_label_is_marked_as_inferred():
    found = graph(f'<id/event/a> rdfs:label "A"@vi , "B"@en ; bn:evidence {QUOTE} .')
    certainty = {
        found.value(claim, rdflib.RDF.object).language: str(
            found.value(claim, rdflib.URIRef(BN.certainty))
        ).rpartition("/")[2]
        for claim in claims(found)
    }
    assert certainty == {"vi": "stated", "en": "inferred"}


def test_a_claim_takes_the_modality_of_its_event():
    found = graph(
        f"<id/event/a> bn:modality <vocabulary/modality/planned> {{| bn:evidence {QUOTE} |}} ; "
        f"rico:name 'A'@vi {{| bn:evidence {QUOTE} |}} ."
    )
    modalities = {str(found.value(claim, rdflib.URIRef(BN.modality))) for claim in claims(found)}
    assert modalities == {f"{NAMESPACE}vocabulary/modality/planned"}


def test_a_date_gets_its_earliest_and_latest_day():
    found = graph(
        '<id/event/a#date> rico:normalizedDateValue "2024-03-XX"^^edtf:edtf ; '
        f"bn:evidence {QUOTE} ."
    )
    days = {
        str(found.value(None, rdflib.URIRef(term), rdflib.Literal(day, datatype=rdflib.XSD.date)))
        for term, day in ((BN.earliest, "2024-03-01"), (BN.latest, "2024-03-31"))
    }
    assert days == {f"{NAMESPACE}id/event/a#date"}


def test_reading_twice_gives_the_same_whatever_the_order_and_the_blank_nodes():
    one = f"<id/event/a> rico:name 'A'@vi {{| bn:evidence {QUOTE} |}} ; rico:name 'B'@vi ."
    other = (
        "<id/event/a> rico:name 'B'@vi . "
        "<id/event/a> rico:name 'A'@vi {| bn:evidence _:q |} . "
        "_:q oa:start 5 ; oa:exact '7/5/1954' ."
    )
    assert entry(one).triples == entry(other).triples


def test_adding_a_passage_does_not_rename_the_claim():
    one = graph(f"<id/event/a> rico:name 'A'@vi {{| bn:evidence {QUOTE} |}} .")
    more = graph(
        f"<id/event/a> rico:name 'A'@vi {{| bn:evidence {QUOTE} , "
        '[ oa:exact "A1" ; oa:start 35 ] |} .'
    )
    assert claims(one) == claims(more)


def test_blank_nodes_of_other_kinds_get_lasting_names():
    body = "<ontology#x> rdfs:domain [ rdfs:label 'one' ; rdfs:seeAlso [ rdfs:label 'two' ] ] ."
    assert entry(body).triples == entry(body.replace("'one' ;", "'one' ; ")).triples
    assert not any("_:" in str(triple) for triple in entry(body).triples)


def test_quotes_are_compared_with_the_text_at_hand():
    found = entry(
        f"<source/x> schema:sha256 '{hashlib.sha256(TEXT.encode()).hexdigest()}' . "
        f"<id/event/a> rico:name 'A'@vi {{| bn:evidence {QUOTE} |}} ."
    )
    text = SourceText(TEXT, hashlib.sha256(TEXT.encode()).hexdigest())
    assert check_quotes(found, {f"{NAMESPACE}source/x": text}) == (1, [])
    assert check_quotes(found, {}) == (0, [])


def test_a_quote_that_does_not_stand_there_is_named_with_where_it_stands():
    found = entry(
        '<id/event/a> rico:name "A" {| bn:evidence [ oa:exact "quân ta" ; oa:start 3 ] |} .'
    )
    _, (problem,) = check_quotes(found, {f"{NAMESPACE}source/x": SourceText(TEXT, "")})
    assert "quân ta" in problem["vi"]
    assert "nó ở vị trí 15" in problem["vi"]
    assert "it stands at 15" in problem["en"]


def test_a_text_with_another_hash_is_named():
    found = entry(f"<source/x> schema:sha256 '{'0' * 64}' .")
    _, (problem,) = check_quotes(found, {f"{NAMESPACE}source/x": SourceText(TEXT, "1" * 64)})
    assert "SHA-256" in problem["vi"]
    assert "SHA-256" in problem["en"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<graph/record/y> a bn:Entry .", "exactly one bn:Entry"),
        ('<id/event/a> rico:name "A" {| bn:evidence [ oa:start 5 ] |} .', "oa:exact"),
        ('<id/event/a> rico:name "A" {| bn:evidence [ oa:exact "q" ] |} .', "oa:start"),
        ('<id/event/a> rico:name "A" {| bn:evidence [ oa:exact "q" ; oa:start -1 ] |} .', "-1"),
        ('<id/event/a> rico:name "A" {| bn:evidence "q" |} .', "takes a passage"),
        (
            f'<id/e#d> rico:normalizedDateValue "1846-7"^^edtf:edtf ; bn:evidence {QUOTE} .',
            "1846-7",
        ),
    ],
)
def test_a_file_that_is_no_entry_is_refused_in_words(body, words):
    with pytest.raises(EntryError) as refused:
        entry(body)
    assert "x.ttl" in refused.value.message
    assert words in str(refused.value)


def test_a_syntax_error_has_file_line_and_column():
    with pytest.raises(DataSyntaxError) as wrong:
        entry("\n<id/event/a> rico:name ;")
    assert wrong.value.message.startswith("x.ttl:12:")
    assert wrong.value.line == 12


def test_a_file_in_another_encoding_is_named_with_its_line():
    with pytest.raises(DataSyntaxError, match="UTF-8") as wrong:
        read_text("# đ\n# đ".encode("utf-16"), RdfFormat.TURTLE, name="x.ttl")
    assert wrong.value.line == 1
