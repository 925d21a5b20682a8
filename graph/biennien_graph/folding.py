# SPDX-License-Identifier: Apache-2.0
"""Vietnamese text for search and for sorting."""

from __future__ import annotations

import unicodedata

# NFD leaves đ and Đ whole: they are letters of their own, not d with a mark.
_STROKE = str.maketrans({"đ": "d", "Đ": "D"})

# Vowel and consonant letters that Vietnamese sorts as letters of their own, after the plain one.
_LETTERS = {"ă": "a1", "â": "a2", "đ": "d1", "ê": "e1", "ô": "o1", "ơ": "o2", "ư": "u1"}

# Tone marks in dictionary order: level, huyền, hỏi, ngã, sắc, nặng.
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}


def fold(text: str) -> str:
    """Lower case without diacritics, white space collapsed: ``Điện Biên`` → ``dien bien``."""
    bare = unicodedata.normalize("NFD", text.translate(_STROKE))
    kept = (char for char in bare if not unicodedata.combining(char))
    return " ".join("".join(kept).casefold().split())


def sort_key(text: str) -> str:
    """A string whose code point order is the order of a Vietnamese dictionary.

    Letters decide first (a ă â b c d đ e ê …), tones only between equal letters.
    """
    letters: list[str] = []
    tones: list[str] = []
    for char in unicodedata.normalize("NFC", text).casefold():
        if not (char.isalnum() or char.isspace()):
            continue  # quotation marks and brackets do not count
        letter, tone = _split(char)
        letters.append(letter)
        tones.append(tone)
    return "".join(letters) + "\t" + "".join(tones)


def _split(char: str) -> tuple[str, str]:
    marks = unicodedata.normalize("NFD", char)
    tone = next((_TONES[mark] for mark in marks if mark in _TONES), "0")
    bare = "".join(mark for mark in marks if mark not in _TONES)
    letter = unicodedata.normalize("NFC", bare)
    if letter.isalpha() and letter.isascii():
        return letter + "0", tone
    return _LETTERS.get(letter, letter), tone
