# SPDX-License-Identifier: Apache-2.0
"""Results by value: numbers, truth values and dates written in one way.

The suites compare terms, but expect in places what no store that keeps terms can give: of the
same data, `csv03` wants `1.0E6` and `tsv03` wants `1.0e6`. And they mark a test that needs
numbers as written (`mf:NoCanonicalizationOfNumerics`), so that others may do without. A test that
passes by value only is named in `exceptions_engine`.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

import pyoxigraph as ox

from .results import Solutions

if TYPE_CHECKING:
    from collections.abc import Callable

    from .matching import Row
    from .rdf import Term
    from .results import Result

_XSD = "http://www.w3.org/2001/XMLSchema#"
_WRITTEN: dict[str, Callable[[str], str]] = {
    "integer": lambda text: str(int(text)),
    "decimal": lambda text: _decimal(text),
    "double": lambda text: repr(float(text)),
    "float": lambda text: repr(float(text)),
    "boolean": lambda text: {"1": "true", "0": "false"}.get(text, text),
    "date": lambda text: text.replace("+00:00", "Z"),
    "dateTime": lambda text: text.replace("+00:00", "Z"),
}


def by_value(result: Result, *, plain: bool) -> Result:
    """A result with its values in one form; `plain` where it is CSV, which has texts only."""
    if isinstance(result, bool):
        return result
    if isinstance(result, Solutions):
        return replace(result, rows=_rows(result.rows, plain=plain))
    return _rows(result, plain=plain)


def _rows(rows: list[Row], *, plain: bool) -> list[Row]:
    return [tuple((name, _term(term, plain=plain)) for name, term in row) for row in rows]


def _term(term: Term, *, plain: bool) -> Term:
    if isinstance(term, ox.Triple):
        return ox.Triple(term.subject, term.predicate, _term(term.object, plain=plain))
    if not isinstance(term, ox.Literal) or term.language:
        return term
    written = _WRITTEN.get(term.datatype.value.removeprefix(_XSD), str)
    if plain:
        written = _decimal
    with suppress(ValueError, InvalidOperation):
        return ox.Literal(written(term.value), datatype=term.datatype)
    return term


def _decimal(text: str) -> str:
    return f"{Decimal(text).normalize():f}"
