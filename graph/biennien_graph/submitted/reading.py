# SPDX-License-Identifier: Apache-2.0
"""From the bytes that somebody sends to quads: encoding, syntax, and what to say where it fails."""

from __future__ import annotations

import contextlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyld import jsonld

from biennien_graph.engine.rdf import RdfFormat, graph_syntax, read_text
from biennien_graph.errors import DataError, DataSyntaxError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from biennien_graph.engine.rdf import Quad

_SUFFIXES = {
    "ttl": RdfFormat.TURTLE, "turtle": RdfFormat.TURTLE, "trig": RdfFormat.TRIG,
    "nt": RdfFormat.N_TRIPLES, "nq": RdfFormat.N_QUADS,
    "jsonld": RdfFormat.JSON_LD, "json": RdfFormat.JSON_LD,
    "rdf": RdfFormat.RDF_XML, "xml": RdfFormat.RDF_XML, "owl": RdfFormat.RDF_XML,
}  # fmt: skip
_ALSO = {
    "application/json": RdfFormat.JSON_LD,
    "application/x-turtle": RdfFormat.TURTLE,
    "application/xml": RdfFormat.RDF_XML,
    "text/xml": RdfFormat.RDF_XML,
}
_SAYS_NOTHING = {"", "application/octet-stream", "text/plain", "application/x-www-form-urlencoded"}
_LINES = {RdfFormat.N_TRIPLES, RdfFormat.N_QUADS}
_XML = re.compile(r"\s*(?:<\?xml|<!--|<rdf:RDF|<!DOCTYPE)")
_JSON = re.compile(r"\s*[\[{]\s*[\"{\]}]")
_VIETNAMESE = re.compile("[ăâđêôơưĂÂĐÊÔƠƯ]|[aeiouyAEIOUYăâêôơư][\u0300\u0301\u0303\u0309\u0323]")


@dataclass(frozen=True, slots=True)
class Submitted:
    """A file that was read."""

    name: str
    text: str
    syntax: RdfFormat
    quads: tuple[Quad, ...]


def read(
    content: bytes,
    *,
    name: str,
    media_type: str = "",
    base: str = "",
    contexts: Mapping[str, Any] | None = None,
) -> Submitted:
    """Read one file: Turtle, TriG, N-Triples, N-Quads, JSON-LD or RDF/XML, in UTF-8.

    The syntax is that of the media type, else of the suffix of the name, else what it looks like.
    `contexts` are the JSON-LD contexts that may be named, by address; no other is fetched.
    Raises `DataSyntaxError` with line and column, `DataError`, or `UsageError` for a media type
    that is no syntax of RDF.
    """
    text = _decoded(content, name)
    syntax = _syntax(media_type, name, text)
    try:
        quads = _parsed(text, syntax, name, base, contexts or {})
    except DataSyntaxError as problem:
        problem.hint = _hint(text, syntax, problem) or problem.hint
        raise
    return Submitted(name, text, syntax, tuple(quads))


