# SPDX-License-Identifier: Apache-2.0
"""A dataset in memory, laid out for reading: what the parent of the workers holds.

pyoxigraph keeps a quad in memory as one node of five lists: of its subject, its predicate, its
object, its graph, and all. A pattern is answered by walking the shortest of these, so that it costs
what lies in other graphs too, and what counts is how near to each other the nodes lie. So the
default graph, which most queries ask alone, is held once more by itself, one predicate after the
other (docs/decisions/0006-reading-from-memory.md).
"""

from __future__ import annotations

import json
import tempfile
from contextlib import ExitStack
from typing import IO, TYPE_CHECKING, Any, cast

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_MOST_FILES = 200  # of scratch; predicates beyond these share the last
_OF_GRAPHS = ("graph", "from")  # in small letters; where they mean something else, it costs time


class Held:
    """The whole dataset, and its default graph by itself."""

    def __init__(self) -> None:
        self.whole, self.default = ox.Store(), ox.Store()

    def load(self, default: IO[bytes], whole: IO[bytes]) -> None:
        """Take in what `write_out` wrote. Blank nodes keep their names."""
        self.default.bulk_extend(_quads(default))
        for name in json.loads(whole.readline() or b"[]"):
            self.whole.add_graph(ox.NamedNode(name))
        self.whole.bulk_extend(_quads(whole))

    def change(self, removed: bytes, added: bytes) -> None:
        """Follow one change, as N-Quads; what was removed goes first."""
        for quad in _quads(removed):
            self.whole.remove(quad)
            if isinstance(quad.graph_name, ox.DefaultGraph):
                self.default.remove(quad)
        plus = list(_quads(added))
        self.whole.extend(plus)
        self.default.extend(q for q in plus if isinstance(q.graph_name, ox.DefaultGraph))

    def store_for(self, question: Mapping[str, Any]) -> ox.Store:
        """The store that answers a question: that of the default graph where it asks no other."""
        text = question["text"].lower()
        given = question["default_graphs"] or question["named_graphs"]
        return self.whole if given or any(word in text for word in _OF_GRAPHS) else self.default


def write_out(store: ox.Store, default: IO[bytes], whole: IO[bytes], scratch: Path) -> None:
    """A store as two streams: its default graph by predicate, and all of it.

    The latter begins with the names of the graphs, some of which may be empty, as one line.
    Scratch files in a folder take as much as the default graph as text.
    """
    with default, ExitStack() as files:
        parts = _ByPredicate(scratch, files)
        lines = cast("IO[bytes]", parts)
        store.dump(lines, format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
        parts.write_to(default)
    with whole:
        names = [name.value for name in store.named_graphs() if isinstance(name, ox.NamedNode)]
        whole.write(json.dumps(names).encode() + b"\n")
        store.dump(whole, format=ox.RdfFormat.N_QUADS)


class _ByPredicate:
    """A file to write N-Triples to, that gives them back by predicate, otherwise in order."""

    def __init__(self, folder: Path, files: ExitStack) -> None:
        self._folder, self._files = folder, files
        self._parts: dict[bytes, IO[bytes]] = {}
        self._rest = b""

    def write(self, data: bytes) -> int:
        """Put each whole line to its like."""
        whole, _, self._rest = (self._rest + data).rpartition(b"\n")
        for line in whole.split(b"\n") if whole else ():
            self._part(line.split(b" ", 2)[1]).write(line + b"\n")
        return len(data)

    def flush(self) -> None:
        """Nothing: what is written is read by this process only."""

    def write_to(self, file: IO[bytes]) -> None:
        """All lines."""
        for part in dict.fromkeys(self._parts.values()):
            part.seek(0)
            while block := part.read(2**20):
                file.write(block)

    def _part(self, predicate: bytes) -> IO[bytes]:
        if predicate not in self._parts:
            many = len(self._parts) >= _MOST_FILES
            self._parts[predicate] = next(reversed(self._parts.values())) if many else self._new()
        return self._parts[predicate]

    def _new(self) -> IO[bytes]:
        return self._files.enter_context(tempfile.TemporaryFile(dir=self._folder))


def _quads(lines: bytes | IO[bytes]) -> Iterator[ox.Quad]:
    """Read one by one: `bulk_load` is hardly quicker, and gives blank nodes new names."""
    return ox.parse(lines, format=ox.RdfFormat.N_QUADS, rename_blank_nodes=False)
