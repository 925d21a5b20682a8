# SPDX-License-Identifier: Apache-2.0
"""Prefixes that people know from elsewhere, and forget to declare. Those that are declared for
them already are in `terms.PREFIXES`.
"""

from __future__ import annotations

from difflib import get_close_matches

from biennien_graph.terms import PREFIXES

ELSEWHERE = {
    "aat": "http://vocab.getty.edu/aat/",
    "adms": "http://www.w3.org/ns/adms#",
    "as": "https://www.w3.org/ns/activitystreams#",
    "bf": "http://id.loc.gov/ontologies/bibframe/",
    "bibo": "http://purl.org/ontology/bibo/",
    "bio": "http://purl.org/vocab/bio/0.1/",
    "cc": "http://creativecommons.org/ns#",
    "crm": "http://www.cidoc-crm.org/cidoc-crm/",
    "dbo": "http://dbpedia.org/ontology/",
    "dbp": "http://dbpedia.org/property/",
    "dbr": "http://dbpedia.org/resource/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcmitype": "http://purl.org/dc/dcmitype/",
    "dct": "http://purl.org/dc/terms/",
    "edm": "http://www.europeana.eu/schemas/edm/",
    "fn": "http://www.w3.org/2005/xpath-functions#",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "geof": "http://www.opengis.net/def/function/geosparql/",
    "gn": "http://www.geonames.org/ontology#",
    "gvp": "http://vocab.getty.edu/ontology#",
    "locn": "http://www.w3.org/ns/locn#",
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "ore": "http://www.openarchives.org/ore/terms/",
    "org": "http://www.w3.org/ns/org#",
    "p": "http://www.wikidata.org/prop/",
    "pq": "http://www.wikidata.org/prop/qualifier/",
    "premis": "http://www.loc.gov/premis/rdf/v3/",
    "prov": "http://www.w3.org/ns/prov#",
    "ps": "http://www.wikidata.org/prop/statement/",
    "qb": "http://purl.org/linked-data/cube#",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "sdo": "https://schema.org/",
    "skosxl": "http://www.w3.org/2008/05/skos-xl#",
    "tgn": "http://vocab.getty.edu/tgn/",
    "time": "http://www.w3.org/2006/time#",
    "tree": "https://w3id.org/tree#",
    "ulan": "http://vocab.getty.edu/ulan/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "wd": "http://www.wikidata.org/entity/",
    "wdt": "http://www.wikidata.org/prop/direct/",
    "wgs": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "wikibase": "http://wikiba.se/ontology#",
    "xml": "http://www.w3.org/XML/1998/namespace",
}


def advice(prefix: str) -> str:
    """What to do about a prefix that is not declared."""
    if prefix in ELSEWHERE:
        return f"Declare it first: PREFIX {prefix}: <{ELSEWHERE[prefix]}>"
    for near in get_close_matches(prefix.lower(), PREFIXES, n=1, cutoff=0.65):
        return f"Did you mean {near}: <{PREFIXES[near]}>? That one is declared for you."
    for near in get_close_matches(prefix.lower(), ELSEWHERE, n=1, cutoff=0.8):
        return f"Did you mean {near}? Declare it first: PREFIX {near}: <{ELSEWHERE[near]}>"
    return f"Declare it first: PREFIX {prefix}: <…>"
