# SPDX-License-Identifier: Apache-2.0
"""Logging in to the pages with a token: a cookie, and a value that each form must carry.

Programs do not come this way: `/api` takes a token with each request, and no cookie.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from starlette.responses import RedirectResponse, Response

from biennien_api.http.pages import base_of, language_of, render, say, service_of
from biennien_api.http.problems import Problem
from biennien_api.http.protocol import FORM, bytes_of, decode, media_type_of
from biennien_api.stewardship.submission_bodies import MULTIPART, form_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from biennien_graph.sessions import Session

_COOKIE = "biennien_session"
_NO_STORE = {"Cache-Control": "no-store", "Vary": "Cookie, Accept-Language"}


class NotLoggedIn(Exception):
    """A page is for those who logged in."""


async def on_not_logged_in(request: Request, gone: Exception) -> Response:  # noqa: ARG001
    """To the login, and back afterwards."""
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    address = f"{base_of(request)}login?next={quote(here)}"
    return RedirectResponse(address, 303, headers=_NO_STORE)


async def session_of(request: Request, role: str = "steward") -> Session:
    """Who is logged in. `NotLoggedIn`; `Problem` 401 where the session is over, or 403."""
    secret, service = request.cookies.get(_COOKIE, ""), service_of(request)
    if not secret:
        raise NotLoggedIn
    session = await asyncio.to_thread(service.folder.sessions.find, secret)
    if session is None:
        lang = language_of(request)
        problem = Problem(401, "unauthorized", say(lang, "session-over"))
        problem.members["hint"] = say(lang, "session-over-hint")
        problem.members["login"] = f"{base_of(request)}login"
        problem.headers["Set-Cookie"] = _forgetting(request)
        raise problem
    service.holders.count(session.holder.id)
    if not session.holder.may(role):
        words = f"This needs the role {role}; yours is {session.holder.role}."
        raise Problem(403, "forbidden", words)
    return session


async def posted(request: Request, role: str = "steward") -> tuple[Session, list[tuple[str, Any]]]:
    """A form that somebody who is logged in sent; `Problem` 403 where it is not one of ours."""
    _expect_own(request)
    session = await session_of(request, role)
    fields = await _fields(request)
    given = next((value for name, value in fields if name == "csrf"), "")
    if not isinstance(given, str) or not session.expects(given):
        words = say(language_of(request), "csrf")
        raise Problem(403, "csrf", words, hint=say(language_of(request), "csrf-hint"))
    return session, fields


async def login(request: Request) -> Response:
    """The form; then the session, and on to where one came from."""
    if request.method != "POST":
        return _form(request, 200, "")
    _expect_own(request)
    fields = await _fields(request)
    given = next((str(value) for name, value in fields if name == "token"), "").strip()
    service = service_of(request)
    holder = await service.holder(given) if given else None
    if holder is None:
        return _form(request, 403, say(language_of(request), "log-in-failed"))
    folder, hours = service.folder, service.settings.session_hours
    about: dict[str, Any] = {"agent": holder.name, "token": holder.id, "outcome": "done"}
    await asyncio.to_thread(folder.audit.note, "login", **about)
    secret = await asyncio.to_thread(folder.sessions.open, holder, hours=hours)
    response = RedirectResponse(_next(request), 303, headers=_NO_STORE)
    response.headers["Set-Cookie"] = f"{_COOKIE}={secret}; {_attributes(request)}"
    return response


async def logout(request: Request) -> Response:
    """End the session."""
    session, _ = await posted(request)
    folder, secret = service_of(request).folder, request.cookies[_COOKIE]
    about: dict[str, Any] = {"agent": session.holder.name, "token": session.holder.id}
    await asyncio.to_thread(folder.sessions.close, secret)
    await asyncio.to_thread(folder.audit.note, "logout", outcome="done", **about)
    headers = {**_NO_STORE, "Set-Cookie": _forgetting(request)}
    return RedirectResponse(base_of(request), 303, headers=headers)


def shown(
    request: Request, session: Session, template: str, *, status: int = 200, **values: Any
) -> Response:
    """A page for somebody who is logged in."""
    return render(request, template, status=status, headers=_NO_STORE, session=session, **values)


def _form(request: Request, status: int, problem: str) -> Response:
    return render(
        request, "login.html", status=status, headers=_NO_STORE, problem=problem, session=None
    )


def _next(request: Request) -> str:
    """Where to go on: a page of this service, whatever was asked for."""
    wanted = request.query_params.get("next", "")
    base = urlsplit(base_of(request))
    path = wanted if wanted.startswith(base.path) and not wanted.startswith(("//", "/\\")) else ""
    if not path or any(ord(letter) < 33 or letter == "\\" for letter in path):
        return f"{base_of(request)}submissions"
    return f"{base.scheme}://{base.netloc}{path}"


def _expect_own(request: Request) -> None:
    """Browsers say where a form comes from; a form of another place is refused."""
    origin, base = request.headers.get("origin", ""), urlsplit(base_of(request))
    site = request.headers.get("sec-fetch-site", "same-origin")
    own = not origin or origin == f"{base.scheme}://{base.netloc}"
    if not own or site not in {"same-origin", "none"}:
        words = say(language_of(request), "csrf")
        raise Problem(403, "csrf", words, hint=say(language_of(request), "csrf-hint"))


async def _fields(request: Request) -> list[tuple[str, Any]]:
    media_type = media_type_of(request.headers.get("content-type", ""))
    if media_type == MULTIPART:
        return list((await form_of(request)).multi_items())
    if media_type != FORM:
        raise Problem(415, "unsupported-media-type", f"A form comes as {FORM} or {MULTIPART}.")
    try:
        return list(decode((await bytes_of(request)).decode("ascii")))
    except UnicodeDecodeError:
        raise Problem(400, "bad-request", "The form is not percent-encoded.") from None


def _attributes(request: Request) -> str:
    base = urlsplit(base_of(request))
    secure = "; Secure" if base.scheme == "https" else ""
    return f"Path={base.path or '/'}; HttpOnly; SameSite=Lax{secure}"


def _forgetting(request: Request) -> str:
    return f"{_COOKIE}=; Max-Age=0; {_attributes(request)}"
