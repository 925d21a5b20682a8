# SPDX-License-Identifier: Apache-2.0
"""The texts of a hit in which the words stand, as they are written, and where in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from biennien_graph.indexes.search.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from biennien_graph.indexes.search.asking import Part, Question
    from biennien_graph.indexes.search.words import Word

_LENGTH = 240  # code points of a text that are shown
_BEFORE = 80  # of them, before the first word that was found, at most
_MOST = 3  # snippets of a hit
_READ = 50_000  # code points of a thing that are looked through


class Snippet(NamedTuple):
    """Some words of a thing. `highlights` counts code points of `text`, end exclusive."""

    field: str
    language: str
    text: str
    highlights: tuple[tuple[int, int], ...]
    passage: str = ""
    source: str = ""
    claim: str = ""


def snippets(texts: Iterable[Snippet], question: Question) -> list[Snippet]:
    """Of a thing's texts, given whole and in order of weight, the best ones, cut and marked."""
    found: list[tuple[tuple[int, int, int], Snippet]] = []
    read = complete = 0
    for text in texts:
        read += len(text.text)
        said = words(text.text)
        places = [(part, _places(part, said)) for part in question.wanted]
        held = [(part, where) for part, where in places if where]
        if held:
            ranges = _merged(place for _, where in held for place in where)
            exact = sum(_is_exact(part, where, said) for part, where in held)
            marked = _cut(text._replace(highlights=_in_text(ranges, said)))
            found.append(((-len(held), -exact, len(found)), marked))
            complete += exact == len(places)
        if read > _READ or complete > _MOST:
            break
    best = dict.fromkeys(snippet for _, snippet in sorted(found, key=lambda pair: pair[0]))
    return _told_apart(best)[:_MOST]


def _told_apart(best: Iterable[Snippet]) -> list[Snippet]:
    """One snippet for a passage, with one of the claims that it backs; one for all labels."""
    seen: dict[tuple[str, str], Snippet] = {}
    for snippet in best:
        text = "" if snippet.field == "label" else snippet.text
        key = snippet.passage, text
        if key not in seen or (snippet.claim and not seen[key].claim):
            seen[key] = snippet
    return list(seen.values())


def _places(part: Part, said: Sequence[Word]) -> list[tuple[int, int]]:
    """Where a part stands among the words of a text: first word, and the one after the last."""
    folded = [word.folded for word in said]
    return [
        (at, at + len(spelling))
        for spelling in part.spellings
        for at in range(len(folded) - len(spelling) + 1)
        if _stands(spelling, folded[at : at + len(spelling)], goes_on=part.goes_on)
    ]


def _stands(spelling: tuple[str, ...], folded: list[str], *, goes_on: bool) -> bool:
    if goes_on:
        return tuple(folded[:-1]) == spelling[:-1] and folded[-1].startswith(spelling[-1])
    return tuple(folded) == spelling


def _is_exact(part: Part, where: list[tuple[int, int]], said: Sequence[Word]) -> bool:
    wanted = [word.exact for word in part.words]
    return any([word.exact for word in said[start:end]] == wanted for start, end in where)


def _merged(places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Without overlaps, in order."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _in_text(ranges: list[tuple[int, int]], said: Sequence[Word]) -> tuple[tuple[int, int], ...]:
    return tuple((said[start].start, said[end - 1].end) for start, end in ranges)


def _cut(snippet: Snippet) -> Snippet:
    """No more than is shown, around the first highlight, whole words; `…` where it was cut."""
    text, first = snippet.text, snippet.highlights[0]
    if len(text) <= _LENGTH:
        return snippet
    start = max(0, first[0] - _BEFORE)
    start = text.find(" ", start, first[0]) + 1 if start else 0
    end = min(len(text), max(start + _LENGTH, first[1]))
    if end < len(text) and (space := text.rfind(" ", first[1], end)) > 0:
        end = space
    left, right = "… " * (start > 0), " …" * (end < len(text))
    shift = len(left) - start
    kept = tuple((a + shift, b + shift) for a, b in snippet.highlights if a >= start and b <= end)
    return snippet._replace(text=left + text[start:end] + right, highlights=kept)
