# SPDX-License-Identifier: Apache-2.0
"""Tests that send one query or update: of what it gives, or of whether it can be read.

What is to be evaluated is sent with a BASE in front, the address of its file, since a request
has no place for one. Tests of syntax are sent as they are: queries over an empty store, updates
over any, since what fails as it runs was read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .data import quads_of
from .matching import difference, rows_of
from .rdf import file_of
from .results import OnlyByValue, Solutions, accept, compare, expected, received
from .values import by_value

if TYPE_CHECKING:
    from .manifest import Case
    from .matching import Row
    from .servers import Server

_QUERY = {"Content-Type": "application/sparql-query"}
_UPDATE = {"Content-Type": "application/sparql-update"}
_EVERYTHING = "SELECT ?s ?p ?o ?g { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
_SUB_QUERY = re.compile(r"\{\s*SELECT\b", re.IGNORECASE)
_ORDER_BY = re.compile(r"\bORDER\s+BY\b", re.IGNORECASE)


def check_query(case: Case, server: Server) -> None:
    """Load the data, send the query, compare the result."""
    server.load(case.data)
    wanted = accept(case.result)
    text = _with_base(case.text)
    response = server.send("POST", server.query, {**_QUERY, "Accept": wanted}, text)
    assert response.status_code == 200, f"{response.status_code}: {response.text[:300]}"
    media_type = response.headers.get("content-type", "").partition(";")[0]
    assert media_type == wanted, f"{media_type} came instead of {wanted}"
    found = received(response.content, media_type, case.text)
    ordered = _is_ordered(text.decode())
    try:
        compare(expected(case.result), found, ordered=ordered, lax=case.lax)
    except AssertionError as problem:
        plain = media_type == "text/csv"
        written = [by_value(one, plain=plain) for one in (expected(case.result), found)]
        compare(*written, ordered=ordered, lax=case.lax)
        raise OnlyByValue(str(problem)) from None


def check_update(case: Case, server: Server) -> None:
    """Load the data, send the update, compare what the store holds then.

    A graph without triples counts as none: a store need not keep it (SPARQL 1.1 Update, 3.2).
    """
    server.load(case.data)
    server.touched()
    response = server.send("POST", server.update, _UPDATE, _with_base(case.text))
    assert response.is_success, f"{response.status_code}: {response.text[:300]}"
    assert not (wrong := difference(rows_of(quads_of(case.after)), _everything(server))), wrong


def check_syntax(case: Case, server: Server) -> None:
    """Send a text: whether the server finds its syntax right, and whether it should."""
    update, wrong = case.text.endswith(".ru"), case.kind.startswith("Negative")
    headers = _UPDATE if update else _QUERY
    if update:
        server.touched()
    else:
        server.load(frozenset())
    address = server.update if update else server.query
    response = server.send("POST", address, headers, file_of(case.text).read_bytes())
    told = f"{response.status_code}: {response.text[:300]}"
    if wrong:
        assert server.finds_syntax_wrong(response), f"not refused as wrong syntax, {told}"
    else:
        assert server.finds_syntax_right(response), f"not accepted, {told}"


def _with_base(file: str) -> bytes:
    return f"BASE <{file}>\n".encode() + file_of(file).read_bytes()


def _is_ordered(query: str) -> bool:
    """Whether a query orders its result, not only that of a query inside it."""
    return bool(_ORDER_BY.search(query)) and not _SUB_QUERY.search(query)


def _everything(server: Server) -> list[Row]:
    headers = {**_QUERY, "Accept": "application/sparql-results+json"}
    response = server.send("POST", server.query, headers, _EVERYTHING.encode())
    assert response.status_code == 200, f"{response.status_code}: {response.text[:300]}"
    found = received(response.content, headers["Accept"], "")
    assert isinstance(found, Solutions)
    return found.rows
