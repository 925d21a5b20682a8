# SPDX-License-Identifier: Apache-2.0
"""HTML: templates, the two languages, and addresses of things under this host."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse

from biennien_api.http.forwarded import BASE
from biennien_api.http.negotiation import language
from biennien_api.sparql.results_page import shortened

if TYPE_CHECKING:
    from collections.abc import Mapping

    from biennien_api.service import Service

LANGUAGES = ("vi", "en")


@functools.cache
def _templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("biennien_api"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["grouped"] = grouped
    environment.filters["urlencode"] = urlencode
    environment.filters["moment"] = moment
    environment.filters["shortened"] = shortened
    return environment


@functools.cache
def _words() -> dict[str, dict[str, str]]:
    text = resources.files("biennien_api").joinpath("words.json").read_text(encoding="utf-8")
    words: dict[str, dict[str, str]] = json.loads(text)
    return words


def say(lang: str, name: str) -> str:
    """A word of the interface; `KeyError` where there is none, so that a test finds it."""
    return _words()[name][lang]


def grouped(number: int, lang: str) -> str:
    """Digits in groups of three: 2.000 in Vietnamese, 2,000 in English."""
    return f"{number:,}".replace(",", "." if lang == "vi" else ",")


def moment(stamp: str) -> str:
    """A time (RFC 3339, UTC) to the minute, as one reads it."""
    return f"{stamp[:10]} {stamp[11:16]} UTC"


def service_of(request: Request) -> Service:
    """The service behind this request."""
    service: Service = request.app.state.service
    return service


def language_of(request: Request) -> str:
    """`vi` or `en`, as the reader asks."""
    return language(
        request.query_params.get("lang", ""), request.headers.get("accept-language", "")
    )


def base_of(request: Request) -> str:
    """The address of the service as the world sees it, with a slash at the end."""
    base: str = request.scope[BASE]
    return base


def address_of(request: Request) -> str:
    """The address that was asked for, as the world sees it, without its query."""
    path = request.scope.get("raw_path") or quote(request.scope["path"]).encode()
    return base_of(request) + path.decode("latin-1").lstrip("/")


def href(request: Request, iri: str) -> str:
    """Where an IRI is described: under this host for our own, elsewhere as it is."""
    namespace = service_of(request).settings.namespace
    if not iri.startswith(namespace):
        return iri
    local, mark, fragment = iri.removeprefix(namespace).partition("#")
    path = "doc/" + local.removeprefix("id/") if local.startswith("id/") else local
    return base_of(request) + quote(path, safe="/:@!$&'()*+,;=-._~%") + mark + quote(fragment)


@dataclass(frozen=True, slots=True)
class _Page:
    """The address of a page, whatever the language, and in each of them."""

    address: str
    languages: dict[str, str]

    @classmethod
    def of(cls, request: Request) -> _Page:
        """As links in its head give it."""
        address = address_of(request).partition("?")[0].removesuffix(".html")
        given = [pair for pair in request.query_params.multi_items() if pair[0] != "lang"]
        spoken = {lang: f"{address}?{urlencode([*given, ('lang', lang)])}" for lang in LANGUAGES}
        return cls(f"{address}?{urlencode(given)}" if given else address, spoken)


def render(
    request: Request,
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: Any,
) -> HTMLResponse:
    """A page in the reader's language."""
    lang = language_of(request)
    other = "en" if lang == "vi" else "vi"
    body = (
        _templates()
        .get_template(template)
        .render(
            lang=lang,
            say=functools.partial(say, lang),
            base=base_of(request),
            href=functools.partial(href, request),
            where=_Page.of(request) if status == 200 else None,
            other_language=str(request.url.include_query_params(lang=other).query),
            **values,
        )
    )
    response = HTMLResponse(body, status, headers=dict(headers or {}))
    response.headers.setdefault("Vary", "Accept, Accept-Language")
    response.headers["Content-Language"] = lang
    response.headers["Content-Security-Policy"] = (
        "default-src 'self'; form-action 'self'; frame-ancestors 'none'"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
