# SPDX-License-Identifier: Apache-2.0
"""Write `graph/biennien_graph/terms.py` from the ontology, so that mypy knows every term.

`python tools/generate_terms.py` writes it; with `--check` it only says whether it is current.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

import rdflib

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "graph" / "biennien_graph" / "terms.py"
NAMESPACE = "https://w3id.org/biennien/"
CLASSES = {  # the prefix of a vocabulary, and the class of constants made from its terms
    "bn": "BN",
    "dcterms": "DCTERMS",
    "eli": "ELI",
    "foaf": "FOAF",
    "oa": "OA",
    "owl": "OWL",
    "rdf": "RDF",
    "rdfs": "RDFS",
    "rico": "RICO",
    "schema": "SCHEMA",
    "sh": "SH",
    "skos": "SKOS",
    "void": "VOID",
    "xsd": "XSD",
}
PREFIXES = {
    "agency": f"{NAMESPACE}id/agency/",
    "bn": f"{NAMESPACE}ontology#",
    "claim": f"{NAMESPACE}claim/",
    "dcterms": "http://purl.org/dc/terms/",
    "doc": f"{NAMESPACE}id/document/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "event": f"{NAMESPACE}id/event/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "graph": f"{NAMESPACE}graph/",
    "oa": "http://www.w3.org/ns/oa#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "passage": f"{NAMESPACE}passage/",
    "person": f"{NAMESPACE}id/person/",
    "place": f"{NAMESPACE}id/place/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "rico": "https://www.ica.org/standards/RiC/ontology#",
    "schema": "https://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "source": f"{NAMESPACE}source/",
    "topic": f"{NAMESPACE}id/topic/",
    "v": f"{NAMESPACE}vocabulary/",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
# Terms of the languages themselves, which the ontology does not describe.
ALWAYS = {
    "rdf": ["type", "reifies", "subject", "predicate", "object"],
    "owl": [
        "equivalentClass", "equivalentProperty", "inverseOf", "SymmetricProperty",
        "TransitiveProperty",
    ],
    "rdfs": ["label", "subClassOf", "subPropertyOf"],
    "sh": [
        "construct", "datatype", "Info", "namespace", "path", "prefix", "Violation", "Warning",
        "focusNode", "message", "resultMessage", "resultPath", "resultSeverity",
        "sourceConstraintComponent", "sourceShape", "ValidationResult", "value",
    ],
    "xsd": ["boolean", "date", "dateTime", "decimal", "integer", "string"],
}  # fmt: skip


def terms() -> dict[str, set[str]]:
    """Local names by prefix: every term that the ontology gives a label."""
    graph = rdflib.Graph().parse(ROOT / "ontology" / "biennien.ttl")
    found: dict[str, set[str]] = defaultdict(set)
    for prefix, names in ALWAYS.items():
        found[prefix].update(names)
    for subject in graph.subjects(rdflib.RDFS.label):
        for prefix in CLASSES:
            local = str(subject).removeprefix(PREFIXES[prefix])
            if local != str(subject) and local.isidentifier():
                found[prefix].add(local)
    return found


def module() -> str:
    """The text of the module."""
    lines = [
        "# SPDX-License-Identifier: Apache-2.0",
        "# Made from ontology/biennien.ttl by tools/generate_terms.py. Edit those, not this.",
        '"""Names: every term of the ontology, and the prefixes that nobody needs to declare."""',
        "",
        "from typing import Final",
        "",
        f'NAMESPACE: Final = "{NAMESPACE}"',
        "",
        "PREFIXES: Final = {",
        *(f'    "{prefix}": "{iri}",' for prefix, iri in PREFIXES.items()),
        "}",
    ]
    for prefix, names in sorted(terms().items()):
        lines += ["", "", f"class {CLASSES[prefix]}:", f'    """{PREFIXES[prefix]}"""', ""]
        lines += [f'    {name}: Final = "{PREFIXES[prefix]}{name}"' for name in sorted(names)]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the module, or with `--check` compare it."""
    text = module()
    if "--check" not in sys.argv[1:]:
        TARGET.write_text(text, encoding="utf-8")
        return 0
    if TARGET.read_text(encoding="utf-8") == text:
        return 0
    sys.stderr.write("terms.py is not what the ontology says: run `make terms`.\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
