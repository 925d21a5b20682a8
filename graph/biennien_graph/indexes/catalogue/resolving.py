# SPDX-License-Identifier: Apache-2.0
"""From what somebody typed as a filter to nodes of the catalogue."""

from __future__ import annotations

import contextlib
import difflib
import re
from typing import TYPE_CHECKING

from biennien_graph.folding import fold
from biennien_graph.indexes.catalogue import tables as t
from biennien_graph.indexes.catalogue.showing import Name
from biennien_graph.terms import BN, NAMESPACE, PREFIXES, RDFS, RICO, SKOS

if TYPE_CHECKING:
    import sqlite3

# For each filter: where a short name may stand in the namespace, and the kinds that are meant.
PLACES = {
    "agency": (("id/agency/",), ("agencies",)),
    "author": (("id/agency/", "id/person/"), ("agencies", "people")),
    "recipient": (("id/agency/", "id/person/"), ("agencies", "people")),
    "person": (("id/person/",), ("people",)),
    "place": (("id/place/",), ("places",)),
    "topic": (
        ("id/topic/", "id/event/", "id/place/", "id/person/", "id/agency/", "id/document/"),
        ("topics", "events", "places", "people", "agencies", "documents"),
    ),
    "source": (("source/", "id/document/"), ("sources", "documents")),
    "modality": (("vocabulary/modality/",), ("concepts",)),
    "certainty": (("vocabulary/certainty/",), ("concepts",)),
    "thing": (
        tuple(
            f"id/{kind}/" for kind in ("document", "agency", "person", "place", "event", "topic")
        ),
        (*t.LISTS, "topics"),
    ),
}
_VOCABULARY = f"{NAMESPACE}vocabulary/"
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]+")
_SHORT = re.compile(r"([a-z]+):([\w./-]+)")
_MANY = 3000  # short names that are compared one by one
_OWN = (RICO, BN, RDFS, SKOS)


class Unknown(Exception):
    """Nothing of this name can be filtered by. `similar` is what may have been meant."""

    def __init__(self, text: str, rule: str, similar: list[Name]) -> None:
        super().__init__(rule)
        self.text, self.rule, self.similar = text, rule, similar


