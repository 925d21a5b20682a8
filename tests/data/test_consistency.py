# SPDX-License-Identifier: Apache-2.0
"""A reasoner finds no contradiction in the ontology, nor between it and the data.

Owlready2 (LGPL, for the tests only) brings HermiT, which needs Java. HermiT reads the ontology,
the vocabularies, the alignments and all entries, but neither claims nor passages: they repeat the
statements and the quotes, and take five times as long. It knows no xsd:date and no EDTF, so that
their ranges go unchecked here; the shapes check them.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
import rdflib
from rdflib import OWL, RDF

from biennien_graph import loading, resources
from biennien_graph.terms import BN, NAMESPACE, OA, PREFIXES

owlready2 = pytest.importorskip("owlready2", reason="Owlready2 is not installed.")
pytestmark = pytest.mark.skipif(
    shutil.which("java") is None, reason="HermiT needs Java, and there is no `java` command."
)

ONTOLOGIES = [file for file in resources.entries() if resources.folder("ontology") in file.parents]
DATA = [file for file in resources.entries() if resources.folder("data") in file.parents]
# In RiC-O the source of this relation is a record, and by the property chain of
# rico:isEventAssociatedWith the source of any rico:EventRelation is an event. RiC-O, which keeps
# records and events not apart, does not mind.
IMPOSSIBLE = {"https://www.ica.org/standards/RiC/ontology#ActivityDocumentationRelation"}
PREAMBLE = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())


def without_claims(graph: rdflib.Graph) -> rdflib.Graph:
    nodes = set(graph.subjects(RDF.type, rdflib.URIRef(BN.Claim)))
    for passage in set(graph.subjects(RDF.type, rdflib.URIRef(BN.Passage))):
        nodes |= {passage, *graph.objects(passage, rdflib.URIRef(OA.hasSelector))}
    for node in nodes:
        graph.remove((node, None, None))
    return graph.remove((None, rdflib.URIRef(BN.evidence), None))


@pytest.fixture(scope="module")
def terms() -> rdflib.Graph:
    """The ontology, the vocabularies and the alignments."""
    graph = rdflib.Graph()
    for file in ONTOLOGIES:
        graph.parse(file)
    return graph


@pytest.fixture(scope="module")
def everything(terms) -> rdflib.Graph:
    """The same, with what the entries say."""
    lines = [f"{triple} ." for entry in loading.read(DATA) for triple in entry.triples]
    return without_claims(terms + rdflib.Graph().parse(data="\n".join(lines), format="nt"))


@pytest.fixture(autouse=True)
def temporary_files_go_into_the_folder_of_the_test(tmp_path, monkeypatch):
    """Owlready2 leaves its own behind where HermiT finds a contradiction."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def saved(graph: rdflib.Graph, folder: Path) -> Path:
    file = folder / "all.nt"
    graph.serialize(file, format="nt", encoding="utf-8")
    return file


def impossible_classes(graph: rdflib.Graph, folder: Path) -> list[str]:
    """The classes that can have no members; an error where the whole contradicts itself."""
    world = owlready2.World()
    try:
        world.get_ontology(saved(graph, folder).as_uri()).load()
        owlready2.sync_reasoner_hermit(world, debug=0, ignore_unsupported_datatypes=True)
        found = [c.iri for c in world.inconsistent_classes() if c is not owlready2.Nothing]
        assert len(list(world.classes())) > 40, "HermiT has read the ontology"
    finally:
        world.close()
    return found


def with_statements(graph: rdflib.Graph, turtle: str) -> rdflib.Graph:
    return graph + rdflib.Graph().parse(data=f"@base <{NAMESPACE}> .\n{PREAMBLE}{turtle}")


def test_ontology_and_data_are_consistent_and_every_class_can_have_members(everything, tmp_path):
    assert len(everything) > 9000
    assert impossible_classes(everything, tmp_path) == []


@pytest.mark.parametrize(
    "contradiction",
    [
        pytest.param("person:tran-quoc-cuong a rico:CorporateBody .", id="two classes"),
        pytest.param("place:doi-a1 bn:attestedOn place:ha-noi .", id="range"),
        pytest.param("person:tran-quoc-cuong bn:signature <id/x#y> .", id="domain"),
    ],
)
def test_a_contradiction_in_the_data_is_found(everything, tmp_path, contradiction):
    with pytest.raises(owlready2.OwlReadyInconsistentOntologyError):
        impossible_classes(with_statements(everything, contradiction), tmp_path)


def test_a_class_that_can_have_no_members_is_found(terms, tmp_path):
    both = with_statements(terms, "bn:Both a owl:Class ; rdfs:subClassOf rico:Place , rico:Event .")
    assert impossible_classes(both, tmp_path) == [f"{NAMESPACE}ontology#Both"]


def test_all_is_consistent_with_the_whole_of_rico(everything, tmp_path):
    """Domains, ranges, cardinalities and property chains of RiC-O 1.1 included.

    Classifying RiC-O's 485 properties takes HermiT many minutes, and Owlready2 always asks for
    it. So HermiT is asked here for consistency only, with a member given to every class: were a
    class impossible, its member would be a contradiction.
    """
    reference = os.environ.get("BIENNIEN_REFERENCE", "")
    if not reference:
        pytest.skip("BIENNIEN_REFERENCE names no folder with RiC-O_1-1.rdf.")
    graph = everything + rdflib.Graph().parse(Path(reference) / "RiC-O_1-1.rdf")
    graph.remove((None, OWL.imports, None))
    classes = {str(c) for c in graph.subjects(RDF.type, OWL.Class) if isinstance(c, rdflib.URIRef)}
    assert len(classes) > 110
    for number, class_ in enumerate(sorted(classes - IMPOSSIBLE)):
        graph.add((rdflib.URIRef(f"urn:member:{number}"), RDF.type, rdflib.URIRef(class_)))
    assert "is satisfiable" in hermit(saved(graph, tmp_path))


def hermit(file: Path) -> str:
    """What HermiT's own command says of the consistency of a file."""
    folder = Path(owlready2.__file__).parent / "hermit"
    command = ["java", "-Xmx2000M", "-cp", f"{folder}{os.pathsep}{folder / 'HermiT.jar'}"]
    command += ["org.semanticweb.HermiT.cli.CommandLine", "--ignoreUnsupportedDatatypes"]
    command += ["--consistency", file.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr
