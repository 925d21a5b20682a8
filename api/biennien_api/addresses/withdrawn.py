# SPDX-License-Identifier: Apache-2.0
"""Things that are no longer described: merged or renamed ones lead on, withdrawn ones are gone.

`old dcterms:isReplacedBy new`, and nothing else said of the old one but `skos:changeNote`, means
that the new one stands for it. Several new ones, or none, mean that it is gone (410).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response

from biennien_api.addresses.identifiers import path_of, unknown
from biennien_api.addresses.past import touches
from biennien_api.http.pages import base_of, service_of
from biennien_api.http.problems import Problem
from biennien_graph.engine.rdf import NamedNode

if TYPE_CHECKING:
    from starlette.requests import Request

    from biennien_api.service import Service

_FAR = 16  # replacements of replacements that are followed


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether an IRI is described, and what it was replaced by."""

    described: bool
    replacements: tuple[str, ...] = ()


async def standing(service: Service, iri: str) -> Standing:
    """What becomes of an IRI that is asked for."""
    rows = await service.ask("standing", {"thing": [NamedNode(iri)]})
    found = dict.fromkeys(row["replacement"]["value"] for row in rows if "replacement" in row)
    return Standing(any(row["described"]["value"] == "true" for row in rows), tuple(found))


async def absent(request: Request, iri: str, found: Standing, *, suffix: str = "") -> Response:
    """The answer for an IRI that is not described: on to another, or `Problem` 410 or 404.

    `suffix` is that of the address, which asks for the same of the other one.
    """
    target = await _replacement(service_of(request), iri, found)
    if target:
        return RedirectResponse(_address(request, target, suffix), 308, _HEADERS)
    raise await _gone(request, iri, found) or await unknown(request, iri)


_HEADERS = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-cache"}


async def _replacement(service: Service, iri: str, found: Standing) -> str:
    """The one thing that stands for another in the end; empty where there is none."""
    seen = {iri}
    for _ in range(_FAR):
        if found.described or len(found.replacements) != 1:
            break
        (target,) = found.replacements
        if target in seen:
            return ""
        if not target.startswith(service.settings.namespace):
            return target
        seen.add(target)
        found = await standing(service, target)
        if found.described:
            return target
    return ""


async def _gone(request: Request, iri: str, found: Standing) -> Problem | None:
    """410, where something was published of it once: since when, by which change, and instead."""
    last = await touches(service_of(request), iri)
    if not last:
        return None
    instead = list(found.replacements)
    words = f"{iri} was withdrawn by change {last[0].position}."
    problem = Problem(
        410,
        "gone",
        words,
        since=last[0].time,
        change=f"{base_of(request)}changes/{last[0].position}",
        replacedBy=instead,
        timemap=f"{base_of(request)}timemap/{path_of(request, iri)}",
    )
    links = [f'<{problem.members["change"]}>; rel="http://www.w3.org/ns/prov#wasInvalidatedBy"']
    links += [f'<{target}>; rel="successor-version"' for target in instead]
    problem.headers["Link"] = ", ".join(links)
    return problem


def _address(request: Request, target: str, suffix: str) -> str:
    """Where a redirect leads: from a description to a description, else to the thing."""
    namespace = service_of(request).settings.namespace
    if not target.startswith(namespace):
        return target
    local = target.removeprefix(namespace)
    if request.scope["path"].startswith("/doc/"):
        local = "doc/" + local.removeprefix("id/") + suffix
    query = f"?{request.url.query}" if request.url.query else ""
    return base_of(request) + local + query
