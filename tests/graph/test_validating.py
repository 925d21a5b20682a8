# SPDX-License-Identifier: Apache-2.0
"""A report leads to the line that somebody wrote, in whatever syntax, and says how to mend it."""

import json
from io import BytesIO

import pyoxigraph as ox
import pytest

from biennien_graph import resources
from biennien_graph.evidence import SourceText
from biennien_graph.reports import MOST
from biennien_graph.reports.expectations import expected
from biennien_graph.reports.grouping import grouped_by_thing
from biennien_graph.reports.shacl import as_shacl
from biennien_graph.reports.text import as_text
from biennien_graph.terms import NAMESPACE, PREFIXES
from biennien_graph.validating import Sent, validate

TEXT = "Đồng chí Nguyễn Thị Thử dự họp. Đồng chí Nguyễn Thị Thử phát biểu."
TEXTS = {f"{NAMESPACE}source/note": SourceText(TEXT, "0" * 64)}
HEAD = [f"@prefix {name}: <{iri}> ." for name, iri in PREFIXES.items()]
ENTRY = [
    "@base <https://w3id.org/biennien/> .",
    "<graph/authority/thu> a bn:Entry ;",
    '  dcterms:title "Thử"@vi , "Test"@en ;',
    "  dcterms:license <https://creativecommons.org/licenses/by/4.0/> .",
    f'source:note schema:sha256 "{"0" * 64}" .',
    "person:nguyen-thi-thu a rico:Person ;",
    '  rdfs:label "Nguyễn Thị Thử"@vi , "Nguyễn Thị Thử"@en ;',
    '  bn:evidence [ oa:hasSource source:note ; oa:exact "Nguyễn Thị Thử" ; oa:start 9 ] .',
]
EVIDENCE = '{| bn:evidence [ oa:hasSource source:note ; oa:exact "dự họp" ; oa:start 24 ] |}'
START = len(HEAD) + len(ENTRY) + 1  # the line of what is appended


def turtle(*more):
    return "\n".join([*HEAD, *ENTRY, *more]) + "\n"


def report_on(*contents, language="en", published=None, **about):
    sent = [
        Sent(f"{number}.ttl", content if isinstance(content, bytes) else content.encode(), **about)
        for number, content in enumerate(contents, 1)
    ]
    return validate(sent, published, TEXTS, language=language)


def at(report, shape):
    return [(f.file, f.line) for f in report.findings if f.sourceShape.endswith(shape)]


def test_an_entry_that_is_fine_conforms():
    report = report_on(turtle())
    assert report.conforms
    assert [f.severity for f in report.findings] == ["Warning"]  # its source is not declared
    assert (report.quotes, report.quotes_compared) == (1, 1)
    (file,) = report.files
    assert (file.syntax, file.entries[0]["statements"]) == ("Turtle", 2)


# One broken entry for each check, and the line


