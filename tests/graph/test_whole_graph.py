# SPDX-License-Identifier: Apache-2.0
"""All that is published, validated at once: the same as all entries together."""

from dataclasses import astuple

import pytest
from pyoxigraph import Store
from test_shapes import SHAPES, entry_of, view_of

from biennien_graph import loading, resources
from biennien_graph.engine import INFERRED
from biennien_graph.engine.rdf import Literal, NamedNode, Quad, Triple
from biennien_graph.evidence import Entry
from biennien_graph.terms import BN, NAMESPACE, RDF, RICO, XSD
from biennien_graph.validation import Shapes

DATE = NamedNode(f"{NAMESPACE}id/document/x#date")


@pytest.fixture(scope="module")
def shapes():
    return Shapes(resources.shapes())


@pytest.fixture(scope="module")
def entries():
    return loading.read(resources.entries())


def snapshot_of(folder, entries):
    view_of(folder, entries)
    return folder / "000000000001"


def comparable(report):
    return [
        (*astuple(result)[:6], *sorted(result.messages.items()))
        for result in report.results
        if result.shape != f"{SHAPES}statement#evidence"
    ]


def dated(*values):
    """An entry of a date with these first days, the last one 2024-03-15."""
    quads = [
        Quad(DATE, NamedNode(RDF.type), NamedNode(RICO.Date)),
        Quad(DATE, NamedNode(BN.latest), Literal("2024-03-15", datatype=NamedNode(XSD.date))),
        *(Quad(DATE, NamedNode(BN.earliest), value) for value in values),
    ]
    return Entry(f"{NAMESPACE}graph/record/x", "x", {quad.triple for quad in quads})


def test_the_whole_is_judged_as_its_entries_together(shapes, entries, tmp_path):
    case = resources.folder("tests") / "shapes" / "event" / "outside-whole.invalid.ttl"
    entries = [*entries, entry_of(case)]
    together = shapes.validate(entries)
    assert not together.conforms
    snapshot = snapshot_of(tmp_path, entries)
    assert comparable(shapes.validate_all(snapshot, tmp_path)) == comparable(together)


def test_an_entry_that_the_fast_engine_does_not_take_is_judged_by_the_reference(shapes, tmp_path):
    entry = dated(Literal("không", datatype=NamedNode(XSD.date)))
    report = shapes.validate_all(snapshot_of(tmp_path, [entry]), tmp_path)
    assert comparable(report) == comparable(shapes.validate([entry]))
    assert (f"{SHAPES}date#earliest", "không") in {(r.shape, r.value) for r in report.results}


def test_what_is_computed_is_not_validated(shapes, tmp_path):
    entry = dated(Literal("2024-03-16", datatype=NamedNode(XSD.date)))
    snapshot = tmp_path / "000000000001"
    store = Store(str(snapshot))
    store.extend(Quad(*triple, NamedNode(INFERRED)) for triple in entry.triples)
    store.flush()
    del store
    assert shapes.validate_all(snapshot, tmp_path).results == []


def test_what_shacl_does_not_know_is_left_out(shapes, tmp_path):
    entry = dated(Literal("2024-03-16", datatype=NamedNode(XSD.date)))
    reified = Triple(DATE, NamedNode(RDF.reifies), next(iter(entry.triples)))
    snapshot = snapshot_of(tmp_path, [Entry(entry.graph, "x", {*entry.triples, reified})])
    assert comparable(shapes.validate_all(snapshot, tmp_path)) == comparable(
        shapes.validate([entry])
    )


def test_no_text_is_left_behind(shapes, entries, tmp_path):
    snapshot, scratch = snapshot_of(tmp_path, entries[:1]), tmp_path / "scratch"
    scratch.mkdir()
    shapes.validate_all(snapshot, scratch)
    assert list(scratch.iterdir()) == []
