# SPDX-License-Identifier: Apache-2.0
"""What is said about one IRI, in the profile and the syntax that a client asked for."""

from __future__ import annotations

import asyncio
import functools
import json
from typing import TYPE_CHECKING, Any

from biennien_api.addresses.named_graphs import trig
from biennien_graph import jsonld
from biennien_graph.engine.formats import Syntax
from biennien_graph.engine.rdf import NamedNode, RdfFormat, pretty, united
from biennien_graph.jsonld.context import SCHEMA_ORG
from biennien_graph.jsonld.profiles import RICO, SCHEMA
from biennien_graph.queries import load, values_of

if TYPE_CHECKING:
    from biennien_api.service import Service
    from biennien_graph.jsonld.profiles import Profile

HTML = Syntax("html", "text/html")
JSONLD = Syntax("jsonld", "application/ld+json", ("application/json",))
TURTLE = Syntax("ttl", "text/turtle", ("application/turtle", "application/x-turtle"))
N_TRIPLES = Syntax("nt", "application/n-triples", ("text/plain",))
TRIG = Syntax("trig", "application/trig", ("application/x-trig",))
RDF_XML = Syntax("rdf", "application/rdf+xml", ("application/xml",))
SYNTAXES = (HTML, JSONLD, TURTLE, N_TRIPLES, TRIG, RDF_XML)
SUFFIXES = {syntax.name: syntax for syntax in SYNTAXES} | {"json": JSONLD}


async def represented(
    service: Service, iri: str, syntax: Syntax, *, base: str, profile: Profile = RICO
) -> bytes:
    """The description of an IRI as RDF; `base` is the address of this service.

    Whatever the syntax, it is the graph that the profile's queries give.
    """
    if syntax is TRIG:
        return await trig(service, iri)
    triples = await graph(service, iri, profile)
    return await asyncio.to_thread(_serialised, triples, syntax, iri, base, profile)


async def embedded(service: Service, iri: str) -> str:
    """The thing in the terms of schema.org, to stand in a page as JSON-LD."""
    triples = await graph(service, iri, SCHEMA)
    text = (await asyncio.to_thread(_json, triples, iri, "", SCHEMA)).decode()
    return text.replace("<", "\\u003c")  # so that no text of ours ends the script element


async def graph(service: Service, iri: str, profile: Profile) -> bytes:
    """What a profile says about an IRI, as N-Triples."""
    node = [NamedNode(iri)]
    asked = [
        service.construct(query, dict.fromkeys(values_of(load(query)) & {"s", "thing", "x"}, node))
        for query in profile.queries
    ]
    return united(await asyncio.gather(*asked))


def context_address(base: str, profile: Profile = RICO) -> str | dict[str, Any]:
    """What `@context` says: where our context is, or that of schema.org itself.

    Search engines read that in pages, and fetch no context.
    """
    if profile.context == SCHEMA_ORG:
        return _schema_org()
    return f"{base}context/{profile.context}.jsonld"


def _serialised(triples: bytes, syntax: Syntax, iri: str, base: str, profile: Profile) -> bytes:
    if syntax is JSONLD:
        return _json(triples, iri, base, profile)
    if syntax is TURTLE:
        return pretty(triples, RdfFormat.TURTLE)
    if syntax is RDF_XML:
        return pretty(triples, RdfFormat.RDF_XML)
    return b"".join(sorted(triples.splitlines(keepends=True)))  # the same graph, the same tag


def _json(triples: bytes, iri: str, base: str, profile: Profile) -> bytes:
    return jsonld.described(
        triples,
        iri,
        context_address(base, profile),
        own=profile.own,
        flat=profile.flat,
        context_name=profile.context,
    )


@functools.cache
def _schema_org() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(jsonld.document(SCHEMA_ORG))["@context"]
    return content
