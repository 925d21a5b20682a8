# SPDX-License-Identifier: Apache-2.0
"""JSON-LD contexts, read the way that a writer needs them: from property and value to key.

What a key means stands in `ontology/contexts/`, one file a version, and never changes. Whether its
value is an array stands there too (`@set`), so that any JSON-LD processor agrees with ours.
"""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from biennien_graph import resources
from biennien_graph.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

NEWEST = "v1"
SCHEMA_ORG = "schema-v1"
_VERSION = re.compile(r"[a-z]+(-[a-z0-9]+)*\d*")


@dataclass(frozen=True, slots=True)
class Term:
    """A key: its property, what its values are coerced to, and the containers that hold them.

    `kind` is `@id` or `@vocab` for IRIs, a datatype, `@language` for a map of languages, or
    nothing, where a value tells itself what it is.
    """

    name: str
    iri: str
    kind: str = ""
    many: bool = False
    reverse: bool = False

    @property
    def empty(self) -> Any:
        """The value where nothing is known; JSON-LD takes it for no statement."""
        if self.kind == "@language":
            return {}
        return [] if self.many else None


class Context:
    """One context document."""

    def __init__(self, document: dict[str, Any]) -> None:
        entries: dict[str, Any] = document["@context"]
        self._prefixes: dict[str, str] = {k: v for k, v in entries.items() if _is_prefix(k, v)}
        self._vocabulary: str = entries.get("@vocab", "")
        self.terms = {k: self._term(k, v) for k, v in entries.items() if not _is_keyword(k, v)}
        self._keywords = {_keyword(v): k for k, v in entries.items() if _is_alias(k, v)}
        self.many_types = isinstance(entries.get("type"), dict)
        self.reverse = {term.iri: term for term in self.terms.values() if term.reverse}
        self._by_value: dict[tuple[str, str], Term] = {}
        for term in self.terms.values():
            if not term.reverse:
                kind = "@id" if term.kind == "@vocab" else term.kind
                self._by_value.setdefault((term.iri, kind), term)
        self._names = {t.iri: t.name for t in reversed(self.terms.values()) if not t.reverse}

    def keyword(self, word: str) -> str:
        """How a keyword is written: `id` for `@id`."""
        return self._keywords.get(word, word)

    def key(self, iri: str, *kinds: str) -> Term:
        """The key for a property and the first of the kinds of value that it has one for.

        Where there is none, a term that holds any value that tells itself what it is.
        """
        for kind in kinds:
            found = self._by_value.get((iri, kind))
            if found is not None:
                return found
        other = self._by_value.get((iri, "@id")) or self._by_value.get((iri, ""))
        return other or Term(self.shortened(iri), iri)

    def name(self, iri: str) -> str:
        """A class or property by its key, or as short as the prefixes make it."""
        return self._names.get(iri) or self.shortened(iri)

    def word(self, iri: str) -> str:
        """A property as a value of `@vocab` type: by its key, or whole."""
        return self._names.get(iri, iri)

    def shortened(self, iri: str) -> str:
        """The IRI with a prefix, or relative to the vocabulary, where that is unambiguous."""
        if self._vocabulary and iri.startswith(self._vocabulary):
            return iri.removeprefix(self._vocabulary)
        for prefix, namespace in self._prefixes.items():
            local = iri.removeprefix(namespace)
            if local != iri and local and not local.startswith("//"):
                return f"{prefix}:{local}"
        return iri

    def expanded(self, name: str) -> str:
        """The IRI that a term, a compact IRI or a name of the vocabulary stands for."""
        if name in self.terms:
            return self.terms[name].iri
        prefix, colon, local = name.partition(":")
        if colon and prefix in self._prefixes and not local.startswith("//"):
            return self._prefixes[prefix] + local
        return name if colon else self._vocabulary + name

    def names(self) -> dict[str, tuple[str, ...]]:
        """What the context calls each IRI."""
        found: dict[str, tuple[str, ...]] = {}
        for name, term in self.terms.items():
            found[term.iri] = (*found.get(term.iri, ()), name)
        return found

    def _term(self, name: str, value: Any) -> Term:
        if isinstance(value, str):
            return Term(name, self._resolved(value))
        containers = value.get("@container", ())
        containers = [containers] if isinstance(containers, str) else containers
        kind: str = "@language" if "@language" in containers else value.get("@type", "")
        return Term(
            name,
            self._resolved(value.get("@reverse") or value.get("@id") or name),
            kind if kind.startswith("@") else self._resolved(kind),
            "@set" in containers,
            "@reverse" in value,
        )

    def _resolved(self, text: str) -> str:
        """A compact IRI of the context document itself, as an IRI."""
        prefix, colon, local = text.partition(":")
        if not colon:
            return self._vocabulary + text if text else ""
        return self._prefixes.get(prefix, f"{prefix}:") + local


def document(version: str = NEWEST) -> bytes:
    """A context as it is served; `UsageError` lists the versions where there is no such one."""
    file = _folder() / f"{version}.jsonld"
    if not _VERSION.fullmatch(version) or not file.is_file():
        known = ", ".join(versions())
        raise UsageError(f"There is no context “{version}”.", hint=f"Known: {known}.")
    return file.read_bytes()


def versions() -> list[str]:
    """The names of all contexts, of which none is ever changed or taken away."""
    return sorted(file.stem for file in _folder().glob("*.jsonld"))


def addresses(base: str) -> list[str]:
    """By which the newest context may be called at the address of a service."""
    return [f"{base}context.jsonld", f"{base}context/{NEWEST}.jsonld"]


@functools.cache
def context(version: str = NEWEST) -> Context:
    """A context, read."""
    return Context(json.loads(document(version)))


def _folder() -> Path:
    return resources.folder("ontology") / "contexts"


def _is_prefix(key: str, value: object) -> bool:
    return isinstance(value, str) and key[:1] != "@" and value[-1] in "#/"


def _keyword(value: Any) -> str:
    return str(value.get("@id", "") if isinstance(value, dict) else value)


def _is_alias(key: str, value: object) -> bool:
    return key[:1] != "@" and _keyword(value)[:1] == "@"


def _is_keyword(key: str, value: object) -> bool:
    return key[:1] == "@" or _is_alias(key, value) or _is_prefix(key, value)
