# SPDX-License-Identifier: Apache-2.0
"""A page of a list as a JSON-LD document, a table, or a collection of features."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from biennien_api.http.pages import href
from biennien_api.lists.answering import toggled
from biennien_api.lists.asking import chosen
from biennien_api.lists.collection import collection
from biennien_api.lists.listing import facets_of
from biennien_graph.indexes.catalogue.resolving import PLACES
from biennien_graph.indexes.catalogue.showing import day
from biennien_graph.terms import NAMESPACE

if TYPE_CHECKING:
    from starlette.requests import Request

    from biennien_api.lists.listing import Facet, Page
    from biennien_graph.indexes.catalogue.showing import Name, Row

_SEPARATOR = " | "
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would compute these


def document(
    request: Request, page: Page, limit: int, items: list[Any], links: dict[str, str]
) -> dict[str, Any]:
    """A page with its facets."""
    found = collection(request, items, links, total=page.total, limit=limit, position=page.position)
    return found | {"facets": [_facet(request, facet) for facet in page.facets]}


def link(request: Request, facet: Facet, name: Name, *, selected: bool) -> str:
    """The list with this value, too; or without it, where it is filtered by it."""
    values = request.query_params.getlist(facet.parameter)
    short = shortened(facet.parameter, name.iri)
    if selected:
        return toggled(
            request, facet.parameter, [v for v in values if v not in _ways(name, short)], ""
        )
    return toggled(request, facet.parameter, values, short)


def shortened(parameter: str, iri: str) -> str:
    """The last part of an IRI, where that is enough; or else all of it."""
    folders = PLACES.get(parameter, (("vocabulary/",), ()))[0]
    rest = iri.removeprefix(f"{NAMESPACE}{folders[0]}")
    if parameter == "type" and iri.startswith(f"{NAMESPACE}vocabulary/"):
        return iri.rpartition("/")[2]
    return rest if rest != iri and "/" not in rest else iri


def columns(kind: str) -> list[str]:
    """The columns of a table, and the properties of a feature."""
    fixed = ["id", "class", "label_vi", "label_en", "date", "earliest", "latest", "words"]
    return [*fixed, *(facet for facet in facets_of(kind) if facet != "class"), "url"]


def table(request: Request, page: Page, fields: str) -> str:
    """RFC 4180, with a header line; several values in one cell are separated by ` | `."""
    names = chosen("fields", fields, columns(page.kind)) or columns(page.kind)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(names)
    for row in page.rows:
        cells = _cells(request, row)
        writer.writerow([harmless(_SEPARATOR.join(cells.get(name, ()))) for name in names])
    return out.getvalue()


def features(request: Request, page: Page, fields: str, links: dict[str, str]) -> dict[str, Any]:
    """RFC 7946. The records give no coordinates, and none are made up: geometries are null."""
    names = chosen("fields", fields, columns(page.kind)) or columns(page.kind)
    return {
        "type": "FeatureCollection",
        "numberMatched": page.total,
        "numberReturned": len(page.rows),
        "links": [{"rel": rel, "href": to} for rel, to in links.items()],
        "features": [_feature(request, row, names) for row in page.rows],
    }


def _feature(request: Request, row: Row, names: list[str]) -> dict[str, Any]:
    single = {*columns("")[:8], "url"}
    cells = _cells(request, row)
    properties: dict[str, Any] = {}
    for name in names:
        values = cells.get(name, [])
        properties[name] = (values[0] if values else None) if name in single else values
    return {"type": "Feature", "id": row.name.iri, "geometry": None, "properties": properties}


def _cells(request: Request, row: Row) -> dict[str, list[str]]:
    first, last = day(row.span[0]), day(row.span[1])
    cells = {
        "id": [row.name.iri],
        "class": [row.cls],
        "label_vi": [row.name.vi] if row.name.vi else [],
        "label_en": [row.name.en] if row.name.en else [],
        "date": [when.edtf for when in row.dates],
        "earliest": [first] if first and row.dates else [],
        "latest": [last] if last and row.dates else [],
        "words": [when.words for when in row.dates if when.words],
        "url": [href(request, row.name.iri)],
    }
    for facet, names in row.values.items():
        if facet != "class":
            cells[facet] = [name.iri for name in names]
    return cells


def harmless(cell: str) -> str:
    """A cell that a spreadsheet takes as text: an apostrophe in front of what looks computed."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _facet(request: Request, facet: Facet) -> dict[str, Any]:
    return {
        "type": ["Facet"],
        "parameter": facet.parameter,
        "field": facet.name,
        "more": facet.more,
        "values": [
            {
                "type": ["FacetValue"],
                "valueOf": value.name.iri,
                "label": value.name.label,
                "count": value.count,
                "selected": value.selected,
                "link": link(request, facet, value.name, selected=value.selected),
            }
            for value in facet.values
        ],
    }


def _ways(name: Name, short: str) -> set[str]:
    """How a value can have been written."""
    return {name.iri, short, name.iri.rpartition("/")[2], name.iri.rpartition("#")[2]}
