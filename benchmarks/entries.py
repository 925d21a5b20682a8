# SPDX-License-Identifier: Apache-2.0
"""The entries that come with Biên Niên, copied under other names, and parts of them as new ones."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from biennien_graph import loading, resources
from biennien_graph.engine.rdf import NamedNode, Triple, n_quads
from biennien_graph.evidence import Entry
from biennien_graph.terms import BN, NAMESPACE, OA, RDF

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

_KINDS = rb"(id|claim|passage|source|graph/record|graph/authority)"
_OWN = re.compile(b"<" + re.escape(NAMESPACE.encode()) + _KINDS + rb"/[^>#]*")
_COPIED = (f"{NAMESPACE}graph/record/", f"{NAMESPACE}graph/authority/")


def copies(quads: int) -> Iterator[bytes]:
    """Lines of N-Quads: everything once, then records and authorities again until it is enough."""
    entries = loading.read(resources.entries())
    own = [
        line
        for entry in entries
        if entry.graph.startswith(_COPIED)
        for line in n_quads(entry.quads())
    ]
    count = 0
    for entry in entries:
        lines = n_quads(entry.quads())
        count += len(lines)
        yield from lines
    number = 1
    while count < quads:
        number += 1
        count += len(own)
        yield from _renamed(own, b"-%d" % number)


def records() -> list[Entry]:
    """The records that come with Biên Niên: some thousand triples each."""
    return [entry for entry in loading.read(resources.entries()) if "/record/" in entry.graph]


def part(record: Entry, size: int, chance: random.Random, number: int) -> Entry:
    """Some statements of a record, about that many triples with claims and passages, as new ones.

    What they are about gets a new name; what they refer to is the published thing.
    """
    triples = _Part(record.triples).take(size, chance)
    new = {triple.subject.value.partition("#")[0] for triple in triples}

    def renamed(term: object) -> object:
        base, hash_, fragment = str(getattr(term, "value", "")).partition("#")
        if isinstance(term, NamedNode) and base in new:
            return NamedNode(f"{base}-new-{number}{hash_}{fragment}")
        return term

    graph = f"{NAMESPACE}graph/record/new-{number}"
    return Entry.of(graph, {Triple(*map(renamed, triple)) for triple in triples})


def _renamed(lines: list[bytes], suffix: bytes) -> Iterator[bytes]:
    for line in lines:
        yield _OWN.sub(lambda found: found[0] + suffix, line)


class _Part:
    """Statements of a record, taken with what belongs to them."""

    def __init__(self, triples: set[Triple]) -> None:
        self.taken: set[Triple] = set()
        self._about = defaultdict(list)
        for triple in sorted(triples, key=str):
            self._about[triple.subject].append(triple)
        self._claims = defaultdict(list)
        for node, said in self._about.items():
            value = {triple.predicate.value: triple.object for triple in said}
            if RDF.subject in value:
                statement = (value[RDF.subject], value[RDF.predicate], value[RDF.object])
                self._claims[statement].append(node)

    def take(self, size: int, chance: random.Random) -> set[Triple]:
        """So many triples, or a few more."""
        statements = [
            triple
            for node, said in self._about.items()
            if node.value.startswith(f"{NAMESPACE}id/")
            for triple in said
        ]
        chance.shuffle(statements)
        for statement in statements:
            if len(self.taken) >= size:
                break
            self._add(statement)
        return self.taken

    def _add(self, statement: Triple) -> None:
        if statement in self.taken:
            return
        self.taken.add(statement)
        self.taken.update(
            triple
            for triple in self._about[statement.subject]
            if triple.predicate.value == RDF.type
        )
        for claim in self._claims[tuple(statement)]:
            for passage in self._follow(claim, BN.evidence):
                for selector in self._follow(passage, OA.hasSelector):
                    self.taken.update(self._about[selector])
        if isinstance(statement.object, NamedNode) and "#" in statement.object.value:
            for inner in self._about[statement.object]:
                self._add(inner)

    def _follow(self, node: object, predicate: str) -> list[object]:
        """Take what is said of a node; where a property leads."""
        self.taken.update(self._about[node])
        return [
            triple.object for triple in self._about[node] if triple.predicate.value == predicate
        ]
