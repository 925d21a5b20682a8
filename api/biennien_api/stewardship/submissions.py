# SPDX-License-Identifier: Apache-2.0
"""`/api/submissions`: propose, compare, discuss, amend, approve, reject, withdraw."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse
from starlette.responses import StreamingResponse

from biennien_api.http.disconnect import watching
from biennien_api.http.negotiation import demand
from biennien_api.http.pages import base_of
from biennien_api.http.problems import Problem
from biennien_api.http.protocol import holder_of
from biennien_api.stewardship.submission_answers import (
    JSON,
    NO_STORE,
    PATCH,
    PROPOSAL,
    RESPONSES,
    Number,
    Reason,
    Said,
    answered,
    expected,
    proposals_of,
)
from biennien_api.stewardship.submission_bodies import wanted_of
from biennien_api.stewardship.submission_view import (
    comment_as_json,
    patch_blocks,
    revision_as_json,
    summary,
)
from biennien_graph.submissions.rules import State

if TYPE_CHECKING:
    pass

router = APIRouter(prefix="/api", tags=["submissions"])


@router.post(
    "/submissions",
    summary="Propose",
    status_code=201,
    responses=RESPONSES,
    openapi_extra=PROPOSAL,
)
async def propose(request: Request) -> Response:
    """Propose new or changed entries, or entries to withdraw. Kept with its report."""
    holder = await holder_of(request, "steward")
    wanted = await wanted_of(request)
    with watching(request.receive):
        made = await proposals_of(request).propose(wanted, holder)
    return await answered(request, made, holder, 201)


@router.get("/submissions", summary="Submissions", responses=RESPONSES)
async def submissions(
    request: Request,
    state: Annotated[State | None, Query(description="Only these.")] = None,
    agent: Annotated[str, Query(max_length=200, description="Only those of one person.")] = "",
    before: Annotated[int | None, Query(ge=1, description="Numbers below this one.")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="How many.")] = 50,
) -> Response:
    """The newest first; `next` is where to go on."""
    await holder_of(request, "steward")
    found = await asyncio.to_thread(
        proposals_of(request).kept.all, state=state, agent=agent, before=before, limit=limit
    )
    body: dict[str, Any] = {"member": [summary(base_of(request), one) for one in found]}
    if len(found) == limit:
        query = request.url.include_query_params(before=found[-1].id).query
        body["next"] = f"{base_of(request)}api/submissions?{query}"
    return JSONResponse(body, headers=NO_STORE)


@router.get("/submissions/{number}", summary="One submission", responses=RESPONSES)
async def submission(request: Request, number: Number) -> Response:
    """Its state, report, files and comments; `actions` is what you may do with it now."""
    holder = await holder_of(request, "steward")
    return await answered(request, await proposals_of(request).get(number), holder)


@router.put("/submissions/{number}", summary="Amend", responses=RESPONSES, openapi_extra=PROPOSAL)
async def amend(request: Request, number: Number) -> Response:
    """Propose something else instead. `If-Match` says which revision it was made from."""
    holder = await holder_of(request, "steward")
    after = await expected(request, number)
    wanted = await wanted_of(request)
    with watching(request.receive):
        made = await proposals_of(request).amend(number, after, wanted, holder)
    return await answered(request, made, holder)


@router.get(
    "/submissions/{number}/difference",
    summary="The difference to what is published",
    responses={
        **RESPONSES,
        200: {
            "description": "In words, or as RDF Patch",
            "content": {"application/json": {}, PATCH.media_type: {"schema": {"type": "string"}}},
        },
    },
)
async def difference(
    request: Request,
    number: Number,
    revision: Annotated[int, Query(ge=0, description="0: the newest.")] = 0,
    offset: Annotated[int, Query(ge=0, le=10_000_000, description="How many to pass over.")] = 0,
    limit: Annotated[int, Query(ge=1, le=1000, description="How many statements.")] = 200,
) -> Response:
    """Statement by statement, with passages, labels and conflicts; of an open submission,
    against what is published now.
    """
    await holder_of(request, "steward")
    proposals = proposals_of(request)
    found = await proposals.get(number)
    if demand(request.headers.get("accept", ""), (JSON, PATCH)) is PATCH:
        added, removed = await proposals.patch(found, revision)
        blocks = patch_blocks(added, removed)
        return StreamingResponse(blocks, media_type=PATCH.media_type, headers=NO_STORE)
    told = await proposals.difference(found, revision=revision, offset=offset, limit=limit)
    body = {**told, "submission": summary(base_of(request), found)}
    if offset + limit < told["total"]:
        query = request.url.include_query_params(offset=offset + limit).query
        body["next"] = f"{base_of(request)}api/submissions/{number}/difference?{query}"
    return JSONResponse(body, headers=NO_STORE)


@router.post("/submissions/{number}/approve", summary="Approve", responses=RESPONSES)
async def approve(request: Request, number: Number) -> Response:
    """Publish it in one change. `If-Match` says which revision was looked at."""
    holder = await holder_of(request, "steward")
    revision = await expected(request, number)
    with watching(request.receive):
        outcome = await proposals_of(request).approve(number, revision, holder)
    body = {
        "position": outcome.position,
        "change": f"{base_of(request)}changes/{outcome.position}",
        "added": outcome.added,
        "removed": outcome.removed,
        "results": outcome.results,
    }
    headers = {**NO_STORE, "Biennien-Position": str(outcome.position)}
    return JSONResponse(body, headers=headers)


@router.post("/submissions/{number}/reject", summary="Reject", responses=RESPONSES)
async def reject(request: Request, number: Number, said: Reason) -> Response:
    """Decide that it is not published, and say why."""
    holder = await holder_of(request, "steward")
    revision = await expected(request, number, needed=False)
    about: dict[str, Any] = {"revision": revision, "reason": said.reason}
    made = await proposals_of(request).close("reject", number, holder, **about)
    return await answered(request, made, holder)


@router.post("/submissions/{number}/withdraw", summary="Withdraw", responses=RESPONSES)
async def withdraw(request: Request, number: Number) -> Response:
    """Take one's own submission back."""
    holder = await holder_of(request, "steward")
    made = await proposals_of(request).close("withdraw", number, holder)
    return await answered(request, made, holder)


