# SPDX-License-Identifier: Apache-2.0
"""The alignments: true to the standards that they name, about what the profile has, and of use.

What follows is computed here in the plainest way, rule after rule until nothing is new.
"""

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import Quad, Store
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SH, SKOS
from rdflib.plugins.sparql import prepareQuery

from biennien_graph import loading, resources
from biennien_graph.terms import NAMESPACE, PREFIXES

ONTOLOGY = resources.folder("ontology")
ALIGNMENTS = ONTOLOGY / "alignments"
NAMES = ["rico", "schema", "org", "prov", "cidoc-crm", "eli"]
PROFILE = ONTOLOGY / "biennien.ttl"
VOCABULARIES = (ONTOLOGY / "vocabularies").glob("*.ttl")
DATA = [PROFILE, *VOCABULARIES, *resources.folder("data").rglob("*.ttl")]
RICO, SCHEMA = PREFIXES["rico"], PREFIXES["schema"]
KNOWN = PREFIXES | {
    "crm": "http://www.cidoc-crm.org/cidoc-crm/",
    "org": "http://www.w3.org/ns/org#",
    "prov": "http://www.w3.org/ns/prov#",
}
X, Y, Z = (rdflib.Variable(name) for name in "xyz")

# What the bundled records give no occasion for, by the reason why it is kept.
WAITING = {
    "every person in a body holds a post there": """
        hasOrHadMember>isOrWasMemberOf hasOrHadMember>P107_has_current_or_former_member
        isOrWasMemberOf>P107i_is_current_or_former_member_of MembershipRelation>Membership
        rico#member schema#member org#member org#membership""",
    "no agency succeeded another": """
        hasSuccessor>isSuccessorOf hasSuccessor>precedesInTime isSuccessorOf>followsInTime""",
    "no source orders three events in a row": """
        followsInTime>TransitiveProperty precedesInTime>TransitiveProperty""",
    "no part of a document has parts": "isConstituentOfTransitive>TransitiveProperty",
    "no end is known but that of an event": "hasEndDate>isAssociatedWithDate",
    "no document begins with “Căn cứ”": "based_on>wasInfluencedBy based_on>basis_for",
    "none is named": """
        schema#news-agency schema#report eli#decision-of-the-state eli#directive-of-the-state""",
    "the Party's documents here have forms that the State has too": "eli#party-document",
    "the anniversaries are still to come": "cidoc-crm#commemoration",
}


@dataclass(frozen=True)
class Rule:
    """If the body holds, the head does; both are triple patterns."""

    name: str
    body: tuple
    head: tuple

    @property
    def all(self):
        return (*self.body, *self.head)


def patterns(triples):
    return " . ".join(" ".join(term.n3() for term in triple) for triple in triples)


def local(term):
    return str(term).rpartition("/")[2].rpartition("#")[2]


@cache
def graph_of(file):
    return rdflib.Graph().parse(file)


def axioms(graph):
    """RDFS and OWL between named terms, each as the rules that it stands for."""
    for this, relation, that in graph:
        if isinstance(this, rdflib.URIRef) and isinstance(that, rdflib.URIRef):
            for body, head in meaning(this, relation, that):
                yield Rule(f"{local(this)}>{local(that)}", body, (head,))


def meaning(this, relation, that):
    if relation == RDFS.subClassOf:
        yield ((X, RDF.type, this),), (X, RDF.type, that)
    elif relation == RDFS.subPropertyOf:
        yield ((X, this, Y),), (X, that, Y)
    elif relation == OWL.inverseOf:
        yield ((X, this, Y),), (Y, that, X)
        yield ((X, that, Y),), (Y, this, X)
    elif (relation, that) == (RDF.type, OWL.SymmetricProperty):
        yield ((X, this, Y),), (Y, this, X)
    elif (relation, that) == (RDF.type, OWL.TransitiveProperty):
        yield ((X, this, Y), (Y, this, Z)), (X, this, Z)


def written(graph):
    """The rules in SPARQL, with the prefixes that they declare (SHACL, section 5.2.1)."""
    for rule, text in graph.subject_objects(SH.construct):
        declared = graph.objects(graph.value(rule, SH.prefixes), SH.declare)
        prefixes = {
            str(graph.value(node, SH.prefix)): str(graph.value(node, SH.namespace))
            for node in declared
        }
        query = prepareQuery(str(text), initNs=prefixes).algebra
        assert (query.name, query.p.p.name) == ("ConstructQuery", "BGP"), rule
        name = str(rule).rpartition("/")[2]
        yield Rule(name, tuple(query.p.p.triples), tuple(query.template))


@cache
def rules(name):
    graph = graph_of(ALIGNMENTS / f"{name}.ttl")
    return (*axioms(graph), *written(graph))


