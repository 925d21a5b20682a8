# SPDX-License-Identifier: Apache-2.0
"""`/graphs`: the SPARQL 1.1 Graph Store HTTP Protocol, by indirect and by direct names."""

from __future__ import annotations

import asyncio
import json
import tempfile
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from biennien_api.negotiation import demand, named
from biennien_api.pages import service_of
from biennien_api.problems import Problem
from biennien_api.protocol import body_of, bytes_of, decode, graph_iris, holder_of
from biennien_api.updates import DIRECT, done
from biennien_graph.engine import Formats
from biennien_graph.engine.formats import GRAPHS
from biennien_graph.engine.rdf import NamedNode, graph_syntax
from biennien_graph.terms import NAMESPACE

if TYPE_CHECKING:
    from starlette.requests import Request

METHODS = ["GET", "PUT", "POST", "DELETE", "PATCH"]


async def graphs(request: Request) -> Response:
    """One graph: read, replace, add to, delete, or change by an update."""
    graph = _graph(request)
    if request.method in {"GET", "HEAD"}:
        return await _read(request, _must(graph))
    holder = await holder_of(request, "editor")
    if request.method == "PATCH":
        question = await _patch(request, _must(graph))
        return done(await service_of(request).write(question, holder, f"PATCH {graph}"))
    created = graph is None
    if graph is None:
        graph = f"{_address(request)}/{uuid.uuid4()}"
    existed = graph == "" or await _exists(request, graph)
    if request.method == "DELETE":
        if not existed:
            raise Problem(404, "not-found", f"There is no graph {graph}.")
        question = {"graph": graph, "file": None, "media_type": "", "replace": True}
        return done(await service_of(request).write(question, holder, f"DELETE {graph}"))
    with tempfile.NamedTemporaryFile(dir=service_of(request).settings.data) as file:
        question = await _content(request, graph, Path(file.name))
        outcome = await service_of(request).write(question, holder, f"{request.method} {graph}")
    headers = {"Location": graph} if created else {}
    return done(outcome, 200 if existed else 201, **headers)


def _graph(request: Request) -> str | None:
    """The graph that is meant: an IRI, empty for the default graph, None for a new one."""
    if "path" in request.path_params:
        return f"{_address(request)}/{request.path_params['path']}"
    if "entry" in request.path_params:
        return f"{NAMESPACE}graph/{request.path_params['entry']}"
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


def _must(graph: str | None) -> str:
    return graph or ""


def _address(request: Request) -> str:
    public = service_of(request).settings.public_url or str(request.base_url)
    return f"{public.rstrip('/')}/graphs"


async def _read(request: Request, graph: str) -> Response:
    syntax = _syntax(request)
    if graph and not await _exists(request, graph):
        raise Problem(404, "not-found", f"There is no graph {graph}.")
    place = f"GRAPH {NamedNode(graph)} {{ ?s ?p ?o }}" if graph else "?s ?p ?o"
    answer = await service_of(request).run(
        f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {place} }}", Formats(graph=syntax)
    )
    headers = {"Vary": "Accept", "Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*"}
    return Response(await answer.read(), media_type=answer.media_type, headers=headers)


def _syntax(request: Request) -> str:
    fields = dict(decode(request.scope["query_string"].decode("latin-1")))
    if "format" in fields:
        return named(fields["format"], GRAPHS).name
    return demand(request.headers.get("accept", ""), GRAPHS).name


async def _exists(request: Request, graph: str) -> bool:
    text = f"ASK {{ GRAPH {NamedNode(graph)} {{ ?s ?p ?o }} }}"
    answer = await service_of(request).run(text, Formats("json"))
    return bool(json.loads(await answer.read())["boolean"])


async def _patch(request: Request, graph: str) -> dict[str, Any]:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != DIRECT:
        raise Problem(415, "unsupported-media-type", f"A patch comes as {DIRECT}.")
    text = await body_of(request)
    return {"text": text, "using": [], "using_named": [], "within": graph}


async def _content(request: Request, graph: str, file: Path) -> dict[str, Any]:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    media_type = media_type or "text/turtle"
    if graph_syntax(media_type) is None:
        raise Problem(
            415,
            "unsupported-media-type",
            f"{media_type} is no known syntax of RDF.",
            known=[syntax.media_type for syntax in GRAPHS],
        )
    await asyncio.to_thread(file.write_bytes, await bytes_of(request))
    return {
        "graph": graph,
        "file": str(file),
        "media_type": media_type,
        "replace": request.method == "PUT",
    }
