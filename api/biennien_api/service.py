# SPDX-License-Identifier: Apache-2.0
"""What runs behind the routes: the data folder, the pool of workers, and the following of the
journal.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import shutil
import time
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from biennien_api.dataset.facts import Gathering
from biennien_api.http.cache import Requests, Results
from biennien_api.http.clients import Clients
from biennien_api.indexes import Indexes
from biennien_api.judging import Judges
from biennien_api.sparql.examples import stored_queries
from biennien_api.stewardship.proposing import Proposals
from biennien_api.writer import Writer
from biennien_graph.datafolder import DataFolder
from biennien_graph.engine import Dataset, Formats, Query, confinement
from biennien_graph.engine.pool import PoolSettings, QueryPool
from biennien_graph.errors import BiennienError, Overloaded, QueryError, StoreError
from biennien_graph.queries import bind, load

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence
    from pathlib import Path

    from biennien_api.settings import Settings
    from biennien_api.writer import Outcome
    from biennien_graph.engine.answer import Answer
    from biennien_graph.journal import Journal
    from biennien_graph.tokens import Token

_log = logging.getLogger("biennien")
_NO_VALUES: Mapping[str, Sequence[object]] = MappingProxyType({})
_FOLLOW_EVERY = 0.2  # seconds between looks at the journal
_PATIENCE = 100  # quarters of that, for a change that a client knows of


class Service:
    """One running service: the writer of its data folder, and its readers."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.position, self.version = 0, ""
        self.failure = ""
        self.examples = stored_queries()
        self.clients = Clients(settings.client_rate, settings.client_queries)
        self.holders = Clients(settings.token_rate, 0)  # by token
        self.results = Results(settings.result_cache * 2**20)
        self.requests = Requests()
        self.indexes = Indexes(settings.data, settings.database)
        self.gathering = Gathering(self)
        self.rebuilding = asyncio.Semaphore(2)  # how many look back at once
        self._folder: DataFolder
        self._writer: Writer
        self.judges = Judges(settings)
        self.validators = Judges(settings)  # for anybody, so that no submission waits for them
        self.proposals: Proposals
        self.pool = QueryPool(
            PoolSettings(
                workers=settings.workers,
                memory=settings.query_memory * 2**20,
                resident=settings.memory * 2**20,
                queue=settings.queue,
                rows=settings.result_rows,
                bytes=settings.result_size * 2**20,
                plain=settings.default_graph == "own",
                endpoints=settings.endpoints,
            )
        )

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[Service]:
        """Open the folder, catch up with the journal, start workers, follow; close at the end."""
        if not confinement.is_possible():
            _log.warning("this system does not keep workers from opening connections (seccomp)")
        self._folder = await asyncio.to_thread(_open, self.settings)
        self._writer = Writer(self.settings, self._folder, self.judges, self._use)
        self.proposals = Proposals(self.settings, self._folder, self.judges, self._writer)
        try:
            await self._use(await asyncio.to_thread(self._folder.snapshot))
            async with self.pool, self.indexes.running():
                follower = asyncio.create_task(self._follow(self._folder))
                try:
                    yield self
                finally:
                    await self.gathering.stop()
                    follower.cancel()
                    with contextlib.suppress(asyncio.CancelledError):
                        await follower
        finally:
            self._writer.close()
            self.judges.close()
            self.validators.close()
            self._folder.close()

    @property
    def folder(self) -> DataFolder:
        """Journal, tokens, sessions, submissions, audit log; not for the event loop."""
        return self._folder

    async def validated(self, question: dict[str, Any]) -> dict[str, Any]:
        """What is wrong with files, seen together with what is published now."""
        snapshot = await asyncio.to_thread(self._folder.snapshot)
        asked = question | {"kind": "validate", "snapshot": str(snapshot)}
        return await self.validators.ask(asked, self.settings.query_seconds)

    @property
    def ready(self) -> bool:
        """Whether queries are answered from the newest change that is known."""
        return self.pool.snapshot != "" and not self.failure

    @property
    def journal(self) -> Journal:
        """The changes."""
        return self._folder.journal

    async def ask(
        self, name: str, values: Mapping[str, Sequence[object]] = _NO_VALUES
    ) -> list[dict[str, Any]]:
        """The solutions of one of the service's own queries, as SPARQL JSON bindings."""
        return await self.ask_text(bind(load(name), values))

    async def ask_text(self, text: str) -> list[dict[str, Any]]:
        """The solutions of a SELECT query, as SPARQL JSON bindings."""
        answer = await self.run(text, Formats("json"))
        bindings: list[dict[str, Any]] = json.loads(await answer.read())["results"]["bindings"]
        return bindings

    async def holds(self, name: str, values: Mapping[str, Sequence[object]]) -> bool:
        """The answer of one of the service's own ASK queries."""
        answer = await self.run(bind(load(name), values), Formats("json"))
        return bool(json.loads(await answer.read())["boolean"])

    async def construct(self, name: str, values: Mapping[str, Sequence[object]]) -> bytes:
        """The graph of one of the service's own CONSTRUCT queries, as N-Triples."""
        text = bind(load(name), values)
        return await (await self.run(text, Formats(graph="nt"))).read()

    async def run(
        self,
        text: str,
        formats: Formats,
        seconds: float | None = None,
        *,
        dataset: Dataset | None = None,
    ) -> Answer:
        """One query; the default graph as it is set."""
        return await self.answer(self.query(text, formats, seconds, dataset))

    def query(
        self,
        text: str,
        formats: Formats,
        seconds: float | None = None,
        dataset: Dataset | None = None,
        base: str | None = None,
    ) -> Query:
        """A query with the service's own deadline, unless it brings one."""
        seconds = seconds or self.settings.query_seconds
        return Query(text, dataset or Dataset(), formats, seconds, base)

    async def answer(self, query: Query) -> Answer:
        """The result as it is known for this position of the journal, or from a worker."""
        version = self.version
        known = self.results.get(version, query)
        if known is not None:
            return known
        begun = time.monotonic()
        try:
            answer = await self.pool.run(query)
        except QueryError as problem:
            self.note(query, begun, type(problem).__name__, 0)
            raise
        if answer.complete:
            self.note(query, begun, "complete", answer.rows)
        if version != self.version:  # a change came in between
            return answer
        return self.results.keep(version, query, answer)

    def note(self, query: Query, begun: float, outcome: str, rows: int) -> None:
        """Log a query that took long."""
        seconds = time.monotonic() - begun
        if seconds > self.settings.slow_query:
            text = " ".join(query.text.split())
            _log.warning("slow query: %.1f s, %s, %d rows: %s", seconds, outcome, rows, text)

    async def reach(self, position: int) -> None:
        """Return when queries see a change; `Overloaded` where that takes too long."""
        for _ in range(_PATIENCE):
            if self.position >= position:
                return
            await asyncio.sleep(_FOLLOW_EVERY / 4)
        raise Overloaded

    async def write(self, question: dict[str, Any], holder: Token, message: str) -> Outcome:
        """One change by the holder of a token: judged, recorded and visible, or refused."""
        question = {"merge": self.settings.default_graph == "union", **question}
        return await self._writer.write(question, holder=holder, message=message)

    async def holder(self, token: str) -> Token | None:
        """Whose token it is; `Problem` 429 where it is used too often."""
        holder = await asyncio.to_thread(self._folder.tokens.holder, token)
        if holder is not None:
            self.holders.count(holder.id)
        return holder

    async def _use(self, snapshot: Path) -> None:
        position = int(snapshot.name)
        digest = await asyncio.to_thread(self._folder.journal.digest_at, position)
        if position < self.position:  # the writer was quicker than the follower
            return
        self.pool.use(snapshot, self._folder.deltas)
        self.position, self.version = position, f"{position}-{digest}"
        self.indexes.wake()

    async def _follow(self, folder: DataFolder) -> None:
        """Take up changes that other processes record in the journal."""
        while True:
            await asyncio.sleep(_FOLLOW_EVERY)
            try:
                head, _ = await asyncio.to_thread(folder.journal.head)
                if head > self.position:
                    await self._use(await asyncio.to_thread(folder.snapshot))
                    _log.info("at change %d", self.position)
                self.failure = ""
            except BiennienError as problem:
                if not self.failure:
                    _log.error("cannot follow the journal: %s", problem)
                self.failure = problem.message


def _open(settings: Settings) -> DataFolder:
    folder = settings.folder()
    try:
        if not folder.take():
            raise StoreError(
                f"Another process has {settings.data} open.",
                hint="Stop it, or give this one another folder by BIENNIEN_DATA.",
            )
        for left in (*settings.data.glob("change-*"), *settings.data.glob("proposal-*")):
            shutil.rmtree(left, ignore_errors=True)  # by a service that was killed
    except BaseException:
        folder.close()
        raise
    return folder
