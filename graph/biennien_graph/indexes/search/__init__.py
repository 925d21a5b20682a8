# SPDX-License-Identifier: Apache-2.0
"""Search over everything that is in words: labels, other names, notes, corrections and quotes.

`SearchIndex` reads; `feeding.SearchFeed` writes. Reading is quick but no event loop's business:
call it in a thread (tantivy lets go of Python's lock while it searches).

    index = SearchIndex.read(folder_of(data))
    index.find("điện biên", kinds=("event",), limit=20)   # hits, best first, with snippets
    index.things("dien bien", "event")                    # IRIs of all that match, in no order
    index.suggest("dien bi")                              # names that begin so
"""

from __future__ import annotations

from biennien_graph.indexes.search.reading import Found, Hit, Name, SearchIndex
from biennien_graph.indexes.search.snippets import Snippet
from biennien_graph.indexes.search.things import KINDS

__all__ = ["KINDS", "Found", "Hit", "Name", "SearchIndex", "Snippet"]
