# SPDX-License-Identifier: Apache-2.0
"""`biennien token`: make, list and revoke the tokens of those who may write."""

from __future__ import annotations

import contextlib
import getpass
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from biennien_api.commands.options import AsJson, Data, settings_of
from biennien_graph.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from biennien_graph.datafolder import DataFolder

tokens = typer.Typer(
    help="Make, list and revoke the tokens of those who may write.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@tokens.command("create")
def create_token(
    role: Annotated[str, typer.Option(help="steward, editor or admin.")],
    name: Annotated[str, typer.Option(help="Whose it is; changes are recorded under this name.")],
    days: Annotated[int | None, typer.Option(min=1, help="After how many days it ends.")] = None,
    data: Data = None,
) -> None:
    """Make a token and print it, this once.

    \b
    Example:
      biennien token create --role editor --name "Nguyễn Thị An" --days 365
    """
    with _folder(data, new=True) as folder:
        token = folder.tokens.create(name, role, days=days)
        _note(folder, "create token", f"token {token.split('_')[1]}, {role}, {name}")
        typer.echo(token)


@tokens.command("list")
def list_tokens(data: Data = None, as_json: AsJson = False) -> None:
    """Show the tokens: id, role, name, and until when."""
    with _folder(data) as folder:
        found = folder.tokens.all()
    if as_json:
        typer.echo(json.dumps([asdict(token) for token in found], ensure_ascii=False, indent=2))
        return
    for token in found:
        until = "revoked" if token.revoked else f"until {token.expires or 'revoked'}"
        used = f"last used {token.last_used}" if token.last_used else "never used"
        typer.echo(f"{token.id}  {token.role:<8}{token.name}  ({until}; {used})")


@tokens.command("revoke")
def revoke_token(
    token_id: Annotated[str, typer.Argument(metavar="ID", help="As `token list` shows it.")],
    data: Data = None,
) -> None:
    """End a token at once."""
    with _folder(data) as folder:
        folder.tokens.revoke(token_id)
        _note(folder, "revoke token", f"token {token_id}")
    typer.echo(f"Token {token_id} is revoked.")


@contextlib.contextmanager
def _folder(data: Path | None, *, new: bool = False) -> Iterator[DataFolder]:

    settings = settings_of(data=data)
    if not new and not settings.data.exists():
        raise UsageError(f"There is no data folder {settings.data}.", hint="Run: biennien load")
    with settings.folder() as folder:
        yield folder


def _note(folder: DataFolder, action: str, on: str) -> None:
    """In the audit log, under the name that the system knows the administrator by."""
    try:
        who = getpass.getuser()
    except (OSError, KeyError):  # a container without a list of users
        who = str(os.getuid())
    folder.audit.note(action, agent=f"{who} (command line)", on=on, outcome="done")
