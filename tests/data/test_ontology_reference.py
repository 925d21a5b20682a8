# SPDX-License-Identifier: Apache-2.0
"""Standard terms are used as their own vocabularies have them.

`BIENNIEN_REFERENCE` names a folder with RiC-O 1.1 (`RiC-O_1-1.rdf`) and schema.org
(`schemaorg.ttl`). An undeclared class is no fault in RDF, so that only a comparison finds it.
"""

import os
import re
from collections import defaultdict
from pathlib import Path

import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, SKOS, XSD
from rdflib.collection import Collection

from biennien_graph import loading, resources
from biennien_graph.terms import PREFIXES

BN, RICO, SCHEMA = (rdflib.Namespace(PREFIXES[prefix]) for prefix in ("bn", "rico", "schema"))
ONTOLOGIES = [file for file in resources.entries() if resources.folder("ontology") in file.parents]
DATA = [file for file in resources.entries() if resources.folder("data") in file.parents]
# What an integer literal may stand for (XML Schema 1.1 part 2, 3.4).
INTEGERS = {XSD.decimal, XSD.integer, XSD.nonNegativeInteger, XSD.positiveInteger}
# Any literal: as RiC-O says it, and as schema.org does.
TEXTS = {RDFS.Literal, SCHEMA.Text}


@pytest.fixture(scope="module")
def reference() -> Path:
    folder = os.environ.get("BIENNIEN_REFERENCE", "")
    if not folder:
        pytest.skip("BIENNIEN_REFERENCE names no folder with RiC-O_1-1.rdf and schemaorg.ttl.")
    return Path(folder)


@pytest.fixture(scope="module")
def rico(reference) -> rdflib.Graph:
    return rdflib.Graph().parse(reference / "RiC-O_1-1.rdf")


@pytest.fixture(scope="module")
def schema(reference) -> rdflib.Graph:
    return rdflib.Graph().parse(reference / "schemaorg.ttl")


@pytest.fixture(scope="module")
def profile() -> rdflib.Graph:
    """The ontology, its vocabularies and alignments, as they are written."""
    graph = rdflib.Graph()
    for file in ONTOLOGIES:
        graph.parse(file)
    return graph


@pytest.fixture(scope="module")
def data() -> rdflib.Graph:
    """The authorities and records, as they are stored."""
    lines = [f"{triple} ." for entry in loading.read(DATA) for triple in entry.triples]
    return rdflib.Graph().parse(data="\n".join(lines), format="nt")


def terms_used(namespace: str, profile: rdflib.Graph, data: rdflib.Graph) -> set[str]:
    """In statements, in the text of rules and shapes, and in the JSON-LD context."""
    terms = {str(t) for graph in (profile, data) for triple in graph for t in triple}
    prefix = next(name for name, iri in PREFIXES.items() if iri == namespace)
    context = resources.folder("ontology") / "contexts" / "v1.jsonld"
    files = [*ONTOLOGIES, *resources.shapes(), context]
    for file in files:
        names = re.findall(rf"\b{prefix}:([A-Za-z_]\w*)", file.read_text(encoding="utf-8"))
        terms.update(namespace + name for name in names)
    return {term for term in terms if re.fullmatch(rf"{re.escape(namespace)}[A-Za-z_]\w*", term)}


def exists(term: str, vocabulary: rdflib.Graph) -> bool:
    node = rdflib.URIRef(term)
    obsolete = ((node, OWL.deprecated, None), (node, SCHEMA.supersededBy, None))
    return (node, RDF.type, None) in vocabulary and not any(o in vocabulary for o in obsolete)


def test_every_rico_term_in_use_is_a_term_of_rico(rico, profile, data):
    used = terms_used(str(RICO), profile, data)
    assert len(used) > 120
    assert {term for term in used if not exists(term, rico)} == set()


def test_every_schema_org_term_in_use_is_a_current_term_of_schema_org(schema, profile, data):
    used = terms_used(str(SCHEMA), profile, data)
    assert {str(SCHEMA.locationCreated), str(SCHEMA.sha256)} <= used
    assert {term for term in used if not exists(term, schema)} == set()


class Classes:
    """Which classes a node is in, with what all the graphs say of the classes' hierarchy."""

    def __init__(self, data: rdflib.Graph, *vocabularies: rdflib.Graph) -> None:
        self._types = defaultdict(set)
        for graph in (data, *vocabularies):
            for node, class_ in graph.subject_objects(RDF.type):
                self._types[node].add(class_)
        self._wider = rdflib.Graph()
        for graph in vocabularies:
            for axiom in graph.triples((None, RDFS.subClassOf, None)):
                self._wider.add(axiom)

    def of(self, node: rdflib.term.Node) -> set[rdflib.term.Node]:
        return {
            wider
            for class_ in self._types[node]
            for wider in self._wider.transitive_objects(class_, RDFS.subClassOf)
        }


def alternatives(vocabulary: rdflib.Graph, class_: rdflib.term.Node) -> set[rdflib.term.Node]:
    """The members of a union, or the class itself."""
    union = vocabulary.value(class_, OWL.unionOf)
    return {class_} if union is None else set(Collection(vocabulary, union))


