# SPDX-License-Identifier: Apache-2.0
"""What the service and its dataset say of themselves: SPARQL 1.1 Service Description, DCAT, VoID.

Counts come from the data, once per change, so that they say of which change they are.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.responses import Response

from biennien_api.dataset.dcat import catalogue, link, say
from biennien_api.dataset.void import numbers
from biennien_api.http.conditional import tagged
from biennien_api.http.negotiation import demand, named
from biennien_api.http.pages import base_of, service_of
from biennien_graph.engine.formats import GRAPHS
from biennien_graph.engine.rdf import Literal, n_triples, rendered
from biennien_graph.terms import DCTERMS, NAMESPACE, RDF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from starlette.requests import Request

    from biennien_api.dataset.facts import Facts
    from biennien_api.settings import Settings
    from biennien_graph.engine.rdf import Triple

_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
_RESULTS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV",
            "SPARQL_Results_TSV", "Turtle", "N-Triples", "JSON-LD", "RDF_XML")  # fmt: skip
_INPUTS = ("Turtle", "N-Triples", "JSON-LD", "RDF_XML", "TriG", "N-Quads")
_LICENSE = "https://creativecommons.org/licenses/by/4.0/"


async def service_description(request: Request) -> Response:
    """`/sparql` without a query (SPARQL 1.1 Service Description)."""
    service, base = service_of(request), base_of(request)
    facts = await service.gathering.facts()
    triples = [*_endpoint(service.settings, base), *_dataset(facts, service.settings, base)]
    return await _respond(request, triples, facts)


async def dataset(request: Request) -> Response:
    """The dataset, at `/` for RDF clients and at `/.well-known/void` (VoID, section 6.2)."""
    service, base = service_of(request), base_of(request)
    facts = await service.gathering.facts()
    triples = _dataset(facts, service.settings, base)
    return await _respond(request, triples, facts, f"{base}.well-known/void")


def links(base: str) -> str:
    """The `Link` header of the home page and of both descriptions."""
    return ", ".join(
        [
            f'<{NAMESPACE}>; rel="canonical"',
            f'<{base}.well-known/void>; rel="describedby"; type="text/turtle"',
            *(f'<{base}>; rel="alternate"; type="{s.media_type}"' for s in GRAPHS),
            f'<{base}>; rel="alternate"; type="text/html"',
            f'<{base}about>; rel="about"',
            f'<{base}openapi.json>; rel="service-desc"',
            f'<{base}docs>; rel="service-doc"',
            f'<{_LICENSE}>; rel="license"',
        ]
    )


def keeping(request: Request, facts: Facts | None) -> str:
    """The `Cache-Control` of what says these facts: older ones are not to be kept anywhere."""
    newest = facts is not None and facts.version == service_of(request).version
    return "no-cache" if newest else "no-store"


async def _respond(
    request: Request, triples: Iterable[Triple], facts: Facts, place: str = ""
) -> Response:
    """The triples in a syntax; `place` is where each syntax has an address, by suffix."""
    suffix = request.path_params.get("suffix", "")
    syntax = named(suffix, GRAPHS) if suffix else demand(request.headers.get("accept", ""), GRAPHS)
    body = await asyncio.to_thread(lambda: rendered(n_triples(triples), syntax.name))
    headers = {
        "Vary": "Accept",
        "Cache-Control": keeping(request, facts),
        "Link": links(base_of(request)),
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "Content-Location, ETag, Link",
    }
    if place:
        headers["Content-Location"] = f"{place}.{syntax.name}"
    return tagged(Response(body, media_type=syntax.media_type, headers=headers))


def _endpoint(settings: Settings, base: str) -> Iterator[Triple]:
    about = f"{base}sparql"
    yield link(about, RDF.type, f"{_SD}Service")
    yield link(about, f"{_SD}endpoint", about)
    yield link(about, f"{_SD}defaultDataset", NAMESPACE)
    for language in ("SPARQL10Query", "SPARQL11Query"):
        yield link(about, f"{_SD}supportedLanguage", f"{_SD}{language}")
    if settings.default_graph == "union":
        yield link(about, f"{_SD}feature", f"{_SD}UnionDefaultGraph")
    if settings.endpoints:
        yield link(about, f"{_SD}feature", f"{_SD}BasicFederatedQuery")
    for name in _RESULTS:
        yield link(about, f"{_SD}resultFormat", f"{_FORMATS}{name}")
    limits = {
        "en": f"A query has {settings.query_seconds:g} s and {settings.query_memory} MiB; a result "
        f"at most {settings.result_rows} rows and {settings.result_size} MiB; a client "
        f"{settings.client_queries} queries at once and {settings.client_rate} per minute; a body "
        f"{settings.max_body} bytes (0: no limit).",
        "vi": f"Mỗi truy vấn có {settings.query_seconds:g} giây và {settings.query_memory} MiB; "
        f"kết quả nhiều nhất {settings.result_rows} dòng và {settings.result_size} MiB; mỗi máy "
        f"khách {settings.client_queries} truy vấn cùng lúc và {settings.client_rate} truy vấn mỗi "
        f"phút; thân yêu cầu {settings.max_body} byte (0: không hạn).",
    }
    for lang, words in limits.items():
        yield say(about, DCTERMS.description, Literal(words, language=lang))
    update = f"{base}sparql/update"
    yield link(update, RDF.type, f"{_SD}Service")
    yield link(update, f"{_SD}endpoint", update)
    yield link(update, f"{_SD}supportedLanguage", f"{_SD}SPARQL11Update")
    yield link(update, f"{_SD}defaultDataset", NAMESPACE)
    for name in _INPUTS:
        yield link(update, f"{_SD}inputFormat", f"{_FORMATS}{name}")


def _dataset(facts: Facts, settings: Settings, base: str) -> Iterator[Triple]:
    yield link(NAMESPACE, RDF.type, f"{_SD}Dataset")
    yield from catalogue(facts, settings, base)
    yield from numbers(facts)
