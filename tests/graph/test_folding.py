# SPDX-License-Identifier: Apache-2.0
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biennien_graph.folding import fold, sort_key


@pytest.mark.parametrize(
    "typed", ["Điện Biên", "điện biên", "ĐIỆN  BIÊN", "Dien Bien", "dien bien"]
)
def test_all_ways_of_typing_a_name_meet(typed):
    assert fold(typed) == "dien bien"


@pytest.mark.parametrize(("one", "other"), [("Xoá", "Xóa"), ("Uỷ ban", "Ủy ban"), ("hoà", "hòa")])
def test_both_ways_of_placing_a_tone_mark_meet(one, other):
    assert fold(one) == fold(other)


@given(st.text())
def test_folding_does_not_depend_on_the_normal_form(text):
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


def test_names_sort_as_in_a_vietnamese_dictionary():
    in_order = [
        "An",
        "Án",
        "Ạn",
        "Ăn",
        "Ân",
        "Ba",
        "Dũng",
        "Đà",
        "Đức",
        "Em",
        "Ê",
        "Ơn",
        "Tú",
        "Tư",
    ]
    shuffled = sorted(in_order)
    assert sorted(shuffled, key=sort_key) == in_order


def test_letters_decide_before_tones():
    assert sort_key("má") < sort_key("man")
    assert sort_key("Ma") < sort_key("má")


def test_a_word_sorts_before_the_words_that_go_on_from_it():
    assert sort_key("Lê") < sort_key("Lê Hoàng") < sort_key("Lên")
