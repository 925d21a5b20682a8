# SPDX-License-Identifier: Apache-2.0
"""Whether two results are the same but for the names of blank nodes.

A row is a solution, a triple or a quad: pairs of a name (of a variable, or `s`, `p`, `o`, `g`)
and a term. Results are multisets of rows. Terms are compared as terms: `1` is not `01`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .rdf import Term

Row: TypeAlias = tuple[tuple[str, "Term"], ...]
_Form: TypeAlias = tuple[object, ...]  # a row with None for each blank node
_Nodes: TypeAlias = tuple[ox.BlankNode, ...]  # the blank nodes of a row, in their order


def rows_of(quads: Iterable[ox.Quad]) -> list[Row]:
    """Quads as rows, each once."""
    return [
        (("s", quad.subject), ("p", quad.predicate), ("o", quad.object), *_graph_of(quad))
        for quad in dict.fromkeys(quads)
    ]


def _graph_of(quad: ox.Quad) -> Row:
    return () if isinstance(quad.graph_name, ox.DefaultGraph) else (("g", quad.graph_name),)


def difference(wanted: Iterable[Row], found: Iterable[Row]) -> str:
    """What tells two results apart, in a sentence; empty where nothing does."""
    left, right = _sorted(wanted), _sorted(found)
    missing = Counter({form: len(rows) for form, rows in left.items()})
    extra = Counter({form: len(rows) for form, rows in right.items()})
    if missing != extra:
        return f"missing {_shown(missing - extra)}; unexpected {_shown(extra - missing)}"
    todo = [(form, nodes) for form, rows in left.items() for nodes in rows if nodes]
    if not _match(todo, right, {}):
        return "the rows are the same, but blank nodes connect them in other ways"
    return ""


def _shown(forms: Counter[_Form]) -> str:
    rows = [" ".join("_:" if part is None else str(part) for part in form) for form in forms]
    return " | ".join(sorted(rows)[:4]) or "nothing"


def _sorted(rows: Iterable[Row]) -> defaultdict[_Form, list[_Nodes]]:
    """Rows by their form."""
    found: defaultdict[_Form, list[_Nodes]] = defaultdict(list)
    for row in rows:
        leaves = [leaf for name, term in sorted(row) for leaf in (name, *_leaves(term))]
        nodes = tuple(leaf for leaf in leaves if isinstance(leaf, ox.BlankNode))
        form = tuple(None if isinstance(leaf, ox.BlankNode) else leaf for leaf in leaves)
        found[form].append(nodes)
    return found


def _leaves(term: Term) -> Iterator[object]:
    """A term; a triple term in its parts."""
    if isinstance(term, ox.Triple):
        yield "<<("
        for part in (term.subject, term.predicate, term.object):
            yield from _leaves(part)
        yield ")>>"
    else:
        yield term


def _match(
    todo: list[tuple[_Form, _Nodes]],
    pools: dict[_Form, list[_Nodes]],
    known: dict[ox.BlankNode, ox.BlankNode],
) -> bool:
    """Whether blank nodes can be paired so that each row has its own partner.

    The row with the fewest possible partners comes first, which keeps the search short.
    """
    if not todo:
        return True
    partners = {
        place: {nodes for nodes in pools[form] if _pairs(known, row, nodes) is not None}
        for place, (form, row) in enumerate(todo)
    }
    place = min(partners, key=lambda one: len(partners[one]))
    form, row = todo[place]
    rest = todo[:place] + todo[place + 1 :]
    for nodes in partners[place]:
        pairs = _pairs(known, row, nodes)
        left = list(pools[form])
        left.remove(nodes)
        if pairs is not None and _match(rest, {**pools, form: left}, pairs):
            return True
    return False


def _pairs(
    known: dict[ox.BlankNode, ox.BlankNode], row: _Nodes, nodes: _Nodes
) -> dict[ox.BlankNode, ox.BlankNode] | None:
    """The pairs so far and those that two rows add; None where they contradict."""
    pairs = dict(known)
    for one, other in zip(row, nodes, strict=True):
        if pairs.setdefault(one, other) != other:
            return None
    return pairs if len(set(pairs.values())) == len(pairs) else None
