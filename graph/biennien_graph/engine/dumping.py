# SPDX-License-Identifier: Apache-2.0
"""All that is published, as text."""

from __future__ import annotations

import io
from typing import IO, TYPE_CHECKING

import pyoxigraph as ox

from biennien_graph.engine import COMPUTED

if TYPE_CHECKING:
    from pathlib import Path


def dump_triples(snapshot: Path, out: IO[bytes]) -> None:
    """Write the triples of all entries as N-Triples; what is computed from them is left out.

    A triple that two entries have stands there twice, one with a triple term not at all: RDF 1.1.
    """
    store = ox.Store.read_only(str(snapshot))
    for graph in store.named_graphs():
        if graph.value not in COMPUTED:
            text = io.BytesIO()
            store.dump(text, format=ox.RdfFormat.N_TRIPLES, from_graph=graph)
            out.writelines(line for line in text.getvalue().splitlines(True) if _is_rdf_1_1(line))


def _is_rdf_1_1(line: bytes) -> bool:
    """Whether the object of a line of N-Triples is no triple; no other part can be one."""
    return not line.split(b" ", 2)[2].startswith(b"<<(")
