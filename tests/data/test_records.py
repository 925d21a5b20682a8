# SPDX-License-Identifier: Apache-2.0
"""The five records: every statement has its passage, and each text is accounted for."""

import csv
import os
from collections import Counter
from pathlib import Path

import pytest

from biennien_graph import loading, resources
from biennien_graph.evidence import check_quotes
from biennien_graph.terms import BN, NAMESPACE

RECORDS = sorted((resources.folder("data") / "records").glob("*.ttl"))
AUTHORITIES = sorted((resources.folder("data") / "authorities").glob("*.ttl"))
STATUSES = {"claims", "rhetoric", "heading", "caption", "furniture", "unrelated"}
SOURCES = os.environ.get("BIENNIEN_SOURCES")
# Web pages behind the history of the places; their texts are not among the five at hand.
WEB_PAGE = f"{NAMESPACE}source/web-"


@pytest.fixture(scope="module")
def entries():
    return {Path(entry.name).stem: entry for entry in loading.read([*AUTHORITIES, *RECORDS])}


def rows_of(record: Path) -> list[dict[str, str]]:
    with record.with_suffix(".coverage.tsv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def code_points(entry) -> int:
    (count,) = (t.object.value for t in entry.triples if t.predicate.value == BN.codePointCount)
    return int(count)


def test_there_are_five_records():
    assert len(RECORDS) == 5


@pytest.mark.parametrize("file", [*AUTHORITIES, *RECORDS], ids=lambda file: file.stem)
def test_every_statement_of_an_entry_cites_a_passage(entries, file):
    entry = entries[file.stem]
    assert entry.unsupported == []
    assert entry.claims == entry.statements > 0
    assert entry.passages


def test_every_thing_that_is_mentioned_is_described(entries):
    start = f"{NAMESPACE}id/"
    described = {str(t.subject.value) for entry in entries.values() for t in entry.triples}
    mentioned = {
        value
        for entry in entries.values()
        for t in entry.triples
        if (value := str(getattr(t.object, "value", ""))).startswith(start)
    }
    assert mentioned - described == set()


@pytest.mark.parametrize("record", RECORDS, ids=lambda file: file.stem)
def test_the_coverage_table_accounts_for_the_whole_text(entries, record):
    rows = rows_of(record)
    ends = [0, *(int(row["end"]) for row in rows)]
    assert [int(row["start"]) for row in rows] == ends[:-1]
    assert ends[-1] == code_points(entries[record.stem])
    assert {row["status"] for row in rows} <= STATUSES
    assert all(row["by"].strip() for row in rows)


@pytest.mark.parametrize("record", RECORDS, ids=lambda file: file.stem)
def test_what_the_coverage_table_calls_claims_is_quoted_and_the_rest_is_not(entries, record):
    entry = entries[record.stem]
    (source,) = {
        str(t.subject.value) for t in entry.triples if t.predicate.value == BN.codePointCount
    }
    quoted = [(p.start, p.end) for p in entry.passages if p.source == source]
    subjects = {
        str(t.subject.value).removeprefix(f"{NAMESPACE}id/")
        for any_entry in entries.values()
        for t in any_entry.triples
    }
    for row in rows_of(record):
        start, end = int(row["start"]), int(row["end"])
        overlapping = [span for span in quoted if span[0] < end and span[1] > start]
        if row["status"] == "claims":
            assert overlapping, row
            assert set(row["by"].split()) <= subjects, row
        elif row["status"] in {"furniture", "unrelated"}:
            assert not overlapping, row


def test_no_quote_stands_in_the_unrelated_news_or_the_furniture_of_the_page(entries):
    forbidden = {"003_f376b7323fbccc3e": 2964, "004_7e58b9de65505448": 5329}
    for entry in entries.values():
        for passage in entry.passages:
            limit = forbidden.get(passage.source.rpartition("/")[2])
            assert limit is None or passage.end <= limit


def test_all_five_sources_are_quoted(entries):
    per_source = Counter(
        p.source
        for entry in entries.values()
        for p in entry.passages
        if not p.source.startswith(WEB_PAGE)
    )
    assert len(per_source) == 5
    assert min(per_source.values()) > 100


def test_only_the_history_of_the_places_quotes_web_pages_and_it_describes_each(entries):
    quoting = {
        name: {p.source for p in entry.passages if p.source.startswith(WEB_PAGE)}
        for name, entry in entries.items()
    }
    assert {name for name, pages in quoting.items() if pages} == {"place-history"}
    described = {
        str(t.subject.value)
        for t in entries["place-history"].triples
        if t.predicate.value == BN.codePointCount
    }
    assert quoting["place-history"] == described


@pytest.mark.skipif(SOURCES is None, reason="set BIENNIEN_SOURCES to the folder of source texts")
def test_every_quote_stands_at_its_position_in_the_source_text(entries):
    texts = loading.source_texts(Path(str(SOURCES)))
    compared = 0
    for entry in entries.values():
        count, problems = check_quotes(entry, texts)
        assert problems == []
        compared += count
    quotes = [p for entry in entries.values() for p in entry.passages]
    web_pages = [p for p in quotes if p.source.startswith(WEB_PAGE)]
    assert compared == len(quotes) - len(web_pages) > 1000
