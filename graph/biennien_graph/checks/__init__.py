# SPDX-License-Identifier: Apache-2.0
"""What SHACL does not see: misspelt terms, statements the wrong way round, likely duplicates,
labels without a language.

Each check costs by the size of the entries: of the published graph it asks by subject or by
object, never for all that there is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from biennien_graph.checks.asking import Published
from biennien_graph.checks.direction import wrong_directions
from biennien_graph.checks.duplicates import likely_duplicates
from biennien_graph.checks.languages import without_language
from biennien_graph.checks.vocabulary import unknown_terms
from biennien_graph.inference.rules import states_rules

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from biennien_graph.evidence import Entry
    from biennien_graph.validation import Result


def check(
    entries: Sequence[Entry], published: Published | None, known: Collection[Result] = ()
) -> list[Result]:
    """What is suspicious in the entries, beside what is `known` to be wrong.

    The ontology and the alignments define terms instead of using them, and are left out.
    """
    judged = [entry for entry in entries if not states_rules(entry.graph)]
    told = {(result.entry, result.focus, result.path, result.value) for result in known}
    found = [
        *unknown_terms(judged, published),
        *wrong_directions(judged, published),
        *likely_duplicates(judged, published),
        *without_language(judged),
    ]
    found.sort(key=lambda r: (r.entry, r.focus, r.path, r.value, r.shape))
    return [r for r in found if (r.entry, r.focus, r.path, r.value) not in told]


__all__ = ["Published", "check"]
