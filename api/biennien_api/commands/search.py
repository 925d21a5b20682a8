# SPDX-License-Identifier: Apache-2.0
"""`biennien search`: the search index on the command line."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from biennien_api.commands.options import AsJson, Data, Language, settings_of
from biennien_graph.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from biennien_api.settings import Settings
    from biennien_graph.indexes.search import Found, Hit, Snippet

_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"


def search(
    words: Annotated[list[str], typer.Argument(help="What to look for; all words are wanted.")],
    kind: Annotated[
        list[str] | None,
        typer.Option(help="document agency person place event topic concept other passage."),
    ] = None,
    source: Annotated[
        str, typer.Option(help="Only what has quotes from this source text or document (IRI).")
    ] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many hits.")] = 10,
    data: Data = None,
    as_json: AsJson = False,
    lang: Language = "vi",
) -> None:
    """Search labels, other names, numbers, notes, corrections and quotes.

    Diacritics may be left out. What the journal holds and the index does not is taken up first.

    \b
    Examples:
      biennien search dien bien phu
      biennien search --kind event --limit 5 'hi sinh'
      biennien search --json '"cứ điểm A1" -bảo'
    """
    from biennien_graph.indexes.search import KINDS, SearchIndex

    settings = settings_of(data=data)
    if wrong := sorted(set(kind or ()) - set(KINDS)):
        raise UsageError(f"{wrong[0]} is no kind.", hint=f"Kinds: {', '.join(KINDS)}.")
    if lang not in {"vi", "en"}:
        raise UsageError(f"{lang} is no language here.", hint="Languages: vi, en.")
    index = SearchIndex.read(_brought_up(settings))
    found = index.find(" ".join(words), kinds=kind or (), source=source, limit=limit, language=lang)
    if as_json:
        sys.stdout.write(json.dumps(_as_json(found), ensure_ascii=False, indent=2) + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in _lines(found, lang))


def _brought_up(settings: Settings) -> Path:
    """The folder of the indexes, with all that is in the journal."""
    from biennien_graph.datafolder import DataFolder
    from biennien_graph.indexes.following import catch_up, folder_of

    if not (settings.data / "biennien.json").is_file():
        raise UsageError(f"There is no data folder {settings.data}.", hint="Run: biennien load")
    with DataFolder(settings.data, default_graph=settings.default_graph) as folder:
        folder.take()
        folder.snapshot()
        catch_up(settings.data)
    return folder_of(settings.data)


def _as_json(found: Found) -> dict[str, Any]:
    return {
        "asOf": found.position,
        "total": found.total,
        "counts": found.counts,
        "items": [
            {
                **hit.thing._asdict(),
                "snippets": [snippet._asdict() for snippet in hit.snippets],
                "about": [thing._asdict() for thing in hit.about],
            }
            for hit in found.hits
        ],
        "documents": {iri: thing._asdict() for iri, thing in found.documents.items()},
        "suggestions": found.guesses,
    }


def _lines(found: Found, lang: str) -> Iterator[str]:
    for hit in found.hits:
        yield f"{_name(hit, lang)}  [{hit.thing.kind}]  {hit.thing.id}"
        for snippet in hit.snippets:
            document = found.documents.get(snippet.source)
            where = f"  — {document.label.get(lang) or document.id}" if document else ""
            yield f"    {_marked(snippet)}{where}"
    shown = f"{len(found.hits)} of {found.total} hits"
    yield shown if found.total else "Nothing was found."
    if found.guesses:
        yield f"Did you mean: {'; '.join(found.guesses)}?"


def _name(hit: Hit, lang: str) -> str:
    label = hit.thing.label
    return label.get(lang) or next(iter(label.values()), "…")


def _marked(snippet: Snippet) -> str:
    """On one line; what was found is bold, where that is seen by a person."""
    text = snippet.text
    if sys.stdout.isatty():
        for start, end in reversed(snippet.highlights):
            text = text[:start] + _BOLD + text[start:end] + _PLAIN + text[end:]
    return " ".join(text.split())
