# SPDX-License-Identifier: Apache-2.0
"""RDF terms, reading and writing. The rest of the code takes its terms from here."""

from __future__ import annotations

import contextlib
import io
from typing import TYPE_CHECKING

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
    serialize,
)

from biennien_graph.errors import DataSyntaxError, UsageError
from biennien_graph.queries.well_known import ELSEWHERE
from biennien_graph.terms import PREFIXES, RDF

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

__all__ = [
    "BlankNode",
    "DefaultGraph",
    "Literal",
    "NamedNode",
    "Quad",
    "RdfFormat",
    "Triple",
    "canonical",
    "format_for",
    "graph_syntax",
    "is_iri",
    "n_quads",
    "n_triples",
    "pretty",
    "pretty_quads",
    "quad_of",
    "read_file",
    "read_quads",
    "read_text",
    "read_triples",
    "rendered",
    "united",
]

_BY_SUFFIX = {
    "ttl": RdfFormat.TURTLE,
    "trig": RdfFormat.TRIG,
    "nt": RdfFormat.N_TRIPLES,
    "nq": RdfFormat.N_QUADS,
    "jsonld": RdfFormat.JSON_LD,
    "rdf": RdfFormat.RDF_XML,
}


def format_for(file: Path) -> RdfFormat:
    """The syntax that a file's suffix stands for; `UsageError` lists the known ones."""
    known = _BY_SUFFIX.get(file.suffix.lstrip(".").lower())
    if known is None:
        suffixes = ", ".join(f".{suffix}" for suffix in _BY_SUFFIX)
        raise UsageError(f"{file}: the suffix names no RDF syntax.", hint=f"Known: {suffixes}.")
    return known


def graph_syntax(media_type: str) -> RdfFormat | None:
    """The syntax of RDF that a media type stands for."""
    return RdfFormat.from_media_type(media_type)


def read_file(file: Path) -> list[Quad]:
    """All quads of a file. `DataSyntaxError` gives the line and column; nothing is half read."""
    syntax = format_for(file)
    try:
        content = file.read_bytes()
    except OSError as problem:
        raise UsageError(f"{file}: {problem.strerror}.") from problem
    return read_text(content, syntax, name=file)


def read_text(
    content: bytes, syntax: RdfFormat, *, name: Path | str, base: str | None = None
) -> list[Quad]:
    """All quads of a text in UTF-8; `name` is what an error calls it.

    With a `base`, relative IRIs are resolved against it and blank nodes get new names.
    """
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise DataSyntaxError(
            "the file is not UTF-8; save it as UTF-8 without changing anything else",
            file=name,
            line=line,
            column=problem.start - content.rfind(b"\n", 0, problem.start),
        ) from problem
    try:
        return list(parse(content, format=syntax, base_iri=base, rename_blank_nodes=bool(base)))
    except SyntaxError as problem:
        raise DataSyntaxError(
            _sentence(problem.msg), file=name, line=problem.lineno, column=problem.offset
        ) from problem
    except ValueError as problem:  # a relative IRI, and a base that nothing is relative to
        raise DataSyntaxError(str(problem), file=name, line=None, column=None) from problem


def read_quads(lines: bytes) -> list[Quad]:
    """N-Quads that Biên Niên wrote itself."""
    return list(parse(lines, format=RdfFormat.N_QUADS))


def read_triples(lines: bytes) -> list[Triple]:
    """N-Triples that a worker wrote."""
    return [quad.triple for quad in parse(lines, format=RdfFormat.N_TRIPLES)]


def n_quads(quads: Iterable[Quad]) -> list[bytes]:
    """One line of N-Quads per quad, in a stable order, without repetition."""
    buffer = io.BytesIO()
    serialize(quads, buffer, format=RdfFormat.N_QUADS)
    return sorted(set(buffer.getvalue().splitlines(keepends=True)))


