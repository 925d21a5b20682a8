# SPDX-License-Identifier: Apache-2.0
"""What somebody typed, as parts to look for, and these as queries of the index.

Words are wanted all, wherever they stand. What is written together (`116/KH-UBND`) or in quotation
marks stands together; `-word` is not wanted; `word*` may go on; a date is found in the ways that
dates are written. Nothing is an error: what makes no sense as any of these is taken as words.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from tantivy import Occur, Query

from biennien_graph.indexes.search.schema import BEGIN, END, EXACT, FIELDS, schema
from biennien_graph.indexes.search.words import Word, words

_LONGEST = 500  # code points that are read
_MOST_PARTS, _MOST_WORDS = 16, 24  # of a question, and of a part
_CHUNK = re.compile(r'(?P<minus>(?<!\S)-)?(?:["“„«](?P<quoted>[^"“”„«»]*)["”»]?|(?P<plain>\S+))')
_IN_WORDS = re.compile(
    r"(?:\bng[aà]y\s+)?\b(\d{1,2})\s+th[aá]ng\s+(\d{1,2})\s+n[aă]m\s+(\d{4})\b", re.IGNORECASE
)
_DATE = re.compile(r"(?:0?([1-9]|[12]\d|3[01]))[/.-](?:0?([1-9]|1[0-2]))[/.-](\d{4})")
_ISO_DATE = re.compile(r"(\d{4})-(?:0?([1-9]|1[0-2]))-(?:0?([1-9]|[12]\d|3[01]))")
_STEP = 4.0  # from one rank to the next; brevity multiplies a score by less than 2
_BEST = 4  # ranks that are asked for first; where they fill a page, the others need not be
_SCHEMA = schema()
_FIELDS = FIELDS[::-1]  # from the least weight to the most


@dataclass(frozen=True, slots=True)
class Part:
    """Words that stand together; `others` are other ways to write the same, folded."""

    words: tuple[Word, ...]
    unwanted: bool = False
    goes_on: bool = False
    others: tuple[tuple[str, ...], ...] = ()

    @property
    def spellings(self) -> tuple[tuple[str, ...], ...]:
        """Every way to write it, folded."""
        return (tuple(word.folded for word in self.words), *self.others)


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for."""

    parts: tuple[Part, ...]

    @classmethod
    def read(cls, typed: str) -> Question:
        """From what somebody typed."""
        text = unicodedata.normalize("NFC", typed[:_LONGEST])
        text = _IN_WORDS.sub(r"\1/\2/\3", text)
        found = [part for chunk in _CHUNK.finditer(text) if (part := _part(chunk)).words]
        found = found[:_MOST_PARTS]
        if all(part.unwanted for part in found):
            found = [replace(part, unwanted=False) for part in found]
        return cls(tuple(found))

    @property
    def wanted(self) -> tuple[Part, ...]:
        """The parts that have to be there."""
        return tuple(part for part in self.parts if not part.unwanted)

    def matching(self, *fields: str) -> Query:
        """What has every part in one of the fields, and nothing unwanted anywhere."""
        clauses = [(Occur.Must, _any([_has(part, field) for field in fields]))
                   for part in self.wanted]  # fmt: skip
        unwanted = [(Occur.MustNot, _has(p, "all")) for p in self.parts if p.unwanted]
        return Query.boolean_query([*clauses, *unwanted]) if clauses else Query.empty_query()

    def ranked(self, *, best: bool = False) -> Query:
        """`matching("all")`, better scores first; `best`: only what scores the most.

        First what has the words side by side, then what has them as they were typed, diacritics
        and all, then label before other name before note before quote. Where nobody typed
        diacritics, none are missed, and the place comes before them.
        """
        if not self.wanted:
            return Query.empty_query()
        ranks = list(enumerate(self._ranks(), 1))[-_BEST if best else 0 :]
        scored = [Query.const_score_query(query, _STEP**n) for n, query in ranks]
        matching = Query.const_score_query(self.matching("all"), 1.0)
        better = Occur.Must if best else Occur.Should
        return Query.boolean_query(
            [(Occur.Must, matching), (better, Query.disjunction_max_query(scored))]
        )

    def _ranks(self) -> list[Query]:
        """What makes a hit better, from the least to the most."""
        apart = [[self._apart(field, end) for field in _FIELDS] for end in ("", EXACT)]
        if any(part.goes_on for part in self.wanted):
            return apart[0]
        together = [
            [*(self._together(field + end) for field in _FIELDS), self._whole("label" + end)]
            for end in ("", EXACT)
        ]
        levels = [together] if len(self.wanted) == 1 else [apart, together]
        return [query for folded, exact in levels for query in self._mixed(folded, exact)]

    def _mixed(self, folded: list[Query], exact: list[Query]) -> list[Query]:
        if any(word.exact != word.folded for part in self.wanted for word in part.words):
            return [*folded, *exact]
        return [query for pair in zip(folded, exact, strict=True) for query in pair]

    def _apart(self, field: str, end: str) -> Query:
        return _all([_has(part, field, exact=bool(end)) for part in self.wanted])

    def _together(self, field: str) -> Query:
        """The words side by side, in this order."""
        if len(self.wanted) == 1:
            return self._apart(field.removesuffix(EXACT), EXACT * field.endswith(EXACT))
        return _phrase(field, self._spelt(field))

    def _whole(self, field: str) -> Query:
        """A text that consists of the words, in this order, and nothing else."""
        return _phrase(field, [BEGIN, *self._spelt(field), END])

    def _spelt(self, field: str) -> list[str]:
        found = [word for part in self.wanted for word in part.words]
        return [word.exact if field.endswith(EXACT) else word.folded for word in found]


