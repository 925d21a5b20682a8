# SPDX-License-Identifier: Apache-2.0
"""The quads about a thing at a position of the journal, and how a page lists them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from biennien_api.addresses.labels import Words
from biennien_api.addresses.named_graphs import described, said_of, with_selectors
from biennien_api.addresses.past import touches
from biennien_api.http.problems import Problem
from biennien_graph.engine.rdf import Literal, NamedNode
from biennien_graph.rebuilding import Rebuilding

if TYPE_CHECKING:
    from biennien_api.service import Service
    from biennien_graph.engine.rdf import Quad
    from biennien_graph.journal import Change

_MOST = 500  # changes undone for one memento


@dataclass(frozen=True, slots=True)
class Row:
    """A statement in words; IRIs where they lead somewhere."""

    subject: str
    predicate: str
    predicate_iri: str
    value: str
    value_iri: str = ""
    language: str = ""


async def at(service: Service, iri: str, position: int) -> list[Quad]:
    """What entries said of a thing after the change at `position`, claims and passages too."""
    now = await described(service, iri)
    rebuilding = Rebuilding(iri, now)
    later = await _later(service, iri, position)
    async with service.rebuilding:
        for number in later:
            change = await asyncio.to_thread(_change, service, number)
            await asyncio.to_thread(rebuilding.undo, change)
    wanted = rebuilding.passages() - {getattr(quad.subject, "value", "") for quad in now}
    cited = await said_of(service, with_selectors(wanted))
    return [*rebuilding.quads, *cited]


async def _later(service: Service, iri: str, position: int) -> list[int]:
    """The changes after a position that touched a thing or a claim about it, newest first."""
    every = await touches(service, iri, limit=_MOST)
    found = [touch.position for touch in every if touch.position > position]
    if len(found) >= _MOST:
        raise Problem(
            404,
            "too-far-back",
            f"More than {_MOST} changes came since; so far back, descriptions are not rebuilt.",
            hint="The changes themselves are at /changes.",
        )
    return found


def _change(service: Service, position: int) -> Change:
    return next(service.journal.since(position - 1))


async def statements(service: Service, iri: str, quads: list[Quad], lang: str) -> list[Row]:
    """The statements about a thing and its own nodes, in words of today, in order."""
    shown = sorted(
        {quad.triple for quad in quads if quad.subject.value.partition("#")[0] == iri},  # type: ignore[union-attr]
        key=str,
    )
    mentioned = {t.predicate.value for t in shown}
    mentioned |= {t.object.value for t in shown if isinstance(t.object, NamedNode)}
    rows = await service.ask("labels", {"iri": [NamedNode(found) for found in sorted(mentioned)]})
    words = Words(rows, lang)
    found = []
    for triple in shown:
        subject = getattr(triple.subject, "value", "").removeprefix(iri)
        predicate = triple.predicate.value
        value, link, language = str(triple.object), "", ""
        if isinstance(triple.object, Literal):
            value, language = triple.object.value, triple.object.language or ""
        elif isinstance(triple.object, NamedNode):
            value, link = words.label(triple.object.value), triple.object.value
        found.append(Row(subject, words.label(predicate), predicate, value, link, language))
    return found
