# SPDX-License-Identifier: Apache-2.0
"""That the W3C SPARQL suites are read whole, and compared as strictly as they should be."""

import pyoxigraph as ox
import pytest
from sparql.exceptions import names_in
from sparql.exceptions_engine import BY_VALUE, ENGINE
from sparql.exceptions_ours import OURS
from sparql.exceptions_oxigraph import SERVER
from sparql.manifest import cases, left_out
from sparql.matching import difference
from sparql.results import Solutions, compare
from sparql.values import by_value

ONE, ALSO_ONE = (
    ox.Literal(text, datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer"))
    for text in ("1", "01")
)
A, B, C, D = (ox.BlankNode(name) for name in "abcd")


def rows(*pairs):
    """Rows of two values each, of ?x and ?y."""
    return [(("x", x), ("y", y)) for x, y in pairs]


def test_every_test_of_the_suites_is_run_or_left_out_with_a_reason():
    assert sum(map(len, cases().values())) == 1300
    assert left_out() == {
        "sparql11/entailment": 70,
        "sparql11/service": 7,
        "sparql11/http-rdf-update": 18,
    }


def test_every_exception_names_a_test():
    names = {case.name for suite in cases().values() for case in suite}
    assert names_in(ENGINE, BY_VALUE, SERVER) | names_in(OURS) <= names


def test_blank_nodes_match_under_other_names():
    assert not difference(rows((A, B), (B, A), (A, ONE)), rows((C, D), (D, C), (D, ONE)))


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (rows((ONE, ONE)), rows((ONE, ONE), (ONE, ONE))),
        (rows((ONE, ONE)), rows((ONE, ALSO_ONE))),
        (rows((A, A)), rows((A, B))),
        (rows((A, B)), rows((A, A))),
        (rows((A, B), (B, A)), rows((A, B), (C, D))),
        (rows((A, ONE), (A, ALSO_ONE)), rows((A, ONE), (B, ALSO_ONE))),
    ],
    ids=[
        "a row twice",
        "a number written otherwise",
        "two nodes for one",
        "one node for two",
        "a circle broken",
        "two subjects for one",
    ],
)
def test_what_differs_is_told(wanted, found):
    assert difference(wanted, found)


def test_blank_nodes_in_triple_terms_count():
    def said(subject):
        return ox.Triple(subject, ox.NamedNode("http://example/p"), ONE)

    assert not difference(rows((A, said(A))), rows((B, said(B))))
    assert difference(rows((A, said(A))), rows((B, said(C))))


def test_the_order_counts_where_it_is_asked_for():
    one, other = (
        Solutions(frozenset("xy"), rows(*pairs))
        for pairs in ([(A, ONE), (B, B)], [(B, B), (A, ONE)])
    )
    compare(one, other, ordered=False, lax=False)
    with pytest.raises(AssertionError, match="another order"):
        compare(one, other, ordered=True, lax=False)


def test_duplicates_may_be_dropped_only_where_the_test_is_lax():
    once, twice = (Solutions(frozenset("xy"), rows(*[(ONE, ONE)] * times)) for times in (1, 2))
    compare(twice, once, ordered=False, lax=True)
    with pytest.raises(AssertionError):
        compare(twice, once, ordered=False, lax=False)
    with pytest.raises(AssertionError):
        compare(once, twice, ordered=False, lax=True)


def test_by_value_a_number_is_the_same_however_it_is_written():
    one, other = (by_value(rows((ONE, term)), plain=False) for term in (ONE, ALSO_ONE))
    assert not difference(one, other)
