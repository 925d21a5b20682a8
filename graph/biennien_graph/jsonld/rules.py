# SPDX-License-Identifier: Apache-2.0
"""What the shapes and the ontology say of a property, as a JSON Schema needs it."""

from __future__ import annotations

import functools
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from biennien_graph import resources
from biennien_graph.engine.rdf import Literal, NamedNode, read_file
from biennien_graph.terms import RDFS, SH, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from typing import Any

_SH = "http://www.w3.org/ns/shacl#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_FIRST, _REST, _NIL = f"{_RDF}first", f"{_RDF}rest", f"{_RDF}nil"


@dataclass(slots=True)
class Rule:
    """What holds of the values of one property, for all classes of a frame."""

    names: dict[str, str] = field(default_factory=dict)  # by language
    definitions: dict[str, str] = field(default_factory=dict)
    datatypes: set[str] = field(default_factory=set)
    classes: set[str] = field(default_factory=set)
    known: list[str] = field(default_factory=list)  # sh:in, IRIs
    languages: set[str] = field(default_factory=set)  # that there is a text in
    bounds: dict[str, Any] = field(default_factory=dict)  # pattern, minimum, minLength
    needed: bool = False
    single: bool = False


class _Graph:
    """Statements by subject and predicate."""

    def __init__(self, files: Iterable[Path]) -> None:
        self._about: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
        for number, file in enumerate(files):
            for quad in read_file(file):
                subject = _key(quad.subject, number)
                value = quad.object if isinstance(quad.object, Literal) else None
                self._about[subject][quad.predicate.value].append(
                    value if value is not None else _key(quad.object, number)
                )

    def subjects(self) -> list[str]:
        return sorted(self._about)

    def all(self, subject: str, predicate: str) -> list[Any]:
        return self._about[subject][predicate] if subject in self._about else []

    def one(self, subject: str, predicate: str) -> Any:
        return next(iter(self.all(subject, predicate)), None)

    def members(self, head: str | None) -> list[Any]:
        """The members of an RDF list."""
        found = []
        while head and head != _NIL:
            found.append(self.one(head, _FIRST))
            head = self.one(head, _REST)
        return found

    def texts(self, subject: str, predicate: str) -> dict[str, str]:
        values = self.all(subject, predicate)
        return {v.language: v.value for v in values if isinstance(v, Literal) and v.language}


def rule(iri: str, classes: Iterable[str]) -> Rule:
    """What shapes demand of a property wherever one of the classes has it."""
    found = Rule(definitions=_ontology().texts(iri, SKOS.definition))
    found.names = _ontology().texts(iri, RDFS.label)
    for shape in _by_path().get(iri, ()):
        targets = set(_shapes().all(shape, f"{_SH}targetClass"))
        if targets & set(classes):
            _take(found, shape, for_all=set(classes) <= targets)
    return found


def _take(found: Rule, shape: str, *, for_all: bool) -> None:
    """Add what one property shape says; `for_all`: of every class that is asked about."""
    shapes = _shapes()
    if shapes.one(shape, f"{_SH}severity") != SH.Violation:
        return
    found.datatypes |= _either(shape, "datatype")
    found.classes |= _either(shape, "class")
    found.single |= _number(shape, "maxCount") == 1
    if not for_all:
        return
    found.needed |= _number(shape, "minCount") > 0
    found.known = [
        v for v in shapes.members(shapes.one(shape, f"{_SH}in")) if isinstance(v, str)
    ] or found.known
    qualified = shapes.one(shape, f"{_SH}qualifiedValueShape")
    if qualified and _number(shape, "qualifiedMinCount") > 0:
        listed = shapes.members(shapes.one(qualified, f"{_SH}languageIn"))
        found.languages |= {text.value for text in listed}
    for name, key in (("pattern", "pattern"), ("minLength", "minLength")):
        value = shapes.one(shape, _SH + name)
        if value is not None:
            found.bounds[key] = value.value if name == "pattern" else int(value.value)
    least = shapes.one(shape, f"{_SH}minInclusive")
    if least is not None:
        found.bounds["minimum"] = int(least.value)


def _either(shape: str, name: str) -> set[str]:
    """The values of `sh:datatype` or `sh:class`, also those under `sh:or`."""
    shapes = _shapes()
    choices = [shape, *shapes.members(shapes.one(shape, f"{_SH}or"))]
    return {value for choice in choices for value in shapes.all(choice, _SH + name)}


def _number(shape: str, name: str) -> int:
    value = _shapes().one(shape, _SH + name)
    return int(value.value) if value is not None else 0


def _key(term: object, file: int) -> str:
    """IRIs as they are; the blank nodes of each file apart."""
    return term.value if isinstance(term, NamedNode) else f"_:{file}-{term}"


@functools.cache
def _shapes() -> _Graph:
    return _Graph(resources.shapes())


@functools.cache
def _ontology() -> _Graph:
    return _Graph([resources.folder("ontology") / "biennien.ttl"])


@functools.cache
def _by_path() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for subject in _shapes().subjects():
        path = _shapes().one(subject, f"{_SH}path")
        if isinstance(path, str):
            found[path].append(subject)
    return dict(found)
