# SPDX-License-Identifier: Apache-2.0
"""What somebody sends to be validated: one file as the body, or a form with files and a text."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from biennien_api.http.pages import language_of, service_of
from biennien_api.http.problems import Problem
from biennien_api.http.protocol import FORM, bytes_of, decode, media_type_of
from biennien_graph.validating import Sent

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from starlette.requests import Request

_MULTIPART = "multipart/form-data"
_PIECE, _FILES = 2**16, 100
SYNTAXES = {
    "Turtle": "text/turtle",
    "TriG": "application/trig",
    "N-Triples": "application/n-triples",
    "N-Quads": "application/n-quads",
    "JSON-LD": "application/ld+json",
    "RDF/XML": "application/rdf+xml",
}
_PASTED = {"vi": "văn bản đã dán", "en": "the pasted text"}


@dataclass(slots=True)
class Sending:
    """The files, and what was pasted into the form, so that it can be shown again."""

    files: list[Sent] = field(default_factory=list)
    pasted: str = ""
    syntax: str = ""


async def sending_of(request: Request) -> Sending:
    """What a request brings. `Problem` where the form cannot be read or is too large."""
    header = request.headers.get("content-type", "")
    media_type = media_type_of(header)
    if media_type == _MULTIPART:
        return await _form(request)
    body = await bytes_of(request)
    if media_type == FORM:
        return _pasted(request, dict(decode(body.decode("ascii", errors="replace"))))
    name = request.query_params.get("name", "") or "entry"
    return Sending([Sent(name, body, header)] if body.strip() else [])


def _pasted(request: Request, fields: dict[str, str]) -> Sending:
    """A text in a form; line ends as browsers send them become those of a file."""
    text = fields.get("entry", "").replace("\r\n", "\n")
    syntax = fields.get("syntax", "")
    name = _PASTED[language_of(request)]
    sent = [Sent(name, text.encode(), SYNTAXES.get(syntax, ""))] if text.strip() else []
    return Sending(sent, text, syntax)


async def _form(request: Request) -> Sending:
    body = await bytes_of(request)
    limit = service_of(request).settings.max_body
    parser = MultiPartParser(
        request.headers, _pieces(body), max_files=_FILES, max_fields=20, max_part_size=limit
    )
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError) as problem:
        raise Problem(400, "bad-request", f"The form cannot be read: {problem}.") from None
    fields = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    sending = _pasted(request, fields)
    for _, part in form.multi_items():
        if isinstance(part, UploadFile) and (content := await part.read()).strip():
            chosen = SYNTAXES.get(sending.syntax, "")
            sending.files.append(
                Sent(part.filename or "file", content, chosen or part.content_type or "")
            )
    await form.close()
    return sending


async def _pieces(body: bytes) -> AsyncGenerator[bytes, None]:
    for start in range(0, len(body), _PIECE):
        yield body[start : start + _PIECE]
        await asyncio.sleep(0)
