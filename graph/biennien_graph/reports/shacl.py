# SPDX-License-Identifier: Apache-2.0
"""A report as a SHACL validation report (SHACL, section 3.6), in Turtle or JSON-LD."""

from __future__ import annotations

from typing import TYPE_CHECKING

from biennien_graph.engine.rdf import (
    BlankNode,
    Literal,
    NamedNode,
    Triple,
    is_iri,
    n_triples,
    read_triples,
    rendered,
)
from biennien_graph.terms import NAMESPACE, PREFIXES, RDF, SH, XSD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from biennien_graph.reports import Finding, WordedReport

    Node = NamedNode | BlankNode

_SH = PREFIXES["sh"]


def as_shacl(report: WordedReport, name: str) -> bytes:
    """The report in the syntax of a short name (`ttl`, `jsonld`)."""
    return rendered(n_triples(_triples(report)), name)


def _triples(report: WordedReport) -> Iterator[Triple]:
    node = BlankNode("report")
    boolean = NamedNode(XSD.boolean)
    yield _triple(node, RDF.type, NamedNode(f"{_SH}ValidationReport"))
    yield _triple(
        node, f"{_SH}conforms", Literal(str(not report.findings).lower(), datatype=boolean)
    )
    for number, finding in enumerate(report.findings):
        result = BlankNode(f"result{number:04}")
        yield _triple(node, f"{_SH}result", result)
        yield from _result(result, finding)


def _result(node: BlankNode, finding: Finding) -> Iterator[Triple]:
    yield _triple(node, RDF.type, NamedNode(SH.ValidationResult))
    yield _triple(node, SH.resultSeverity, NamedNode(_SH + finding.severity))
    yield _triple(node, SH.focusNode, _term(finding.focusNode))
    if is_iri(finding.resultPath):
        yield _triple(node, SH.resultPath, NamedNode(finding.resultPath))
    if finding.valueTerm:
        yield _triple(node, SH.value, _read(finding.valueTerm))
    yield _triple(node, SH.sourceShape, _shape(finding.sourceShape))
    component = NamedNode(finding.sourceConstraintComponent)
    yield _triple(node, SH.sourceConstraintComponent, component)
    for language, message in finding.message.items():
        yield _triple(node, SH.resultMessage, Literal(message, language=language))
    if finding.file and finding.line:
        yield from _place(node, finding)


def _place(node: BlankNode, finding: Finding) -> Iterator[Triple]:
    """Where it stands, in the terms of this project: SHACL has none."""
    integer = NamedNode(XSD.integer)
    yield _triple(node, f"{NAMESPACE}shapes/report#file", Literal(finding.file))
    for name, number in (("line", finding.line), ("column", finding.column)):
        if number:
            literal = Literal(str(number), datatype=integer)
            yield _triple(node, f"{NAMESPACE}shapes/report#{name}", literal)


def _triple(subject: Node, predicate: str, value: Node | Literal | Triple) -> Triple:
    return Triple(subject, NamedNode(predicate), value)


def _term(value: str) -> NamedNode | Literal:
    return NamedNode(value) if is_iri(value) else Literal(value)


def _shape(name: str) -> Node:
    """A shape without a name is a blank node of the shapes graph."""
    return NamedNode(name) if is_iri(name) else BlankNode("shape-" + name.strip("_:"))


def _read(term: str) -> NamedNode | BlankNode | Literal | Triple:
    return read_triples(f"<urn:s> <urn:p> {term} .\n".encode())[0].object
