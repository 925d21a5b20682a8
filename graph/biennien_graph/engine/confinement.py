# SPDX-License-Identifier: Apache-2.0
"""Linux: a process that opens no connection any more, whatever it is asked to run.

Calls to other endpoints are refused before a text is parsed. Should one hide from that, the kernel
does not let it out.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import socket
import struct
import threading

_SOCKET = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}  # architecture, socket(2)


def confine() -> bool:
    """From now on `socket` fails with EACCES in this thread and those that it starts (seccomp(2)).

    False where that cannot be had. It cannot be undone.
    """
    known = _SOCKET.get(platform.machine())
    if known is None or platform.system() != "Linux":
        return False
    architecture, call = known
    steps = [
        (0x20, 0, 0, 4),  # load the architecture
        (0x15, 0, 3, architecture),  # another one: let it be
        (0x20, 0, 0, 0),  # load the number of the call
        (0x15, 0, 1, call),
        (0x06, 0, 0, 0x00050000 | errno.EACCES),  # an error
        (0x06, 0, 0, 0x7FFF0000),  # allow
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = struct.pack("HL", len(steps), ctypes.addressof(code))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    no_new_privileges, seccomp, filtering = 38, 22, 2
    if prctl(no_new_privileges, 1, 0, 0, 0) != 0:
        return False
    return bool(prctl(seccomp, filtering, program) == 0)


def is_possible() -> bool:
    """Whether a process can be confined here; found out in a thread that ends with it."""
    found: list[bool] = []
    thread = threading.Thread(target=lambda: found.append(confine() and _is_refused()))
    thread.start()
    thread.join()
    return found == [True]


def _is_refused() -> bool:
    try:
        socket.socket().close()
    except PermissionError:
        return True
    return False
