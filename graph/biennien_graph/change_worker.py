# SPDX-License-Identifier: Apache-2.0
"""The process that turns updates and graphs into changes and judges them.

It may be killed at any time: nothing here writes to the journal or the store. The quads go to
files in a folder that the question names; the answer says how many, and what is wrong.
"""

from __future__ import annotations

import contextlib
import json
import signal
import socket
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyshacl  # noqa: F401  imported before it is needed, as the process outlives one change

from biennien_graph import changes
from biennien_graph.engine import frames
from biennien_graph.engine.embedded import SnapshotView
from biennien_graph.engine.limits import die_with_parent, limit_memory
from biennien_graph.engine.rdf import RdfFormat, graph_syntax, n_quads, read_text
from biennien_graph.engine.updates import complaint
from biennien_graph.engine.worker import questions
from biennien_graph.errors import BiennienError, DataSyntaxError, QueryRefused
from biennien_graph.loading import source_texts
from biennien_graph.queries.diagnosis import diagnose
from biennien_graph.queries.scan import scan, tokens

if TYPE_CHECKING:
    from biennien_graph.evidence import SourceText


def answer(question: dict[str, Any], texts: dict[str, SourceText]) -> dict[str, Any]:
    """What would change: `added` and `removed` (counts), `results` (what is wrong)."""
    snapshot, folder = Path(question["snapshot"]), Path(question["folder"])
    view = SnapshotView(snapshot)
    if "text" in question:
        added, removed = changes.of_update(
            snapshot,
            folder / "scratch",
            question["text"],
            merge=question["merge"],
            using=question["using"],
            using_named=question["using_named"],
            within=question.get("within", ""),
        )
    else:
        content = _content(question)
        added, removed = changes.of_graph(
            view, question["graph"], content, replace=question["replace"], name=question["graph"]
        )
    draft = changes.judge(view, added, removed, texts)
    (folder / "added.nq").write_bytes(b"".join(n_quads(draft.added)))
    (folder / "removed.nq").write_bytes(b"".join(n_quads(draft.removed)))
    return {
        "added": len(draft.added),
        "removed": len(draft.removed),
        "results": [asdict(result) for result in draft.report.results],
    }


def check_update(text: str) -> None:
    """Refuse, before anything is parsed, what reaches out of the store."""
    found = scan(text)
    if found.services:
        raise QueryRefused(f"An update calls no other endpoint (SERVICE {found.services[0]}).")
    if any(kind == "word" and value.upper() == "LOAD" for kind, value, _ in tokens(text)):
        raise QueryRefused(
            "LOAD is not accepted: the service fetches nothing.",
            hint="Send the data themselves, by INSERT DATA or to the graph store.",
        )


def _content(question: dict[str, Any]) -> list[Any]:
    if question["file"] is None:
        return []
    return read_text(
        Path(question["file"]).read_bytes(),
        graph_syntax(question["media_type"]) or RdfFormat.TURTLE,
        name=question["graph"] or "the default graph",
        base=question["graph"] or None,
    )


def _reply(question: dict[str, Any], texts: dict[str, SourceText]) -> bytes:
    try:
        if "text" in question:
            check_update(question["text"])
            if complaint(question["text"]) is not None:
                fault = diagnose(question["text"], complaint)
                return _error({"kind": "syntax", **asdict(fault)})
        return frames.frame(frames.DATA, json.dumps(answer(question, texts)).encode())
    except DataSyntaxError as problem:
        place = {"line": problem.line, "column": problem.column}
        return _error({"kind": "data-syntax", "message": problem.message, **place})
    except BiennienError as problem:
        words = {"message": problem.message, "hint": problem.hint}
        return _error({"kind": type(problem).__name__, **words})
    except (ValueError, RuntimeError, OSError, MemoryError, SyntaxError) as problem:
        return _error({"kind": "failed", "message": str(problem)})


def _error(report: dict[str, Any]) -> bytes:
    return frames.frame(frames.ERROR, json.dumps(report).encode())


def main() -> None:
    """`python -m biennien_graph.change_worker DESCRIPTOR MEMORY SOURCES`."""
    die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    connection = socket.socket(fileno=int(sys.argv[1]))
    texts = source_texts(Path(sys.argv[3])) if sys.argv[3] else {}
    limit_memory(int(sys.argv[2]))
    for question in questions(connection):
        with contextlib.suppress(BrokenPipeError):
            connection.sendall(_reply(question, texts) + frames.frame(frames.END))


if __name__ == "__main__":
    main()
