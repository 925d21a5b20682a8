# SPDX-License-Identifier: Apache-2.0
"""`/sparql`: the SPARQL 1.1 Protocol, query operation, by GET, POST form and POST direct."""

from __future__ import annotations

import functools
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from biennien_api.dataset.description import service_description
from biennien_api.http.cache import Asked, Known, entity_tag, is_stable
from biennien_api.http.codings import compressing
from biennien_api.http.disconnect import ClientGone, watching
from biennien_api.http.negotiation import choose, formats_named
from biennien_api.http.pages import base_of, language_of, render, service_of
from biennien_api.http.problems import Problem, as_problem, respond
from biennien_api.http.protocol import FORM, body_of, decode, graph_iris, media_type_of
from biennien_api.http.streaming import Streamed, response_to
from biennien_api.sparql.results_page import table
from biennien_graph.engine import Dataset, Formats
from biennien_graph.engine.formats import GRAPHS, SOLUTIONS, Syntax
from biennien_graph.errors import BiennienError, NotAcceptable

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.types import Receive, Scope, Send

    from biennien_api.service import Service
    from biennien_graph.engine.answer import Answer

_log = logging.getLogger("biennien.sparql")
_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Biennien-Position, Content-Type, ETag, Link, Retry-After",
}
_HTML = Syntax("html", "text/html")
_PAGE = Formats("tsv", "ttl")
_DIRECT = "application/sparql-query"


@dataclass(frozen=True, slots=True)
class Operation:
    """What a protocol request asks (SPARQL 1.1 Protocol, section 2.1)."""

    query: str
    dataset: Dataset
    format: str
    seconds: float | None


class Sparql:
    """`/sparql` as an ASGI application of its own, so that a query passes no more than it must."""

    def __init__(self, app: Starlette) -> None:
        self._app = app
        self._packed = compressing(self._answer)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI. Compression comes in only where the client takes it."""
        scope["app"] = self._app
        encodings = next((v for n, v in scope["headers"] if n == b"accept-encoding"), b"")
        wanted = any(coding in encodings for coding in (b"gzip", b"zstd", b"br"))
        answer = self._packed if wanted else self._answer
        await answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        service: Service = self._app.state.service
        try:
            with service.clients.turn(scope):
                if not await _again(service, scope, send):
                    response = await sparql(Request(scope, receive, send))
                    await response(scope, receive, send)
        except Problem as problem:  # not this client's turn
            await respond(Request(scope, receive, send), problem)(scope, receive, send)


async def _again(service: Service, scope: Scope, send: Send) -> bool:
    """Answer a request that came before and whose result is known; whether it was one."""
    asked = service.requests.get(service.version, scope)
    answer = service.results.get(asked.version, asked.query) if asked else None
    if asked is None or answer is None:
        return False
    # A list of its own: whoever compresses the answer changes it.
    await send({"type": "http.response.start", "status": 200, "headers": list(asked.head)})
    await send({"type": "http.response.body", "body": answer.first})
    return True


async def sparql(request: Request) -> Response | Streamed:
    """Answer a query; without one, the query form for a browser."""
    try:
        operation = await _operation(request)
        if operation is None:
            return await _without_query(request)
        with watching(request.receive):
            return await _answer(request, operation)
    except ClientGone:
        return Response(status_code=499)  # nobody reads it
    except (Problem, BiennienError) as problem:
        return respond(request, as_problem(problem))
    except Exception:
        _log.exception("a query failed on our side")
        return respond(request, as_problem(RuntimeError()))


async def _answer(request: Request, operation: Operation) -> Response | Streamed:
    service = service_of(request)
    as_page = _wants_page(operation.format, request.headers.get("accept", ""))
    formats = _PAGE if as_page else _formats(operation.format, request.headers.get("accept", ""))
    await service.reach(_position(request))
    base = f"{base_of(request)}sparql"
    query = service.query(operation.query, formats, operation.seconds, operation.dataset, base)
    headers = {"Vary": "Accept", "Cache-Control": "no-cache", **_CORS}
    headers["Biennien-Position"] = str(service.position)
    if request.method != "POST" and not as_page and is_stable(query.text):
        # Each coding has a tag of its own.
        codings = request.headers.get("accept-encoding", "")
        headers["ETag"] = entity_tag(service.version, query, codings)
        if headers["ETag"] in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
    version = service.version
    answer = await service.answer(query)
    if as_page:
        return await _page(request, operation, answer)
    response = response_to(request, query, answer, headers)
    if isinstance(answer, Known) and isinstance(response, Response) and "ETag" in headers:
        service.requests.put(request.scope, Asked(version, query, tuple(response.raw_headers)))
    return response


@functools.lru_cache(maxsize=256)
def _wants_page(name: str, accept: str) -> bool:
    """Whether a person asks: `format=html`, or a browser's Accept header."""
    if name:
        return name == "html"
    return "text/html" in accept and choose(accept, (_HTML, *SOLUTIONS, *GRAPHS)) is _HTML


