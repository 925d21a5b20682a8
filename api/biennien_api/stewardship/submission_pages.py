# SPDX-License-Identifier: Apache-2.0
"""`/submissions`: the pages on which people propose, discuss and decide. No script is needed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from biennien_api.http.pages import base_of, language_of, service_of
from biennien_api.http.problems import Problem, as_problem
from biennien_api.stewardship.difference_words import DifferenceInWords
from biennien_api.stewardship.sessions import login, logout, posted, session_of, shown
from biennien_api.stewardship.submission_bodies import text_of, wanted_from
from biennien_api.stewardship.submission_view import conforms, patch_blocks
from biennien_graph.errors import BiennienError
from biennien_graph.submissions.rules import STATES

if TYPE_CHECKING:
    from starlette.requests import Request

    from biennien_api.stewardship.proposing import Proposals
    from biennien_graph.sessions import Session
    from biennien_graph.submissions import Submission

_ON_A_PAGE = 50  # submissions
_ROWS = 200  # statements of a difference
_RESULTS = 100  # of a report
_EVENTS = 200  # of the audit log
_EDITABLE = 200_000  # bytes of an entry that a form shows


async def listed(request: Request) -> Response:
    """The submissions, the newest first."""
    session = await session_of(request)
    state = request.query_params.get("state", "")
    state = state if state in STATES else ""
    before = _number(request.query_params.get("before", ""))
    about: dict[str, Any] = {"state": state or None, "before": before, "limit": _ON_A_PAGE}
    kept = _proposals(request).kept
    found, counts = await asyncio.gather(
        asyncio.to_thread(kept.all, **about), asyncio.to_thread(kept.count)
    )
    older = found[-1].id if len(found) == _ON_A_PAGE else None
    values: dict[str, Any] = {"found": found, "counts": counts, "state": state, "states": STATES}
    return shown(request, session, "submissions.html", older=older, **values)


async def new(request: Request) -> Response:
    """The form for a proposal, and what comes of it."""
    if request.method != "POST":
        session = await session_of(request)
        given = request.query_params
        values: dict[str, Any] = {
            "withdraw": given.get("withdraw", ""),
            "reverts": given.get("reverts", ""),
        }
        return _form(request, session, **values)
    session, fields = await posted(request)
    reverts = text_of(_texts(fields), "reverts", needed=False)
    try:
        if reverts:
            message = text_of(_texts(fields), "message")
            made = await _proposals(request).revert(_change(reverts), message, session.holder)
        else:
            wanted = await wanted_from(fields, base_of(request))
            made = await _proposals(request).propose(wanted, session.holder)
    except (BiennienError, Problem) as problem:
        return _form(request, session, problem=as_problem(problem), **_kept(fields))
    return _to(request, made.id)


async def amended(request: Request) -> Response:
    """The same form with what was sent last, and what comes of it."""
    number = _known(request)
    proposals = _proposals(request)
    if request.method != "POST":
        session = await session_of(request)
        submission = await proposals.get(number)
        revision = await asyncio.to_thread(proposals.kept.revision, number, submission.revision)
        withdrawn = [entry.graph for entry in revision.entries if entry.action == "withdraw"]
        entries = [
            entry.content.decode("utf-8", "replace")
            for entry in revision.entries
            if entry.action == "put" and len(entry.content) <= _EDITABLE
        ]
        values: dict[str, Any] = {"withdraw": "\n".join(withdrawn), "message": revision.message}
        return _form(request, session, submission=submission, entries=entries, **values)
    session, fields = await posted(request)
    submission = await proposals.get(number)
    try:
        after = int(text_of(_texts(fields), "revision"))
        wanted = await wanted_from(fields, base_of(request))
        await proposals.amend(number, after, wanted, session.holder)
    except (BiennienError, Problem, ValueError) as problem:
        found = as_problem(problem)
        return _form(request, session, submission=submission, problem=found, **_kept(fields))
    return _to(request, number)


async def one(request: Request) -> Response:
    """A submission; and what is done with it: comment, approve, reject, withdraw."""
    if request.method != "POST":
        return await _shown(request, await session_of(request))
    session, fields = await posted(request)
    number, texts = _known(request), _texts(fields)
    try:
        await _done(request, session, number, texts)
    except (BiennienError, Problem) as problem:
        return await _shown(request, session, as_problem(problem))
    return _to(request, number)


async def patch(request: Request) -> Response:
    """The difference as RDF Patch, to be kept as a file."""
    await session_of(request)
    proposals, number = _proposals(request), _known(request)
    added, removed = await proposals.patch(await proposals.get(number))
    disposition = f'attachment; filename="submission-{number}.rdfp"'
    headers = {"Cache-Control": "no-store", "Content-Disposition": disposition}
    blocks = patch_blocks(added, removed)
    return StreamingResponse(blocks, media_type="application/rdf-patch", headers=headers)


async def audit(request: Request) -> Response:
    """Who did what, for administrators."""
    session = await session_of(request, "admin")
    log, before = service_of(request).folder.audit, _number(request.query_params.get("before", ""))
    found = await asyncio.to_thread(log.newest, before=before, limit=_EVENTS)
    older = found[-1].id if len(found) == _EVENTS else None
    return shown(request, session, "audit.html", found=found, older=older)


ROUTES = [
    Route("/login", login, methods=["GET", "POST"]),
    Route("/logout", logout, methods=["POST"]),
    Route("/audit", audit),
    Route("/submissions", listed),
    Route("/submissions/new", new, methods=["GET", "POST"]),
    Route("/submissions/{number}", one, methods=["GET", "POST"]),
    Route("/submissions/{number}/patch", patch),
    Route("/submissions/{number}/amend", amended, methods=["GET", "POST"]),
]


async def _done(
    request: Request, session: Session, number: int, fields: list[tuple[str, str]]
) -> None:
    """What a button stands for."""
    proposals, holder = _proposals(request), session.holder
    action = text_of(fields, "action")
    if action == "comment":
        await proposals.comment(number, text_of(fields, "text"), holder)
        return
    revision = _number(text_of(fields, "revision")) or 0
    if action == "approve":
        await proposals.approve(number, revision, holder)
    elif action == "reject":
        reason = text_of(fields, "text")
        await proposals.close("reject", number, holder, revision=revision, reason=reason)
    elif action == "withdraw":
        await proposals.close("withdraw", number, holder, revision=revision)
    else:
        raise Problem(400, "bad-request", f"There is no action “{action}”.")


async def _shown(request: Request, session: Session, problem: Problem | None = None) -> Response:
    proposals, number = _proposals(request), _known(request)
    submission = await proposals.get(number)
    offset = _number(request.query_params.get("offset", "")) or 0
    told = await proposals.difference(submission, offset=offset, limit=_ROWS)
    revision, comments, revisions = await asyncio.gather(
        asyncio.to_thread(proposals.kept.revision, number, submission.revision),
        asyncio.to_thread(proposals.kept.comments, number),
        asyncio.to_thread(proposals.kept.revisions, number),
    )
    found = problem.members.get("results") if problem is not None else None
    words = DifferenceInWords(told["labels"], language_of(request))
    return shown(
        request,
        session,
        "submission.html",
        status=problem.status if problem is not None else 200,
        submission=submission,
        revision=revision,
        results=(found or revision.results)[:_RESULTS],
        conforms=conforms(revision) if found is None else False,
        comments=comments,
        revisions=revisions,
        actions=proposals.actions(submission, session.holder),
        told=told,
        things=words.things(told["rows"]),
        conflicts=[words.conflict(found) for found in told["conflicts"]],
        offset=offset,
        rows=_ROWS,
        problem=problem,
        four_eyes=service_of(request).settings.four_eyes,
    )


def _form(
    request: Request,
    session: Session,
    *,
    problem: Problem | None = None,
    submission: Submission | None = None,
    entries: list[str] | None = None,
    **values: str,
) -> Response:
    kept = {"message": "", "withdraw": "", "reverts": "", **values}
    return shown(
        request,
        session,
        "new-submission.html",
        status=problem.status if problem is not None else 200,
        problem=problem,
        submission=submission,
        entries=entries or [""],
        **kept,
    )


def _kept(fields: list[tuple[str, Any]]) -> dict[str, Any]:
    """What a form had, to be shown again."""
    texts = _texts(fields)
    found: dict[str, Any] = {
        name: next((value for given, value in texts if given == name), "")
        for name in ("message", "withdraw", "reverts")
    }
    return found | {"entries": [value for name, value in texts if name == "entry"]}


def _texts(fields: list[tuple[str, Any]]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in fields if isinstance(value, str)]


def _to(request: Request, number: int) -> Response:
    return RedirectResponse(f"{base_of(request)}submissions/{number}", 303)


def _proposals(request: Request) -> Proposals:
    return service_of(request).proposals


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _change(text: str) -> int:
    number = _number(text)
    if not number:
        raise Problem(400, "bad-request", f"“{text}” is not the number of a change.")
    return number


def _known(request: Request) -> int:
    number = _number(request.path_params["number"])
    if not number:
        words = f"“{request.path_params['number']}” is not the number of a submission."
        raise Problem(404, "not-found", words)
    return number
