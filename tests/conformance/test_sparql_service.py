# SPDX-License-Identifier: Apache-2.0
"""The W3C SPARQL suites against our service, over HTTP."""

import contextlib

import pytest
from sparql.exceptions import EXAMPLE_DATA, names_in, outcome_of
from sparql.exceptions_engine import BY_VALUE, ENGINE
from sparql.exceptions_ours import OURS
from sparql.manifest import cases
from sparql.rdf import folder
from sparql.runner import run
from sparql.servers import Biennien

FAILING = names_in(ENGINE, OURS)
# For each suite: how many tests there are, how many pass, and how many of these by value only.
COUNTS = {
    "1.0 query": (482, 467, 9),
    "1.1 query": (331, 321, 18),
    "1.1 update": (157, 157, 0),
    "1.1 formats": (10, 9, 1),
    "1.1 protocol": (34, 34, 0),
    "1.1 graph store": (14, 14, 0),
    "1.1 service description": (3, 3, 0),
    "1.2 query": (246, 241, 1),
    "1.2 update": (23, 23, 0),
}


@pytest.fixture(scope="module")
def server(serve, biennien, tmp_path_factory):
    """Our service with an empty store, the default graph its own, and an editor's token."""
    folder()
    here = tmp_path_factory.mktemp("conformance")
    arguments = ("token", "create", "--role", "editor", "--name", "conformance")
    made = biennien(*arguments, "--data", here / "data", default_graph="own")
    assert made.code == 0, made.err
    with (
        serve(here / "data", here / "standard-error", default_graph="own") as service,
        contextlib.closing(
            Biennien(service.url, Authorization=f"Bearer {made.out.strip()}")
        ) as found,
    ):
        yield found


@pytest.mark.parametrize("suite", COUNTS)
def test_the_service_passes_a_suite_but_for_known_exceptions(server, suite, record_property):
    outcome = run(cases()[suite], server)
    counts = (outcome.ran, outcome.passed, len(outcome.by_value))
    record_property("conformance", (server.name, suite, *counts, len(outcome.failed)))
    surprises = outcome.surprises(cases()[suite], FAILING, names_in(BY_VALUE))
    assert not surprises, "\n".join(surprises)
    assert counts == COUNTS[suite]


@pytest.mark.parametrize(
    "reason", [one for one in (*ENGINE, *BY_VALUE) if one.example], ids=lambda one: one.tests[0]
)
def test_the_engine_fails_the_example_of_each_exception(server, reason):
    server.change(EXAMPLE_DATA)
    assert outcome_of(reason, server) != reason.due
