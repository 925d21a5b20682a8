# SPDX-License-Identifier: Apache-2.0
"""What one proposes and another publishes meanwhile: merged, or shown side by side."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biennien_graph.engine.rdf import Literal, NamedNode, Quad
from biennien_graph.submissions.merging import merge


def quads(*words: str) -> frozenset[Quad]:
    """`s p o` or `s p o g`, one statement each."""
    found = []
    for statement in words:
        s, p, o, *g = statement.split()
        graph = NamedNode(f"urn:{(g or ['g'])[0]}")
        found.append(Quad(NamedNode(f"urn:{s}"), NamedNode(f"urn:{p}"), Literal(o), graph))
    return frozenset(found)


BASE = quads("a title Một", "a note x", "b title Hai")


def merged(proposed: frozenset[Quad], now: frozenset[Quad]):
    return merge(proposed - BASE, BASE - proposed, BASE, now)


def places(found) -> set[str]:
    return {
        " ".join(part.removeprefix("<urn:").removesuffix(">") for part in conflict.place).strip()
        for conflict in found.conflicts
    }


def test_where_nothing_happened_meanwhile_the_difference_is_as_it_was():
    proposed = BASE - quads("a note x") | quads("a note y")
    found = merged(proposed, BASE)
    assert (found.added, found.removed) == (quads("a note y"), quads("a note x"))
    assert not found.conflicts


def test_changes_of_different_properties_are_both_kept():
    now = BASE - quads("a title Một") | quads("a title Một.")
    found = merged(BASE - quads("a note x") | quads("a note y"), now)
    assert not found.conflicts
    assert (now - found.removed) | found.added == quads("a title Một.", "a note y", "b title Hai")


def test_values_that_both_add_are_both_kept():
    found = merged(BASE | quads("a note y"), BASE | quads("a note z"))
    assert (found.added, found.conflicts) == (quads("a note y"), ())


def test_two_who_replace_the_same_value_differently_are_in_conflict():
    ours = BASE - quads("a title Một") | quads("a title Mốt")
    theirs = BASE - quads("a title Một") | quads("a title Mọt")
    found = merged(ours, theirs)
    assert places(found) == {"g a title"}
    (conflict,) = found.conflicts
    assert conflict.base == quads("a title Một")
    assert conflict.proposed == quads("a title Mốt")
    assert conflict.published == quads("a title Mọt")


def test_two_who_make_the_same_change_agree():
    same = BASE - quads("a title Một") | quads("a title Mốt")
    found = merged(same, same)
    assert (found.added, found.removed, found.conflicts) == (frozenset(), frozenset(), ())


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (BASE - quads("a note x"), BASE | quads("a note y")),
        (BASE | quads("a note y"), BASE - quads("a note x")),
    ],
)
def test_a_value_taken_away_by_one_and_joined_by_another_is_a_conflict(ours, theirs):
    assert places(merged(ours, theirs)) == {"g a note"}


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [(frozenset(), BASE | quads("c title Ba")), (BASE | quads("c title Ba"), frozenset())],
)
def test_an_entry_that_one_withdraws_and_the_other_changes_is_a_conflict(ours, theirs):
    assert "g" in places(merged(ours, theirs))


def test_an_entry_that_both_withdraw_is_withdrawn():
    found = merged(frozenset(), frozenset())
    assert (found.added, found.removed, found.conflicts) == (frozenset(), frozenset(), ())


STATEMENTS = st.frozensets(
    st.sampled_from(
        sorted(quads(*(f"{s} {p} {o}" for s in "ab" for p in "pq" for o in "123")), key=str)
    )
)


@given(base=STATEMENTS, ours=STATEMENTS, theirs=STATEMENTS)
def test_without_conflict_both_changes_are_there_and_it_does_not_matter_who_was_first(
    base, ours, theirs
):
    one = merge(ours - base, base - ours, base, theirs)
    other = merge(theirs - base, base - theirs, base, ours)
    assert {c.place for c in one.conflicts} == {c.place for c in other.conflicts}
    if one.conflicts:
        return
    both = (theirs - one.removed) | one.added
    assert both == (ours - other.removed) | other.added
    assert (ours - base) | (theirs - base) <= both
    assert not both & ((base - ours) | (base - theirs))
