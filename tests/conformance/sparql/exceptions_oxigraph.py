# SPDX-License-Identifier: Apache-2.0
"""What fails on the Oxigraph server beyond what its engine fails: the server's own HTTP."""

from __future__ import annotations

from .exceptions import Reason

SERVER = (
    Reason(
        "Without an Accept header, a graph comes as N-Quads, which the suite does not list.",
        (
            "sparql11/protocol#query_content_type_construct",
            "sparql11/protocol#query_content_type_describe",
        ),
    ),
    Reason(
        "An update by GET is answered by the service description, status 200.",
        ("sparql11/protocol#bad_update_get",),
    ),
    Reason(
        "multipart/form-data is not read (415).",
        (
            "sparql11/graph-store-protocol#post_get_post_get_direct",
            "sparql11/graph-store-protocol#post_get_post_get_indirect",
        ),
    ),
    Reason(
        "The response to HEAD has no Content-Type.",
        (
            "sparql11/graph-store-protocol#head_existing_direct",
            "sparql11/graph-store-protocol#head_existing_indirect",
        ),
    ),
)
