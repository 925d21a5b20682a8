# SPDX-License-Identifier: Apache-2.0
"""The home page, the JSON-LD context, the ontology, health, and the documentation of the API."""

from __future__ import annotations

import contextlib
from importlib import resources
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, RedirectResponse, Response

from biennien_api.addresses.representations import HTML
from biennien_api.dataset import description, schema_dataset
from biennien_api.http.negotiation import choose
from biennien_api.http.pages import base_of, language_of, render, service_of
from biennien_api.http.problems import Problem
from biennien_graph import jsonld
from biennien_graph.engine.formats import GRAPHS
from biennien_graph.engine.rdf import NamedNode
from biennien_graph.errors import Overloaded

if TYPE_CHECKING:
    from starlette.requests import Request

STATIC = {
    "style.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
    "suggest.js": "text/javascript; charset=utf-8",
}


_PATIENCE = 2.0  # seconds that the page waits for counts where none are known yet


async def home(request: Request) -> Response:
    """What is here. RDF clients get the description of the dataset."""
    service, base = service_of(request), base_of(request)
    if choose(request.headers.get("accept", ""), (HTML, *GRAPHS)) not in (None, HTML):
        return await description.dataset(request)
    facts = None
    with contextlib.suppress(Overloaded):
        facts = await service.gathering.facts(_PATIENCE)
    lang = language_of(request)
    return render(
        request,
        "home.html",
        headers={
            "Link": description.links(base),
            "Cache-Control": description.keeping(request, facts),
        },
        counts=facts.counts if facts else [],
        records=facts.rows["records"] if facts else [],
        examples=[example for example in service.examples if example.featured],
        position=facts.position if facts else service.position,
        dataset=schema_dataset.dataset(facts, service.settings, base, lang) if facts else None,
    )


async def ontology_version(request: Request) -> Response:
    """A version IRI of the ontology, where it is the current one."""
    wanted = f"{service_of(request).settings.namespace}ontology/{request.path_params['version']}"
    if not await service_of(request).holds("versions", {"version": [NamedNode(wanted)]}):
        raise Problem(404, "not-found", "There is no such version of the ontology here.")
    return RedirectResponse(f"{base_of(request)}ontology", 303)


async def context(request: Request) -> Response:
    """The JSON-LD context: the newest for a day, a version for ever."""
    version = request.path_params.get("version", "")
    if version and version not in jsonld.versions():
        detail = f"There is no version “{version}” of the context."
        raise Problem(404, "not-found", detail, known=jsonld.versions())
    kept = "max-age=31536000, immutable" if version else "max-age=86400"
    return Response(
        jsonld.document(version or jsonld.NEWEST),
        media_type="application/ld+json",
        headers={"Access-Control-Allow-Origin": "*", "Cache-Control": f"public, {kept}"},
    )


async def health(request: Request) -> Response:
    """Whether the process lives. Asks nothing of the store."""
    del request
    return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


async def readiness(request: Request) -> Response:
    """Whether queries are answered, and from which change on."""
    service = service_of(request)
    body = {
        "status": "ok" if service.ready else "not ready",
        "position": service.position,
        "workers": service.pool.size,
        "idle": service.pool.idle,
        "indexes": service.indexes.positions,
        "reads": "memory" if service.pool.reads_memory else "disk",
    }
    if service.failure:
        body["problem"] = service.failure
    return JSONResponse(body, 200 if service.ready else 503, headers={"Cache-Control": "no-store"})


async def documentation(request: Request) -> Response:
    """The REST layer in words, from its own OpenAPI description."""
    api = request.app.state.api
    return render(request, "docs.html", api=api.openapi())


async def static(request: Request) -> Response:
    """The style sheet, the icon, the script of the search box."""
    name = request.path_params["name"]
    if name not in STATIC:
        raise Problem(404, "not-found", f"There is no file “{name}”.")
    content = resources.files("biennien_api").joinpath("static", name).read_text(encoding="utf-8")
    headers = {"Cache-Control": "max-age=3600"}
    return Response(content, media_type=STATIC[name], headers=headers)
