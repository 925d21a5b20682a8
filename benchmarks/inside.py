# SPDX-License-Identifier: Apache-2.0
"""What runs in processes of their own: filling a data folder, and serving rdflib-endpoint.

`python -m benchmarks.inside fill QUADS FOLDER` and `… rdflib QUADS PORT`.
"""

from __future__ import annotations

import sys
from pathlib import Path


def fill(quads: Path, folder: Path) -> None:
    """The quads as one bulk change of a new data folder: journal, projection, snapshot, indexes.

    SHACL is left out: the records are made up, and some shapes ask for more than they say.
    """
    from biennien_graph.datafolder import DataFolder
    from biennien_graph.indexes.following import catch_up

    with DataFolder(folder) as opened, quads.open("rb") as lines:
        opened.take()
        opened.record(lines, (), agent="benchmarks", message="made-up records", after=0)
    catch_up(folder)  # here, and not beside what is measured


def rdflib(quads: Path, port: int) -> None:
    """Load the quads into memory, then answer until killed."""
    import uvicorn
    from rdflib import Dataset
    from rdflib_endpoint import SparqlEndpoint

    graph = Dataset(default_union=True)
    graph.parse(quads, format="nquads")
    uvicorn.run(
        SparqlEndpoint(graph=graph, path="/"), host="127.0.0.1", port=port, log_level="error"
    )


if __name__ == "__main__":
    task, file, target = sys.argv[1:]
    if task == "fill":
        fill(Path(file), Path(target))
    else:
        rdflib(Path(file), int(target))
