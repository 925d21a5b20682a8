# SPDX-License-Identifier: Apache-2.0
"""`biennien validate`: what is wrong with files, on a terminal or for a program."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from biennien_api.commands.options import AsJson, Data, Language, Sources, settings_of
from biennien_graph.errors import UsageError

if TYPE_CHECKING:
    from biennien_api.settings import Settings
    from biennien_graph.reports import WordedReport
    from biennien_graph.validating import Sent


class Format(StrEnum):
    """How a report is printed."""

    text = "text"
    json = "json"
    turtle = "turtle"
    jsonld = "jsonld"


def validate(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="Turtle, TriG, N-Triples, N-Quads, JSON-LD or RDF/XML; folders of Turtle and "
            "TriG; - for standard input.",
            allow_dash=True,
        ),
    ],
    data: Data = None,
    sources: Sources = None,
    format: Annotated[  # noqa: A002
        Format, typer.Option("--format", "-f", help="How the report is printed.")
    ] = Format.text,
    as_json: AsJson = False,
    lang: Language = "en",
) -> None:
    """Say what is wrong with entries, where, and how to mend it; change nothing.

    The entries are seen together with each other, and with what is published where there is a
    data folder. Ends with 0 where they conform (warnings do not stand in the way), 1 where they
    do not, 2 for wrong use, 3 where the data folder failed.

    \b
    Examples:
      biennien validate data/records --sources texts --lang vi
      biennien validate entry.jsonld --format turtle
      biennien validate - --format json < entry.ttl
    """
    settings = settings_of(data=data, sources=sources)
    if lang not in {"vi", "en"}:
        raise UsageError(f"Reports are not written in “{lang}”.", hint="Choose vi or en.")
    report = _report(settings, _sent(files), lang)
    sys.stdout.write(_printed(report, Format.json if as_json else format) + "\n")
    if not report.conforms:
        raise typer.Exit(1)


def _sent(files: list[Path]) -> list[Sent]:
    from biennien_graph import loading
    from biennien_graph.validating import Sent

    if files.count(Path("-")) > 1:
        raise UsageError("Standard input can be read once only.")
    sent = []
    for file in files:
        if file == Path("-"):
            sent.append(Sent("-", sys.stdin.buffer.read()))
            continue
        for found in loading.expand([file]):
            try:
                sent.append(Sent(str(found), found.read_bytes()))
            except OSError as problem:
                raise UsageError(f"{found}: {problem.strerror}.") from None
    return sent


def _report(settings: Settings, sent: list[Sent], lang: str) -> WordedReport:
    from biennien_graph.loading import source_texts
    from biennien_graph.validating import validate as report_on

    texts = source_texts(settings.sources)
    if not (settings.data / "biennien.json").is_file():
        return report_on(sent, None, texts, language=lang)
    with settings.folder() as folder:
        folder.take()
        return report_on(sent, folder.view(), texts, language=lang)


def _printed(report: WordedReport, format: Format) -> str:  # noqa: A002
    from biennien_graph.reports.shacl import as_shacl
    from biennien_graph.reports.text import as_text

    if format == Format.json:
        return json.dumps(report.as_json(), ensure_ascii=False, indent=2)
    if format == Format.text:
        return as_text(report, colour=sys.stdout.isatty())
    return as_shacl(report, "ttl" if format == Format.turtle else "jsonld").decode().rstrip("\n")
