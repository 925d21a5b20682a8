# SPDX-License-Identifier: Apache-2.0
"""What a query sees: the dataset that it, its request or the service asks for.

SPARQL 1.1 Query Language, section 13.2; SPARQL 1.1 Protocol, section 2.1.4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pyoxigraph as ox

from biennien_graph.engine import COMPUTED
from biennien_graph.queries.scan import tokens

if TYPE_CHECKING:
    from collections.abc import Mapping

_FORMS = {"SELECT", "CONSTRUCT", "DESCRIBE", "ASK"}


def seen(
    store: ox.Store, question: Mapping[str, Any], prefixes: dict[str, str]
) -> tuple[ox.Store, dict[str, Any]]:
    """The store to ask, and the dataset as arguments for its `query`."""
    default, named = question["default_graphs"], question["named_graphs"]
    given = default or named
    if not given:
        default, named = _from_clauses(question["text"], prefixes, question["base"])
    if len(default) > 1:
        return _merged(store, default, named), {"default_graph": [ox.DefaultGraph()]}
    if given:
        return store, {
            "default_graph": [ox.NamedNode(iri) for iri in default],
            "named_graphs": [ox.NamedNode(iri) for iri in named],
        }
    if question["plain"] and _asks_for_graphs(question["text"]):
        return store, {"named_graphs": entries(store)}
    return store, {}


def entries(store: ox.Store) -> list[ox.NamedNode | ox.BlankNode]:
    """The named graphs that hold something, without those that the service computes."""
    return [
        name
        for name in store.named_graphs()
        if getattr(name, "value", "") not in COMPUTED
        and any(store.quads_for_pattern(None, None, None, name))
    ]


def resolved(name: str, prologue: str, prefixes: dict[str, str], base: str | None) -> ox.NamedNode:
    """The IRI that a name stands for after a prologue, be it prefixed or relative."""
    text = f"{prologue}\nSELECT ?iri WHERE {{ BIND({name} AS ?iri) }}"
    found = ox.Store().query(text, prefixes=prefixes, base_iri=base)
    return cast("ox.NamedNode", next(iter(cast("ox.QuerySolutions", found)))["iri"])


def _merged(store: ox.Store, default: list[str], named: list[str]) -> ox.Store:
    """A copy in memory of some graphs, the default ones merged: each triple once.

    Asked for several default graphs, pyoxigraph 0.5 gives a triple once per graph that has it
    (docs/decisions/0003-default-graph.md). A worker's memory limit holds here too.
    """
    merged = ox.Store()
    for iri in default:
        found = store.quads_for_pattern(None, None, None, ox.NamedNode(iri))
        merged.extend(ox.Quad(q.subject, q.predicate, q.object) for q in found)
    for iri in named:
        merged.extend(store.quads_for_pattern(None, None, None, ox.NamedNode(iri)))
    return merged


def _asks_for_graphs(text: str) -> bool:
    """Whether a query asks for named graphs, and does not say itself which there are."""
    words = {value.upper() for kind, value, _ in tokens(text) if kind == "word"}
    return "GRAPH" in words and "FROM" not in words


def _from_clauses(
    text: str, prefixes: dict[str, str], base: str | None
) -> tuple[list[str], list[str]]:
    """The graphs of `FROM` and of `FROM NAMED`, where a query has several of the former."""
    found = list(tokens(text)) if text.upper().count("FROM") > 1 else []
    graphs: dict[bool, list[str]] = {False: [], True: []}
    form = next((at for kind, word, at in found if kind == "word" and word.upper() in _FORMS), 0)
    for place, (kind, word, _) in enumerate(found[:-2]):
        if kind == "word" and word.upper() == "FROM":
            is_named = found[place + 1][1].upper() == "NAMED"
            iri = resolved(found[place + 1 + is_named][1], text[:form], prefixes, base)
            graphs[is_named].append(iri.value)
    return graphs[False], graphs[True]
