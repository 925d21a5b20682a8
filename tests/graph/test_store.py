# SPDX-License-Identifier: Apache-2.0
"""The store follows the journal: each change once, the default graph as the merge of all."""

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biennien_graph import journal
from biennien_graph.datafolder import DataFolder
from biennien_graph.engine import DERIVED
from biennien_graph.engine.embedded import KEPT_SNAPSHOTS
from biennien_graph.engine.rdf import read_quads
from biennien_graph.engine.snapshots import SnapshotView, snapshots
from biennien_graph.errors import StoreError
from biennien_graph.terms import BN, NAMESPACE, RDFS

OWN = {DERIVED, f"{NAMESPACE}graph/dataset"}


@pytest.fixture
def folder(tmp_path):
    with DataFolder(tmp_path / "var") as opened:
        assert opened.take()
        yield opened


def quad(subject: object, value: object, graph: str = "g") -> bytes:
    return f'<urn:{subject}> <urn:p> "{value}" <urn:{graph}> .\n'.encode()


def record(folder: DataFolder, added=(), removed=()):
    after = folder.journal.head()[0]
    return folder.record(added, removed, agent="An", message="", after=after)


def published(folder: DataFolder) -> set[str]:
    """The N-Quads that readers see, apart from what the store says of itself."""
    return {f"{found} ." for found in folder.view().quads() if found.graph_name.value not in OWN}


def default_graph(folder: DataFolder) -> list[str]:
    store = ox.Store.read_only(str(folder.snapshot()))
    found = store.quads_for_pattern(None, None, None, ox.DefaultGraph())
    return sorted(str(quad.triple) for quad in found if "urn:" in str(quad.subject))


def test_what_is_recorded_is_seen_by_the_next_reader(folder):
    record(folder, [quad(1, "a"), quad(2, "b")])
    record(folder, [quad(3, "c")], [quad(1, "a")])
    assert published(folder) == {quad(2, "b").decode().strip(), quad(3, "c").decode().strip()}


def test_a_triple_of_two_graphs_stands_once_in_the_default_graph(folder):
    record(folder, [quad(1, "a", "g"), quad(1, "a", "h")])
    assert default_graph(folder) == ['<urn:1> <urn:p> "a"']


def test_a_triple_stays_in_the_default_graph_while_one_graph_has_it(folder):
    record(folder, [quad(1, "a", "g"), quad(1, "a", "h")])
    record(folder, (), [quad(1, "a", "g")])
    assert default_graph(folder) == ['<urn:1> <urn:p> "a"']
    record(folder, (), [quad(1, "a", "h")])
    assert default_graph(folder) == []


_CHANGES = st.lists(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.sampled_from("xy"), st.sampled_from("gh")), max_size=5
    ),
    max_size=6,
)


@given(_CHANGES)
@settings(max_examples=25, deadline=None)
def test_the_default_graph_is_always_the_merge_of_all_graphs(tmp_path_factory, states):
    with DataFolder(tmp_path_factory.mktemp("merge") / "var") as folder:
        folder.take()
        have: set[bytes] = set()
        for state in states:
            want = {quad(*parts) for parts in state}
            record(folder, sorted(want - have), sorted(have - want))
            have = want
            merged = sorted({str(found.triple) for found in read_quads(b"".join(have))})
            assert default_graph(folder) == merged


def test_a_bulk_change_gives_the_same_as_a_small_one(folder, monkeypatch):
    monkeypatch.setattr(journal, "BULK_BYTES", 20_000)
    lines = [quad(number, number) for number in range(2_000)]
    change = record(folder, lines)
    assert change.is_bulk
    assert len(published(folder)) == len(lines)
    assert len(default_graph(folder)) == len(lines)


def test_blank_nodes_keep_their_names_in_a_bulk_change(folder, monkeypatch):
    monkeypatch.setattr(journal, "BULK_BYTES", 20_000)
    lines = [f'_:b{number} <urn:p> "{number}" <urn:g> .\n'.encode() for number in range(2_000)]
    assert record(folder, lines).is_bulk
    record(folder, (), lines[5:])
    assert published(folder) == {line.decode().strip() for line in lines[:5]}
    store = ox.Store.read_only(str(folder.snapshot()))
    merged = store.quads_for_pattern(None, ox.NamedNode("urn:p"), None, ox.DefaultGraph())
    assert {quad.subject.value for quad in merged} == {f"b{number}" for number in range(5)}


