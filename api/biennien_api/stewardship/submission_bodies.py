# SPDX-License-Identifier: Apache-2.0
"""What somebody sends with a submission: a form with files, or one file as the body."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from biennien_api.http.pages import base_of, service_of
from biennien_api.http.problems import Problem
from biennien_api.http.protocol import FORM, bytes_of, decode, media_type_of
from biennien_api.stewardship.drafts import Sent, Wanted
from biennien_graph.engine.rdf import is_iri

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from starlette.requests import Request

MULTIPART = "multipart/form-data"
_PIECE = 2**16  # bytes of a form taken apart at once
_FILES, _FIELDS = 500, 500
_LONGEST = 2000  # characters of a message, a comment, a reason


async def wanted_of(request: Request) -> Wanted:
    """What a request proposes: files, `withdraw=IRI`, `message=…`. `Problem` where it is none."""
    media_type = media_type_of(request.headers.get("content-type", ""))
    fields: list[tuple[str, Any]] = []
    fields += decode(request.scope["query_string"].decode("latin-1"))
    if media_type == MULTIPART:
        fields += (await form_of(request)).multi_items()
        return await wanted_from(fields, base_of(request))
    body = await bytes_of(request, _limit(request))
    if media_type == FORM:
        fields += decode(_text(body))
        return await wanted_from(fields, base_of(request))
    sent = Sent("the body", request.headers.get("content-type", ""), body)
    return await wanted_from(fields, base_of(request), [sent])


async def wanted_from(
    fields: Sequence[tuple[str, Any]], base: str, files: Sequence[Sent] = ()
) -> Wanted:
    """The same from a form that was read: `file`, `entry` (pasted), `withdraw`, `message`."""
    uploads = [part for _, part in fields if isinstance(part, UploadFile)]
    texts = [(name, value) for name, value in fields if isinstance(value, str)]
    pasted = [value for name, value in texts if name == "entry"]
    given = [
        *files,
        *[await _sent(part) for part in uploads],
        *[Sent(f"pasted {n}", "", text.encode()) for n, text in enumerate(pasted, 1)],
    ]
    named = (value for name, value in texts if name == "withdraw")
    withdrawn = tuple(dict.fromkeys(iri for value in named for iri in value.split()))
    for iri in withdrawn:
        if not is_iri(iri):
            raise Problem(400, "bad-request", f"withdraw={iri} is not an absolute IRI.")
    found = tuple(file for file in given if file.content.strip())
    if not found and not withdrawn:
        raise Problem(
            400,
            "bad-request",
            "Nothing is proposed.",
            hint="Send entries as files of a form or as the body, or withdraw=IRI of an entry.",
        )
    return Wanted(found, withdrawn, text_of(texts, "message"), base)


async def form_of(request: Request) -> FormData:
    """A form with files, taken apart piece by piece."""
    body = await bytes_of(request, _limit(request))
    limits = {"max_files": _FILES, "max_fields": _FIELDS}
    parser = MultiPartParser(
        request.headers, _pieces(body), max_part_size=_limit(request), **limits
    )
    try:
        return await parser.parse()
    except (MultiPartException, KeyError) as problem:
        raise Problem(400, "bad-request", f"The form cannot be read: {problem}.") from None


def text_of(fields: Sequence[tuple[str, str]], name: str, *, needed: bool = True) -> str:
    """One text of a form; `Problem` where it is missing, given twice, or too long."""
    given = [value.strip() for found, value in fields if found == name and value.strip()]
    if not given and not needed:
        return ""
    if len(given) != 1:
        raise Problem(400, "bad-request", f"One {name} is needed.", parameter=name)
    if len(given[0]) > _LONGEST or "\0" in given[0]:
        raise Problem(400, "bad-request", f"The {name} has more than {_LONGEST} characters.")
    return given[0]


async def _sent(part: UploadFile) -> Sent:
    return Sent(part.filename or "a file", part.content_type or "", await part.read())


async def _pieces(body: bytes) -> AsyncGenerator[bytes, None]:
    for start in range(0, len(body), _PIECE):
        yield body[start : start + _PIECE]
        await asyncio.sleep(0)


def _limit(request: Request) -> int:
    return service_of(request).settings.submission_size * 2**20


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise Problem(400, "bad-request", "The form is not UTF-8.") from None
