# SPDX-License-Identifier: Apache-2.0
"""Uncertain dates: EDTF in, the earliest and the latest day that they can mean out.

Source: Extended Date/Time Format (EDTF) Specification, Library of Congress, 2019.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from edtf import parse_edtf  # type: ignore[attr-defined, unused-ignore]
from edtf.parser.edtf_exceptions import EDTFParseException

from biennien_graph.errors import DataError


def bounds(text: str) -> tuple[date | None, date | None]:
    """The first and the last day that an EDTF expression can mean; None where it is open.

    `[2024-04-12..2024-04-15]` and `2024-04-12/2024-04-15` have the same bounds: one is one day
    of the four, the other all four. Raises `DataError` where the text is not EDTF.
    """
    try:
        parsed = parse_edtf(text)
        return _day(parsed, "lower_strict"), _day(parsed, "upper_strict")
    except (EDTFParseException, ValueError, AttributeError, TypeError) as problem:
        raise DataError(
            f"“{text}” is not an EDTF date.",
            hint="Write 2024-03-XX for an unknown day, 2024-03/2024-05 for a span, "
            "[2024-04-12..2024-04-15] for one day of several.",
        ) from problem


def _day(parsed: Any, bound: str) -> date | None:
    moment = getattr(parsed, bound)()
    if isinstance(moment, float):  # an open end is plus or minus infinity
        return None
    return date(moment.tm_year, moment.tm_mon, moment.tm_mday)
