# SPDX-License-Identifier: Apache-2.0
"""What an exception says: which tests, why, and the smallest query that shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .servers import Server

# What an example is asked of: one triple, in a named graph.
EXAMPLE_DATA = (
    "DROP ALL ; INSERT DATA { GRAPH <http://example/g> "
    "{ <http://example/a> <http://example/p> <http://example/o> } }"
)
_PREFIXES = "PREFIX : <http://example/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why some tests fail. `example` is an ASK query, and `due` what the standard makes of it.

    `due` is `true`, or `refused` where the query is not SPARQL. Prefixes `:` and `xsd:` are
    declared. Without an example, the reason is the server's own, and its words say enough.
    """

    why: str
    tests: tuple[str, ...]
    example: str = ""
    due: str = "true"


def names_in(*groups: Iterable[Reason]) -> frozenset[str]:
    """The names of the tests that some exceptions are about."""
    names = [name for group in groups for reason in group for name in reason.tests]
    assert len(names) == len(set(names)), "a test is named by two exceptions"
    return frozenset(names)


def outcome_of(reason: Reason, server: Server) -> str:
    """What a server makes of an example: `true`, `false` or `refused`."""
    headers = {
        "Content-Type": "application/sparql-query",
        "Accept": "application/sparql-results+json",
    }
    response = server.send("POST", server.query, headers, (_PREFIXES + reason.example).encode())
    if server.finds_syntax_wrong(response):
        return REFUSED
    assert response.status_code == 200, response.text
    return str(bool(ox.parse_query_results(response.content, ox.QueryResultsFormat.JSON))).lower()
