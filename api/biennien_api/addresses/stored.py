# SPDX-License-Identifier: Apache-2.0
"""`/queries`: the stored queries, each with an address to cite, its text, and its results."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from biennien_api.http.conditional import tagged
from biennien_api.http.documents import SUFFIX_OF, Document, answer, asked, link, say
from biennien_api.http.pages import base_of, service_of
from biennien_api.http.parameters import bound, parameters
from biennien_api.http.problems import Problem
from biennien_api.http.protocol import decode
from biennien_api.sparql.query import sparql
from biennien_graph.engine.rdf import NamedNode, Triple, n_triples
from biennien_graph.terms import DCTERMS, RDF, RDFS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request

    from biennien_api.http.streaming import Streamed
    from biennien_api.sparql.examples import StoredQuery

_SH = "http://www.w3.org/ns/shacl#"
_SEE_ALSO = "http://www.w3.org/2000/01/rdf-schema#seeAlso"
_TEXT = "application/sparql-query"
_OF_THE_PROTOCOL = frozenset({"format", "timeout", "lang"})


async def queries(request: Request) -> Response:
    """All of them."""
    suffix = request.path_params.get("suffix")
    name, syntax = asked(request, f"queries.{suffix}" if suffix else "queries")
    if name != "queries":
        raise Problem(404, "not-found", f"There is no format “{suffix}”.", known=list(SUFFIX_OF))
    service, base = service_of(request), base_of(request)
    found = [t for q in service.examples for t in _described(q, service.settings.namespace, base)]
    values = {"queries": service.examples}
    return await answer(
        request, Document("queries", n_triples(found), "queries.html", values), syntax
    )


async def query(request: Request) -> Response:
    """One of them: what it asks, its parameters, its text. With parameters: to its results."""
    name = request.path_params["name"]
    if name.endswith(".rq"):
        return _text(_known(request, name.removesuffix(".rq")))
    stem, syntax = asked(request, name)
    found = _known(request, stem)
    fields = decode(request.scope["query_string"].decode("latin-1"))
    if any(field != "lang" for field, _ in fields):
        target = f"{base_of(request)}queries/{stem}/results?{urlencode(fields)}"
        return RedirectResponse(target, 303, {"Access-Control-Allow-Origin": "*"})
    base = base_of(request)
    namespace = service_of(request).settings.namespace
    document = Document(
        f"queries/{stem}",
        n_triples(_described(found, namespace, base)),
        "query.html",
        {"query": found, "parameters": parameters(found.text)},
        links=(f'<{base}queries/{stem}.rq>; rel="alternate"; type="{_TEXT}"',),
    )
    return await answer(request, document, syntax)


async def results(request: Request) -> Response | Streamed:
    """Its results, with other values where parameters are given; otherwise as `/sparql`."""
    found = _known(request, request.path_params["name"])
    fields = decode(request.scope["query_string"].decode("latin-1"))
    given: dict[str, list[str]] = {}
    for name, value in fields:
        if name not in _OF_THE_PROTOCOL:
            given.setdefault(name, []).append(value)
    kept = [(name, value) for name, value in fields if name in _OF_THE_PROTOCOL]
    asked_for = [("query", bound(found.text, given) if given else found.text), *kept]
    request.scope["query_string"] = urlencode(asked_for).encode()
    with service_of(request).clients.turn(request.scope):
        return await sparql(request)


def _text(found: StoredQuery) -> Response:
    headers = {"Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*"}
    return tagged(Response(found.text, media_type=f"{_TEXT}; charset=utf-8", headers=headers))


def _known(request: Request, name: str) -> StoredQuery:
    examples = service_of(request).examples
    for example in examples:
        if example.name == name:
            return example
    words = set(name.split("-"))
    near = sorted(examples, key=lambda known: -len(words & set(known.name.split("-"))))[:5]
    base = base_of(request)
    raise Problem(
        404,
        "not-found",
        f"There is no stored query “{name}”.",
        similar=[{"id": f"{base}queries/{q.name}", "label": q.title["vi"]} for q in near],
    )


def _described(found: StoredQuery, namespace: str, base: str) -> Iterator[Triple]:
    """A query as SHACL names executables (SHACL Advanced Features, section 5)."""
    about = f"{namespace}queries/{found.name}"
    yield link(about, RDF.type, f"{_SH}SPARQLSelectExecutable")
    for predicate, words in ((RDFS.label, found.title), (DCTERMS.description, found.description)):
        for language, text in words.items():
            yield say(about, predicate, text, language)
    yield say(about, f"{_SH}select", found.text)
    yield link(
        about, "http://www.w3.org/2000/01/rdf-schema#seeAlso", f"{base}queries/{found.name}/results"
    )
    for parameter in parameters(found.text):
        node = f"{about}#{parameter.name}"
        yield link(about, f"{_SH}parameter", node)
        yield link(node, RDF.type, f"{_SH}Parameter")
        yield say(node, f"{_SH}name", parameter.name)
        if parameter.datatype:
            yield link(node, f"{_SH}datatype", parameter.datatype)
        else:
            yield link(node, f"{_SH}nodeKind", f"{_SH}IRI")
        for default in parameter.defaults:
            yield Triple(NamedNode(node), NamedNode(f"{_SH}defaultValue"), default)