@pytest.mark.parametrize(
    ("lines", "shape", "line"),
    [
        (["person:b a rico:Person ;", f'  rdfs:label "B" {EVIDENCE} .'], "label#language", 1),
        (["person:b a rico:Person ;", '  rdfs:label "B"@vi .'], "statement#evidence", 1),
        (["person:b", f"  rico:hasAuthro person:c {EVIDENCE} ."], "term#known", 1),
        (["person:b", f'  skos:prefLabell "B"@vi {EVIDENCE} .'], "term#near", 1),
        (
            ["person:b a rico:Person .", "doc:c a rico:Record .", "person:b",
             f"  rico:hasAuthor doc:c {EVIDENCE} ."],
            "statement#direction",
            3,
        ),
        (
            ["person:thu a rico:Person ;", f'  rdfs:label "NGUYỄN THỊ THỬ"@vi {EVIDENCE} .'],
            "thing#likely-duplicate",
            1,
        ),
        (["topic:b", f'  skos:altLabel "B" {EVIDENCE} .'], "label#says-its-language", 1),
        (
            ["person:b", '  skos:altLabel "B"@vi {| bn:evidence [ oa:hasSource source:note ;',
             '    oa:exact "dự họp" ; oa:start 25 ] |} .'],
            "passage#stands",
            2,
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_each_check_names_the_line(lines, shape, line):
    report = report_on(turtle(*lines))
    assert ("1.ttl", START + line) in at(report, shape), [
        (f.sourceShape, f.line) for f in report.findings
    ]


def test_the_same_quote_at_two_places_is_told_where_the_wrong_one_stands():
    report = report_on(
        turtle(
            'person:b skos:altLabel "B"@vi {| bn:evidence [ oa:hasSource source:note ;',
            '  oa:exact "Nguyễn Thị Thử" ; oa:start 41 ] |} ;',
            '  skos:altLabel "C"@vi {| bn:evidence [ oa:hasSource source:note ;',
            '  oa:exact "Nguyễn Thị Thử" ; oa:start 40 ] |} .',
        )
    )
    assert at(report, "passage#stands") == [("1.ttl", START + 3)]


def test_what_is_wrong_with_a_claim_leads_to_its_statement():
    report = report_on(
        turtle(
            "person:b",
            '  skos:altLabel "B"@vi {| bn:evidence [ oa:hasSource source:note ;',
            '    oa:exact "dự họp" ; oa:start 24 ] ; bn:certainty person:b |} .',
        )
    )
    claims = [f for f in report.findings if "/claim/" in f.focusNode]
    assert claims
    assert {f.line for f in claims} == {START + 1}
    assert all(f.focusLabel.startswith("claim “") for f in claims)


def test_a_blank_node_leads_to_the_statement_that_has_it():
    report = report_on(
        turtle(
            "person:b a rico:Person ;", f"  rico:isAssociatedWithDate [ a rico:Date ] {EVIDENCE} ."
        )
    )
    dates = [f for f in report.findings if "/genid/" in f.focusNode]
    assert dates
    assert {f.line for f in dates} == {START + 1}


# Words


@pytest.mark.parametrize("language", ["vi", "en"])
def test_results_are_in_words_of_the_language(language):
    report = report_on(turtle("person:b a rico:Person ; rdfs:label 5 ."), language=language)
    assert report.language == language
    for finding in report.findings:
        assert set(finding.message) == {"vi", "en"}
        assert finding.mend == finding.message[language]
        assert "://" not in finding.pathLabel


def test_every_rule_says_what_is_expected_or_that_it_may_be_right_as_it_is():
    graph = ox.Dataset(quad for file in resources.shapes() for quad in ox.parse(path=file))
    severity = ox.NamedNode(f"{PREFIXES['sh']}severity")
    rules = {q.subject.value: q.object.value for q in graph if q.predicate == severity}
    for language in ("vi", "en"):
        without = {rule for rule in rules if not expected(rule, language)}
        assert {rules[rule].rpartition("#")[2] for rule in without} <= {"Warning", "Info"}
        for rule in rules:
            assert "http" not in expected(rule, language).replace("https://…", ""), rule


# Other syntaxes


def other_syntaxes():
    """An entry with a misspelt property, in each syntax, and the line where that stands."""
    text = turtle("person:b", f"  rico:hasAuthro person:c {EVIDENCE} .")
    yield "text/turtle", text, START + 1
    yield "application/trig", text, START + 1
    about = f"{NAMESPACE}id/person/b"
    lines = [
        f"<{NAMESPACE}graph/x> <{PREFIXES['rdf']}type> <{PREFIXES['bn']}Entry> .",
        f"<{about}> <{PREFIXES['rico']}hasAuthro> <{about}> .",
    ]
    yield "application/n-triples", "\n".join(lines) + "\n", 2
    in_graph = [line.replace(" .", f" <{NAMESPACE}graph/x> .") for line in lines]
    yield "application/n-quads", "\n".join(in_graph) + "\n", 2
    document = {
        "@context": f"{NAMESPACE}context.jsonld",
        "id": f"{NAMESPACE}graph/x",
        "type": "bn:Entry",
        "@included": [{"id": about, "rico:hasAuthro": {"id": about}}],
    }
    written = json.dumps(document, indent=1)
    line = written[: written.index("hasAuthro")].count("\n") + 1
    yield "application/ld+json", written, line
    yield (
        "application/rdf+xml",
        f"""<rdf:RDF xmlns:rdf="{PREFIXES["rdf"]}" xmlns:rico="{PREFIXES["rico"]}">
<rdf:Description rdf:about="{NAMESPACE}graph/x">
  <rdf:type rdf:resource="{PREFIXES["bn"]}Entry"/></rdf:Description>
<rdf:Description rdf:about="{about}">
  <rico:hasAuthro rdf:resource="{about}"/>
</rdf:Description></rdf:RDF>""",
        5,
    )


@pytest.mark.parametrize(
    ("media_type", "text", "line"), list(other_syntaxes()), ids=lambda v: v if "/" in str(v) else ""
)
def test_every_syntax_is_read_and_its_lines_are_known(media_type, text, line):
    sent = [Sent("entry", text.encode(), media_type)]
    report = validate(sent, None, {}, language="en")
    found = [f for f in report.findings if f.sourceShape.endswith("term#known")]
    assert [f.line for f in found] == [line], as_text(report)
    assert "rico:hasAuthor" in found[0].mend


def test_what_the_service_gives_out_is_taken_back():
    """N-Quads with claims and passages written out, not only as curators write it."""
    from biennien_graph.engine.rdf import n_quads, read_file
    from biennien_graph.expansion import read_entry

    file = resources.folder("data") / "authorities" / "people.ttl"
    entry = read_entry(read_file(file), "people.ttl")
    sent = [Sent("people.nq", b"".join(n_quads(entry.quads())))]
    report = validate(sent, None, {}, language="en")
    assert [
        f for f in report.findings if f.severity == "Violation" and "evidence" in f.sourceShape
    ] == []
    assert report.files[0].entries[0]["statements"] == entry.statements


# Files that cannot be read


@pytest.mark.parametrize(
    ("content", "line", "vi", "en"),
    [
        (turtle().encode("utf-16"), None, "UTF-16", "UTF-16"),
        ("person:b".encode("utf-16-le") * 40, None, "UTF-16", "UTF-16"),
        (b"<urn:s> <urn:p>\n\"\xf0\xf5n th\xfd\" .", 2, "Windows-1258", "Windows-1258"),
        (turtle().rstrip(" .\n").encode(), START - 1, "giữa một nhận định", "is it whole?"),
        (turtle("person:b a rico:Person").encode(), START, "có đủ không", "is it whole?"),
        (turtle("x:b a rico:Person .").encode(), START, "chưa khai tiền tố", "prefix"),
        (b"", None, "không chứa nhận định nào", "holds no statement"),
        (b"<urn:s> <urn:p> <urn:o> .", None, "đúng một bn:Entry", "exactly one bn:Entry"),
        (b'{"@context": "https://a.example/c", "@id": "urn:s"}', None, "không tải", "not fetched"),
        (b'<?xml version="1.0"?>\n<!DOCTYPE r [<!ENTITY a "b">]><r/>', 2, "ENTITY", "entities"),
    ],
    ids=range(10),
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_answered_clearly(content, line, vi, en):
    sent = [Sent("entry", content)]
    for language, words in (("vi", vi), ("en", en)):
        report = validate(sent, None, {}, language=language)
        (finding,) = report.findings
        assert not report.conforms
        assert words in finding.mend
        assert finding.sourceShape.endswith("file#readable")
        if line is not None:
            assert finding.line == line
            assert any(number == line for number, _ in finding.excerpt)


def test_a_mark_at_the_beginning_is_no_mistake():
    report = report_on(b"\xef\xbb\xbf" + turtle().encode())
    assert report.conforms


def test_a_passage_without_a_source_is_told_with_its_line():
    text = turtle().replace("oa:hasSource source:note ;", "")
    report = report_on(text)
    (finding,) = report.findings
    assert finding.line == START - 1
    assert "names no source" in finding.mend


# Many files


def test_files_are_seen_together_and_one_that_cannot_be_read_stops_no_other():
    second = turtle("person:b", f"  rico:hasAuthro person:nguyen-thi-thu {EVIDENCE} .").replace(
        "authority/thu", "authority/hai"
    )
    report = report_on(turtle(), "nonsense", second)
    assert at(report, "file#readable") == [("2.ttl", 1)]
    assert ("3.ttl", START + 1) in at(report, "term#known")
    assert [bool(file.entries) for file in report.files] == [True, False, True]


def test_two_files_of_one_entry_are_refused():
    report = report_on(turtle(), turtle())
    assert at(report, "file#readable") == [("2.ttl", None)]


def test_a_report_lists_no_more_than_can_be_read():
    report = report_on(turtle(*(f"person:p{n} rico:hasAuthro person:c ." for n in range(MOST))))
    assert len(report.findings) == MOST
    assert report.omitted == sum(report.counts.values()) - MOST > 0
    assert str(report.omitted) in as_text(report)


# As a SHACL validation report, as text, in groups

BROKEN = turtle(
    "person:b a rico:Person ;",
    f"  rico:hasAuthro person:c {EVIDENCE} ;",
    f'  rdfs:label "B"@xx , 5 {EVIDENCE} .',
)
RULES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
[] a sh:NodeShape ; sh:targetClass sh:ValidationReport ;
  sh:property [ sh:path sh:conforms ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:boolean ] ,
    [ sh:path sh:result ; sh:class sh:ValidationResult ] .
[] a sh:NodeShape ; sh:targetClass sh:ValidationResult ;
  sh:property [ sh:path sh:focusNode ; sh:minCount 1 ; sh:maxCount 1 ] ,
    [ sh:path sh:resultSeverity ; sh:minCount 1 ; sh:maxCount 1 ;
      sh:in ( sh:Violation sh:Warning sh:Info ) ] ,
    [ sh:path sh:sourceConstraintComponent ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ,
    [ sh:path sh:sourceShape ; sh:maxCount 1 ; sh:nodeKind sh:BlankNodeOrIRI ] ,
    [ sh:path sh:value ; sh:maxCount 1 ] , [ sh:path sh:resultPath ; sh:maxCount 1 ] ,
    [ sh:path sh:resultMessage ; sh:minCount 1 ; sh:uniqueLang true ] .
"""


@pytest.mark.parametrize(
    ("name", "syntax"), [("ttl", ox.RdfFormat.TURTLE), ("jsonld", ox.RdfFormat.JSON_LD)]
)
@pytest.mark.parametrize("contents", [(BROKEN,), ("nonsense",), (turtle(),)])
def test_the_report_is_a_shacl_validation_report(name, syntax, contents):
    import pyshacl
    import rdflib

    report = report_on(*contents)
    triples = ox.parse(as_shacl(report, name), format=syntax)
    graph = rdflib.Graph().parse(
        BytesIO(ox.serialize((quad.triple for quad in triples), format=ox.RdfFormat.N_TRIPLES)),
        format="nt",
    )
    fine, _, words = pyshacl.validate(graph, shacl_graph=rdflib.Graph().parse(data=RULES))
    assert fine, words
    sh = rdflib.Namespace(PREFIXES["sh"])
    assert len(set(graph.objects(None, sh.result))) == len(report.findings)
    (conforms,) = graph.objects(None, sh.conforms)
    assert bool(conforms) is not bool(report.findings)
    if contents == (BROKEN,):
        assert rdflib.Literal("B", lang="xx") in set(graph.objects(None, sh.value))
        languages = {m.language for m in graph.objects(None, sh.resultMessage)}
        assert languages == {"vi", "en"}


def test_the_text_begins_each_result_with_its_place_and_is_coloured_on_a_terminal_only():
    report = report_on(BROKEN, language="vi")
    plain, coloured = as_text(report), as_text(report, colour=True)
    assert f"1.ttl:{START + 1}:18: Lỗi: " in plain
    assert "\033" not in plain
    assert "\033[1;31mLỗi\033[0m" in coloured


def test_groups_begin_with_the_thing_that_is_worst():
    groups = grouped_by_thing(report_on(BROKEN))
    assert groups[0].thing.endswith("person/b")
    for group in groups:
        severities = [finding.severity for finding in group.findings]
        assert severities == sorted(severities, key=["Violation", "Warning", "Info"].index)
