# SPDX-License-Identifier: Apache-2.0
"""What the stored queries count is what stands in the files, counted without SPARQL."""

from collections import defaultdict

import pytest

from biennien_api.sparql.examples import stored_queries
from biennien_graph import loading, resources
from biennien_graph.terms import BN, RDF

QUERIES = {query.name: query.text for query in stored_queries()}


@pytest.fixture(scope="module")
def entries():
    folder = resources.folder("data")
    return loading.read(loading.expand([folder / "authorities", folder / "records"]))


@pytest.fixture
def rows(client):
    def ask(name: str) -> list[dict[str, str]]:
        answer = client.get("/sparql", params={"query": QUERIES[name], "format": "json"})
        assert answer.status_code == 200, answer.text
        bindings = answer.json()["results"]["bindings"]
        return [{key: term["value"] for key, term in row.items()} for row in bindings]

    return ask


def claims_of(entry) -> dict[str, dict[str, set[str]]]:
    """For each claim its subject and its passages."""
    claims = defaultdict(lambda: defaultdict(set))
    for triple in entry.triples:
        if triple.subject.value.startswith("https://w3id.org/biennien/claim/"):
            claims[triple.subject.value][triple.predicate.value].add(triple.object.value)
    return claims


def test_the_entries_hold_as_many_claims_passages_and_things_as_is_counted(entries, rows):
    counted = {
        row["entry"]: (int(row["claims"]), int(row["passages"]), int(row["things"]))
        for row in rows("entries-in-numbers")
    }
    expected = {}
    for entry in entries:
        subjects = set().union(*(claim[RDF.subject] for claim in claims_of(entry).values()))
        things = {subject.partition("#")[0] for subject in subjects}
        expected[entry.graph] = (entry.claims, len(entry.passages), len(things))
    assert counted == expected


def test_the_passages_that_carry_most_carry_as_many_claims_as_is_counted(entries, rows):
    carried = defaultdict(set)
    for entry in entries:
        for iri, claim in claims_of(entry).items():
            for passage in claim[BN.evidence]:
                carried[passage].add(iri)
    most = sorted(map(len, carried.values()), reverse=True)[:5]
    assert [int(row["claims"]) for row in rows("passages-that-carry-most")] == most
