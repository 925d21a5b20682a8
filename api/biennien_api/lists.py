# SPDX-License-Identifier: Apache-2.0
"""`/api/documents`, `/agencies`, `/people`, `/places`, `/events`: lists, as JSON-LD or a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from biennien_api.negotiation import demand
from biennien_api.pages import base_of, href, language_of, render, say, service_of
from biennien_api.representations import HTML, JSONLD
from biennien_graph.engine.rdf import Literal, NamedNode
from biennien_graph.folding import fold
from biennien_graph.queries import bind, load
from biennien_graph.queries import page as paged
from biennien_graph.terms import RICO

router = APIRouter(prefix="/api", tags=["lists"])


@dataclass(frozen=True, slots=True)
class Kind:
    """One list: its last path segment and the classes of its members."""

    name: str
    classes: tuple[str, ...]


KINDS = {
    kind.name: kind
    for kind in (
        Kind("documents", (RICO.Record, RICO.RecordSet)),
        Kind("agencies", (RICO.CorporateBody, RICO.Group)),
        Kind("people", (RICO.Person,)),
        Kind("places", (RICO.Place,)),
        Kind("events", (RICO.Event, RICO.Activity)),
    )
}


class LinkedData(JSONResponse):
    """JSON-LD."""

    media_type = "application/ld+json"


class Member(BaseModel):
    """One thing of a list."""

    id: str = Field(
        description="IRI of the thing", examples=["https://w3id.org/biennien/id/person/ho-chi-minh"]
    )
    type: str = Field(description="IRI of its class")
    label: dict[str, str] = Field(description="Labels by language")
    url: str = Field(description="Address of its description under this host")


class Page(BaseModel):
    """One page of a list, as JSON-LD (Hydra's names for the paging)."""

    model_config = ConfigDict(populate_by_name=True)

    context: str = Field(alias="@context", description="Address of the JSON-LD context")
    id: str = Field(description="Address of this page")
    type: str = "PartialCollectionView"
    total: int = Field(description="How many things the whole list has")
    member: list[Member]
    first: str
    previous: str | None = None
    next: str | None = None


Q = Annotated[
    str,
    Query(
        max_length=200,
        description="Only things with a label that contains this, whatever case and diacritics.",
        examples=["dien bien"],
    ),
]
PageNumber = Annotated[int, Query(ge=1, le=1_000_000, description="Page, from 1.")]
Limit = Annotated[int, Query(ge=1, le=500, description="Things on a page.")]


async def _list(request: Request, kind: Kind, q: str, number: int, limit: int) -> Response:
    syntax = demand(request.headers.get("accept", ""), (JSONLD, HTML))
    service = service_of(request)
    rows: dict[str, list[Any]] = {
        "type": [NamedNode(iri) for iri in kind.classes],
        "wanted": [Literal(fold(q))],
    }
    text = paged(bind(load("members"), rows), (number - 1) * limit, limit)
    found = await service.ask_text(text)
    counted = await service.ask("member-count", rows)
    total = int(counted[0]["count"]["value"])
    members = [_member(request, row) for row in found]
    view = _page(request, members, total, number, limit)
    if syntax is HTML:
        lang = language_of(request)
        return render(
            request, "list.html", kind=kind.name, title=say(lang, kind.name), page=view, q=q
        )
    return LinkedData(
        view.model_dump(by_alias=True, exclude_none=True),
        headers={"Vary": "Accept", "Access-Control-Allow-Origin": "*", "Cache-Control": "no-cache"},
    )


def _member(request: Request, row: dict[str, Any]) -> Member:
    labels: dict[str, str] = {lang: row[lang]["value"] for lang in ("vi", "en") if lang in row}
    iri = row["thing"]["value"]
    return Member(id=iri, type=row["class"]["value"], label=labels, url=href(request, iri))


def _page(request: Request, members: list[Member], total: int, number: int, limit: int) -> Page:
    base = base_of(request).rstrip("/") + request.url.path.removeprefix(
        request.scope.get("root_path", "")
    )

    def address(page_number: int) -> str:
        query = request.url.include_query_params(page=page_number).query
        return f"{base}?{query}"

    last = max(1, -(-total // limit))
    return Page(
        **{"@context": f"{base_of(request)}context/v1.jsonld"},
        id=address(number),
        total=total,
        member=members,
        first=address(1),
        previous=address(number - 1) if 1 < number <= last else None,
        next=address(number + 1) if number < last else None,
    )


_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "One page of the list",
        "content": {
            "text/html": {"schema": {"type": "string"}},
        },
    },
    406: {
        "description": "Neither JSON-LD nor HTML is wanted",
        "content": {"application/problem+json": {}},
    },
    422: {"description": "A parameter is wrong", "content": {"application/problem+json": {}}},
}


_LIST: dict[str, Any] = {
    "response_class": LinkedData,
    "response_model": Page,
    "responses": _RESPONSES,
}


@router.get("/documents", summary="Documents", **_LIST)
async def documents(
    request: Request, q: Q = "", page: PageNumber = 1, limit: Limit = 50
) -> Response:
    """Documents held, and those that they cite."""
    return await _list(request, KINDS["documents"], q, page, limit)


@router.get("/agencies", summary="Agencies", **_LIST)
async def agencies(
    request: Request, q: Q = "", page: PageNumber = 1, limit: Limit = 50
) -> Response:
    """Agencies, committees and groups."""
    return await _list(request, KINDS["agencies"], q, page, limit)


@router.get("/people", summary="People", **_LIST)
async def people(request: Request, q: Q = "", page: PageNumber = 1, limit: Limit = 50) -> Response:
    """Persons."""
    return await _list(request, KINDS["people"], q, page, limit)


@router.get("/places", summary="Places", **_LIST)
async def places(request: Request, q: Q = "", page: PageNumber = 1, limit: Limit = 50) -> Response:
    """Places."""
    return await _list(request, KINDS["places"], q, page, limit)


@router.get("/events", summary="Events", **_LIST)
async def events(request: Request, q: Q = "", page: PageNumber = 1, limit: Limit = 50) -> Response:
    """Events and activities: past, commemorative, held, planned, proposed, suggested."""
    return await _list(request, KINDS["events"], q, page, limit)
