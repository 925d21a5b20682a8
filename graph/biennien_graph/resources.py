# SPDX-License-Identifier: Apache-2.0
"""Where the ontology, the shapes and the records lie: in the wheel or in the checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """The folder `ontology`, `shapes` or `data`, installed or beside `graph/` in a checkout."""
    installed = _PACKAGE / "resources" / name
    return installed if installed.is_dir() else _PACKAGE.parents[1] / name


def entries() -> list[Path]:
    """Every entry that comes with Biên Niên: ontology, alignments, vocabularies, data."""
    places = [
        folder("ontology"),
        folder("ontology") / "alignments",
        folder("ontology") / "vocabularies",
        folder("data") / "authorities",
        folder("data") / "records",
    ]
    return [file for place in places for file in sorted(place.glob("*.ttl"))]


def shapes() -> list[Path]:
    """The SHACL shapes, one file per class."""
    return sorted(folder("shapes").glob("*.ttl"))
