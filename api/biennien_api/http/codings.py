# SPDX-License-Identifier: Apache-2.0
"""Content codings (RFC 9110, section 8.4): gzip, zstd and br, of responses and of requests."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

import brotli
import zstandard
from starlette_compress import CompressMiddleware, add_compress_type

from biennien_api.http.problems import Problem
from biennien_graph.engine.formats import GRAPHS, SOLUTIONS

if TYPE_CHECKING:
    from starlette.types import ASGIApp

_PIECE = 32  # bytes decoded at once: a few can stand for megabytes
CODINGS = ("gzip", "zstd", "br")


def compressing(app: ASGIApp) -> CompressMiddleware:
    """The application with compressed responses, for clients that take them."""
    for syntax in (*SOLUTIONS, *GRAPHS):
        add_compress_type(syntax.media_type)
    for media_type in ("application/problem+json", "application/trig", "application/link-format"):
        add_compress_type(media_type)
    return CompressMiddleware(app, minimum_size=1024)


def decoded(body: bytes, coding: str, limit: int) -> bytes:
    """A request body without its coding; `Problem` where that is unknown, broken, or too much.

    It is undone piece by piece, so that a small body cannot become a huge one.
    """
    coding = coding.strip().lower()
    if coding in {"", "identity"}:
        return body
    if coding not in CODINGS:
        problem = Problem(415, "unsupported-media-type", f"The coding {coding} is not known here.")
        problem.headers["Accept-Encoding"] = ", ".join(CODINGS)
        raise problem
    whole = bytearray()
    decoder = _decoder(coding)
    try:
        for start in range(0, len(body), _PIECE):
            whole += decoder(body[start : start + _PIECE])
            if len(whole) > limit:
                raise Problem(413, "too-large", f"The body is larger than {limit:,} bytes.")
    except (zlib.error, zstandard.ZstdError, brotli.error) as broken:
        raise Problem(400, "bad-request", f"The body is not {coding}: {broken}.") from None
    return bytes(whole)


def _decoder(coding: str) -> Any:
    if coding == "gzip":
        return zlib.decompressobj(wbits=31).decompress
    if coding == "zstd":
        return zstandard.ZstdDecompressor().decompressobj().decompress
    return brotli.Decompressor().process
