# SPDX-License-Identifier: Apache-2.0
"""Content negotiation by profile (W3C Content Negotiation by Profile; RFC 6906 for the links).

`?profile=` decides, then `Accept-Profile`, then the `profile` parameter of JSON-LD's media type.
Profiles are named by their IRI or by its last word.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from starlette.responses import Response

from biennien_api.addresses.representations import HTML, JSONLD, N_TRIPLES, TURTLE, context_address
from biennien_api.http.negotiation import demand, preferred
from biennien_api.http.pages import base_of, render
from biennien_api.http.problems import Problem
from biennien_graph import jsonld
from biennien_graph.engine.rdf import Literal, NamedNode, RdfFormat, Triple, n_triples, pretty
from biennien_graph.errors import UsageError
from biennien_graph.jsonld.frames import CLASSES
from biennien_graph.jsonld.profiles import EVIDENCE, PROFILES, RICO, Profile, profile
from biennien_graph.terms import DCTERMS, RDF, RDFS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request

    from biennien_graph.engine.formats import Syntax

_PROF = "http://www.w3.org/ns/dx/prof/"
_FRAMED = (RICO, EVIDENCE)  # which the JSON Schemas are of
_IN_TYPE = re.compile(r"""ld\+json[^,]*;\s*profile\s*=\s*"?([^",;]+)""")


def chosen(request: Request) -> Profile:
    """The profile that a request asks for; 406 with those that there are, where it is none."""
    named = request.query_params.get("profile", "")
    if named:
        return _known(named, named)
    header = ", ".join(request.headers.getlist("accept-profile"))
    wanted = [name.strip("<>") for name in preferred(header)]
    for name in wanted:
        if name == "*":
            return RICO
        if _is_known(name):
            return profile(name)
    if wanted:
        raise _unknown(header)
    return _of_media_type(request.headers.get("accept", ""))


def headers(request: Request, chosen: Profile, path: str, syntax: Syntax) -> dict[str, str]:
    """`Content-Profile`, and in `Link` the profile and the same thing in the others."""
    address = f"{base_of(request)}{path}.{syntax.name}"
    links = [f'<{chosen.iri}>; rel="profile"']
    links += [
        f'<{address}?profile={other.name}>; rel="alternate"; type="{syntax.media_type}"; '
        f'formats="{other.iri}"'
        for other in PROFILES.values()
        if other is not chosen
    ]
    kind = path.removeprefix("doc/").partition("/")[0]
    if syntax is JSONLD and kind in CLASSES and path.startswith("doc/") and chosen in _FRAMED:
        links.append(
            f'<{base_of(request)}schemas/{kind}.json>; rel="describedby"; '
            'type="application/schema+json"'
        )
    return {"Content-Profile": f"<{chosen.iri}>", "Link": ", ".join(links)}


def query_of(chosen: Profile) -> str:
    """What follows the path of an address to ask for a profile; nothing for the usual one."""
    return "" if chosen is RICO else f"?profile={chosen.name}"


async def described(request: Request) -> Response:
    """`/profile/{name}`: what a profile is, by the Profiles Vocabulary."""
    name = request.path_params["name"]
    if not _is_known(name):
        raise Problem(404, "not-found", f"There is no profile “{name}”.", known=list(PROFILES))
    found = profile(name)
    syntax = demand(request.headers.get("accept", ""), (HTML, JSONLD, TURTLE, N_TRIPLES))
    common = {"Vary": "Accept, Accept-Language", "Access-Control-Allow-Origin": "*"}
    if syntax is HTML:
        return render(request, "profile.html", headers=common, profile=found, profiles=PROFILES)
    triples = n_triples(_statements(found))
    if syntax is JSONLD:
        triples = jsonld.described(triples, found.iri, context_address(base_of(request)))
    elif syntax is TURTLE:
        triples = pretty(triples, RdfFormat.TURTLE)
    return Response(triples, media_type=syntax.media_type, headers=common)


def _statements(found: Profile) -> Iterator[Triple]:
    subject = NamedNode(found.iri)

    def say(predicate: str, value: NamedNode | Literal) -> Triple:
        return Triple(subject, NamedNode(predicate), value)

    yield say(RDF.type, NamedNode(f"{_PROF}Profile"))
    yield say(f"{_PROF}hasToken", Literal(found.name))
    yield say(RDFS.label, Literal(found.name, language="en"))
    yield say(DCTERMS.description, Literal(found.summary, language="en"))


def _of_media_type(accept: str) -> Profile:
    """By `application/ld+json; profile=…`, which may name profiles of others too (RFC 6906)."""
    names = [name for found in _IN_TYPE.findall(accept) for name in found.split()]
    return next((profile(name) for name in names if _is_known(name)), RICO)


def _known(name: str, asked: str) -> Profile:
    try:
        return profile(name)
    except UsageError:
        raise _unknown(asked) from None


def _is_known(name: str) -> bool:
    return any(name in {found.name, found.iri} for found in PROFILES.values())


def _unknown(asked: str) -> Problem:
    known = [{"name": p.name, "id": p.iri, "summary": p.summary} for p in PROFILES.values()]
    detail = f"None of the profiles asked for is known: {asked}."
    return Problem(406, "unknown-profile", detail, profiles=known)
