# SPDX-License-Identifier: Apache-2.0
"""Addresses of things: `/id/…` → 303 → `/doc/…`, by suffix or by content negotiation."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from biennien_api.describe import describe
from biennien_api.negotiation import demand
from biennien_api.pages import base_of, language_of, render, service_of
from biennien_api.problems import Problem
from biennien_api.profiles import chosen, query_of
from biennien_api.profiles import headers as profile_headers
from biennien_api.representations import HTML, SUFFIXES, SYNTAXES, TURTLE, embedded, represented
from biennien_graph.engine.rdf import Literal, NamedNode
from biennien_graph.folding import fold

if TYPE_CHECKING:
    from starlette.requests import Request

    from biennien_graph.engine.formats import Syntax

CLASSES = ("document", "agency", "person", "place", "event", "topic")
_LICENSE = "https://creativecommons.org/licenses/by/4.0/"


async def identify(request: Request) -> Response:
    """A thing is no document; its description is one (Cool URIs, 303)."""
    kind, slug = request.path_params["kind"], request.path_params["slug"]
    await _known(request, f"{_namespace(request)}id/{kind}/{slug}", kind, slug)
    target = f"{base_of(request)}doc/{kind}/{quote(slug)}"
    if request.url.query:
        target += f"?{request.url.query}"
    return RedirectResponse(target, 303, headers={"Vary": "Accept"})


async def document(request: Request) -> Response:
    """The description of a thing, in the syntax that the suffix or the client asks for."""
    kind = request.path_params["kind"]
    slug, syntax = _split(request, request.path_params["slug"])
    iri = f"{_namespace(request)}id/{kind}/{slug}"
    await _known(request, iri, kind, slug)
    return await represent(request, iri, f"doc/{kind}/{quote(slug)}", syntax)


async def resource(request: Request) -> Response:
    """Whatever else of the namespace has something said about it: claims, passages, concepts."""
    path, syntax = _split(request, request.path_params["path"])
    iri = _namespace(request) + path
    if not await _exists(request, iri):
        raise Problem(404, "not-found", f"Nothing is known under the address /{path}.")
    return await represent(request, iri, quote(path), syntax)


async def represent(request: Request, iri: str, path: str, syntax: Syntax) -> Response:
    """One description in one syntax, with the headers that go with it."""
    service = service_of(request)
    profile = chosen(request)
    told = {} if syntax is HTML else profile_headers(request, profile, path, syntax)
    links = [*_links(request, iri, path), *filter(None, [told.get("Link")])]
    headers = {
        **told,
        "Vary": "Accept, Accept-Language" if syntax is HTML else "Accept, Accept-Profile",
        "Cache-Control": "no-cache",
        "Link": ", ".join(links),
        "Content-Location": f"{base_of(request)}{path}.{syntax.name}{query_of(profile)}",
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "Content-Location, Content-Profile, ETag, Link",
    }
    lang = language_of(request)
    spoken = lang if syntax is HTML else ""
    packed = "gzip" in request.headers.get("accept-encoding", "")  # has a tag of its own
    asked = f"{iri} {syntax.name} {profile.name} {spoken} {packed}"
    tag = f"{asked} {service.position} {base_of(request)}"
    headers["ETag"] = f'"{hashlib.sha256(tag.encode()).hexdigest()[:24]}"'
    if _matches(request.headers.get("if-none-match", ""), headers["ETag"]):
        # As the compressing middleware says of a 200.
        return Response(
            status_code=304, headers={**headers, "Vary": f"{headers['Vary']}, Accept-Encoding"}
        )
    if syntax is HTML:
        page = await describe(service, iri, lang)
        linked = await embedded(service, iri) if path.startswith("doc/") else ""
        return render(
            request,
            "thing.html",
            headers=headers,
            thing=page,
            path=path,
            syntaxes=SYNTAXES,
            linked=linked,
        )
    body = await represented(service, iri, syntax, base=base_of(request), profile=profile)
    media_type = syntax.media_type + ("; charset=utf-8" if syntax is TURTLE else "")
    return Response(body, media_type=media_type, headers=headers)


def _split(request: Request, path: str) -> tuple[str, Syntax]:
    """The path without its suffix, and the syntax; 406 where nothing known is asked for."""
    stem, dot, suffix = path.rpartition(".")
    if dot and suffix in SUFFIXES:
        return stem, SUFFIXES[suffix]
    return path, demand(request.headers.get("accept", ""), SYNTAXES)


async def _known(request: Request, iri: str, kind: str, slug: str) -> None:
    if kind in CLASSES and await _exists(request, iri):
        return
    if kind not in CLASSES:
        raise Problem(404, "not-found", f"There is no class “{kind}”.", known=list(CLASSES))
    near = await service_of(request).ask(
        "neighbours", {"wanted": [Literal(fold(slug.replace("-", " ")))]}
    )
    raise Problem(
        404,
        "not-found",
        f"There is no {kind} “{slug}”.",
        similar=[{"id": row["thing"]["value"], "label": row["label"]["value"]} for row in near],
    )


async def _exists(request: Request, iri: str) -> bool:
    try:
        node = NamedNode(iri)
    except ValueError:
        return False
    return await service_of(request).holds("exists", {"thing": [node]})


def _namespace(request: Request) -> str:
    return service_of(request).settings.namespace


def _links(request: Request, iri: str, path: str) -> list[str]:
    base = base_of(request)
    return [
        f'<{iri}>; rel="canonical"',
        *(
            f'<{base}{path}.{syntax.name}>; rel="alternate"; type="{syntax.media_type}"'
            for syntax in SYNTAXES
        ),
        f'<{base}ontology>; rel="describedby"',
        f'<{_LICENSE}>; rel="license"',
    ]


def _matches(header: str, tag: str) -> bool:
    """If-None-Match (RFC 9110, section 13.1.2), weak comparison."""
    wanted = {part.strip().removeprefix("W/") for part in header.split(",")}
    return tag in wanted or "*" in wanted
