# SPDX-License-Identifier: Apache-2.0
"""What may be asked of an IRI: each profile is a graph, whatever syntax it is written in."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from biennien_graph.errors import UsageError
from biennien_graph.jsonld.context import NEWEST, SCHEMA_ORG
from biennien_graph.terms import NAMESPACE

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Profile:
    """One profile: its queries, one graph in sum, and how JSON-LD shows that.

    `own` are keys that the thing and its own nodes have beyond their frames; a `flat` document has
    all nodes side by side.
    """

    name: str
    queries: tuple[str, ...]
    summary: str
    context: str = NEWEST
    own: tuple[str, ...] = ()
    flat: bool = False

    @property
    def iri(self) -> str:
        """The name that `Accept-Profile` and `Content-Profile` use."""
        return f"{NAMESPACE}profile/{self.name}"


RICO = Profile(
    "rico",
    ("profile-rico",),
    "What is stated: every statement about the thing, and labels of all that it mentions",
)
EVIDENCE = Profile(
    "evidence",
    ("profile-rico", "profile-evidence"),
    "The same, with every claim and the passages that it comes from",
    own=("evidence", "claims"),
)
LABELS = Profile(
    "labels",
    ("profile-labels",),
    "Classes and labels only, of the thing and of all that it mentions",
    flat=True,
)
SCHEMA = Profile(
    "schema",
    ("profile-schema",),
    "The thing in the terms of schema.org",
    context=SCHEMA_ORG,
)
PROFILES: Mapping[str, Profile] = MappingProxyType(
    {profile.name: profile for profile in (RICO, EVIDENCE, SCHEMA, LABELS)}
)


def profile(name: str) -> Profile:
    """A profile by its short name or its IRI; `UsageError` lists the known ones."""
    found = PROFILES.get(name.removeprefix(f"{NAMESPACE}profile/"))
    if found is None:
        raise UsageError(f"There is no profile “{name}”.", hint=f"Known: {', '.join(PROFILES)}.")
    return found
