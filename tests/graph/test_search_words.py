# SPDX-License-Identifier: Apache-2.0
"""Words as search compares them: spellings meet, and every word knows where it stands."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biennien_graph.indexes.search.words import words

VIETNAMESE = st.text(
    alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyAĐÊƠýỳỷạấủ ổ-/.,“”0123456789", max_size=40
)


def folded(text):
    return [word.folded for word in words(text)]


def exact(text):
    return [word.exact for word in words(text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Điện Biên", "dien bien"),
        ("ĐIỆN BIÊN", "điện  biên"),
        ("đường", "duong"),
        ("07/05/1954", "7-5-1954"),
        ("2.000", "2000"),
        ("1.234.567", "1234567"),
        ("116/KH-UBND", "116 kh ubnd"),
        ("hi sinh", "hy sinh"),
        ("kỹ thuật", "kĩ thuật"),
    ],
)
def test_ways_of_writing_the_same_meet(one, other):
    assert folded(one) == folded(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("xoá", "xóa"), ("Uỷ ban", "Ủy ban"), ("hi sinh", "hy sinh"), ("liệt sĩ", "liệt sỹ")],
)
def test_spellings_of_one_syllable_are_exactly_the_same_word(one, other):
    assert exact(one) == exact(other)


@pytest.mark.parametrize(
    ("one", "other"), [("tai", "tay"), ("thúi", "thúy"), ("an", "ân"), ("da", "đa"), ("ma", "má")]
)
def test_other_words_stay_other_words(one, other):
    assert exact(one) != exact(other)


@given(VIETNAMESE, st.sampled_from(["NFC", "NFD"]))
def test_a_word_stands_where_it_says(text, form):
    text = unicodedata.normalize(form, text)
    last = 0
    for word in words(text):
        assert last <= word.start < word.end <= len(text)
        assert words(text[word.start : word.end])[0][:2] == word[:2]
        last = word.end


@given(st.text())
def test_words_do_not_depend_on_the_normal_form(text):
    nfc, nfd = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert exact(nfc) == exact(nfd)
    assert folded(nfc) == folded(nfd)
