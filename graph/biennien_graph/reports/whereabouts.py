# SPDX-License-Identifier: Apache-2.0
"""Where in a submitted file a result belongs, also one about a node that loading made.

Claims, passages and names of blank nodes do not stand in what a curator writes: a claim leads
back to its statement, a passage to its quote, a blank node to the statement that has it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from biennien_graph.engine.rdf import RdfFormat
from biennien_graph.neighbourhood import words
from biennien_graph.submitted.lines import lines_of
from biennien_graph.submitted.mentions import Mentions
from biennien_graph.terms import NAMESPACE, OA, RDF

if TYPE_CHECKING:
    from collections.abc import Sequence

    from biennien_graph.engine.rdf import Triple
    from biennien_graph.evidence import Entry
    from biennien_graph.submitted.lines import Lines, Spot
    from biennien_graph.submitted.reading import Submitted
    from biennien_graph.validation import Result

_BY_NAMES = {RdfFormat.JSON_LD, RdfFormat.RDF_XML}
_QUOTED = re.compile("“([^”]+)”")
_MADE = (f"{NAMESPACE}claim/", f"{NAMESPACE}passage/", f"{NAMESPACE}.well-known/genid/")


class Whereabouts:
    """Finds the places of results in one file."""

    def __init__(self, file: Submitted, entries: Sequence[Entry] = (), base: str = "") -> None:
        by_names = file.syntax in _BY_NAMES
        self._lines: Lines | Mentions = (
            Mentions(file.text) if by_names else lines_of(file.text, file.syntax, base)
        )
        self._about: dict[str, list[Triple]] = {}
        self._pointing: dict[str, Triple] = {}
        for triple in (triple for entry in entries for triple in entry.triples):
            subject, value = words(triple.subject), words(triple.object)
            if subject.startswith(_MADE):
                self._about.setdefault(subject, []).append(triple)
            if value.startswith(_MADE) and not subject.startswith(_MADE[:2]):
                self._pointing[value] = triple

    def of(self, result: Result) -> Spot | None:
        """The place of a result, as exactly as it is known."""
        focus, path, value = result.focus, result.path, result.value
        if focus.startswith(_MADE[0]) and (said := self._claimed(focus)):
            return self._lines.find(*said)
        if focus.startswith(_MADE[1]):
            return self._passage(focus)
        if focus.startswith(_MADE[2]):
            return self._made(focus, path, value)
        if value.startswith(_MADE[1]):
            return self._lines.find(focus, path) or self._passage(value)
        return self._lines.find(focus, path, value)

    def quoted(self, message: str) -> Spot | None:
        """The place of the first quote that a message has."""
        found = _QUOTED.search(message)
        return self._quote(found[1]) if found else None

    def _claimed(self, claim: str) -> tuple[str, str, str] | None:
        said = {t.predicate.value: words(t.object) for t in self._about.get(claim, ())}
        parts = tuple(said.get(part, "") for part in (RDF.subject, RDF.predicate, RDF.object))
        return (parts[0], parts[1], parts[2]) if parts[0] else None

    def _passage(self, iri: str) -> Spot | None:
        """The quote that stands beside this very position; the same quote may occur often."""
        iri = iri.partition("#")[0]
        quote = self._value(f"{iri}#quote", OA.exact)
        start = self._value(f"{iri}#position", OA.start)
        if isinstance(self._lines, Mentions):
            return self._quote(quote)
        statements = self._lines.statements
        beside = {s for s, p, o in statements if (p, o) == (OA.start, start)}
        spots = [
            spot for (s, p, o), spot in statements.items()
            if s in beside and (p, o) == (OA.exact, quote)
        ]  # fmt: skip
        return min(spots, default=None) or self._quote(quote)

    def _quote(self, quote: str) -> Spot | None:
        """The first such quote, not a label that reads the same."""
        if isinstance(self._lines, Mentions):
            return self._lines.find("", OA.exact, quote)
        spots = (
            spot
            for (_, p, o), spot in self._lines.statements.items()
            if (p, o) == (OA.exact, quote)
        )
        return min(spots, default=None) or self._lines.find("", "", quote)

    def _made(self, node: str, path: str, value: str) -> Spot | None:
        """A blank node: by a text that it has, else by the statement that it is the object of."""
        if value and not value.startswith(_MADE) and (spot := self._lines.find("", path, value)):
            return spot
        pointing = self._pointing.get(node)
        if pointing is None:
            return None
        subject = words(pointing.subject)
        if subject.startswith(_MADE):
            return self._made(subject, pointing.predicate.value, "")
        return self._lines.find(subject, pointing.predicate.value)

    def _value(self, node: str, predicate: str) -> str:
        found = (words(t.object) for t in self._about.get(node, ()))
        names = (t.predicate.value for t in self._about.get(node, ()))
        return next((v for v, p in zip(found, names, strict=True) if p == predicate), "")
