# SPDX-License-Identifier: Apache-2.0
"""A service whose journal and tokens lie in PostgreSQL."""

import httpx

INSERT = "INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> 'ở PostgreSQL' } }"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s <urn:p> ?o }"


def count(service) -> str:
    return httpx.get(f"{service.url}sparql", params={"query": COUNT, "format": "csv"}).text


def test_changes_and_tokens_are_kept_there_and_the_store_is_made_from_them(
    biennien, serve, postgresql, tmp_path
):
    made = biennien(
        *("token", "create", "--role", "editor", "--name", "An"),
        data=str(tmp_path / "var"),
        database=postgresql,
    )
    headers = {"Authorization": f"Bearer {made.out.split()[0]}"}
    with serve(tmp_path / "var", tmp_path / "log", database=postgresql) as service:
        sent = httpx.post(
            f"{service.url}sparql/update",
            content=INSERT.encode(),
            headers={**headers, "Content-Type": "application/sparql-update"},
        )
        assert sent.status_code == 200, sent.text
        assert count(service).split() == ["n", "1"]
    assert not (tmp_path / "var" / "journal.sqlite").exists()
    with serve(tmp_path / "other", tmp_path / "log", database=postgresql) as service:
        assert count(service).split() == ["n", "1"]


def test_a_database_that_is_not_there_is_said_in_a_sentence(biennien, tmp_path):
    address = "postgresql://an:secret@127.0.0.1:1/none?connect_timeout=2"
    outcome = biennien("load", data=str(tmp_path / "var"), database=address)
    assert outcome.code == 3
    assert "cannot be used" in outcome.err
    assert "secret" not in outcome.err
