# SPDX-License-Identifier: Apache-2.0
"""The dataset as catalogues read it: DCAT 3 by the application profile DCAT-AP 3.

What holds whatever the data are stands in dataset.ttl; dates, places and the position come from
the store.
"""

from __future__ import annotations

import functools
from importlib import resources
from typing import TYPE_CHECKING

from biennien_api.dataset.facts import labels
from biennien_graph.engine.rdf import Literal, NamedNode, RdfFormat, Triple, read_text
from biennien_graph.terms import BN, DCTERMS, NAMESPACE, RDF, RDFS, XSD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from biennien_api.dataset.facts import Facts
    from biennien_api.settings import Settings

DCAT = "http://www.w3.org/ns/dcat#"
_FOAF = "http://xmlns.com/foaf/0.1/"
_VCARD = "http://www.w3.org/2006/vcard/ns#"
_OWL = "http://www.w3.org/2002/07/owl#"
_DCT = "http://purl.org/dc/terms/"
_SERVICE = "service:"


def catalogue(facts: Facts, settings: Settings, base: str) -> Iterator[Triple]:
    """Catalogue, dataset, distributions and services; `base` is the address of this one."""
    for subject, predicate, value in _standing():
        yield Triple(_placed(subject, base), predicate, _placed(value, base))
    yield from _responsible(settings)
    yield from _state(facts)
    yield from _coverage(facts)


@functools.cache
def _standing() -> list[tuple[NamedNode, NamedNode, NamedNode | Literal]]:
    content = resources.files("biennien_api").joinpath("dataset.ttl").read_bytes()
    quads = read_text(content, RdfFormat.TURTLE, name="dataset.ttl")
    return [
        (quad.subject, quad.predicate, quad.object)
        for quad in quads
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal)
    ]


def _placed(term: NamedNode | Literal, base: str) -> NamedNode:
    """An address under that of the service, where a term stands for one."""
    if isinstance(term, NamedNode) and term.value.startswith(_SERVICE):
        return NamedNode(base + term.value.removeprefix(_SERVICE))
    return term  # type: ignore[return-value]


def _responsible(settings: Settings) -> Iterator[Triple]:
    """Who publishes, and where to write to, where that is set."""
    publisher = f"{NAMESPACE}#publisher"
    yield link(publisher, RDF.type, f"{_FOAF}Agent")
    yield say(publisher, f"{_FOAF}name", Literal(settings.publisher))
    if not settings.contact:
        return
    contact, mail = f"{NAMESPACE}#contact", "@" in settings.contact
    yield link(contact, RDF.type, f"{_VCARD}Organization")
    yield link(contact, RDF.type, f"{_VCARD}Kind")
    yield say(contact, f"{_VCARD}fn", Literal(settings.publisher))
    address = f"mailto:{settings.contact}" if mail else settings.contact
    yield link(contact, f"{_VCARD}{'hasEmail' if mail else 'hasURL'}", address)
    for offered in ("", "#sparql", "#rest", "#graph-store"):
        yield link(NAMESPACE + offered, f"{DCAT}contactPoint", contact)


def _state(facts: Facts) -> Iterator[Triple]:
    """Which state of the data is described."""
    position = str(facts.position)
    yield say(NAMESPACE, f"{_OWL}versionInfo", Literal(position))
    yield say(NAMESPACE, f"{DCAT}version", Literal(position))
    yield say(NAMESPACE, BN.journalPosition, Literal(facts.position))
    if digest := facts.value("dataset-state", "digest"):
        yield say(NAMESPACE, BN.journalDigest, Literal(digest))
    if modified := facts.value("dataset-state", "modified"):
        time = Literal(modified, datatype=NamedNode(XSD.dateTime))
        for described in (NAMESPACE, f"{NAMESPACE}#catalog"):
            yield say(described, DCTERMS.modified, time)


def _coverage(facts: Facts) -> Iterator[Triple]:
    """From when to when, and where."""
    first, last = (facts.value("dataset-dates", name) for name in ("first", "last"))
    if first and last:
        period = f"{NAMESPACE}#period"
        yield link(NAMESPACE, f"{_DCT}temporal", period)
        yield link(period, RDF.type, f"{_DCT}PeriodOfTime")
        for name, day in (("startDate", first), ("endDate", last)):
            yield say(period, f"{DCAT}{name}", Literal(day, datatype=NamedNode(XSD.date)))
    for row in facts.rows["dataset-places"]:
        place = row["place"]["value"]
        yield link(NAMESPACE, f"{_DCT}spatial", place)
        yield link(f"{NAMESPACE}#catalog", f"{_DCT}spatial", place)
        yield link(place, RDF.type, f"{_DCT}Location")
        for lang, label in labels(row).items():
            yield say(place, RDFS.label, Literal(label, language=lang))


def link(subject: str, predicate: str, value: str) -> Triple:
    """A statement that leads to another thing."""
    return Triple(NamedNode(subject), NamedNode(predicate), NamedNode(value))


def say(subject: str, predicate: str, value: Literal) -> Triple:
    """A statement with a value."""
    return Triple(NamedNode(subject), NamedNode(predicate), value)
