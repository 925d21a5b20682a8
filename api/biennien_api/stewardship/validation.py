# SPDX-License-Identifier: Apache-2.0
"""`POST /api/validate` and the page `/validate`: a report on any entry, stored nowhere."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import JSONResponse

from biennien_api.addresses.representations import HTML, JSONLD, TURTLE
from biennien_api.http.disconnect import watching
from biennien_api.http.negotiation import demand, named
from biennien_api.http.pages import base_of, language_of, render, service_of
from biennien_api.http.problems import Problem
from biennien_api.stewardship.validation_bodies import SYNTAXES, Sending, sending_of
from biennien_api.stewardship.validation_description import REQUEST, RESPONSES
from biennien_graph import jsonld
from biennien_graph.engine.formats import Syntax
from biennien_graph.errors import QueryFailed, QueryOutOfMemory, QueryTimeout, UsageError
from biennien_graph.reports.grouping import grouped_by_thing
from biennien_graph.reports.shacl import as_shacl
from biennien_graph.reports.text import as_text
from biennien_graph.validating import report_of

if TYPE_CHECKING:
    from biennien_graph.reports import WordedReport

router = APIRouter(prefix="/api", tags=["validation"])
JSON = Syntax("json", "application/json")
TEXT = Syntax("text", "text/plain", (), ("txt",))
_SHACL = Syntax("jsonld", JSONLD.media_type)
FORMATS = (JSON, TURTLE, _SHACL, HTML, TEXT)
_HEADERS = {
    "Cache-Control": "no-store",
    "Vary": "Accept, Accept-Language",
    "Access-Control-Allow-Origin": "*",
}


@router.post("/validate", summary="Validate entries", responses=RESPONSES, openapi_extra=REQUEST)
async def validate(
    request: Request,
    lang: Annotated[str, Query(description="Language of the report: vi or en.")] = "",
    format: Annotated[  # noqa: A002
        str, Query(description="json, ttl, jsonld, html or text; instead of Accept.")
    ] = "",
) -> Response:
    """Say what is wrong with one file or many, where, and how to mend it. Nothing is stored.

    The entries are seen together with each other and with what is published. The answer is 200
    whether they conform or not; a file that cannot be read is a result, too.
    """
    del lang  # `language_of` reads it
    accept = request.headers.get("accept", "")
    wanted = named(format, FORMATS) if format else demand(accept, FORMATS)
    sending = await sending_of(request)
    if not sending.files:
        raise Problem(
            400,
            "bad-request",
            "There is nothing to validate.",
            hint="Send an entry as the body, or files as the parts of a form.",
        )
    report = await _report(request, sending)
    if wanted is HTML:
        return _page(request, sending, report)
    return await _answer(report, wanted)


@router.get("/validate", include_in_schema=False)
async def not_read() -> Response:
    """An address that only takes; the page to read is `/validate`."""
    raise HTTPException(405)


async def page(request: Request) -> Response:
    """The page that takes an entry, pasted or as files; with the report, where there is one."""
    if request.method != "POST":
        return _page(request, Sending(), None)
    sending = await sending_of(request)
    report = await _report(request, sending) if sending.files else None
    return _page(request, sending, report)


async def _report(request: Request, sending: Sending) -> WordedReport:
    service = service_of(request)
    with (
        service.clients.turn(request.scope),
        tempfile.TemporaryDirectory(dir=service.settings.data, prefix="validate-") as folder,
        watching(request.receive),
    ):
        question = {
            "files": await asyncio.to_thread(_kept, Path(folder), sending),
            "language": language_of(request),
            "base": service.settings.namespace,
            "contexts": jsonld.addresses(base_of(request)),
        }
        try:
            return report_of(await service.validated(question))
        except (QueryTimeout, QueryOutOfMemory, QueryFailed) as problem:
            raise _too_much(request) from problem
        except UsageError as problem:
            raise Problem(
                415,
                "unsupported-media-type",
                problem.message,
                hint=problem.hint,
                known=sorted(SYNTAXES.values()),
            ) from problem


def _kept(folder: Path, sending: Sending) -> list[tuple[str, str, str]]:
    files = []
    for number, sent in enumerate(sending.files):
        (folder / str(number)).write_bytes(sent.content)
        files.append((str(folder / str(number)), sent.name, sent.media_type))
    return files


def _too_much(request: Request) -> Problem:
    settings = service_of(request).settings
    limits = f"{settings.query_seconds:g} s and {settings.query_memory} MiB"
    return Problem(
        413,
        "too-large",
        f"This cannot be validated within {limits}.",
        hint="Send fewer or smaller files at a time.",
    )


async def _answer(report: WordedReport, wanted: Syntax) -> Response:
    headers = {**_HEADERS, "Content-Language": report.language}
    if wanted is JSON:
        return JSONResponse(report.as_json(), headers=headers)
    if wanted is TEXT:
        return Response(as_text(report) + "\n", headers=headers, media_type="text/plain")
    body = await asyncio.to_thread(as_shacl, report, wanted.name)
    return Response(body, headers=headers, media_type=wanted.media_type)


def _page(request: Request, sending: Sending, report: WordedReport | None) -> Response:
    about: dict[str, Any] = {"report": report, "sending": sending, "syntaxes": list(SYNTAXES)}
    if report is not None:
        about["groups"] = grouped_by_thing(report)
    headers = {"Cache-Control": "no-store"} if report else {}
    return render(request, "validate.html", headers=headers, **about)
