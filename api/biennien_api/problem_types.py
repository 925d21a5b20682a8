# SPDX-License-Identifier: Apache-2.0
"""The kinds of problems: what each means and how to mend it, for people and for programs.

The `type` of a problem document leads here (RFC 9457, section 3.1.1). A type, once published, keeps
its address and its meaning.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse

from biennien_api.negotiation import demand
from biennien_api.pages import base_of, render
from biennien_graph.engine.formats import Syntax
from biennien_graph.terms import NAMESPACE

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

TYPES = f"{NAMESPACE}problems/"
_HTML, _JSON = Syntax("html", "text/html"), Syntax("json", "application/json")


@dataclass(frozen=True, slots=True)
class ProblemType:
    """One kind: the last word of its address, the statuses it comes with, its words by language."""

    word: str
    status: list[int]
    title: dict[str, str]
    meaning: dict[str, str]
    remedy: dict[str, str]

    def document(self) -> dict[str, Any]:
        """As a program reads it."""
        return {
            "type": TYPES + self.word,
            "status": self.status,
            "title": self.title,
            "meaning": self.meaning,
            "remedy": self.remedy,
        }


@functools.cache
def known() -> dict[str, ProblemType]:
    """All of them, by their last word."""
    text = resources.files("biennien_api").joinpath("problem-types.json").read_text("utf-8")
    return {word: ProblemType(word, **members) for word, members in json.loads(text).items()}


async def problem_types(request: Request) -> Response:
    """`/problems`: the list."""
    return _answer(request, list(known().values()))


async def problem_type(request: Request, found: ProblemType) -> Response:
    """`/problems/{word}`: one of them."""
    return _answer(request, [found], one=True)


def _answer(request: Request, found: list[ProblemType], *, one: bool = False) -> Response:
    syntax = demand(request.headers.get("accept", ""), (_HTML, _JSON))
    if syntax is _HTML:
        return render(request, "problem-types.html", types=found, one=one)
    documents = [kind.document() for kind in found]
    headers = {"Vary": "Accept", "Access-Control-Allow-Origin": "*"}
    if one:
        headers["Link"] = f'<{base_of(request)}problems>; rel="collection"'
    return JSONResponse(documents[0] if one else {"types": documents}, headers=headers)
