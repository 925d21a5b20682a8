# SPDX-License-Identifier: Apache-2.0
"""The parent of the workers that read from memory: it holds the dataset, and forks when asked.

It never opens a store on disk: the threads of RocksDB do not come through a fork. A second process
(`… resident dump`) reads the snapshot and writes it into pipes. `engine.memory` starts
both.
"""

from __future__ import annotations

import json
import os
import resource
import selectors
import shutil
import socket
import sys
import threading
from pathlib import Path
from typing import Any, NoReturn

import pyoxigraph as ox

from biennien_graph.engine import control
from biennien_graph.engine.confinement import confine
from biennien_graph.engine.held import Held, write_out
from biennien_graph.engine.limits import (
    be_a_worker,
    die_with_parent,
    give_back_memory,
    limit_memory,
)
from biennien_graph.engine.worker import Worker, questions

_MAPPED = 256 * 2**20  # bytes of address space that pyoxigraph maps for a load, and hardly uses
_STANDARD_ERROR, _CONNECTION = 2, 3  # a child's descriptors; it has no others


class Resident:
    """Answers the service on its end of a socket pair: load, change, fork."""

    def __init__(self, connection: socket.socket, prefixes: dict[str, str]) -> None:
        self._connection, self._prefixes = connection, prefixes
        self._held = Held()
        self._own = _resident()  # bytes without any data
        self._selector = selectors.DefaultSelector()
        self._selector.register(connection, selectors.EVENT_READ)

    def serve(self) -> None:
        """Answer, and reap children that have ended, until the other end closes."""
        while True:
            for key, _ in self._selector.select():
                if key.data:
                    self._reap(key.fd, key.data)
                else:
                    self._answer(*control.receive(self._connection))

    def _answer(self, message: dict[str, Any], descriptors: list[int]) -> None:
        if message["do"] == "fork":
            self._fork(message["memory"], *descriptors)
        elif message["do"] == "load":
            self._load(*descriptors)
            self._say_size()
        elif message["do"] == "change":
            self._held.change(message["removed"].encode(), message["added"].encode())
            self._say_size()

    def _load(self, default: int, whole: int) -> None:
        """Take in what `dump` writes."""
        with os.fdopen(default, "rb") as first, os.fdopen(whole, "rb") as second:
            self._held.load(first, second)
        give_back_memory()

    def _say_size(self) -> None:
        control.send(self._connection, {"own": self._own, "data": _resident() - self._own})

    def _fork(self, memory: int, theirs: int, last_words: int) -> None:
        """Make a worker; the service gets a handle that is this process's whatever comes."""
        ours = os.getpid()
        pid = os.fork()
        if pid == 0:
            self._work(ours, memory, theirs, last_words)
        os.close(theirs)
        os.close(last_words)
        handle = os.pidfd_open(pid)
        self._selector.register(handle, selectors.EVENT_READ, pid)
        control.send(self._connection, {"pid": pid}, [handle])

    def _reap(self, handle: int, pid: int) -> None:
        self._selector.unregister(handle)
        os.close(handle)
        os.waitpid(pid, 0)

    def _work(self, parent: int, memory: int, theirs: int, last_words: int) -> NoReturn:
        """What a child does. It is left with its connection and its standard error."""
        try:
            os.dup2(last_words, _STANDARD_ERROR)
            os.dup2(theirs, _CONNECTION)
            os.closerange(_CONNECTION + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
            die_with_parent()
            if os.getppid() == parent:  # it may have gone before it could be said
                connection = socket.socket(fileno=_CONNECTION)
                worker = Worker(connection, memory, self._prefixes, self._held)
                _Shifts(connection, worker).work(memory)
        finally:
            os._exit(0)


class _Shifts:
    """The life of a worker: threads that answer, one after the other.

    Never the main thread: pyoxigraph draws random numbers per thread, and those of the main one
    would be the same in every child (UUID(), RAND(), BNODE()). And a thread whose query had to give
    way to shorter ones stays slow; the next one is not, and finds the pages that are the child's
    own by now.
    """

    def __init__(self, connection: socket.socket, worker: Worker) -> None:
        self._connection, self._worker = connection, worker
        self._nice = os.getpriority(os.PRIO_PROCESS, 0)
        self._left: dict[str, Any] | None = None  # a question for the next thread

    def work(self, memory: int) -> None:
        """Answer until the other end closes."""
        confine()
        limit_memory(memory)
        limit = _CONNECTION + 1
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
        self._one()
        while self._left is not None:
            give_back_memory()
            self._one()

    def _one(self) -> None:
        thread = threading.Thread(target=self._serve)
        thread.start()
        thread.join()

    def _serve(self) -> None:
        question, self._left = self._left, None
        if question is not None:
            self._worker.answer(question)
        for question in questions(self._connection):
            if os.getpriority(os.PRIO_PROCESS, 0) > self._nice:  # of this thread
                self._left = question
                return
            self._worker.answer(question)


def _resident() -> int:
    with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123
        return int(statm.read().split()[1]) * resource.getpagesize()


def _dump(snapshot: Path, default: int, whole: int) -> None:
    """Write out a snapshot, which the service may take away in the meantime.

    Not all of its tables are opened at once, so that it is linked to another place first.
    """
    scratch = snapshot.with_name("copied")
    shutil.rmtree(scratch, ignore_errors=True)
    try:
        shutil.copytree(snapshot, scratch / "store", copy_function=os.link)
        store = ox.Store.read_only(str(scratch / "store"))
        write_out(store, os.fdopen(default, "wb"), os.fdopen(whole, "wb"), scratch)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def main() -> None:
    """`… resident DESCRIPTOR BUDGET PREFIXES`, or `… dump SNAPSHOT DESCRIPTOR DESCRIPTOR`."""
    if sys.argv[1] == "dump":
        die_with_parent()
        os.nice(5)
        _dump(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
        return
    be_a_worker()
    limit_memory(int(sys.argv[2]) + _MAPPED)
    connection = socket.socket(fileno=int(sys.argv[1]))
    try:
        Resident(connection, json.loads(sys.argv[3])).serve()
    except (EOFError, ConnectionError):
        return  # the service has gone


if __name__ == "__main__":
    main()
