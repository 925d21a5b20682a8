# SPDX-License-Identifier: Apache-2.0
"""Frames (JSON-LD 1.1 Framing): which keys a thing of a class always has, and in which order."""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from biennien_graph import resources
from biennien_graph.jsonld.context import context
from biennien_graph.terms import NAMESPACE

if TYPE_CHECKING:
    from collections.abc import Iterable

_THING = re.compile(re.escape(f"{NAMESPACE}id/") + r"([a-z]+)/[^#]+")
CLASSES = ("document", "agency", "person", "place", "event", "topic")  # as addresses name them


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame `ontology/frames/{name}.jsonld`: the classes it is for (IRIs), and its keys."""

    name: str
    classes: tuple[str, ...]
    keys: tuple[str, ...]


GENERIC = Frame("thing", (), ())  # for whatever has no frame of its own


@functools.cache
def frames() -> dict[str, Frame]:
    """All frames by name."""
    files = sorted((resources.folder("ontology") / "frames").glob("*.jsonld"))
    return {file.stem: _read(file.stem, file.read_text(encoding="utf-8")) for file in files}


def frame_for(iri: str, classes: Iterable[str]) -> Frame:
    """The frame of a thing: by its address, or by its classes; the generic one fits anything."""
    known = frames()
    thing = _THING.fullmatch(iri)
    if thing and thing[1] in CLASSES:
        return known[thing[1]]
    by_class = _by_class()
    return next((by_class[cls] for cls in classes if cls in by_class), GENERIC)


@functools.cache
def _by_class() -> dict[str, Frame]:
    return {cls: frame for frame in frames().values() for cls in frame.classes}


def _read(name: str, text: str) -> Frame:
    content = json.loads(text)
    classes = tuple(context().expanded(cls) for cls in content["type"])
    return Frame(name, classes, tuple(k for k in content if k not in {"@context", "type"}))
