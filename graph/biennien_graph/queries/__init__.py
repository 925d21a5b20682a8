# SPDX-License-Identifier: Apache-2.0
"""SPARQL: the service's own queries (`*.rq`) and what can be said of a text before it runs.

A query file runs as it is, with an example in its `VALUES` rows; `bind` puts other terms there.
"""

from __future__ import annotations

import functools
import re
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@functools.cache
def load(name: str) -> str:
    """The text of `{name}.rq` in this package."""
    return resources.files(__name__).joinpath(f"{name}.rq").read_text(encoding="utf-8")


def bind(text: str, values: Mapping[str, Sequence[object]]) -> str:
    """The query with the rows of `VALUES ?name { … }` replaced by terms.

    Each term's `str()` is its N-Triples form, as RDF terms give it, so that nothing that a
    user typed is ever read as SPARQL. `KeyError` where the query has no such row.
    """
    for name, terms in values.items():
        rows = " ".join(str(term) for term in terms)
        pattern = re.compile(rf"VALUES \?{name} \{{[^}}]*\}}")
        if not pattern.search(text):
            raise KeyError(name)
        text = f"VALUES ?{name} {{ {rows} }}".join(pattern.split(text))
    return text


def values_of(text: str) -> set[str]:
    """The variables that a query has rows of `VALUES` for, one variable each."""
    return set(re.findall(r"VALUES \?(\w+) \{", text))


def page(text: str, offset: int, limit: int) -> str:
    """The query with its one `OFFSET` and `LIMIT` set."""
    text = re.sub(r"\bOFFSET \d+", f"OFFSET {offset:d}", text, count=1)
    return re.sub(r"\bLIMIT \d+", f"LIMIT {limit:d}", text, count=1)
