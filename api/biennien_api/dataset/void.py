# SPDX-License-Identifier: Apache-2.0
"""The dataset in numbers: VoID, counted over the default graph of queries."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from biennien_api.dataset.dcat import link, say
from biennien_api.dataset.facts import number
from biennien_graph.engine.rdf import Literal, NamedNode
from biennien_graph.terms import DCTERMS, NAMESPACE, RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from biennien_api.dataset.facts import Facts
    from biennien_graph.engine.rdf import Triple

VOID = "http://rdfs.org/ns/void#"
_SD = "http://www.w3.org/ns/sparql-service-description#"
_HERE = f"{NAMESPACE}.well-known/void#"  # names what has no other address
_DEFAULT = f"{NAMESPACE}graph/default"
_KINDS = (("class", "classes", "entities"), ("property", "properties", "triples"))


def numbers(facts: Facts) -> Iterator[Triple]:
    """Everything that is counted, and where things lie (VoID, sections 3 to 5)."""
    yield say(NAMESPACE, f"{VOID}uriSpace", Literal(NAMESPACE))
    yield link(NAMESPACE, f"{_SD}defaultGraph", _DEFAULT)
    yield link(_DEFAULT, RDF.type, f"{_SD}Graph")
    yield link(_DEFAULT, RDF.type, f"{VOID}Dataset")
    yield from _totals(facts)
    yield from _partitions(facts)
    yield from _vocabularies(facts)
    yield from _examples(facts)
    yield from _linksets(facts)
    yield from _graphs(facts)


def _totals(facts: Facts) -> Iterator[Triple]:
    triples = sum(facts.partition("property").values())
    counts = {
        "triples": triples,
        "distinctSubjects": int(facts.value("dataset-extent", "subjects") or 0),
        "distinctObjects": int(facts.value("dataset-extent", "objects") or 0),
        "classes": len(facts.partition("class")),
        "properties": len(facts.partition("property")),
    }
    for dataset, (name, count) in itertools.product((NAMESPACE, _DEFAULT), counts.items()):
        if count:
            yield _count(dataset, name, count)


def _partitions(facts: Facts) -> Iterator[Triple]:
    """Things by class and triples by property (section 4)."""
    for kind, _, counted in _KINDS:
        for iri, count in facts.partition(kind).items():
            node = f"{_HERE}{kind}-{_name(iri)}"
            yield link(NAMESPACE, f"{VOID}{kind}Partition", node)
            yield link(node, RDF.type, f"{VOID}Dataset")
            yield link(node, f"{VOID}{kind}", iri)
            yield _count(node, counted, count)


def _vocabularies(facts: Facts) -> Iterator[Triple]:
    """The namespaces of the classes and properties that occur (section 4.3)."""
    used = {*facts.partition("class"), *facts.partition("property")}
    for vocabulary in sorted({re.sub(r"[^/#]*$", "", iri) for iri in used}):
        yield link(NAMESPACE, f"{VOID}vocabulary", vocabulary)


def _examples(facts: Facts) -> Iterator[Triple]:
    for row in facts.rows["dataset-examples"]:
        yield link(NAMESPACE, f"{VOID}exampleResource", row["example"]["value"])


def _linksets(facts: Facts) -> Iterator[Triple]:
    """Links to other datasets, by property and by the host that they lead to (section 5)."""
    for row in facts.rows["dataset-links"]:
        predicate, elsewhere = row["link"]["value"], row["elsewhere"]["value"]
        node = f"{_HERE}links-{_name(predicate)}-{_name(elsewhere)}"
        other = f"{_HERE}dataset-{_name(elsewhere)}"
        yield link(NAMESPACE, f"{VOID}subset", node)
        yield link(node, RDF.type, f"{VOID}Linkset")
        yield link(node, f"{VOID}linkPredicate", predicate)
        yield link(node, f"{VOID}subjectsTarget", NAMESPACE)
        yield link(node, f"{VOID}objectsTarget", other)
        yield _count(node, "triples", number(row, "count"))
        yield link(other, RDF.type, f"{VOID}Dataset")
        yield say(other, f"{VOID}uriSpace", Literal(elsewhere))


def _graphs(facts: Facts) -> Iterator[Triple]:
    """The named graphs, where they are few enough to list (SPARQL 1.1 Service Description)."""
    for row in facts.graphs:
        name = row["graph"]["value"]
        node = f"{_HERE}graph-{_name(name)}"
        yield link(NAMESPACE, f"{_SD}namedGraph", node)
        yield link(node, RDF.type, f"{_SD}NamedGraph")
        yield link(node, f"{_SD}name", name)
        if "title" in row:
            title = row["title"]
            words = Literal(title["value"], language=title.get("xml:lang"))
            yield say(node, DCTERMS.title, words)


def _count(subject: str, name: str, count: int) -> Triple:
    return say(subject, f"{VOID}{name}", Literal(str(count), datatype=NamedNode(XSD.integer)))


def _name(iri: str) -> str:
    """A fragment that tells IRIs apart and can be read."""
    return "".join(sign if sign.isalnum() else "-" for sign in iri.partition("://")[2])
