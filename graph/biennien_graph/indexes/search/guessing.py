# SPDX-License-Identifier: Apache-2.0
"""“Did you mean”: where nothing is found, the same with one letter more, less or other."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from biennien_graph.indexes.search.asking import all_of, nearly
from biennien_graph.indexes.search.words import words

if TYPE_CHECKING:
    import tantivy

    from biennien_graph.indexes.search.asking import Question

_SHORTEST = 3  # letters of a word that may be mistyped
_LOOKED_AT = 50  # hits
_MOST = 3


def guesses(searcher: tantivy.Searcher, question: Question) -> list[str]:
    """Other words that do find something, as they are written where they were found."""
    typed = [word.folded for part in question.wanted for word in part.words]
    missing = {
        word
        for word in typed
        if len(word) >= _SHORTEST and word.isalpha() and not searcher.doc_freq("all", word)
    }
    if not missing:
        return []
    query = all_of([nearly(part, missing) for part in question.wanted])
    hits = searcher.search(query, _LOOKED_AT, count=False, weight_by_field="brevity").hits
    found: Counter[str] = Counter()
    for _, address in hits:
        shown = json.loads(searcher.doc(address)["shown"][0])
        texts = [text[-1] for text in shown["texts"]] + [quote[0] for quote in shown["quotes"]]
        found.update({_written(text, typed, missing) for text in texts} - {""})
    return [guess for guess, _ in found.most_common(_MOST)]


def _written(text: str, typed: list[str], missing: set[str]) -> str:
    """The words of a text that are meant, as they stand there, in the order of those typed."""
    said, meant = words(text), []
    for wanted in typed:
        if wanted in missing:
            near = (word for word in said if _is_near(word.folded, wanted))
        else:
            near = (word for word in said if word.folded == wanted)
        word = next(near, None)
        if word is None:
            return ""
        meant.append(text[word.start : word.end].lower())
    return " ".join(meant)


def _is_near(one: str, other: str) -> bool:
    """One letter more, less or other, or two that changed places."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1:
        return False
    same = next(
        (n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short)
    )
    if len(short) < len(long):
        return short[same:] == long[same + 1 :]
    swapped = short[same : same + 2][::-1] == long[same : same + 2]
    return short[same + 1 :] == long[same + 1 :] or (
        swapped and short[same + 2 :] == long[same + 2 :]
    )
