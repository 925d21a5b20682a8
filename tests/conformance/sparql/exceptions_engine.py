# SPDX-License-Identifier: Apache-2.0
"""What fails because of the engine, Oxigraph 0.5.13, in every server that is built on it.

Each reason has an example; when the engine is mended, the run says so.
"""

from __future__ import annotations

from .exceptions import REFUSED, Reason

ENGINE = (
    Reason(
        "Numbers are kept by value, so that two ways to write one are the same term.",
        (
            "sparql10/distinct#distinct-1",
            "sparql10/distinct#distinct-9",
            "sparql10/expr-builtin#dawg-str-1",
            "sparql10/expr-builtin#dawg-str-2",
            "sparql10/expr-builtin#sameTerm-simple",
            "sparql10/expr-builtin#sameTerm-eq",
            "sparql10/expr-builtin#sameTerm-not-eq",
            "sparql10/expr-equals#eq-graph-1",
            "sparql10/expr-equals#eq-graph-2",
            "sparql10/open-world#open-eq-01",
            "sparql12/grouping#group01",
        ),
        example='ASK { FILTER(!sameTerm("01"^^xsd:integer, 1)) }',
    ),
    Reason(
        "Datatypes derived from xsd:integer are kept as xsd:integer.",
        ("sparql11/csv-tsv-res#tsv03",),
        example='ASK { FILTER(DATATYPE("-3"^^xsd:negativeInteger) = xsd:negativeInteger) }',
    ),
    Reason(
        "A date with a time zone and one without differ; for the test, that cannot be told. "
        "(XSD 1.1 orders them, XSD 1.0 does not.)",
        ("sparql10/open-world#date-2",),
        example='ASK { BIND("2006-08-23Z"^^xsd:date != "2006-08-23"^^xsd:date AS ?differ) '
        "FILTER(!BOUND(?differ)) }",
    ),
    Reason(
        "TRUE and FALSE are read in lower case only (SPARQL 1.1, section 19.8: in any).",
        ("sparql10/expr-builtin#case-insensitive-booleans",),
        example="ASK { FILTER(TRUE) }",
    ),
    Reason(
        "Where an IRI cannot stand, `<` is read as an operator, though the longest token is "
        "an IRI (SPARQL 1.1, section 19.8).",
        ("sparql10/syntax-sparql3#syn-bad-26",),
        example="ASK { FILTER(?x<?a&&?b>?y) }",
        due=REFUSED,
    ),
    Reason(
        "The variable of GRAPH is bound inside its pattern, and not only after it.",
        (
            "sparql10/graph#graph-variable-scope",
            "sparql10/graph#graph-optional",
            "sparql11/negation#graph-minus",
        ),
        example="ASK { GRAPH ?g { FILTER(!BOUND(?g)) } }",
    ),
    Reason(
        "A sub-query or VALUES inside GRAPH is evaluated once instead of once for each graph, "
        "and the variable of GRAPH stays unbound.",
        ("sparql11/aggregates#agg-empty-group-count-graph", "sparql11/bindings#graph"),
        example='ASK { GRAPH ?g { VALUES ?t { "foo" } } FILTER(BOUND(?g)) }',
    ),
    Reason(
        "A path of length zero does not find a term of the query that is not in the data "
        "(mended in the engine's sources after 0.5.13, oxigraph#1815).",
        (
            "sparql11/property-path#zero_or_more_set_start",
            "sparql11/property-path#zero_or_more_set_end",
            "sparql11/property-path#zero_or_one_set_start",
            "sparql11/property-path#zero_or_one_set_end",
        ),
        example="ASK { :nowhere :p* ?o }",
    ),
    Reason(
        "BNODE with a label gives the same blank node in every solution.",
        ("sparql11/functions#bnode01",),
        example="ASK { { SELECT (COUNT(DISTINCT ?b) AS ?n) "
        '{ VALUES ?x { 1 2 } BIND(BNODE("a") AS ?b) } } FILTER(?n = 2) }',
    ),
    Reason(
        "GROUP_CONCAT keeps a language that all values share (SPARQL 1.1: a simple literal).",
        ("sparql11/aggregates#agg-groupconcat-04", "sparql11/aggregates#agg-groupconcat-06"),
        example='ASK { { SELECT (GROUP_CONCAT(?o) AS ?g) { VALUES ?o { "1"@en } } } '
        'FILTER(?g = "1") }',
    ),
    Reason(
        "In a SELECT that aggregates, an expression cannot use a variable that one before it "
        "has made.",
        ("sparql12/grouping#select-variable-reuse",),
        example="ASK { { SELECT (COUNT(*) AS ?n) (?n + 1 AS ?m) {} } FILTER(?m = 2) }",
    ),
    Reason(
        "A triple term in an expression may have a literal or a triple term as its subject.",
        (
            "sparql12/syntax-triple-terms-negative#tripleterm-subject-03",
            "sparql12/syntax-triple-terms-negative#tripleterm-subject-06",
        ),
        example='ASK { BIND(<<( "literal" :p :o )>> AS ?t) }',
        due=REFUSED,
    ),
    Reason(
        "An aggregate may stand inside another.",
        ("sparql12/syntax#nested-aggregate-functions",),
        example="ASK { { SELECT (COUNT(COUNT(*)) AS ?c) {} } }",
        due=REFUSED,
    ),
)

# What passes when numbers, truth values and dates are compared by value (see `values`).
BY_VALUE = (
    Reason(
        "Numbers, truth values and dates of the data are kept by value and written in one form.",
        (
            "sparql10/distinct#no-distinct-1",
            "sparql10/distinct#no-distinct-9",
            "sparql10/expr-builtin#dawg-datatype-1",
            "sparql10/expr-equals#eq-2-1",
            "sparql10/expr-equals#eq-2-2",
            "sparql10/open-world#open-eq-03",
            "sparql10/open-world#open-eq-04",
            "sparql10/open-world#date-3",
            "sparql10/sort#dawg-sort-7",
            "sparql11/aggregates#agg-max-01",
            "sparql11/aggregates#agg-max-02",
            "sparql11/aggregates#agg-max-distinct",
            "sparql11/aggregates#agg-min-01",
            "sparql11/aggregates#agg-min-02",
            "sparql11/aggregates#agg-min-distinct",
            "sparql11/cast#cast-bool",
            "sparql11/cast#cast-int",
            "sparql11/cast#cast-float",
            "sparql11/cast#cast-double",
            "sparql11/cast#cast-decimal",
            "sparql11/cast#cast-string",
            "sparql11/csv-tsv-res#csv03",
            "sparql11/functions#plus-1-corrected",
            "sparql11/functions#plus-2-corrected",
            "sparql12/eval-triple-terms#op-2",
        ),
        example='ASK { FILTER(STR("1.0E6"^^xsd:double) = "1.0E6") }',
    ),
    Reason(
        "A computed number is written in the shortest form; the standard leaves it open.",
        (
            "sparql11/aggregates#agg-avg-02",
            "sparql11/aggregates#agg-err-02",
            "sparql11/aggregates#agg-sum-02",
            "sparql11/functions#coalesce01",
        ),
    ),
)
