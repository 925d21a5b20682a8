# SPDX-License-Identifier: Apache-2.0
"""Descriptions as they were (RFC 7089, Memento): `/timemap/…`, `/timegate/…`, `/memento/{n}/…`.

A memento is named by the change after which it stood: changes are what the journal numbers, and
two may share a second.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, RedirectResponse, Response

from biennien_api.addresses.identifiers import iri_of, path_of, unknown
from biennien_api.addresses.past import touches
from biennien_api.addresses.reconstruction import at, statements
from biennien_api.addresses.representations import HTML, SUFFIXES, SYNTAXES, TRIG, TURTLE
from biennien_api.http.conditional import http_date, moment, tagged
from biennien_api.http.negotiation import demand
from biennien_api.http.pages import base_of, language_of, render, service_of
from biennien_api.http.problems import Problem
from biennien_graph.engine.formats import Syntax
from biennien_graph.engine.rdf import n_triples, pretty_quads, rendered

if TYPE_CHECKING:
    from starlette.requests import Request

    from biennien_graph.engine.rdf import Quad
    from biennien_graph.indexes.history import Touch

_LINKS = Syntax("link", "application/link-format")
_JSON = Syntax("json", "application/json")
_ON_A_PAGE = 500  # mementos
_STAMP = "%Y%m%d%H%M%S"


async def timemap(request: Request) -> Response:
    """The changes of a thing, as links (section 5), JSON or a page; `?before=` goes on."""
    iri = _original(request)
    before = request.query_params.get("before", "")
    limit = int(before) if before.isascii() and before.isdecimal() else None
    found = await touches(service_of(request), iri, before=limit, limit=_ON_A_PAGE)
    if not found:
        raise await unknown(request, iri)
    syntax = demand(request.headers.get("accept", ""), (_LINKS, _JSON, HTML))
    headers = {"Vary": "Accept", "Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*"}
    path = path_of(request, iri)
    if syntax is HTML:
        headers["Vary"] += ", Accept-Language"
        more = len(found) == _ON_A_PAGE
        page = render(
            request, "timemap.html", headers=headers, iri=iri, path=path, found=found, more=more
        )
        return tagged(page, found[0].time)
    if syntax is _JSON:
        return tagged(JSONResponse(_as_json(request, path, found), headers=headers), found[0].time)
    body = ",\n".join(_as_links(request, path, found)) + "\n"
    return tagged(Response(body, media_type=_LINKS.media_type, headers=headers), found[0].time)


async def timegate(request: Request) -> Response:
    """To the memento of a time (section 4.5): `Accept-Datetime`, or the newest."""
    iri = _original(request)
    wanted = request.headers.get("accept-datetime", "")
    when = moment(wanted) if wanted else datetime.now(UTC)
    if when is None:
        raise Problem(
            400,
            "bad-request",
            f"Accept-Datetime: {wanted} is no date.",
            hint="Write it as HTTP does: Tue, 07 May 2024 00:00:00 GMT.",
        )
    found = await touches(service_of(request), iri, limit=_ON_A_PAGE)
    if not found:
        raise await unknown(request, iri)
    path = path_of(request, iri)
    headers = {
        "Vary": "Accept-Datetime",
        "Cache-Control": "no-cache",
        "Access-Control-Allow-Origin": "*",
        "Link": ", ".join(_relations(request, path)),
    }
    target = f"{base_of(request)}memento/{_at(found, when).position}/{path}"
    return RedirectResponse(target, 302, headers)


async def memento(request: Request) -> Response:
    """The description of a thing as it stood after a change."""
    name, path = request.path_params["when"], request.path_params["path"]
    stem, syntax = _asked(request, path)
    iri = _iri(request, stem)
    touch = await _touch(request, iri, name)
    base, local = base_of(request), path_of(request, iri)
    address = f"{base}memento/{touch.position}/{local}"
    if name != str(touch.position):
        suffix = path[len(stem) :]
        return RedirectResponse(address + suffix, 302, {"Access-Control-Allow-Origin": "*"})
    quads = await at(service_of(request), iri, touch.position)
    if not quads:
        words = f"Nothing was published of {iri} after change {touch.position}."
        raise Problem(404, "not-found", words, timemap=f"{base}timemap/{local}")
    headers = {
        "Memento-Datetime": http_date(touch.time),
        "Vary": "Accept, Accept-Language" if syntax is HTML else "Accept",
        "Cache-Control": "no-cache",
        "Content-Location": f"{address}.{syntax.name}",
        "Link": ", ".join([*_relations(request, local), f'<{iri}>; rel="canonical"']),
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "Content-Location, ETag, Link, Memento-Datetime",
    }
    return tagged(await _body(request, iri, quads, touch, syntax, headers), touch.time)


async def _body(
    request: Request,
    iri: str,
    quads: list[Quad],
    touch: Touch,
    syntax: Syntax,
    headers: dict[str, str],
) -> Response:
    if syntax is HTML:
        rows = await statements(service_of(request), iri, quads, language_of(request))
        path = path_of(request, iri)
        return render(
            request, "memento.html", headers=headers, iri=iri, touch=touch, rows=rows, path=path,
            memento=f"memento/{touch.position}/{path}", syntaxes=SYNTAXES,
        )  # fmt: skip
    if syntax is TRIG:
        body = await asyncio.to_thread(pretty_quads, quads)
    else:
        lines = b"".join(sorted(set(n_triples(quads).splitlines(keepends=True))))
        body = await asyncio.to_thread(rendered, lines, syntax.name)
    media_type = syntax.media_type + ("; charset=utf-8" if syntax is TURTLE else "")
    return Response(body, media_type=media_type, headers=headers)


def _asked(request: Request, path: str) -> tuple[str, Syntax]:
    """The path without its suffix, and the syntax asked for, TriG among them."""
    stem, dot, suffix = path.rpartition(".")
    if dot and suffix in SUFFIXES:
        return stem, SUFFIXES[suffix]
    return path, demand(request.headers.get("accept", ""), SYNTAXES)


async def _touch(request: Request, iri: str, name: str) -> Touch:
    """The last change that touched a thing up to a position, or up to a time as 14 digits."""
    if not (name.isascii() and name.isdecimal() and len(name) <= len("20240507000000")):
        raise Problem(
            404,
            "not-found",
            f"“{name}” names no memento.",
            hint="Write the number of a change, or a time (UTC) as in 20240507000000.",
        )
    service = service_of(request)
    if len(name) == len("20240507000000"):
        try:
            when = datetime.strptime(name, _STAMP).replace(tzinfo=UTC)
        except ValueError:
            hint = "Write a time (UTC) as in 20240507000000."
            raise Problem(404, "not-found", f"{name} is no time.", hint=hint) from None
        found = await touches(service, iri, limit=_ON_A_PAGE)
        found = [_at(found, when)] if found else []
    else:
        found = await touches(service, iri, before=int(name) + 1)
    if not found:
        words = f"Nothing was known of {iri} by then."
        address = f"{base_of(request)}timemap/{path_of(request, iri)}"
        raise Problem(404, "not-found", words, timemap=address)
    return found[0]


def _at(found: list[Touch], when: datetime) -> Touch:
    """The last change up to a time; the first one where all are later (section 4.5.3)."""
    return next((touch for touch in found if _time(touch) <= when), found[-1])


def _time(touch: Touch) -> datetime:
    return datetime.fromisoformat(touch.time).replace(microsecond=0)


def _original(request: Request) -> str:
    return _iri(request, request.path_params["path"])


def _iri(request: Request, path: str) -> str:
    """A thing by the path of its description, or by its own."""
    return iri_of(request, "id/" + path.removeprefix("doc/") if path.startswith("doc/") else path)


def _relations(request: Request, path: str) -> list[str]:
    base = base_of(request)
    return [
        f'<{base}{path}>; rel="original"',
        f'<{base}timegate/{path}>; rel="timegate"',
        f'<{base}timemap/{path}>; rel="timemap"; type="{_LINKS.media_type}"',
    ]


def _as_links(request: Request, path: str, found: list[Touch]) -> list[str]:
    base = base_of(request)
    span = f'from="{http_date(found[-1].time)}"; until="{http_date(found[0].time)}"'
    lines = [
        f'<{base}{path}>; rel="original"',
        f'<{base}timegate/{path}>; rel="timegate"',
        f'<{base}timemap/{path}>; rel="self"; type="{_LINKS.media_type}"; {span}',
    ]
    if len(found) == _ON_A_PAGE:
        older = f"{base}timemap/{path}?before={found[-1].position}"
        lines.append(f'<{older}>; rel="timemap"; type="{_LINKS.media_type}"')
    for number, touch in enumerate(reversed(found)):
        places = [word for word, is_so in (("first", number == 0),
                  ("last", number == len(found) - 1)) if is_so]  # fmt: skip
        relation = " ".join([*places, "memento"])
        lines.append(
            f'<{base}memento/{touch.position}/{path}>; rel="{relation}"; '
            f'datetime="{http_date(touch.time)}"'
        )
    return lines


def _as_json(request: Request, path: str, found: list[Touch]) -> dict[str, object]:
    base = base_of(request)
    mementos = [
        {
            "datetime": touch.time,
            "uri": f"{base}memento/{touch.position}/{path}",
            "change": f"{base}changes/{touch.position}",
            "added": touch.added,
            "removed": touch.removed,
        }
        for touch in reversed(found)
    ]
    document: dict[str, object] = {
        "original_uri": base + path,
        "timegate_uri": f"{base}timegate/{path}",
        "timemap_uri": f"{base}timemap/{path}",
        "mementos": {"first": mementos[0], "last": mementos[-1], "list": mementos},
    }
    if len(found) == _ON_A_PAGE:
        document["older"] = f"{base}timemap/{path}?before={found[-1].position}"
    return document