def test_labels_are_folded_and_keyed_for_search_and_order(folder):
    label = f'<urn:1> <{RDFS.label}> "Điện Biên Phủ"@vi <urn:g> .\n'.encode()
    record(folder, [label])
    derived = {
        (found.predicate.value, found.object.value) for found in folder.view().quads(graph=DERIVED)
    }
    assert (BN.foldedLabel, "dien bien phu") in derived
    assert any(predicate == BN.sortKey for predicate, _ in derived)
    record(folder, (), [label])
    assert list(folder.view().quads(graph=DERIVED)) == []


def test_a_snapshot_stays_as_it_is_while_the_writer_goes_on(folder):
    record(folder, [quad(1, "a")])
    old = SnapshotView(folder.snapshot())
    record(folder, [quad(2, "b")])
    assert [found.object.value for found in old.quads(graph="urn:g")] == ["a"]


def test_only_the_newest_snapshots_are_kept(folder):
    for number in range(6):
        record(folder, [quad(number, number)])
    kept = [int(path.name) for path in snapshots(folder.path / "snapshots")]
    assert kept == [5, 6]
    assert len(kept) == KEPT_SNAPSHOTS


def test_a_store_that_was_lost_is_made_again_from_the_journal(tmp_path):
    import shutil

    with DataFolder(tmp_path / "var") as folder:
        folder.take()
        record(folder, [quad(1, "a"), quad(2, "b")])
        record(folder, (), [quad(1, "a")])
        before = published(folder)
    shutil.rmtree(tmp_path / "var" / "store")
    with DataFolder(tmp_path / "var") as folder:
        folder.take()
        assert published(folder) == before


def test_a_change_recorded_but_not_yet_applied_is_taken_up_at_the_start(tmp_path):
    with DataFolder(tmp_path / "var") as folder:  # never takes the store, as if killed before
        folder.journal.append([quad(1, "a")], [], agent="", message="", after=0)
    with DataFolder(tmp_path / "var") as folder:
        folder.take()
        assert published(folder) == {quad(1, "a").decode().strip()}


def test_a_second_writer_is_kept_out(folder):
    with DataFolder(folder.path) as other:
        assert not other.take()


def test_a_change_of_another_process_is_waited_for(folder):
    import threading

    record(folder, [quad(1, "a")])
    with DataFolder(folder.path) as other:
        change = other.journal.append([quad(2, "b")], [], agent="", message="", after=1)
        threading.Timer(0.2, lambda: (folder.projector.catch_up(), folder.snapshot())).start()
        assert int(other.snapshot().name) == change.position


def test_a_journal_cut_short_is_recognised(tmp_path):
    import sqlite3

    with DataFolder(tmp_path / "var") as folder:
        folder.take()
        record(folder, [quad(1, "a")])
        record(folder, [quad(2, "b")])
    connection = sqlite3.connect(tmp_path / "var" / "journal.sqlite")
    connection.execute("DELETE FROM change WHERE position = 2")
    connection.commit()
    connection.close()
    with DataFolder(tmp_path / "var") as folder, pytest.raises(StoreError, match="change 2"):
        folder.take()


def test_another_journal_is_recognised(tmp_path):
    for name in ("one", "two"):
        with DataFolder(tmp_path / name) as folder:
            folder.take()
            record(folder, [quad(1, name)])
    (tmp_path / "one" / "journal.sqlite").unlink()
    for file in (tmp_path / "two").glob("journal.sqlite*"):
        file.rename(tmp_path / "one" / file.name)
    with DataFolder(tmp_path / "one") as folder, pytest.raises(StoreError, match="do not belong"):
        folder.take()


def test_a_folder_of_somebody_else_is_left_as_it_is(tmp_path):
    (tmp_path / "thesis.odt").write_text("years of work")
    with pytest.raises(StoreError, match="not a Biên Niên data folder"):
        DataFolder(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.odt"]


def test_a_damaged_store_is_named_and_left_as_it_is(tmp_path):
    with DataFolder(tmp_path / "var") as folder:
        folder.take()
        record(folder, [quad(1, "a")])
    current = tmp_path / "var" / "store" / "CURRENT"
    current.write_bytes(b"garbage")
    with (
        DataFolder(tmp_path / "var") as folder,
        pytest.raises(StoreError, match="cannot be opened"),
    ):
        folder.take()
    assert current.read_bytes() == b"garbage"