def with_kinds(query: Query, kinds: tuple[str, ...], sources: tuple[str, ...] | None) -> Query:
    """The same, of some kinds and with quotes from some source texts only; none: of any."""
    clauses = [(Occur.Must, query)]
    for field, values in (("kind", kinds or None), ("source", sources)):
        if values is not None:
            some = Query.term_set_query(_SCHEMA, field, list(values))
            clauses.append((Occur.Must, Query.const_score_query(some, 0.0)))
    return Query.boolean_query(clauses) if len(clauses) > 1 else query


def nearly(part: Part, missing: set[str]) -> Query:
    """The words of a part anywhere; those that are missing with one letter more, less or other."""
    return _all(
        [
            Query.fuzzy_term_query(_SCHEMA, "all", word.folded, distance=1)
            if word.folded in missing
            else Query.term_query(_SCHEMA, "all", word.folded)
            for word in part.words
        ]
    )


def beginning(found: list[Word]) -> Query:
    """The words together in a name, the last of which may go on."""
    part = Part(tuple(found), goes_on=True)
    return _any([_has(part, field) for field in ("label", "alt")])


def term(field: str, value: str) -> Query:
    """One value of a field that is not divided into words."""
    return Query.term_query(_SCHEMA, field, value)


def all_of(queries: list[Query]) -> Query:
    """What all of them find."""
    return _all(queries)


def _part(chunk: re.Match[str]) -> Part:
    quoted, plain = chunk["quoted"], chunk["plain"]
    text = quoted if quoted is not None else plain
    return Part(
        tuple(words(text)[:_MOST_WORDS]),
        unwanted=chunk["minus"] is not None,
        goes_on=quoted is None and text.endswith("*"),
        others=_dates(text),
    )


def _dates(text: str) -> tuple[tuple[str, ...], ...]:
    text = text.strip(".,;:()")
    if found := _DATE.fullmatch(text):
        day, month, year = found.groups()
    elif found := _ISO_DATE.fullmatch(text):
        year, month, day = found.groups()
    else:
        return ()
    return (day, month, year), (day, "thang", month, "nam", year), (year, month, day)


def _has(part: Part, field: str, *, exact: bool = False) -> Query:
    if part.goes_on:
        return _prefix(field, [word.folded for word in part.words])
    spelt = [word.exact if exact else word.folded for word in part.words]
    ways = dict.fromkeys((tuple(spelt), *part.others))
    return _any([_phrase(field + EXACT * exact, list(way)) for way in ways])


def _phrase(field: str, spelt: list[str]) -> Query:
    if len(spelt) == 1:
        return Query.term_query(_SCHEMA, field, spelt[0])
    return Query.phrase_query(_SCHEMA, field, list(spelt))


def _prefix(field: str, folded: list[str]) -> Query:
    patterns = [*folded[:-1], f"{folded[-1]}.*"]  # of letters and digits, so nothing to escape
    if len(patterns) == 1:
        return Query.regex_query(_SCHEMA, field, patterns[0])
    return Query.regex_phrase_query(_SCHEMA, field, list(patterns))


def _all(queries: list[Query]) -> Query:
    if len(queries) == 1:
        return queries[0]
    return Query.boolean_query([(Occur.Must, query) for query in queries])


def _any(queries: list[Query]) -> Query:
    if len(queries) == 1:
        return queries[0]
    return Query.boolean_query([(Occur.Should, query) for query in queries])
