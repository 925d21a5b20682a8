# SPDX-License-Identifier: Apache-2.0
"""Errors as RFC 9457 problem documents, or as a page for a browser. One shape for all."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from biennien_api.http import problem_types
from biennien_api.http.methods import allowed
from biennien_api.http.negotiation import choose, language
from biennien_api.http.pages import address_of, language_of, render
from biennien_api.http.problem_types import TYPES
from biennien_graph import errors
from biennien_graph.engine.formats import Syntax

if TYPE_CHECKING:
    from starlette.requests import Request

_HTML = Syntax("html", "text/html")
_JSON = Syntax("json", "application/problem+json", ("application/json",))

# The class of an error decides its status and the last word of its `type`.
_KINDS: dict[type[errors.BiennienError], tuple[int, str]] = {
    errors.QuerySyntaxError: (400, "query-syntax"),
    errors.QueryRefused: (400, "query-refused"),
    errors.QueryTimeout: (504, "query-timeout"),
    errors.QueryOutOfMemory: (507, "query-memory"),
    errors.ResultTooLarge: (507, "result-too-large"),
    errors.QueryFailed: (500, "query-failed"),
    errors.CallFailed: (502, "call-failed"),
    errors.NotAcceptable: (406, "not-acceptable"),
    errors.Overloaded: (503, "overloaded"),
    errors.NotFound: (404, "not-found"),
    errors.Forbidden: (403, "forbidden"),
    errors.WrongState: (409, "wrong-state"),
    errors.UsageError: (400, "bad-request"),
    errors.Conflicting: (409, "conflicting"),
    errors.NotConforming: (422, "not-conforming"),
    errors.DataError: (400, "data"),
    errors.ServiceError: (503, "service"),
}
_WORDS = {400: "bad-request", 404: "not-found", 405: "method-not-allowed", 413: "too-large",
          415: "unsupported-media-type", 422: "bad-request"}  # fmt: skip


class Problem(Exception):
    """A problem that a route tells itself: status, the last word of its type, what is wrong."""

    def __init__(self, status: int, word: str, detail: str, **members: Any) -> None:
        super().__init__(detail)
        self.status, self.word, self.detail, self.members = status, word, detail, members
        self.headers: dict[str, str] = {}


async def on_problem(request: Request, problem: Exception) -> Response:
    """Any error that a route raised, as a response."""
    found = as_problem(problem)
    if found.status == 404 and not found.detail:
        found.detail = f"There is nothing at {request.url.path}."
    if found.status == 405:
        found.headers["Allow"] = allowed(request.scope["path"])
        found.detail = f"{request.method} is not for {request.url.path}."
        found.members["allowed"] = found.headers["Allow"].split(", ")
    return respond(request, found)


def as_problem(problem: Exception) -> Problem:
    """Sort an error into the one shape."""
    if isinstance(problem, Problem):
        return problem
    if isinstance(problem, HTTPException):
        word = _WORDS.get(problem.status_code, "http")
        title = HTTPStatus(problem.status_code).phrase
        detail = "" if problem.detail == title else str(problem.detail)
        found = Problem(problem.status_code, word, detail)
        found.headers = dict(problem.headers or {})
        return found
    if not isinstance(problem, errors.BiennienError):
        return Problem(500, "internal", "Something went wrong on our side; it has been logged.")
    status, word = next(
        kind for cls in type(problem).__mro__ if (kind := _KINDS.get(cls)) is not None
    )
    members: dict[str, Any] = {"hint": problem.hint} if problem.hint else {}
    for name in ("line", "column", "token", "seconds", "known", "results", "conflicts"):
        if getattr(problem, name, None) not in (None, ""):
            members[name] = getattr(problem, name)
    found = Problem(status, word, problem.message, **members)
    if isinstance(problem, errors.Overloaded):
        found.headers["Retry-After"] = str(problem.retry_after)
    return found


def document(problem: Problem, instance: str, lang: str = "en") -> dict[str, Any]:
    """RFC 9457, section 3.1, with the problem's own members after the standard ones."""
    kind = problem_types.known().get(problem.word)
    return {
        "type": TYPES + problem.word,
        "title": kind.title[lang] if kind else HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        "instance": instance,
        **problem.members,
    }


def respond(request: Request, problem: Problem) -> Response:
    """The problem as JSON, or as a page where a browser asks."""
    headers = {
        "Cache-Control": "no-store",
        "Vary": "Accept, Accept-Language",
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "Allow, Content-Type, Retry-After",
        **problem.headers,
    }
    where = urlsplit(address_of(request)).path
    wanted = choose(request.headers.get("accept", ""), [_JSON, _HTML])
    if wanted is _HTML and "text/html" in request.headers.get("accept", ""):
        body = document(problem, where, language_of(request))
        return render(
            request,
            "problem.html",
            status=problem.status,
            headers=headers,
            problem=body,
            word=problem.word,
        )
    lang = language("", request.headers.get("accept-language", "en"))
    body = document(problem, where, lang)
    return JSONResponse(
        body, problem.status, headers=headers, media_type="application/problem+json"
    )
