# SPDX-License-Identifier: Apache-2.0
"""All that is published, as text."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

import pyoxigraph as ox

from biennien_graph.engine import COMPUTED

if TYPE_CHECKING:
    from pathlib import Path


def dump_triples(snapshot: Path, out: IO[bytes]) -> None:
    """Write the triples of all entries as N-Triples; what is computed from them is left out.

    A triple that two entries have stands there twice.
    """
    store = ox.Store.read_only(str(snapshot))
    for graph in store.named_graphs():
        if graph.value not in COMPUTED:
            store.dump(out, format=ox.RdfFormat.N_TRIPLES, from_graph=graph)
