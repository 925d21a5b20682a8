# SPDX-License-Identifier: Apache-2.0
"""What fails on our service beyond what the engine fails, each with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .exceptions import Reason

OURS: tuple[Reason, ...] = ()
