# SPDX-License-Identifier: Apache-2.0
"""Names and texts for people that do not say which language they are in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from biennien_graph.engine.rdf import Literal
from biennien_graph.neighbourhood import words
from biennien_graph.terms import BN, DCTERMS, NAMESPACE, RDFS, RICO, SKOS, XSD
from biennien_graph.validation import Result

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from biennien_graph.evidence import Entry

LANGUAGE = f"{NAMESPACE}shapes/label#says-its-language"
_FOR_PEOPLE = frozenset(
    {
        RDFS.label, SKOS.prefLabel, SKOS.altLabel, SKOS.definition, SKOS.scopeNote,
        DCTERMS.title, DCTERMS.description, RICO.title, BN.reasoning,
    }
)  # fmt: skip


def without_language(entries: Sequence[Entry]) -> Iterator[Result]:
    """A warning for each name or text without a language."""
    for entry in entries:
        for triple in entry.triples:
            value = triple.object
            if (
                triple.predicate.value in _FOR_PEOPLE
                and isinstance(value, Literal)
                and value.datatype.value == XSD.string
                and not words(triple.subject).startswith(f"{NAMESPACE}claim/")
            ):
                yield _result(entry, words(triple.subject), triple.predicate.value, value.value)


def _result(entry: Entry, focus: str, path: str, text: str) -> Result:
    shown = text if len(text) <= 40 else text[:40] + "…"
    return Result(
        entry=entry.graph,
        severity="Warning",
        focus=focus,
        path=path,
        value=text,
        shape=LANGUAGE,
        messages={
            "vi": f'Cho biết “{shown}” viết bằng tiếng gì: "…"@vi hoặc "…"@en.',
            "en": f'Say which language “{shown}” is in: "…"@vi or "…"@en.',
        },
    )
