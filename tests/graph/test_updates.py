# SPDX-License-Identifier: Apache-2.0
"""What each form of SPARQL Update would change. Quads are words: `s p o g` is in the graph g."""

import pyoxigraph as ox
import pytest

from biennien_graph import changes
from biennien_graph.engine import COMPUTED, Position
from biennien_graph.engine.embedded import EmbeddedStore
from biennien_graph.errors import BiennienError, DataError
from biennien_graph.terms import NAMESPACE

TIME = "2024-05-07T00:00:00Z"
DATA = "a p 1, a p 2 g, b p 2 g, b p 3 h"

# What is asked for, what goes, what comes; the data are those above.
FORMS = {
    "nothing": ("", "", ""),
    "a prologue alone": ("PREFIX u: <urn:>", "", ""),
    "data": ("INSERT DATA { :a :q 1 , 2 . GRAPH :g { :a :q 3 } }", "", "a q 1, a q 2, a q 3 g"),
    "data that are there": ("INSERT DATA { :a :p 1 }", "", ""),
    "data of several graphs": (
        "INSERT DATA { GRAPH :g { :x :p 1 } GRAPH :new { :x :p 2 . } . :x :p 3 }",
        "",
        "x p 1 g, x p 2 new, x p 3",
    ),
    "data with comments": ("INSERT DATA { # one }\n :x :p 1 # two\n}", "", "x p 1"),
    "data with strings": ("INSERT DATA { :x :p '} GRAPH <g> {' }", "", "x p } GRAPH <g> {"),
    "a prefix that is known": ("INSERT DATA { :x rdfs:label 'X' }", "", "x rdfs:label X"),
    "a prefix of one's own": ("PREFIX rdfs: <urn:> INSERT DATA { :x rdfs:p 'X' }", "", "x p X"),
    "deleted data": ("DELETE DATA { :a :p 1 . GRAPH :g { :b :p 2 } }", "a p 1, b p 2 g", ""),
    "data that are not there": ("DELETE DATA { :a :p 9 . GRAPH :none { :a :p 1 } }", "", ""),
    "DELETE WHERE": ("DELETE WHERE { GRAPH :g { ?s :p 2 } }", "a p 2 g, b p 2 g", ""),
    "DELETE WHERE of two graphs": (
        "DELETE WHERE { GRAPH :g { ?s :p ?o } GRAPH :h { ?s :p ?x } }",
        "b p 2 g, b p 3 h",
        "",
    ),
    "DELETE WHERE of any graph": ("DELETE WHERE { GRAPH ?g { :b ?p ?o } }", "b p 2 g, b p 3 h", ""),
    "INSERT WHERE": ("INSERT { ?s :q ?o } WHERE { GRAPH :g { ?s :p ?o } }", "", "a q 2, b q 2"),
    "DELETE and INSERT": (
        """DELETE { GRAPH :h { :b :p ?o } } INSERT { GRAPH :h { :b :p ?n } }
           WHERE { GRAPH :h { :b :p ?o } BIND(?o + 1 AS ?n) }""",
        "b p 3 h",
        "b p 4 h",
    ),
    "templates of several graphs": (
        """INSERT { ?s :q 1 . GRAPH :g { ?s :q 2 . ?s :q 3 } . ?s :q 4 . GRAPH :k { ?s :q 5 } }
           WHERE { GRAPH :h { ?s :p 3 } }""",
        "",
        "b q 1, b q 2 g, b q 3 g, b q 4, b q 5 k",
    ),
    "a template with comments": (
        """DELETE { ?s :p ?o # the old one\n } INSERT { # {\n ?s :q ?o # the new one\n }\n
           # between\nWHERE { ?s :p ?o # }\n}""",
        "a p 1",
        "a q 1",
    ),
    "a template for any graph": (
        """DELETE { GRAPH ?g { ?s :p ?o } } INSERT { GRAPH ?g { ?s :q ?o } }
           WHERE { GRAPH ?g { ?s :p ?o FILTER(?s = :b) } }""",
        "b p 2 g, b p 3 h",
        "b q 2 g, b q 3 h",
    ),
    "a graph named by a literal": ("INSERT { GRAPH ?o { ?s :q 1 } } WHERE { ?s :p ?o }", "", ""),
    "a template without a value": (
        "INSERT { ?s :q ?none . ?s :r ?o } WHERE { ?s :p ?o }",
        "",
        "a r 1",
    ),
    "the same deleted and inserted": (
        "DELETE { ?s :p ?o } INSERT { ?s :p ?o } WHERE { ?s :p ?o }",
        "",
        "",
    ),
    "WITH": (
        """WITH :g DELETE { ?s :p ?o } INSERT { ?s :q ?o . GRAPH :h { ?s :q ?o } }
           WHERE { ?s :p ?o FILTER(?s = :a) }""",
        "a p 2 g",
        "a q 2 g, a q 2 h",
    ),
    "USING": (
        "INSERT { ?s :q ?o } USING :g USING :h WHERE { ?s :p ?o }",
        "",
        "a q 2, b q 2, b q 3",
    ),
    "USING, which has no named graphs": (
        "INSERT { ?s :q ?o } USING :g WHERE { GRAPH ?x { ?s :p ?o } }",
        "",
        "",
    ),
    "USING NAMED": (
        "INSERT { ?s :q ?o } USING NAMED :h WHERE { GRAPH ?x { ?s :p ?o } }",
        "",
        "b q 3",
    ),
    "WITH and USING": ("WITH :g INSERT { ?s :q ?o } USING :h WHERE { ?s :p ?o }", "", "b q 3 g"),
    "a sub-query": (
        "INSERT { :all :q ?n } WHERE { { SELECT (SUM(?o) AS ?n) { GRAPH ?g { ?s :p ?o } } } }",
        "",
        "all q 7",
    ),
    "CLEAR DEFAULT": ("CLEAR DEFAULT", "a p 1", ""),
    "CLEAR GRAPH": ("CLEAR GRAPH :g", "a p 2 g, b p 2 g", ""),
    "CLEAR NAMED": ("CLEAR NAMED", "a p 2 g, b p 2 g, b p 3 h", ""),
    "CLEAR ALL": ("CLEAR ALL", DATA, ""),
    "CLEAR SILENT": ("CLEAR SILENT GRAPH :none", "", ""),
    "DROP DEFAULT": ("DROP DEFAULT", "a p 1", ""),
    "DROP GRAPH": ("DROP GRAPH <urn:h>", "b p 3 h", ""),
    "DROP NAMED": ("DROP SILENT NAMED", "a p 2 g, b p 2 g, b p 3 h", ""),
    "DROP ALL": ("drop all", DATA, ""),
    "CREATE": ("CREATE GRAPH :new", "", ""),
    "CREATE SILENT": ("CREATE SILENT GRAPH :g", "", ""),
    "ADD": ("ADD :h TO :g", "", "b p 3 g"),
    "ADD to the default graph": ("ADD GRAPH :g TO DEFAULT", "", "a p 2, b p 2"),
    "COPY": ("COPY :h TO GRAPH :g", "a p 2 g, b p 2 g", "b p 3 g"),
    "COPY to a new graph": ("COPY DEFAULT TO :new", "", "a p 1 new"),
    "COPY of nothing": ("COPY SILENT :none TO :h", "b p 3 h", ""),
    "COPY to itself": ("COPY :g TO :g", "", ""),
    "MOVE": ("MOVE :h TO :g", "a p 2 g, b p 2 g, b p 3 h", "b p 3 g"),
    "MOVE to itself": ("MOVE DEFAULT TO DEFAULT", "", ""),
    "several that see each other": (
        """INSERT DATA { :x :p 1 } ; INSERT { ?s :q ?o } WHERE { ?s :p ?o } ;
           DELETE WHERE { :a ?p ?o }""",
        "a p 1",
        "x p 1, x q 1",
    ),
    "inserted, then deleted": ("INSERT DATA { :x :p 1 } ; DELETE DATA { :x :p 1 }", "", ""),
    "deleted, then inserted": ("DELETE DATA { :a :p 1 } ; INSERT DATA { :a :p 1 } ;", "", ""),
    "there and back": ("MOVE :g TO :new ; COPY :new TO :g ; DROP GRAPH :new", "", ""),
    "cleared, then filled": ("CLEAR ALL ; INSERT DATA { :a :p 1 , 4 }", DATA[7:], "a p 4"),
}  # fmt: skip
REFUSED = {
    "CLEAR GRAPH :none": "does not exist",
    "DROP GRAPH :none": "does not exist",
    "COPY :none TO :g": "does not exist",
    "ADD :none TO DEFAULT": "does not exist",
    "CREATE GRAPH :g": "exists",
    "INSERT DATA { :x :p 1 } ; DROP GRAPH :none": "does not exist",
    "INSERT DATA { GRAPH :new { :x :p 1 } } ; CREATE GRAPH :new": "exists",
    "LOAD <urn:x>": "LOAD is not accepted",
    "INSERT DATA { :x :p 1 } ; LOAD <urn:x> INTO GRAPH :g": "LOAD is not accepted",
    "CLEARALL": "CLEARALL is no operation",
}


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    """Make a view of some quads, as readers see them."""

    def make(words, *, merge=False):
        folder = tmp_path_factory.mktemp("store")
        store = EmbeddedStore(folder / "store", folder / "snapshots", NAMESPACE, merge=merge)
        store.apply(quads(words), (), Position(1, "0"), time=TIME)
        return store.snapshot()

    return make


