# SPDX-License-Identifier: Apache-2.0
"""Things, properties and values in words: labels of the entry, of what is published, of terms."""

from __future__ import annotations

import functools
import json
import re
from importlib import resources
from typing import TYPE_CHECKING

from biennien_graph.checks.profile import profile, short
from biennien_graph.engine.rdf import Literal
from biennien_graph.neighbourhood import words
from biennien_graph.terms import BN, DCTERMS, NAMESPACE, OA, RDF, RDFS, RICO, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from biennien_graph.checks.asking import Published
    from biennien_graph.engine.rdf import Triple
    from biennien_graph.evidence import Entry

_NAMES = (RDFS.label, SKOS.prefLabel, RICO.title, DCTERMS.title)
_LONG = 80  # characters of a value that are shown


@functools.cache
def _words() -> dict[str, dict[str, str]]:
    text = resources.files(__name__.rpartition(".")[0]).joinpath("words.json")
    found: dict[str, dict[str, str]] = json.loads(text.read_text(encoding="utf-8"))
    return found


def say(language: str, name: str, *values: object) -> str:
    """A phrase of the reports in a language; the name itself where there is none."""
    return _words().get(name, {}).get(language, name).format(*values)


def shortened(text: str, length: int = _LONG) -> str:
    """The beginning of a long text, on one line."""
    flat = " ".join(text.split())
    return flat if len(flat) <= length else flat[: length - 1].rstrip() + "…"


class Wording:
    """Names what results are about, in one language."""

    def __init__(
        self, entries: Sequence[Entry], published: Published | None, language: str
    ) -> None:
        self.language, self._published = language, published
        self._about: dict[str, list[Triple]] = {}
        self._pointing: dict[str, Triple] = {}
        for triple in (triple for entry in entries for triple in entry.triples):
            self._about.setdefault(words(triple.subject), []).append(triple)
            if not words(triple.subject).startswith((f"{NAMESPACE}claim/", f"{NAMESPACE}passage/")):
                self._pointing[words(triple.object)] = triple

    def thing(self, iri: str, depth: int = 0) -> str:
        """What a thing is called; a claim by its statement, a passage by its quote, a node by
        what it is of.
        """
        if iri.startswith(f"{NAMESPACE}claim/") and (said := self._claimed(iri)):
            return say(self.language, "claim-of", self.thing(said[0], 1), self.property(said[1]))
        if iri.startswith(f"{NAMESPACE}passage/"):
            return self._passage(iri)
        if name := self._name(iri):
            return name
        whole = self._pointing.get(iri) if "#" in iri or "/genid/" in iri else None
        if whole is not None and depth < 2 and words(whole.subject) != iri:
            of = self.thing(words(whole.subject), depth + 1)
            return say(self.language, "part-of", self.property(whole.predicate.value), of)
        return profile().label(iri, self.language) or _tail(iri)

    def property(self, iri: str) -> str:
        """The label of a property, or its short form."""
        return profile().label(iri, self.language) or _tail(iri)

    def value(self, value: str) -> str:
        """A thing by its label, a text shortened."""
        return self.thing(value) if value.startswith(("http://", "https://")) else shortened(value)

    def _name(self, iri: str) -> str:
        names: dict[str, str] = {}
        for triple in self._said(iri):
            if triple.predicate.value in _NAMES and isinstance(triple.object, Literal):
                names.setdefault(triple.object.language or "", triple.object.value)
        found = names.get(self.language) or names.get("vi") or next(iter(names.values()), "")
        return shortened(found)

    def _said(self, iri: str) -> Iterable[Triple]:
        yield from self._about.get(iri, ())
        if self._published is not None:
            for predicate in _NAMES:
                for quad in self._published.quads(subject=iri, predicate=predicate):
                    yield quad.triple

    def _claimed(self, iri: str) -> tuple[str, str] | None:
        said = {t.predicate.value: words(t.object) for t in self._about.get(iri, ())}
        if RDF.subject in said and RDF.predicate in said:
            return said[RDF.subject], said[RDF.predicate]
        return None

    def _passage(self, iri: str) -> str:
        quote = f"{iri.partition('#')[0]}#quote"
        for triple in self._about.get(quote, ()):
            if triple.predicate.value == OA.exact:
                return say(self.language, "passage", shortened(words(triple.object)))
        return profile().label(BN.Passage, self.language) or _tail(iri)


def _tail(iri: str) -> str:
    name = short(iri)
    return name.removeprefix(NAMESPACE).removeprefix("id/") if name == iri else name


@functools.cache
def _translations() -> list[tuple[re.Pattern[str], str]]:
    text = resources.files(__name__.rpartition(".")[0]).joinpath("vietnamese.json")
    pairs: list[list[str]] = json.loads(text.read_text(encoding="utf-8"))
    return [(re.compile(pattern, re.DOTALL), words_) for pattern, words_ in pairs]


def in_vietnamese(message: str) -> str:
    """What an error says, in Vietnamese; as it is where nobody translated it (a parser's words)."""
    for pattern, said in _translations():
        if found := pattern.fullmatch(message):
            return said.format(*found.groups())
    return message
