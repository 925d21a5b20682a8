# SPDX-License-Identifier: Apache-2.0
"""What follows from what is said: kept apart, exact after every change, gone with its grounds."""

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biennien_graph import journal
from biennien_graph.datafolder import DataFolder
from biennien_graph.engine import INFERRED
from biennien_graph.engine.embedded import EmbeddedStore
from biennien_graph.engine.rdf import RdfFormat, n_quads, read_quads, read_text
from biennien_graph.inference.rules import read_rules
from biennien_graph.terms import NAMESPACE, PREFIXES

RULES = """
  PREFIX e: <urn:e#>
  GRAPH <https://w3id.org/biennien/graph/alignment/test> {
    e:City rdfs:subClassOf e:Town . e:Town rdfs:subClassOf e:Place .
    e:leads rdfs:subPropertyOf e:serves . e:serves owl:inverseOf e:servedBy .
    e:near a owl:SymmetricProperty .
    e:within a owl:TransitiveProperty . e:in rdfs:subPropertyOf e:within .
    e:rule a sh:SPARQLRule ; sh:construct
      \"\"\"CONSTRUCT { ?who <urn:e#worksNear> ?b }
         WHERE { ?who <urn:e#serves> ?a . ?a <urn:e#near> ?b }\"\"\" .
  }
"""


def lines(trig: str) -> list[bytes]:
    prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    return n_quads(read_text((prefixes + trig).encode(), RdfFormat.TRIG, name="test"))


def said(*statements: str, graph: str = "g") -> list[bytes]:
    return lines(f"PREFIX e: <urn:e#>\nGRAPH <urn:{graph}> {{ {' . '.join(statements)} }}")


def record(folder: DataFolder, added=(), removed=()):
    after = folder.journal.head()[0]
    return folder.record(added, removed, agent="An", message="", after=after)


def concluded(folder: DataFolder) -> set[str]:
    return {
        str(quad.triple).replace("urn:e#", "").replace("<", "").replace(">", "")
        for quad in folder.view().quads(graph=INFERRED)
        if "urn:e#" in str(quad.subject)
    }


@pytest.fixture
def folder(tmp_path):
    with DataFolder(tmp_path / "var") as opened:
        opened.take()
        record(opened, lines(RULES))
        yield opened


TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


def test_a_thing_of_a_class_is_of_the_wider_classes_too(folder):
    record(folder, said("e:a a e:City"))
    assert concluded(folder) == {f"a {TYPE} Town", f"a {TYPE} Place"}


def test_properties_hold_upwards_and_from_the_other_end(folder):
    record(folder, said("e:x e:leads e:a"))
    assert concluded(folder) == {"x serves a", "a servedBy x"}


def test_chains_are_closed(folder):
    record(folder, said("e:a e:in e:b", "e:b e:in e:c"))
    record(folder, said("e:c e:in e:d"))
    pairs = ["ab", "ac", "ad", "bc", "bd", "cd"]
    assert concluded(folder) == {f"{x} within {y}" for x, y in pairs}


def test_a_rule_joins_what_different_changes_say(folder):
    record(folder, said("e:b e:near e:a"))
    record(folder, said("e:x e:leads e:a", graph="h"))
    assert "x worksNear b" in concluded(folder)


def test_a_conclusion_goes_with_its_last_ground(folder):
    one, other = said("e:x e:leads e:a"), said("e:x e:serves e:a", graph="h")
    record(folder, [*one, *other])
    record(folder, (), one)
    assert concluded(folder) == {"a servedBy x"}
    record(folder, (), other)
    assert concluded(folder) == set()


def test_conclusions_do_not_hold_each_other_up(folder):
    record(folder, said("e:a e:near e:b"))
    assert concluded(folder) == {"b near a"}
    record(folder, (), said("e:a e:near e:b"))
    assert concluded(folder) == set()


def test_a_circle_of_grounds_falls_when_it_is_cut(folder):
    record(folder, said("e:a e:in e:b", "e:b e:in e:c", "e:c e:in e:a"))
    record(folder, (), said("e:b e:in e:c"))
    assert concluded(folder) == {"a within b", "c within a", "c within b"}


def test_what_an_entry_says_is_no_conclusion_until_only_rules_say_it(folder):
    record(folder, said("e:x e:leads e:a"))
    record(folder, said("e:x e:serves e:a", graph="h"))
    assert concluded(folder) == {"a servedBy x"}
    record(folder, (), said("e:x e:serves e:a", graph="h"))
    assert concluded(folder) == {"x serves a", "a servedBy x"}


def test_new_rules_apply_to_what_was_said_before(folder):
    record(folder, said("e:a a e:Hill"))
    assert concluded(folder) == set()
    rule = lines(
        "PREFIX e: <urn:e#>\n"
        "GRAPH <https://w3id.org/biennien/graph/ontology> { e:Hill rdfs:subClassOf e:Place }"
    )
    record(folder, rule)
    assert concluded(folder) == {f"a {TYPE} Place"}
    record(folder, (), rule)
    assert concluded(folder) == set()


def test_axioms_outside_ontology_and_alignments_are_only_data(folder):
    record(folder, said("e:Hill rdfs:subClassOf e:Place", "e:a a e:Hill"))
    assert concluded(folder) == set()


