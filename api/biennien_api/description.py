# SPDX-License-Identifier: Apache-2.0
"""What the service and its dataset say of themselves: SPARQL 1.1 Service Description, and VoID.

Counts come from the data at the present position, so that they are never out of date.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from biennien_api.negotiation import demand
from biennien_api.pages import base_of, service_of
from biennien_graph.engine.formats import GRAPHS
from biennien_graph.engine.rdf import Literal, NamedNode, Triple, n_triples, rendered
from biennien_graph.terms import DCTERMS, NAMESPACE, RDF

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request

    from biennien_api.service import Service

_SD = "http://www.w3.org/ns/sparql-service-description#"
_VOID = "http://rdfs.org/ns/void#"
_FORMATS = "http://www.w3.org/ns/formats/"
_RESULTS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV",
            "SPARQL_Results_TSV", "Turtle", "N-Triples", "JSON-LD", "RDF_XML")  # fmt: skip
_INPUTS = ("Turtle", "N-Triples", "JSON-LD", "RDF_XML", "TriG", "N-Quads")
_LICENSE = "https://creativecommons.org/licenses/by/4.0/"


async def service_description(request: Request) -> Response:
    """`/sparql` without a query (SPARQL 1.1 Service Description)."""
    service = service_of(request)
    triples = [*_endpoint(service, base_of(request)), *await _dataset(service, base_of(request))]
    return _respond(request, triples)


async def void(request: Request) -> Response:
    """`/.well-known/void` (VoID, section 6.2)."""
    return _respond(request, await _dataset(service_of(request), base_of(request)))


def _respond(request: Request, triples: list[Triple]) -> Response:
    syntax = demand(request.headers.get("accept", ""), GRAPHS)
    body = rendered(n_triples(triples), syntax.name)
    headers = {"Vary": "Accept", "Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*"}
    return Response(body, media_type=syntax.media_type, headers=headers)


def _endpoint(service: Service, base: str) -> Iterator[Triple]:
    about = f"{base}sparql"
    settings = service.settings
    yield _link(about, RDF.type, f"{_SD}Service")
    yield _link(about, f"{_SD}endpoint", about)
    yield _link(about, f"{_SD}defaultDataset", NAMESPACE)
    for language in ("SPARQL10Query", "SPARQL11Query"):
        yield _link(about, f"{_SD}supportedLanguage", f"{_SD}{language}")
    if settings.default_graph == "union":
        yield _link(about, f"{_SD}feature", f"{_SD}UnionDefaultGraph")
    if settings.endpoints:
        yield _link(about, f"{_SD}feature", f"{_SD}BasicFederatedQuery")
    for name in _RESULTS:
        yield _link(about, f"{_SD}resultFormat", f"{_FORMATS}{name}")
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
        yield _say(about, DCTERMS.description, Literal(words, language=lang))
    update = f"{base}sparql/update"
    yield _link(update, RDF.type, f"{_SD}Service")
    yield _link(update, f"{_SD}endpoint", update)
    yield _link(update, f"{_SD}supportedLanguage", f"{_SD}SPARQL11Update")
    yield _link(update, f"{_SD}defaultDataset", NAMESPACE)
    for name in _INPUTS:
        yield _link(update, f"{_SD}inputFormat", f"{_FORMATS}{name}")


async def _dataset(service: Service, base: str) -> list[Triple]:
    about, default = NAMESPACE, f"{NAMESPACE}graph/default"
    found = [
        _link(about, RDF.type, f"{_SD}Dataset"),
        _link(about, RDF.type, f"{_VOID}Dataset"),
        _say(about, DCTERMS.title, Literal("Biên Niên", language="vi")),
        _link(about, DCTERMS.license, _LICENSE),
        _link(about, f"{_VOID}sparqlEndpoint", f"{base}sparql"),
        _say(about, f"{_VOID}uriSpace", Literal(NAMESPACE)),
        _link(about, f"{_SD}defaultGraph", default),
        _link(default, RDF.type, f"{_SD}Graph"),
        _link(default, RDF.type, f"{_VOID}Dataset"),
    ]
    found += await _partitions(service, about, default)
    found += await _graphs(service, about)
    return found


async def _partitions(service: Service, about: str, default: str) -> list[Triple]:
    """Triples in all, and things and triples by class and by property (VoID, section 4)."""
    found, triples = [], 0
    for row in await service.ask("partitions"):
        count = int(row["count"]["value"])
        kind = "class" if "class" in row else "property"
        iri = row[kind]["value"]
        node = f"{about}.well-known/void#{kind}-{_name(iri)}"
        found += [
            _link(about, f"{_VOID}{kind}Partition", node),
            _link(node, f"{_VOID}{kind}", iri),
            _say(node, f"{_VOID}{'entities' if kind == 'class' else 'triples'}", Literal(count)),
        ]
        triples += count if kind == "property" else 0
    for kind, counted in (("classes", "class"), ("properties", "property")):
        parts = [t for t in found if t.predicate.value == f"{_VOID}{counted}Partition"]
        found.append(_say(about, f"{_VOID}{kind}", Literal(len(parts))))
    for dataset in (about, default):
        found.append(_say(dataset, f"{_VOID}triples", Literal(triples)))
    return found


async def _graphs(service: Service, about: str) -> list[Triple]:
    found: list[Triple] = []
    for row in await service.ask("graphs"):
        name = row["graph"]["value"]
        node = f"{about}.well-known/void#graph-{_name(name)}"
        found += [
            _link(about, f"{_SD}namedGraph", node),
            _link(node, RDF.type, f"{_SD}NamedGraph"),
            _link(node, f"{_SD}name", name),
        ]
        if "title" in row:
            title = row["title"]
            words = Literal(title["value"], language=title.get("xml:lang"))
            found.append(_say(node, DCTERMS.title, words))
    return found


def _name(iri: str) -> str:
    """A fragment that tells IRIs apart and can be read."""
    return "".join(sign if sign.isalnum() else "-" for sign in iri.partition("://")[2])


def _link(subject: str, predicate: str, value: str) -> Triple:
    return Triple(NamedNode(subject), NamedNode(predicate), NamedNode(value))


def _say(subject: str, predicate: str, value: Literal) -> Triple:
    return Triple(NamedNode(subject), NamedNode(predicate), value)
