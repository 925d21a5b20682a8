# SPDX-License-Identifier: Apache-2.0
"""What goes over the socket between the service and a query worker.

A frame is one byte of kind, four bytes of length (big endian), and the payload:

===== ============ ==========================================================
kind  direction    payload
===== ============ ==========================================================
``Q`` to worker    the question, JSON
``M`` from worker  the media type of what follows
``D`` from worker  a piece of the result
``E`` from worker  the end of a complete result
``X`` from worker  an error instead of a result (or of the rest), JSON
===== ============ ==========================================================
"""

from __future__ import annotations

import struct

HEADER = struct.Struct(">cI")
QUESTION, MEDIA_TYPE, DATA, END, ERROR = b"Q", b"M", b"D", b"E", b"X"


def frame(kind: bytes, payload: bytes = b"") -> bytes:
    """One frame, ready to send."""
    return HEADER.pack(kind, len(payload)) + payload