def every_rule():
    return [rule for name in NAMES for rule in rules(name)]


def terms(namespace):
    """The terms of a standard that the alignments use."""
    used = {str(term) for rule in every_rule() for triple in rule.all for term in triple}
    return {term for term in used if term.startswith(namespace)}


def vocabulary(triples):
    """The properties and the classes of some patterns."""
    return {p for _, p, _ in triples} | {o for _, p, o in triples if p == RDF.type}


def closed(store, rules):
    """A copy of the store, with all that follows."""
    result, size = Store(), -1
    result.extend(store)
    while size != len(result):
        size = len(result)
        for rule in rules:
            result.update(f"INSERT {{ {patterns(rule.head)} }} WHERE {{ {patterns(rule.body)} }}")
    return result


@pytest.fixture(scope="module")
def said():
    store = Store()
    for entry in loading.read(DATA):
        store.extend(Quad(*triple) for triple in entry.triples)
    return store


@pytest.fixture(scope="module")
def told(said):
    return closed(said, [*axioms(graph_of(PROFILE)), *every_rule()])


@pytest.fixture(scope="module")
def reference():
    folder = os.environ.get("BIENNIEN_REFERENCE", "")
    if not folder:
        pytest.skip("BIENNIEN_REFERENCE names no folder of vocabularies to compare with.")
    return Path(folder)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_one_entry_that_says_what_it_aligns_to(name):
    (entry,) = loading.read([ALIGNMENTS / f"{name}.ttl"])
    assert entry.graph == f"{NAMESPACE}graph/alignment/{name}"
    graph, node = graph_of(ALIGNMENTS / f"{name}.ttl"), rdflib.URIRef(entry.graph)
    assert {title.language for title in graph.objects(node, DCTERMS.title)} == {"vi", "en"}
    assert graph.value(node, DCTERMS.license)
    assert graph.value(node, DCTERMS.conformsTo)


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_is_named_in_both_languages_and_belongs_to_its_file(name):
    graph = graph_of(ALIGNMENTS / f"{name}.ttl")
    alignment = rdflib.URIRef(f"{NAMESPACE}alignment/{name}")
    for rule in graph.subjects(SH.construct):
        assert rule.startswith(f"{alignment}#")
        assert (rule, RDF.type, SH.SPARQLRule) in graph
        assert (rule, SH.prefixes, alignment) in graph
        assert {label.language for label in graph.objects(rule, RDFS.label)} == {"vi", "en"}


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_joins_few_patterns_and_makes_no_new_things(name):
    for rule in rules(name):
        assert len(rule.body) <= 8
        assert all(isinstance(p, rdflib.URIRef) for _, p, _ in rule.all), rule
        assert not any(isinstance(t, rdflib.BNode) for triple in rule.all for t in triple), rule
        made = {t for triple in rule.head for t in triple} - {t for b in rule.body for t in b}
        assert not any(isinstance(term, rdflib.Variable) for term in made), rule


def test_what_a_rule_asks_for_is_in_the_profile_or_concluded_by_another():
    profile = set(graph_of(PROFILE).subjects())
    concluded = {term for rule in every_rule() for term in vocabulary(rule.head)}
    assert {t for r in every_rule() for t in vocabulary(r.body)} - profile - concluded == set()


def test_a_kind_that_a_rule_asks_for_is_in_the_vocabularies(said):
    kinds = terms(PREFIXES["v"])
    assert len(kinds) > 20
    for kind in kinds:
        assert said.query(f"ASK {{ <{kind}> {SKOS.prefLabel.n3()} ?name }}"), kind


def test_every_rule_finds_something_or_has_a_reason_to_wait(told):
    waiting = {name for names in WAITING.values() for name in names.split()}
    for rule in every_rule():
        assert rule.name in waiting or told.query(f"ASK {{ {patterns(rule.body)} }}"), rule.name
    assert waiting <= {rule.name for rule in every_rule()}


def test_what_the_alignments_conclude_stays_well_below_what_is_said(said):
    more = len(closed(said, every_rule())) - len(said)
    assert len(said) / 10 < more < len(said) / 2