async def _page(request: Request, operation: Operation, answer: Answer) -> Response:
    found = await table(answer)
    known = GRAPHS if found.graph else SOLUTIONS
    title = next(
        (
            example.title[language_of(request)]
            for example in service_of(request).examples
            if example.text.strip() == operation.query.strip()
        ),
        "",
    )
    return render(
        request,
        "results.html",
        table=found,
        title=title,
        query=operation.query,
        formats=[syntax.name for syntax in known],
    )


@functools.lru_cache(maxsize=256)
def _formats(name: str, accept: str) -> Formats:
    """By `format=` or else by Accept, for either form of query; 406 where neither has one.

    What a query's form is, only its worker learns. A client that asks for a format of the other
    form only gets the default one of its form.
    """
    if name:
        return formats_named(name)
    solutions, graph = choose(accept, SOLUTIONS), choose(accept, GRAPHS)
    if solutions is None and graph is None:
        known = [syntax.media_type for syntax in (*SOLUTIONS, *GRAPHS)]
        raise NotAcceptable(accept, known)
    return Formats(solutions.name if solutions else "json", graph.name if graph else "ttl")


async def _operation(request: Request) -> Operation | None:
    fields = decode(request.scope["query_string"].decode("latin-1"))
    text: str | None = None
    if request.method == "POST":
        body = await body_of(request)
        media_type = media_type_of(request.headers.get("content-type", ""))
        if media_type == FORM:
            fields += decode(body)
        elif media_type == _DIRECT:
            text = body
        else:
            raise Problem(
                415,
                "unsupported-media-type",
                f"A query comes as {FORM} or {_DIRECT}, not as {media_type or 'nothing named'}.",
            )
    queries = [value for name, value in fields if name == "query"]
    if text is not None:
        queries.append(text)
    if len(queries) > 1:
        raise Problem(400, "bad-request", "There is more than one query in the request.")
    if any(name == "update" for name, _ in fields):
        raise Problem(400, "bad-request", "Updates are not accepted at this address.")
    if not queries:
        if request.method == "POST":
            raise Problem(400, "bad-request", "The request has no query.")
        return None
    given = dict(reversed(fields))
    return Operation(
        query=queries[0],
        dataset=Dataset(
            default_graphs=graph_iris(fields, "default-graph-uri"),
            named_graphs=graph_iris(fields, "named-graph-uri"),
        ),
        format=given.get("format", ""),
        seconds=_seconds(request, given.get("timeout", "")),
    )


def _seconds(request: Request, wanted: str) -> float | None:
    """`timeout=` in seconds, up to what the service allows."""
    if not wanted:
        return None
    most = service_of(request).settings.query_seconds
    try:
        seconds = float(wanted)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise Problem(400, "bad-request", f"timeout={wanted} is not a number of seconds.")
    return min(seconds, most)


def _position(request: Request) -> int:
    """The position that the client wants to see at least (`Biennien-Position`)."""
    wanted = request.headers.get("biennien-position", "0")
    if not wanted.isdecimal():
        raise Problem(400, "bad-request", f"Biennien-Position: {wanted} is no position.")
    return int(wanted)


async def _without_query(request: Request) -> Response:
    """The form for a browser, the service description for a machine; an error for a form."""
    wanted = request.headers.get("accept", "")
    if "text/html" in wanted:
        return render(request, "sparql.html", examples=service_of(request).examples)
    if wanted and wanted != "*/*" and choose(wanted, GRAPHS) is None:
        raise Problem(
            400, "bad-request", "The request has no query.", hint="Add ?query=SELECT…, URL-encoded."
        )
    return await service_description(request)
