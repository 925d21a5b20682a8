# SPDX-License-Identifier: Apache-2.0
"""Whatever the operations, what an update would change is what the engine's own update changes."""

import pyoxigraph as ox
from hypothesis import given, settings
from hypothesis import strategies as st

from biennien_graph import changes
from biennien_graph.engine import Position
from biennien_graph.engine.embedded import EmbeddedStore
from biennien_graph.terms import NAMESPACE

PROLOGUE = "PREFIX : <urn:>"
NODES = st.sampled_from([":a", ":b"])
PREDICATES = st.sampled_from([":p", ":q"])
VARIABLES = st.sampled_from(["?x", "?y", "?z"])
GRAPHS = st.sampled_from([":g", ":h", ":k"])
ANY_GRAPH = GRAPHS | st.just("?g")
TARGETS = GRAPHS.map(lambda graph: f"GRAPH {graph}") | st.just("DEFAULT")


def triples(nodes):
    values = nodes | st.sampled_from(["1", "2"])
    parts = st.tuples(nodes, PREDICATES, values).map(" ".join)
    return st.lists(parts, min_size=1, max_size=2).map(" . ".join)


def patterns(nodes, graphs):
    """Triples of the default graph and of others, in any order."""
    named = st.tuples(graphs, triples(nodes)).map("GRAPH {0[0]} {{ {0[1]} }}".format)
    part = triples(nodes).map("{} .".format) | named
    return st.lists(part, min_size=1, max_size=3).map(" ".join)


def template(form, filled):
    return filled.map(f"{form} {{{{ {{}} }}}}".format)


DATA = patterns(NODES, GRAPHS)
OPEN = patterns(NODES | VARIABLES, ANY_GRAPH)
WHERE = st.one_of(
    OPEN,
    st.tuples(OPEN, OPEN).map("{{ {0[0]} }} UNION {{ {0[1]} }}".format),
    st.tuples(OPEN, OPEN).map("{0[0]} OPTIONAL {{ {0[1]} }}".format),
    st.tuples(OPEN, OPEN).map("{0[0]} FILTER NOT EXISTS {{ {0[1]} }}".format),
)
USING = st.tuples(st.sampled_from(["USING", "USING NAMED"]), GRAPHS).map(" ".join)
MODIFY = st.tuples(
    st.just("") | GRAPHS.map("WITH {}".format),
    st.one_of(
        template("DELETE", OPEN),
        template("INSERT", OPEN),
        st.tuples(template("DELETE", OPEN), template("INSERT", OPEN)).map(" ".join),
    ),
    st.lists(USING, max_size=2).map(" ".join),
    template("WHERE", WHERE),
).map(" ".join)
OPERATIONS = st.one_of(
    template("INSERT DATA", DATA),
    template("DELETE DATA", DATA),
    template("DELETE WHERE", OPEN),
    MODIFY,
    MODIFY,
    st.tuples(
        st.sampled_from(["CLEAR SILENT", "DROP SILENT"]),
        TARGETS | st.sampled_from(["NAMED", "ALL"]),
    ).map(" ".join),
    GRAPHS.map("CREATE SILENT GRAPH {}".format),
    st.tuples(
        st.sampled_from(["ADD SILENT", "MOVE SILENT", "COPY SILENT"]),
        TARGETS,
        st.just("TO"),
        TARGETS,
    ).map(" ".join),
)


def of_the_engine(data, request):
    store = ox.Store()
    store.update(f"{PROLOGUE} INSERT DATA {{ {data} }}")
    before = set(store)
    store.update(request)
    return before, set(store)


@given(data=DATA, operations=st.lists(OPERATIONS, min_size=1, max_size=4))
@settings(max_examples=25, deadline=None)
def test_updates_change_what_the_engine_would(tmp_path_factory, data, operations):
    request = f"{PROLOGUE} {' ; '.join(operations)}"
    before, after = of_the_engine(data, request)
    folder = tmp_path_factory.mktemp("updates")
    store = EmbeddedStore(folder / "store", folder / "snapshots", NAMESPACE, merge=False)
    store.apply(before, (), Position(1, "0"), time="2024-05-07T00:00:00Z")
    added, removed = changes.of_update(store.snapshot(), folder / "scratch", request, merge=False)
    assert added == after - before
    assert removed == before - after
