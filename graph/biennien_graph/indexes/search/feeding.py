# SPDX-License-Identifier: Apache-2.0
"""Writing the index: one document for each thing, and one that says how far it has come.

Both are in one commit, which tantivy makes by renaming one file: whoever is killed before it
finds the index as it was, and does it again.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import tantivy

from biennien_graph.engine import Position
from biennien_graph.indexes.search.facts import SnapshotFacts, gathered
from biennien_graph.indexes.search.schema import (
    BEGIN,
    EDGE,
    END,
    EXACT,
    FIELDS,
    NAME,
    STATE,
    VERSION,
    schema,
)
from biennien_graph.indexes.search.state import intact, read_position
from biennien_graph.indexes.search.things import Things
from biennien_graph.indexes.search.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from biennien_graph.indexes import Published
    from biennien_graph.indexes.search.things import Thing

_MEMORY = 64 * 2**20  # bytes that documents may take before they are written to a file
_LONG = 500  # code points; what is longer is not told apart by its length
_FIELD = {
    "label": "label", "altLabel": "alt", "title": "alt", "number": "alt",
    "note": "note", "correction": "note",
}  # fmt: skip


class SearchFeed:
    """The index as its feeding process sees it."""

    name = NAME

    def __init__(self, index: tantivy.Index, folder: Path) -> None:
        self._index, self._folder = index, folder

    @classmethod
    def open(cls, folder: Path) -> SearchFeed:
        """To be written, in the folder of the indexes; `StoreError` where it is damaged."""
        path = folder / cls.name
        path.mkdir(parents=True, exist_ok=True)
        with intact(path):
            index = tantivy.Index(schema(), path=str(path))
            index.config_reader("manual")
            read_position(index.searcher())
        return cls(index, folder)

    def close(self) -> None:
        """Nothing is held between two times."""

    def position(self) -> Position:
        """The last change that it holds."""
        self._index.reload()
        return read_position(self._index.searcher())

    def follow(self, published: Published) -> None:
        """Hold what is published, and say so, in one commit."""
        touched = published.touched(self.position())
        with intact(self._folder / self.name):
            writer = self._index.writer(_MEMORY, num_threads=1)
            if touched is None:
                self._anew(writer, published)
            else:
                _renew(writer, published, touched)
            writer.delete_documents_by_term("id", STATE)
            writer.add_document(_state(published.position))
            writer.commit()
            writer.wait_merging_threads()

    def _anew(self, writer: tantivy.IndexWriter, published: Published) -> None:
        writer.delete_all_documents()
        with gathered(published.view, self._folder) as facts:
            things = Things(facts)
            _add(writer, map(things.thing, facts.candidates()))


def _renew(writer: tantivy.IndexWriter, published: Published, touched: set[str]) -> None:
    things = Things(SnapshotFacts(published.view))
    found = sorted(set(things.affected(touched)))
    for iri in found:
        writer.delete_documents_by_term("id", iri)
    _add(writer, map(things.thing, found))


def _add(writer: tantivy.IndexWriter, things: Iterable[Thing | None]) -> None:
    for thing in things:
        if thing is not None:
            writer.add_document(_document(thing))


def _state(position: Position) -> tantivy.Document:
    state = {"number": position.number, "digest": position.digest, "version": VERSION}
    document = tantivy.Document()
    document.add_text("id", STATE)
    document.add_bytes("shown", json.dumps(state).encode())
    return document


def _document(thing: Thing) -> tantivy.Document:
    document = tantivy.Document()
    document.add_text("id", thing.iri)
    if thing.kind:
        document.add_text("kind", thing.kind)
    for iri in thing.documents:
        document.add_text("document", iri)
    for iri in sorted({quote.source for quote in thing.quotes}):
        document.add_text("source", iri)
    if thing.kind != "passage":
        for iri in sorted({quote.passage for quote in thing.quotes}):
            document.add_text("passage", iri)
    _add_words(document, thing)
    document.add_float("brevity", _brevity(thing))
    document.add_bytes("shown", _shown(thing))
    return document


def _add_words(document: tantivy.Document, thing: Thing) -> None:
    """Every text between marks, in the field of its weight and in `all`."""
    said = [(_FIELD[text.field], text.text) for text in thing.texts]
    said += [("all", quote) for quote in sorted({quote.text for quote in thing.quotes})]
    lines: dict[str, list[str]] = {name + end: [] for name in FIELDS for end in ("", EXACT)}
    edges: set[str] = set()
    for field, text in said:
        found = words(text)
        folded, exact = (
            " ".join((BEGIN, *spelt, END))
            for spelt in ([w.folded for w in found], [w.exact for w in found])
        )
        for name in {field, "all"}:
            lines[name].append(folded)
            lines[name + EXACT].append(exact)
        if field in ("label", "alt"):
            plain = " ".join(word.folded for word in found)
            edges.update(plain[:length] for length in range(1, EDGE + 1))
    for name, found_lines in lines.items():
        if found_lines:
            document.add_text(name, " ".join(found_lines))
    for edge in sorted(edges):
        document.add_text("edge", edge)


def _brevity(thing: Thing) -> float:
    """From 0 to 2, more for shorter names; a little of chance, always the same, parts equals.

    tantivy multiplies a score by log2(2 + brevity): by 1 at least and by 2 at most.
    """
    names = [len(text.text) for text in thing.texts if text.field == "label"]
    said = [text.text for text in thing.texts] + [quote.text for quote in thing.quotes]
    length = min(names or [len(text) for text in said] or [_LONG])
    chance = int.from_bytes(hashlib.sha256(thing.iri.encode()).digest()[:4]) / 2**32
    return 1.99 * (1 - (min(length, _LONG) + chance) / (_LONG + 1))


def _shown(thing: Thing) -> bytes:
    """What an answer needs of a thing, as JSON."""
    shown = {
        "kind": thing.kind,
        "types": thing.types,
        "texts": thing.texts,
        "quotes": thing.quotes,
        "documents": thing.documents,
        "start": thing.start,
    }
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode()