@pytest.mark.parametrize(
    "statement",
    [
        "place:quang-truong-7-5 rico:isContainedByTransitive place:dien-bien",
        "event:le-khai-mac-nhung-ngay-ha-noi-2024 schema:startDate '2024-08-09'^^xsd:date",
        "event:le-khai-mac-nhung-ngay-ha-noi-2024 schema:location place:quang-truong-7-5",
        "event:nhung-ngay-ha-noi-tai-dien-bien-2024 schema:organizer agency:thanh-uy-ha-noi",
        "agency:so-khcn-bac-giang a schema:GovernmentOrganization",
        "doc:hop-ban-chi-dao-dien-bien-2023 schema:datePublished '2023-10-31'^^xsd:date",
        "doc:ke-hoach-116-kh-tu-2024 schema:identifier '116-KH/TU'",
        "agency:van-phong-so-khcn-bac-giang org:subOrganizationOf agency:so-khcn-bac-giang",
        "agency:trung-tam-ung-dung-khcn-bac-giang org:reportsTo agency:so-khcn-bac-giang",
        "person:tran-quoc-cuong org:holds / org:postIn agency:tinh-uy-dien-bien",
        "doc:ke-hoach-so-khcn-bac-giang-2024 prov:wasAttributedTo agency:so-khcn-bac-giang",
        "person:trieu-ngoc-trung prov:actedOnBehalfOf <id/agency/so-khcn-bac-giang#giam-doc>",
        "?claim rdf:subject event:dien-bien-phu-1954 ; prov:wasDerivedFrom / prov:wasQuotedFrom ?t",
        "event:khang-chien-chong-phap crm:P4_has_time-span / crm:P82a_begin_of_the_begin ?day",
        "<id/event/khang-chien-chong-phap#date> crm:P82b_end_of_the_end '1954-12-31'^^xsd:date",
        "event:hop-ban-chi-dao-tw-2023-10-24 crm:P7_took_place_at place:ha-noi",
        "doc:cong-van-869-ubnd-kgvx-2024 eli:date_document '2024-02-25'^^xsd:date",
        "doc:cong-van-869-ubnd-kgvx-2024 eli:passed_by agency:ubnd-tinh-bac-giang",
    ],
)
def test_it_follows(told, statement):
    assert told.query(f"ASK {{ {statement} }}", prefixes=KNOWN, base_iri=NAMESPACE)


@pytest.mark.parametrize(
    "statement",
    [
        "place:quang-truong-7-5 rico:isOrWasContainedBy place:dien-bien",  # two steps
        "doc:ke-hoach-so-khcn-bac-giang-2024 schema:dateCreated ?day",  # some day of March
        "doc:ke-hoach-so-khcn-bac-giang-2024 schema:identifier ?text",  # left blank
        "event:ky-ket-hiep-dinh-gio-ne-vo schema:startDate ?day",  # some day of 1954
        "agency:tinh-uy-bac-giang a schema:GovernmentOrganization",  # of the Party
        "doc:ke-hoach-116-kh-tu-2024 a eli:LegalResource",  # of the Party
        "doc:hop-ban-chi-dao-dien-bien-2023 a eli:Work",  # a news item
        "agency:trung-tam-ung-dung-khcn-bac-giang org:subOrganizationOf ?body",  # subordinate only
        "event:le-khai-mac-nhung-ngay-ha-noi-2024 a crm:E5_Event",  # only planned
        "?term rdfs:isDefinedBy|skos:inScheme ?whole ; schema:name ?name",
    ],
)
def test_it_does_not_follow(told, statement):
    assert not told.query(f"ASK {{ {statement} }}", prefixes=KNOWN, base_iri=NAMESPACE)


def test_the_terms_of_rico_exist_and_its_axioms_are_its_own(reference):
    rico = graph_of(reference / "RiC-O_1-1.rdf")
    assert terms(RICO) - {str(term) for term in rico.subjects()} == set()
    for this, relation, that in graph_of(ALIGNMENTS / "rico.ttl"):
        if this.startswith(RICO):
            assert (this, relation, that) in rico or (that, relation, this) in rico, (this, that)


def test_the_terms_of_schema_org_exist_and_are_used_as_it_says(reference, told):
    schema = graph_of(reference / "schemaorg.ttl")
    assert terms(SCHEMA) - {str(term) for term in schema.subjects()} == set()
    for term in terms(SCHEMA):
        for end, allowed in (("?x", "domainIncludes"), ("?y", "rangeIncludes")):
            classes = schema.objects(rdflib.URIRef(term), rdflib.URIRef(SCHEMA + allowed))
            wide = {
                c for wider in classes for c in schema.transitive_subjects(RDFS.subClassOf, wider)
            }
            if wide and rdflib.URIRef(f"{SCHEMA}Thing") not in wide:
                assert unexpected(told, term, end, wide) == [], (term, allowed)


def unexpected(told, term, end, classes):
    """Things (`id/…`) at one end of a property that are of none of the classes."""
    of_one = f"VALUES ?c {{ {' '.join(c.n3() for c in classes)} }} {end} a ?c"
    query = f"SELECT {end} {{ ?x <{term}> ?y FILTER NOT EXISTS {{ {of_one} }} }}"
    return [row[0] for row in told.query(query) if f"<{NAMESPACE}id/" in str(row[0])]
