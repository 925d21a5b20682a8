# SPDX-License-Identifier: Apache-2.0
"""What the operations on submissions share: their description for OpenAPI, and their answer."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Path, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from biennien_api.http.pages import base_of, service_of
from biennien_api.http.problems import Problem
from biennien_api.stewardship.submission_bodies import MULTIPART
from biennien_api.stewardship.submission_view import whole
from biennien_graph.engine.formats import GRAPHS, Syntax

if TYPE_CHECKING:
    from biennien_api.stewardship.proposing import Proposals
    from biennien_graph.submissions import Submission
    from biennien_graph.tokens import Token

JSON = Syntax("json", "application/json")
PATCH = Syntax("rdf-patch", "application/rdf-patch", ("text/x-rdfpatch",))
_REVISION = re.compile(r'(?:W/)?"?(?:revision-)?(\d{1,9})"?')
NO_STORE = {"Cache-Control": "no-store", "Vary": "Authorization, Accept"}
_PROBLEM: dict[str, Any] = {"content": {"application/problem+json": {}}}
RESPONSES: dict[int | str, dict[str, Any]] = {
    401: {"description": "No token, or one that is unknown, revoked or out of date", **_PROBLEM},
    403: {"description": "The holder of the token may not do this", **_PROBLEM},
    404: {"description": "There is no such submission", **_PROBLEM},
    409: {"description": "It is decided already, or another change conflicts with it", **_PROBLEM},
    412: {"description": "It was amended since", **_PROBLEM},
    413: {"description": "It is too large", **_PROBLEM},
    422: {"description": "It does not conform, or a parameter is wrong", **_PROBLEM},
    428: {"description": "If-Match must say which revision is meant", **_PROBLEM},
}
PROPOSAL: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            MULTIPART: {
                "schema": {
                    "type": "object",
                    "required": ["message"],
                    "properties": {
                        "file": {
                            "type": "array",
                            "items": {"type": "string", "format": "binary"},
                            "description": "Entries, new or changed, one per file",
                        },
                        "withdraw": {
                            "type": "array",
                            "items": {"type": "string", "format": "iri"},
                            "description": "Graphs of entries to withdraw",
                        },
                        "message": {"type": "string", "description": "Why"},
                    },
                },
                "example": {"file": ["entry.ttl"], "message": "Thêm một công văn"},
            },
            **{
                syntax.media_type: {"schema": {"type": "string", "description": "One entry"}}
                for syntax in GRAPHS
            },
        },
    }
}
Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="Its number", examples=[1])]


class Reason(BaseModel):
    """Why something is decided."""

    reason: str = Field(min_length=1, max_length=2000, examples=["Đoạn trích không nói điều đó."])


class Said(BaseModel):
    """A comment."""

    text: str = Field(min_length=1, max_length=2000, examples=["Xin xem lại ngày ban hành."])


class Why(BaseModel):
    """Why a change is undone."""

    message: str = Field(min_length=1, max_length=2000, examples=["Nhầm người ký."])


def proposals_of(request: Request) -> Proposals:
    """What can be done with submissions here."""
    return service_of(request).proposals


async def answered(
    request: Request, found: Submission, holder: Token, status: int = 200
) -> Response:
    """A submission as it is now, and what the asker may do with it."""
    proposals, base = proposals_of(request), base_of(request)
    revision = await asyncio.to_thread(proposals.kept.revision, found.id, found.revision)
    comments = await asyncio.to_thread(proposals.kept.comments, found.id)
    body = whole(base, found, revision, comments, proposals.actions(found, holder))
    headers = {**NO_STORE, "ETag": f'"revision-{found.revision}"'}
    if status == 201:
        headers["Location"] = body["id"]
    return JSONResponse(body, status, headers=headers)


async def expected(request: Request, number: int, *, needed: bool = True) -> int:
    """The revision that `If-Match` names, which must be the newest."""
    given = request.headers.get("if-match", "").strip()
    newest = (await proposals_of(request).get(number)).revision
    if not given and not needed:
        return newest
    if not given:
        raise Problem(
            428,
            "precondition-required",
            "Say which revision you mean.",
            hint=f'If-Match: "revision-{newest}" is the newest one.',
        )
    found = _REVISION.fullmatch(given)
    if found is None or int(found[1]) != newest:
        raise Problem(
            412,
            "precondition-failed",
            f"The newest revision is {newest}, not {given}.",
            hint="Look at it first, and send its ETag.",
        )
    return newest
