# SPDX-License-Identifier: Apache-2.0
"""What is asked: the workloads, in SPARQL that every peer understands, and the runaways."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks import data

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PREFIXES = """PREFIX bn: <https://w3id.org/biennien/ontology#>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX rico: <https://www.ica.org/standards/RiC/ontology#>
"""
_JOIN = """SELECT ?document ?label ?signer WHERE {
  ?agency rico:isOrWasSubordinateTo <%s> .
  ?document rico:hasAuthor ?agency ; rdfs:label ?label ; bn:signature ?signature .
  ?signature bn:signer ?signer .
} LIMIT %d"""
_AGGREGATE = """SELECT ?agency (COUNT(?document) AS ?documents) (MAX(?date) AS ?last) WHERE {
  ?agency rico:isOrWasSubordinateTo <%s> .
  ?document rico:hasAuthor ?agency ; rico:hasCreationDate ?when .
  ?when bn:earliest ?date .
} GROUP BY ?agency LIMIT %d"""
_SCAN = """SELECT ?agency ?term (COUNT(?claim) AS ?claims) (AVG(?start) AS ?place) WHERE {
  ?claim rdf:subject ?document ; rdf:predicate ?term ; bn:evidence ?passage .
  ?document rico:hasAuthor ?agency .
  ?passage oa:hasSelector ?selector .
  ?selector oa:start ?start .
} GROUP BY ?agency ?term LIMIT %d"""
_LISTING = """SELECT ?document ?label ?date WHERE {
  { SELECT ?document ?date WHERE {
      ?document a rico:Record ; rico:hasCreationDate ?when .
      ?when bn:earliest ?date .
    } ORDER BY DESC(?date) LIMIT 20 OFFSET %d }
  ?document rdfs:label ?label .
} ORDER BY DESC(?date) LIMIT %d"""
MANY = 100_000
_STRIDE = 7919  # prime: neighbours in time are none in the store


@dataclass(frozen=True, slots=True)
class Workload:
    """One kind of question.

    `text` is the one with a number, different for every number, over so many documents; `most` is
    the most clients that ask it. The aims are of the Oxigraph server's throughput, in memory and
    on disk. `slow_most` is how many a peer gets that is too slow for a round.
    """

    name: str
    title: str
    text: Callable[[int, int], str]
    most: int
    aims: tuple[float, float]
    slow_most: int
    cached: bool = True  # whether it is measured with the same text again, too

    def texts(self, documents: int, start: int) -> Iterator[str]:
        """The questions from one number on, without end."""
        return (self.text(number, documents) for number in itertools.count(start))


def _point(number: int, documents: int) -> str:
    iri = data.document(number * _STRIDE % documents)
    return f"SELECT ?p ?o WHERE {{ <{iri}> ?p ?o }} LIMIT {1000 + number}"


def _join(number: int, _documents: int) -> str:
    return _PREFIXES + _JOIN % (data.province(number % data.PROVINCES), MANY + number)


def _aggregate(number: int, _documents: int) -> str:
    return _PREFIXES + _AGGREGATE % (data.province(number % data.PROVINCES), 1000 + number)


def _scan(number: int, _documents: int) -> str:
    return _PREFIXES + _SCAN % (10_000 + number)


def _listing(number: int, _documents: int) -> str:
    return _PREFIXES + _LISTING % (20 * (number % 50), 1000 + number)


def _rows(number: int, _documents: int) -> str:
    return f"SELECT ?s{number} ?p ?o WHERE {{ ?s{number} ?p ?o }} LIMIT {MANY}"


WORKLOADS = (
    Workload("point", "Point: the statements about one document", _point, 64, (0.5, 0.5), 100),
    Workload("join", "Join: documents under an agency with signers", _join, 64, (3, 0.95), 2),
    Workload(
        "aggregate", "Aggregate: documents per agency under another", _aggregate, 64, (3, 0.95), 2
    ),
    Workload("scan", "Scan: all claims by agency and term, averages", _scan, 4, (3, 0.95), 1),
    Workload("listing", "Listing: 20 newest documents with labels", _listing, 4, (3, 0.95), 1),
    Workload("rows", f"Rows: {MANY:,} of them", _rows, 4, (3, 0.95), 1, cached=False),
)
CACHED_AIM = 3.0

RUNAWAYS = {
    "cross product": "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "order by": "SELECT * WHERE { ?a ?b ?c . ?a ?e ?f . ?a ?h ?i } ORDER BY ?f ?i ?c ?a",
    "property path": "SELECT (COUNT(*) AS ?n) WHERE { ?a ?p ?q . ?a (<urn:x>|!<urn:x>)* ?b }",
    "group_concat": (
        "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?c), STR(?f)); separator=' ') AS ?all) "
        "WHERE { ?a ?b ?c . ?d ?e ?f }"
    ),
}
