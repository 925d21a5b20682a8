# SPDX-License-Identifier: Apache-2.0
"""The tables of the catalogue, and which statements fill them."""

from __future__ import annotations

from typing import Final

from biennien_graph.terms import BN, DCTERMS, OA, OWL, RDF, RDFS, RICO, SKOS

TABLES: Final = """
CREATE TABLE IF NOT EXISTS node (id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS thing (
  id INTEGER PRIMARY KEY, iri TEXT NOT NULL, kind TEXT NOT NULL, class INTEGER NOT NULL,
  vi TEXT, en TEXT, sort TEXT NOT NULL, earliest INTEGER NOT NULL, latest INTEGER NOT NULL,
  of INTEGER
);
CREATE INDEX IF NOT EXISTS thing_label ON thing (kind, sort, iri, id);
CREATE INDEX IF NOT EXISTS thing_earliest ON thing (kind, earliest, iri, id);
CREATE INDEX IF NOT EXISTS thing_latest ON thing (kind, latest, iri, id);
CREATE INDEX IF NOT EXISTS thing_span ON thing (kind, earliest, latest, id);
CREATE INDEX IF NOT EXISTS thing_of ON thing (of) WHERE of IS NOT NULL;
CREATE TABLE IF NOT EXISTS name (
  thing INTEGER, folded TEXT, kind TEXT NOT NULL, PRIMARY KEY (thing, folded)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS name_kind ON name (kind, folded, thing);
CREATE TABLE IF NOT EXISTS dated (
  thing INTEGER, node TEXT, kind TEXT NOT NULL, role INTEGER NOT NULL,
  earliest INTEGER NOT NULL, latest INTEGER NOT NULL, edtf TEXT, words TEXT, place TEXT NOT NULL,
  PRIMARY KEY (thing, node)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS uses (
  owner INTEGER, thing INTEGER, PRIMARY KEY (owner, thing)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS uses_thing ON uses (thing);
CREATE INDEX IF NOT EXISTS dated_span ON dated (kind, earliest, latest, thing);
CREATE INDEX IF NOT EXISTS dated_place ON dated (kind, earliest, place);
CREATE TABLE IF NOT EXISTS said (id INTEGER PRIMARY KEY, triples BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS brief (
  node TEXT PRIMARY KEY, thing INTEGER NOT NULL, triples TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS brief_thing ON brief (thing);
CREATE TABLE IF NOT EXISTS fragment (
  thing INTEGER, node TEXT, PRIMARY KEY (thing, node)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS edge (
  subject INTEGER, predicate INTEGER, object INTEGER, PRIMARY KEY (subject, predicate, object)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS edge_object ON edge (object, predicate, subject);
CREATE TABLE IF NOT EXISTS above (
  child INTEGER, parent INTEGER, PRIMARY KEY (child, parent)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS facet (
  thing INTEGER, facet TEXT, value INTEGER, kind TEXT NOT NULL, PRIMARY KEY (thing, facet, value)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS posting (
  kind TEXT, facet TEXT, value INTEGER, size INTEGER NOT NULL, things BLOB NOT NULL,
  PRIMARY KEY (kind, facet, value)
);
CREATE INDEX IF NOT EXISTS posting_size ON posting (kind, facet, size DESC, value);
CREATE TABLE IF NOT EXISTS claim (
  id INTEGER PRIMARY KEY, iri TEXT NOT NULL, sort TEXT NOT NULL,
  subject INTEGER NOT NULL, about INTEGER NOT NULL, predicate INTEGER NOT NULL,
  object TEXT NOT NULL, leads INTEGER, modality INTEGER, certainty INTEGER
);
CREATE INDEX IF NOT EXISTS claim_sort ON claim (sort, iri);
CREATE INDEX IF NOT EXISTS claim_subject ON claim (subject, sort);
CREATE INDEX IF NOT EXISTS claim_statement ON claim (about, predicate, leads);
CREATE INDEX IF NOT EXISTS claim_predicate ON claim (predicate, sort, iri);
CREATE INDEX IF NOT EXISTS claim_object ON claim (object);
CREATE INDEX IF NOT EXISTS claim_leads ON claim (leads) WHERE leads IS NOT NULL;
CREATE INDEX IF NOT EXISTS claim_modality ON claim (modality, sort, iri);
CREATE INDEX IF NOT EXISTS claim_certainty ON claim (certainty, sort, iri);
CREATE TABLE IF NOT EXISTS citation (
  claim INTEGER, passage INTEGER, source INTEGER, PRIMARY KEY (claim, passage)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS citation_passage ON citation (passage, claim);
CREATE INDEX IF NOT EXISTS citation_source ON citation (source, claim);
"""
ALL: Final = (
    *("node", "thing", "name", "dated", "fragment", "edge", "above", "facet", "posting"),
    *("claim", "citation", "said", "brief", "uses"),
)