def test_readers_of_the_default_graph_see_conclusions(folder):
    record(folder, said("e:x e:leads e:a"))
    store = ox.Store.read_only(str(folder.snapshot()))
    assert store.query("ASK { <urn:e#a> <urn:e#servedBy> <urn:e#x> }")
    record(folder, (), said("e:x e:leads e:a"))
    store = ox.Store.read_only(str(folder.snapshot()))
    assert not store.query("ASK { <urn:e#a> ?p <urn:e#x> }")


@pytest.mark.parametrize(
    "text",
    [
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "CONSTRUCT { ?s a ?new } WHERE { ?s a ?o }",
        "CONSTRUCT { ?s a ?o } WHERE { ?s a ?o FILTER(?o != 1) }",
        "CONSTRUCT { ?s a ?o } WHERE { ?s rdfs:subClassOf+ ?o }",
        "SELECT * { ?s a ?o }",
        "CONSTRUCT { ?s a ?o } WHERE { ?s a unknown:thing }",
        "not a query",
    ],
)
def test_a_rule_that_is_none_is_named_and_the_others_apply(text):
    quads = read_quads(
        b"".join(
            lines(
                f"GRAPH <{NAMESPACE}graph/alignment/test> {{ <urn:bad> sh:construct '''{text}''' ."
                "<urn:good> sh:construct 'CONSTRUCT { ?a rdfs:label ?b } "
                "WHERE { ?a skos:note ?b }' }"
            )
        )
    )
    rules, faults = read_rules(quads)
    assert [fault.subject for fault in faults] == ["urn:bad"]
    assert [rule.head.predicate.value for rule in rules.all] == [PREFIXES["rdfs"] + "label"]


_NODES = st.sampled_from(["e:a", "e:b", "e:c", "e:d"])
_STATEMENTS = st.one_of(
    st.tuples(
        _NODES, st.sampled_from(["e:in", "e:within", "e:near", "e:leads", "e:serves"]), _NODES
    ),
    st.tuples(_NODES, st.just("a"), st.sampled_from(["e:City", "e:Town", "e:Place"])),
)
_STATES = st.lists(
    st.sets(st.tuples(_STATEMENTS, st.sampled_from("gh")), max_size=7), min_size=1, max_size=5
)


@given(_STATES)
@settings(max_examples=40, deadline=None)
def test_changes_one_by_one_conclude_what_all_at_once_would(tmp_path_factory, states):
    """The engine's fixpoint over the last state is the judge of the incremental path."""
    with DataFolder(tmp_path_factory.mktemp("steps") / "var") as folder:
        folder.take()
        record(folder, lines(RULES))
        have: set[bytes] = set()
        for state in states:
            want = {
                line
                for statement, graph in state
                for line in said(" ".join(statement), graph=graph)
            }
            record(folder, sorted(want - have), sorted(have - want))
            have = want
        step_by_step = concluded(folder)
    with DataFolder(tmp_path_factory.mktemp("at-once") / "var") as folder:
        folder.take()
        record(folder, [*lines(RULES), *sorted(have)])
        assert step_by_step == concluded(folder)


def test_a_bulk_change_concludes_what_small_ones_would(folder, monkeypatch):
    monkeypatch.setattr(journal, "BULK_BYTES", 5_000)
    many = [line for n in range(200) for line in said(f"e:n{n} e:in e:n{n + 200}")]
    assert record(folder, many).is_bulk
    assert len(concluded(folder)) == 200
    record(folder, said("e:n200 e:in e:top"))
    assert {"n200 within top", "n0 within top"} <= concluded(folder)


def test_a_projector_stopped_amid_a_change_of_rules_does_it_all_again(folder, monkeypatch):
    record(folder, said("e:a a e:Hill"))

    def stopped(store, constructs, graph):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(EmbeddedStore, "conclude", stopped)
        with pytest.raises(KeyboardInterrupt):
            record(
                folder,
                lines(
                    "PREFIX e: <urn:e#>\nGRAPH <https://w3id.org/biennien/graph/ontology>"
                    "{ e:Hill rdfs:subClassOf e:Place }"
                ),
            )
    path = folder.path
    folder.close()
    with DataFolder(path) as again:
        again.take()
        assert again.projector.behind() == 1
        assert concluded(again) == {f"a {TYPE} Place"}


def test_conclusions_about_blank_nodes_come_and_go_with_rules_and_grounds(folder):
    record(folder, said("_:one a e:City"))
    rule = lines(
        "PREFIX e: <urn:e#>\n"
        "GRAPH <https://w3id.org/biennien/graph/ontology> { e:City rdfs:subClassOf e:Big }"
    )
    for change in ((rule, ()), ((), rule)):
        record(folder, *change)
        found = {str(quad.object) for quad in folder.view().quads(graph=INFERRED)}
        big = {"<urn:e#Big>"} if change[0] else set()
        assert found == {"<urn:e#Town>", "<urn:e#Place>"} | big
    record(folder, (), said("_:one a e:City"))
    assert list(folder.view().quads(graph=INFERRED)) == []
