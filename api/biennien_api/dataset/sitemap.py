# SPDX-License-Identifier: Apache-2.0
"""`/sitemap.xml`: every page, for crawlers, in parts (sitemaps.org 0.9); and `/robots.txt`.

A part is written while its query runs, a piece at a time, whatever its length.
"""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

from starlette.responses import PlainTextResponse, Response, StreamingResponse

from biennien_api.http.pages import base_of, href, service_of
from biennien_api.http.problems import Problem
from biennien_graph.engine import Formats
from biennien_graph.engine.rdf import Literal, NamedNode
from biennien_graph.indexes.history import History
from biennien_graph.queries import bind, load, page
from biennien_graph.terms import RICO, SKOS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

    from biennien_api.dataset.facts import Facts
    from biennien_graph.engine.answer import Answer

# At most 50,000 addresses and 50 MB each: one with its languages takes 1 kB at the very most.
MOST = 40_000
# Each thing has one of these classes; what is inferred makes them hold those below them too.
PARTS = {
    "documents": RICO.Record,
    "collections": RICO.RecordSet,
    "groups": RICO.Group,
    "people": RICO.Person,
    "places": RICO.Place,
    "events": RICO.Event,
    "concepts": SKOS.Concept,
    "sources": RICO.Instantiation,
}
_PAGES = ("", "about", "docs", "sparql", "ontology", "problems", "api/documents", "api/agencies",
          "api/people", "api/places", "api/events")  # fmt: skip
_OPEN = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
)
_XML = "application/xml"


async def robots(request: Request) -> Response:
    """Crawlers may read everything but what computes an answer for each address (RFC 9309)."""
    base = base_of(request)
    root = urlsplit(base).path
    closed = ("sparql", "graphs", "api/*?")
    lines = ["User-agent: *", *(f"Disallow: {root}{path}" for path in closed)]
    return PlainTextResponse("\n".join([*lines, f"Sitemap: {base}sitemap.xml", ""]))


async def index(request: Request) -> Response:
    """`/sitemap.xml`: the parts."""
    facts, base = await service_of(request).gathering.facts(), base_of(request)
    changed = facts.value("dataset-state", "modified")
    modified = f"<lastmod>{escape(changed)}</lastmod>" if changed else ""
    parts = "".join(
        f"<sitemap><loc>{base}sitemap/{name}.xml</loc>{modified}</sitemap>\n"
        for name in ("pages", *_parts(facts))
    )
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"{parts}</sitemapindex>\n"
    )
    headers = _headers(request)
    if facts.version != service_of(request).version:  # there may be more parts by now
        headers["Cache-Control"] = "no-store"
    return Response(body, media_type=_XML, headers=headers)


async def part(request: Request) -> Response:
    """`/sitemap/{name}.xml`: the pages, or a part of the things of a class."""
    name = request.path_params["name"]
    known = ["pages", *_parts(await service_of(request).gathering.facts())]
    if name not in known:
        raise Problem(404, "not-found", f"There is no part “{name}” of the sitemap.", known=known)
    headers = _headers(request)
    if name == "pages":
        entries = "".join(_entry(base_of(request) + path, "") for path in _PAGES)
        return Response(f"{_OPEN}{entries}</urlset>\n", media_type=_XML, headers=headers)
    kind, _, number = name.rpartition("-")
    values: dict[str, list[object]] = {
        "class": [NamedNode(PARTS[kind])],
        "namespace": [Literal(service_of(request).settings.namespace)],
    }
    text = page(bind(load("sitemap"), values), (int(number) - 1) * MOST, MOST)
    answer = await service_of(request).run(text, Formats("tsv"))
    if request.method == "HEAD":
        answer.close()
        return Response(media_type=_XML, headers=headers)
    return StreamingResponse(_written(request, answer), media_type=_XML, headers=headers)


def _parts(facts: Facts) -> list[str]:
    """Names of parts, enough for as many things as there are of each class, or more."""
    counts = facts.partition("class")
    return [
        f"{name}-{number}"
        for name, iri in PARTS.items()
        for number in range(1, math.ceil(counts.get(iri, 0) / MOST) + 1)
    ]


async def _written(request: Request, answer: Answer) -> AsyncIterator[str]:
    try:
        yield _OPEN
        async for iris in _lines(answer):
            times = await _times(request, iris)
            yield "".join(_entry(href(request, iri), times.get(iri, "")) for iri in iris)
        yield "</urlset>\n"
    finally:
        answer.close()


async def _lines(answer: Answer) -> AsyncIterator[list[str]]:
    """The IRIs of a TSV result, as many at a time as a piece of it holds."""
    rest = b""
    async for piece in answer:
        *lines, rest = (rest + piece).split(b"\n")
        found = [line.decode()[1:-1] for line in lines if line.startswith(b"<")]
        if found:
            yield found


async def _times(request: Request, iris: list[str]) -> dict[str, str]:
    """When each was changed last, where the index of changes is there."""
    indexes = service_of(request).indexes
    if indexes.positions.get(History.name, -1) < 0:
        return {}
    history = await indexes.history()
    return await asyncio.to_thread(history.latest, iris)


def _entry(address: str, modified: str) -> str:
    """One page, with its two languages."""
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{lang}"'
        f" href={quoteattr(address + (f'?lang={lang}' if lang != 'x-default' else ''))}/>"
        for lang in ("vi", "en", "x-default")
    )
    time = f"<lastmod>{escape(modified)}</lastmod>" if modified else ""
    return f"<url><loc>{escape(address)}</loc>{time}{links}</url>\n"


def _headers(request: Request) -> dict[str, str]:
    """The tag is weak: it is that of the change, and no byte has been looked at."""
    tag = f'W/"{service_of(request).version}"'
    return {"ETag": tag, "Cache-Control": "public, max-age=3600"}
