# SPDX-License-Identifier: Apache-2.0
"""What every section is given: the running peers, and how much to measure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.peers import Peer


@dataclass(frozen=True, slots=True)
class Run:
    """Peers with the same documents; rounds that take `seconds` together, for so many clients."""

    peers: list[Peer]
    documents: int
    rounds: int
    seconds: float
    clients: tuple[int, ...]

    @property
    def names(self) -> list[str]:
        """The names of the peers."""
        return [peer.name for peer in self.peers]
