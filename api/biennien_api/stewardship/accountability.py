# SPDX-License-Identifier: Apache-2.0
"""Who put a statement there, when and why (`/api/blame`); and how a change is undone."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import JSONResponse

from biennien_api.http.disconnect import watching
from biennien_api.http.pages import base_of, service_of
from biennien_api.http.problems import Problem
from biennien_api.http.protocol import holder_of
from biennien_api.stewardship.submission_answers import RESPONSES, Why, answered, proposals_of
from biennien_graph.blame import between, blame
from biennien_graph.difference import as_json
from biennien_graph.engine.rdf import NamedNode, is_iri, read_quads
from biennien_graph.indexes.history import History

if TYPE_CHECKING:
    from biennien_api.service import Service
    from biennien_graph.blame import Statement
    from biennien_graph.indexes.history import Touch
    from biennien_graph.journal import Change

router = APIRouter(prefix="/api", tags=["changes"])

_CHANGES = 1000  # of one thing, looked at for one answer
_OPEN = {"Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*"}
_ANSWERS: dict[int | str, dict[str, Any]] = {422: RESPONSES[422], 400: RESPONSES[422]}


@router.post("/changes/{position}/revert", summary="Revert", status_code=201, responses=RESPONSES)
async def revert(
    request: Request,
    position: Annotated[int, Path(ge=1, le=2**53, description="Number of a change")],
    why: Why,
) -> Response:
    """Propose to undo a change: a submission like any other, to be approved."""
    holder = await holder_of(request, "steward")
    with watching(request.receive):
        made = await proposals_of(request).revert(position, why.message, holder)
    return await answered(request, made, holder, 201)


@router.get("/blame", summary="Who put a statement there", responses=_ANSWERS)
async def blamed(
    request: Request,
    subject: Annotated[str, Query(description="IRI of what it is about.", max_length=2000)],
    predicate: Annotated[str, Query(description="IRI of the property.", max_length=2000)],
    value: Annotated[
        str, Query(alias="object", max_length=10_000, description="IRI or text; all without.")
    ] = "",
    before: Annotated[int | None, Query(ge=1, description="Only changes before this one.")] = None,
) -> Response:
    """For each statement the change that brought it: who, when, why, by which submission, who
    approved it, and the passages behind it; for one that does not stand any more, also the
    change that took it away. `older` goes on, where there are many changes.
    """
    service = service_of(request)
    _expect_iris(subject=subject, predicate=predicate)
    with service.clients.turn(request.scope):
        touches = await _touches(service, subject, before=before)
        journal = service.folder.journal
        found = await asyncio.to_thread(blame, journal, touches, subject, predicate)
        quotes = await _quotes(service, subject, predicate)
        members = [
            told
            for statement in found
            if (told := await _told(request, statement, quotes)) and value in ("", told["value"])
        ]
    body: dict[str, Any] = {"subject": subject, "predicate": predicate, "member": members}
    if len(touches) == _CHANGES:
        query = request.url.include_query_params(before=touches[-1].position).query
        body["older"] = f"{base_of(request)}api/blame?{query}"
    return JSONResponse(body, headers=_OPEN)


@router.get("/versions", summary="Two versions of a thing, compared", responses=_ANSWERS)
async def versions(
    request: Request,
    thing: Annotated[str, Query(description="IRI of the thing.", max_length=2000)],
    after: Annotated[int, Query(alias="from", ge=0, description="As it was after this change.")],
    until: Annotated[
        int | None, Query(alias="to", ge=0, description="As it was after this one; now, without.")
    ] = None,
    offset: Annotated[int, Query(ge=0, le=10_000_000, description="How many to pass over.")] = 0,
    limit: Annotated[int, Query(ge=1, le=1000, description="How many statements.")] = 200,
) -> Response:
    """What came and what went in between, statement by statement, with labels and passages."""
    service = service_of(request)
    _expect_iris(thing=thing)
    last = service.position if until is None else until
    first, last = min(after, last), max(after, last)
    with service.clients.turn(request.scope):
        touches = [
            touch
            for touch in await _touches(service, thing, before=last + 1)
            if touch.position > first
        ]
        if len(touches) == _CHANGES:
            raise Problem(
                400,
                "bad-request",
                f"More than {_CHANGES} changes lie between.",
                hint="Ask for less.",
            )
        journal = service.folder.journal
        added, removed = await asyncio.to_thread(between, journal, touches[::-1], thing)
        if until is not None and after > until:
            added, removed = removed, added
        told = await service.proposals.compared(added, removed, offset=offset, limit=limit)
    body = {"thing": thing, "from": after, "to": until or last, **told}
    body["changes"] = [f"{base_of(request)}changes/{touch.position}" for touch in touches]
    return JSONResponse(body, headers=_OPEN)


async def _touches(service: Service, iri: str, *, before: int | None) -> list[Touch]:
    """The changes that touched a thing, the newest first; the newest ones only."""
    history = await service.indexes.history()
    await service.indexes.reach(History.name, service.position)
    return await asyncio.to_thread(history.of, iri, before=before, limit=_CHANGES)


async def _told(
    request: Request, statement: Statement, quotes: dict[tuple[str, str], list[dict[str, Any]]]
) -> dict[str, Any]:
    (quad,) = read_quads(statement.line)
    term = as_json(quad)
    value = term["object"]["value"]
    found = {"value": value, "object": term["object"], "graph": term["graph"]}
    for name, change in (("brought", statement.brought), ("removed", statement.removed)):
        if change is not None:
            found[name] = await _account(request, change)
    found["published"] = statement.removed is None
    behind = quotes.get((value, term["object"].get("xml:lang", "")), [])
    return found | {"evidence": behind if found["published"] else []}


async def _account(request: Request, change: Change) -> dict[str, Any]:
    """Who, when, why, by which submission, and who approved it."""
    base, service = base_of(request), service_of(request)
    found: dict[str, Any] = {
        "position": change.position,
        "change": f"{base}changes/{change.position}",
        "time": change.time,
        "agent": change.agent,
        "message": change.message,
    }
    if change.submission:
        number = int(change.submission)
        found["submission"] = f"{base}submissions/{number}"
        found["approvedBy"] = (await service.proposals.get(number)).decided_by
    return found


async def _quotes(
    service: Service, subject: str, predicate: str
) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """The passages behind each value of a property, by value and language."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in await service.ask("claims", {"s": [NamedNode(subject)]}):
        if row["p"]["value"] == predicate:
            names = ("passage", "quote", "start", "end", "source")
            passage = {name: row[name]["value"] for name in names}
            known = found.setdefault((row["o"]["value"], row["o"].get("xml:lang", "")), [])
            known += [passage] if passage not in known else []
    return found


def _expect_iris(**given: str) -> None:
    for name, value in given.items():
        if not is_iri(value):
            raise Problem(400, "bad-request", f"{name}={value} is not an absolute IRI.")
