# SPDX-License-Identifier: Apache-2.0
"""Labels of everything that a page mentions, in the reader's language."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from biennien_api.sparql.results_page import shortened

if TYPE_CHECKING:
    from collections.abc import Iterable

Term = dict[str, str]  # a term as SPARQL JSON has it: type, value, xml:lang, datatype


class Words:
    """Labels of everything that a page mentions, in the reader's language."""

    def __init__(self, rows: Iterable[dict[str, Term]], lang: str) -> None:
        self._lang = lang
        self._labels: dict[str, dict[str, str]] = defaultdict(dict)
        self._inverse: dict[str, dict[str, str]] = defaultdict(dict)
        for row in rows:
            for name, found in (("label", self._labels), ("inverse", self._inverse)):
                if name in row:
                    language = row[name].get("xml:lang", "")
                    found[row["iri"]["value"]].setdefault(language, row[name]["value"])

    def label(self, iri: str) -> str:
        """The label; without one, the IRI with a well-known prefix or as it is."""
        return self.known(iri) or shortened(iri)

    def known(self, iri: str) -> str:
        """The label, or nothing."""
        return _pick(self._labels.get(iri, {}), self._lang)

    def inverse(self, iri: str) -> str:
        """How a property reads from its other end: “author of” for “author”."""
        return _pick(self._inverse.get(iri, {}), self._lang) or f"← {self.label(iri)}"

    def all(self, iri: str) -> list[tuple[str, str]]:
        """Language and label, each."""
        return sorted(self._labels.get(iri, {}).items(), key=lambda found: found[0] != self._lang)


def _pick(labels: dict[str, str], lang: str) -> str:
    return (
        labels.get(lang) or labels.get("vi") or labels.get("en") or next(iter(labels.values()), "")
    )
