# SPDX-License-Identifier: Apache-2.0
"""Terms that there are not: a misspelt one would silently be a new one."""

from __future__ import annotations

import functools
import re
from difflib import SequenceMatcher, get_close_matches
from typing import TYPE_CHECKING

from rdflib import namespace as elsewhere

from biennien_graph.checks.profile import profile, short
from biennien_graph.engine.rdf import NamedNode
from biennien_graph.neighbourhood import words
from biennien_graph.terms import NAMESPACE, PREFIXES, RDF
from biennien_graph.validation import Result

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from biennien_graph.checks.asking import Published
    from biennien_graph.engine.rdf import Triple
    from biennien_graph.evidence import Entry

KNOWN = f"{NAMESPACE}shapes/term#known"
NEAR = f"{NAMESPACE}shapes/term#near"
_CLOSED = (PREFIXES["bn"], PREFIXES["rico"])
_OPEN = {
    prefix: PREFIXES[prefix]
    for prefix in ("dcterms", "eli", "foaf", "oa", "owl", "rdf", "rdfs", "schema", "skos", "void")
}
_WHOLE = {  # the namespaces of which not only the terms of the profile are known here
    "dcterms": elsewhere.DCTERMS, "foaf": elsewhere.FOAF, "owl": elsewhere.OWL,
    "rdf": elsewhere.RDF, "rdfs": elsewhere.RDFS, "schema": elsewhere.SDO,
    "skos": elsewhere.SKOS, "void": elsewhere.VOID,
}  # fmt: skip
_MEMBER = re.compile(r"_\d+")  # rdf:_1, …
_NEAR, _VERY_NEAR = 0.6, 0.85


def unknown_terms(entries: Sequence[Entry], published: Published | None) -> Iterator[Result]:
    """A result for each statement with a term that is none, once for each term and thing."""
    defined = {subject for entry in entries for subject in entry.subjects}
    for entry in entries:
        told: set[tuple[str, str, str]] = set()
        for triple in entry.triples:
            if (words(triple.subject)).startswith(f"{NAMESPACE}claim/"):
                continue  # what it claims is told of itself
            for term, is_property in _terms(triple):
                if term in defined or not _suspicious(term) or _defined(term, published):
                    continue
                at = (words(triple.subject), triple.predicate.value, term)
                if at not in told:
                    told.add(at)
                    yield _result(entry, triple, term, is_property=is_property)


def _terms(triple: Triple) -> Iterator[tuple[str, bool]]:
    """The terms of vocabularies in a triple, and whether it stands as a property."""
    yield triple.predicate.value, True
    if isinstance(triple.object, NamedNode):
        term = triple.object.value
        if triple.predicate.value == RDF.type or term.startswith(_CLOSED):
            yield term, triple.predicate.value == RDF.predicate


@functools.lru_cache(maxsize=4096)
def _suspicious(term: str) -> bool:
    """Whether a term of a closed namespace is none, or one of another namespace nearly one."""
    if term in profile().terms:
        return False
    return term.startswith(_CLOSED) or bool(_nearly(term))


def _defined(term: str, published: Published | None) -> bool:
    """Whether an ontology that was loaded since says what a term is."""
    return published is not None and any(True for _ in published.quads(subject=term))


@functools.lru_cache(maxsize=4096)
def _nearly(term: str) -> str:
    """The term that is meant where one of an open namespace is misspelt; else nothing."""
    for prefix, namespace in _OPEN.items():
        if term.startswith(namespace):
            local = term.removeprefix(namespace)
            if local in _locals(prefix) or (prefix == "rdf" and _MEMBER.fullmatch(local)):
                return ""
            return next(iter(_close(local, namespace, _locals(prefix), _VERY_NEAR)), "")
    return _other_namespace(term)


def _other_namespace(term: str) -> str:
    """The same name in a known namespace whose address differs by next to nothing."""
    namespace = re.match(r".*[/#]", term)
    if namespace is None or namespace[0] in PREFIXES.values():
        return ""
    local = term.removeprefix(namespace[0])
    for prefix, known in {**_OPEN, "bn": _CLOSED[0], "rico": _CLOSED[1]}.items():
        alike = SequenceMatcher(None, namespace[0], known).ratio() >= 0.93
        if alike and (local in _locals(prefix) or known + local in profile().terms):
            return known + local
    return ""


@functools.cache
def _locals(prefix: str) -> frozenset[str]:
    namespace = PREFIXES[prefix]
    known = {t.removeprefix(namespace) for t in profile().terms if t.startswith(namespace)}
    if prefix in _WHOLE:
        known |= {str(name) for name in dir(_WHOLE[prefix]) if not str(name).startswith("__")}
        known = {name.removeprefix(namespace) for name in known}
    return frozenset(known)


def _close(local: str, namespace: str, known: frozenset[str], cutoff: float) -> list[str]:
    """The nearest names, capitals aside; classes after properties, as the name is written."""
    folded: dict[str, list[str]] = {}
    for name in sorted(known):
        folded.setdefault(name.casefold(), []).append(name)
    near = get_close_matches(local.casefold(), folded, n=3, cutoff=cutoff)
    return [
        namespace + name
        for fold in near
        for name in sorted(folded[fold], key=lambda n: n[:1].isupper() != local[:1].isupper())
    ]


def _meant(term: str) -> list[str]:
    namespace = next((found for found in _CLOSED if term.startswith(found)), "")
    if not namespace:
        return [_nearly(term)]
    local = term.removeprefix(namespace)
    found = _close(local, namespace, _locals("bn" if namespace == _CLOSED[0] else "rico"), _NEAR)
    if found:
        return _as_near(local, found)
    other, prefix = (_CLOSED[1], "rico") if namespace == _CLOSED[0] else (_CLOSED[0], "bn")
    return _close(local, other, _locals(prefix), _VERY_NEAR)[:1]


def _as_near(local: str, found: list[str]) -> list[str]:
    """The nearest term, and others only where they are next to as near."""

    def likeness(term: str) -> float:
        name = term.rpartition("#")[2]
        return SequenceMatcher(None, local.casefold(), name.casefold()).ratio()

    return [term for term in found if likeness(term) > likeness(found[0]) - 0.05][:3]


def _result(entry: Entry, triple: Triple, term: str, *, is_property: bool) -> Result:
    closed, near = term.startswith(_CLOSED), [short(name) for name in _meant(term)]
    kind = ("thuộc tính", "property") if is_property else ("tên", "term")
    if closed and near:
        vi = f"Không có {kind[0]} {short(term)}. Viết {_or(near, 'hay')}, nếu ý là vậy."
        en = f"There is no {kind[1]} {short(term)}. Write {_or(near, 'or')}, if that is meant."
    elif closed:
        vi = f"Không có {kind[0]} {short(term)}. Chọn một tên trong /ontology."
        en = f"There is no {kind[1]} {short(term)}. Choose one from /ontology."
    else:
        vi = f"{_written(term)} gần giống {near[0]}. Nếu ý là vậy thì viết {near[0]}."
        en = f"{_written(term)} is nearly {near[0]}. If that is meant, write {near[0]}."
    return Result(
        entry=entry.graph,
        severity="Violation" if closed else "Warning",
        focus=words(triple.subject),
        path=triple.predicate.value,
        value=term if triple.predicate.value != term else "",
        shape=KNOWN if closed else NEAR,
        messages={"vi": vi, "en": en},
    )


def _written(term: str) -> str:
    name = short(term)
    return name if name != term else f"<{term}>"


def _or(names: list[str], word: str) -> str:
    return f" {word} ".join(names)
