# SPDX-License-Identifier: Apache-2.0
"""Reading the index: hits, matching things, suggestions."""

from __future__ import annotations

import json
import threading
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import tantivy

from biennien_graph.indexes.search.asking import Question, all_of, beginning, term, with_kinds
from biennien_graph.indexes.search.guessing import guesses
from biennien_graph.indexes.search.schema import EDGE, NAME
from biennien_graph.indexes.search.snippets import Snippet, snippets
from biennien_graph.indexes.search.state import intact, read_position
from biennien_graph.indexes.search.things import FIELDS_OF_NAMES, KINDS
from biennien_graph.indexes.search.words import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from biennien_graph.engine import Position
    from biennien_graph.indexes.search.words import Word

MOST_THINGS = 10_000
_WEIGHT = ("label", "altLabel", "title", "number", "note", "correction")
_MOST_ABOUT = 5  # things that a passage is said to back
_LOOKED_AT = 40  # names among which the best suggestions are


class Named(NamedTuple):
    """A thing and its labels by language."""

    id: str
    kind: str
    types: tuple[str, ...]
    label: dict[str, str]


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found, and the words in which. A passage has no label of its own.

    `about`: of a passage, things that it is evidence for.
    """

    thing: Named
    snippets: list[Snippet]
    about: list[Named] = field(default_factory=list)
    start: int = 0  # of a passage in its source text, in code points


@dataclass(frozen=True, slots=True)
class Found:
    """An answer: how many, by kind too, and one page of hits. `guesses`: what may be meant."""

    position: int
    total: int
    counts: dict[str, int]
    hits: list[Hit]
    guesses: list[str]
    documents: dict[str, Named]  # of the source texts that snippets come from, by source


class Name(NamedTuple):
    """A name that begins as somebody typed, and where in it that stands (code points)."""

    thing: Named
    text: str
    language: str
    highlights: tuple[tuple[int, int], ...]


class SearchIndex:
    """The index as readers see it, from any thread. `refresh` shows what came since."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._searcher = self._opened()

    @classmethod
    def read(cls, folder: Path) -> SearchIndex:
        """In the folder of the indexes; `StoreError` where there is none."""
        return cls(folder / NAME)

    def close(self) -> None:
        """Nothing has to be let go of."""

    def refresh(self) -> None:
        """Show the newest commit, also of an index that was thrown away and made again."""
        with self._lock:
            self._searcher = self._opened()

    def position(self) -> Position:
        """The last change that it holds."""
        return read_position(self._searcher)

    def things(self, q: str, kind: str | None = None, *, names: bool = False) -> list[str]:
        """IRIs of the things that match, in no order, 10,000 at most; `kind`: of `KINDS`.

        `names`: only those that have the words in their labels, other names or numbers.
        """
        kinds = (kind,) if kind else tuple(name for name in KINDS if name != "passage")
        fields = ("label", "alt") if names else ("all",)
        query = with_kinds(Question.read(q).matching(*fields), kinds, None)
        wanted = {"ids": {"terms": {"field": "id", "size": MOST_THINGS}}}
        with intact(self._path):
            found = self._searcher.aggregate(query, wanted)
        return [bucket["key"] for bucket in found["ids"]["buckets"]]

    def find(
        self,
        q: str,
        *,
        kinds: Sequence[str] = (),
        source: str = "",
        limit: int = 20,
        offset: int = 0,
        language: str = "vi",
    ) -> Found:
        """The best hits, and how many there are of each kind; snippets rather in a language.

        `source`: only what has quotes from a source text, by its IRI or that of its document.
        """
        with intact(self._path):
            searcher, question = self._searcher, Question.read(q)
            sources = self._sources(searcher, source) if source else None
            counts = _counts(searcher, with_kinds(question.matching("all"), (), sources))
            found: list[tantivy.DocAddress] = []
            for best in (True, False) if counts else ():
                query = with_kinds(question.ranked(best=best), tuple(kinds), sources)
                found = _best(searcher, query, limit, offset)
                if len(found) == limit:
                    break
            hits = [_hit(searcher, address, question, language) for address in found]
            return Found(
                position=read_position(searcher).number,
                total=sum(count for kind, count in counts.items() if not kinds or kind in kinds),
                counts=counts,
                hits=hits,
                guesses=[] if counts else guesses(searcher, question),
                documents=_documents(searcher, hits),
            )

    def suggest(
        self, q: str, *, kinds: Sequence[str] = (), limit: int = 10, language: str = "vi"
    ) -> list[Name]:
        """Names that begin with what was typed, and then names in which a word does.

        Of a thing with several such names, one in the language where there is one.
        """
        typed = words(q[:100])
        if not typed:
            return []
        searcher, plain = self._searcher, " ".join(word.folded for word in typed)
        begins = [term("edge", plain[:EDGE])]
        if len(plain) > EDGE:
            begins.append(beginning(typed))
        found: dict[str, Name] = {}
        for query in (all_of(begins), beginning(typed)):
            filtered = with_kinds(query, tuple(kinds), None)
            addresses = _best(searcher, filtered, _LOOKED_AT)
            named = (_name(_shown(searcher, address), typed, language) for address in addresses)
            for name in sorted((n for n in named if n), key=lambda n: _fitness(n, q)):
                found.setdefault(name.thing.id, name)
            if len(found) >= limit:
                break
        return list(found.values())[:limit]

    def _opened(self) -> tantivy.Searcher:
        with intact(self._path):
            index = tantivy.Index.open(str(self._path))
            index.config_reader("manual")
            return index.searcher()

    def _sources(self, searcher: tantivy.Searcher, iri: str) -> tuple[str, ...]:
        found = searcher.search(term("document", iri), 1000, count=False).hits
        return (iri, *(searcher.doc(address)["id"][0] for _, address in found))


