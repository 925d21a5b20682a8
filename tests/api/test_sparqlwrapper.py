# SPDX-License-Identifier: Apache-2.0
"""SPARQLWrapper at our endpoint: every form of query in every format, by every method."""

from urllib.error import HTTPError
from xml.dom.minidom import Document

import pytest
import rdflib
from SPARQLWrapper import (
    BASIC,
    GET,
    POST,
    POSTDIRECTLY,
    URLENCODED,
    SPARQLWrapper,
    SPARQLWrapper2,
)
from SPARQLWrapper.SPARQLExceptions import EndPointInternalError, QueryBadFormed, Unauthorized

RICO = rdflib.Namespace("https://www.ica.org/standards/RiC/ontology#")
DIEN_BIEN = rdflib.URIRef("https://w3id.org/biennien/id/place/dien-bien")
PLACES = f"""
PREFIX rico: <{RICO}>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?place ?label WHERE {{ ?place a rico:Place ; rdfs:label ?label }} ORDER BY ?label
"""
ASK = f"ASK {{ <{DIEN_BIEN}> a <{RICO.Place}> }}"
GRAPHS = {
    "CONSTRUCT": f"CONSTRUCT WHERE {{ <{DIEN_BIEN}> ?p ?o }}",
    "DESCRIBE": f"DESCRIBE <{DIEN_BIEN}>",
}
WAYS = {"GET": (GET, URLENCODED), "form": (POST, URLENCODED), "direct": (POST, POSTDIRECTLY)}

pytestmark = [  # its own
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated"),
    pytest.mark.filterwarnings("ignore:Sending Accept header"),
]


@pytest.fixture(params=WAYS)
def wrapper(service, request):
    """SPARQLWrapper, in each way to ask."""
    found = SPARQLWrapper(f"{service.url}sparql")
    method, encoding = WAYS[request.param]
    found.setMethod(method)
    found.setRequestMethod(encoding)
    return found


def converted(wrapper, query, format_):
    """The converted answer, with its connection closed."""
    wrapper.setQuery(query)
    wrapper.setReturnFormat(format_)
    try:
        answer = wrapper.query()
    except HTTPError as refused:
        refused.close()
        raise
    try:
        return answer.convert()
    finally:
        answer.response.close()


@pytest.mark.parametrize("format_", ["json", "xml", "csv", "tsv"])
def test_solutions_come_in_every_format(wrapper, format_):
    found = converted(wrapper, PLACES, format_)
    if format_ == "json":
        assert str(DIEN_BIEN) in {row["place"]["value"] for row in found["results"]["bindings"]}
    elif format_ == "xml":
        assert isinstance(found, Document)
        assert str(DIEN_BIEN) in found.toxml()
    else:
        mark = "," if format_ == "csv" else "\t"
        names = ["place", "label"] if format_ == "csv" else ["?place", "?label"]
        lines = found.decode().splitlines()
        assert lines[0].split(mark) == names
        assert any(str(DIEN_BIEN) in line for line in lines)


@pytest.mark.parametrize("format_", ["json", "xml"])
def test_a_yes_or_no_comes_in_both_formats(wrapper, format_):
    found = converted(wrapper, ASK, format_)
    if format_ == "json":
        assert found["boolean"] is True
    else:
        assert found.getElementsByTagName("boolean")[0].firstChild.data == "true"


@pytest.mark.parametrize("form", GRAPHS)
@pytest.mark.parametrize("format_", ["xml", "rdf", "rdf+xml", "turtle", "n3", "json-ld"])
def test_graphs_come_in_every_format(wrapper, form, format_):
    found = converted(wrapper, GRAPHS[form], format_)
    if isinstance(found, bytes):
        found = rdflib.Graph().parse(data=found, format="turtle")
    assert (DIEN_BIEN, rdflib.RDF.type, RICO.Place) in found


def test_content_negotiation_alone_is_enough(wrapper):
    wrapper.setOnlyConneg(True)
    assert converted(wrapper, ASK, "json")["boolean"] is True


def test_parameters_go_along(wrapper):
    wrapper.addParameter("timeout", "5")
    assert converted(wrapper, ASK, "json")["boolean"] is True
    assert wrapper.clearParameter("timeout")
    wrapper.addParameter("timeout", "soon")
    with pytest.raises(QueryBadFormed, match="timeout"):
        converted(wrapper, ASK, "json")


