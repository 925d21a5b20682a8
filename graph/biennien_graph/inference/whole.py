# SPDX-License-Identifier: Apache-2.0
"""All conclusions from all that is said: after a bulk load, and when the rules have changed."""

from __future__ import annotations

from itertools import compress
from typing import TYPE_CHECKING

from biennien_graph.engine import INFERRED

if TYPE_CHECKING:
    from biennien_graph.engine import Store
    from biennien_graph.inference.rules import Rules


def conclude_all(store: Store, rules: Rules, *, anew: bool) -> None:
    """Apply the rules, round by round, until nothing is new. The store does the joins.

    `anew`: there are no conclusions yet, and so none that an entry has come to say itself.
    """
    due = list(rules.all)
    while due:
        fruitful = store.conclude([rule.construct for rule in due], INFERRED)
        due = rules.after(compress(due, fruitful))
    if not anew:
        store.discard_repeated(INFERRED)
