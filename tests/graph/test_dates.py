# SPDX-License-Identifier: Apache-2.0
from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biennien_graph.dates import bounds
from biennien_graph.errors import DataError

DAYS = st.dates(min_value=date(1, 1, 1))
examples = settings(deadline=None, max_examples=60)  # each takes some milliseconds to parse
MARKS = st.sampled_from("?~%")
TEXT = st.text("0123456789X-/.,[]{}?~%YES: T", max_size=24)


@st.composite
def single(draw):
    """A day, or less: a month, a year, with unspecified digits or a mark, a season."""
    iso = draw(DAYS).isoformat()
    return draw(
        st.sampled_from([iso, iso[:7], iso[:4], f"{iso[:7]}-XX", f"{iso[:3]}X", f"{iso[:4]}-XX"])
        | st.integers(21, 41).map(lambda season: f"{iso[:4]}-{season}")
    ) + draw(st.just("") | MARKS)


@st.composite
def expression(draw):
    """Any of these, or an interval or set of them, in order."""
    dates = sorted(draw(st.lists(single(), min_size=2, max_size=4)), key=lambda x: x[:4])
    return draw(
        st.sampled_from(
            [
                dates[0],
                f"{dates[0][:4]}/{dates[-1][:4]}",
                f"{dates[0]}/..",
                f"/{dates[0]}",
                f"[{','.join(dates)}]",
                f"{{{','.join(dates)}}}",
                f"[..{dates[0]},{dates[1]}]",
            ]
        )
    )


@pytest.mark.parametrize(
    ("edtf", "earliest", "latest"),
    [
        # level 0
        ("1954-05-07", "1954-05-07", "1954-05-07"),
        ("1972-12", "1972-12-01", "1972-12-31"),
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("1954-05-07T17:30:00", "1954-05-07", "1954-05-07"),
        ("1954-05-07T17:30:00+07:00", "1954-05-07", "1954-05-07"),
        ("2024-03/2024-05", "2024-03-01", "2024-05-31"),
        ("1954/1954-05-07", "1954-01-01", "1954-05-07"),
        # level 1
        ("2024-04/..", "2024-04-01", None),
        ("../2024", None, "2024-12-31"),
        ("2024-04/", "2024-04-01", None),
        ("/2024", None, "2024-12-31"),
        ("../..", None, None),
        ("1954?", "1954-01-01", "1954-12-31"),
        ("1954-05~", "1954-05-01", "1954-05-31"),
        ("1954-05-07%", "1954-05-07", "1954-05-07"),
        ("1953-12~/1954-05?", "1953-12-01", "1954-05-31"),
        ("195X", "1950-01-01", "1959-12-31"),
        ("19XX", "1900-01-01", "1999-12-31"),
        ("2024-XX", "2024-01-01", "2024-12-31"),
        ("2024-03-XX", "2024-03-01", "2024-03-31"),
        ("2024-XX-XX", "2024-01-01", "2024-12-31"),
        ("2024-03-XX?", "2024-03-01", "2024-03-31"),
        ("1975-21", "1975-03-01", "1975-05-31"),
        ("1972-24", "1972-12-01", "1973-02-28"),
        ("1975-21?", "1975-03-01", "1975-05-31"),
        # level 2
        ("[2024-04-12..2024-04-15]", "2024-04-12", "2024-04-15"),
        ("[1667,1668,1670..1672]", "1667-01-01", "1672-12-31"),
        ("{1960,1961-12}", "1960-01-01", "1961-12-31"),
        ("[1667, 1760-12]", "1667-01-01", "1760-12-31"),
        ("[..1954-05-07]", None, "1954-05-07"),
        ("{1953,1954-12..}", "1953-01-01", None),
        ("[2024-XX,2025]", "2024-01-01", "2025-12-31"),
        ("1954?-05-07", "1954-05-07", "1954-05-07"),
        ("1954-~05-07", "1954-05-07", "1954-05-07"),
        ("?1954-05-~07", "1954-05-07", "1954-05-07"),
        ("1954-05-~07/1954-06-~20", "1954-05-07", "1954-06-20"),
        ("156X-12-25", "1560-12-25", "1569-12-25"),
        ("156X-02-29", "1560-02-29", "1568-02-29"),
        ("1984-1X", "1984-10-01", "1984-12-31"),
        ("2004-1X-2X", "2004-10-20", "2004-12-29"),
        ("2024-XX-31", "2024-01-31", "2024-12-31"),
        ("2024-06-XX/..", "2024-06-01", None),
        ("2024-XX/2024-10", "2024-01-01", "2024-10-31"),
        ("2024-34", "2024-04-01", "2024-06-30"),
        ("2024-41", "2024-07-01", "2024-12-31"),
        ("1950S2", "1900-01-01", "1999-12-31"),
        ("1954S4", "1954-01-01", "1954-12-31"),
        # beyond the years that a day can have
        ("-0257", None, "0001-01-01"),
        ("0000", None, "0001-01-01"),
        ("-0257/0938", None, "0938-12-31"),
        ("XXXX-05-07", None, "9999-05-07"),
        ("Y17000", "9999-12-31", None),
        ("Y-17000", None, "0001-01-01"),
        ("Y171010000S3", "9999-12-31", None),
        ("Y17E7", "9999-12-31", None),
        ("Y1E999999999", "9999-12-31", None),
        ("2024/Y10000", "2024-01-01", None),
    ],
)
def test_an_edtf_date_has_an_earliest_and_a_latest_day(edtf, earliest, latest):
    assert [day and day.isoformat() for day in bounds(edtf)] == [earliest, latest]


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("1846-7", "1846-07 or 1846/1847"),
        ("2024-4", "2024-04"),
        ("7/5/1954", "1954-05-07"),
        ("07-05-1954", "1954-05-07"),
        ("5/1954", "1954-05"),
        ("1954-5-7", "1954-05-07"),
        ("2024/3/1", "2024-03-01"),
        ("2024-02-30", "2024-02-XX"),
        ("2023-02-29", "2023-02-XX"),
        ("1954-1950", "1950/1954"),
        ("1954-1975", "1954/1975"),
        ("1954/1950", "1950/1954"),
        ("2024-03-xx", "2024-03-XX"),
        ("199u", "199X"),
        ("1984?~", "1984%"),
        ("unknown/2006", "/2006"),
    ],
)
def test_what_is_nearly_edtf_is_refused_with_what_was_meant(wrong, meant):
    with pytest.raises(DataError) as refused:
        bounds(wrong)
    assert wrong in refused.value.message
    assert refused.value.hint.startswith(f"Did you mean {meant}? ")


