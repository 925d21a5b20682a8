# SPDX-License-Identifier: Apache-2.0
"""`/changes`: what the journal recorded, each change with an address: pages, PROV-O, RDF Patch."""

from __future__ import annotations

import asyncio
from itertools import islice
from typing import TYPE_CHECKING, Any

from starlette.responses import Response, StreamingResponse

from biennien_api.addresses.past import summary
from biennien_api.http.documents import SUFFIX_OF, Document, answer, asked, link, say
from biennien_api.http.pages import base_of, service_of
from biennien_api.http.problems import Problem
from biennien_graph.engine.rdf import NamedNode, n_triples, read_quads
from biennien_graph.terms import DCTERMS, OA, RDF, RDFS, VOID, XSD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request

    from biennien_graph.engine.rdf import Triple
    from biennien_graph.journal import Change, Summary

_PROV = "http://www.w3.org/ns/prov#"
_VOID = "http://rdfs.org/ns/void#"
_SPDX = "http://spdx.org/rdf/terms#checksumValue"
_ON_A_PAGE = 50  # changes
_SHOWN = 100  # quads added, and removed, on the page of a change
_READ = 200_000  # quads of a change that are looked through for their sources
_HAS_SOURCE = f"<{OA.hasSource}>".encode()
_BLOCK = 1000  # lines of a patch sent at once
_DIGITS = 15


async def changes(request: Request) -> Response:
    """The changes, newest first; `?before=` goes on."""
    service, base = service_of(request), base_of(request)
    before = _number(request.query_params.get("before", "") or str(service.position + 1))
    last = min(before, service.position + 1)
    found = await asyncio.to_thread(service.journal.summaries, last, _ON_A_PAGE)
    older = f"{base}changes?before={found[-1].position}" if found and found[-1].position > 1 else ""
    triples = [t for change in found for t in _activity(service.settings.namespace, base, change)]
    suffix = request.path_params.get("suffix")
    name, syntax = asked(request, f"changes.{suffix}" if suffix else "changes")
    if name != "changes":
        raise Problem(404, "not-found", f"There is no format “{suffix}”.", known=list(SUFFIX_OF))
    document = Document(
        "changes",
        n_triples(triples),
        "changes.html",
        {"changes": found, "older": older},
        modified=found[0].time if found else "",
        links=(f'<{older}>; rel="next"',) if older else (),
    )
    return await answer(request, document, syntax)


async def change(request: Request) -> Response:
    """One change: who, when, why, and what came and went."""
    name = request.path_params["number"]
    if name.endswith(".patch"):
        return await _patch(request, name.removesuffix(".patch"))
    number, syntax = asked(request, name)
    found = await _known(request, number)
    service, base = service_of(request), base_of(request)
    recorded = await asyncio.to_thread(_read, service.journal.since(found.position - 1))
    added, removed = await asyncio.to_thread(_first_lines, recorded)
    used = await asyncio.to_thread(_sources, service.settings.namespace, recorded)
    neighbours = [
        (f"{base}changes/{found.position + step}", relation)
        for step, relation in ((-1, "prev"), (1, "next"))
        if 0 < found.position + step <= service.position
    ]
    document = Document(
        f"changes/{found.position}",
        n_triples([*_activity(service.settings.namespace, base, found), *used]),
        "change.html",
        {"change": found, "added": added, "removed": removed, "neighbours": neighbours},
        modified=found.time,
        links=(
            *(f'<{address}>; rel="{relation}"' for address, relation in neighbours),
            f'<{base}changes/{found.position}.patch>; rel="alternate"; type="{_PATCH}"',
        ),
    )
    return await answer(request, document, syntax)


_PATCH = "application/rdf-patch"