def _best(
    searcher: tantivy.Searcher, query: tantivy.Query, limit: int, offset: int = 0
) -> list[tantivy.DocAddress]:
    found = searcher.search(query, limit, count=False, offset=offset, weight_by_field="brevity")
    return [address for _, address in found.hits]


def _counts(searcher: tantivy.Searcher, query: tantivy.Query) -> dict[str, int]:
    wanted = {"kinds": {"terms": {"field": "kind", "size": len(KINDS)}}}
    buckets = searcher.aggregate(query, wanted)["kinds"]["buckets"]
    found = {bucket["key"]: int(bucket["doc_count"]) for bucket in buckets}
    return {kind: found[kind] for kind in KINDS if kind in found}


def _shown(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> dict[str, Any]:
    document = searcher.doc(address)
    return {"id": document["id"][0], **json.loads(document["shown"][0])}


def _hit(
    searcher: tantivy.Searcher, address: tantivy.DocAddress, question: Question, language: str
) -> Hit:
    shown = _shown(searcher, address)
    about = []
    if shown["kind"] == "passage":
        backed = searcher.search(term("passage", shown["id"]), _MOST_ABOUT, count=False).hits
        about = [_named(_shown(searcher, found)) for _, found in backed]
    marked = snippets(_texts(shown, language), question)
    return Hit(_named(shown), marked, about, shown["start"])


def _named(shown: dict[str, Any]) -> Named:
    labels: dict[str, str] = {}
    for name, language, text in shown["texts"]:
        if name == "label":
            labels.setdefault(language, text)
    return Named(shown["id"], shown["kind"], tuple(shown["types"]), labels)


def _texts(shown: dict[str, Any], rather: str) -> Iterator[Snippet]:
    def weight(found: list[str]) -> tuple[int, bool]:
        return _WEIGHT.index(found[0]), found[1] not in {rather, ""}

    for name, language, text in sorted(shown["texts"], key=weight):
        yield Snippet(name, language, text, ())
    for text, passage, source, claim in shown["quotes"]:
        yield Snippet("quote", "", text, (), passage, source, claim)


def _documents(searcher: tantivy.Searcher, hits: list[Hit]) -> dict[str, Named]:
    """What the snippets were quoted from: the document, or a source text that has a name."""
    found = {}
    for source in {snippet.source for hit in hits for snippet in hit.snippets if snippet.source}:
        shown = _one(searcher, source)
        if shown and shown["documents"]:
            shown = _one(searcher, shown["documents"][0])
        if shown and shown["texts"]:
            found[source] = _named(shown)
    return found


def _one(searcher: tantivy.Searcher, iri: str) -> dict[str, Any] | None:
    found = searcher.search(term("id", iri), 1, count=False).hits
    return _shown(searcher, found[0][1]) if found else None


def _name(shown: dict[str, Any], typed: list[Word], wanted_language: str) -> Name | None:
    """The best of a thing's names that go on as was typed."""
    wanted = [word.folded for word in typed]
    found = []
    for name, language, text in shown["texts"]:
        if name in FIELDS_OF_NAMES:
            said = words(text)
            for at in range(len(said) - len(wanted) + 1):
                some = [word.folded for word in said[at : at + len(wanted)]]
                if some[:-1] == wanted[:-1] and some[-1].startswith(wanted[-1]):
                    place = (said[at].start, said[at + len(wanted) - 1].end)
                    foreign = language not in {wanted_language, ""}
                    weight = foreign, at > 0, _WEIGHT.index(name), len(text)
                    found.append((weight, text, language, place))
                    break
    if not found:
        return None
    _, text, language, place = min(found)
    return Name(_named(shown), text, language, (place,))


def _fitness(name: Name, typed: str) -> tuple[bool, bool, int, str]:
    """Exact diacritics, then from the beginning, then short."""
    plain = unicodedata.normalize("NFC", name.text).casefold()
    wanted = " ".join(unicodedata.normalize("NFC", typed).casefold().split())
    return wanted not in plain, name.highlights[0][0] > 0, len(name.text), name.thing.id
