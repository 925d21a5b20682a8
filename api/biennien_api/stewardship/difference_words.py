# SPDX-License-Identifier: Apache-2.0
"""A difference as a page tells it: labels instead of IRIs, statements under their thing."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from biennien_api.sparql.results_page import shortened
from biennien_graph.difference import THREE


class DifferenceInWords:
    """Rows of a difference, as a page shows them."""

    def __init__(self, labels: dict[str, dict[str, str]], lang: str) -> None:
        self._labels, self._lang = labels, lang

    def label(self, iri: str) -> str:
        """The label in the reader's language; else the IRI, shortened."""
        found = self._labels.get(iri, {})
        known = found.get(self._lang) or found.get("vi") or found.get("en")
        return known or next(iter(found.values()), "") or shortened(iri)

    def things(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Rows under the thing that they are about."""
        return [
            {"iri": subject, "label": self.label(subject), "rows": [self._row(r) for r in found]}
            for subject, found in groupby(rows, key=_about)
        ]

    def conflict(self, found: dict[str, Any]) -> dict[str, Any]:
        """A conflict: the place in words, and the values in each of the three."""
        return {
            "iri": found["subject"] or found["graph"],
            "thing": self.label(found["subject"] or found["graph"]),
            "property": self.label(found["predicate"]) if found["predicate"] else "",
            **{
                name: [
                    (self.label(row["subject"]) + " · " if not found["subject"] else "")
                    + self._text(row["object"])
                    + (f" ({lang})" if (lang := row["object"].get("xml:lang")) else "")
                    for row in found[name]
                ]
                for name in THREE
            },
        }

    def _row(self, row: dict[str, Any]) -> dict[str, Any]:
        value, claimed = row["object"], row.get("claimed")
        about = ""
        if claimed:
            about = f"{self.label(claimed['predicate'])}: {self._named(claimed['object'])}"
        return {
            "sign": row["sign"],
            "property": self.label(row["predicate"]),
            "iri": row["predicate"],
            "value": self._text(value),
            "link": value["value"] if value["type"] == "uri" else "",
            "language": value.get("xml:lang", ""),
            "claimed": about,
            "evidence": row["evidence"],
        }

    def _text(self, term: dict[str, str]) -> str:
        return self.label(term["value"]) if term["type"] == "uri" else term["value"]

    def _named(self, text: str) -> str:
        return self.label(text) if text.startswith(("http:", "https:", "urn:")) else text


def _about(row: dict[str, Any]) -> str:
    subject: str = row.get("claimed", row)["subject"]
    return subject
