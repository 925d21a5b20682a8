# SPDX-License-Identifier: Apache-2.0
"""The ontology describes every term that the data may use, and its examples hold in the data."""

import json
import re
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, SKOS

from biennien_graph import loading, resources
from biennien_graph.terms import NAMESPACE, PREFIXES

ONTOLOGY = rdflib.Graph().parse(resources.folder("ontology") / "biennien.ttl")
OWN = f"{NAMESPACE}ontology#"
# What the data are written in. The others in use have nothing to do with them: sh: is for shapes
# and reports, hydra: for the pages of a list, xsd: and the like for datatypes.
PREFIXES_OF_THE_DATA = (
    *("bn", "dcterms", "eli", "foaf", "oa", "owl"),
    *("rdf", "rdfs", "rico", "schema", "skos", "void"),
)
VOCABULARIES = tuple(PREFIXES[prefix] for prefix in PREFIXES_OF_THE_DATA)
DATATYPES = {str(RDF.langString)}
SYNTAX = {f"{RDF}{name}" for name in ("first", "rest", "nil", "List", "reifies")}
# Their values change whenever something is loaded, so that no example can hold.
CHANGING = {f"{OWN}journalPosition", f"{OWN}journalDigest", f"{PREFIXES['dcterms']}modified"}
PLACEHOLDER = "vi-du"


def described() -> list[str]:
    return sorted(str(term) for term in set(ONTOLOGY.subjects(RDFS.label)))


def short(term: str) -> str:
    for prefix, namespace in PREFIXES.items():
        term = term.replace(namespace, f"{prefix}:")
    return term


def is_term(iri: str) -> bool:
    return iri.startswith(VOCABULARIES) and iri not in DATATYPES | SYNTAX


def values(term: str, predicate: rdflib.URIRef) -> list[rdflib.Literal]:
    return list(ONTOLOGY.objects(rdflib.URIRef(term), predicate))


def in_the_data() -> set[str]:
    data = [file for file in resources.entries() if resources.folder("data") in file.parents]
    found = set()
    for entry in loading.read(data):
        for triple in entry.triples:
            found.add(triple.predicate.value)
            if triple.predicate.value == str(RDF.type):
                found.add(triple.object.value)
    return found


def in_the_shapes() -> set[str]:
    graph = rdflib.Graph()
    for file in resources.shapes():
        graph.parse(file)
    terms = {str(term) for triple in graph for term in triple if isinstance(term, rdflib.URIRef)}
    sparql = " ".join(str(term) for term in graph.objects() if isinstance(term, rdflib.Literal))
    return terms | {
        PREFIXES[prefix] + name
        for prefix, name in re.findall(r"\b([a-z]+):([A-Za-z_]\w*)", sparql)
        if prefix in PREFIXES
    }


def in_the_context() -> set[str]:
    # The other vocabularies in it are for data sets, lists and ontologies as well.
    file = resources.folder("ontology") / "contexts" / "v1.jsonld"
    context = json.loads(file.read_text(encoding="utf-8"))["@context"]
    names = [name.get("@id", "") if isinstance(name, dict) else name for name in context.values()]
    return {
        PREFIXES[prefix] + local
        for prefix, _, local in (str(name).partition(":") for name in names)
        if prefix in {"bn", "eli", "oa", "rico", "schema"}
    }


@pytest.mark.parametrize("used", [in_the_data, in_the_shapes, in_the_context])
def test_every_term_in_use_is_described(used):
    terms = {term for term in used() if is_term(term)}
    assert len(terms) > 80
    assert terms - set(described()) == set()


def test_the_ontology_has_some_240_terms_of_which_a_third_at_most_are_our_own():
    own = [term for term in described() if term.startswith(OWN)]
    assert len(described()) >= 240
    assert len(own) <= len(described()) / 3


@pytest.mark.parametrize("term", described(), ids=short)
def test_a_term_has_label_definition_and_usage_note_in_both_languages(term):
    for predicate in (RDFS.label, SKOS.definition, SKOS.scopeNote):
        assert sorted(str(text.language) for text in values(term, predicate)) == ["en", "vi"]
    assert values(term, SKOS.definition) != values(term, SKOS.scopeNote)


@pytest.mark.parametrize("term", described(), ids=short)
def test_a_term_names_the_vocabulary_that_defines_it(term):
    (vocabulary,) = values(term, RDFS.isDefinedBy)
    assert term.startswith(str(vocabulary).rstrip("#/"))


@pytest.mark.parametrize("term", [t for t in described() if t.startswith(OWN)], ids=short)
def test_a_term_of_our_own_says_why_no_standard_term_serves(term):
    (reason,) = values(term, SKOS.editorialNote)
    assert reason.language == "en"
    assert 20 < len(reason) < 200
    assert values(term, RDF.type)


def test_properties_say_how_to_read_them_backwards():
    inverse = rdflib.URIRef(f"{OWN}inverseLabel")
    for property_ in ONTOLOGY.subjects(RDF.type, OWL.ObjectProperty):
        languages = sorted(str(text.language) for text in ONTOLOGY.objects(property_, inverse))
        assert languages == ["en", "vi"], property_


@pytest.fixture(scope="module")
def published(biennien, data_folder) -> ox.Store:
    """All that the loaded service publishes: what is said, what follows, what is computed."""
    everything = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
    outcome = biennien("query", everything, "--data", data_folder, "--format", "nt")
    assert outcome.code == 0, outcome.err
    store = ox.Store()
    store.bulk_load(outcome.out.encode(), ox.RdfFormat.N_TRIPLES)
    return store


def mentioned(example: str) -> set[str]:
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    text = f"@base <{NAMESPACE}> .\n{prefixes}{example}"
    parsed = list(ox.parse(text, format=ox.RdfFormat.TURTLE))
    assert parsed, "an example states something"
    terms = {term for quad in parsed for term in (quad.subject, quad.predicate, quad.object)}
    return {term.value for term in terms if isinstance(term, ox.NamedNode)}


def asks(published: ox.Store, pattern: str) -> bool:
    found = published.query(f"ASK {{ {pattern} }}", prefixes=PREFIXES, base_iri=NAMESPACE)
    return bool(found)


@pytest.mark.parametrize("term", described(), ids=short)
def test_an_example_holds_in_the_published_data(published, term):
    """Turtle is SPARQL too: an example asked as a pattern is true where its statements stand.

    Where the records have no statement with the term yet, the example says so by its name.
    """
    (example,) = (str(value) for value in values(term, SKOS.example))
    assert term in mentioned(example)
    is_used = asks(published, f"{{ ?s <{term}> ?o }} UNION {{ ?s a <{term}> }}")
    is_used |= asks(published, f"?s ?p <{term}> FILTER(<{term}> IN (bn:blank, bn:complete))")
    if term in CHANGING:
        assert is_used
    elif is_used:
        assert PLACEHOLDER not in example, "the records use this now: take the example from them"
        assert asks(published, example), example
    else:
        assert PLACEHOLDER in example, "no record says this: name the example “vi-du”"


def test_the_ontology_is_one_entry_in_one_file():
    assert [file.name for file in Path(resources.folder("ontology")).glob("*.ttl")] == [
        "biennien.ttl"
    ]
