# SPDX-License-Identifier: Apache-2.0
"""Things and the statements that join them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from biennien_graph.indexes.catalogue import tables as t

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

_KINDS = ", ".join(f"'{kind}'" for kind in (*t.LISTS, "topics"))
_NEAR = f"""
SELECT object FROM edge JOIN thing ON thing.id = object
WHERE subject = :node AND object <> subject AND kind IN ({_KINDS})
UNION
SELECT subject FROM edge JOIN thing ON thing.id = subject
WHERE object = :node AND object <> subject AND kind IN ({_KINDS})
LIMIT :limit
"""  # noqa: S608 - our own names of kinds
_EDGES = """
SELECT subject, predicate, object, (
  SELECT count(*) FROM claim
  WHERE about = edge.subject AND claim.predicate = edge.predicate AND leads = edge.object
) FROM edge
WHERE subject IN (SELECT value FROM json_each(:nodes))
  AND object IN (SELECT value FROM json_each(:nodes))
ORDER BY subject, predicate, object LIMIT :limit
"""


@dataclass(frozen=True, slots=True)
class Edge:
    """A statement; `claims` is how many claims say so."""

    subject: int
    predicate: int
    object: int
    claims: int


@dataclass(frozen=True, slots=True)
class Network:
    """Nodes with their distance from the middle; `truncated` where there was more than allowed."""

    nodes: dict[int, int]
    edges: list[Edge]
    truncated: bool


def around(
    sql: sqlite3.Connection, middle: Iterable[int], depth: int, nodes: int, edges: int
) -> Network:
    """Some things, what is joined with them by up to `depth` statements, and what joins these."""
    wanted = list(dict.fromkeys(middle))
    found = dict.fromkeys(wanted[:nodes], 0)
    truncated = len(wanted) > nodes
    frontier = list(found)
    for distance in range(1, depth + 1):
        frontier, cut = _next(sql, found, frontier, distance, nodes)
        truncated = truncated or cut
    chosen = {"nodes": json.dumps(sorted(found)), "limit": edges + 1}
    joined = [Edge(*row) for row in sql.execute(_EDGES, chosen)]
    return Network(found, joined[:edges], truncated or len(joined) > edges)


def _next(
    sql: sqlite3.Connection, found: dict[int, int], frontier: list[int], distance: int, most: int
) -> tuple[list[int], bool]:
    """One step further from each node; whether some were left out."""
    reached: list[int] = []
    for node in frontier:
        near = sql.execute(_NEAR, {"node": node, "limit": most + 1}).fetchall()
        for (other,) in near:
            if other in found:
                continue
            if len(found) >= most:
                return reached, True
            found[other] = distance
            reached.append(other)
        if len(near) > most:
            return reached, True
    return reached, False
