# SPDX-License-Identifier: Apache-2.0
"""What a search found, as documents for programs and for pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from pydantic import BaseModel, ConfigDict, Field

from biennien_api.http.pages import base_of, href
from biennien_api.lists.collection import HOW, context_of, identifier, view
from biennien_graph.jsonld.context import context

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fastapi import Request

    from biennien_graph.indexes.search import Found, Hit, Name, Snippet
    from biennien_graph.indexes.search.reading import Named

_LAST = 10_000  # offset


class Thing(BaseModel):
    """A thing and where it is described."""

    id: str = Field(description="IRI", examples=["https://w3id.org/biennien/id/place/dien-bien"])
    label: dict[str, str] = Field(description="Labels by language")
    link: str = Field(description="Address of its description under this host")


class FoundSnippet(BaseModel):
    """Words of a thing."""

    type: list[str] = ["Snippet"]
    field: str = Field(
        description="label, altLabel, title, number, note, correction or quote", examples=["label"]
    )
    language: str | None = None
    snippet: str = Field(description="The words as they are written; `…` where they were cut")
    highlights: list[tuple[int, int]] = Field(
        description="Where what was asked for stands in `snippet`: code points, end exclusive"
    )
    passage: str | None = Field(None, description="IRI of the passage that a quote is from")
    claim: str | None = Field(None, description="IRI of the claim that the passage backs")
    source: str | None = Field(None, description="IRI of the source text of the passage")
    document: Thing | None = Field(None, description="The document that the source text is of")


class Item(Thing):
    """A hit."""

    type: list[str] = Field(description="Its classes")
    category: str = Field(description="What the parameter `kind` calls it", examples=["place"])
    snippets: list[FoundSnippet]
    about: list[Thing] | None = Field(
        None, description="Of a passage: things that it is evidence for, five at most"
    )


class Count(BaseModel):
    """How many hits a kind has."""

    type: list[str] = ["FacetValue"]
    category: str
    count: int
    link: str = Field(description="Address of the search with this kind only")
    selected: bool


class Facet(BaseModel):
    """Hits by the values of a parameter, whatever that parameter is now."""

    type: list[str] = ["Facet"]
    parameter: str
    field: str
    more: bool = Field(description="Whether it has more values")
    values: list[Count]


class Relation(BaseModel):
    """What leads on from a page, as TREE has it."""

    type: list[str]
    node: str


class View(BaseModel):
    """A page, and the pages around it."""

    id: str = Field(description="Address of this page")
    type: list[str]
    limit: int = Field(description="Hits on a page")
    first: str
    previous: str | None = None
    next: str | None = None
    relation: list[Relation]


class SearchPage(BaseModel):
    """One page of hits, as JSON-LD (Hydra's and TREE's names for the paging)."""

    model_config = ConfigDict(populate_by_name=True)

    context: str = Field(alias="@context", description="Address of the JSON-LD context")
    id: str = Field(description="What all pages are of")
    type: list[str] = ["Collection", "TreeCollection"]
    total: int = Field(description="How many hits there are")
    asOf: int = Field(description="Position of the journal that the index has reached")  # noqa: N815
    view: View
    treeView: str = Field(description="Address of this page, for TREE")  # noqa: N815
    items: list[Item] = Field(description="The hits, best first")
    treeMember: list[str] = Field(description="IRIs of the hits, for TREE")  # noqa: N815
    facets: list[Facet]
    suggestions: list[str] = Field(
        description="Where nothing at all is found: what may have been meant"
    )


class Suggestion(Thing):
    """A name that begins as was typed."""

    category: str = Field(description="What the parameter `kind` calls it", examples=["place"])
    snippet: str = Field(description="The name")
    language: str | None = None
    highlights: list[tuple[int, int]]


class Suggestions(BaseModel):
    """Names, the likeliest first."""

    model_config = ConfigDict(populate_by_name=True)

    context: str = Field(alias="@context", description="Address of the JSON-LD context")
    id: str = Field(description="Address of this answer")
    type: list[str] = ["Collection"]
    items: list[Suggestion]


def search_page(
    request: Request, found: Found, *, kinds: Sequence[str], limit: int, offset: int
) -> SearchPage:
    """A page of what was found, with links to the pages around it."""
    before, after = max(0, offset - limit), offset + limit
    links = {"first": _address(request, offset=0)}
    if offset:
        links["previous"] = _address(request, offset=before)
    if after < found.total and after <= _LAST:
        links["next"] = _address(request, offset=after)
    here = _address(request, offset=offset)
    return SearchPage(
        **_context(request),
        id=identifier(_address(request, **dict.fromkeys((*HOW, "offset")))),
        total=found.total,
        asOf=found.position,
        view=View.model_validate(view(here, links, limit)),
        treeView=here,
        items=[_item(request, hit, found) for hit in found.hits],
        treeMember=[hit.thing.id for hit in found.hits],
        facets=[_kinds(request, found, kinds)] if found.counts else [],
        suggestions=found.guesses,
    )


def suggestions(request: Request, names: Iterable[Name]) -> Suggestions:
    """Names as suggestions."""
    return Suggestions(
        **_context(request),
        id=_address(request),
        items=[
            Suggestion(
                **_thing(request, name.thing).model_dump(),
                category=name.thing.kind,
                snippet=name.text,
                language=name.language or None,
                highlights=list(name.highlights),
            )
            for name in names
        ],
    )


def name_of(lang: str, thing: Thing) -> str:
    """The label in a language, or another one, or the IRI."""
    label = thing.label
    return label.get(lang) or label.get("vi") or next(iter(label.values()), thing.id)


def marked(text: str, highlights: Iterable[tuple[int, int]]) -> Markup:
    """A text as HTML, escaped, with its highlights in `<mark>`."""
    pieces, at = [], 0
    for start, end in highlights:
        pieces += [Markup.escape(text[at:start]), Markup("<mark>{}</mark>").format(text[start:end])]
        at = end
    return Markup("").join([*pieces, Markup.escape(text[at:])])


def _kinds(request: Request, found: Found, chosen: Sequence[str]) -> Facet:
    counts = [
        Count(
            category=kind,
            count=count,
            link=_address(request, offset=None, kind=kind),
            selected=kind in chosen,
        )
        for kind, count in found.counts.items()
    ]
    return Facet(parameter="kind", field="category", more=False, values=counts)


def _item(request: Request, hit: Hit, found: Found) -> Item:
    return Item(
        **_thing(request, hit.thing).model_dump(),
        type=[context().name(cls) for cls in hit.thing.types],
        category=hit.thing.kind,
        snippets=[_snippet(request, snippet, found) for snippet in hit.snippets],
        about=[_thing(request, thing) for thing in hit.about] or None,
    )


def _snippet(request: Request, snippet: Snippet, found: Found) -> FoundSnippet:
    document = found.documents.get(snippet.source)
    return FoundSnippet(
        field=snippet.field,
        language=snippet.language or None,
        snippet=snippet.text,
        highlights=list(snippet.highlights),
        passage=snippet.passage or None,
        claim=snippet.claim or None,
        source=snippet.source or None,
        document=_thing(request, document) if document else None,
    )


def _thing(request: Request, named: Named) -> Thing:
    return Thing(id=named.id, label=named.label, link=href(request, named.id))


def _context(request: Request) -> dict[str, Any]:
    return {"@context": context_of(request)}


def _address(request: Request, **changed: object) -> str:
    """This address with other parameters; None takes one away."""
    url = request.url.remove_query_params(list(changed))
    kept = {name: str(value) for name, value in changed.items() if value is not None}
    path = request.url.path.removeprefix(request.scope.get("root_path", ""))
    query = url.include_query_params(**kept).query if kept else url.query
    return f"{base_of(request).rstrip('/')}{path}" + f"?{query}" * bool(query)
