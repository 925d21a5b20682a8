# SPDX-License-Identifier: Apache-2.0
"""`/api`: what there is under it, and the terms of its answers that no vocabulary has."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

from biennien_api.http.documents import SUFFIX_OF, Document, answer, asked
from biennien_api.http.problems import Problem
from biennien_graph.engine.rdf import Literal, NamedNode, RdfFormat, n_triples, read_text
from biennien_graph.terms import NAMESPACE, RDFS

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from biennien_graph.engine.rdf import Quad

TERMS = f"{NAMESPACE}api#"
_COMMENT = "http://www.w3.org/2000/01/rdf-schema#comment"


@dataclass(frozen=True, slots=True)
class Term:
    """One term: the fragment that names it, its labels and its meaning by language."""

    name: str
    label: dict[str, str]
    meaning: dict[str, str]


async def terms(request: Request) -> Response:
    """A page with the operations and the terms; for machines, the terms as RDF."""
    suffix = request.path_params.get("suffix")
    name, syntax = asked(request, f"api.{suffix}" if suffix else "api")
    if name != "api":
        raise Problem(404, "not-found", f"There is no format “{suffix}”.", known=list(SUFFIX_OF))
    values = {"terms": known(), "paths": request.app.state.api.openapi()["paths"]}
    return await answer(request, Document("api", n_triples(_quads()), "api.html", values), syntax)


@functools.cache
def known() -> tuple[Term, ...]:
    """All terms, classes first, by name."""
    said: dict[str, dict[str, dict[str, str]]] = {}
    for quad in _quads():
        subject, value = quad.subject, quad.object
        if isinstance(subject, NamedNode) and isinstance(value, Literal) and value.language:
            texts = said.setdefault(subject.value, {}).setdefault(quad.predicate.value, {})
            texts[value.language] = value.value
    names = sorted(iri.removeprefix(TERMS) for iri in said if iri.startswith(TERMS))
    return tuple(
        Term(name, said[TERMS + name][RDFS.label], said[TERMS + name][_COMMENT]) for name in names
    )


@functools.cache
def _quads() -> tuple[Quad, ...]:
    content = resources.files("biennien_api").joinpath("terms.ttl").read_bytes()
    return tuple(read_text(content, RdfFormat.TURTLE, name="terms.ttl"))
