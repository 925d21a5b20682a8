# SPDX-License-Identifier: Apache-2.0
"""What is asked: the workloads, in SPARQL that every peer understands, and the runaways."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks import data

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PREFIXES = """PREFIX bn: <https://w3id.org/biennien/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX rico: <https://www.ica.org/standards/RiC/ontology#>
"""
_LISTING = """SELECT ?document ?label ?date WHERE {
  { SELECT ?document ?date WHERE {
      ?document a rico:Record ; rico:hasCreationDate ?when .
      ?when bn:earliest ?date .
    } ORDER BY DESC(?date) LIMIT 20 OFFSET %d }
  ?document rdfs:label ?label .
} ORDER BY DESC(?date)"""
_JOIN = """SELECT ?document ?label ?signer WHERE {
  ?agency rico:isOrWasSubordinateTo <%s> .
  ?document rico:hasAuthor ?agency ; rdfs:label ?label ; bn:signature ?signature .
  ?signature bn:signer ?signer .
} LIMIT %d"""
MANY = 100_000


@dataclass(frozen=True, slots=True)
class Workload:
    """One kind of question.

    `texts` gives them without end, in the same order in every run, never one twice. `slow_most`
    is how many a peer gets that is too slow for a round.
    """

    name: str
    title: str
    connections: int
    texts: Callable[[int], Iterator[str]]
    slow_most: int
    aim: float  # of the Oxigraph server's throughput


def _point(documents: int) -> Iterator[str]:
    order = list(range(documents))
    random.Random(7).shuffle(order)
    for turn, number in enumerate(itertools.cycle(order)):
        iri = data.document(number)
        yield f"SELECT ?p ?o WHERE {{ <{iri}> ?p ?o }} LIMIT {1000 + turn}"


def _listing(_documents: int) -> Iterator[str]:
    return (PREFIXES + _LISTING % (20 * page) for page in itertools.count())


def _join(_documents: int) -> Iterator[str]:
    return (
        PREFIXES + _JOIN % (data.province(turn % data.PROVINCES), MANY + turn)
        for turn in itertools.count()
    )


def _rows(_documents: int) -> Iterator[str]:
    text = "SELECT ?s ?p ?o WHERE { ?s ?p ?o } OFFSET %d LIMIT %d"
    return (text % (turn, MANY) for turn in itertools.count())


WORKLOADS = (
    Workload("point", "point query, 16 connections", 16, _point, 160, 0.3),
    Workload("point-alone", "point query, 1 connection", 1, _point, 60, 0.3),
    Workload("listing", "20 newest documents with labels", 2, _listing, 2, 0.9),
    Workload("join", "documents under an agency with signers", 2, _join, 2, 0.9),
    Workload("rows", "100,000 rows", 1, _rows, 1, 0.9),
)

RUNAWAYS = {
    "cross product": "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "order by": "SELECT * WHERE { ?a ?b ?c . ?a ?e ?f . ?a ?h ?i } ORDER BY ?f ?i ?c ?a",
    "property path": "SELECT (COUNT(*) AS ?n) WHERE { ?a (<urn:x>|!<urn:x>)* ?b }",
    "group_concat": (
        "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?c), STR(?f)); separator=' ') AS ?all) "
        "WHERE { ?a ?b ?c . ?d ?e ?f }"
    ),
}
