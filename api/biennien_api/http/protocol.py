# SPDX-License-Identifier: Apache-2.0
"""What the operations of the SPARQL Protocol share: fields, bodies, and who may write."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect

from biennien_api.http.codings import decoded
from biennien_api.http.disconnect import ClientGone
from biennien_api.http.pages import service_of
from biennien_api.http.problems import Problem
from biennien_graph.engine.rdf import is_iri

if TYPE_CHECKING:
    from starlette.requests import Request

    from biennien_graph.tokens import Token

FORM = "application/x-www-form-urlencoded"


async def holder_of(request: Request, role: str) -> Token:
    """Whose token the request carries (RFC 6750); `Problem` 401 or 403 where it may not.

    Clients that know only names and passwords send the token as the password (RFC 7617).
    """
    token = _token(request.headers.get("authorization", ""))
    if not token:
        raise _unauthorized("This needs a token.", "")
    holder = await service_of(request).holder(token)
    if holder is None:
        raise _unauthorized("The token is unknown, revoked or out of date.", "invalid_token")
    if not holder.may(role):
        raise Problem(403, "forbidden", f"This needs the role {role}; yours is {holder.role}.")
    return holder


def _token(header: str) -> str:
    scheme, _, credentials = header.partition(" ")
    if scheme.lower() == "bearer":
        return credentials.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        pair = base64.b64decode(credentials, validate=True).decode()
    except ValueError:
        return ""
    return pair.partition(":")[2]


def _unauthorized(words: str, error: str) -> Problem:
    problem = Problem(
        401,
        "unauthorized",
        words,
        hint="Send it as Authorization: Bearer …; an administrator "
        "makes one by biennien token create.",
    )
    detail = f', error="{error}"' if error else ""
    problem.headers["WWW-Authenticate"] = f'Bearer realm="biennien"{detail}'
    return problem


def graph_iris(fields: list[tuple[str, str]], name: str) -> tuple[str, ...]:
    """The IRIs of one parameter; `Problem` where one is not absolute."""
    given = tuple(value for found, value in fields if found == name)
    for value in given:
        if not is_iri(value):
            raise Problem(400, "bad-request", f"{name}={value} is not an absolute IRI.")
    return given


def decode(text: str) -> list[tuple[str, str]]:
    """Percent-decoding, once. `Problem` where the bytes are not UTF-8."""
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=100)
    except (UnicodeDecodeError, ValueError) as problem:
        raise Problem(400, "bad-request", f"The parameters cannot be decoded: {problem}.") from None


async def bytes_of(request: Request, limit: int = 0) -> bytes:
    """The body; `Problem` where it is larger than the service takes, or than `limit`."""
    limit = limit or service_of(request).settings.max_body
    too_large = Problem(413, "too-large", f"The body is larger than {limit:,} bytes.")
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limit:
        raise too_large
    received = bytearray()
    try:
        async for block in request.stream():
            received += block
            if len(received) > limit:
                raise too_large
    except ClientDisconnect:
        raise ClientGone from None
    return decoded(bytes(received), request.headers.get("content-encoding", ""), limit)


async def body_of(request: Request) -> str:
    """The body as text; `Problem` where it is not UTF-8, or says that it is not."""
    check_charset(request)
    received = await bytes_of(request)
    try:
        return received.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise Problem(
            400, "bad-request", f"The body is not UTF-8 (byte {problem.start})."
        ) from None


def media_type_of(header: str) -> str:
    """A Content-Type without its parameters; empty where there is none."""
    return header.partition(";")[0].strip().lower()


def check_charset(request: Request) -> None:
    """`Problem` where the body is declared to be anything but UTF-8."""
    charset = _charset(request.headers.get("content-type", ""))
    if charset not in {"", "utf-8", "utf8"}:
        raise Problem(415, "unsupported-media-type", f"The body must be UTF-8, not {charset}.")


def _charset(content_type: str) -> str:
    for parameter in content_type.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip('"').lower()
    return ""
