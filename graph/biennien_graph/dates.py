# SPDX-License-Identifier: Apache-2.0
"""Uncertain dates: EDTF in, the earliest and the latest day that they can mean out.

Source: Extended Date/Time Format (EDTF) Specification, Library of Congress, 2019; levels 0 to 2.

The `edtf` package parses single dates. Their days are found here, for it

- knows no month `1X` and no day `2X`, and gives every year of `156X` a 29 February;
- leaves significant digits (`1950S2`) out of its strict bounds, while its fuzzy ones widen `?`,
  `~` and `%` by years of its own choosing;
- lets winter end with the year.

Intervals and sets are taken apart here, too: it makes an unknown end (`2024-04/`) ten years long,
and refuses unspecified digits beside an open end or in a set (`2024-XX/..`).
"""

from __future__ import annotations

import functools
import re
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

from edtf import parse_edtf  # type: ignore[attr-defined, unused-ignore]
from edtf.appsettings import SEASON_L2_MONTHS_RANGE
from edtf.parser.edtf_exceptions import EDTFParseException

from biennien_graph.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Bounds: TypeAlias = "tuple[date | None, date | None]"

_REFUSED = (EDTFParseException, ValueError, AttributeError, TypeError)
_BEFORE, _AFTER = 0, 10_000  # stand for all the years that lie outside 1 to 9999
_SINGLE = re.compile(r"(?=.{4,40}$)([-+0-9ESTXYZ:?~%]*[0-9EXZ])[?~%]?")
_MONTH_WITH_X = re.compile(r"-?[0-9X]{4}-(X[0-9X]|[0-9]X)")
_WINTER = [12, 12]  # by the package, which also has the southern summer so
_HINT = (
    "Write 2024-03-XX for an unknown day, 2024-03/2024-05 for a span, "
    "[2024-04-12..2024-04-15] for one day of several."
)


def bounds(text: str) -> Bounds:
    """The first and the last day that an EDTF expression can mean; None where it is open.

    `[2024-04-12..2024-04-15]` and `2024-04-12/2024-04-15` have the same bounds: one is one day
    of the four, the other all four. `?`, `~` and `%` leave the bounds as they are: nothing says
    how far off such a date may be. An unknown end is as open as an open one. Winter reaches to
    the end of February.

    Days are those of the years 1 to 9999. What may lie before them has no first day, and what
    lies before them altogether has the first of them as its last; likewise after them.

    Raises `DataError` where the text is not EDTF, or ends before it begins.
    """
    try:
        first, last = _bounds(text)
    except _REFUSED as problem:
        raise DataError(f"“{text}” is not an EDTF date.", hint=_hint(text)) from problem
    if _is_reversed(first, last):
        raise DataError(f"“{text}” ends before it begins.", hint=_hint(text))
    return first, last


def _is_reversed(first: date | None, last: date | None) -> bool:
    return first is not None and last is not None and last < first


def _bounds(text: str) -> Bounds:
    if text[:1] + text[-1:] in ("[]", "{}"):
        return _extremes([_member(part.strip(" ")) for part in text[1:-1].split(",")])
    if "/" not in text:
        return _single(text)
    start, end = text.split("/")
    if "" in (start, end) and {start, end} <= {"", ".."}:
        raise ValueError(text)
    return _end(start)[0], _end(end)[1]


def _member(text: str) -> Bounds:
    """A date of a set, or a range, which may be open at one end."""
    start, dots, end = text.partition("..")
    if not dots:
        return _single(text)
    first, last = _end(start)[0], _end(end)[1]
    if _is_reversed(first, last) or first is last is None:
        raise ValueError(text)
    return first, last


def _end(text: str) -> Bounds:
    return (None, None) if text in ("", "..") else _single(text)


def _extremes(members: Sequence[Bounds]) -> Bounds:
    firsts = [first for first, _ in members if first is not None]
    lasts = [last for _, last in members if last is not None]
    return (
        min(firsts) if len(firsts) == len(members) else None,
        max(lasts) if len(lasts) == len(members) else None,
    )


@functools.lru_cache(maxsize=4096)  # the package takes milliseconds, and dates are said again
def _single(text: str) -> Bounds:
    """A date, a season, or a year of any length."""
    parsed = _parsed(text)
    if getattr(parsed, "season", None):
        return _season(int(parsed.year), int(parsed.season))
    month = getattr(parsed, "month", None) or "XX"
    day = getattr(parsed, "day", None) or "XX"
    return _outermost(_years(parsed), _matching(month, range(1, 13)), _matching(day, range(1, 32)))


