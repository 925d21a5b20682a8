# SPDX-License-Identifier: Apache-2.0
"""Words as search compares them, and where each stands in the text that it was read from.

A word is compared in two ways: *folded* (no case, no diacritics) and *exact* (no case, diacritics
kept). Both spellings of a Vietnamese syllable are one word in both: xoá and xóa, hy and hi.
"""

from __future__ import annotations

import functools
import re
import sys
import unicodedata
from typing import NamedTuple

from biennien_graph.folding import fold

_GROUPED = r"(?<![\w.,])\d{1,3}(?:[.,]\d{3})+(?!\w)"  # 2.000 is one word, as 2000 is
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
# i and y are the same sound where nothing but consonants stands before them: hi sinh, hy sinh.
_Y_FOR_I = re.compile(r"(?:[bcdghklmnprstvx]|ch|gh|kh|ngh?|nh|ph|qu|th|tr)y")
_LONGEST = 80  # code points; what is longer is no word, and is cut


class Word(NamedTuple):
    """One word of a text; `start` and `end` count its code points from 0, end exclusive."""

    folded: str
    exact: str
    start: int
    end: int


def words(text: str) -> list[Word]:
    """The words of a text, in order, whatever its normal form."""
    return [Word(*spelt(found[0]), *found.span()) for found in _word().finditer(text)]


@functools.cache
def _word() -> re.Pattern[str]:
    """Letters and digits, with the marks that combine with them."""
    signs = (chr(code) for code in range(sys.maxunicode))
    marks = "".join(sign for sign in signs if unicodedata.combining(sign))
    return re.compile(rf"{_GROUPED}|[^\W_](?:[^\W_]|[{marks}])*")


@functools.lru_cache(maxsize=2**16)
def spelt(word: str) -> tuple[str, str]:
    """A word folded, and with its diacritics; equal for all ways of writing the same word."""
    plain = fold(word)[:_LONGEST].replace(" ", "")
    if word[0].isdigit() and (digits := re.sub("[.,]", "", plain)).isdecimal():
        number = digits.lstrip("0") or "0"
        return number, number
    marks = unicodedata.normalize("NFD", word[:_LONGEST]).casefold()
    letters = unicodedata.normalize("NFC", "".join(c for c in marks if c not in _TONES))
    if _Y_FOR_I.fullmatch(plain):
        plain, letters = plain[:-1] + "i", letters[:-1] + "i"
    return plain, letters + "".join(c for c in marks if c in _TONES)
