# SPDX-License-Identifier: Apache-2.0
"""The fast SHACL engine says what the reference says, or does not take part."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_shapes import CASES, entry_of, view_of

from biennien_graph import loading, resources
from biennien_graph.engine.rdf import BlankNode, Literal, NamedNode, Triple, read_file
from biennien_graph.errors import DataError
from biennien_graph.evidence import Entry
from biennien_graph.neighbourhood import neighbourhood
from biennien_graph.shacl import Engines
from biennien_graph.terms import XSD

DIFFERED = sorted((Path(__file__).parents[1] / "engines").glob("*.ttl"))
SMALL = 400  # triples; the reference takes seconds for a large entry


@pytest.fixture(scope="module")
def engines():
    return Engines(resources.shapes())


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    """All that comes with Biên Niên, as if it were loaded."""
    return view_of(tmp_path_factory.mktemp("everything"), loading.read(resources.entries()))


def counted(findings) -> Counter:
    return Counter((*finding[:5], *sorted(finding.messages.items())) for finding in findings)


def seen(triples, everything):
    entry = Entry("https://example.org/new", "new", set(triples))
    return entry.triples | set(neighbourhood([entry], everything))


# --- The shape cases, and what once made a difference ---


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}-{case.stem}")
def test_both_engines_judge_a_shape_case_alike(case, engines, everything):
    triples = seen(entry_of(case).triples, everything)
    if engines.fast.takes(triples):
        assert counted(engines.fast.findings(triples)) == counted(
            engines.reference.findings(triples)
        )
    else:
        assert engines.judge(triples).engine == "reference"


def test_the_fast_engine_takes_most_shape_cases(engines, everything):
    taken = [case for case in CASES if engines.fast.takes(seen(entry_of(case).triples, everything))]
    assert (len(taken), len(CASES)) == (339, 342)


@pytest.mark.parametrize("case", DIFFERED, ids=lambda case: case.stem)
def test_where_the_engines_differed_the_reference_is_followed_as_far_as_it_goes(case, engines):
    triples = [quad.triple for quad in read_file(case)]
    judged = engines.judge(triples)
    try:
        assert counted(judged.findings) == counted(engines.reference.findings(triples))
    except DataError:  # it gave up
        assert judged.engine == "fast"
        assert judged.findings


# --- Real entries, broken at random ---

ORIGINALS = [set(entry_of(case).triples) for case in CASES] + [
    entry.triples
    for entry in loading.read(resources.entries())
    if len(entry.triples) < SMALL and "/vocabulary/" not in entry.graph
]
TRIPLES = [t for o in ORIGINALS for t in o if not isinstance(t.object, Triple)]
PREDICATES = sorted({t.predicate.value for t in TRIPLES})
NODES = sorted({t.subject.value for t in TRIPLES if isinstance(t.subject, NamedNode)})
WORDS = sorted({t.object.value for t in TRIPLES if isinstance(t.object, Literal)})[::7]
FORMS = [
    "", "1", "01", "+1", "-1", "1.0", "1e3", "INF", "NaN", "true", "TRUE", "không", " 5 ", "a\nb",
    '"', "\\", "e\u0301", "\u0661", "99999999999999999999", "2024", "2024-05", "2024-02-30",
    "2024-05-07", "2024-05-07Z", "2024-05-07T00:00:00", "-0044-03-15", "12024-01-01", "24:00:00",
]  # fmt: skip
DATATYPES = [
    "anyURI", "boolean", "date", "dateTime", "decimal", "double", "gYear", "int", "integer",
    "nonNegativeInteger", "string", "time",
]  # fmt: skip
LANGUAGES = ["vi", "en", "VI", "vi-VN", "x-a"]
texts = st.sampled_from(FORMS) | st.sampled_from(WORDS) | st.text(max_size=5)
namespace = XSD.string.removesuffix("string")
literals = st.one_of(
    texts.map(Literal),
    st.builds(lambda text, tag: Literal(text, language=tag), texts, st.sampled_from(LANGUAGES)),
    st.builds(
        lambda text, name: Literal(text, datatype=NamedNode(namespace + name)),
        texts,
        st.sampled_from(DATATYPES),
    ),
)
nodes = st.sampled_from(NODES).map(NamedNode) | st.sampled_from("abc").map(BlankNode)


@st.composite
def broken(draw):
    """An entry with some statements dropped, doubled, turned round, or about something else."""
    triples = sorted(draw(st.sampled_from(ORIGINALS)), key=str)
    for _ in range(draw(st.integers(1, 5))):
        s, p, o = triples.pop(draw(st.integers(0, len(triples) - 1)))
        if isinstance(o, Triple):
            continue
        other = draw(st.sampled_from(triples or TRIPLES))
        predicate = NamedNode(draw(st.sampled_from(PREDICATES)))
        value = draw(literals | nodes)
        triples += draw(
            st.sampled_from(
                [
                    [],  # dropped
                    [Triple(s, p, value)],  # retargeted
                    [Triple(s, p, o), Triple(s, p, value)],  # doubled
                    [Triple(s, predicate, o)],  # another property
                    [Triple(s, p, o), Triple(other.subject, p, o)],  # said of another, too
                    [Triple(s, p, o), Triple(s, p, s)],  # a short cycle
                    [Triple(s, p, o), Triple(s if isinstance(o, Literal) else o, p, s)],  # cycle
                    [Triple(s, p, retyped(o, value))],
                ]
            )
        )
        if not triples:
            break
    return set(triples)


def retyped(value, like):
    """A text under the datatype or language of another."""
    if not isinstance(value, Literal) or not isinstance(like, Literal):
        return like
    if like.language:
        return Literal(value.value, language=like.language)
    return Literal(value.value, datatype=like.datatype)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(triples=broken())
def test_both_engines_judge_broken_entries_alike(triples, engines, everything):
    around = seen(triples, everything)
    judged = engines.judge(around)
    try:
        reference = counted(engines.reference.findings(around))
    except DataError:
        assert judged.engine == "fast"
    else:
        assert counted(judged.findings) == reference