def _parsed(text: str) -> Any:
    found = _SINGLE.fullmatch(text)
    if found is None:
        raise ValueError(text)
    plain = found[1]  # without the mark that is for the whole date
    # The package fails on an unspecified month without a day, and so within others.
    parsed = parse_edtf(f"{plain}-XX" if _MONTH_WITH_X.fullmatch(plain) else plain)
    if hasattr(parsed, "time"):
        parsed = parsed.date
        if not parsed.day:  # the package takes the time of a whole year
            raise ValueError(text)
    if getattr(parsed, "month", None) and getattr(parsed, "significant_digits", None):
        raise ValueError(text)  # the package takes 1950S2-05
    return parsed


def _season(year: int, season: int) -> Bounds:
    months = SEASON_L2_MONTHS_RANGE[season]
    ends_in_february = months == _WINTER
    first, _ = _outermost([_within(year)], months[:1], [1])
    _, last = _outermost(
        [_within(year + ends_in_february)], [2] if ends_in_february else months[1:], range(28, 32)
    )
    return first, last


def _years(parsed: Any) -> Sequence[int]:
    """The years that a parsed date can be in, in order, those outside 1 to 9999 as one."""
    if "X" in parsed.year:
        years = _matching(parsed.year.lstrip("-"), range(10_000))
        signed = [-year for year in reversed(years)] if parsed.year.startswith("-") else years
        return [_within(year) for year in signed]
    if hasattr(parsed, "exponent"):  # from 5 on, the year is out of reach whatever its base
        year = int(parsed.base) * 10 ** min(int(parsed.exponent), 5)
    else:
        year = int(parsed.year)
    significant = getattr(parsed, "significant_digits", None) or len(str(abs(year)))
    step = 10 ** max(0, len(str(abs(year))) - significant)
    ends = [abs(year) // step * step, abs(year) // step * step + step - 1]
    first, last = sorted(end if year >= 0 else -end for end in ends)
    return range(_within(first), _within(last) + 1)


def _within(year: int) -> int:
    return max(_BEFORE, min(year, _AFTER))


def _matching(pattern: str, numbers: range) -> list[int]:
    """The numbers that a pattern such as `1X` stands for."""
    expression = re.compile(pattern.replace("X", "."))
    return [n for n in numbers if expression.fullmatch(f"{n:0{len(pattern)}d}")]


def _outermost(years: Sequence[int], months: Sequence[int], days: Sequence[int]) -> Bounds:
    """The first and the last of all days that there are in these years and months."""
    first = last = None
    if years[0] != _BEFORE:
        first = date.max if years[0] == _AFTER else _one_day(years, months, days)
    if years[-1] != _AFTER:
        backwards = reversed(years), months[::-1], days[::-1]
        last = date.min if years[-1] == _BEFORE else _one_day(*backwards)
    return first, last


def _one_day(years: Iterable[int], months: Sequence[int], days: Sequence[int]) -> date:
    for year in years:
        for month in months:
            for day in days:
                with suppress(ValueError):  # there is no such day in this month
                    return date(year, month, day)
    raise ValueError("There is no such day.")


def _hint(text: str) -> str:
    """What to write instead, as far as it can be guessed."""
    meant = " or ".join(dict.fromkeys(guess for guess in _guesses(text) if _is_date(guess)))
    return f"Did you mean {meant}? {_HINT}" if meant else _HINT


def _is_date(text: str) -> bool:
    with suppress(*_REFUSED):
        return not _is_reversed(*_bounds(text))
    return False


def _guesses(text: str) -> Iterator[str]:
    numbers = re.split(r"[-/.–]", text)
    match [len(number) if number.isdecimal() else 0 for number in numbers]:
        case [4, 1 | 2, 1 | 2]:
            year, month, day = numbers
            there_is = _is_date(day := f"{year}-{month:0>2}-{day:0>2}")
            yield day if there_is else f"{year}-{month:0>2}-XX"
        case [1 | 2, 1 | 2, 4]:  # as in Việt Nam: the day first
            day, month, year = numbers
            yield f"{year}-{month:0>2}-{day:0>2}"
        case [1 | 2, 4]:
            yield f"{numbers[1]}-{numbers[0]:0>2}"
        case [4, 1 | 2 as length]:
            year, rest = numbers
            yield f"{year}-{rest:0>2}"
            if rest > year[-length:]:
                yield f"{year}/{year[:-length]}{rest}"
        case [4, 4]:
            yield "/".join(sorted(numbers))
    yield "/".join(reversed(text.split("/")))
    # As the drafts of EDTF had it.
    old = text.replace("unknown", "").replace("open", "..").replace("u", "X").upper()
    yield re.sub(r"\?~|~\?", "%", old)
