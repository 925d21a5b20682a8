# SPDX-License-Identifier: Apache-2.0
"""Who may write: tokens made, shown once, listed and revoked; what a service says without one."""

import json
import re
import sqlite3
from datetime import UTC, datetime, timedelta
from functools import partial

import httpx
import pytest

INSERT = "INSERT DATA { <urn:s> <urn:p> 1 }"
DIRECT = {"Content-Type": "application/sparql-update"}
WRONG_USE = {
    "a role that there is not": (
        ["create", "--role", "king", "--name", "An"],
        "steward, editor, admin",
    ),
    "no role": (["create", "--name", "An"], "--role"),
    "no name": (["create", "--role", "editor"], "--name"),
    "no day at all": (["create", "--role", "editor", "--name", "An", "--days", "0"], "days"),
    "an id that there is not": (["revoke", "12345678"], "no token 12345678"),
    "no id": (["revoke"], "ID"),
}


@pytest.fixture(scope="module")
def token(biennien, plain_editor):
    """`biennien token …` on the folder of the running service: what it says."""

    def run(*arguments, code=0):
        data = plain_editor.service.data
        outcome = biennien("token", *arguments, "--data", data, default_graph="own")
        assert outcome.code == code, outcome.out + outcome.err
        return outcome

    return run


@pytest.fixture(scope="module")
def made(token, at_once):
    """A token for each role, and one that is meant to end after a day."""
    roles = ("steward", "editor", "admin")
    create = [partial(token, "create", "--role", role, "--name", f"Cô {role}") for role in roles]
    create.append(partial(token, "create", "--role", "editor", "--name", "Khách", "--days", "1"))
    said = at_once(create)
    return dict(zip((*roles, "guest"), (outcome.out.strip() for outcome in said), strict=True))


@pytest.fixture
def write(plain):
    """Send an update with an Authorization header, or none."""

    def post(authorization=None):
        headers = DIRECT | ({"Authorization": authorization} if authorization else {})
        url = f"{plain.service.url}sparql/update"
        return httpx.post(url, content=INSERT, headers=headers, timeout=30)

    return post


def listed(token):
    return {found["name"]: found for found in json.loads(token("list", "--json").out)}


def alter(plain, name, **values):
    """Change what the database has of a token."""
    connection = sqlite3.connect(plain.service.data / "journal.sqlite", timeout=30)
    with connection:
        for column, value in values.items():
            connection.execute(f"UPDATE token SET {column} = ? WHERE name = ?", (value, name))
    connection.close()


# The commands


def test_a_token_is_shown_once_and_kept_as_a_hash_only(made, plain_editor, token):
    said = token("list").out + token("list", "--json").out
    kept = b"".join(file.read_bytes() for file in plain_editor.service.data.glob("journal.sqlite*"))
    for secret in made.values():
        assert re.fullmatch(r"bn_[0-9a-f]{8}_[\w-]{43}", secret)
        assert secret[12:] not in said
        assert secret[12:].encode() not in kept
    assert len({secret[12:] for secret in made.values()}) == len(made)


def test_the_list_says_whose_a_token_is_and_until_when(made, token):
    lines = {line.split("  ")[0]: line for line in token("list").out.splitlines()}
    line = lines[made["steward"].split("_")[1]]
    assert "steward" in line
    assert "Cô steward" in line
    assert "until revoked" in line
    guest = listed(token)["Khách"]
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert abs(datetime.fromisoformat(guest["expires"]) - tomorrow) < timedelta(minutes=10)
    assert guest["expires"] in lines[guest["id"]]


@pytest.mark.parametrize("case", WRONG_USE)
def test_wrong_use_is_named(token, case):
    arguments, words = WRONG_USE[case]
    assert words in token(*arguments, code=2).err


def test_a_folder_that_is_not_there_is_not_made_to_look_for_tokens(biennien, tmp_path):
    for arguments in (["list"], ["revoke", "12345678"]):
        outcome = biennien("token", *arguments, "--data", tmp_path / "none")
        assert outcome.code == 2
        assert "no data folder" in outcome.err
    assert not (tmp_path / "none").exists()


