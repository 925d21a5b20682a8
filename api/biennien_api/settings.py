# SPDX-License-Identifier: Apache-2.0
"""Settings: environment variables `BIENNIEN_*`, each in docs/settings.md."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from biennien_api.http.forwarded import networks
from biennien_graph.engine.budget import free_memory
from biennien_graph.terms import NAMESPACE

if TYPE_CHECKING:
    from biennien_graph.datafolder import DataFolder

_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")


def _workers() -> int:
    return max(8, 2 * (os.cpu_count() or 1))


def _memory() -> int:
    return free_memory() // 2 // 2**20


class Settings(BaseSettings):
    """What can be set, with its default. A test compares this list with docs/settings.md."""

    model_config = SettingsConfigDict(env_prefix="BIENNIEN_", extra="ignore")

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    data: Path = Field(Path("var"), description="Folder of the journal, the store and the index.")
    database: str = Field(
        "",
        description="Database of the journal, tokens and submissions, as postgresql://…; "
        "empty: an SQLite file in the data folder.",
    )
    sources: Path | None = Field(
        None, description="Folder of source texts to check quotes against; none: not checked."
    )
    namespace: str = Field(
        NAMESPACE,
        pattern=r"^https?://.*[/#]$",
        description="Namespace that the service answers for.",
    )
    public_url: str = Field(
        "",
        description="Address under which the world sees the service; empty: that of the request.",
    )
    trusted_proxies: str = Field(
        "127.0.0.0/8, ::1",
        description="Proxies that may say where the service was asked, as addresses or networks; "
        "`*`: all.",
    )
    publisher: str = Field(
        "Biên Niên", min_length=1, description="Who publishes the data, as descriptions say it."
    )
    contact: str = Field(
        "",
        pattern=r"^$|^[^\s@<>\"]+@[^\s@<>\"]+$|^https?://[^\s<>\"]+$",
        description="Where to write to: an e-mail address or that of a page; empty: not said.",
    )
    default_graph: Literal["union", "own"] = Field(
        "union",
        description="Default graph of queries: the union of all graphs, or the store's own.",
    )
    workers: int = Field(
        default_factory=_workers,
        ge=1,
        le=256,
        description="How many queries run at once; by default twice the processors, at least 8.",
    )
    queue: int = Field(64, ge=0, description="How many more queries may wait for their turn.")
    query_seconds: float = Field(30.0, gt=0, description="Deadline of a query, in seconds.")
    query_memory: int = Field(
        1024,
        ge=16,
        description="Memory that a query may use, in MiB, beyond that of an idle worker.",
    )
    memory: int = Field(
        default_factory=_memory,
        ge=0,
        description="Memory for a copy of the data and all workers that read it, in MiB; by "
        "default half of what is free; 0: queries read from disk.",
    )
    result_rows: int = Field(
        10_000_000, ge=0, description="How many rows a result may have; 0: no limit."
    )
    result_size: int = Field(
        4096, ge=0, description="How large a result may be, in MiB; 0: no limit."
    )
    slow_query: float = Field(
        2.0, ge=0, description="Queries that take longer are logged with their text, in seconds."
    )
    client_queries: int = Field(
        32, ge=0, description="How many queries one client may have running; 0: no limit."
    )
    client_rate: int = Field(
        0, ge=0, description="How many queries one client may ask per minute; 0: no limit."
    )
    result_cache: int = Field(
        64, ge=0, description="Memory for results that may be asked for again, in MiB."
    )
    page_cache: int = Field(
        64, ge=0, description="Memory for descriptions and pages as they were sent, in MiB."
    )
    service_allow: str = Field(
        "",
        description="Endpoints that queries may call by SERVICE: addresses, with spaces between.",
    )
    max_body: int = Field(2**20, ge=1024, description="Largest request body accepted, in bytes.")
    submission_size: int = Field(
        32, ge=1, description="How large a submission may be, in MiB, all its files together."
    )
    submission_statements: int = Field(
        200_000, ge=0, description="How many statements a submission may have; 0: no limit."
    )
    submission_seconds: float = Field(
        120.0, gt=0, description="Deadline for judging a submission, in seconds."
    )
    four_eyes: bool = Field(
        True,
        description="Whether a submission is approved by another person than its submitter.",
    )
    token_rate: int = Field(
        1200, ge=0, description="How often one token may be used per minute; 0: no limit."
    )
    session_hours: float = Field(
        12.0, gt=0, description="After how many hours somebody who logged in must do so again."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="How much is logged to standard error."
    )

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, value: str) -> str:
        networks(value)
        return value

    def folder(self) -> DataFolder:
        """The data folder, opened."""
        from biennien_graph.datafolder import DataFolder

        return DataFolder(self.data, default_graph=self.default_graph, database=self.database)

    @property
    def endpoints(self) -> frozenset[str]:
        """The endpoints that may be called."""
        return frozenset(self.service_allow.replace(",", " ").split())

    @model_validator(mode="after")
    def _are_addresses(self) -> Settings:
        for address in self.endpoints:
            if not _ADDRESS.fullmatch(address):
                raise ValueError(f"service_allow: {address} is not an address (https://…)")
        return self
