# SPDX-License-Identifier: Apache-2.0
"""What happened to a graph since a proposal was made, whatever came and went."""

from hypothesis import given, settings
from hypothesis import strategies as st

from biennien_graph.database import Database
from biennien_graph.engine.rdf import read_quads
from biennien_graph.journal import Journal
from biennien_graph.submissions.meanwhile import before, net, touched

LINES = [
    f"<urn:s{n}> <urn:p> <urn:o>{graph} .\n".encode()
    for n in range(4)
    for graph in ("", " <urn:g>", " <urn:h>")
]
STATE = st.frozensets(st.sampled_from(LINES))


def of(lines: frozenset[bytes], graphs: set[str]) -> set:
    quads = read_quads(b"".join(lines))
    return {quad for quad in quads if getattr(quad.graph_name, "value", "") in graphs}


@settings(deadline=None, max_examples=60)
@given(
    states=st.lists(STATE, min_size=2, max_size=6),
    graphs=st.sampled_from([{""}, {"urn:g"}, {"urn:g", "urn:h"}, {"", "urn:h"}, set()]),
)
def test_what_was_before_comes_back_from_what_is_now(tmp_path_factory, states, graphs):
    folder = tmp_path_factory.mktemp("journal")
    database = Database(f"sqlite:///{folder / 'journal.sqlite'}")
    journal, was = Journal(database, folder), frozenset()
    for position, state in enumerate(states):
        journal.append(state - was, was - state, agent="", message="", after=position)
        was = state
    for base in range(1, len(states) + 1):
        for until in range(base, len(states) + 1):
            changes = net(journal, graphs, after=base, until=until)
            now = of(states[until - 1], graphs)
            assert before(now, *changes) == of(states[base - 1], graphs)
            assert not set(changes[0].splitlines()) & set(changes[1].splitlines())
    database.close()


def test_the_graphs_that_lines_touch():
    assert touched(LINES[0], LINES[2]) == {"", "urn:h"}
