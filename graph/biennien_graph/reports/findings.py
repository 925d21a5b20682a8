# SPDX-License-Identifier: Apache-2.0
"""Results of validation to findings: in words, and with their places in the files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from biennien_graph.engine.rdf import Literal, NamedNode, is_iri
from biennien_graph.errors import DataSyntaxError
from biennien_graph.neighbourhood import words
from biennien_graph.reports import Finding, excerpt
from biennien_graph.reports.expectations import expected
from biennien_graph.reports.whereabouts import Whereabouts
from biennien_graph.reports.wording import Wording, in_vietnamese
from biennien_graph.terms import NAMESPACE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from biennien_graph.checks.asking import Published
    from biennien_graph.errors import DataError
    from biennien_graph.evidence import Entry
    from biennien_graph.submitted.reading import Submitted
    from biennien_graph.validation import Result

READABLE = f"{NAMESPACE}shapes/file#readable"


@dataclass(slots=True)
class Read:
    """A file that was read, with its entries."""

    file: Submitted
    entries: list[Entry]
    whereabouts: Whereabouts


def worded(
    results: Sequence[Result], files: Sequence[Read], published: Published | None, language: str
) -> Iterator[Finding]:
    """Each result as people and programs get it."""
    entries = [entry for read in files for entry in read.entries]
    wording = Wording(entries, published, language)
    homes = {entry.graph: read for read in files for entry in read.entries}
    terms = {
        (words(t.subject), t.predicate.value, words(t.object)): str(t.object)
        for entry in entries
        for t in entry.triples
    }
    for result in results:
        home = homes.get(result.entry)
        term = terms.get((result.focus, result.path, result.value), "")
        yield _finding(result, home, wording, term or _guessed(result.value))


def _finding(result: Result, home: Read | None, wording: Wording, term: str) -> Finding:
    spot = home.whereabouts.of(result) if home else None
    return Finding(
        severity=result.severity,
        entry=result.entry,
        focusNode=result.focus,
        focusLabel=wording.thing(result.focus),
        resultPath=result.path,
        pathLabel=wording.property(result.path) if result.path else "",
        value=result.value,
        valueLabel=wording.value(result.value),
        expected=expected(result.shape, wording.language),
        mend=result.message(wording.language),
        message=result.messages,
        sourceShape=result.shape,
        sourceConstraintComponent=result.component or f"{result.shape}-component",
        file=home.file.name if home else "",
        line=spot.line if spot else None,
        column=spot.column if spot else None,
        excerpt=excerpt(home.file.text, spot.line) if home and spot else [],
        valueTerm=term,
    )


def _guessed(value: str) -> str:
    """The term of a value that is not said, as of a document that has the same number."""
    if not value:
        return ""
    return str(NamedNode(value) if is_iri(value) else Literal(value))


def unreadable(
    problem: DataError, name: str, content: bytes, file: Submitted | None, language: str
) -> Finding:
    """A file that cannot be read, or that holds no entry."""
    said = problem.said if isinstance(problem, DataSyntaxError) else problem.message
    line = problem.line if isinstance(problem, DataSyntaxError) else None
    column = problem.column if isinstance(problem, DataSyntaxError) else None
    if file is not None and line is None and (spot := Whereabouts(file).quoted(said)):
        line, column = spot
    messages = {
        "vi": f"{in_vietnamese(said)} {in_vietnamese(problem.hint)}".strip(),
        "en": f"{said} {problem.hint}".strip(),
    }
    text = file.text if file else content.decode("utf-8-sig", errors="replace")
    line = min(line, max(1, len(text.splitlines()))) if line else None  # not after the last one
    return Finding(
        severity="Violation",
        entry="",
        focusNode=name,
        focusLabel=name,
        resultPath="",
        pathLabel="",
        value="",
        valueLabel="",
        expected=expected(READABLE, language),
        mend=messages.get(language) or messages["en"],
        message=messages,
        sourceShape=READABLE,
        sourceConstraintComponent=f"{READABLE}-component",
        file=name,
        line=line,
        column=column,
        excerpt=excerpt(text, line) if line and "\0" not in text else [],
    )
