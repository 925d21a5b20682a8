# SPDX-License-Identifier: Apache-2.0
"""What follows from the rows of the catalogue, in SQL: nodes of things, and values of facets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from biennien_graph.indexes.catalogue import tables as t
from biennien_graph.terms import BN

if TYPE_CHECKING:
    from collections.abc import Iterable


def _within(iris: Iterable[str]) -> str:
    """Our own terms, as a list in SQL."""
    return "(SELECT id FROM node WHERE iri IN (" + ", ".join(f"'{iri}'" for iri in iris) + "))"  # noqa: S608


# Every node of something's own, whether that is known to be a thing by now or not.
_OWNER = "substr(subject, 1, instr(subject, '#') - 1)"
_NODES = "FROM temp.quad WHERE instr(subject, '#') > 1"
_OWNED = f"FROM temp.quad JOIN node ON iri = {_OWNER}"
FRAGMENTS = (
    f"INSERT OR IGNORE INTO node (iri) SELECT DISTINCT {_OWNER} {_NODES}",
    f"INSERT OR IGNORE INTO fragment SELECT DISTINCT node.id, subject {_OWNED}",
)


# Which values a thing can be filtered by, of all that `{}` gives.
FACETS = f"""
INSERT OR IGNORE INTO facet (thing, facet, value, kind)
WITH these AS (SELECT id, kind, class FROM thing WHERE id IN ({{}})),
  leads AS (
    SELECT these.id, these.kind, edge.predicate, edge.object, other.kind AS to_kind
    FROM these JOIN edge ON edge.subject = these.id LEFT JOIN thing other ON other.id = edge.object
  )
SELECT id, 'class', class, kind FROM these
UNION ALL
SELECT id, 'type', object, kind FROM leads WHERE predicate IN {_within(t.TYPES)}
UNION ALL
SELECT id, 'agency', object, kind FROM leads WHERE to_kind = 'agencies'
UNION ALL
SELECT id, 'author', object, kind FROM leads
WHERE kind = 'documents' AND predicate IN {_within(t.AUTHORS)}
UNION ALL
SELECT id, 'recipient', object, kind FROM leads
WHERE kind = 'documents' AND predicate IN {_within(t.RECIPIENTS)}
UNION ALL
SELECT id, 'person', object, kind FROM leads WHERE to_kind = 'people'
UNION ALL
SELECT id, 'place', object, kind FROM leads WHERE to_kind = 'places' AND kind <> 'places'
UNION ALL
SELECT id, 'place', parent, kind FROM these JOIN above ON child = id WHERE kind = 'places'
UNION ALL
SELECT id, 'topic', object, kind FROM leads
WHERE to_kind = 'topics' OR predicate IN {_within(t.SUBJECTS)}
UNION ALL
SELECT id, 'modality', object, kind FROM leads WHERE predicate IN {_within((BN.modality,))}
UNION ALL
SELECT these.id, 'modality', claim.modality, kind FROM these JOIN claim ON claim.about = these.id
WHERE claim.modality IS NOT NULL
UNION ALL
SELECT DISTINCT these.id, 'source', citation.source, kind
FROM these JOIN claim ON claim.about = these.id JOIN citation ON citation.claim = claim.id
"""  # noqa: S608 - our own terms
