# SPDX-License-Identifier: Apache-2.0
"""`/sparql/update`: the SPARQL 1.1 Protocol, update operation (section 2.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from biennien_api.http.disconnect import watching
from biennien_api.http.pages import base_of, service_of
from biennien_api.http.problems import Problem
from biennien_api.http.protocol import FORM, body_of, decode, graph_iris, holder_of, media_type_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from biennien_api.writer import Outcome
    from biennien_graph.tokens import Token

DIRECT = "application/sparql-update"
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Biennien-Position, Content-Type, Location",
}


async def update(request: Request) -> Response:
    """Apply an update: all of its operations, or none."""
    if request.method != "POST":
        raise HTTPException(405)
    holder = await holder_of(request, "editor")
    question = await _question(request)
    return done(await written(request, question, holder, "SPARQL Update"))


async def written(
    request: Request, question: dict[str, Any], holder: Token, message: str
) -> Outcome:
    """What a change comes to; its work ends when its client goes away before it is recorded."""
    with watching(request.receive):
        return await service_of(request).write(question, holder, message)


def done(outcome: Outcome, status: int = 200, **headers: str) -> Response:
    """What a change came to, and the position from which queries see it."""
    body = {
        "position": outcome.position,
        "added": outcome.added,
        "removed": outcome.removed,
        "results": outcome.results,
    }
    own = {"Biennien-Position": str(outcome.position), "Cache-Control": "no-store", **CORS}
    return JSONResponse(body, status, headers=own | headers)


async def _question(request: Request) -> dict[str, Any]:
    fields = decode(request.scope["query_string"].decode("latin-1"))
    body = await body_of(request)
    media_type = media_type_of(request.headers.get("content-type", ""))
    if media_type == DIRECT:
        fields.append(("update", body))
    elif media_type == FORM:
        fields += decode(body)
    else:
        raise Problem(
            415,
            "unsupported-media-type",
            f"An update comes as {FORM} or {DIRECT}, not as {media_type or 'nothing named'}.",
        )
    updates = [value for name, value in fields if name == "update"]
    if len(updates) != 1 or any(name == "query" for name, _ in fields):
        raise Problem(400, "bad-request", "The request must have one update, and no query.")
    return {
        "text": updates[0],
        "base": f"{base_of(request)}sparql/update",
        "using": graph_iris(fields, "using-graph-uri"),
        "using_named": graph_iris(fields, "using-named-graph-uri"),
    }
