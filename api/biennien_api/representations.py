# SPDX-License-Identifier: Apache-2.0
"""What is said about one IRI, in the syntax that a client asked for."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from biennien_api.named_graphs import trig
from biennien_graph import jsonld
from biennien_graph.engine.formats import Syntax
from biennien_graph.engine.rdf import NamedNode, RdfFormat, pretty

if TYPE_CHECKING:
    from biennien_api.service import Service

HTML = Syntax("html", "text/html")
JSONLD = Syntax("jsonld", "application/ld+json", ("application/json",))
TURTLE = Syntax("ttl", "text/turtle", ("application/turtle", "application/x-turtle"))
N_TRIPLES = Syntax("nt", "application/n-triples", ("text/plain",))
TRIG = Syntax("trig", "application/trig", ("application/x-trig",))
RDF_XML = Syntax("rdf", "application/rdf+xml", ("application/xml",))
SYNTAXES = (HTML, JSONLD, TURTLE, N_TRIPLES, TRIG, RDF_XML)
SUFFIXES = {syntax.name: syntax for syntax in SYNTAXES} | {"json": JSONLD}


async def represented(service: Service, iri: str, syntax: Syntax, *, base: str) -> bytes:
    """The description of an IRI as RDF; `base` is the address of this service."""
    if syntax is TRIG:
        return await trig(service, iri)
    values = {"s": [NamedNode(iri)], "thing": [NamedNode(iri)]}
    triples = await service.construct("describe", values)
    return await asyncio.to_thread(_serialised, triples, syntax, iri, base)


def _serialised(triples: bytes, syntax: Syntax, iri: str, base: str) -> bytes:
    if syntax is JSONLD:
        return jsonld.description(triples, iri, address=f"{base}context.jsonld")
    if syntax is TURTLE:
        return pretty(triples, RdfFormat.TURTLE)
    if syntax is RDF_XML:
        return pretty(triples, RdfFormat.RDF_XML)
    return triples
