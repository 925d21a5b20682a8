# SPDX-License-Identifier: Apache-2.0
"""SHACL by two engines: pySHACL is the reference, pyshifty the fast one.

The fast one takes part on data about which both say the same (docs/decisions/0009-validation.md);
what it does not take, the reference judges.
"""

from __future__ import annotations

import contextlib
import functools
from typing import TYPE_CHECKING, NamedTuple

from biennien_graph.errors import DataError
from biennien_graph.shacl.fast import Fast, Unfit
from biennien_graph.shacl.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from biennien_graph.engine.rdf import Triple
    from biennien_graph.shacl.finding import Finding
    from biennien_graph.shacl.reference import Reference


class Judged(NamedTuple):
    """What is wrong with some triples, and the engine that says so."""

    findings: list[Finding]
    engine: str


class Engines:
    """The shapes in both engines, each made ready when it is first asked."""

    def __init__(self, files: Sequence[Path]) -> None:
        self.wording = Wording(files)
        self.fast = Fast(files, self.wording)
        self._files = files

    @functools.cached_property
    def reference(self) -> Reference:
        """pySHACL, which takes a while to import and is seldom needed."""
        from biennien_graph.shacl.reference import Reference

        return Reference(self._files, self.wording)

    def judge(self, triples: Collection[Triple]) -> Judged:
        """All that is wrong with the triples as a data graph; triple terms are left out."""
        if self.fast.takes(triples):
            with contextlib.suppress(Unfit):
                return Judged(self.fast.findings(triples), "fast")
        try:
            return Judged(self.reference.findings(triples), "reference")
        except DataError:
            # It gives up where a number or a day is compared with something else (SHACL, sections
            # 4.5.3 and 4.5.4, has a result there). The other engine goes on, if it can.
            with contextlib.suppress(Unfit):
                return Judged(self.fast.findings(triples), "fast")
            raise
