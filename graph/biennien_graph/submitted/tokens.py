# SPDX-License-Identifier: Apache-2.0
"""Turtle and TriG as tokens with their lines (RDF 1.2 Turtle, section 6.5), for well-formed text.

What is parsed is decided by the parser of the engine; this only says where it stands.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_KINDS = {
    "space": r"[ \t\r\n]+",
    "comment": r"#[^\r\n]*",
    "iri": r"<(?:[^\x00-\x20<>\"{}|^`\\]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>",
    "string": r'"""(?:(?:"|"")?(?:[^"\\]|\\.))*"""'
    r"|'''(?:(?:'|'')?(?:[^'\\]|\\.))*'''"
    r'|"(?:[^"\\\r\n]|\\.)*"'
    r"|'(?:[^'\\\r\n]|\\.)*'",
    "open": r"\{\||<<\(?|[\[({]",
    "close": r"\|\}|\)?>>|[\])}]",
    "language": r"@[A-Za-z]+(?:-[A-Za-z0-9]+)*",
    "datatype": r"\^\^",
    "blank": r"_:[^\s<>\"'{}|^`\\;,()\[\].]+(?:\.+[^\s<>\"'{}|^`\\;,()\[\].]+)*",
    "name": r"[^\s<>\"'{}|^`\\;,()\[\].:#~]*(?:\.[^\s<>\"'{}|^`\\;,()\[\].:#~]+)*:"
    r"(?:[^\s<>\"'{}|^`\\;,()\[\].#~]|\\.|\.(?=[^\s<>\"'{}|^`;,()\[\]#~]))*",
    "number": r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?<!\.)",
    "word": r"[A-Za-z]+",
    "mark": r"[.;,~]",
}
_TOKEN = re.compile(
    "|".join(f"(?P<{name}>{pattern})" for name, pattern in _KINDS.items()), re.DOTALL
)


class Token(NamedTuple):
    """A piece of text. `line` counts from 1, `column` in code points from 1."""

    kind: str
    text: str
    line: int
    column: int


def tokens(text: str) -> Iterator[Token]:
    """The tokens without space and comments; ends where the text is not understood."""
    position, line, start = 0, 1, 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None or found.end() == position:
            return
        kind, piece = found.lastgroup or "", found.group()
        if kind not in {"space", "comment"}:
            yield Token(kind, piece, line, position - start + 1)
        if newlines := piece.count("\n"):
            line += newlines
            start = position + piece.rindex("\n") + 1
        position = found.end()
