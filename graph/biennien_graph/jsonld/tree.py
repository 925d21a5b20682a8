# SPDX-License-Identifier: Apache-2.0
"""From triples to nested JSON-LD, by a context and by frames, without losing a triple.

A node is embedded where it is first referred to. One that has literals only (a date, a label) is
embedded everywhere, and so are passages; of others a later reference has identifier, type and
label. What nothing leads to is `included` at the end. Expanding the result gives the triples back
(JSON-LD 1.1 API, section 8.1); the tests have PyLD and jsonld.js judge that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from biennien_graph.jsonld.frames import frame_for
from biennien_graph.terms import BN, RDF, RDFS, SKOS, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from biennien_graph.jsonld.context import Context, Term
    from biennien_graph.jsonld.triples import About, Value

Node: TypeAlias = dict[str, Any]
Backwards: TypeAlias = dict[str, list[tuple[str, str]]]

_DEPTH = 6  # of embedding; what lies deeper is included at the end
_SAFE = 2**53  # integers beyond lose digits in JavaScript
_NAMES = frozenset({RDF.type, RDFS.label, SKOS.prefLabel, "https://schema.org/name"})
_ALWAYS = frozenset({BN.evidence})  # embedded at every reference
_OF_CLAIM = frozenset({BN.evidence, BN.attestedOn, RDF.type})  # all else in a claim is a reference
# Keys whose values are addresses in the web, not things that we describe: a text, never a node.
ADDRESSES = frozenset(
    {
        "http://purl.org/dc/terms/conformsTo", "http://purl.org/dc/terms/license",
        "http://xmlns.com/foaf/0.1/homepage", "http://xmlns.com/foaf/0.1/page",
        "http://www.w3.org/2000/01/rdf-schema#seeAlso", "https://schema.org/url",
        "https://schema.org/sameAs", "http://www.w3.org/2002/07/owl#sameAs",
    }
)  # fmt: skip


class Tree:
    """One graph about one thing, to be written from that thing down.

    `own` are further keys that the thing and its own nodes (fragments of its IRI) always have.
    `others` are things that are told elsewhere in the same document, and here only mentioned.
    """

    def __init__(
        self,
        about: About,
        iri: str,
        context: Context,
        own: Sequence[str] = (),
        others: frozenset[str] = frozenset(),
        backwards: Backwards | None = None,
    ) -> None:
        self._about, self._iri, self._context, self._own = about, iri, context, own
        self._others = others
        self._part = f"{iri}#"
        self._id, self._type = context.keyword("@id"), context.keyword("@type")
        self._done: set[str] = set()  # nodes of which everything is written
        self._named: set[str] = set()  # nodes of which type and labels are
        self._path: list[str] = []
        self._backwards = backwards_in(about, context) if backwards is None else backwards

    def whole(self) -> Node:
        """The thing with everything that the graph says; what nothing leads to comes last."""
        node = self.node(self._iri)
        apart = [self.node(iri) for iri in self._order() if not self._is_told(iri)]
        if apart:
            node[self._context.keyword("@included")] = apart
        return node

    def flat(self) -> list[Node]:
        """Every subject as a node of its own, the thing first."""
        return [self.node(iri) for iri in self._order() if not self._is_told(iri)]

    def node(self, iri: str, back_by: str = "") -> Node:
        """One node with all that is said about it, its keys in the order of its frame.

        `back_by`: the property by which it refers to the node that it stands in, where that is why.
        """
        self._done.add(iri)
        self._path.append(iri)
        said = self._about.get(iri, {})
        classes = [text for _, text in said.get(RDF.type, ())]
        found = self._heading(iri, said)
        keys: Node = {}
        for predicate, values in said.items():
            implied = predicate == back_by and values == [("@id", self._path[-2])]
            if predicate != RDF.type and not implied:
                self._add(keys, predicate, values)
        self._add_backwards(keys, iri)
        self._path.pop()
        order = [*frame_for(iri, classes).keys, *(self._own if self._is_own(iri) else ())]
        for key in dict.fromkeys(order) if self._id == "id" else ():
            found[key] = keys.pop(key) if key in keys else self._empty(key)
        return found | dict(sorted(keys.items()))

    def _heading(self, iri: str, said: dict[str, list[Value]]) -> Node:
        """Identifier and classes."""
        found: Node = {self._id: iri}
        classes = [self._context.name(text) for _, text in said.get(RDF.type, ())]
        if classes:
            single = len(classes) == 1 and not self._context.many_types
            found[self._type] = classes[0] if single else classes
        return found

    def _empty(self, key: str) -> Any:
        return self._context.terms[key].empty

    def _add(self, keys: Node, predicate: str, values: Iterable[Value]) -> None:
        for kind, text in values:
            if kind == "@id":
                term = self._context.key(predicate, "@id")
                _put(keys, term, self._reference(predicate, text, term))
            else:
                self._add_literal(keys, predicate, kind, text)

    def _add_literal(self, keys: Node, predicate: str, kind: str, text: str) -> None:
        context = self._context
        if kind[0] == "@":
            term = context.key(predicate, "@language", "")
            if term.kind == "@language":
                _put_in_language(keys, term, kind[1:], text)
            else:
                value = {"@value": text, "@language": kind[1:]}
                _put(keys, term, value)
            return
        native = _native(kind, text)
        term = context.key(predicate, *(("", "@language") if native == text else (kind, "")))
        if term.kind == "@language" and kind == XSD.string:
            _put_in_language(keys, term, context.keyword("@none"), text)
        elif term.kind == kind:
            _put(keys, term, text)
        elif native is not None and not term.kind:
            _put(keys, term, native)
        else:
            _put(keys, *self._typed(predicate, term, kind, text))

    def _typed(self, predicate: str, term: Term, kind: str, text: str) -> tuple[Any, Node]:
        """A value that tells its datatype, where no key does."""
        if term.kind == "@language":  # which holds texts only
            term = self._context.key(self._context.shortened(predicate))
        typed = {} if kind == XSD.string else {self._type: kind}
        return term, {**typed, "@value": text}

    def _reference(self, predicate: str, iri: str, term: Term) -> Any:
        """What stands for another node: a text, a reference, or the node itself."""
        if term.kind == "@vocab":
            return self._context.word(iri)
        if predicate in ADDRESSES and iri[:2] != "_:" and term.kind == "@id":
            return iri
        said = self._about.get(iri)
        if said is None or (predicate not in _OF_CLAIM and self._in_claim()):
            return {self._id: iri}
        if iri not in self._path and len(self._path) < _DEPTH and self._embeds(predicate, iri):
            return self.node(iri)
        return self._mention(iri, said)

    def _embeds(self, predicate: str, iri: str) -> bool:
        said = self._about[iri]
        if _is_named_only(said) or iri in self._others:
            return False
        return iri not in self._done or predicate in _ALWAYS or _has_literals_only(said)

    def _mention(self, iri: str, said: dict[str, list[Value]]) -> Node:
        """Identifier, classes and labels."""
        self._named.add(iri)
        keys: Node = {}
        for predicate, values in said.items():
            if predicate in _NAMES and predicate != RDF.type:
                self._add(keys, predicate, [value for value in values if value[0] != "@id"])
        return self._heading(iri, said) | keys

    def _add_backwards(self, keys: Node, iri: str) -> None:
        """The nodes that refer to this one by a property that has a key for its other end."""
        for predicate, subject in self._backwards.get(iri, ()):
            if (
                len(self._path) < _DEPTH
                and self._is_nested(predicate, iri)
                and subject not in self._done
            ):
                term = self._context.reverse[predicate]
                _put(keys, term, self.node(subject, predicate))

    def _is_nested(self, predicate: str, iri: str) -> bool:
        return predicate == RDF.subject or iri == self._iri

    def _in_claim(self) -> bool:
        here = self._about.get(self._path[-1], {}) if len(self._path) > 1 else {}
        return RDF.subject in here

    def _is_own(self, iri: str) -> bool:
        return iri == self._iri or iri.startswith(self._part)

    def _is_told(self, iri: str) -> bool:
        if iri in self._done:
            return True
        return iri in self._named and _is_named_only(self._about[iri])

    def _order(self) -> list[str]:
        """The thing, its own nodes, then the others."""
        return sorted(self._about, key=lambda iri: (iri != self._iri, not self._is_own(iri), iri))


def backwards_in(about: About, context: Context) -> Backwards:
    """For each node, by which properties that have a key backwards which others refer to it."""
    found: Backwards = {}
    for subject, said in sorted(about.items()) if context.reverse else ():
        for predicate in sorted(context.reverse.keys() & said.keys()):
            values = said[predicate]
            if len(values) == 1 and values[0][0] == "@id" and values[0][1] != subject:
                found.setdefault(values[0][1], []).append((predicate, subject))
    return found


def _put(keys: Node, term: Term, value: Any) -> None:
    """Add a value, as an array where the key always has one or where there are several."""
    if term.many:
        keys.setdefault(term.name, []).append(value)
    elif term.name not in keys:
        keys[term.name] = value
    elif isinstance(keys[term.name], list):
        keys[term.name].append(value)
    else:
        keys[term.name] = [keys[term.name], value]


def _put_in_language(keys: Node, term: Term, language: str, text: str) -> None:
    texts = keys.setdefault(term.name, {})
    if term.many:
        texts.setdefault(language, []).append(text)
    elif language not in texts:
        texts[language] = text
    else:
        known = texts[language]
        texts[language] = [*known, text] if isinstance(known, list) else [known, text]


def _is_named_only(said: dict[str, list[Value]]) -> bool:
    return said.keys() <= _NAMES and _has_literals_only(said)


def _has_literals_only(said: dict[str, list[Value]]) -> bool:
    return not any(
        kind == "@id"
        for predicate, values in said.items()
        for kind, _ in values
        if predicate != RDF.type
    )


def _native(kind: str, text: str) -> str | int | bool | None:
    """A literal as plain JSON, where that gives the same literal back."""
    if kind == XSD.string:
        return text
    if kind == XSD.boolean and text in {"true", "false"}:
        return text == "true"
    if kind == XSD.integer and text.lstrip("-").isdecimal() and text.isascii():
        number = int(text) if len(text) < 17 else _SAFE
        return number if str(number) == text and abs(number) < _SAFE else None
    return None
