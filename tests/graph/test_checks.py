# SPDX-License-Identifier: Apache-2.0
"""What SHACL does not see: misspelt terms, wrong directions, likely duplicates, languages."""

import shutil
from pathlib import Path

import pytest

from biennien_graph import loading, resources
from biennien_graph.checks import check
from biennien_graph.checks.profile import profile
from biennien_graph.datafolder import DataFolder
from biennien_graph.engine.rdf import RdfFormat, read_file, read_text
from biennien_graph.evidence import Entry
from biennien_graph.expansion import read_entry
from biennien_graph.terms import PREFIXES, RICO

HEAD = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
ENTRY = '<https://w3id.org/biennien/graph/record/thu> a bn:Entry ; dcterms:title "Thử"@vi .\n'
DOCUMENT = """doc:thu a rico:Record ; rico:title "Về việc thử"@vi ; {author}
  rico:hasOrHadIdentifier <https://w3id.org/biennien/id/document/thu#number> ;
  rico:hasCreationDate <https://w3id.org/biennien/id/document/thu#date> .
<https://w3id.org/biennien/id/document/thu#number> a rico:Identifier ;
  bn:serialNumber "{serial}" ; bn:notation "{notation}" .
<https://w3id.org/biennien/id/document/thu#date> a rico:Date ;
  rico:normalizedDateValue "{date}"^^<http://id.loc.gov/datatypes/edtf> .
"""


VALID = sorted((Path(__file__).parents[1] / "shapes").rglob("*.valid.ttl"))


def entry_of(text, graph="thu"):
    head = ENTRY.replace("record/thu", f"record/{graph}")
    return read_entry(read_text((HEAD + head + text).encode(), RdfFormat.TURTLE, name="x"), "x")


def found_in(text, published=None):
    return [(r.severity, r.messages["en"]) for r in check([entry_of(text)], published)]


@pytest.fixture(scope="module")
def bundled():
    return loading.read(resources.entries())


@pytest.fixture(scope="module")
def published(data_folder, tmp_path_factory):
    folder = tmp_path_factory.mktemp("published") / "data"
    shutil.copytree(data_folder, folder)
    with DataFolder(folder) as data:
        data.take()
        yield data.view()


def test_nothing_is_suspicious_in_the_bundled_entries(bundled):
    assert check(bundled, None) == []


def test_nothing_is_suspicious_in_a_bundled_entry_beside_what_is_published(bundled, published):
    for entry in bundled:
        assert check([entry], published) == [], entry.graph


@pytest.mark.parametrize("case", VALID, ids=lambda case: case.stem)
def test_nothing_is_violated_in_a_valid_case_of_the_shapes(case):
    entry = Entry.of("urn:g", {quad.triple for quad in read_file(case)})
    assert [r for r in check([entry], None) if r.severity == "Violation"] == []


# Terms


@pytest.mark.parametrize(
    ("text", "severity", "words"),
    [
        ("doc:a rico:hasAuthro agency:b .", "Violation", "Write rico:hasAuthor, if"),
        ("doc:a rico:hasauthor agency:b .", "Violation", "Write rico:hasAuthor, if"),
        ("doc:a a rico:Recrod .", "Violation", "no term rico:Recrod. Write rico:Record, if"),
        ("doc:a bn:numberStatus bn:blanck .", "Violation", "Write bn:blank, if"),
        ("doc:a bn:hasAuthor agency:b .", "Violation", "Write rico:hasAuthor, if"),
        ("doc:a rico:zzqx agency:b .", "Violation", "Choose one from /ontology"),
        ('doc:a skos:prefLabell "A"@vi .', "Warning", "skos:prefLabell is nearly skos:prefLabel"),
        ("doc:a <http://schema.org/url> <urn:x> .", "Warning", "is nearly schema:url"),
        ("doc:a eli:implments doc:b .", "Warning", "is nearly eli:implements"),
    ],
)
def test_a_misspelt_term_is_told_with_the_nearest(text, severity, words):
    ((found, message),) = found_in(text)
    assert found == severity
    assert words in message


@pytest.mark.parametrize(
    "text",
    [
        'doc:a skos:hiddenLabel "x"@vi ; dcterms:abstract "y"@vi ; foaf:homepage <urn:x> .',
        "doc:a skos:narrowerTransitive topic:b ; rdf:_1 topic:c ; schema:member topic:d .",
        "doc:a <urn:own:property> <urn:x> ; a <https://example.org/Class> .",
        "doc:a rico:isAuthorOf agency:b .",
    ],
)
def test_terms_of_the_standards_and_of_others_are_left_alone(text):
    assert found_in(text) == []


