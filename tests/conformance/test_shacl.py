# SPDX-License-Identifier: Apache-2.0
"""The W3C SHACL test suites, core and SPARQL, against validation as the service calls it.

BIENNIEN_REFERENCE names the folder that holds `shacl-tests` (the suites with their manifests).
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib
from rdflib import RDF, SH, BNode, Graph, Literal
from rdflib.compare import isomorphic

from biennien_graph.errors import DataError
from biennien_graph.shacl.reference import shacl_report

MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = rdflib.Namespace("http://www.w3.org/ns/shacl-test#")
# What has to be the same in two reports; of these, what a test may leave unsaid.
COMPARED = {
    SH.focusNode, SH.resultPath, SH.value, SH.resultSeverity, SH.sourceConstraintComponent,
}  # fmt: skip
OPTIONAL = {SH.sourceShape, SH.sourceConstraint, SH.resultMessage}
REFERENCE = os.environ.get("BIENNIEN_REFERENCE", "")
SUITES = Path(REFERENCE) / "shacl-tests"


def files_of(manifest: Path) -> Iterator[Path]:
    """The files with tests that a manifest includes, in its order."""
    graph = Graph().parse(manifest)
    for included in sorted(graph.objects(predicate=MF.include)):
        file = Path(str(included).removeprefix("file://"))
        if file.name == "manifest.ttl":
            yield from files_of(file)
        else:
            yield file


def exceptions() -> dict[str, str]:
    """The tests that are known to fail, each with its reason."""
    lines = Path(__file__).with_name("shacl-exceptions.txt").read_text(encoding="utf-8")
    said = [line for line in lines.splitlines() if line and not line.startswith("#")]
    return {name.strip(): reason.strip() for name, _, reason in (x.partition(": ") for x in said)}


TESTS = {
    str(file.relative_to(SUITES).with_suffix("")): file
    for suite in ("core", "sparql")
    if REFERENCE
    for file in files_of(SUITES / suite / "manifest.ttl")
}
needs_the_suites = pytest.mark.skipif(
    not REFERENCE, reason="set BIENNIEN_REFERENCE to the folder that holds shacl-tests"
)


def passes(file: Path) -> bool:
    """Whether the report on a test's data is the expected one, or the expected failure."""
    test = Graph().parse(file)
    entry = test.value(predicate=RDF.type, object=SHT.Validate, any=False)
    action, expected = test.value(entry, MF.action), test.value(entry, MF.result)
    data, shapes = (named(test.value(action, p)) for p in (SHT.dataGraph, SHT.shapesGraph))
    try:
        actual = shacl_report(data, shapes)
    except DataError:
        return expected == SHT.Failure
    if expected == SHT.Failure:
        return False
    report = actual.value(predicate=RDF.type, object=SH.ValidationReport, any=False)
    said = {p for result in test.objects(expected, SH.result) for p in test.predicates(result)}
    compared = COMPARED | (OPTIONAL & said)
    return isomorphic(essence(test, expected, compared), essence(actual, report, compared))


def named(iri: rdflib.term.Node | None) -> Graph:
    return Graph().parse(str(iri).removeprefix("file://"))


def essence(graph: Graph, report: rdflib.term.Node, properties: set[rdflib.URIRef]) -> Graph:
    """Of a report: whether it conforms, and those properties of its results."""
    found = Graph()
    for conforms in graph.objects(report, SH.conforms):
        found.add((SH.ValidationReport, SH.conforms, conforms))
    for result in graph.objects(report, SH.result):
        node = BNode()
        for predicate in properties:
            for value in graph.objects(result, predicate):
                is_path = predicate == SH.resultPath
                found.add((node, predicate, spelt(graph, value) if is_path else value))
    return found


def spelt(graph: Graph, node: rdflib.term.Node) -> Literal:
    """A path or list as it is built: two results may share one, or have one each."""
    if not isinstance(node, BNode):
        return Literal(node.n3())
    parts = sorted((p.n3(), spelt(graph, o)) for p, o in graph.predicate_objects(node))
    return Literal(f"[{' ; '.join(f'{p} {o}' for p, o in parts)}]")


@needs_the_suites
@pytest.mark.parametrize("name", TESTS)
def test_a_report_is_the_one_that_the_suite_expects(name):
    if name in exceptions():
        assert not passes(TESTS[name]), f"{name} passes now: take it off shacl-exceptions.txt"
    else:
        assert passes(TESTS[name])


@needs_the_suites
def test_so_many_tests_ran_and_passed():
    passed = [name for name in TESTS if name not in exceptions()]
    counted = {
        suite: tuple(sum(name.startswith(suite) for name in names) for names in (TESTS, passed))
        for suite in ("core", "sparql")
    }
    assert counted == {"core": (98, 97), "sparql": (22, 21)}
    assert exceptions().keys() <= TESTS.keys()
    assert all(exceptions().values())