@pytest.fixture(scope="module")
def data(snapshot):
    return snapshot(DATA)


@pytest.fixture(scope="module")
def union(snapshot):
    return snapshot("a p 2 g, b p 2 g, b p 3 h", merge=True)


@pytest.fixture
def changed(tmp_path):
    """What an update removes and adds, in order."""

    def change(view, text, *, merge=False, **given):
        text = f"PREFIX : <urn:> {text}"
        added, removed = changes.of_update(view, tmp_path / "scratch", text, merge=merge, **given)
        return words_of(removed), words_of(added)

    return change


def quads(words):
    """The quads that `s p o g, s p o` stands for."""
    found = []
    for part in filter(None, (part.strip() for part in words.split(","))):
        s, p, o, *g = part.split()
        value = ox.Literal(int(o)) if o.isdecimal() else ox.NamedNode(f"urn:{o}")
        graph = ox.NamedNode(f"urn:{g[0]}") if g else ox.DefaultGraph()
        found.append(ox.Quad(ox.NamedNode(f"urn:{s}"), ox.NamedNode(f"urn:{p}"), value, graph))
    return found


def words_of(found):
    """Quads as words, in order."""
    label = "http://www.w3.org/2000/01/rdf-schema#"
    rows = [
        [quad.subject, quad.predicate, quad.object]
        + ([] if isinstance(quad.graph_name, ox.DefaultGraph) else [quad.graph_name])
        for quad in found
    ]
    return sorted(
        " ".join(term.value.removeprefix("urn:").replace(label, "rdfs:") for term in row)
        for row in rows
    )


