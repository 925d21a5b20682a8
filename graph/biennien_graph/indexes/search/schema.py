# SPDX-License-Identifier: Apache-2.0
"""The fields of the index: what of a thing is compared, and what is kept to be shown.

Words are divided by `words.words` before tantivy sees them, joined by spaces; each text stands
between the marks BEGIN and END, so that no phrase reaches from one text into the next.
"""

from __future__ import annotations

import tantivy

VERSION = 1  # raise it when other documents come out: the index is made anew
NAME = "search"  # of the folder
BEGIN, END = "\x02", "\x03"  # STX and ETX of ASCII
FIELDS = ("label", "alt", "note", "all")  # in order of weight; `all` has quotes too
EXACT = "_exact"  # end of the name of the field that keeps diacritics
STATE = "position"  # id of the document that says how far the index has come; no IRI
EDGE = 8  # code points; beginnings of names up to this length are looked up at once


def schema() -> tantivy.Schema:
    """The schema of a new index."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("kind", fast=True, tokenizer_name="raw", index_option="basic")
    for name in ("source", "document", "passage", "edge"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for field in FIELDS:
        for name in (field, field + EXACT):
            builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    builder.add_float_field("brevity", fast=True)
    builder.add_bytes_field("shown", stored=True)
    return builder.build()
