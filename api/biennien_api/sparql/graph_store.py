# SPDX-License-Identifier: Apache-2.0
"""`/graphs`: the SPARQL 1.1 Graph Store HTTP Protocol, by indirect and by direct names."""

from __future__ import annotations

import asyncio
import tempfile
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartParser
from starlette.responses import Response

from biennien_api.http.cache import entity_tag
from biennien_api.http.negotiation import demand, named
from biennien_api.http.pages import address_of, base_of, service_of
from biennien_api.http.problems import Problem
from biennien_api.http.protocol import (
    body_of,
    bytes_of,
    check_charset,
    decode,
    graph_iris,
    holder_of,
    media_type_of,
)
from biennien_api.http.streaming import Streamed, response_to
from biennien_api.sparql.updates import CORS, DIRECT, done, written
from biennien_graph.engine import Formats
from biennien_graph.engine.formats import GRAPHS
from biennien_graph.engine.rdf import NamedNode, graph_syntax, is_iri
from biennien_graph.queries import bind, load
from biennien_graph.terms import NAMESPACE

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from starlette.requests import Request

METHODS = ["GET", "PUT", "POST", "DELETE", "PATCH"]


async def graphs(request: Request) -> Response | Streamed:
    """One graph: read, replace, add to, delete, or change by an update."""
    graph = _graph(request)
    if request.method in {"GET", "HEAD"}:
        return await read(request, graph or "", _syntax(request))
    holder = await holder_of(request, "editor")
    if request.method == "PATCH":
        question = await _patch(request, graph or "")
        return done(await written(request, question, holder, f"PATCH {graph}"))
    created = graph is None
    if graph is None:
        graph = f"{base_of(request)}graphs/{uuid.uuid4()}"
    existed = graph == "" or await _exists(request, graph)
    if request.method == "DELETE":
        if not existed:
            raise Problem(404, "not-found", f"There is no graph {graph}.")
        question = {"graph": graph, "files": [], "base": "", "replace": True}
        return done(await written(request, question, holder, f"DELETE {graph}"))
    with tempfile.TemporaryDirectory(dir=service_of(request).settings.data) as folder:
        question = await _content(request, graph, Path(folder))
        outcome = await written(request, question, holder, f"{request.method} {graph}")
    headers = {"Location": graph} if created else {}
    return done(outcome, 200 if existed else 201, **headers)


def _graph(request: Request) -> str | None:
    """The graph that is meant: an IRI, empty for the default graph, None for a new one."""
    if request.path_params:
        return _direct(request)
    fields = decode(request.scope["query_string"].decode("latin-1"))
    names = graph_iris(fields, "graph")
    default = any(name == "default" for name, _ in fields)
    if len(names) + default > 1:
        raise Problem(400, "bad-request", "Name one graph: ?graph=IRI or ?default.")
    if not names and not default and request.method == "POST":
        return None
    if not names and not default:
        raise Problem(400, "bad-request", "Name the graph: ?graph=IRI or ?default.")
    return names[0] if names else ""


def _direct(request: Request) -> str:
    """The graph that the address itself names (section 4.1), percent-encoded as it was sent."""
    name = request.scope["raw_path"].decode("latin-1").split("/", 2)[2]
    graph = f"{NAMESPACE}graph/{name}" if "entry" in request.path_params else ""
    graph = graph or f"{base_of(request)}graphs/{name}"
    if not is_iri(graph):
        raise Problem(400, "bad-request", f"{graph} is not an IRI.")
    return graph


async def read(
    request: Request, graph: str, syntax: str, headers: dict[str, str] | None = None
) -> Response | Streamed:
    """One graph, whole, in a syntax; the default graph where the name is empty."""
    service, formats = service_of(request), Formats(graph=syntax)
    if graph and not await _exists(request, graph):
        raise Problem(404, "not-found", f"There is no graph {graph}.")
    text = bind(load("graph"), {"graph": [NamedNode(graph)]}) if graph else load("default-graph")
    query = service.query(text, formats)
    answer = await service.answer(query)
    told = {"Vary": "Accept", "Cache-Control": "no-cache", **CORS, **(headers or {})}
    told["ETag"] = entity_tag(service.version, query, "")
    return response_to(request, query, answer, told)


def _syntax(request: Request) -> str:
    fields = dict(decode(request.scope["query_string"].decode("latin-1")))
    if "format" in fields:
        return named(fields["format"], GRAPHS).name
    return demand(request.headers.get("accept", ""), GRAPHS).name


async def _exists(request: Request, graph: str) -> bool:
    return await service_of(request).holds("graph-exists", {"graph": [NamedNode(graph)]})


async def _patch(request: Request, graph: str) -> dict[str, Any]:
    media_type = media_type_of(request.headers.get("content-type", ""))
    if media_type != DIRECT:
        raise Problem(415, "unsupported-media-type", f"A patch comes as {DIRECT}.")
    text = await body_of(request)
    base = address_of(request)
    return {"text": text, "using": [], "using_named": [], "within": graph, "base": base}


async def _content(request: Request, graph: str, folder: Path) -> dict[str, Any]:
    """What is sent, as files: one, or those of a form (section 5.5)."""
    media_type = media_type_of(request.headers.get("content-type", ""))
    files = []
    check_charset(request)
    body = await bytes_of(request)
    if media_type == "multipart/form-data":
        form = await MultiPartParser(request.headers, _once(body)).parse()
        for _, part in form.multi_items():
            if isinstance(part, UploadFile):
                files.append((await part.read(), part.content_type or ""))
        await form.close()
    else:
        files.append((body, media_type))
    return {
        "graph": graph,
        "files": [
            await asyncio.to_thread(_kept, folder / str(number), *file)
            for number, file in enumerate(files)
        ],
        "base": address_of(request),
        "replace": request.method == "PUT",
    }


async def _once(body: bytes) -> AsyncGenerator[bytes, None]:
    yield body


def _kept(file: Path, content: bytes, media_type: str) -> tuple[str, str]:
    media_type = media_type_of(media_type) or "text/turtle"
    if graph_syntax(media_type) is None:
        raise Problem(
            415,
            "unsupported-media-type",
            f"{media_type} is no known syntax of RDF.",
            known=[syntax.media_type for syntax in GRAPHS],
        )
    file.write_bytes(content)
    return str(file), media_type
