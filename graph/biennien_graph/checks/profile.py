# SPDX-License-Identifier: Apache-2.0
"""The application profile as data: which terms there are, what they are called, what they join."""

from __future__ import annotations

import functools
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from biennien_graph import resources
from biennien_graph.engine.rdf import BlankNode, Literal, NamedNode, read_file
from biennien_graph.neighbourhood import words
from biennien_graph.terms import OWL, PREFIXES, RDFS, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from biennien_graph.engine.rdf import Quad

_LABELS = (RDFS.label, SKOS.prefLabel)
_SH = PREFIXES["sh"]
_PATH, _TARGET, _CLASS = f"{_SH}path", f"{_SH}targetClass", f"{_SH}class"


@dataclass(slots=True)
class Profile:
    """What the ontology, the alignments and the shapes say about terms."""

    terms: set[str] = field(default_factory=set)
    labels: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    domains: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    ranges: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    inverses: dict[str, str] = field(default_factory=dict)
    superclasses: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def label(self, iri: str, language: str) -> str:
        """What a term is called; empty where it has no label."""
        found = self.labels.get(iri, {})
        return found.get(language) or found.get("vi") or next(iter(found.values()), "")

    def classes(self, direct: Iterable[str]) -> set[str]:
        """The classes and all their super-classes."""
        found: set[str] = set()
        ahead = list(direct)
        while ahead:
            name = ahead.pop()
            if name not in found:
                found.add(name)
                ahead += self.superclasses.get(name, ())
        return found


def short(iri: str) -> str:
    """An IRI with a well-known prefix, or from our namespace on, or as it is."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and iri != namespace:
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri


@functools.cache
def profile() -> Profile:
    """The profile that comes with Biên Niên; read once."""
    found = Profile()
    for file in sorted(resources.folder("ontology").rglob("*.ttl")):
        for quad in read_file(file):
            _note(found, quad)
    for file in resources.shapes():
        _read_shapes(found, read_file(file))
    _other_direction(found)
    return found


def _note(found: Profile, quad: Quad) -> None:
    if not isinstance(quad.subject, NamedNode):
        return
    subject, predicate, value = quad.subject.value, quad.predicate.value, quad.object
    found.terms.add(subject)
    if predicate in _LABELS and isinstance(value, Literal):
        found.labels[subject].setdefault(value.language or "", value.value)
    elif isinstance(value, NamedNode):
        if predicate == RDFS.domain:
            found.domains[subject].add(value.value)
        elif predicate == RDFS.range:
            found.ranges[subject].add(value.value)
        elif predicate == RDFS.subClassOf:
            found.superclasses[subject].add(value.value)
        elif predicate == OWL.inverseOf:
            found.terms.add(value.value)
            found.inverses[subject] = value.value
            found.inverses[value.value] = subject


def _read_shapes(found: Profile, quads: Iterable[Quad]) -> None:
    """A property shape with a target says what its property joins: `sh:targetClass`, `sh:class`."""
    about: dict[NamedNode | BlankNode, dict[str, list[str]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for quad in quads:
        if isinstance(quad.subject, NamedNode | BlankNode) and isinstance(quad.object, NamedNode):
            about[quad.subject][quad.predicate.value].append(words(quad.object))
    for said in about.values():
        if not said[_PATH] or not said[_TARGET] or not said[_CLASS]:
            continue
        found.domains[said[_PATH][0]].update(said[_TARGET])
        found.ranges[said[_PATH][0]].update(said[_CLASS])


def _other_direction(found: Profile) -> None:
    """What a property joins, its inverse joins the other way round."""
    for one, other in found.inverses.items():
        if one not in found.domains and one not in found.ranges and other in found.ranges:
            found.domains[one] = found.ranges[other]
            found.ranges[one] = found.domains[other]
