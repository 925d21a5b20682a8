# SPDX-License-Identifier: Apache-2.0
"""The stored queries: SPARQL files with a title and a description in two languages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from biennien_graph import resources

if TYPE_CHECKING:
    from pathlib import Path

_HEADER = re.compile(r"^# (?P<name>[a-z]+)@(?P<lang>vi|en): (?P<text>.+)$", re.MULTILINE)
_COMMENTS = re.compile(r"\A(?:#[^\n]*\n)+\s*")


@dataclass(frozen=True, slots=True)
class StoredQuery:
    """One stored query: its name, its words by language, and SPARQL that runs as it is."""

    name: str
    title: dict[str, str]
    description: dict[str, str]
    text: str
    featured: bool = False

    @classmethod
    def read(cls, file: Path) -> StoredQuery:
        """Title and description stand in comments at the head: `# title@vi: …`."""
        content = file.read_text(encoding="utf-8")
        words: dict[str, dict[str, str]] = {"title": {}, "description": {}}
        for found in _HEADER.finditer(content):
            words.setdefault(found["name"], {})[found["lang"]] = found["text"].strip()
        return cls(
            file.stem,
            words["title"],
            words["description"],
            _COMMENTS.sub("", content),
            featured="\n# featured: yes\n" in content,
        )


def stored_queries() -> list[StoredQuery]:
    """All of them, by name."""
    return [
        StoredQuery.read(file)
        for file in sorted((resources.folder("data") / "queries").glob("*.rq"))
    ]
