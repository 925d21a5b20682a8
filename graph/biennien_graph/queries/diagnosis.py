# SPDX-License-Identifier: Apache-2.0
"""Where a query stops being SPARQL, and what could have stood there instead.

pyoxigraph reports the furthest character that its parser looked at, which lies up to a keyword's
length past the fault. Here the tokens are spread out, with more space between two than any
keyword is long, so that the report falls into the space after the token at fault. What could
have stood there is found by trying.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from biennien_graph.queries.scan import position_of, tokens
from biennien_graph.queries.well_known import advice
from biennien_graph.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable

    Parse = Callable[[str], str | None]  # the parser's complaint about a text; None for none

_GAP = " " * 40
_MOST = 100_000  # code points; what could stand at the fault of a longer text is not tried out
_PLACE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
# A complaint about what a query means stands among the tokens expected, as a sentence.
_MEANING = re.compile(r"(?:expected |one of |, )([A-Z][A-Za-z]*(?: [^,\[\]\"]+)+)")
_NO_IRI = "IRI parsing failed"
_CANDIDATES = {
    "SELECT": "SELECT", "CONSTRUCT": "CONSTRUCT", "DESCRIBE": "DESCRIBE", "ASK": "ASK",
    "PREFIX": "PREFIX", "DISTINCT": "DISTINCT", "FROM": "FROM", "WHERE": "WHERE", "{": "{",
    "}": "}", "(": "(", ")": ")", "]": "]", ".": ".", ";": ";", ",": ",", "AS": "AS",
    "FILTER": "FILTER", "OPTIONAL": "OPTIONAL", "UNION": "UNION", "BIND": "BIND",
    "VALUES": "VALUES", "GRAPH": "GRAPH", "GROUP": "GROUP BY", "HAVING": "HAVING",
    "ORDER": "ORDER BY", "LIMIT": "LIMIT", "OFFSET": "OFFSET", "?x": "a variable",
    "INSERT": "INSERT", "DELETE": "DELETE", "DATA": "DATA", "WITH": "WITH", "USING": "USING",
    "CLEAR": "CLEAR", "DROP": "DROP", "CREATE": "CREATE", "ADD": "ADD", "MOVE": "MOVE",
    "COPY": "COPY", "SILENT": "SILENT", "TO": "TO", "DEFAULT": "DEFAULT", "NAMED": "NAMED",
    "ALL": "ALL", "<urn:x>": "an IRI", '"x"': "a literal", "1": "a number",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and where: line and column from 1, in code points; empty token at the end."""

    message: str
    line: int
    column: int
    token: str
    hint: str


def diagnose(text: str, parse: Parse) -> Fault:
    """Find the fault of a text that does not parse."""
    unclosed = next(
        (at for kind, sign, at in tokens(text) if kind == "other" and sign in "\"'"), -1
    )
    if unclosed >= 0:
        return _fault(text, unclosed, text[unclosed], "the string that begins here is not closed")
    crowded = len(text) > _MOST and next(islice(tokens(text), _MOST, None), None) is not None
    spread, places = ("", []) if crowded else _spread(text)
    complaint = None if crowded else parse(spread)
    if complaint is None:
        return _as_reported(parse(text) or "")
    found = _PLACE.match(complaint)
    if found is None:
        return Fault(complaint, 1, 1, "", "")
    meant = [said.strip() for said in _MEANING.findall(found[3])]
    words = next((said for said in meant if said != "Prefix not found"), "")
    if words and words != _NO_IRI:
        return Fault(f"{words}.", 1, 1, "", "")
    if int(found[2]) > len(spread):
        return _fault(text, len(text), "", "the query ends too soon", _expected(text, parse))
    start, token = _at(places, int(found[2]) - 1)
    if words:
        start = max(text.rfind("<", 0, start + 1), 0)
        return _fault(text, start, "<", "this is not an IRI")
    prefix, colon, _ = token.partition(":")
    if colon and ("Prefix not found" in found[3] or _is_undeclared(prefix, text, start, parse)):
        said = f"the prefix “{prefix}:” is not declared"
        return _fault(text, start, token, said, advice(prefix))
    expected = _expected(text[:start], parse)
    return _fault(text, start, token, f"“{token}” cannot stand here", expected)


def _fault(text: str, start: int, token: str, said: str, hint: str = "") -> Fault:
    line, column = position_of(text, start)
    return Fault(f"Line {line}, column {column}: {said}.", line, column, token, hint)


def _spread(text: str) -> tuple[str, list[tuple[int, int, str]]]:
    """The tokens with gaps, in one line; and for each: its place there, its place here, itself."""
    parts: list[str] = []
    places: list[tuple[int, int, str]] = []
    at, end = 0, 0
    for kind, value, start in tokens(text):
        apart = start > end or kind in {"open", "close"} or value in {",", ";", "."}
        if apart and not _joined(text, start):
            parts.append(_GAP)
            at += len(_GAP)
        places.append((at, start, value))
        flat = value.replace("\n", " ").replace("\r", " ")
        parts.append(flat)
        at += len(flat)
        end = start + len(value)
    return "".join([*parts, _GAP]), places


def _joined(text: str, start: int) -> bool:
    """Inside `{|`, `|}`, `<<(` and `)>>`, where no space may come."""
    return text[start - 1 : start + 1] in {"|}", "<("} if start else False


def _at(places: list[tuple[int, int, str]], offset: int) -> tuple[int, str]:
    """The token at a place of the spread text, or before it in the gap: where it is here."""
    _, start, token = max((place for place in places if place[0] <= offset), default=(0, 0, ""))
    return start, token[:40]


def _expected(prefix: str, parse: Parse) -> str:
    """What can follow a prefix: whatever moves the complaint to the end of the text."""
    if len(prefix) > _MOST:
        return ""
    flat, _ = _spread(prefix)
    fitting = [
        words
        for candidate, words in _CANDIDATES.items()
        if _fits(f"{flat}{_GAP}{candidate}{_GAP}", parse)
    ]
    if parse(flat) is None:
        fitting.append("the end of the query")
    return f"Expected: {', '.join(fitting)}." if fitting else ""


def _is_undeclared(prefix: str, text: str, start: int, parse: Parse) -> bool:
    """Whether the fault of a prefixed name is its prefix: with another one it could stand here."""
    known = re.search(rf"(?i:prefix)\s+{re.escape(prefix)}:", text) or prefix in {*PREFIXES, "_"}
    if known or len(text) > _MOST:
        return False
    before = _spread(text[:start])[0].rstrip()
    gap = "" if before.endswith("^^") else _GAP
    return _fits(f"{before}{gap}rdf:type{_GAP}", parse)


def _fits(text: str, parse: Parse) -> bool:
    complaint = parse(text)
    if complaint is None:
        return True
    found = _PLACE.match(complaint)
    return found is not None and int(found[2]) > len(text)


def _as_reported(complaint: str) -> Fault:
    found = _PLACE.match(complaint)
    if found is None:
        return Fault(complaint, 1, 1, "", "")
    line, column = int(found[1]), int(found[2])
    return Fault(f"Line {line}, column {column}: this is not SPARQL.", line, column, "", "")
