# SPDX-License-Identifier: Apache-2.0
"""The process that turns updates and graphs into changes and judges them.

It may be killed at any time: nothing here writes to the journal or the store. The quads go to
files in a folder that the question names; the answer says how many, and what is wrong.
"""

from __future__ import annotations

import contextlib
import functools
import json
import signal
import socket
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from biennien_graph import changes, validating
from biennien_graph.engine import frames
from biennien_graph.engine.complaints import of_update
from biennien_graph.engine.confinement import confine
from biennien_graph.engine.limits import die_with_parent, limit_memory
from biennien_graph.engine.rdf import RdfFormat, graph_syntax, n_quads, read_text
from biennien_graph.engine.snapshots import SnapshotView
from biennien_graph.engine.updates import default_is_union
from biennien_graph.engine.worker import questions
from biennien_graph.errors import (
    BiennienError,
    DataError,
    DataSyntaxError,
    QueryRefused,
    QuerySyntaxError,
)
from biennien_graph.loading import shapes, source_texts
from biennien_graph.proposal_questions import KINDS
from biennien_graph.queries.diagnosis import diagnose
from biennien_graph.queries.scan import scan

if TYPE_CHECKING:
    from biennien_graph.engine.rdf import Quad
    from biennien_graph.evidence import SourceText


_STORES = 384 * 2**20  # bytes of address space that opening stores takes, most of it for threads


def answer(question: dict[str, Any], texts: dict[str, SourceText]) -> dict[str, Any]:
    """What would change: `added` and `removed` (counts), `results` (what is wrong)."""
    if question.get("kind") == "validate":
        return validating.answer(question, texts)
    if "kind" in question:
        return KINDS[question["kind"]](question, texts)
    snapshot, folder = Path(question["snapshot"]), Path(question["folder"])
    view = _view(snapshot)
    if "text" in question:
        added, removed = changes.of_update(
            snapshot,
            folder / "scratch",
            question["text"],
            merge=question["merge"],
            using=question["using"],
            using_named=question["using_named"],
            within=question.get("within", ""),
            base=question["base"],
        )
    elif question["merge"] and not question["graph"]:
        raise default_is_union()
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


@functools.lru_cache(maxsize=1)
def _view(snapshot: Path) -> SnapshotView:
    """Opened once for a position, as opening takes as long as judging a small change."""
    return SnapshotView(snapshot)


def _content(question: dict[str, Any]) -> list[Quad]:
    base = question["graph"] or question["base"]
    return [
        quad for file, media_type in question["files"] for quad in _read(file, media_type, base)
    ]


def _read(file: str, media_type: str, base: str) -> list[Quad]:
    content, syntax = Path(file).read_bytes(), graph_syntax(media_type) or RdfFormat.TURTLE
    if syntax == RdfFormat.RDF_XML and b"<!ENTITY" in content:
        raise DataError("XML entities are not expanded here.", hint="Write IRIs and texts in full.")
    return read_text(content, syntax, name="the body", base=base)


def _reply(question: dict[str, Any], texts: dict[str, SourceText]) -> bytes:
    try:
        if "text" in question:
            text = question["text"]
            found = scan(text)
            if of_update(text) is not None:
                return _error({"kind": "syntax", **asdict(diagnose(text, of_update))})
            if found.services:
                raise QueryRefused(
                    f"An update calls no other endpoint (SERVICE {found.services[0]}).",
                    hint="Query it first, and put its values here by VALUES.",
                )
        return frames.frame(frames.DATA, json.dumps(answer(question, texts)).encode())
    except DataSyntaxError as problem:
        place = {"file": problem.file, "line": problem.line, "column": problem.column}
        said = {"message": problem.said, "hint": problem.hint}
        return _error({"kind": "data-syntax", **said, **place})
    except QuerySyntaxError as problem:
        at: dict[str, Any] = {"line": problem.line, "column": problem.column}
        said = {"message": problem.message, "hint": problem.hint, "token": problem.token}
        return _error({"kind": "syntax", **said, **at})
    except BiennienError as problem:
        words = {"message": problem.message, "hint": problem.hint}
        return _error({"kind": type(problem).__name__, **words})
    except SyntaxError:  # keywords without a space between them, which only the parser tells apart
        hint = "Put spaces between keywords, graphs and brackets."
        words = {"message": "The operations cannot be told apart.", "hint": hint}
        return _error({"kind": "QueryRefused", **words})
    except (ValueError, RuntimeError, OSError) as problem:  # out of memory, the process ends
        return _error({"kind": "failed", "message": str(problem)})


def _error(report: dict[str, Any]) -> bytes:
    return frames.frame(frames.ERROR, json.dumps(report).encode())


def main() -> None:
    """`python -m biennien_graph.change_worker DESCRIPTOR MEMORY SOURCES`."""
    die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    connection = socket.socket(fileno=int(sys.argv[1]))
    texts = source_texts(Path(sys.argv[3])) if sys.argv[3] else {}
    shapes().make_ready()
    limit_memory(int(sys.argv[2]) + _STORES)
    confine()
    for question in questions(connection):
        if not question:  # only whether it is there
            connection.sendall(frames.frame(frames.END))
            continue
        with contextlib.suppress(BrokenPipeError):
            connection.sendall(_reply(question, texts) + frames.frame(frames.END))


if __name__ == "__main__":
    main()
