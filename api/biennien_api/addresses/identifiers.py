# SPDX-License-Identifier: Apache-2.0
"""From an address to the IRI that it stands for; what is wrong with one that cannot be."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote_to_bytes

from biennien_api.http.pages import service_of
from biennien_api.http.problems import Problem
from biennien_graph.engine.rdf import Literal, is_iri
from biennien_graph.folding import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from biennien_graph.engine.formats import Syntax

CLASSES = ("document", "agency", "person", "place", "event", "topic")
_FORMATS = ("html", "jsonld", "json", "ttl", "nt", "trig", "rdf")  # suffixes
_KEPT = "/:@!$&'()*+,;=-._~"  # what stands in a path as it is (RFC 3986, section 3.3)


def iri_of(request: Request, path: str) -> str:
    """The IRI in the namespace for a path; `Problem` 400 where there can be none."""
    raw = request.scope.get("raw_path") or b""
    try:
        unquote_to_bytes(raw).decode("utf-8")
    except UnicodeDecodeError as broken:
        raise _malformed(f"it is not UTF-8 once decoded ({broken.reason})") from None
    bad = re.search(r"[\x00-\x20\x7f-\x9f<>\"{}|\\^`]", path)
    if bad:
        raise _malformed(f"it contains {_named(bad[0])}, which no IRI may")
    iri = service_of(request).settings.namespace + path
    if not is_iri(iri):
        raise _malformed("it is no IRI (RFC 3987)")
    return iri


def _malformed(why: str) -> Problem:
    return Problem(
        400,
        "malformed-iri",
        f"The address is malformed: {why}.",
        hint="Addresses are in UTF-8, percent-encoded once.",
        accepted="{class}/{slug}, the slug in small letters, digits and hyphens, "
        "such as event/dien-bien-phu-1954",
        known=list(CLASSES),
    )


def _named(sign: str) -> str:
    if sign == " ":
        return "a space"
    return f"the sign {sign}" if sign.isprintable() else f"the control character U+{ord(sign):04X}"


def path_of(request: Request, iri: str) -> str:
    """The path under this service that describes an IRI of the namespace, percent-encoded."""
    local = iri.removeprefix(service_of(request).settings.namespace).partition("#")[0]
    if local.startswith("id/"):
        local = "doc/" + local.removeprefix("id/")
    return quote(local, safe=_KEPT)


def split(path: str, suffixes: Mapping[str, Syntax]) -> tuple[str, Syntax | None]:
    """A path without its suffix, and the syntax that this stands for, if it does."""
    stem, dot, suffix = path.rpartition(".")
    if dot and suffix in suffixes:
        return stem, suffixes[suffix]
    return path, None


def check_class(kind: str) -> None:
    """`Problem` 404 with the known ones where there is no such class."""
    if kind not in CLASSES:
        raise Problem(404, "not-found", f"There is no class “{kind}”.", known=list(CLASSES))


async def unknown(request: Request, iri: str) -> Problem:
    """The problem that nothing is known of an IRI, with the things that have near names."""
    local = iri.removeprefix(service_of(request).settings.namespace)
    kind, _, slug = local.removeprefix("id/").partition("/")
    if local.startswith("api/"):
        return Problem(404, "not-found", f"There is no list {local}.", known=_lists(request))
    if not local.startswith("id/"):
        return Problem(404, "not-found", f"Nothing is known under the address /{local}.")
    wanted = fold(slug.replace("-", " ")).strip()
    rows = await service_of(request).ask("neighbours", {"wanted": [Literal(wanted)]})
    similar = [{"id": row["thing"]["value"], "label": row["label"]["value"]} for row in rows]
    more = {"similar": similar, "formats": list(_FORMATS)} if "." in slug else {"similar": similar}
    return Problem(404, "not-found", f"There is no {kind} “{slug}”.", **more)


def _lists(request: Request) -> list[str]:
    """The paths of what is listed."""
    paths = request.app.state.api.openapi()["paths"]
    return [path for path in paths if path.startswith("/api/")]
