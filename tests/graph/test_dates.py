# SPDX-License-Identifier: Apache-2.0
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biennien_graph.dates import bounds
from biennien_graph.errors import DataError


@pytest.mark.parametrize(
    ("edtf", "earliest", "latest"),
    [
        ("1954-05-07", date(1954, 5, 7), date(1954, 5, 7)),
        ("2024-03-XX", date(2024, 3, 1), date(2024, 3, 31)),
        ("2024-03/2024-05", date(2024, 3, 1), date(2024, 5, 31)),
        ("[2024-04-12..2024-04-15]", date(2024, 4, 12), date(2024, 4, 15)),
        ("1972-12", date(1972, 12, 1), date(1972, 12, 31)),
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-03/..", date(2024, 3, 1), None),
        ("../1954-07", None, date(1954, 7, 31)),
    ],
)
def test_an_edtf_date_has_an_earliest_and_a_latest_day(edtf, earliest, latest):
    assert bounds(edtf) == (earliest, latest)


@pytest.mark.parametrize("wrong", ["1846-7", "2024-13", "hôm qua", "", "2024/3/1"])
def test_what_is_not_edtf_is_refused_with_a_hint(wrong):
    with pytest.raises(DataError) as refused:
        bounds(wrong)
    assert wrong in refused.value.message
    assert "2024-03-XX" in refused.value.hint


@given(st.dates(min_value=date(1, 1, 1)), st.dates(min_value=date(1, 1, 1)))
def test_the_bounds_of_a_span_are_its_ends(one, other):
    first, last = sorted((one, other))
    assert bounds(f"{first.isoformat()}/{last.isoformat()}") == (first, last)


@given(st.integers(1, 9999), st.integers(1, 12))
def test_a_month_begins_on_its_first_day_and_stays_within_itself(year, month):
    earliest, latest = bounds(f"{year:04d}-{month:02d}-XX")
    assert earliest == date(year, month, 1)
    assert latest is not None
    assert (latest.year, latest.month) == (year, month)
    assert latest.day >= 28
