# SPDX-License-Identifier: Apache-2.0
"""The operations of a SPARQL Update request, told apart by their tokens.

Only a request that the engine's parser has accepted comes here (SPARQL 1.1 Update, section 3; the
grammar's rules 29 to 51), so that nothing but the places of its parts has to be found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from biennien_graph.queries.scan import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

_DECLARATIONS = {"PREFIX", "BASE", "VERSION"}


@dataclass(frozen=True, slots=True)
class Block:
    """Triples of a template and the graph that they are for; empty: the default graph."""

    graph: str
    triples: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. IRIs are as they were written; `prologue` says what they mean.

    `form` is `INSERT DATA`, `DELETE DATA`, `DELETE WHERE`, `MODIFY`, or the one keyword of the
    others; `targets` are the graphs that follow it, or `DEFAULT`, `NAMED`, `ALL`.
    """

    prologue: str
    form: str
    silent: bool = False
    targets: tuple[str, ...] = ()
    with_graph: str = ""
    using: tuple[str, ...] = ()
    using_named: tuple[str, ...] = ()
    delete: str = ""
    insert: str = ""
    where: str = ""


def operations(text: str) -> list[Operation]:
    """The operations in order."""
    return list(_Reader(text).operations())


def end_of_prologue(text: str) -> int:
    """The offset, in code points, at which the first operation begins."""
    rest = 0
    for kind, value, offset in tokens(text):
        if rest:
            rest -= 1
        elif kind == "word" and value.upper() in _DECLARATIONS:
            rest = 2 if value.upper() == "PREFIX" else 1
        else:
            return offset
    return len(text)


def blocks(template: str) -> Iterator[Block]:
    """The parts of a template (`Quads`, rule 50) by graph."""
    found = list(tokens(template))
    start, place = 0, 0
    while place < len(found):
        kind, value, offset = found[place]
        if kind == "word" and value.upper() == "GRAPH":
            yield from _block("", template[start:offset])
            opening = place + 2
            closing = _closing(found, opening)
            inside = template[found[opening][2] + 1 : found[closing][2]]
            yield from _block(found[place + 1][1], inside)
            start, place = found[closing][2] + 1, closing
        place += 1
    yield from _block("", template[start:])


def _block(graph: str, triples: str) -> Iterator[Block]:
    begins = next((offset for _, value, offset in tokens(triples) if value != "."), None)
    if begins is not None:
        yield Block(graph, triples[begins:])


def _closing(found: list[tuple[str, str, int]], opening: int) -> int:
    """The place of the bracket that closes the one at `opening`."""
    depth = 0
    for place in range(opening, len(found)):
        depth += {"open": 1, "close": -1}.get(found[place][0], 0)
        if depth == 0:
            return place
    return len(found) - 1


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(tokens(text))
        self._place = 0
        self._prologue: list[str] = []

    def operations(self) -> Iterator[Operation]:
        while self._place < len(self._tokens):
            if self._word() in _DECLARATIONS:
                self._declaration()
            elif self._value() == ";":
                self._place += 1
            else:
                yield self._operation()

    def _value(self) -> str:
        return self._tokens[self._place][1] if self._place < len(self._tokens) else ""

    def _word(self) -> str:
        kind, value, _ = self._tokens[self._place] if self._value() else ("", "", 0)
        return value.upper() if kind == "word" else ""

    def _takes(self, *words: str) -> bool:
        """Go past a keyword, where it is one of these."""
        found = self._word() in words
        self._place += found
        return found

    def _next(self) -> str:
        value = self._value()
        self._place += 1
        return value

    def _declaration(self) -> None:
        parts = 3 if self._word() == "PREFIX" else 2
        self._prologue.append(" ".join(self._next() for _ in range(parts)))

    def _operation(self) -> Operation:
        prologue = "\n".join(self._prologue)
        if self._word() in {"WITH", "INSERT", "DELETE"}:
            return self._with_data(prologue)
        form = self._next().upper()
        silent = self._takes("SILENT")
        targets = []
        while self._value() not in {"", ";"}:
            if not self._takes("GRAPH", "TO", "INTO"):
                value = self._next()
                targets.append(value.upper() if value.isalpha() else value)
        return Operation(prologue, form, silent, tuple(targets))

    def _with_data(self, prologue: str) -> Operation:
        with_graph = self._next() if self._takes("WITH") else ""
        delete = insert = ""
        if self._takes("DELETE"):
            if self._takes("DATA"):
                return Operation(prologue, "DELETE DATA", delete=self._braces())
            if self._takes("WHERE"):
                return Operation(prologue, "DELETE WHERE", delete=self._braces())
            delete = self._braces()
        if self._takes("INSERT"):
            if self._takes("DATA"):
                return Operation(prologue, "INSERT DATA", insert=self._braces())
            insert = self._braces()
        using: dict[bool, list[str]] = {False: [], True: []}
        while self._takes("USING"):
            using[self._takes("NAMED")].append(self._next())
        self._takes("WHERE")
        return Operation(
            prologue,
            "MODIFY",
            with_graph=with_graph,
            using=tuple(using[False]),
            using_named=tuple(using[True]),
            delete=delete,
            insert=insert,
            where=f"{{{self._braces()}}}",
        )

    def _braces(self) -> str:
        """What stands between the brackets that begin here."""
        closing = _closing(self._tokens, self._place)
        inside = self._text[self._tokens[self._place][2] + 1 : self._tokens[closing][2]]
        self._place = closing + 1
        return inside
