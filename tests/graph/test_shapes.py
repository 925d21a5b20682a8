# SPDX-License-Identifier: Apache-2.0
"""Every rule of the shapes has a valid and an invalid case, and pySHACL finds just that."""

import re
from collections import Counter
from pathlib import Path

import pyshacl
import pytest
import rdflib

from biennien_graph import resources
from biennien_graph.terms import NAMESPACE, SH

CASES = sorted((Path(__file__).parents[1] / "shapes").rglob("*.ttl"))
SHAPES = f"{NAMESPACE}shapes/"


@pytest.fixture(scope="module")
def shapes():
    graph = rdflib.Graph()
    for file in resources.shapes():
        graph.parse(file)
    return graph


@pytest.fixture(scope="module")
def vocabularies():
    """What the shapes look up: classes, their hierarchy, the schemes of concepts."""
    graph = rdflib.Graph()
    for file in sorted(resources.folder("ontology").rglob("*.ttl")):
        graph.parse(file)
    needed = (rdflib.RDF.type, rdflib.RDFS.subClassOf, rdflib.SKOS.inScheme)
    return [triple for triple in graph if triple[1] in needed]


def results(case: Path, shapes: rdflib.Graph, vocabularies: rdflib.Graph) -> Counter:
    data = rdflib.Graph().parse(case)
    own = set(data.subjects())
    for triple in vocabularies:
        data.add(triple)
    _, found, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", advanced=False)
    return Counter(
        (
            str(found.value(node, rdflib.URIRef(SH.sourceShape))).removeprefix(SHAPES),
            str(found.value(node, rdflib.URIRef(SH.resultSeverity))).rpartition("#")[2],
        )
        for node in found.subjects(rdflib.RDF.type, rdflib.URIRef(SH.ValidationResult))
        if found.value(node, rdflib.URIRef(SH.focusNode)) in own
    )


def expected(case: Path) -> tuple[str, str]:
    head = case.read_text(encoding="utf-8").partition("\n\n")[0]
    found = re.search(r"# expects: (\S+) (Violation|Warning|Info)", head)
    assert found is not None, f"{case} does not say what it expects"
    return found[1], found[2]


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if case.stem.endswith(".invalid")],
    ids=lambda case: f"{case.parent.name}-{case.name.partition('.')[0]}",
)
def test_an_invalid_case_breaks_its_rule(case, shapes, vocabularies):
    assert results(case, shapes, vocabularies)[expected(case)] >= 1


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if case.stem.endswith(".valid")],
    ids=lambda case: f"{case.parent.name}-{case.name.partition('.')[0]}",
)
def test_a_valid_case_breaks_no_rule(case, shapes, vocabularies):
    rule, severity = expected(case.with_name(case.name.replace(".valid", ".invalid")))
    found = results(case, shapes, vocabularies)
    assert found[rule, severity] == 0
    assert not any(level == "Violation" for _, level in found)


def test_every_case_has_its_counterpart():
    names = {case.with_name(case.name.partition(".")[0]) for case in CASES}
    assert len(CASES) == 2 * len(names) >= 200