def _decoded(content: bytes, name: str) -> str:
    if (
        content[:2] in {b"\xff\xfe", b"\xfe\xff"}
        or content[:200].count(b"\0") > len(content[:200]) // 4
    ):
        raise DataError(f"{name} is UTF-16, not UTF-8.", hint="Save it as UTF-8 and send it again.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise _not_utf8(content, name, problem.start) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise DataSyntaxError("there is a NUL character", file=name, line=line, column=None)
    return text


def _not_utf8(content: bytes, name: str, at: int) -> DataSyntaxError:
    line = content.count(b"\n", 0, at) + 1
    column = at - content.rfind(b"\n", 0, at)
    problem = DataSyntaxError("the file is not UTF-8", file=name, line=line, column=column)
    problem.hint = "Save it as UTF-8 and send it again."
    with contextlib.suppress(UnicodeDecodeError):
        if _VIETNAMESE.search(content.decode("cp1258")):
            problem.hint = f"It looks like Windows-1258 (Vietnamese). {problem.hint}"
    return problem


def _syntax(media_type: str, name: str, text: str) -> RdfFormat:
    kind = media_type.partition(";")[0].strip().lower()
    if kind in _SAYS_NOTHING:
        suffix = name.rpartition(".")[2].lower() if "." in name else ""
        return _SUFFIXES.get(suffix) or _guessed(text)
    known = _ALSO.get(kind) or graph_syntax(kind)
    if known is None:
        accepted = ", ".join(sorted({syntax.media_type for syntax in _SUFFIXES.values()}))
        raise UsageError(f"{kind} is no syntax of RDF.", hint=f"Accepted: {accepted}.")
    return known


def _guessed(text: str) -> RdfFormat:
    if _XML.match(text):
        return RdfFormat.RDF_XML
    return RdfFormat.JSON_LD if _JSON.match(text) else RdfFormat.TRIG


def _parsed(
    text: str, syntax: RdfFormat, name: str, base: str, contexts: Mapping[str, Any]
) -> list[Quad]:
    if syntax == RdfFormat.JSON_LD:
        return _from_jsonld(text, name, base, contexts)
    if syntax == RdfFormat.RDF_XML and (found := re.search(r"<!(ENTITY|DOCTYPE)", text)):
        line = text.count("\n", 0, found.start()) + 1
        raise DataSyntaxError(
            "document types and entities are not read; write IRIs and texts in full",
            file=name,
            line=line,
            column=None,
        )
    return read_text(text.encode(), syntax, name=name, base=base or None)


def _from_jsonld(text: str, name: str, base: str, contexts: Mapping[str, Any]) -> list[Quad]:
    try:
        document = json.loads(text)
    except json.JSONDecodeError as problem:
        raise DataSyntaxError(
            problem.msg, file=name, line=problem.lineno, column=problem.colno
        ) from None
    except RecursionError:
        raise DataError(f"{name}: the brackets are nested too deeply.") from None

    def load(address: str, _options: object = None) -> dict[str, Any]:
        if address not in contexts:
            raise DataError(
                f"{name}: the context {address} is not fetched.",
                hint=f"Write it out, or name one of: {', '.join(sorted(contexts))}.",
            )
        return {"contextUrl": None, "documentUrl": address, "document": contexts[address]}

    try:
        lines = jsonld.to_rdf(
            document, {"format": "application/n-quads", "base": base, "documentLoader": load}
        )
    except (jsonld.JsonLdError, RecursionError, TypeError, ValueError) as problem:
        raise _unwrapped(problem, name) from None
    return read_text(str(lines).encode(), RdfFormat.N_QUADS, name=name, base=base or None)


def _unwrapped(problem: BaseException, name: str) -> DataError:
    """PyLD wraps what its loader raises."""
    cause: BaseException | None = problem
    while cause is not None:
        if isinstance(cause, DataError):
            return cause
        cause = getattr(cause, "cause", None) or cause.__cause__
    said = str(problem).partition("\n")[0].strip() or type(problem).__name__
    return DataError(f"{name}: this is no JSON-LD: {said}")


def _hint(text: str, syntax: RdfFormat, problem: DataSyntaxError) -> str:
    guessed = _guessed(text)
    if guessed in {RdfFormat.JSON_LD, RdfFormat.RDF_XML} and guessed != syntax:
        return f"It looks like {guessed.name}: send it as {guessed.media_type}."
    if guessed == RdfFormat.TRIG and syntax in {RdfFormat.JSON_LD, RdfFormat.RDF_XML}:
        return f"It does not look like {syntax.name}; Turtle is sent as text/turtle."
    lines = text.rstrip().split("\n")
    at_end = (problem.line or 0, problem.column or 0) >= (len(lines), len(lines[-1]))
    if at_end and syntax not in _LINES:
        return "The file ends in the middle of a statement: is it whole?"
    return ""