async def _patch(request: Request, number: str) -> Response:
    """All quads of a change as an RDF Patch: what was deleted, then what was added."""
    found = await _known(request, number)
    journal = service_of(request).journal
    recorded = await asyncio.to_thread(_read, journal.since(found.position - 1))
    headers = {
        "Cache-Control": "no-cache",
        "Access-Control-Allow-Origin": "*",
        "Content-Disposition": f'inline; filename="change-{found.position}.rdfp"',
        "ETag": f'"{found.digest[:24]}-patch"',
    }
    return StreamingResponse(_patch_blocks(recorded), media_type=_PATCH, headers=headers)


def _patch_blocks(change: Change) -> Iterator[bytes]:
    lines = _patch_lines(change)
    while some := list(islice(lines, _BLOCK)):
        yield b"".join(some)


def _patch_lines(change: Change) -> Iterator[bytes]:
    yield b"TX .\n"
    for line in change.removed.splitlines(keepends=True):
        yield b"D " + line
    with change.open_added() as lines:
        for line in lines:
            yield b"A " + line
    yield b"TC .\n"


async def _known(request: Request, number: str) -> Summary:
    service, position = service_of(request), _number(number)
    found = await summary(service, position) if position <= service.position else None
    if found is None:
        raise Problem(
            404,
            "not-found",
            f"There is no change {number}.",
            hint=f"They are numbered from 1 to {service.position}.",
            newest=f"{base_of(request)}changes/{service.position}",
        )
    return found


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or len(text) > _DIGITS or text[0] == "0":
        raise Problem(
            404,
            "not-found",
            f"“{text}” is not the number of a change.",
            hint="Changes are numbered from 1: /changes/1.",
        )
    return int(text)


def _read(found: Iterator[Change]) -> Change:
    return next(found)


def _first_lines(change: Change) -> tuple[list[str], list[str]]:
    with change.open_added() as lines:
        added = [line.decode().strip() for line in islice(lines, _SHOWN)]
    removed = [line.decode() for line in change.removed.splitlines()[:_SHOWN]]
    return added, removed


def _activity(namespace: str, base: str, change: Summary) -> Iterator[Triple]:
    """A change in the terms of PROV-O; what came and went as two sets of quads, counted."""
    about = f"{namespace}changes/{change.position}"
    agent = f"{about}#agent"
    yield link(about, RDF.type, f"{_PROV}Activity")
    yield say(about, RDFS.label, f"Thay đổi số {change.position}", "vi")
    yield say(about, RDFS.label, f"Change {change.position}", "en")
    yield say(about, f"{_PROV}endedAtTime", change.time, datatype=XSD.dateTime)
    yield link(about, f"{_PROV}wasAssociatedWith", agent)
    yield link(agent, RDF.type, f"{_PROV}Agent")
    yield say(agent, RDFS.label, change.agent)
    if change.message:
        yield say(about, DCTERMS.description, change.message)
    if change.position > 1:
        yield link(about, f"{_PROV}wasInformedBy", f"{namespace}changes/{change.position - 1}")
    for word, relation, count in _counts(change):
        node = f"{about}#{word}"
        yield link(about, _PROV + relation, node)
        yield link(node, RDF.type, VOID.Dataset)
        yield say(node, f"{_VOID}triples", count)
        yield link(node, f"{_VOID}dataDump", f"{base}changes/{change.position}.patch")
    yield say(about, _SPDX, change.digest)


def _sources(namespace: str, change: Change) -> list[Triple]:
    """The sources that the passages which came with a change are from, as far as it is read."""
    with change.open_added() as lines:
        some = [line for line in islice(lines, _READ) if _HAS_SOURCE in line]
    about = f"{namespace}changes/{change.position}"
    found = {
        quad.object.value
        for quad in read_quads(b"".join(some))
        if quad.predicate.value == OA.hasSource and isinstance(quad.object, NamedNode)
    }
    return [link(about, f"{_PROV}used", source) for source in sorted(found)]


def _counts(change: Summary) -> list[tuple[str, str, Any]]:
    return [
        ("added", "generated", change.added_count),
        ("removed", "invalidated", change.removed_count),
    ]
