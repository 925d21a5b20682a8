# SPDX-License-Identifier: Apache-2.0
"""The syntaxes that queries are answered in, by short name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Syntax:
    """A short name (as in `?format=`), the media type sent, and others that ask for it.

    `names` are further short names, as client libraries send them.
    """

    name: str
    media_type: str
    also: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def types(self) -> tuple[str, ...]:
        """Every media type that asks for this syntax, the one sent first."""
        return (self.media_type, *self.also)


SOLUTIONS = (
    Syntax("json", "application/sparql-results+json", ("application/json", "text/json")),
    Syntax("xml", "application/sparql-results+xml", ("application/xml", "text/xml")),
    Syntax("csv", "text/csv"),
    Syntax("tsv", "text/tab-separated-values"),
)
GRAPHS = (
    Syntax("ttl", "text/turtle", ("application/turtle", "application/x-turtle"), ("turtle", "n3")),
    Syntax("nt", "application/n-triples", ("text/plain",), ("ntriples", "n-triples")),
    Syntax("jsonld", "application/ld+json", ("application/json",), ("json-ld", "json")),
    Syntax("rdf", "application/rdf+xml", ("application/xml", "text/xml"), ("rdf+xml", "xml")),
)
