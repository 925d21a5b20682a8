# SPDX-License-Identifier: Apache-2.0
"""Who put a statement there, when and why (`/api/blame`); and how a change is undone."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from biennien_api.disconnect import watching
from biennien_api.protocol import holder_of
from biennien_api.submission_answers import RESPONSES, Why, answered, proposals_of

router = APIRouter(prefix="/api", tags=["changes"])


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
