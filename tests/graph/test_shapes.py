# SPDX-License-Identifier: Apache-2.0
"""Every rule of the shapes has a valid and an invalid case, and validation finds just that."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import pytest
import rdflib

from biennien_graph import loading, resources
from biennien_graph.engine.rdf import NamedNode, RdfFormat, read_file, read_text
from biennien_graph.evidence import Entry
from biennien_graph.expansion import read_entry
from biennien_graph.terms import BN, NAMESPACE, PREFIXES
from biennien_graph.validation import SEVERITIES, Shapes

CASES = sorted((Path(__file__).parents[1] / "shapes").rglob("*.ttl"))
INVALID = [case for case in CASES if case.stem.endswith(".invalid")]
VALID = [case for case in CASES if case.stem.endswith(".valid")]
SHAPES = f"{NAMESPACE}shapes/"


class Published:
    """The ontology and the vocabularies, as if they were loaded."""

    def __init__(self, entries):
        self._by_subject, self._by_predicate = defaultdict(list), defaultdict(list)
        for quad in (quad for entry in entries for quad in entry.quads()):
            self._by_subject[quad.subject.value].append(quad)
            self._by_predicate[quad.predicate.value].append(quad)

    def quads(self, *, subject=None, predicate=None):
        found = self._by_subject[subject] if subject else self._by_predicate[predicate]
        return (quad for quad in found if predicate in (None, quad.predicate.value))

    def having(self, value, *, predicate):
        return (quad for quad in self._by_predicate[predicate] if quad.object == value)


@pytest.fixture(scope="module")
def shapes():
    return Shapes(resources.shapes())


@pytest.fixture(scope="module")
def vocabularies():
    return loading.read(sorted(resources.folder("ontology").rglob("*.ttl")))


@pytest.fixture(scope="module")
def published(vocabularies):
    return Published(vocabularies)


@dataclass
class Rule:
    severity: str
    messages: dict[str, str]


@pytest.fixture(scope="module")
def rules():
    """Every shape that has a message, by its name."""
    graph = rdflib.Graph()
    for file in resources.shapes():
        graph.parse(file)
    return {
        str(shape).removeprefix(SHAPES): Rule(
            severity=str(graph.value(shape, rdflib.SH.severity)).rpartition("#")[2],
            messages={m.language: str(m) for m in graph.objects(shape, rdflib.SH.message)},
        )
        for shape in graph.subjects(rdflib.SH.message, unique=True)
        if isinstance(shape, rdflib.URIRef)
    }


def entry_of(case: Path) -> Entry:
    """As a curator writes it, where the case declares an entry; else as it is when loaded."""
    triples = {quad.triple for quad in read_file(case)}
    if any(triple.object == NamedNode(BN.Entry) for triple in triples):
        return read_entry(read_file(case), case.name)
    return Entry(f"{NAMESPACE}graph/record/case", case.name, triples)


def found(case: Path, shapes: Shapes, published: Published) -> Counter:
    entry = entry_of(case)
    texts = loading.source_texts(case.parent)
    if any(passage.source in texts for passage in entry.passages):
        report = loading.validate([entry], published, texts)
    else:
        report = shapes.validate([entry], published)
    return Counter(
        (result.shape.removeprefix(SHAPES), result.severity) for result in report.results
    )


def expected(case: Path) -> tuple[str, str]:
    head = case.read_text(encoding="utf-8").partition("\n\n")[0]
    said = re.search(r"# expects: (\S+) (Violation|Warning|Info)", head)
    assert said is not None, f"{case} does not say what it expects"
    return said[1], said[2]


def name_of(case: Path) -> str:
    return f"{case.parent.name}-{case.name.partition('.')[0]}"


@pytest.mark.parametrize("case", INVALID, ids=name_of)
def test_an_invalid_case_breaks_its_rule(case, shapes, published):
    assert found(case, shapes, published)[expected(case)] >= 1


@pytest.mark.parametrize("case", VALID, ids=name_of)
def test_a_valid_case_breaks_no_rule(case, shapes, published):
    rule, severity = expected(case.with_name(case.name.replace(".valid", ".invalid")))
    breaks = found(case, shapes, published)
    assert breaks[rule, severity] == 0
    assert not any(level == "Violation" for _, level in breaks)


@pytest.mark.parametrize(
    ("case", "last"),
    [
        ("place/within-itself", "id/place/bac-giang"),
        ("place/within-itself", "id/place/viet-nam"),
        ("agency/within-itself-both-ways", "id/agency/to-giup-viec"),
        ("event/within-itself", "id/event/le-khai-mac"),
        ("document/implements-itself", "id/document/nghi-quyet"),
        ("document/implements-itself", "id/document/ke-hoach"),
        ("document/same-number", "id/document/ke-hoach-116"),
        ("event/outside-whole", "id/event/le-khai-mac"),
        ("event/outside-whole", "id/event/nhung-ngay-ha-noi"),
        ("event/outside-whole-deep", "id/event/le-khai-mac"),
        ("passage/within-content", "passage/001/52-60"),
        ("passage/within-text", "passage/001/5564-5572"),
    ],
)
def test_a_rule_sees_what_is_published(case, last, shapes, vocabularies):
    file = CASES[0].parents[1] / f"{case}.invalid.ttl"
    triples = entry_of(file).triples
    own = {t for t in triples if t.subject.value.partition("#")[0] == f"{NAMESPACE}{last}"}
    entry = Entry(f"{NAMESPACE}graph/record/last", "last", own)
    before = Entry(f"{NAMESPACE}graph/record/before", "before", triples - own)
    assert entry.triples
    assert before.triples
    report = shapes.validate([entry], Published([*vocabularies, before]))
    assert (expected(file)[0], entry.graph) in {
        (result.shape.removeprefix(SHAPES), result.entry) for result in report.results
    }


@pytest.mark.parametrize(
    ("literal", "rule"),
    [
        ('bn:held "không"^^xsd:boolean', "document#held"),
        ('bn:anniversaryOrdinal "bảy mươi"^^xsd:integer', "event#anniversary"),
        ('bn:earliest "2024-02-30"^^xsd:date', "date#earliest"),
    ],
)
def test_an_ill_typed_literal_is_a_matter_for_the_report_only(literal, rule, shapes, capfd):
    classes = "a rico:Record , rico:Activity , rico:Date"
    text = f"<{NAMESPACE}id/document/x> {classes} ; {literal} ."
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    quads = read_text(f"{prefixes}{text}".encode(), RdfFormat.TURTLE, name="x")
    entry = Entry(f"{NAMESPACE}graph/record/x", "x", {quad.triple for quad in quads})
    told = {
        (result.shape.removeprefix(SHAPES), result.value)
        for result in shapes.validate([entry]).results
    }
    assert (rule, literal.split('"')[1]) in told
    assert capfd.readouterr().err == ""


def test_every_rule_says_in_both_languages_what_to_do(rules):
    for rule in rules.values():
        assert rule.messages.keys() == {"vi", "en"}
        assert all(text.endswith(".") for text in rule.messages.values())
        assert rule.severity in SEVERITIES


def test_every_rule_has_a_valid_and_an_invalid_case(rules):
    assert {expected(case) for case in INVALID} == {
        (name, rule.severity) for name, rule in rules.items()
    }
    assert {name_of(case) for case in VALID} == {name_of(case) for case in INVALID}
    assert len(rules) >= 150
