# SPDX-License-Identifier: Apache-2.0
"""The `Link` header (RFC 8288): what belongs to a description, and where else it is to be had."""

from __future__ import annotations

from typing import TYPE_CHECKING

from biennien_api.http.pages import base_of
from biennien_graph.jsonld import NEWEST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from biennien_graph.engine.formats import Syntax

LICENSE = "https://creativecommons.org/licenses/by/4.0/"
_CONTEXT = "http://www.w3.org/ns/json-ld#context"


def links(
    request: Request, iri: str, path: str, syntaxes: Sequence[Syntax], *, history: bool = True
) -> list[str]:
    """The links of a description: of the thing `iri`, at `path` under this service.

    `history`: whether the thing stands in the journal, so that it has a TimeMap (RFC 7089).
    """
    base = base_of(request)
    found = [
        f'<{iri}>; rel="canonical"',
        *(
            f'<{base}{path}.{syntax.name}>; rel="alternate"; type="{syntax.media_type}"'
            for syntax in syntaxes
        ),
        f'<{base}ontology>; rel="describedby"',
        f'<{LICENSE}>; rel="license"',
        f'<{base}context/{NEWEST}.jsonld>; rel="{_CONTEXT}"; type="application/ld+json"',
    ]
    if history:
        found += [
            f'<{base}timemap/{path}>; rel="timemap"; type="application/link-format"',
            f'<{base}timegate/{path}>; rel="timegate"',
        ]
    return found