def in_order(words):
    return sorted(part.strip() for part in words.split(",") if part.strip())


@pytest.mark.parametrize("form", FORMS)
def test_an_update_changes_what_the_standard_says(changed, data, form):
    text, gone, come = FORMS[form]
    assert changed(data, text) == (in_order(gone), in_order(come))


@pytest.mark.parametrize("text", REFUSED)
def test_what_cannot_be_done_is_said_and_nothing_comes_of_it(changed, data, text):
    with pytest.raises(BiennienError, match=REFUSED[text]):
        changed(data, text)


def test_the_protocol_says_what_a_pattern_sees(changed, data):
    copy = "INSERT { ?s :q ?o } WHERE { ?s :p ?o }"
    assert changed(data, copy, using=["urn:h"]) == ([], ["b q 3"])
    copy = "INSERT { ?s :q ?o } WHERE { GRAPH ?g { ?s :p ?o } }"
    assert changed(data, copy, using_named=["urn:h"]) == ([], ["b q 3"])
    assert changed(data, copy, using=["urn:h"]) == ([], [])


@pytest.mark.parametrize("clause", ["WITH :g INSERT", "INSERT"])
def test_the_protocol_and_the_update_do_not_both_say_it(changed, data, clause):
    where = "WHERE {}" if "WITH" in clause else "USING :g WHERE {}"
    with pytest.raises(DataError, match="do not go together"):
        changed(data, f"{clause} {{ :x :p 1 }} {where}", using=["urn:h"])


