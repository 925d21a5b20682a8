# SPDX-License-Identifier: Apache-2.0
"""The process that feeds the indexes of a data folder.

It looks once, and again for whatever comes on its standard input; it writes how far an index has
come, as a line of JSON. It ends with its standard input.
"""

from __future__ import annotations

import json
import logging
import os
import select
import signal
import sys
from pathlib import Path

from biennien_graph.errors import BiennienError
from biennien_graph.indexes.following import catch_up

_NICE = 10  # to the processes that answer
_PAUSE = 1.0  # seconds before it looks again where it could not read


def main() -> None:
    """Follow until nobody wants it any more."""
    logging.basicConfig(level="INFO", format="%(message)s", stream=sys.stderr)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # meant for the service, which ends this
    os.nice(_NICE)
    database = os.environ.get("BIENNIEN_DATABASE", "")  # may hold a password
    while _followed(Path(sys.argv[1]), database):
        pass


def _followed(data: Path, database: str) -> bool:
    """Once; whether to look again. Waits for that to be asked."""
    pause = None
    try:
        catch_up(data, database, _tell)
    except BrokenPipeError:  # the service has gone
        return False
    except (BiennienError, OSError, RuntimeError) as problem:  # a snapshot that went, say
        logging.getLogger(__name__).warning("%s", problem)
        pause = _PAUSE
    asked, _, _ = select.select([sys.stdin], [], [], pause)
    return not asked or bool(os.read(sys.stdin.fileno(), 2**16))


def _tell(name: str, position: int) -> None:
    os.write(sys.stdout.fileno(), json.dumps({name: position}).encode() + b"\n")


if __name__ == "__main__":
    main()
