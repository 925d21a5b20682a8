# SPDX-License-Identifier: Apache-2.0
"""JSON-LD, written from N-Triples by our own context and frames.

`described` writes one description, `framed` the members of a list: things of one class always
have the same keys in the same order. No context is ever fetched; ours are in the package.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from biennien_graph.jsonld.context import (
    NEWEST,
    Context,
    addresses,
    context,
    document,
    versions,
)
from biennien_graph.jsonld.tree import Tree, backwards_in
from biennien_graph.jsonld.triples import read

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "NEWEST",
    "Context",
    "addresses",
    "context",
    "described",
    "document",
    "framed",
    "read",
    "versions",
    "written",
]


def framed(
    triples: bytes, iris: Sequence[str], *, own: Sequence[str] = (), context_name: str = NEWEST
) -> list[dict[str, Any]]:
    """Many things as they stand in a list: one tree each, in the order of `iris`.

    `triples` is N-Triples about all of them: what a profile's queries (`profiles.PROFILES`) give
    for several things at once, or less. Every thing has all keys of its frame, empty ones too
    (`[]`, `{}` or null); things mentioned have `id`, `type` and `label`; a node that belongs to
    the thing (a date, a number, a signature) is embedded. `own` are keys that it always has
    besides, as `Profile.own` names them. They have no `@context`: the list has it once.
    """
    about = read(triples)
    chosen = context(context_name)
    others, backwards = frozenset(iris), backwards_in(about, chosen)
    return [Tree(about, iri, chosen, own, others, backwards).node(iri) for iri in iris]


def described(
    triples: bytes,
    iri: str,
    address: str | dict[str, Any],
    *,
    own: Sequence[str] = (),
    flat: bool = False,
    context_name: str = NEWEST,
) -> bytes:
    """N-Triples about a thing as a document that says exactly them.

    `address` is where the context is served, or the context itself. A `flat` document has all
    nodes side by side in `graph`.
    """
    tree = Tree(read(triples), iri, context(context_name), own)
    word = context(context_name).keyword("@graph")
    body = {word: tree.flat()} if flat else tree.whole()
    return written({"@context": address, **body})


def written(content: object) -> bytes:
    """JSON for programs that people read, too: indented, not escaped, with a line end."""
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
