# SPDX-License-Identifier: Apache-2.0
"""What “The data model” shows is in the entries, in Turtle and in JSON-LD alike."""

import json
import re
from pathlib import Path

import pytest
from pyld import jsonld

from biennien_graph import loading, resources
from biennien_graph.dates import bounds
from biennien_graph.engine.rdf import BlankNode, NamedNode, RdfFormat, read_text, read_triples
from biennien_graph.expansion import read_entry
from biennien_graph.jsonld import document as context
from biennien_graph.terms import BN, DCTERMS, PREFIXES, RDF, RICO

ROOT = resources.folder("data").parent
DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "data-model.md").read_text(encoding="utf-8")
PROLOGUE = "\n".join(
    [
        *re.findall(r"^@\w+ .*$", (DOCS / "curation.md").read_text(encoding="utf-8"), re.MULTILINE),
        f"@prefix rdf: <{PREFIXES['rdf']}> .\n",
    ]
)
EXAMPLES = re.findall(
    r"^### ([^·\n]+) · [^·\n]+ · ([^\n]+)\n[^#]+?```turtle\n(.*?)```\n```json\n(.*?)```",
    PAGE,
    re.MULTILINE | re.DOTALL,
)
NAMES = [name for name, _, _, _ in EXAMPLES]
COMPUTED = {BN.earliest, BN.latest}


def turtle(text: str):
    return read_text((PROLOGUE + text).encode(), RdfFormat.TURTLE, name="docs/data-model.md")


def parts(text: str) -> list[tuple[str, str]]:
    """The files that an example is taken from, each with what it holds."""
    _, *pieces = re.split(r"^# (\S+\.ttl)\n", text, flags=re.MULTILINE)
    return list(zip(pieces[::2], pieces[1::2], strict=True))


def expanded(text: str, entry):
    """What loading makes of a part of an entry."""
    sources = [t.object for t in entry.triples if t.predicate.value == DCTERMS.source]
    head = f"<{entry.graph}> a bn:Entry .\n" + "".join(
        f"<{entry.graph}> dcterms:source {source} .\n" for source in sources
    )
    return read_entry(turtle(text if "bn:Entry" in text else head + text), "docs/data-model.md")


def said(text: str, entries) -> set:
    """The statements of an example: those that are written, and the computed days."""
    found = set()
    for file, part in parts(text):
        written = [q.triple for q in turtle(part) if not isinstance(q.subject, BlankNode)]
        found.update(t for t in written if not isinstance(t.object, BlankNode))
        loaded = expanded(part, entries[file]).triples
        found.update(t for t in loaded if t.predicate.value in COMPUTED)
    return found


def classes(triples) -> set[str]:
    return {t.object.value for t in triples if t.predicate == NamedNode(RDF.type)}


def no_documents(url: str, _options: object):
    raise AssertionError(f"the test fetches nothing: {url}")


@pytest.fixture(scope="module")
def entries():
    return {
        Path(entry.name).relative_to(ROOT).as_posix(): entry
        for entry in loading.read(resources.entries())
    }


def test_every_example_stands_under_its_class_in_turtle_and_in_json_ld():
    assert len(EXAMPLES) == PAGE.count("```turtle\n") == PAGE.count("```json\n") > 20
    assert len(set(NAMES)) == len(EXAMPLES)


@pytest.mark.parametrize("example", EXAMPLES, ids=NAMES)
def test_an_example_is_in_the_entry_that_it_names_with_its_claims_and_passages(entries, example):
    assert parts(example[2])
    for file, part in parts(example[2]):
        found = expanded(part, entries[file])
        assert found.unsupported == []
        assert found.triples - entries[file].triples == set()


@pytest.mark.parametrize("example", EXAMPLES, ids=NAMES)
def test_the_json_ld_says_what_the_turtle_says(entries, example):
    document = json.loads(example[3]) | json.loads(context())
    lines = jsonld.to_rdf(
        document, {"format": "application/n-quads", "documentLoader": no_documents}
    )
    assert set(read_triples(lines.encode())) == said(example[2], entries)


@pytest.mark.parametrize("example", EXAMPLES, ids=NAMES)
def test_an_example_is_one_of_the_classes_in_its_heading(entries, example):
    named = re.findall(r"`(\w+):(\w+)`", example[1])
    assert {PREFIXES[prefix] + name for prefix, name in named} <= classes(said(example[2], entries))


def test_the_first_example_shows_where_the_context_is():
    contexts = [json.loads(block).get("@context") for _, _, _, block in EXAMPLES]
    first = "https://w3id.org/biennien/context/v1.jsonld"
    assert contexts == [first] + [None] * (len(EXAMPLES) - 1)


def test_every_class_in_the_data_has_an_example(entries):
    used = {
        cls
        for file, entry in entries.items()
        if file.startswith("data/")
        for cls in classes(entry.triples)
    }
    assert len(used) > 20
    assert used - {cls for e in EXAMPLES for cls in classes(said(e[2], entries))} == set()


DATES = re.findall(r"^\| .* \| `(\S+)` \| (\S+), (\S+) \|$", PAGE, re.MULTILINE)


@pytest.mark.parametrize(("edtf", "earliest", "latest"), DATES, ids=[row[0] for row in DATES])
def test_a_date_of_the_table_is_in_the_data_and_has_these_bounds(entries, edtf, earliest, latest):
    assert [str(day).lower() for day in bounds(edtf)] == [earliest, latest]
    assert any(
        t.predicate.value == RICO.normalizedDateValue and t.object.value == edtf
        for entry in entries.values()
        for t in entry.triples
    )


def test_the_links_of_the_page_lead_somewhere():
    for link in re.findall(r"\]\(([^)]+)\)", PAGE):
        assert link.startswith("https://") or (DOCS / link).exists()
