# SPDX-License-Identifier: Apache-2.0
"""JSON-LD written from any graph says that graph, also where it is not as ours are."""

import json

import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyld import jsonld as pyld
from rdflib.compare import isomorphic

from biennien_graph import jsonld
from biennien_graph.terms import BN, ELI, RDF, RDFS, RICO, SKOS, XSD

DECIMAL = "http://www.w3.org/2001/XMLSchema#decimal"
NAMESPACE = "https://w3id.org/biennien/"
THING = f"{NAMESPACE}id/person/nguyen-thi-thu"
CONTEXT = json.loads(jsonld.document())["@context"]
SCHEMA_ORG = json.loads(jsonld.document("schema-v1"))["@context"]


def written(lines, iri=THING, **options):
    return json.loads(jsonld.described("\n".join(lines).encode() + b"\n", iri, CONTEXT, **options))


def read_back(document):
    lines = pyld.to_rdf(document, {"format": "application/n-quads"})
    return rdflib.Graph().parse(data=lines, format="nt")


def says_the_same(lines, **options):
    graph = rdflib.Graph().parse(data="\n".join(lines), format="nt")
    return isomorphic(read_back(written(lines, **options)), graph)


def line(predicate, value, subject=THING):
    return f"<{subject}> <{predicate}> {value} ."


NODES = [
    f"<{THING}>",
    f"<{THING}#date>",
    f"<{NAMESPACE}claim/1>",
    f"<{NAMESPACE}passage/s/1-2>",
    "<urn:x:other>",
    "_:b0",
    "_:b1",
]
PREDICATES = [
    RDFS.label, RDFS.subClassOf, RDF.type, RDF.subject, RDF.predicate, RDF.object, SKOS.altLabel,
    BN.evidence, BN.held, BN.minimum, BN.earliest, BN.modality, ELI.cites, RICO.hasAuthor,
    RICO.textualValue, RICO.note, RICO.isOrWasConstituentOf, RICO.normalizedDateValue,
    "http://purl.org/dc/terms/license", "https://schema.org/url", "urn:y:unknown",
    "https://example.org/ns#unknown",
]  # fmt: skip
LITERALS = [
    '"Thử"@vi', '"Thử"', '"a\\nb\\t\\"\\\\"', '""@en', f'"7"^^<{XSD.integer}>',
    f'"007"^^<{XSD.integer}>', f'"-3"^^<{XSD.integer}>', f'"2.50"^^<{DECIMAL}>',
    f'"90071992547409931"^^<{XSD.integer}>', f'"true"^^<{XSD.boolean}>', f'"1"^^<{XSD.boolean}>',
    f'"1954-05-07"^^<{XSD.date}>', '"1954-05-XX"^^<http://id.loc.gov/datatypes/edtf>',
    f'"x"^^<{XSD.integer}>', '"y"^^<urn:z:datatype>', '"@id"', '"held"', '"</script>"',
]  # fmt: skip
STATEMENTS = st.tuples(
    st.sampled_from(NODES), st.sampled_from(PREDICATES), st.sampled_from([*NODES, *LITERALS])
).filter(lambda s: s[2][0] != '"' or s[1] != RDF.type)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(STATEMENTS, max_size=14), st.booleans())
def test_any_graph_reads_back_as_it_was(statements, flat):
    lines = sorted({f"{s} <{p}> {o} ." for s, p, o in statements})
    assert says_the_same(lines, flat=flat)


def test_what_no_key_is_for_keeps_its_whole_value():
    document = written([line(BN.minimum, f'"2.5"^^<{DECIMAL}>')])
    assert document["minimum"] == {"type": DECIMAL, "@value": "2.5"}
    document = written([line("https://example.org/ns#unknown", '"x"@vi')])
    assert document["https://example.org/ns#unknown"] == {"@value": "x", "@language": "vi"}


def test_a_description_of_nothing_has_the_keys_of_its_frame():
    document = written([])
    assert list(document) == ["@context", "id", "label", "altLabel", "description", "posts",
                              "memberOf"]  # fmt: skip
    assert document["altLabel"] == {}
    assert document["posts"] == []


def test_things_of_a_list_come_in_its_order_each_with_its_frame():
    other = f"{NAMESPACE}id/place/ha-noi"
    lines = [
        line(RDFS.label, '"Thử"@vi'),
        line(RDFS.label, '"Hà Nội"@vi', other),
        line(RICO.isOrWasContainedBy, f"<{other}>", other),
    ]
    place, person = jsonld.framed("\n".join(lines).encode(), [other, THING])
    assert place["label"] == {"vi": "Hà Nội"}
    assert place["containedBy"] == [{"id": other, "label": {"vi": "Hà Nội"}}]
    assert person["label"] == {"vi": "Thử"}
    assert list(person)[-1] == "memberOf"


def test_a_thing_of_a_list_that_another_mentions_is_only_mentioned_there():
    inner, outer, outermost = (f"{NAMESPACE}id/place/{name}" for name in ("a", "b", "c"))
    lines = [
        line(RDFS.label, '"B"@vi', outer),
        line(RICO.isOrWasContainedBy, f"<{outer}>", inner),
        line(RICO.isOrWasContainedBy, f"<{outermost}>", outer),
    ]
    first, second = jsonld.framed("\n".join(lines).encode(), [inner, outer])
    assert first["containedBy"] == [{"id": outer, "label": {"vi": "B"}}]
    assert second["containedBy"] == [{"id": outermost}]


def test_a_long_chain_of_nodes_is_cut_and_still_whole():
    lines = [line(RICO.isRelatedTo, f"<{THING}#{n + 1}>", f"{THING}#{n}") for n in range(500)]
    assert says_the_same(lines, iri=f"{THING}#0")


def test_many_nodes_that_all_refer_to_each_other_stay_small():
    lines = [
        line(RICO.isRelatedTo, f"<{THING}#{b}>", f"{THING}#{a}")
        for a in range(30)
        for b in range(30)
    ]
    assert len(json.dumps(written(lines))) < 30 * len("\n".join(lines))
    assert says_the_same(lines)