@router.post(
    "/submissions/{number}/comments", summary="Comment", status_code=201, responses=RESPONSES
)
async def comment(request: Request, number: Number, said: Said) -> Response:
    """Say something about it, in whatever state it is."""
    holder = await holder_of(request, "steward")
    made = await proposals_of(request).comment(number, said.text, holder)
    return JSONResponse(comment_as_json(made), 201, headers=NO_STORE)


@router.get("/submissions/{number}/revisions", summary="Its revisions", responses=RESPONSES)
async def revisions(request: Request, number: Number) -> Response:
    """Every state of the proposal, the oldest first."""
    await holder_of(request, "steward")
    proposals = proposals_of(request)
    await proposals.get(number)
    known = await asyncio.to_thread(proposals.kept.revisions, number)
    here = f"{base_of(request)}api/submissions/{number}/revisions"
    members = [
        {"id": f"{here}/{n}", "number": n, "agent": agent, "time": time, "message": message}
        for n, agent, time, message in known
    ]
    return JSONResponse({"member": members}, headers=NO_STORE)


@router.get("/submissions/{number}/revisions/{revision}", summary="One", responses=RESPONSES)
async def one_revision(request: Request, number: Number, revision: Number) -> Response:
    """One revision with its report."""
    await holder_of(request, "steward")
    found = await asyncio.to_thread(proposals_of(request).kept.revision, number, revision)
    return JSONResponse(revision_as_json(base_of(request), number, found), headers=NO_STORE)


@router.get(
    "/submissions/{number}/revisions/{revision}/files/{file}",
    summary="A file as it was sent",
    responses=RESPONSES,
)
async def file(request: Request, number: Number, revision: Number, file: Number) -> Response:
    """The bytes of one entry."""
    await holder_of(request, "steward")
    found = await asyncio.to_thread(proposals_of(request).kept.revision, number, revision)
    if file > len(found.entries) or found.entries[file - 1].action != "put":
        raise Problem(404, "not-found", f"This revision has no file {file}.")
    entry = found.entries[file - 1]
    headers = {
        **NO_STORE,
        "Content-Disposition": f'attachment; filename="submission-{number}-{revision}-{file}"',
        "X-Content-Type-Options": "nosniff",
    }
    return Response(entry.content, media_type="application/octet-stream", headers=headers)
