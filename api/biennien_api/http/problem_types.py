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

from biennien_graph.engine.formats import Syntax
from biennien_graph.terms import NAMESPACE

if TYPE_CHECKING:
    pass

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
