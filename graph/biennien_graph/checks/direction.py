# SPDX-License-Identifier: Apache-2.0
"""Statements the wrong way round: as written they fit no rule, turned round they fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from biennien_graph.checks.profile import profile, short
from biennien_graph.engine.rdf import NamedNode
from biennien_graph.neighbourhood import words
from biennien_graph.terms import NAMESPACE, RDF
from biennien_graph.validation import Result

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from biennien_graph.checks.asking import Published
    from biennien_graph.engine.rdf import Triple
    from biennien_graph.evidence import Entry

DIRECTION = f"{NAMESPACE}shapes/statement#direction"


def wrong_directions(entries: Sequence[Entry], published: Published | None) -> Iterator[Result]:
    """A violation for each statement whose subject and object have changed places."""
    classes = _Classes(entries, published)
    for entry in entries:
        for triple in entry.triples:
            if isinstance(triple.object, NamedNode) and _is_reversed(triple, classes):
                yield _result(entry, triple)


class _Classes:
    """The classes of things, with their super-classes: of the entries, else as published."""

    def __init__(self, entries: Sequence[Entry], published: Published | None) -> None:
        self._published = published
        self._known: dict[str, set[str]] = {}
        stated: dict[str, set[str]] = {}
        for triple in (triple for entry in entries for triple in entry.triples):
            if triple.predicate.value == RDF.type:
                stated.setdefault(words(triple.subject), set()).add(words(triple.object))
        self._stated = stated

    def of(self, iri: str) -> set[str]:
        if iri not in self._known:
            direct = set(self._stated.get(iri, ()))
            if not direct and self._published is not None:
                found = self._published.quads(subject=iri, predicate=RDF.type)
                direct = {words(quad.object) for quad in found}
            self._known[iri] = profile().classes(direct)
        return self._known[iri]


def _is_reversed(triple: Triple, classes: _Classes) -> bool:
    """Where the classes of either are not known, nothing is said."""
    joins = profile()
    domain = joins.domains.get(triple.predicate.value)
    range_ = joins.ranges.get(triple.predicate.value)
    if not domain or not range_:
        return False
    subject, value = classes.of(words(triple.subject)), classes.of(words(triple.object))
    fits = bool(subject & domain) and bool(value & range_)
    return not fits and bool(value & domain) and bool(subject & range_)


def _result(entry: Entry, triple: Triple) -> Result:
    subject, path, value = words(triple.subject), triple.predicate.value, words(triple.object)
    meant = [f"{_thing(value)} {short(path)} {_thing(subject)}"]
    inverse = profile().inverses.get(path)
    if inverse:
        meant.append(f"{_thing(subject)} {short(inverse)} {_thing(value)}")
    return Result(
        entry=entry.graph,
        severity="Violation",
        focus=subject,
        path=path,
        value=value,
        shape=DIRECTION,
        messages={
            "vi": f"Chủ thể và giá trị đổi chỗ cho nhau. Viết: {' . hoặc: '.join(meant)} .",
            "en": f"Subject and object have changed places. Write: {' . or: '.join(meant)} .",
        },
    )


def _thing(iri: str) -> str:
    """As Turtle would have it: with a prefix where the rest is a plain name."""
    name = short(iri)
    plain = name != iri and not {"#", "/"} & set(name.partition(":")[2])
    return name if plain else f"<{iri.removeprefix(NAMESPACE)}>"
