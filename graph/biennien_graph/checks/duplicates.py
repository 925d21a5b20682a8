# SPDX-License-Identifier: Apache-2.0
"""Things that are likely published already: under the same number, or under the same name.

Where both say to which place, body or day they belong, and these differ, they are two things.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from biennien_graph.checks.things import Things, names_of
from biennien_graph.folding import fold
from biennien_graph.terms import NAMESPACE, RDFS, RICO
from biennien_graph.validation import Result

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from biennien_graph.checks.asking import Published
    from biennien_graph.checks.things import Thing
    from biennien_graph.evidence import Entry

NAME = f"{NAMESPACE}shapes/thing#likely-duplicate"
NUMBER = f"{NAMESPACE}shapes/document#likely-duplicate"
_CANDIDATES = 50  # of one name that are looked at


def likely_duplicates(entries: Sequence[Entry], published: Published | None) -> Iterator[Result]:
    """A warning for each thing that seems to be there already, with the IRI of the other."""
    things = Things(entries, published)
    for entry in entries:
        for iri in sorted(entry.subjects):
            if not iri.startswith(f"{NAMESPACE}id/") or "#" in iri:
                continue
            thing = things.here(iri)
            numbered = [other for other in _same_number(thing, things) if _may_be(thing, other)]
            for other in numbered:
                yield _number(entry, thing, other)
            told = {other.iri for other in numbered}
            for other in _same_name(thing, things):
                if other.iri not in told and _may_be(thing, other):
                    yield _name(entry, thing, other)


def _same_name(thing: Thing, things: Things) -> Iterator[Thing]:
    """Others whose main name in some language is the same without diacritics and capitals."""
    folds = {fold(name) for name in names_of(thing)}
    found = {iri for name in folds for iri in islice(things.called(name), _CANDIDATES)}
    for iri in sorted(found - {thing.iri}):
        other = things.get(iri)
        if folds & {fold(name) for name in names_of(other)}:
            yield other


def _same_number(thing: Thing, things: Things) -> Iterator[Thing]:
    """Documents with the same number and notation of which one does not say its agency.

    Where both do, the shape `document:same-number` says so.
    """
    for serial, notation in sorted(thing.numbers):
        for iri in sorted(things.numbered(serial, notation) - {thing.iri}):
            other = things.get(iri)
            if not thing.values(RICO.hasAuthor) or not other.values(RICO.hasAuthor):
                yield other


def _may_be(thing: Thing, other: Thing) -> bool:
    """Whether two may be one: of one class, nowhere of different places, bodies or days."""
    if not thing.classes & other.classes or thing.is_told_apart_from(other):
        return False
    if thing.is_here and other.is_here and other.iri > thing.iri:
        return False  # told once, of the later one
    return thing.may_coincide(other)


def _name(entry: Entry, thing: Thing, other: Thing) -> Result:
    name = other.name("vi")
    return Result(
        entry=entry.graph,
        severity="Warning",
        focus=thing.iri,
        path=thing.naming or RDFS.label,
        value=other.iri,
        shape=NAME,
        messages={
            "vi": f"Đã có “{name}” cùng loại, cùng tên. Nếu là một thì dùng địa chỉ "
            f"<{_tail(other.iri)}>; nếu không, thêm vào tên điều phân biệt (nơi, cơ quan, năm).",
            "en": f"There is “{other.name('en')}” of the same class and name. If they are one, use "
            f"<{_tail(other.iri)}>; if not, add to the name what tells them apart (place, body, "
            "year).",
        },
    )


def _number(entry: Entry, thing: Thing, other: Thing) -> Result:
    return Result(
        entry=entry.graph,
        severity="Warning",
        focus=thing.iri,
        path=RICO.hasOrHadIdentifier,
        value=other.iri,
        shape=NUMBER,
        messages={
            "vi": f"Đã có văn bản “{other.name('vi')}” cùng số và ký hiệu. Nếu là một thì dùng địa "
            f"chỉ <{_tail(other.iri)}>; nếu không, ghi cơ quan ban hành của cả hai.",
            "en": f"There is a document “{other.name('en')}” with the same number and notation. If "
            f"they are one, use <{_tail(other.iri)}>; if not, give the agency of both.",
        },
    )


def _tail(iri: str) -> str:
    return iri.removeprefix(NAMESPACE)
