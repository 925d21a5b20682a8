# SPDX-License-Identifier: Apache-2.0
"""The W3C SHACL test suites against the fast engine, as far as the service uses its reports:
severity, focus node, path of one step, value and shape of every result. (It leaves out how longer
paths are built, and sh:sourceConstraint; both optional or unused here.)

BIENNIEN_REFERENCE names the folder that holds `shacl-tests` (the suites with their manifests).
"""

import re
from collections import Counter
from pathlib import Path

import pytest
from test_shacl import MF, SHT, TESTS, needs_the_suites

from biennien_graph.engine.rdf import BlankNode, NamedNode, read_file
from biennien_graph.shacl.fast import Fast, Unfit
from biennien_graph.shacl.wording import Wording
from biennien_graph.terms import SH

# Not passed, and why. None of our shapes does the like.
EXCEPTIONS = {
    "core/property/uniqueLang-002": 'takes "1"^^xsd:boolean for true: only the literal true asks '
    "for unique languages (SHACL, section 4.4.5); pySHACL does so, too",
}
BLANK = re.compile(r"[0-9a-f]{20,32}")  # labels that the parser gives to nodes without any


class Described:
    """The triples of a file, to be looked up."""

    def __init__(self, file: Path) -> None:
        self.triples = [quad.triple for quad in read_file(file)]

    def all(self, subject, predicate):
        return [
            t.object
            for t in self.triples
            if t.subject == subject and t.predicate.value == str(predicate)
        ]

    def one(self, subject, predicate):
        return next(iter(self.all(subject, predicate)), None)


def expected(test: Described, report) -> Counter:
    return Counter(
        (
            said(test.one(result, SH.resultSeverity)).rpartition("#")[2],
            said(test.one(result, SH.focusNode)),
            said(test.one(result, SH.resultPath)),
            said(test.one(result, SH.value)),
            said(test.one(result, SH.sourceShape)),
        )
        for result in test.all(report, f"{SH.value.rpartition('#')[0]}#result")
    )


def said(term) -> str:
    return "" if term is None or isinstance(term, BlankNode) else term.value


def found(shapes: Path, data: Path) -> Counter:
    triples = Described(data).triples
    named = {t.object.value for t in triples if isinstance(t.object, BlankNode)}
    findings = Fast([shapes], Wording([shapes])).findings(triples)
    return Counter(
        tuple("" if x in named or BLANK.fullmatch(x) else x for x in finding[:5])
        for finding in findings
    )


def based(file: Path, folder: Path) -> Path:
    """The file with its base written into it."""
    copy = folder / f"{file.stem}.ttl"
    copy.write_text(f"@base <{file.as_uri()}> .\n{file.read_text('utf-8')}", encoding="utf-8")
    return copy


def passes(file: Path, folder: Path) -> bool:
    test = Described(based(file, folder))
    entry = next(t.subject for t in test.triples if t.object == NamedNode(str(SHT.Validate)))
    action, wanted = test.one(entry, MF.action), test.one(entry, MF.result)
    data, shapes = (
        based(Path(test.one(action, predicate).value.removeprefix("file://")), folder)
        for predicate in (SHT.dataGraph, SHT.shapesGraph)
    )
    try:
        actual = found(shapes, data)
    except Unfit:
        return wanted == NamedNode(str(SHT.Failure))
    return wanted != NamedNode(str(SHT.Failure)) and actual == expected(test, wanted)


@needs_the_suites
@pytest.mark.parametrize("name", TESTS)
def test_the_fast_engine_finds_what_the_suite_expects(name, tmp_path):
    if name in EXCEPTIONS:
        assert not passes(TESTS[name], tmp_path), f"{name} passes now: take it off EXCEPTIONS"
    else:
        assert passes(TESTS[name], tmp_path)


@needs_the_suites
def test_so_many_tests_ran_and_passed_in_the_fast_engine():
    passed = [name for name in TESTS if name not in EXCEPTIONS]
    counted = {
        suite: tuple(sum(name.startswith(suite) for name in names) for names in (TESTS, passed))
        for suite in ("core", "sparql")
    }
    assert counted == {"core": (98, 97), "sparql": (22, 22)}
    assert EXCEPTIONS.keys() <= TESTS.keys()