@pytest.mark.parametrize(
    "wrong",
    [
        "", " ", "hôm qua", "2024-13", "２０２４", "2024 ", "2024\n", "..", "/", "../", "[]",
        "[..]",
        "[2024-05..2024-04]", "{2020,2023-02-29,2024}", "2024/2025/2026", "2024T10:00:00",
        "2024-04-12T25:00:00", "1954-05-07?~", "195X~~", "1950S2-05", "-0000", "Y2024", "2024-42",
        "2024-02-3X", "XXXX-02-30", "Y" + "9" * 50, "[" * 5000,
    ],
)  # fmt: skip
def test_what_is_not_edtf_is_refused_with_a_hint(wrong):
    with pytest.raises(DataError) as refused:
        bounds(wrong)
    assert wrong in refused.value.message
    assert "2024-03-XX" in refused.value.hint


@examples
@given(TEXT | st.text())
def test_whatever_is_not_understood_is_refused_in_words(text):
    with suppress(DataError):
        earliest, latest = bounds(text)
        assert earliest is None or latest is None or earliest <= latest


def test_a_refusal_prints_nothing(capfd):
    for wrong in ("1984-1", "2024-XX/2024-1Z", "[2024-XX,x]", "/..", "XX-XX"):
        with pytest.raises(DataError):
            bounds(wrong)
    assert capfd.readouterr() == ("", "")


@examples
@given(expression())
def test_the_earliest_day_is_not_after_the_latest(edtf):
    earliest, latest = bounds(edtf)
    assert earliest is not None or latest is not None
    assert earliest is None or latest is None or earliest <= latest


@examples
@given(DAYS)
def test_a_day_is_its_own_bounds(day):
    assert bounds(day.isoformat()) == (day, day)


@examples
@given(DAYS, DAYS)
def test_the_bounds_of_a_span_are_its_ends(one, other):
    first, last = sorted((one, other))
    assert bounds(f"{first.isoformat()}/{last.isoformat()}") == (first, last)


@examples
@given(single())
def test_an_open_and_an_unknown_end_have_no_day(edtf):
    earliest, latest = bounds(edtf)
    assert bounds(f"{edtf}/..") == bounds(f"{edtf}/") == (earliest, None)
    assert bounds(f"../{edtf}") == bounds(f"/{edtf}") == (None, latest)


@examples
@given(st.lists(single(), min_size=1, max_size=4), st.sampled_from(["[]", "{}"]))
def test_the_bounds_of_a_set_are_its_extremes(dates, brackets):
    each = [bounds(edtf) for edtf in dates]
    assert bounds(f"{brackets[0]}{','.join(dates)}{brackets[1]}") == (
        None if any(first is None for first, _ in each) else min(first for first, _ in each),
        None if any(last is None for _, last in each) else max(last for _, last in each),
    )


@examples
@given(DAYS, st.sampled_from([4, 7, 10]), MARKS)
def test_a_mark_neither_narrows_nor_widens(day, length, mark):
    plain = day.isoformat()[:length]
    assert bounds(f"{plain}{mark}") == bounds(plain)
    *before, last = plain.split("-")
    assert bounds("-".join([*before, f"{mark}{last}"])) == bounds(plain)


@examples
@given(DAYS, st.sets(st.sampled_from([0, 1, 2, 3, 5, 6, 8, 9]), min_size=1))
def test_unspecified_digits_leave_room_for_every_day_that_they_match(day, unspecified):
    digits = list(day.isoformat())
    for place in unspecified:
        digits[place] = "X"
    earliest, latest = bounds("".join(digits))
    assert earliest is None or earliest <= day
    assert latest is None or day <= latest
    assert latest is not None


@examples
@given(DAYS, st.integers(1, 4))
def test_significant_digits_leave_room_for_the_year(day, digits):
    earliest, latest = bounds(f"{day.year:04d}S{digits}")
    assert earliest is None or earliest.year <= day.year
    assert latest is not None
    assert latest.year >= day.year


@examples
@given(st.integers(1, 9999), st.integers(1, 12))
def test_a_month_begins_on_its_first_day_and_ends_on_its_last(year, month):
    earliest, latest = bounds(f"{year:04d}-{month:02d}-XX")
    assert earliest == date(year, month, 1)
    assert latest is not None
    assert (latest.year, latest.month) == (year, month)
    assert latest == date.max or (latest + timedelta(days=1)).day == 1
