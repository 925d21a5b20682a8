# SPDX-License-Identifier: Apache-2.0
"""What a shape expects, in words: its constraints (SHACL, section 4), one after the other."""

from __future__ import annotations

import functools
from collections import defaultdict
from typing import TYPE_CHECKING

from biennien_graph import resources
from biennien_graph.checks.profile import profile, short
from biennien_graph.engine.rdf import Literal, NamedNode, read_file
from biennien_graph.neighbourhood import words
from biennien_graph.reports.wording import say
from biennien_graph.terms import NAMESPACE, PREFIXES, RDFS

if TYPE_CHECKING:
    from biennien_graph.engine.rdf import BlankNode, Triple

    Said = dict[str, list[NamedNode | BlankNode | Literal | Triple]]

_SH, _RDF = PREFIXES["sh"], PREFIXES["rdf"]
_NIL = f"{_RDF}nil"
_TERMS = ("class", "datatype", "hasValue", "lessThan", "lessThanOrEquals", "disjoint")
_PLAIN = (
    "pattern", "minLength", "maxLength", "minInclusive", "maxInclusive", "minExclusive",
    "maxExclusive",
)  # fmt: skip
_LISTS = ("in", "languageIn")


def expected(shape: str, language: str) -> str:
    """What a shape expects of the value; else the name of the rule; empty where it has none."""
    local = shape.removeprefix(f"{NAMESPACE}shapes/")
    own = say(language, local)
    if own != local:
        return own
    said = _shapes().get(shape)
    if said is None:
        return ""
    phrases = [*_kinds(said, language), *_bounds(said, language), *_counts(said, language)]
    return "; ".join(phrases) or ("" if _warns(said) else _name(said, language))


@functools.cache
def _shapes() -> dict[str, Said]:
    """What is said of each node of the shapes, by IRI or label of a blank node."""
    found: dict[str, Said] = defaultdict(lambda: defaultdict(list))
    for file in resources.shapes():
        for quad in read_file(file):
            found[words(quad.subject)][quad.predicate.value].append(quad.object)
    return dict(found)


def _warns(said: Said) -> bool:
    """Whether a rule tells of something that may be right as it is: its name is what it found."""
    severity = words(next(iter(said.get(f"{_SH}severity", ())), ""))
    found = any(said.get(_SH + name) for name in ("sparql", "not"))
    return found and severity != f"{_SH}Violation"


def _kinds(said: Said, language: str) -> list[str]:
    phrases = [
        _kind(name, words(value), language) for name in _TERMS for value in said.get(_SH + name, ())
    ]
    kinds = said.get(f"{_SH}nodeKind", ())
    phrases += [say(language, words(value).removeprefix(_SH)) for value in kinds]
    for name in _LISTS:
        for head in said.get(_SH + name, ()):
            members = ", ".join(_term(value, language) for value in _list(words(head)))
            phrases.append(say(language, name, members))
    return phrases


def _kind(name: str, value: str, language: str) -> str:
    phrase = say(language, value)  # of a datatype that people know by an example
    return phrase if phrase != value else say(language, name, _term(value, language))


def _bounds(said: Said, language: str) -> list[str]:
    phrases = [
        say(language, name, words(value)) for name in _PLAIN for value in said.get(_SH + name, ())
    ]
    return phrases + [say(language, "uniqueLang") for _ in said.get(f"{_SH}uniqueLang", ())]


def _counts(said: Said, language: str) -> list[str]:
    least, most = (_number(said, name) for name in ("minCount", "maxCount"))
    if most == "0":
        return [say(language, "none")]
    if least and least == most:
        return [say(language, "exactly", least)]
    named = (("minCount", least), ("maxCount", most))
    return [say(language, name, count) for name, count in named if count]


def _number(said: Said, name: str) -> str:
    return words(next(iter(said.get(_SH + name, ())), ""))


def _term(value: str, language: str) -> str:
    """A term by its label and short form, else as it is."""
    label, name = profile().label(value, language), short(value)
    return f"{label} ({name})" if label else name


def _list(head: str) -> list[str]:
    found = []
    while head in _shapes() and head != _NIL:
        node = _shapes()[head]
        found += [words(value) for value in node.get(f"{_RDF}first", ())]
        head = words(next(iter(node.get(f"{_RDF}rest", ())), _NIL))
    return found


def _name(said: Said, language: str) -> str:
    names = {
        value.language or "": value.value
        for predicate in (RDFS.label, f"{_SH}name")
        for value in said.get(predicate, ())
        if isinstance(value, Literal)
    }
    return names.get(language) or next(iter(names.values()), "")