def test_within_a_graph_that_graph_is_the_default_one(changed, data):
    text = "DELETE { ?s :p ?o } INSERT { ?s :q ?o . GRAPH :h { ?s :q ?o } } WHERE { ?s :p ?o }"
    found = changed(data, text, within="urn:g")
    assert found == (["a p 2 g", "b p 2 g"], ["a q 2 g", "a q 2 h", "b q 2 g", "b q 2 h"])
    assert changed(data, "CLEAR DEFAULT", within="urn:h") == (["b p 3 h"], [])


@pytest.mark.parametrize("graph", sorted(COMPUTED))
def test_graphs_that_the_service_computes_are_left_alone(changed, data, union, graph):
    """They are no data of anybody's: neither emptied with the rest, nor copied by a variable."""
    for view, merge in ((data, False), (union, True)):
        removed, added = changed(view, "DROP NAMED", merge=merge)
        assert not [quad for quad in removed + added if quad.endswith(graph)]
    removed, added = changed(data, "INSERT { ?s :q ?o } WHERE { GRAPH ?g { ?s ?p ?o } }")
    assert added == ["a q 2", "b q 2", "b q 3"]


# Where the default graph is the union of all


def test_the_union_is_read_as_one_graph(changed, union):
    text = "INSERT { GRAPH :k { :all :q ?n } } WHERE { { SELECT (SUM(?o) AS ?n) { ?s :p ?o } } }"
    assert changed(union, text, merge=True) == ([], ["all q 7 k"])


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { :x :p 1 }",
        "DELETE DATA { :a :p 2 }",
        "DELETE WHERE { ?s ?p ?o }",
        "INSERT { ?s :q ?o } WHERE { ?s :p ?o }",
        "CLEAR DEFAULT",
        "DROP SILENT DEFAULT",
        "ADD :g TO DEFAULT",
        "MOVE DEFAULT TO :g",
    ],
)
def test_nothing_is_written_to_the_union(changed, union, text):
    with pytest.raises(DataError, match="the union of all entries") as refused:
        changed(union, text, merge=True)
    assert "GRAPH <https://w3id.org/biennien/graph/…>" in refused.value.hint


def test_what_is_written_to_a_graph_is_seen_in_the_union_by_the_next_operation(changed, union):
    text = (
        "INSERT DATA { GRAPH :k { :x :p 9 } } ; "
        "DELETE { GRAPH :k { ?s :p ?o } } INSERT { GRAPH :k { ?s :q ?o } } WHERE { ?s :p ?o } ; "
        "DELETE DATA { GRAPH :g { :a :p 2 } } ; "
        "INSERT { GRAPH :k { ?s :r 1 } } WHERE { ?s :p 2 }"
    )
    removed, added = changed(union, text, merge=True)
    assert removed == ["a p 2 g"]
    assert added == ["a q 2 k", "b q 2 k", "b q 3 k", "b r 1 k", "x q 9 k"]


def test_dropping_all_empties_the_entries(changed, union):
    assert changed(union, "DROP ALL", merge=True) == (["a p 2 g", "b p 2 g", "b p 3 h"], [])
