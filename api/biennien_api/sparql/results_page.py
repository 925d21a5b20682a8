# SPDX-License-Identifier: Apache-2.0
"""Query results as a page: a table for solutions, Turtle for graphs. The first part of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from biennien_graph.terms import PREFIXES

if TYPE_CHECKING:
    from biennien_graph.engine.answer import Answer

MOST_ROWS = 1000
_MOST_BYTES = 1_000_000
_LITERAL = re.compile(r'"(?P<text>(?:[^"\\]|\\.)*)"(?:@(?P<lang>[\w-]+)|\^\^<(?P<type>[^>]*)>)?')
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)")
_PLAIN = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One term of a solution, as it is shown."""

    text: str
    iri: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The first rows of a result; `cut` where there are more. Or Turtle, or a yes or no."""

    columns: list[str]
    rows: list[list[Cell]]
    cut: bool
    graph: str = ""
    verdict: bool | None = None


async def table(answer: Answer) -> Table:
    """Read as much of an answer (TSV or Turtle) as a page shows, and give the worker back."""
    content, cut = await _beginning(answer)
    if "turtle" in answer.media_type:
        return Table([], [], cut, graph=content)
    if content in ("true", "false"):
        return Table([], [], cut=False, verdict=content == "true")
    lines = content.split("\n")
    columns = [name.lstrip("?") for name in lines[0].split("\t")] if lines[0] else []
    body = lines[1 : MOST_ROWS + 1] if cut else lines[1:]
    rows = [[cell(text) for text in line.split("\t")] for line in body if line or len(columns) == 1]
    return Table(columns, [row for row in rows if row != [Cell("")]][:MOST_ROWS], cut)


async def _beginning(answer: Answer) -> tuple[str, bool]:
    received = bytearray()
    cut = False
    async for piece in answer:
        received += piece
        if received.count(b"\n") > MOST_ROWS + 1 or len(received) > _MOST_BYTES:
            cut = not answer.complete
            break
    answer.close()
    text = received.decode("utf-8", errors="ignore")
    if text.count("\n") > MOST_ROWS + 1:
        cut = True
    return (text[: text.rfind("\n")] if cut else text.rstrip("\n")), cut


def cell(text: str) -> Cell:
    """A term of TSV (SPARQL 1.1 Query Results CSV and TSV Formats, section 4)."""
    if text.startswith("<") and text.endswith(">"):
        iri = text[1:-1]
        return Cell(shortened(iri), iri=iri if is_web(iri) else "")
    found = _LITERAL.fullmatch(text)
    if found is None:
        return Cell(text)
    return Cell(_ESCAPE.sub(_unescaped, found["text"]), language=found["lang"] or "")


def is_web(iri: str) -> bool:
    """Whether an IRI may be a link: `javascript:` and its kind may not."""
    return iri.startswith(("http://", "https://"))


def shortened(iri: str) -> str:
    """An IRI with a well-known prefix, where it has one."""
    prefix = max(
        (name for name, start in PREFIXES.items() if iri.startswith(start)),
        key=lambda name: len(PREFIXES[name]),
        default="",
    )
    return f"{prefix}:{iri.removeprefix(PREFIXES[prefix])}" if prefix else iri


def _unescaped(found: re.Match[str]) -> str:
    code = found[1]
    if len(code) > 1:
        return chr(int(code[1:], 16))
    return _PLAIN.get(code, code)
