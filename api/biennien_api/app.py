# SPDX-License-Identifier: Apache-2.0
"""The application: plain Starlette routes for queries and descriptions, FastAPI for the lists."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Mount, Route

from biennien_api.addresses import (
    api_terms,
    changes,
    graph_pages,
    mementos,
    problem_pages,
    profiles,
    schemas,
    shapes,
    stored,
    things,
)
from biennien_api.dataset import description, home, sitemap
from biennien_api.dataset.about import about
from biennien_api.http.codings import compressing
from biennien_api.http.disconnect import ClientGone, on_nobody
from biennien_api.http.finished import Representations
from biennien_api.http.forwarded import Front, networks
from biennien_api.http.methods import HeadAsGet, Options
from biennien_api.http.problems import Problem, on_problem, respond
from biennien_api.lists import claims, network, timeline
from biennien_api.lists import routes as lists
from biennien_api.search import routes as search
from biennien_api.service import Service
from biennien_api.sparql import graph_store, updates
from biennien_api.sparql.query import Sparql, sparql
from biennien_api.stewardship import accountability, submission_pages, submissions, validation
from biennien_api.stewardship.sessions import NotLoggedIn, on_not_logged_in
from biennien_api.version import version
from biennien_graph.errors import BiennienError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import Receive, Scope, Send

    from biennien_api.settings import Settings

_HOT, _READ = {"GET", "POST"}, {"GET", "HEAD"}
_HANDLERS: dict[Any, Any] = {
    HTTPException: on_problem,
    Problem: on_problem,
    BiennienError: on_problem,
    ClientGone: on_nobody,
    NotLoggedIn: on_not_logged_in,
    Exception: on_problem,
}


class Application:
    """The whole service as an ASGI application. Nothing is opened before its lifespan begins.

    Queries take the short way, and so does what was answered before (`finished.py`); everything
    else goes through Starlette.
    """

    def __init__(self, settings: Settings) -> None:
        self._pages = _pages(settings)
        self._sparql = Sparql(self._pages)
        self._rest = Representations(self._pages, self._pages.state, settings.page_cache * 2**20)
        self._front = Front(settings.public_url, networks(settings.trusted_proxies))
        self.service: Service = self._pages.state.service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._pages(scope, receive, send)
            return
        self._front.place(scope)
        hot = scope["path"] == "/sparql" and scope["method"] in _HOT
        await (self._sparql if hot else self._rest)(scope, receive, send)


def _pages(settings: Settings) -> Starlette:
    service = Service(settings)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with service.running():
            yield

    api = _rest()
    app = Starlette(
        routes=[*_routes(), Mount("/", HeadAsGet(api))],
        middleware=[
            Middleware(Options),
            Middleware(compressing),
        ],
        exception_handlers=_HANDLERS,
        lifespan=lifespan,
    )
    app.state.service = api.state.service = service
    app.state.api = api.state.api = api
    return app


def _routes() -> list[Route]:
    """The hot routes and the plain ones. Each answers HEAD as well as GET."""
    return [
        Route("/", home.home),
        Route("/sparql", sparql, methods=["GET", "POST"]),
        Route("/sparql/update", updates.update, methods=["GET", "POST"]),
        Route("/graphs", graph_store.graphs, methods=graph_store.METHODS),
        Route("/graphs/{path:path}", graph_store.graphs, methods=graph_store.METHODS),
        Route("/graph/{entry:path}", graph_pages.graph),
        Route("/graph/{entry:path}", graph_store.graphs, methods=graph_store.METHODS[1:]),
        Route("/id/{kind}/{slug}", things.identify),
        Route("/doc/{kind}/{slug}", things.document),
        Route("/api", api_terms.terms),
        Route("/api.{suffix}", api_terms.terms),
        Route("/problems", problem_pages.problems),
        Route("/problems.{suffix}", problem_pages.problems),
        Route("/problems/{word}", problem_pages.problem),
        Route("/shapes", shapes.shapes),
        Route("/shapes.{suffix}", shapes.shapes),
        Route("/shapes/{name}", shapes.shape),
        Route("/queries", stored.queries),
        Route("/queries.{suffix}", stored.queries),
        Route("/queries/{name}", stored.query),
        Route("/queries/{name}/results", stored.results),
        Route("/changes", changes.changes),
        Route("/changes.{suffix}", changes.changes),
        Route("/changes/{number}", changes.change),
        Route("/timemap/{path:path}", mementos.timemap),
        Route("/timegate/{path:path}", mementos.timegate),
        Route("/memento/{when}/{path:path}", mementos.memento),
        Route("/ontology/{version}", home.ontology_version),
        Route("/context.jsonld", home.context),
        Route("/context/{version}.jsonld", home.context),
        Route("/profile/{name}", profiles.described),
        Route("/schemas/{name}.json", schemas.schema),
        Route("/schemas/{digest}/{name}.json", schemas.schema),
        Route("/.well-known/void", description.dataset),
        Route("/.well-known/void.{suffix}", description.dataset),
        Route("/about", about),
        *submission_pages.ROUTES,
        Route("/healthz", home.health),
        Route("/readyz", home.readiness),
        Route("/docs", home.documentation),
        Route("/robots.txt", sitemap.robots),
        Route("/sitemap.xml", sitemap.index),
        Route("/sitemap/{name}.xml", sitemap.part),
        Route("/validate", validation.page, methods=["GET", "POST"]),
        Route("/static/{name}", home.static),
    ]


def _rest() -> FastAPI:
    """What OpenAPI describes; and last, whatever else of the namespace is known."""
    api = FastAPI(
        title="Biên Niên",
        version=version(),
        summary="Historical records as linked data, with the passage for every statement",
        license_info={"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
        docs_url=None,
        redoc_url=None,
        exception_handlers={**_HANDLERS, RequestValidationError: _on_bad_parameters},
    )
    for part in (
        *(lists, search, claims, timeline, network),
        *(submissions, validation, accountability),
    ):
        api.include_router(part.router)
    api.router.routes.append(Route("/{path:path}", things.resource))
    schemas.add_to(api)
    return api


async def _on_bad_parameters(request: Request, problem: Exception) -> Response:
    errors = problem.errors() if isinstance(problem, RequestValidationError) else ()
    wrong = [
        {
            "parameter": str(error["loc"][:2][-1]),
            "value": error.get("input"),
            "rule": error["msg"],
            **_accepted(request, error),
        }
        for error in errors
    ]
    words = "; ".join(f"{found['parameter']}: {found['rule']}" for found in wrong)
    return respond(request, Problem(422, "bad-request", words, parameters=wrong))


def _accepted(request: Request, error: Any) -> dict[str, Any]:
    """For a parameter that there is not, those that there are."""
    if error["type"] != "extra_forbidden":
        return {}
    (model,) = request.scope["route"].dependant.query_params
    return {"known": list(model.field_info.annotation.model_fields)}
