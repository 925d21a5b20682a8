# SPDX-License-Identifier: Apache-2.0
"""The vocabularies: every concept has its names and definition, its place, and a way to be found.

French is there where a historian of the colonial and wartime period would look for it: forms of
documents, kinds of place, of event and of agency, and the formulas of signing.
"""

from collections import Counter

import pytest
import rdflib
from rdflib import RDF, SKOS

from biennien_graph import resources
from biennien_graph.terms import NAMESPACE

FILES = sorted((resources.folder("ontology") / "vocabularies").glob("*.ttl"))
BASE = f"{NAMESPACE}vocabulary/"
# How many concepts each has, and how many of them in French.
SIZES = {
    "agency-kind": (84, 83),
    "certainty": (2, 0),
    "documentary-form": (82, 82),
    "event-kind": (49, 49),
    "extent-kind": (21, 21),
    "modality": (4, 0),
    "place-kind": (43, 43),
    "signing-authority": (5, 5),
    "unit": (20, 20),
}


def concepts(graph: rdflib.Graph) -> list[rdflib.URIRef]:
    return sorted(graph.subjects(RDF.type, SKOS.Concept))


def languages(graph: rdflib.Graph, concept: rdflib.URIRef, predicate: rdflib.URIRef) -> list[str]:
    return sorted(text.language for text in graph.objects(concept, predicate))


@pytest.fixture(scope="module")
def everything() -> rdflib.Graph:
    graph = rdflib.Graph()
    for file in FILES:
        graph.parse(file)
    return graph


@pytest.fixture(params=FILES, ids=lambda file: file.stem)
def vocabulary(request) -> tuple[str, rdflib.Graph]:
    return request.param.stem, rdflib.Graph().parse(request.param)


def test_concepts_and_their_french_labels_are_counted(vocabulary):
    name, graph = vocabulary
    found = Counter(
        language for c in concepts(graph) for language in languages(graph, c, SKOS.prefLabel)
    )
    assert (found["vi"], found["fr"]) == SIZES[name]
    assert found["en"] == found["vi"] == len(concepts(graph))


def test_every_concept_has_labels_and_a_definition_in_both_languages(vocabulary):
    _, graph = vocabulary
    for concept in concepts(graph):
        assert [lang for lang in languages(graph, concept, SKOS.prefLabel) if lang != "fr"] == [
            "en",
            "vi",
        ], concept
        assert languages(graph, concept, SKOS.definition) == ["en", "vi"], concept


def test_every_concept_is_in_its_scheme_at_the_top_or_below_a_concept(vocabulary):
    name, graph = vocabulary
    scheme = rdflib.URIRef(BASE + name)
    assert (scheme, RDF.type, SKOS.ConceptScheme) in graph
    for concept in concepts(graph):
        assert list(graph.objects(concept, SKOS.inScheme)) == [scheme]
        wider = set(graph.objects(concept, SKOS.broader))
        is_top = (concept, SKOS.topConceptOf, scheme) in graph
        assert is_top == (not wider), concept
        assert wider <= set(concepts(graph)), concept
        assert concept not in {w for b in wider for w in graph.transitive_objects(b, SKOS.broader)}


def test_no_two_concepts_of_a_vocabulary_have_the_same_name(vocabulary):
    _, graph = vocabulary
    for language in ("vi", "en", "fr"):
        names = Counter(
            str(label).lower()
            for concept in concepts(graph)
            for label in graph.objects(concept, SKOS.prefLabel)
            if label.language == language
        )
        assert [name for name, count in names.items() if count > 1] == []


def narrower(graph: rdflib.Graph, name: str) -> set[str]:
    concept = rdflib.URIRef(f"{BASE}agency-kind/{name}")
    return {
        str(found).rpartition("/")[2]
        for found in graph.transitive_subjects(SKOS.broader, concept)
        if found != concept
    }


def test_a_kind_of_agency_tells_its_branch_and_its_level(everything):
    levels = ["central-level", "provincial-level", "district-level", "commune-level"]
    assert {*levels} <= narrower(everything, "level")
    for branch in ("party", "state", "fatherland-front"):
        for level in levels:
            assert narrower(everything, branch) & narrower(everything, level), (branch, level)
    for branch in ("front-and-mass-organisations", "media", "forces", "coordination"):
        assert narrower(everything, branch) - narrower(everything, "level")


def test_no_kind_of_agency_is_of_two_levels(everything):
    levels = ["central-level", "provincial-level", "district-level", "commune-level"]
    found = Counter(kind for level in levels for kind in narrower(everything, level))
    assert max(found.values()) == 1


@pytest.mark.parametrize(
    ("scheme", "french"),
    [
        ("documentary-form", "Arrêté"),
        ("documentary-form", "Rapport politique"),
        ("documentary-form", "Ordre d’opérations"),
        ("documentary-form", "Journal des marches et opérations"),
        ("documentary-form", "Bulletin de renseignements"),
        ("place-kind", "Camp retranché"),
        ("place-kind", "Point d’appui"),
        ("place-kind", "Territoire militaire"),
        ("event-kind", "Siège"),
        ("event-kind", "Cessez-le-feu"),
        ("agency-kind", "Résidence supérieure"),
        ("agency-kind", "Corps expéditionnaire"),
        ("signing-authority", "Pour le directeur"),
        ("signing-authority", "Par ordre"),
        ("signing-authority", "Par délégation"),
        ("signing-authority", "Par intérim"),
    ],
)
def test_a_historian_finds_the_concept_by_its_french_name(everything, scheme, french):
    (concept,) = everything.subjects(SKOS.prefLabel, rdflib.Literal(french, lang="fr"))
    assert str(concept).startswith(f"{BASE}{scheme}/")