OPEN_START, OPEN_END = 0, 3_700_000  # days; 1 is 1 January of the year 1
UNDATED_EARLIEST, UNDATED_LATEST = 4_000_000, -1  # last in either order, and within nothing

# The most specific class first: it is the one that a list shows.
CLASSES: Final = {
    RICO.RecordSet: "documents",
    RICO.Record: "documents",
    RICO.CorporateBody: "agencies",
    RICO.Group: "agencies",
    RICO.Person: "people",
    RICO.Place: "places",
    RICO.Activity: "events",
    RICO.Event: "events",
    RICO.Instantiation: "sources",
    RICO.Thing: "topics",
    SKOS.Concept: "concepts",
}
LISTS: Final = ("documents", "agencies", "people", "places", "events")
TERMS: Final = frozenset({OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, RDF.Property})

# What is told of a thing where another one mentions it, and as which property.
BRIEF: Final = {
    RDF.type: RDF.type,
    RDFS.label: RDFS.label,
    SKOS.prefLabel: RDFS.label,
    DCTERMS.title: RDFS.label,
    RICO.expressedDate: RICO.expressedDate,
    RICO.normalizedDateValue: RICO.normalizedDateValue,
    BN.earliest: BN.earliest,
    BN.latest: BN.latest,
    BN.startTime: BN.startTime,
    BN.endTime: BN.endTime,
    RICO.isOrWasInstantiationOf: RICO.isOrWasInstantiationOf,
}
LABELS: Final = (RDFS.label, SKOS.prefLabel)
NAMES: Final = (*LABELS, SKOS.altLabel, RICO.title)
# What a thing's date is: the first of these that it has.
DATES: Final = {
    "documents": (RICO.hasCreationDate, RICO.hasPublicationDate),
    "events": (RICO.occurredAtDate,),
}
BEGINNING, END = RICO.hasBeginningDate, RICO.hasEndDate  # of agencies, people, places
DATE_LINKS: Final = frozenset(
    {*DATES["documents"], *DATES["events"], BEGINNING, END, RICO.isAssociatedWithDate}
    | {BN.attestedOn}
)
NO_EDGES: Final = frozenset({RDF.type, BN.evidence, OA.hasSource}) | DATE_LINKS

TYPES: Final = (
    RICO.hasDocumentaryFormType,
    RICO.hasOrHadAllMembersWithDocumentaryFormType,
    RICO.hasActivityType,
    RICO.hasEventType,
    RICO.hasOrHadCorporateBodyType,
    RICO.hasOrHadPlaceType,
    RICO.hasOrHadType,
)
SUBJECTS: Final = (RICO.hasOrHadSubject, RICO.hasOrHadMainSubject)
AUTHORS: Final = (RICO.hasAuthor, RICO.hasCreator, RICO.hasPublisher)
RECIPIENTS: Final = (RICO.hasAddressee, RICO.hasReceiver)

FACETS: Final = (
    *("type", "class", "agency", "author", "recipient", "person", "place", "topic"),
    *("source", "modality"),
)
CLOSED: Final = frozenset({"type", "place", "topic"})  # a value stands for all that is inside it
ABOVE: Final = (RICO.isOrWasContainedBy, SKOS.broader)
