# SPDX-License-Identifier: Apache-2.0
"""Where in a submitted file a statement stands."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin

from biennien_graph.engine.rdf import RdfFormat
from biennien_graph.submitted.tokens import tokens
from biennien_graph.terms import RDF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from biennien_graph.submitted.tokens import Token

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")

_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
_PLAIN = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}


class Spot(NamedTuple):
    """A line, from 1, and a column, in code points from 1."""

    line: int
    column: int


@dataclass(slots=True)
class Lines:
    """Spots by statement, as far as the syntax lets them be known."""

    statements: dict[tuple[str, str, str], Spot] = field(default_factory=dict)
    properties: dict[tuple[str, str], Spot] = field(default_factory=dict)
    subjects: dict[str, Spot] = field(default_factory=dict)
    values: dict[str, Spot] = field(default_factory=dict)

    def find(self, subject: str, predicate: str = "", value: str = "") -> Spot | None:
        """The spot of a statement; of the property, the subject, or a mention, where that is all
        that is known. IRIs without brackets, literals by their text.
        """
        return (
            self.statements.get((subject, predicate, value))
            or self.properties.get((subject, predicate))
            or (self.values.get(value) if value else None)
            or self.subjects.get(subject)
            or self.values.get(subject)
        )

    def note(self, subject: str, predicate: str, value: str, spot: Spot) -> None:
        """Remember the first time that each is said."""
        self.statements.setdefault((subject, predicate, value), spot)
        self.properties.setdefault((subject, predicate), spot)
        self.subjects.setdefault(subject, spot)
        self.values.setdefault(value, spot)


def lines_of(text: str, syntax: RdfFormat, base: str = "") -> Lines:
    """Where the statements of a well-formed file stand."""
    if syntax in {RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.N_TRIPLES, RdfFormat.N_QUADS}:
        return _Walk(base).walk(tokens(text))
    return _mentions(text)


@dataclass(slots=True)
class _Level:
    """Where one is inside brackets: whose statements these are, and of which property."""

    opened: str
    subject: str = ""
    predicate: str = ""


class _Walk:
    """Goes through the tokens, keeping whose statements it is among."""

    def __init__(self, base: str) -> None:
        self._base, self._prefixes = base, dict[str, str]()
        self._found, self._levels = Lines(), [_Level("")]
        self._blank = 0

    def walk(self, found: Iterable[Token]) -> Lines:
        stream = iter(found)
        with contextlib.suppress(StopIteration):  # what ends within a directive is no Turtle
            while True:
                token = next(stream)
                if token.kind in {"word", "language"} and self._directive(token, stream):
                    continue
                self._step(token)
        return self._found

    def _directive(self, token: Token, stream: Iterator[Token]) -> bool:
        word = token.text.lstrip("@").lower()
        if self._levels[-1].subject or word not in {"prefix", "base", "version", "graph"}:
            return False
        if word == "prefix":
            name, iri = next(stream), next(stream)
            self._prefixes[name.text[:-1]] = self._iri(iri)
        elif word == "base":
            self._base = self._iri(next(stream))
        elif word == "version":
            next(stream)
        return True

    def _step(self, token: Token) -> None:
        level = self._levels[-1]
        if token.kind == "open":
            self._open(token)
        elif token.kind == "close":
            self._close()
        elif token.text == "." and token.kind == "mark":
            level.subject = level.predicate = ""
        elif token.text == ";":
            level.predicate = ""
        elif token.kind not in {"mark", "language", "datatype"}:
            self._term(self._value(token), Spot(token.line, token.column))

    def _open(self, token: Token) -> None:
        outer = self._levels[-1]
        if token.text == "{":  # of a graph: what was taken for a subject is its name
            outer.subject = ""
            self._levels.append(_Level("{"))
            return
        self._blank += 1
        node = f"[{self._blank}]"
        spot = Spot(token.line, token.column)
        if token.text == "{|":  # about the statement that was just made
            self._levels.append(_Level("{|", outer.subject))
            return
        if token.text in "[(":
            self._term(node, spot)
        self._levels.append(_Level(token.text, node if token.text == "[" else ""))

    def _close(self) -> None:
        if len(self._levels) > 1:
            self._levels.pop()

    def _term(self, term: str, spot: Spot) -> None:
        level = self._levels[-1]
        if level.opened.startswith(("<<", "(")):
            self._found.values.setdefault(term, spot)
        elif not level.subject:
            level.subject = term
            self._found.subjects.setdefault(term, spot)
        elif not level.predicate:
            level.predicate = term
        else:
            self._found.note(level.subject, level.predicate, term, spot)

    def _value(self, token: Token) -> str:
        if token.kind == "iri":
            return self._iri(token)
        if token.kind == "name":
            prefix, _, local = token.text.partition(":")
            return self._prefixes.get(prefix, f"{prefix}:") + local.replace("\\", "")
        if token.kind == "string":
            return _unescaped(token.text)
        if token.text == "a":
            return RDF.type
        return token.text

    def _iri(self, token: Token) -> str:
        iri = _unescaped(token.text[1:-1], quotes=0)
        if _SCHEME.match(iri):
            return iri
        mark = "#" if iri.endswith("#") else ""  # `urljoin` drops an empty fragment
        return urljoin(self._base, iri).removesuffix("#") + mark


def _unescaped(text: str, quotes: int | None = None) -> str:
    if quotes is None:
        quotes = 3 if text[:3] in {'"""', "'''"} else 1
    inner = text[quotes : len(text) - quotes]
    return _ESCAPE.sub(_character, inner)


def _character(found: re.Match[str]) -> str:
    code = found[1]
    return chr(int(code[1:], 16)) if code[0] in "uU" and len(code) > 1 else _PLAIN.get(code, code)


def _mentions(text: str) -> Lines:
    """Of other syntaxes: the line on which a quoted name or text first occurs."""
    found = Lines()
    names: dict[str, Spot] = {}
    for number, line in enumerate(text.splitlines(), 1):
        for match in re.finditer(r'"((?:[^"\\]|\\.)*)"|>([^<>]+)<', line):
            name = match[1] or match[2] or ""
            names.setdefault(_unescaped(name, quotes=0), Spot(number, match.start() + 1))
    found.values.update(names)
    return found
