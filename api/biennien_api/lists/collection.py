# SPDX-License-Identifier: Apache-2.0
"""One page of a collection, as Hydra and TREE have it.

The collection has an identifier of its own, the same on each of its pages. A page is a view of it,
and members are said of the collection: a client that walks the pages and puts their graphs together
has one collection with all its members.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from biennien_api.http.pages import base_of
from biennien_api.lists.answering import address
from biennien_graph.jsonld import NEWEST

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request

# Parameters that change how a collection is shown, not what is in it.
HOW = ("cursor", "limit", "sort", "fields", "expand", "facets", "facetSize", "format", "lang")
LISTS = {
    "document": "documents",
    "agency": "agencies",
    "person": "people",
    "place": "places",
    "event": "events",
}  # by category, the word that all of `/api/` has for what a thing is
_CATEGORIES = {name: category for category, name in LISTS.items()}
_OTHERS = {"topics": "topic", "claims": "claim"}


def category(kind: str) -> str:
    """What the catalogue calls by the name of a list."""
    return _CATEGORIES.get(kind) or _OTHERS.get(kind, "other")


def context_of(request: Request) -> str:
    """What `@context` says in every answer here."""
    return f"{base_of(request)}context/{NEWEST}.jsonld"


def collection(
    request: Request,
    items: Sequence[dict[str, Any]],
    links: Mapping[str, str],
    *types: str,
    total: int,
    limit: int,
    position: int,
) -> dict[str, Any]:
    """The members on a page, and how to go on from there."""
    here = address(request)
    return {
        "@context": context_of(request),
        "id": identifier(address(request, *HOW)),
        "type": [*types, "Collection", "TreeCollection"],
        "total": total,
        "asOf": position,
        "view": view(here, links, limit),
        "treeView": here,
        "items": items,
        "treeMember": [item["id"] for item in items],
    }


def identifier(address: str) -> str:
    """What identifies a collection, by the address that lists it."""
    path, mark, query = address.partition("?")
    folder, slash, name = path.rpartition("/")
    return f"{folder}{slash}{name.partition('.')[0]}{mark}{query}#list"


def view(here: str, links: Mapping[str, str], limit: int) -> dict[str, Any]:
    """A page by its address; what comes next both as a link and as a relation."""
    relation = [{"type": ["Relation"], "node": links["next"]}] if "next" in links else []
    types = ["PartialCollectionView", "Node"]
    return {"id": here, "type": types, "limit": limit, **links, "relation": relation}