def n_triples(triples: Iterable[Triple | Quad]) -> bytes:
    """The triples as N-Triples, graph names dropped."""
    bare = (item.triple if isinstance(item, Quad) else item for item in triples)
    buffer = io.BytesIO()
    serialize(bare, buffer, format=RdfFormat.N_TRIPLES)
    return buffer.getvalue()


def united(graphs: Iterable[bytes]) -> bytes:
    """Several texts of N-Triples as one, without repetition."""
    return b"".join(dict.fromkeys(line for text in graphs for line in text.splitlines(True)))


def canonical(quads: Iterable[Quad]) -> list[Quad]:
    """The quads with blank nodes renamed by their place in the graph (RDFC-1.0).

    The same graph gives the same labels, whatever they were called in the file.
    """
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return list(dataset)


def _sentence(message: str | None) -> str:
    """The parser's words without the position, which is told apart."""
    text = message or "not well-formed"
    with contextlib.suppress(ValueError):
        text = text[text.index(": ") + 2 :] if text.startswith("Parser error at") else text
    return text


def is_iri(text: str) -> bool:
    """Whether a text is an absolute IRI (RFC 3987)."""
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def pretty(triples: bytes, syntax: RdfFormat) -> bytes:
    """N-Triples in a syntax for people: subjects together, with the well-known prefixes."""
    quads = sorted(parse(triples, format=RdfFormat.N_TRIPLES), key=_reading_order)
    known = PREFIXES | {"sd": ELSEWHERE["sd"]}  # the service's own description
    used = {prefix: iri for prefix, iri in known.items() if f"<{iri}".encode() in triples}
    buffer = io.BytesIO()
    serialize((quad.triple for quad in quads), buffer, format=syntax, prefixes=used)
    return buffer.getvalue()


def pretty_quads(quads: Iterable[Quad]) -> bytes:
    """Quads as TriG: graph by graph, with the well-known prefixes."""
    found = sorted(quads, key=lambda quad: (str(quad.graph_name), *_reading_order(quad)))
    text = " ".join(map(str, found))
    used = {prefix: iri for prefix, iri in PREFIXES.items() if f"<{iri}" in text}
    buffer = io.BytesIO()
    serialize(found, buffer, format=RdfFormat.TRIG, prefixes=used)
    return buffer.getvalue()


def quad_of(row: Mapping[str, Mapping[str, str]]) -> Quad:
    """The solution of a query for `?s ?p ?o ?entry`, as SPARQL 1.1 Query Results JSON has it."""
    subject, graph = _term(row["s"]), _term(row["entry"])
    predicate = NamedNode(row["p"]["value"])
    if isinstance(subject, Literal) or isinstance(graph, Literal):
        raise ValueError(row)  # no store has such a quad
    return Quad(subject, predicate, _term(row["o"]), graph)


def _term(found: Mapping[str, str]) -> NamedNode | BlankNode | Literal:
    if found["type"] == "uri":
        return NamedNode(found["value"])
    if found["type"] == "bnode":
        return BlankNode(found["value"])
    if "xml:lang" in found:
        return Literal(found["value"], language=found["xml:lang"])
    datatype = found.get("datatype")
    return Literal(found["value"], datatype=NamedNode(datatype) if datatype else None)


def rendered(triples: bytes, name: str) -> bytes:
    """N-Triples in the syntax of a short name (`ttl`, `nt`, `jsonld`, `rdf`)."""
    return triples if name == "nt" else pretty(triples, _BY_SUFFIX[name])


def _reading_order(quad: Quad) -> tuple[int, str, bool, str, str]:
    """Things before passages and claims; a subject's class before its other statements."""
    subject = str(quad.subject)
    rank = next(
        (n for n, part in enumerate(("/id/", "/passage/", "/claim/")) if part in subject), 0
    )
    is_class = quad.predicate.value == RDF.type
    return rank, subject, not is_class, quad.predicate.value, str(quad.object)
