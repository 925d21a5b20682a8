# SPDX-License-Identifier: Apache-2.0
"""What a SPARQL text contains, in one linear pass over its tokens, before anything parses it.

Strings, comments, IRIs, prefixed names, variables and language tags are told apart as the
grammar's terminals (SPARQL 1.1 Query Language, section 19.8), so that what is left over as a
bare word is a keyword, wherever a query hides it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from biennien_graph.errors import QueryRefused, QuerySyntaxError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

MAX_DEPTH = 200  # nested brackets; the parser's stack ends somewhere above 1,000
MAX_LENGTH = 1_000_000  # code points
_MAX_UNCLOSED = 3
_UNCLOSED, _EMPTY = {"'", '"', "\\"}, {"''", '""'}

_NAME = r"[\w\-.·%\\À-\U000EFFFF]"
_TOKEN = re.compile(
    r"""
      (?P<space>\s+|\#[^\n\r]*)
    | (?P<iri><[^<>"{}|^`\x00-\x20]*>)
    | (?P<string>'''(?:'{0,2}+(?:[^'\\]++|\\.))*+'''|\"{3}(?:"{0,2}+(?:[^"\\]++|\\.))*+\"{3}
        |'(?:[^'\\\n\r]++|\\.)*+'|"(?:[^"\\\n\r]++|\\.)*+")
    | (?P<variable>[?$]\w+)
    | (?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    | (?P<prefixed>(?:[^\W\d_](?:NAME){0,32}+)?:(?:NAME|:|\\[^\w\s])*|_:(?:NAME)+)
    | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<number>\d[\d.eE]*)
    | (?P<open>[({\[])
    | (?P<close>[)}\]])
    | (?P<other>.)
    """.replace("NAME", _NAME),
    re.VERBOSE | re.DOTALL,
)
_NUL = re.compile(r"\0|(?<!\\)(?:\\\\)*\\(?:u0000|U00000000)")
_SERVICE = re.compile(r"(?:(?:TRUE|FALSE)\.?)?SERVICE(?:SILENT)?", re.IGNORECASE)
# An IRI that can be read as "less than" and an operand: no expression has `//` in it.
_LESS_THAN = re.compile(r"<=?(?:[?$\d.+\-!('#:]|\w[\w.\-]*(?::(?!//)|\()|(?i:true|false)\b)")
_BEFORE_NAMES = {"GRAPH", "FROM", "NAMED"}
_END = ("end", "")
_UPDATE_FORMS = {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD"}
_QUERY_FORMS = {"SELECT", "CONSTRUCT", "DESCRIBE", "ASK"}


@dataclass(frozen=True, slots=True)
class Scan:
    """What a text contains. `form` is its first form keyword in upper case, or empty."""

    form: str
    services: tuple[str, ...]

    @property
    def is_update(self) -> bool:
        """Whether the text is SPARQL Update rather than a query."""
        return self.form in _UPDATE_FORMS


def scan(text: str) -> Scan:
    """What a text contains.

    Raises `QueryRefused` for a text that is too long or nested too deeply to be given to the
    parser, and `QuerySyntaxError` for a bracket that closes nothing.
    """
    if len(text) > MAX_LENGTH:
        raise QueryRefused(f"The query is longer than {MAX_LENGTH:,} characters.")
    if _NUL.search(text):
        raise QueryRefused("The query has a NUL character in it.", hint="No text has one.")
    form, depth = "", 0
    for token in _found(text):
        kind = token.lastgroup
        if kind == "word" and not form and token.group().upper() in _QUERY_FORMS | _UPDATE_FORMS:
            form = token.group().upper()
        elif kind in {"open", "close"}:
            depth = _nest(depth, kind, text, token.start())
    called = _services(text) if "service" in text.lower() else ()
    return Scan(form, tuple(called))


def check_query(text: str, endpoints: Collection[str] = ()) -> Scan:
    """Scan a text that is to be run as a query by anyone; `QueryRefused` says why it is not.

    `endpoints` are those that it may call by `SERVICE`.
    """
    found = scan(text)
    check_services(found, endpoints)
    if found.is_update:
        raise QueryRefused(
            f"{found.form} is an update; this address answers queries.",
            hint="Queries begin with SELECT, ASK, CONSTRUCT or DESCRIBE.",
        )
    return found


def check_services(found: Scan, endpoints: Collection[str]) -> None:
    """`QueryRefused` where a text calls another endpoint than these, or one that only running it
    would tell: an address has to be written in full.
    """
    for called in found.services:
        if called[:1] + called[-1:] != "<>" or called[1:-1] not in endpoints:
            raise QueryRefused(
                f"This endpoint does not call that one (SERVICE {called}).",
                hint=f"It calls {', '.join(f'<{iri}>' for iri in endpoints)}, written like this."
                if endpoints
                else "Query the other endpoint yourself, and put its values here by VALUES.",
            )


def position_of(text: str, offset: int) -> tuple[int, int]:
    """Line and column, from 1, of a code point offset."""
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1


def tokens(text: str) -> Iterator[tuple[str, str, int]]:
    """Kind, text and code point offset of each token, without white space and comments."""
    for token in _TOKEN.finditer(text):
        if token.lastgroup != "space":
            yield token.lastgroup or "", token.group(), token.start()


def _found(text: str, start: int = 0) -> Iterator[re.Match[str]]:
    """The tokens. `QuerySyntaxError` for a text in which many strings begin and none ends: each
    beginning is looked for its end, up to the end of the text.
    """
    unclosed = 0
    for token in _TOKEN.finditer(text, start):
        value = token.group()
        if value in _UNCLOSED or (
            value in _EMPTY and text[token.end() : token.end() + 1] == value[0]
        ):
            unclosed += 1
            if unclosed > _MAX_UNCLOSED:
                line, column = position_of(text, token.start())
                raise QuerySyntaxError(
                    f"Line {line}, column {column}: the string that begins here is not closed.",
                    line=line,
                    column=column,
                    token=value[0],
                )
        yield token


def _services(text: str) -> Iterator[str]:
    """What each keyword SERVICE calls, in every way that a text can be read."""
    before = token = _END
    for after in _readings(text):
        if after[1].upper() != "SILENT":
            if before[1].upper() not in _BEFORE_NAMES and _calls(token, after):
                yield after[1] if token[0] == "word" else token[1]
            before, token = token, after


def _calls(token: tuple[str, str], after: tuple[str, str]) -> bool:
    """Whether a token is the keyword SERVICE, or can be taken for it.

    The engine's parser needs no space after a keyword: `SERVICEx:` may be a name, or SERVICE and
    the name `x:`, and `trueSERVICE` is two words.
    """
    kind, value = token
    found = _SERVICE.match(value) if kind in {"word", "prefixed"} else None
    if found is None:
        return False
    return found.end() == len(value) if kind == "word" else after[1] == "{"


def _readings(text: str, start: int = 0, doubts: int = 3) -> Iterator[tuple[str, str]]:
    """Kind and text of each token, `_END`; and again from wherever another reading begins.

    `1<'''>'''` and `?a<b:c#>` hold an IRI to one reader, and "less than" before a string or a
    comment to another. It matters where a string goes on longer for one of the two; `doubts`
    bounds how often.
    """
    again: list[int] = []
    comment = -1  # where the other reading of this line begins, which ends in a comment
    for token in _found(text, start):
        kind, value = token.lastgroup or "", token.group()
        if kind == "iri" and _LESS_THAN.match(value):
            if "'" in value:
                again.append(token.start() + 1)
            elif "#" in value and comment < 0:
                comment = token.start() + 1
        elif "\n" in value or "\r" in value:
            if kind == "string" and comment >= 0:
                again.append(comment)
            comment = -1
        if kind != "space":
            yield kind, value
    yield _END
    if len(again) > doubts:
        raise QueryRefused("Too many strings follow what may be IRIs or “less than”.")
    for place in again:
        yield from _readings(text, place, doubts - len(again))


def _nest(depth: int, kind: str, text: str, offset: int) -> int:
    depth += 1 if kind == "open" else -1
    line, column = position_of(text, offset) if depth > MAX_DEPTH or depth < 0 else (0, 0)
    if depth > MAX_DEPTH:
        raise QueryRefused(
            f"The query nests more than {MAX_DEPTH} brackets (line {line}, column {column})."
        )
    if depth < 0:
        raise QuerySyntaxError(
            f"Line {line}, column {column}: “{text[offset]}” closes nothing.",
            line=line,
            column=column,
            token=text[offset],
        )
    return depth