def test_graphs_of_the_data_set_are_named(wrapper):
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    wrapper.addDefaultGraph("https://w3id.org/biennien/graph/authority/places")
    (some,) = converted(wrapper, count, "json")["results"]["bindings"]
    wrapper.resetQuery()
    wrapper.setMethod(GET)
    wrapper.setRequestMethod(URLENCODED)
    (everything,) = converted(wrapper, count, "json")["results"]["bindings"]
    assert 0 < int(some["n"]["value"]) < int(everything["n"]["value"])
    wrapper.addNamedGraph("https://w3id.org/biennien/graph/authority/places")
    named = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"
    (only,) = converted(wrapper, named, "json")["results"]["bindings"]
    assert only["g"]["value"].endswith("/authority/places")


@pytest.mark.filterwarnings("ignore:keepalive support not available")
def test_it_keeps_its_connection_and_its_patience(wrapper):
    wrapper.setUseKeepAlive()  # where the package keepalive is there
    wrapper.setTimeout(30)
    for _ in range(2):
        assert converted(wrapper, ASK, "json")["boolean"] is True


def test_query_and_convert_is_one_step(wrapper):
    wrapper.setQuery(ASK)
    wrapper.setReturnFormat("json")
    assert wrapper.queryAndConvert()["boolean"] is True


def test_a_result_tells_its_address_and_headers(wrapper):
    wrapper.setQuery(ASK)
    wrapper.setReturnFormat("json")
    answer = wrapper.query()
    with answer.response:
        assert "/sparql" in answer.geturl()
        assert answer.info()["content-type"] == "application/sparql-results+json"
        assert b"true" in next(iter(answer))


def test_a_syntax_error_says_where(wrapper):
    wrapper.setQuery("SELECT * { ?s ?p }")
    with pytest.raises(QueryBadFormed, match="column 18"):
        wrapper.query()


def test_what_takes_too_long_is_an_error(wrapper):
    wrapper.addParameter("timeout", "0.2")
    with pytest.raises((EndPointInternalError, HTTPError)) as stopped:
        converted(wrapper, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }", "json")
    assert "504" in str(stopped.value) or "500" in str(stopped.value)


def test_the_second_wrapper_reads_bindings(service):
    wrapper = SPARQLWrapper2(f"{service.url}sparql")
    wrapper.setQuery(PLACES)
    found = wrapper.query()
    assert found.variables == ["place", "label"]
    assert str(DIEN_BIEN) in {row["place"].value for row in found.bindings}
    assert ("place", "label") in found
    assert {value.lang for value in found.getValues("label")} == {"vi", "en"}


# Writing


@pytest.fixture
def writer(plain):
    found = SPARQLWrapper(f"{plain.service.url}sparql", f"{plain.service.url}sparql/update")
    found.setMethod(POST)
    return found


@pytest.mark.parametrize("encoding", [URLENCODED, POSTDIRECTLY])
def test_an_update_goes_with_a_token_in_a_header(plain, writer, encoding):
    writer.setRequestMethod(encoding)
    writer.addCustomHttpHeader("Authorization", plain.client.headers["Authorization"])
    change(writer, "INSERT DATA { <urn:wrapper> <urn:p> 'đã ghi' }")
    assert plain.ask("<urn:wrapper> <urn:p> 'đã ghi'")
    change(writer, "DELETE WHERE { <urn:wrapper> ?p ?o }")
    assert not plain.ask("<urn:wrapper> ?p ?o")


def test_an_update_goes_with_a_token_as_the_password(plain, writer):
    writer.setHTTPAuth(BASIC)
    writer.setCredentials("anyone", plain.client.headers["Authorization"].partition(" ")[2])
    change(writer, "INSERT DATA { <urn:basic> <urn:p> 1 }")
    assert plain.ask("<urn:basic> <urn:p> 1")


@pytest.mark.parametrize("password", ["", "bn_00000000_nothing"])
def test_an_update_without_a_token_is_refused(plain, writer, password):
    writer.setHTTPAuth(BASIC)
    writer.setCredentials("anyone", password)
    with pytest.raises(Unauthorized):
        change(writer, "INSERT DATA { <urn:nobody> <urn:p> 1 }")
    assert not plain.ask("<urn:nobody> ?p ?o")


def change(writer, text):
    writer.setQuery(text)
    assert writer.isSparqlUpdateRequest()
    with writer.query().response as response:
        assert response.status == 200
