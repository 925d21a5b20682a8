# SPDX-License-Identifier: Apache-2.0
"""What follows from what is said: rules, and the conclusions that a change adds or takes away.

`rules` reads them from the ontology and the alignments; `incremental` keeps the conclusions of
a small change. Conclusions stand in a graph of their own, and never beside the same statement
made by an entry: whatever is in that graph, nobody has said.
"""
