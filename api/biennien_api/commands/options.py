# SPDX-License-Identifier: Apache-2.0
"""What the commands have in common: their options, and the settings that these override."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from biennien_api.settings import Settings
from biennien_graph.errors import UsageError

Data = Annotated[
    Path | None, typer.Option("--data", help="Data folder (default: BIENNIEN_DATA, or ./var).")
]
Sources = Annotated[
    Path | None,
    typer.Option(
        "--sources", help="Folder of source texts to check quotes against (BIENNIEN_SOURCES)."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]
Language = Annotated[str, typer.Option("--lang", help="Language of reports: vi or en.")]


def settings_of(**given: Any) -> Settings:
    """The settings, with what an option gave in the place of the environment's; `UsageError`."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as problem:
        wrong = "; ".join(
            f"{'.'.join(str(part) for part in error['loc'])}: {error['msg']}"
            for error in problem.errors()
        )
        raise UsageError(f"A setting is wrong: {wrong}.") from None
