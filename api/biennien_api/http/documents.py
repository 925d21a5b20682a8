# SPDX-License-Identifier: Apache-2.0
"""Documents that the service makes itself, of changes, shapes and stored queries: pages and RDF."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from biennien_api.addresses.identifiers import split
from biennien_api.addresses.representations import (
    HTML,
    JSONLD,
    N_TRIPLES,
    RDF_XML,
    SUFFIXES,
    TURTLE,
)
from biennien_api.http.conditional import tagged
from biennien_api.http.links import links
from biennien_api.http.negotiation import demand
from biennien_api.http.pages import base_of, render, service_of
from biennien_graph.engine.rdf import Literal, NamedNode, Triple, rendered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from biennien_graph.engine.formats import Syntax

FORMATS = (HTML, JSONLD, TURTLE, N_TRIPLES, RDF_XML)
SUFFIX_OF = {name: syntax for name, syntax in SUFFIXES.items() if syntax in FORMATS}


@dataclass(frozen=True, slots=True)
class Document:
    """What is said about `{namespace}{path}`, as N-Triples and as a page."""

    path: str
    triples: bytes
    template: str
    values: Mapping[str, Any]
    modified: str = ""
    links: tuple[str, ...] = ()
    bodies: Mapping[str, bytes] = field(default_factory=dict)  # syntaxes that are there as files


def asked(request: Request, name: str) -> tuple[str, Syntax]:
    """The name without its suffix, and the syntax that is asked for; 406 where it is unknown."""
    stem, syntax = split(name, SUFFIX_OF)
    return stem, syntax or demand(request.headers.get("accept", ""), FORMATS)


async def answer(request: Request, document: Document, syntax: Syntax) -> Response:
    """The document in a syntax, with the headers of every description."""
    iri = service_of(request).settings.namespace + document.path
    related = links(request, iri, document.path, FORMATS, history=False)
    headers = {
        "Vary": "Accept, Accept-Language" if syntax is HTML else "Accept",
        "Cache-Control": "no-cache",
        "Link": ", ".join([*related, *document.links]),
        "Content-Location": f"{base_of(request)}{document.path}.{syntax.name}",
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "Content-Location, ETag, Last-Modified, Link",
    }
    if syntax is HTML:
        page = render(
            request,
            document.template,
            headers=headers,
            path=document.path,
            syntaxes=FORMATS,
            **document.values,
        )
        return tagged(page, document.modified)
    body = document.bodies.get(syntax.name)
    if body is None:
        body = await asyncio.to_thread(rendered, document.triples, syntax.name)
    media_type = syntax.media_type + ("; charset=utf-8" if syntax is TURTLE else "")
    return tagged(Response(body, media_type=media_type, headers=headers), document.modified)


def link(subject: str, predicate: str, value: str) -> Triple:
    """A statement whose object is an IRI."""
    return Triple(NamedNode(subject), NamedNode(predicate), NamedNode(value))


def say(
    subject: str, predicate: str, value: str | int, language: str = "", datatype: str = ""
) -> Triple:
    """A statement whose object is a literal."""
    if isinstance(value, int):
        words = Literal(value)
    elif language:
        words = Literal(value, language=language)
    else:
        words = Literal(value, datatype=NamedNode(datatype) if datatype else None)
    return Triple(NamedNode(subject), NamedNode(predicate), words)
