# SPDX-License-Identifier: Apache-2.0
"""The command line. Exit codes: 0 fine, 1 data does not conform, 2 wrong use, 3 service failed."""

from __future__ import annotations

import asyncio
import getpass
import json
import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from biennien_api.commands import report_text
from biennien_api.commands.options import AsJson, Data, Language, Sources, settings_of
from biennien_api.commands.search import search
from biennien_api.commands.tokens import tokens
from biennien_api.commands.validate import validate
from biennien_api.version import version as installed_version
from biennien_graph.errors import BiennienError, UsageError

if TYPE_CHECKING:
    from biennien_api.settings import Settings
    from biennien_graph.engine.answer import Answer

app = typer.Typer(
    name="biennien",
    help="Biên Niên: historical records as linked data, with the passage for every statement.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(tokens, name="token")
app.command()(search)
app.command()(validate)


@app.command()
def serve(
    data: Data = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.")] = None,
) -> None:
    """Run the service.

    \b
    Example:
      biennien serve --data var --port 8000
    """
    from biennien_api.server import run

    settings = settings_of(data=data, host=host, port=port)
    _log(settings)
    run(settings)


@app.command()
def load(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Entries, or folders of them; none: those that come with Biên Niên."),
    ] = None,
    data: Data = None,
    sources: Sources = None,
    message: Annotated[str, typer.Option("--message", "-m", help="Why, for the journal.")] = "",
    as_json: AsJson = False,
    lang: Language = "en",
) -> None:
    """Load entries: parse, validate, record in the journal, publish.

    Only what differs becomes a change; loading the same entries again changes nothing. A file
    with a syntax error stops everything; an entry that does not conform is refused with its
    report, and the others are loaded.

    \b
    Examples:
      biennien load
      biennien load data/records/my-document.ttl --sources texts -m "first version"
    """
    from biennien_graph import loading, resources

    settings = settings_of(data=data, sources=sources)
    paths = loading.expand(files) if files else resources.entries()
    texts = loading.source_texts(settings.sources)
    with (
        settings.folder() as folder,
        report_text.Progress(quiet=as_json) as progress,
    ):
        folder.take()
        loaded = loading.load(
            folder,
            paths,
            texts=texts,
            agent=getpass.getuser(),
            message=message or "biennien load",
            progress=progress.step,
        )
    if as_json:
        _print(json.dumps(report_text.loaded_as_json(loaded), ensure_ascii=False, indent=2))
    else:
        _print(report_text.loaded(loaded, lang))
    if loaded.refused:
        raise typer.Exit(1)


@app.command()
def query(
    text: Annotated[str, typer.Argument(help="SPARQL, or @FILE, or - for standard input.")],
    data: Data = None,
    format: Annotated[  # noqa: A002
        str, typer.Option("--format", "-f", help="json xml csv tsv; ttl nt jsonld rdf.")
    ] = "",
    seconds: Annotated[
        float, typer.Option("--timeout", min=0.01, help="Deadline in seconds.")
    ] = 30.0,
) -> None:
    """Ask the store, also while the service runs.

    \b
    Examples:
      biennien query 'SELECT ?label { ?person a rico:Person ; rdfs:label ?label }' -f csv
      biennien query @data/queries/blank-serial-numbers.rq
    """
    settings = settings_of(data=data)
    asyncio.run(_query(settings, _text(text), format, seconds))


@app.command()
def check(data: Data = None, sources: Sources = None, as_json: AsJson = False) -> None:
    """Check the data folder: journal, store, ontology checks, quotes, shapes.

    \b
    Example:
      biennien check --sources texts
    """
    from biennien_api.commands.checking import check as run_checks

    settings = settings_of(data=data, sources=sources)
    if not settings.data.exists():
        raise UsageError(f"There is no data folder {settings.data}.", hint="Run: biennien load")
    findings = asyncio.run(run_checks(settings))
    if as_json:
        _print(
            json.dumps([finding.as_json() for finding in findings], ensure_ascii=False, indent=2)
        )
    else:
        _print("\n".join(str(finding) for finding in findings))
    if not all(finding.fine for finding in findings):
        raise typer.Exit(1)


@app.command()
def version() -> None:
    """Print the version."""
    _print(installed_version())


def main() -> NoReturn:
    """Run a command; errors are sentences on standard error, never tracebacks."""
    try:
        code = app(standalone_mode=False) or 0
    except BiennienError as problem:
        sys.stderr.write(f"biennien: {problem}\n")
        code = problem.exit_code
    except typer.Exit as leaving:
        code = leaving.exit_code
    except (typer.Abort, KeyboardInterrupt):
        code = 130
    except Exception as problem:
        code = _wrong_use(problem)
    sys.stdout.flush()
    sys.exit(code)


def _wrong_use(problem: Exception) -> int:
    """Click's own errors know how to show themselves; anything else is ours to mend."""
    if hasattr(problem, "show"):
        problem.show()
        return 2
    if os.environ.get("BIENNIEN_LOG_LEVEL") == "debug":
        raise problem
    sys.stderr.write(
        f"biennien: internal error: {type(problem).__name__}: {problem}\n"
        "Set BIENNIEN_LOG_LEVEL=debug to see where.\n"
    )
    return 3


def _log(settings: Settings) -> None:
    logging.basicConfig(
        level=settings.log_level.upper(),
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        stream=sys.stderr,
    )


async def _query(settings: Settings, text: str, wanted: str, seconds: float) -> None:
    from biennien_api.http.negotiation import formats_named
    from biennien_graph.engine import Formats, Query
    from biennien_graph.engine.pool import PoolSettings, QueryPool

    formats = formats_named(wanted) if wanted else Formats("tsv")
    if not (settings.data / "biennien.json").is_file():
        raise UsageError(f"There is no data folder {settings.data}.", hint="Run: biennien load")
    with settings.folder() as folder:
        folder.take()
        memory, endpoints = settings.query_memory * 2**20, settings.endpoints
        pool = QueryPool(PoolSettings(workers=1, memory=memory, endpoints=endpoints))
        pool.use(folder.snapshot())
        async with pool:
            answer = await pool.run(Query(text, formats=formats, seconds=seconds))
            await _copy(answer)


async def _copy(answer: Answer) -> None:
    out, last = sys.stdout.buffer, b""
    async for piece in answer:
        out.write(piece)
        last = piece or last
    if not last.endswith(b"\n"):
        out.write(b"\n")
    out.flush()


def _text(argument: str) -> str:
    try:
        if argument == "-":
            return sys.stdin.read()
        if argument.startswith("@"):
            return Path(argument[1:]).read_text(encoding="utf-8")
    except OSError as problem:
        raise UsageError(f"{argument[1:]}: {problem.strerror}.") from None
    except UnicodeDecodeError:
        raise UsageError(f"{argument[1:]} is not UTF-8.") from None
    return argument


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")
