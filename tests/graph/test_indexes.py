# SPDX-License-Identifier: Apache-2.0
"""The indexes follow the journal, whatever befalls them."""

import contextlib
import io
import json
import shutil
import subprocess
import sys

import pytest

from biennien_graph.datafolder import DataFolder
from biennien_graph.engine.rdf import RdfFormat, n_quads, read_text
from biennien_graph.indexes.following import catch_up, folder_of
from biennien_graph.indexes.history import History
from biennien_graph.journal import BULK_BYTES
from biennien_graph.terms import PREFIXES


def lines(trig: str) -> list[bytes]:
    prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    return n_quads(read_text((prefixes + trig).encode(), RdfFormat.TRIG, name="test"))


def record(folder, added=(), removed=()):
    after = folder.journal.head()[0]
    return folder.record(added, removed, agent="An", message="", after=after)


FIRST = lines("GRAPH <urn:g> { <urn:a> rdfs:label 'một'@vi . <urn:a#date> rdfs:label 'x' }")
DATE = [line for line in FIRST if b"#date" in line]
CLAIM = lines("GRAPH <urn:g> { <urn:claim> rdf:subject <urn:a> ; rdf:predicate rdfs:label }")

CLAIM_OF_DATE = lines("GRAPH <urn:g> { <urn:other> rdf:subject <urn:a#date> }")
CERTAIN = lines("GRAPH <urn:g> { <urn:other> bn:certainty <urn:stated> }")
LIKELY = lines("GRAPH <urn:g> { <urn:other> bn:certainty <urn:inferred> }")


@pytest.fixture
def folder(tmp_path):
    with DataFolder(tmp_path / "var") as opened:
        opened.take()
        record(opened, FIRST)
        yield opened


def changes_of(folder, iri):
    return [(touch.position, touch.added, touch.removed) for touch in touches(folder, iri)]


def told(stream, count: int) -> dict[str, int]:
    """What the process says, in lines."""
    found: dict[str, int] = {}
    for _ in range(count):
        found |= json.loads(stream.readline())
    return found


def at(position: int) -> dict[str, int]:
    return dict.fromkeys(("history.sqlite", "search", "catalogue.sqlite"), position)


def touches(folder, iri, **how):
    with contextlib.closing(History.read(folder_of(folder.path))) as history:
        return history.of(iri, **how)


def test_the_history_of_a_thing_has_its_own_nodes_and_the_claims_about_it(folder):
    record(folder, lines("GRAPH <urn:g> { <urn:b> rdfs:label 'hai'@vi }"))
    record(folder, CLAIM)
    record(folder, removed=DATE)
    assert catch_up(folder.path) == at(4)
    assert changes_of(folder, "urn:a") == [(4, 0, 1), (3, 2, 0), (1, 2, 0)]
    assert changes_of(folder, "urn:a#date") == [(4, 0, 1), (1, 1, 0)]
    assert changes_of(folder, "urn:claim") == [(3, 2, 0)]
    assert changes_of(folder, "urn:nothing") == []


def test_a_claim_that_is_changed_in_place_touches_what_it_is_about(folder):
    """Also where the change does not say what that is."""
    about_date = CLAIM_OF_DATE + CERTAIN
    record(folder, about_date)
    record(folder, LIKELY, removed=CERTAIN)
    catch_up(folder.path)
    assert changes_of(folder, "urn:a") == [(3, 1, 1), (2, 2, 0), (1, 2, 0)]
    assert changes_of(folder, "urn:a#date") == [(3, 1, 1), (2, 2, 0), (1, 1, 0)]
    record(folder, removed=CLAIM_OF_DATE + LIKELY)
    catch_up(folder.path)
    assert changes_of(folder, "urn:a")[0] == (4, 0, 2)


def test_only_what_is_new_is_taken_up(folder):
    catch_up(folder.path)
    record(folder, CLAIM)
    assert catch_up(folder.path) == at(2)
    assert changes_of(folder, "urn:a") == [(2, 2, 0), (1, 2, 0)]
    assert [touch.position for touch in touches(folder, "urn:a", before=2)] == [1]
    assert [touch.position for touch in touches(folder, "urn:a", limit=1)] == [2]
    assert touches(folder, "urn:a")[0].time == next(folder.journal.since(1)).time


def test_a_bulk_change_is_read_as_a_stream(folder):
    many = (
        f'<urn:many/{n}> <http://www.w3.org/2000/01/rdf-schema#label> "{"x" * 90}" <urn:g> .\n'
        for n in range(BULK_BYTES // 150)
    )
    change = record(folder, (line.encode() for line in many))
    assert change.is_bulk
    catch_up(folder.path)
    assert changes_of(folder, "urn:many/7") == [(2, 1, 0)]


@pytest.mark.parametrize("harm", [b"", b"not a database, and long enough to be none" * 99])
def test_a_damaged_index_is_made_again(folder, harm):
    catch_up(folder.path)
    for file in folder_of(folder.path).glob("history.sqlite*"):
        file.write_bytes(harm)
    assert catch_up(folder.path) == at(1)
    assert changes_of(folder, "urn:a") == [(1, 2, 0)]


def test_an_index_of_another_journal_is_made_again(folder, tmp_path):
    catch_up(folder.path)
    with DataFolder(tmp_path / "other") as other:
        other.take()
        record(other, CLAIM)
        shutil.copytree(folder_of(folder.path), folder_of(other.path))
        catch_up(other.path)
        assert changes_of(other, "urn:a") == [(1, 2, 0)]


def test_the_process_ends_with_its_standard_input_and_goes_on_where_it_was_killed(folder):
    command = [sys.executable, "-m", "biennien_graph.indexes", str(folder.path)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert told(process.stdout, 3) == at(1)
    record(folder, CLAIM)
    process.stdin.write(b"\n")
    process.stdin.flush()
    assert told(process.stdout, 3) == at(2)
    process.kill()
    process.communicate()
    record(folder, removed=CLAIM)
    ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    assert ended.returncode == 0
    assert told(io.BytesIO(ended.stdout), 3) == at(3)
    assert changes_of(folder, "urn:a") == [(3, 0, 2), (2, 2, 0), (1, 2, 0)]
