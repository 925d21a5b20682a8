# SPDX-License-Identifier: Apache-2.0
"""Tests of the service description. The suite names three and writes none of them down.

What the schema is comes from the SPARQL 1.1 Service Description: its classes, properties and
instances, and what its properties connect.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from .rdf import RDF, Graph

if TYPE_CHECKING:
    from .manifest import Case
    from .rdf import Term
    from .servers import Server

_SD = "http://www.w3.org/ns/sparql-service-description#"
_ACCEPT = "text/turtle, application/rdf+xml;q=0.9, application/n-triples;q=0.8"
_CLASSES = frozenset(
    ["Service", "Feature", "Language", "Function", "Aggregate", "EntailmentRegime",
     "EntailmentProfile", "GraphCollection", "Dataset", "Graph", "NamedGraph"]
)  # fmt: skip
_INSTANCES = {
    "Language": ("SPARQL10Query", "SPARQL11Query", "SPARQL11Update"),
    "Feature": ("DereferencesURIs", "UnionDefaultGraph", "RequiresDataset", "EmptyGraphs",
                "BasicFederatedQuery"),
}  # fmt: skip
# For each property, the class of its subjects and that of its values.
_PROPERTIES = {
    "endpoint": ("Service", "IRI"),
    "feature": ("Service", "Feature"),
    "defaultEntailmentRegime": ("Service", "IRI"),
    "defaultSupportedEntailmentProfile": ("Service", "IRI"),
    "entailmentRegime": ("NamedGraph", "IRI"),
    "supportedEntailmentProfile": ("NamedGraph", "IRI"),
    "extensionFunction": ("Service", "IRI"),
    "extensionAggregate": ("Service", "IRI"),
    "languageExtension": ("Service", "IRI"),
    "supportedLanguage": ("Service", "Language"),
    "propertyFeature": ("Service", "IRI"),
    "defaultDataset": ("Service", "Dataset"),
    "availableGraphs": ("Service", "GraphCollection"),
    "resultFormat": ("Service", "IRI"),
    "inputFormat": ("Service", "IRI"),
    "defaultGraph": ("Dataset", "Graph"),
    "namedGraph": ("GraphCollection", "NamedGraph"),
    "name": ("NamedGraph", "IRI"),
    "graph": ("NamedGraph", "Graph"),
}


def check_description(case: Case, server: Server) -> None:
    """Fetch the description, as each of the three does, and look at it."""
    graph = _description(server)
    services = graph.of_type(f"{_SD}Service")
    assert services, "there is no sd:Service"
    match case.name.partition("#")[2]:
        case "returns-rdf":
            assert graph.triples
        case "has-endpoint-triple":
            found = [str(iri) for one in services for iri in graph.values(one, f"{_SD}endpoint")]
            assert f"<{server.query}>" in found, f"sd:endpoint is {found}"
        case "conforms-to-schema":
            for triple in graph.triples:
                _check_triple(graph, triple)


def _description(server: Server) -> Graph:
    response = server.send("GET", server.query, {"Accept": _ACCEPT}, b"")
    assert response.status_code == 200, f"{response.status_code}: {response.text[:300]}"
    syntax = ox.RdfFormat.from_media_type(response.headers["content-type"])
    assert syntax is not None, f"{response.headers['content-type']} is not RDF"
    return Graph(list(ox.parse(response.content, syntax, base_iri=server.query)))


def _check_triple(graph: Graph, triple: ox.Triple) -> None:
    if triple.predicate.value == f"{RDF}type":
        name = str(triple.object).strip("<>")
        if name.startswith(_SD):
            assert name.removeprefix(_SD) in _CLASSES, f"there is no class {name}"
    elif triple.predicate.value.startswith(_SD):
        name = triple.predicate.value.removeprefix(_SD)
        assert name in _PROPERTIES, f"there is no property sd:{name}"
        domain, values = _PROPERTIES[name]
        assert _is(graph, triple.subject, domain), f"sd:{name}: its subject is no sd:{domain}"
        assert _is(graph, triple.object, values), f"sd:{name}: {triple.object} is no sd:{values}"


def _is(graph: Graph, term: Term, wanted: str) -> bool:
    """Whether a node is of a class, as far as the description says what it is."""
    if wanted == "IRI":
        return isinstance(term, ox.NamedNode)
    if isinstance(term, ox.NamedNode) and wanted in _INSTANCES:
        # Others may have languages and features of their own.
        name = term.value.removeprefix(_SD)
        return name == term.value or name in _INSTANCES[wanted]
    classes = {str(value).strip("<>") for value in graph.values(term, f"{RDF}type")}
    above = [wanted, *(["Dataset"] if wanted == "GraphCollection" else [])]
    return not isinstance(term, ox.Literal) and (
        not classes or any(f"{_SD}{name}" in classes for name in above)
    )