def test_a_token_may_be_made_before_there_are_data(biennien, tmp_path):
    folder = tmp_path / "new"
    made = biennien("token", "create", "--role", "admin", "--name", "An", "--data", folder)
    assert made.code == 0
    assert "admin" in biennien("token", "list", "--data", folder).out


# A running service


@pytest.mark.parametrize(
    ("authorization", "error"),
    [
        (None, ""),
        ("Basic YW46MTIz", ""),
        ("Bearer", ""),
        ("Bearer bn_12345678_unknown", "invalid_token"),
        ("Bearer Điện Biên".encode(), "invalid_token"),
    ],
)
def test_without_a_token_nothing_is_written(plain, write, problem, authorization, error):
    response = write(authorization)
    found = problem(response, 401)
    assert found["type"].endswith("/unauthorized")
    assert "biennien token create" in found["hint"]
    challenge = response.headers["www-authenticate"]
    assert challenge.startswith('Bearer realm="biennien"')
    assert (f'error="{error}"' in challenge) == bool(error)
    assert plain.content() == set()


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["/graphs?graph=urn:g", "/graphs/g", "/graph/record/g"])
def test_the_graph_store_needs_one_too(plain, problem, method, path):
    url = plain.service.url.rstrip("/") + path
    body = "<urn:s> <urn:p> 1 ." if method != "PATCH" else INSERT
    response = httpx.request(method, url, content=body, headers={"Content-Type": "text/turtle"})
    problem(response, 401)
    assert "www-authenticate" in response.headers
    assert plain.content() == set()


def test_reading_needs_none(plain):
    plain.change("INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> 1 } }")
    url = plain.service.url
    assert httpx.get(f"{url}graphs?graph=urn:g").status_code == 200
    assert httpx.get(f"{url}sparql", params={"query": "ASK {}"}).status_code == 200


def test_a_steward_may_not_write_and_is_told_who_may(plain, made, write, problem):
    found = problem(write(f"Bearer {made['steward']}"), 403)
    assert "editor" in found["detail"]
    assert "steward" in found["detail"]
    assert plain.content() == set()


@pytest.mark.parametrize("role", ["editor", "admin"])
def test_editors_and_admins_write(plain, made, write, role):
    assert write(f"bearer  {made[role]}").status_code == 200
    assert plain.content() == {"s p 1"}


def test_the_last_use_is_noted(plain, made, token, write):
    alter(plain, "Cô admin", last_used=None)
    assert "never used" in token("list").out
    assert write(f"Bearer {made['admin']}").status_code == 200
    noted = datetime.fromisoformat(listed(token)["Cô admin"]["last_used"])
    assert abs(datetime.now(UTC) - noted) < timedelta(minutes=5)


def test_a_token_ends_at_its_time(plain, made, write, problem):
    authorization = f"Bearer {made['guest']}"
    assert write(authorization).status_code == 200
    alter(plain, "Khách", expires=(datetime.now(UTC) - timedelta(seconds=2)).isoformat())
    assert "out of date" in problem(write(authorization), 401)["detail"]


def test_a_token_is_revoked_at_once_and_once(token, write, problem):
    secret = token("create", "--role", "editor", "--name", "Tạm").out.strip()
    known_as = secret.split("_")[1]
    assert write(f"Bearer {secret}").status_code == 200
    assert known_as in token("revoke", known_as).out
    problem(write(f"Bearer {secret}"), 401)
    assert "revoked" in next(line for line in token("list").out.splitlines() if known_as in line)
    assert "no token" in token("revoke", known_as, code=2).err


def test_no_token_is_in_the_log(plain, made, write):
    write(f"Bearer {made['editor']}")
    write("Bearer bn_12345678_secret-that-nobody-knows")
    said = plain.service.log.read_text(encoding="utf-8")
    assert not [secret for secret in made.values() if secret[12:] in said]
    assert "secret-that-nobody-knows" not in said
