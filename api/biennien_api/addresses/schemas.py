# SPDX-License-Identifier: Apache-2.0
"""JSON Schemas: `/schemas/{name}.json` as it is now, `/schemas/{digest}/{name}.json` for ever."""

from __future__ import annotations

import functools
import hashlib
import json
from importlib import resources
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from biennien_api.http.pages import base_of
from biennien_api.http.problems import Problem
from biennien_graph.jsonld import written
from biennien_graph.jsonld.frames import frames
from biennien_graph.jsonld.schemas import components, parts
from biennien_graph.jsonld.schemas import schema as schema_of

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request


async def schema(request: Request) -> Response:
    """The schema of what a frame gives."""
    name, asked = request.path_params["name"], request.path_params.get("digest", "")
    if name not in frames():
        raise Problem(404, "not-found", f"There is no schema “{name}”.", known=sorted(frames()))
    body, digest = _schema(name)
    kept = f"{base_of(request)}schemas/{digest}/{name}.json"
    if asked not in {"", digest}:
        detail = "The schema has changed since; this service has the present one only."
        raise Problem(404, "not-found", detail, known=[kept])
    headers = {
        "Access-Control-Allow-Origin": "*",
        "Cache-Control": "public, " + ("max-age=31536000, immutable" if asked else "max-age=3600"),
        "ETag": f'"{digest}"',
        "Link": f'<{kept}>; rel="latest-version"',
    }
    return Response(body, media_type="application/schema+json", headers=headers)


def add_to(api: FastAPI) -> None:
    """Let the OpenAPI description have the schemas among its components, and the other paths."""
    plain = api.openapi

    @functools.cache
    def openapi() -> dict[str, Any]:
        document = plain()
        document["components"]["schemas"] |= components() | parts()
        document["paths"] |= _other_paths()
        return document

    api.openapi = openapi  # type: ignore[method-assign]


def _other_paths() -> dict[str, Any]:
    """What routes of Starlette answer, which FastAPI does not know of."""
    text = resources.files("biennien_api").joinpath("openapi-paths.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


@functools.cache
def _schema(name: str) -> tuple[bytes, str]:
    """The document, and what it is called among all that it ever was."""
    body = written(schema_of(name))
    return body, hashlib.sha256(body).hexdigest()[:16]
