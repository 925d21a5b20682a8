# SPDX-License-Identifier: Apache-2.0
"""Addresses of things: `/id/…` → 303 → `/doc/…`, by suffix or by content negotiation."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from biennien_api.addresses.describe import describe
from biennien_api.addresses.identifiers import check_class, iri_of, split
from biennien_api.addresses.past import modified
from biennien_api.addresses.profiles import chosen, query_of
from biennien_api.addresses.profiles import headers as profile_headers
from biennien_api.addresses.representations import (
    HTML,
    SUFFIXES,
    SYNTAXES,
    TURTLE,
    embedded,
    represented,
)
from biennien_api.addresses.withdrawn import absent, standing
from biennien_api.http.conditional import tagged
from biennien_api.http.links import links
from biennien_api.http.negotiation import demand
from biennien_api.http.pages import base_of, language_of, render, service_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from biennien_graph.engine.formats import Syntax


async def identify(request: Request) -> Response:
    """A thing is no document; its description is one (Cool URIs, 303)."""
    kind, slug = request.path_params["kind"], request.path_params["slug"]
    iri = iri_of(request, f"id/{kind}/{slug}")
    check_class(kind)
    found = await standing(service_of(request), iri)
    if not found.described:
        return await absent(request, iri, found)
    target = f"{base_of(request)}doc/{kind}/{quote(slug)}"
    if request.url.query:
        target += f"?{request.url.query}"
    headers = {"Vary": "Accept", "Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*"}
    return RedirectResponse(target, 303, headers=headers)


async def document(request: Request) -> Response:
    """The description of a thing, in the syntax that the suffix or the client asks for."""
    kind, name = request.path_params["kind"], request.path_params["slug"]
    iri_of(request, f"id/{kind}/{name}")
    check_class(kind)
    slug, _ = split(name, SUFFIXES)
    return await _described(request, f"id/{kind}/{slug}", f"doc/{kind}/{slug}", name)


async def resource(request: Request) -> Response:
    """Whatever else of the namespace has something said about it: claims, passages, concepts."""
    path, _ = split(request.path_params["path"], SUFFIXES)
    return await _described(request, path, path, request.path_params["path"])


async def _described(request: Request, local: str, path: str, name: str) -> Response:
    iri = iri_of(request, local)
    _, syntax = split(name, SUFFIXES)
    found = await standing(service_of(request), iri)
    if not found.described:
        suffix = f".{name.rpartition('.')[2]}" if syntax else ""
        return await absent(request, iri, found, suffix=suffix)
    syntax = syntax or demand(request.headers.get("accept", ""), SYNTAXES)
    return await represent(request, iri, quote(path), syntax)


async def represent(request: Request, iri: str, path: str, syntax: Syntax) -> Response:
    """One description in one syntax, with the headers that go with it."""
    service = service_of(request)
    profile = chosen(request)
    told = {} if syntax is HTML else profile_headers(request, profile, path, syntax)
    own = links(request, iri, path, SYNTAXES, history=bool(path))
    related = [*own, *filter(None, [told.get("Link")])]
    headers = {
        **told,
        "Vary": "Accept, Accept-Language" if syntax is HTML else "Accept, Accept-Profile",
        "Cache-Control": "no-cache",
        "Link": ", ".join(related),
        "Content-Location": f"{base_of(request)}{path}.{syntax.name}{query_of(profile)}",
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "Content-Location, Content-Profile, ETag, Last-Modified, "
        "Link",
    }
    last = await modified(service, iri)
    if syntax is HTML:
        page = await describe(service, iri, language_of(request))
        linked = await embedded(service, iri) if path.startswith("doc/") else ""
        response: Response = render(
            request,
            "thing.html",
            headers=headers,
            thing=page,
            path=path,
            syntaxes=SYNTAXES,
            linked=linked,
        )
        return tagged(response, last)
    body = await represented(service, iri, syntax, base=base_of(request), profile=profile)
    media_type = syntax.media_type + ("; charset=utf-8" if syntax is TURTLE else "")
    return tagged(Response(body, media_type=media_type, headers=headers), last)
