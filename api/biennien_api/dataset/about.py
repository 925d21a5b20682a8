# SPDX-License-Identifier: Apache-2.0
"""`/about`: what the data are, from which texts, what they cover and what not, how to cite them."""

from __future__ import annotations

import csv
import functools
from collections import Counter
from typing import TYPE_CHECKING

from biennien_api.dataset import description
from biennien_api.dataset.facts import labels
from biennien_api.http.pages import base_of, render, service_of
from biennien_graph import resources

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from biennien_api.dataset.facts import Source

# In the order in which a page shows them; docs/curation.md says what each means.
_STATUSES = ("claims", "rhetoric", "heading", "caption", "furniture", "unrelated")


async def about(request: Request) -> Response:
    """The page for people who want to know whether they can build on this."""
    service = service_of(request)
    facts = await service.gathering.facts()
    return render(
        request,
        "about.html",
        headers={
            "Link": description.links(base_of(request)),
            "Cache-Control": description.keeping(request, facts),
        },
        facts=facts,
        sources=[(source, _covered(source)) for source in facts.sources],
        places=[(row["place"]["value"], labels(row)) for row in facts.rows["dataset-places"]],
        first=facts.value("dataset-dates", "first"),
        last=facts.value("dataset-dates", "last"),
        modified=facts.value("dataset-state", "modified"),
        settings=service.settings,
    )


def _covered(source: Source) -> list[tuple[str, int]]:
    """What becomes of a text, in code points by kind; nothing where nobody accounted for it."""
    counted = _coverage(source.document.rpartition("/")[2])
    if not counted or sum(counted.values()) != source.length:
        return []
    return [(status, counted[status]) for status in _STATUSES if counted[status]]


@functools.cache
def _coverage(slug: str) -> Counter[str]:
    file = resources.folder("data") / "records" / f"{slug}.coverage.tsv"
    if not slug or not file.exists():
        return Counter()
    found: Counter[str] = Counter()
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            found[row["status"]] += int(row["end"]) - int(row["start"])
    return found
