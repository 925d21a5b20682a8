# SPDX-License-Identifier: Apache-2.0
"""Submissions, revisions, comments and differences as JSON and as RDF Patch."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from biennien_graph.submissions import Comment, Revision, Submission

_BLOCK = 1000  # lines of a patch sent at once
_METHODS = {"amend": ("PUT", "")}  # all others are POST to an address of their own


def summary(base: str, submission: Submission) -> dict[str, Any]:
    """A submission as a list shows it."""
    position, reverts = submission.position, submission.reverts
    found = {
        "id": f"{base}api/submissions/{submission.id}",
        "page": f"{base}submissions/{submission.id}",
        "number": submission.id,
        "state": submission.state,
        "agent": submission.agent,
        "message": submission.message,
        "created": submission.created,
        "updated": submission.updated,
        "revision": submission.revision,
        "reverts": reverts and f"{base}changes/{reverts}",
        "decidedBy": submission.decided_by,
        "reason": submission.reason or None,
        "position": position,
        "change": position and f"{base}changes/{position}",
    }
    return {name: value for name, value in found.items() if value is not None}


def whole(
    base: str,
    submission: Submission,
    revision: Revision,
    comments: Sequence[Comment],
    actions: Sequence[str],
) -> dict[str, Any]:
    """A submission with its newest revision, and what the asker may do with it."""
    of_revision = revision_as_json(base, submission.id, revision)
    here = f"{base}api/submissions/{submission.id}"
    return {
        **summary(base, submission),
        "conforms": of_revision["conforms"],
        "statements": of_revision["statements"],
        "results": revision.results,
        "entries": of_revision["entries"],
        "difference": f"{here}/difference",
        "revisions": f"{here}/revisions",
        "comments": [comment_as_json(comment) for comment in comments],
        "actions": [_action(here, name) for name in actions],
    }


def revision_as_json(base: str, submission: int, revision: Revision) -> dict[str, Any]:
    """One revision: who, when, why, what it does, and its files as they were sent."""
    here = f"{base}api/submissions/{submission}/revisions/{revision.number}"
    return {
        "id": here,
        "number": revision.number,
        "agent": revision.agent,
        "time": revision.time,
        "message": revision.message,
        "base": revision.base,
        "conforms": conforms(revision),
        "statements": {
            "added": revision.added.count(b"\n"),
            "removed": revision.removed.count(b"\n"),
        },
        "results": revision.results,
        "entries": [
            {"graph": entry.graph, "action": entry.action}
            | (
                {"name": entry.name, "file": f"{here}/files/{number}"}
                if entry.action == "put"
                else {}
            )
            for number, entry in enumerate(revision.entries, 1)
        ],
    }


def conforms(revision: Revision) -> bool:
    """Whether it had no violation when it was sent."""
    return not any(result["severity"] == "Violation" for result in revision.results)


def comment_as_json(comment: Comment) -> dict[str, Any]:
    """A comment, and the revision that it is of."""
    return {
        "number": comment.number,
        "revision": comment.revision,
        "agent": comment.agent,
        "time": comment.time,
        "text": comment.text,
    }


def patch_blocks(added: bytes, removed: bytes) -> Iterator[bytes]:
    """RDF Patch: what goes, then what comes, as one transaction."""
    lines = _patch_lines(added, removed)
    while some := list(islice(lines, _BLOCK)):
        yield b"".join(some)


def _patch_lines(added: bytes, removed: bytes) -> Iterator[bytes]:
    yield b"TX .\n"
    for mark, content in ((b"D ", removed), (b"A ", added)):
        for line in content.splitlines(keepends=True):
            yield mark + line
    yield b"TC .\n"


def _action(here: str, name: str) -> dict[str, str]:
    method, path = _METHODS.get(name, ("POST", f"/{'comments' if name == 'comment' else name}"))
    return {"name": name, "method": method, "href": here + path}
