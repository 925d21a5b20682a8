# SPDX-License-Identifier: Apache-2.0
"""A validation result as both engines give it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Finding(NamedTuple):
    """One result (SHACL, section 3.6.2): IRIs, labels of blank nodes and lexical forms as they are.

    `path` is empty for a path of several steps; `messages` are by language.
    """

    severity: str
    focus: str
    path: str
    value: str
    shape: str
    messages: Mapping[str, str]
