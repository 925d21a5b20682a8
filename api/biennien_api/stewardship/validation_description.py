# SPDX-License-Identifier: Apache-2.0
"""How OpenAPI describes validation: what may be sent, with an example that runs, and the report."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

EXAMPLE = """\
@base <https://w3id.org/biennien/> .
@prefix bn: <https://w3id.org/biennien/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix rico: <https://www.ica.org/standards/RiC/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

<graph/authority/vi-du> a bn:Entry ;
  dcterms:title "Ví dụ"@vi , "Example"@en ;
  dcterms:license <https://creativecommons.org/licenses/by/4.0/> .

<id/person/vi-du> a rico:Person ;
  rdfs:label "Nguyễn Văn Ví Dụ"@vi , "Nguyễn Văn Ví Dụ"@en ;
  rico:hasAuthro <id/document/ke-hoach-116-kh-tu-2024> ;
  bn:evidence [ oa:hasSource <source/001_31dc08a855a07e54> ; oa:exact "Kế hoạch" ; oa:start 150 ] .
"""
_TEXT = {"schema": {"type": "string"}}


class Excerpt(BaseModel):
    """A line of the submitted file."""

    line: int
    text: str


class Found(BaseModel):
    """One thing that is wrong."""

    severity: str = Field(description="Violation, Warning or Info")
    entry: str = Field(description="Graph of the entry; empty for a file that cannot be read")
    focusNode: str = Field(description="IRI of the thing, or name of the file")  # noqa: N815
    focusLabel: str = Field(description="The thing in words")  # noqa: N815
    resultPath: str = Field(description="IRI of the property; empty where none")  # noqa: N815
    pathLabel: str = Field(description="The property in words")  # noqa: N815
    value: str = Field(description="The offending value: an IRI or the text of a literal")
    valueLabel: str = Field(description="The value in words, shortened")  # noqa: N815
    expected: str = Field(description="What would be right")
    mend: str = Field(description="How to mend it, in the language of the report")
    message: dict[str, str] = Field(description="How to mend it, by language")
    sourceShape: str = Field(description="IRI of the rule")  # noqa: N815
    sourceConstraintComponent: str = Field(description="IRI of the kind of rule")  # noqa: N815
    file: str = Field(description="Name of the file")
    line: int | None = Field(description="Line in the file, from 1, where it can be known")
    column: int | None = Field(description="Column in code points, from 1")
    excerpt: list[Excerpt] = Field(description="The line with those around it")


class Summary(BaseModel):
    """How much is wrong."""

    violations: int
    warnings: int
    notes: int
    omitted: int = Field(description="Results that are counted but not listed")
    quotes: int = Field(description="Quotes in the entries")
    quotesCompared: int = Field(  # noqa: N815
        description="Quotes that were compared with source texts at hand"
    )


class EntryRead(BaseModel):
    """An entry of a file."""

    graph: str
    title: dict[str, str]
    statements: int
    claims: int
    passages: int


class File(BaseModel):
    """A file that was sent."""

    name: str
    syntax: str = Field(description="What it was read as; empty where it could not be read")
    entries: list[EntryRead]


class Validated(BaseModel):
    """A report."""

    conforms: bool = Field(description="Whether there is no violation")
    language: str
    summary: Summary
    files: list[File]
    results: list[Found]


_PROBLEM: dict[str, Any] = {"content": {"application/problem+json": {}}}
RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "model": Validated,
        "description": "The report, whether the entries conform or not",
        "content": {
            "text/turtle": _TEXT,
            "application/ld+json": {"schema": {}},
            "text/html": _TEXT,
            "text/plain": _TEXT,
        },
    },
    400: {"description": "Nothing was sent, or the form cannot be read", **_PROBLEM},
    406: {"description": "No known format was asked for", **_PROBLEM},
    413: {"description": "Too large, or too much for the deadline", **_PROBLEM},
    415: {"description": "No syntax of RDF", **_PROBLEM},
    422: {"description": "A parameter is wrong", **_PROBLEM},
    429: {"description": "Too many requests of one client", **_PROBLEM},
    503: {"description": "Too many wait; come back after Retry-After", **_PROBLEM},
}
REQUEST: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "text/turtle": {**_TEXT, "example": EXAMPLE},
            "application/trig": _TEXT,
            "application/n-triples": _TEXT,
            "application/n-quads": _TEXT,
            "application/ld+json": {"schema": {"type": "object"}},
            "application/rdf+xml": _TEXT,
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "file": {
                            "type": "array",
                            "items": {"type": "string", "format": "binary"},
                            "description": "Entries, each with its media type or a known suffix",
                        },
                        "entry": {"type": "string", "description": "An entry as text"},
                        "syntax": {
                            "type": "string",
                            "description": "Of all of them: Turtle, TriG, N-Triples, N-Quads, "
                            "JSON-LD, RDF/XML; else that of each.",
                        },
                    },
                }
            },
        },
    }
}
