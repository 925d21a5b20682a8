# SPDX-License-Identifier: Apache-2.0
"""A list as a page for people; it works without JavaScript."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from biennien_api.addresses.representations import JSONLD
from biennien_api.http.conditional import tagged
from biennien_api.http.pages import href, language_of, render, say
from biennien_api.lists.answering import CSV, GEOJSON, address
from biennien_api.lists.documents import link
from biennien_graph.indexes.catalogue.selection import ORDERS

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from biennien_api.lists.listing import Facet, Page
    from biennien_api.lists.parameters import Listed
    from biennien_graph.indexes.catalogue.showing import Name, Row

_FIELDS = ("q", "date", "dateMode", "cursor")  # of the form
_MORE = "200"  # values of a facet, where somebody asks for more
_PLACED = ("places", "events")


def render_list(
    request: Request, page: Page, asked: Listed, links: dict[str, str], headers: dict[str, str]
) -> Response:
    """The page, in the reader's language."""
    lang = language_of(request)
    given = request.query_params.multi_items()
    syntaxes = (JSONLD, CSV, GEOJSON) if page.kind in _PLACED else (JSONLD, CSV)
    page_of_it = render(
        request,
        "list.html",
        headers=headers,
        title=say(lang, page.kind),
        kept=[pair for pair in given if pair[0] not in _FIELDS],
        q=asked.q,
        date=asked.date[0] if asked.date else "",
        date_mode=asked.dateMode,
        sort=asked.sort,
        sorts=[(name, address(request, "cursor", sort=name)) for name in ORDERS],
        total=page.total,
        facets=[_facet(request, facet, lang) for facet in page.facets if facet.values],
        narrowed=any(value.selected for facet in page.facets for value in facet.values),
        members=[_member(request, row, lang) for row in page.rows],
        links=links,
        formats=[(s.name, address(request, "lang", format=s.name)) for s in syntaxes],
    )
    return tagged(page_of_it)


def _facet(request: Request, facet: Facet, lang: str) -> dict[str, Any]:
    values = [
        {
            "label": _called(value.name, lang)[0],
            "count": value.count,
            "selected": value.selected,
            "link": link(request, facet, value.name, selected=value.selected),
        }
        for value in facet.values
    ]
    more = address(request, "cursor", facets=facet.name, facetSize=_MORE)
    return {"name": facet.name, "values": values, "more": facet.more, "all": more}


def _member(request: Request, row: Row, lang: str) -> dict[str, str]:
    label, other = _called(row.name, lang)
    words = [when.words or when.edtf for when in row.dates]
    return {
        "url": href(request, row.name.iri),
        "label": label,
        "other": other if other != label else "",
        "date": " · ".join(words),
    }


def _called(name: Name, lang: str) -> tuple[str, str]:
    """The label in one language and in the other; the IRI where there is none."""
    own, other = (name.vi, name.en) if lang == "vi" else (name.en, name.vi)
    return own or other or name.iri, other or ""