def fits(value: rdflib.term.Node, wanted: set[rdflib.term.Node], classes: Classes) -> bool:
    if not isinstance(value, rdflib.Literal):
        return SCHEMA.URL in wanted or bool(classes.of(value) & wanted)
    datatypes = {RDF.langString} if value.language else {value.datatype or XSD.string}
    return bool(wanted & (TEXTS | datatypes | (INTEGERS if datatypes & INTEGERS else set())))


def misuses(data, vocabulary, classes, namespace):
    """The statements whose subject or value a property is not meant for, and how many it has."""
    statements = [statement for statement in data if statement[1].startswith(namespace)]
    faults = [
        (str(role).rpartition("#")[2], subject, predicate, value)
        for subject, predicate, value in statements
        for role, node in ((RDFS.domain, subject), (RDFS.range, value))
        for wanted in vocabulary.objects(predicate, role)
        if not fits(node, alternatives(vocabulary, wanted), classes)
    ]
    return faults, len(statements)


def test_every_statement_is_within_the_domain_and_range_that_rico_gives(rico, profile, data):
    faults, checked = misuses(data, rico, Classes(data, profile, rico), str(RICO))
    assert faults == []
    assert checked > 1300


def test_every_statement_with_a_term_of_our_own_is_within_its_domain_and_range(rico, profile, data):
    faults, checked = misuses(data, profile, Classes(data, profile, rico), str(BN))
    assert faults == []
    assert checked > 10_000


def test_a_statement_outside_domain_or_range_is_found(rico, profile):
    wrong = rdflib.Graph().parse(
        data="""@prefix rico: <https://www.ica.org/standards/RiC/ontology#> .
          <urn:plan> a rico:Record ; rico:issuedBy <urn:body> ; rico:hasAuthor <urn:hill> .
          <urn:body> a rico:CorporateBody ; rico:hasOrHadMember <urn:body> .
          <urn:hill> a rico:Place ; rico:title <urn:body> .""",
        format="turtle",
    )
    faults, checked = misuses(wrong, rico, Classes(wrong, profile, rico), str(RICO))
    assert checked == 4
    found = sorted((kind, str(property_).rpartition("#")[2]) for kind, _, property_, _ in faults)
    assert found == [
        ("domain", "issuedBy"),
        ("domain", "title"),
        ("range", "hasAuthor"),
        ("range", "hasOrHadMember"),
        ("range", "title"),
    ]


def test_every_statement_fits_what_schema_org_says_of_its_property(schema, profile, data):
    """schema.org asks for one of several classes; which ours are in, the alignment says."""
    classes = Classes(data, profile, schema)
    checked = 0
    for subject, predicate, value in data:
        if predicate.startswith(str(SCHEMA)):
            domains = set(schema.objects(predicate, SCHEMA.domainIncludes))
            assert fits(subject, domains, classes), (subject, predicate)
            ranges = set(schema.objects(predicate, SCHEMA.rangeIncludes))
            assert fits(value, ranges, classes), (subject, predicate, value)
            checked += 1
    assert checked >= 7


def is_rico(*nodes: rdflib.term.Node) -> bool:
    return all(isinstance(node, rdflib.URIRef) and node in RICO for node in nodes)


def follows(rico: rdflib.Graph, this, predicate, that) -> bool:
    if predicate == OWL.inverseOf:
        return (this, predicate, that) in rico or (that, predicate, this) in rico
    if predicate == RDF.type:
        return (this, predicate, that) in rico
    return that in set(rico.transitive_objects(this, predicate))


def test_what_the_profile_repeats_of_rico_is_what_rico_says(rico, profile):
    axioms = [
        axiom
        for predicate in (RDFS.subClassOf, RDFS.subPropertyOf, OWL.inverseOf)
        for axiom in profile.triples((None, predicate, None))
        if is_rico(axiom[0], axiom[2])
    ]
    kinds = {OWL.TransitiveProperty, OWL.SymmetricProperty, OWL.ObjectProperty}
    kinds |= {OWL.DatatypeProperty, OWL.Class}
    axioms += [
        axiom
        for kind in kinds
        for axiom in profile.triples((None, RDF.type, kind))
        if is_rico(axiom[0])
    ]
    assert [axiom for axiom in axioms if not follows(rico, *axiom)] == []
    assert len(axioms) > 200


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def runs(text: str, length: int) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[i : i + length]) for i in range(len(found) - length + 1)}


def test_definitions_are_in_words_of_our_own(rico, profile):
    """No seven words in a row are those of RiC-O."""
    theirs: set[tuple[str, ...]] = set()
    for predicate in (RDFS.comment, SKOS.scopeNote, SKOS.definition):
        theirs = theirs.union(*(runs(str(text), 7) for text in rico.objects(None, predicate)))
    assert len(theirs) > 5000
    for predicate in (SKOS.definition, SKOS.scopeNote):
        for term, text in profile.subject_objects(predicate):
            assert not runs(str(text), 7) & theirs, term
