# SPDX-License-Identifier: Apache-2.0
"""`/problems/…`: what each `type` of a problem document means (RFC 9457, section 3.1.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from biennien_api.http.documents import SUFFIX_OF, Document, answer, asked, link, say
from biennien_api.http.problem_types import TYPES, known
from biennien_api.http.problems import Problem
from biennien_graph.engine.rdf import n_triples
from biennien_graph.terms import RDF, RDFS, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request
    from starlette.responses import Response

    from biennien_api.http.problem_types import ProblemType
    from biennien_graph.engine.rdf import Triple

_TEMPLATE = "problem-types.html"
_CONTEXT = {
    "type": "@id",
    "types": "@graph",
    "title": {"@id": RDFS.label, "@container": "@language"},
    "meaning": {"@id": SKOS.definition, "@container": "@language"},
    "remedy": {"@id": SKOS.scopeNote, "@container": "@language"},
}


async def problems(request: Request) -> Response:
    """All of them."""
    suffix = request.path_params.get("suffix")
    name, syntax = asked(request, f"problems.{suffix}" if suffix else "problems")
    if name != "problems":
        raise Problem(404, "not-found", f"There is no format “{suffix}”.", known=list(SUFFIX_OF))
    types = list(known().values())
    triples = n_triples(triple for found in types for triple in _described(found))
    document = Document(
        "problems",
        triples,
        _TEMPLATE,
        {"types": types, "one": False},
        bodies={"jsonld": _json({"types": [found.document() for found in types]})},
    )
    return await answer(request, document, syntax)


async def problem(request: Request) -> Response:
    """One of them."""
    word, syntax = asked(request, request.path_params["word"])
    found = known().get(word)
    if found is None:
        raise Problem(
            404,
            "not-found",
            f"There is no type of problem “{word}”.",
            known=list(known()),
        )
    document = Document(
        f"problems/{word}",
        n_triples(_described(found)),
        _TEMPLATE,
        {"types": [found], "one": True},
        bodies={"jsonld": _json(found.document())},
    )
    return await answer(request, document, syntax)


def _json(content: dict[str, Any]) -> bytes:
    """Plain JSON, which the context before it makes to say the same as the other syntaxes."""
    return orjson.dumps({"@context": _CONTEXT, **content}, option=orjson.OPT_INDENT_2)


def _described(found: ProblemType) -> Iterator[Triple]:
    about = TYPES + found.word
    yield link(about, RDF.type, SKOS.Concept)
    for lang in ("vi", "en"):
        yield say(about, RDFS.label, found.title[lang], lang)
        yield say(about, SKOS.definition, found.meaning[lang], lang)
        yield say(about, SKOS.scopeNote, found.remedy[lang], lang)
