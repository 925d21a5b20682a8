# SPDX-License-Identifier: Apache-2.0
"""The parameters of a stored query: the `VALUES` rows in its text, for which others may be given.

A value is read as what stands in the row: an IRI, or a literal of the same type. It is bound as a
term, never put into the text as it came.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from biennien_api.http.problems import Problem
from biennien_graph.engine.rdf import Literal, NamedNode, is_iri
from biennien_graph.terms import NAMESPACE, XSD

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_ONE = re.compile(r"VALUES \?(\w+) \{([^}]*)\}")
_SEVERAL = re.compile(r"VALUES \(((?:\s*\?\w+)+)\s*\) \{\s*\(([^()]*)\)\s*\}")
_TERM = re.compile(r'<[^>]*>|"(?:[^"\\]|\\.)*"(?:@[\w-]+|\^\^\S+)?|[^\s"<]+')
_PREFIX = re.compile(r"^PREFIX\s+([\w-]*):\s*<([^>]*)>", re.MULTILINE)
_LEXICAL = {
    XSD.date: re.compile(r"-?\d{4,}-\d\d-\d\d(?:Z|[+-]\d\d:\d\d)?"),
    XSD.integer: re.compile(r"[+-]?\d+"),
}
_MOST = 100  # values of one parameter

Term = NamedNode | Literal


@dataclass(frozen=True, slots=True)
class Parameter:
    """A variable with the terms that stand in its row; `several`: whether it may have more."""

    name: str
    defaults: tuple[Term, ...]
    several: bool

    @property
    def datatype(self) -> str:
        """The type of its literals; empty where it takes IRIs."""
        first = self.defaults[0]
        return first.datatype.value if isinstance(first, Literal) else ""

    @property
    def takes(self) -> str:
        """What it takes, in words."""
        return f"a literal of type {self.datatype}" if self.datatype else "an IRI"


def parameters(text: str) -> tuple[Parameter, ...]:
    """The parameters of a query, in the order of its text."""
    prefixes = dict(_PREFIX.findall(text))
    found: dict[str, Parameter] = {}
    for name, row in _ONE.findall(text):
        terms = [_term(part, prefixes) for part in _TERM.findall(row)]
        known = tuple(term for term in terms if term is not None)
        if known and len(known) == len(terms):
            found.setdefault(name, Parameter(name, known, several=True))
    for names, row in _SEVERAL.findall(text):
        terms = [_term(part, prefixes) for part in _TERM.findall(row)]
        variables = [name.strip("?") for name in names.split()]
        if len(variables) == len(terms):
            for name, term in zip(variables, terms, strict=True):
                if term is not None:
                    found.setdefault(name, Parameter(name, (term,), several=False))
    return tuple(found.values())


def bound(text: str, given: Mapping[str, Sequence[str]]) -> str:
    """The query with other values; `Problem` 400 where one cannot be, with what may be given."""
    known = {parameter.name: parameter for parameter in parameters(text)}
    prefixes = dict(_PREFIX.findall(text))
    chosen = {}
    for name, values in given.items():
        if name not in known:
            raise Problem(
                400, "bad-request", f"The query has no parameter “{name}”.", known=list(known)
            )
        chosen[name] = _values(known[name], values, prefixes)

    def one(row: re.Match[str]) -> str:
        terms = chosen.get(row[1])
        return f"VALUES ?{row[1]} {{ {' '.join(map(str, terms))} }}" if terms else row[0]

    def several(row: re.Match[str]) -> str:
        names = [name.strip("?") for name in row[1].split()]
        terms = _TERM.findall(row[2])
        if len(names) != len(terms):
            return row[0]
        new = [str(chosen[n][0]) if n in chosen else t for n, t in zip(names, terms, strict=True)]
        return f"VALUES ({row[1]}) {{ ({' '.join(new)}) }}"

    return _SEVERAL.sub(several, _ONE.sub(one, text))


def _values(parameter: Parameter, values: Sequence[str], prefixes: Mapping[str, str]) -> list[Term]:
    most = _MOST if parameter.several else 1
    if len(values) > most:
        raise Problem(400, "bad-request", f"{parameter.name} takes at most {most} values.")
    return [_value(parameter, value, prefixes) for value in values]


def _value(parameter: Parameter, value: str, prefixes: Mapping[str, str]) -> Term:
    first = parameter.defaults[0]
    if isinstance(first, NamedNode):
        prefix, colon, local = value.partition(":")
        iri = prefixes[prefix] + local if colon and prefix in prefixes else value
        if not is_iri(iri) and re.fullmatch(r"[a-z]+/[a-z0-9-]+", iri):
            iri = f"{NAMESPACE}id/{iri}"
        if is_iri(iri):
            return NamedNode(iri)
    elif first.language:
        return Literal(value, language=first.language)
    elif parameter.datatype not in _LEXICAL or _LEXICAL[parameter.datatype].fullmatch(value):
        return Literal(value, datatype=first.datatype)
    raise Problem(
        400,
        "bad-request",
        f"{parameter.name}={value} is not {parameter.takes}.",
        hint=f"Write it like {getattr(first, 'value', first)}.",
    )


def _term(text: str, prefixes: Mapping[str, str]) -> Term | None:
    """A term as SPARQL writes it; None where it is of another kind."""
    if text.startswith("<"):
        return NamedNode(text[1:-1])
    if text.startswith('"'):
        value, _, kind = text[1:].rpartition('"')
        if kind.startswith("@"):
            return Literal(value, language=kind[1:])
        datatype = _term(kind[2:], prefixes) if kind else None
        return Literal(value, datatype=datatype if isinstance(datatype, NamedNode) else None)
    if text.isdecimal():
        return Literal(int(text))
    prefix, colon, local = text.partition(":")
    return NamedNode(prefixes[prefix] + local) if colon and prefix in prefixes else None