class Resolver:
    """Finds nodes by IRI, prefixed name or slug."""

    def __init__(self, sql: sqlite3.Connection, namespace: str = NAMESPACE) -> None:
        self._sql, self._namespace = sql, namespace

    def values(self, name: str, text: str) -> frozenset[tuple[str, int]]:
        """The facet values that one value of a filter means; `Unknown` where there are none."""
        if name == "type":
            return self._type(text)
        found = self.node(name, text)
        if name == "source":
            return frozenset(("source", source) for source in self._sources(found))
        return frozenset({(name, found)})

    def node(self, name: str, text: str) -> int:
        """The node that a filter names; `Unknown` where there is none of the right kind."""
        folders, kinds = PLACES[name]
        for iri in self._candidates(text, folders):
            number, kind = self._known(iri)
            if number is not None and (kind in kinds or (not kind and name == "source")):
                return number
        raise self._unknown(text, kinds)

    def found(self, name: str, text: str) -> int | None:
        """The node that a text names, where it names one."""
        with contextlib.suppress(Unknown):
            return self.exact(text) or self.node(name, text)
        return None

    def predicate(self, text: str) -> int | None:
        """A property: its IRI, its prefixed name, or its short one; None where nothing uses it."""
        if _IRI.fullmatch(text) and ":" in text:
            short = _SHORT.fullmatch(text)
            iri = PREFIXES[short[1]] + short[2] if short and short[1] in PREFIXES else text
            found = self._known(iri)[0]
        else:
            iris = [value for cls in _OWN if (value := getattr(cls, text, None))]
            found = next((n for iri in iris if (n := self._known(iri)[0]) is not None), None)
        if found is None:
            raise self._unknown(text, ("terms",))
        return found

    def exact(self, text: str) -> int | None:
        """The node with an IRI, a prefixed name included; None where nothing is known of it."""
        return next((n for iri in self._candidates(text, ()) if (n := self._known(iri)[0])), None)

    def _type(self, text: str) -> frozenset[tuple[str, int]]:
        """A class or a concept of a vocabulary; several where vocabularies have the same name."""
        if _IRI.fullmatch(text):
            number, kind = self._known(next(iter(self._candidates(text, ()))))
            if number is not None and kind in ("concepts", "terms"):
                return frozenset({("class" if kind == "terms" else "type", number)})
            raise self._unknown(text, ("concepts",))
        found = set()
        for cls in t.CLASSES:
            if cls.rpartition("#")[2] == text and (number := self._known(cls)[0]) is not None:
                found.add(("class", number))
        rows = self._sql.execute(
            "SELECT id FROM thing WHERE kind = 'concepts' AND substr(iri, 1, ?) = ? "
            "AND substr(iri, -?) = ?",
            (len(_VOCABULARY), _VOCABULARY, len(text) + 1, f"/{text}"),
        )
        found |= {("type", row[0]) for row in rows}
        if not found:
            raise self._unknown(text, ("concepts",))
        return frozenset(found)

    def _sources(self, number: int) -> list[int]:
        """A source text itself, or those of a document."""
        rows = self._sql.execute("SELECT id FROM thing WHERE of = ?", (number,)).fetchall()
        return [row[0] for row in rows] or [number]

    def _candidates(self, text: str, folders: tuple[str, ...]) -> list[str]:
        short = _SHORT.fullmatch(text)
        if short and short[1] in PREFIXES:
            return [PREFIXES[short[1]] + short[2], text]
        if _IRI.fullmatch(text):
            return [text]
        if ":" in text:
            rule = f"“{text}” is no IRI: it holds characters that have no place in one."
            raise Unknown(text, rule, [])
        return [f"{self._namespace}{folder}{text}" for folder in folders]

    def _known(self, iri: str) -> tuple[int | None, str]:
        row = self._sql.execute(
            "SELECT node.id, thing.kind FROM node LEFT JOIN thing USING (id) WHERE node.iri = ?",
            (iri,),
        ).fetchone()
        return (row[0], row[1] or "") if row else (None, "")

    def _unknown(self, text: str, kinds: tuple[str, ...]) -> Unknown:
        what = " or ".join(_SINGULAR[kind] for kind in kinds)
        rule = f"“{text}” is no {what} that is known here. Give an IRI, or the last part of one."
        return Unknown(text, rule, self._similar(text, kinds))

    def _similar(self, text: str, kinds: tuple[str, ...]) -> list[Name]:
        """Those whose names share most words, or whose addresses look alike."""
        slug = _slug(text.rstrip("/"))
        words = [word for word in fold(slug).replace("-", " ").split() if len(word) > 1][:6]
        marks = ", ".join("?" * len(kinds))
        found: list[tuple[str, str, str, str]] = []
        if words:
            score = " + ".join("(instr(folded, ?) > 0)" for _ in words)
            found = self._sql.execute(
                f"SELECT iri, thing.kind, vi, en, max({score}) AS shared FROM name "  # noqa: S608
                f"JOIN thing ON thing.id = thing WHERE name.kind IN ({marks}) "
                "GROUP BY thing.id HAVING shared > 0 ORDER BY shared DESC, sort LIMIT 50",
                (*words, *kinds),
            ).fetchall()
        found.sort(key=lambda row: difflib.SequenceMatcher(None, slug, _slug(row[0])).ratio())
        return [Name(*row[:4]) for row in found[:-6:-1]] or self._alike(slug, kinds, marks)

    def _alike(self, slug: str, kinds: tuple[str, ...], marks: str) -> list[Name]:
        rows = self._sql.execute(
            f"SELECT iri, kind, vi, en FROM thing WHERE kind IN ({marks}) LIMIT {_MANY}",  # noqa: S608
            kinds,
        )
        names = {_slug(row[0]): Name(*row) for row in rows}
        return [names[near] for near in difflib.get_close_matches(slug, names, 5, 0.6)]


def _slug(text: str) -> str:
    """The last part of an IRI."""
    return re.split("[/#]", text)[-1]


_SINGULAR = {
    "documents": "document",
    "agencies": "agency",
    "people": "person",
    "places": "place",
    "events": "event",
    "topics": "topic",
    "concepts": "class or concept",
    "sources": "source text",
    "terms": "property",
}