def test_a_term_that_a_loaded_ontology_defines_is_known(published):
    definition = "rico:hasSomethingNew a <http://www.w3.org/2002/07/owl#ObjectProperty> ."
    assert found_in(f"{definition}\ndoc:a rico:hasSomethingNew doc:b .", published) == []


# Directions


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (
            "agency:a a rico:CorporateBody ; rico:hasAuthor doc:b . doc:b a rico:Record .",
            "doc:b rico:hasAuthor agency:a . or: agency:a rico:isAuthorOf doc:b .",
        ),
        (
            "doc:b a rico:Record ; rico:isAuthorOf agency:a . agency:a a rico:CorporateBody .",
            "agency:a rico:isAuthorOf doc:b . or: doc:b rico:hasAuthor agency:a .",
        ),
        (
            "place:a a rico:Place ; rico:hasOrHadLocation event:b . event:b a rico:Event .",
            "event:b rico:hasOrHadLocation place:a",
        ),
    ],
)
def test_a_statement_the_wrong_way_round_is_told_with_the_one_that_was_meant(text, meant):
    ((severity, message),) = found_in(text)
    assert severity == "Violation"
    assert meant in message


def test_the_class_of_a_published_thing_is_known(published):
    text = "agency:so-khcn-bac-giang rico:hasAuthor doc:ke-hoach-116-kh-tu-2024 ."
    ((severity, message),) = found_in(text, published)
    assert severity == "Violation"
    assert "doc:ke-hoach-116-kh-tu-2024 rico:hasAuthor agency:so-khcn-bac-giang" in message


def test_where_a_class_is_not_known_nothing_is_said():
    assert found_in("agency:a rico:hasAuthor doc:b .") == []


def test_what_properties_join_is_known_for_most_of_those_between_things():
    known = [p for p in profile().domains if profile().ranges.get(p)]
    assert len(known) > 60
    assert RICO.hasAuthor in known


# Duplicates


def test_a_name_that_is_published_is_told_with_its_address(published):
    text = 'person:another a rico:Person ; rdfs:label "HỒ CHÍ MINH"@vi .'
    (result,) = check([entry_of(text)], published)
    assert result.severity == "Warning"
    assert result.value == "https://w3id.org/biennien/id/person/ho-chi-minh"
    assert "“Hồ Chí Minh”" in result.messages["vi"]


@pytest.mark.parametrize(
    "text",
    [
        'place:another a rico:Place ; rdfs:label "Hồ Chí Minh"@vi .',  # another class
        'agency:another a rico:CorporateBody ; rdfs:label "UBND tỉnh"@vi .',  # another spelling
        (
            "person:another a rico:Person ; owl:differentFrom person:ho-chi-minh ;"
            ' rdfs:label "Hồ Chí Minh"@vi .'
        ),
        'person:ho-chi-minh a rico:Person ; rdfs:label "Hồ Chí Minh"@vi .',  # itself
    ],
)
def test_what_is_something_else_is_no_duplicate(text, published):
    assert found_in(text, published) == []


def test_two_of_one_name_in_different_places_or_on_different_days_are_two():
    one = 'event:a a rico:Event ; rdfs:label "Hội nghị"@vi ; rico:hasOrHadLocation place:a .'
    other = one.replace("event:a", "event:b")
    assert [r.value for r in check([entry_of(one), entry_of(other, "hai")], None)] == [
        "https://w3id.org/biennien/id/event/a"
    ]
    elsewhere = other.replace("place:a", "place:b")
    assert check([entry_of(one), entry_of(elsewhere, "hai")], None) == []


def number(author="", serial="869", notation="UBND-KGVX", date="2024-02-25"):
    return DOCUMENT.format(author=author, serial=serial, notation=notation, date=date)


def test_a_number_that_is_published_is_told_where_no_agency_is_given(published):
    (result,) = check([entry_of(number())], published)
    assert result.severity == "Warning"
    assert result.value == "https://w3id.org/biennien/id/document/cong-van-869-ubnd-kgvx-2024"


@pytest.mark.parametrize(
    "text", [number(serial="870"), number(notation="KH"), number(date="2023-02-25")]
)
def test_another_number_notation_or_day_is_another_document(text, published):
    assert found_in(text, published) == []


# Languages


def test_a_text_without_a_language_is_told():
    ((severity, message),) = found_in('doc:a dcterms:description "Một văn bản" .')
    assert severity == "Warning"
    assert "“Một văn bản”" in message
