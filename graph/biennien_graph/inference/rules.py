# SPDX-License-Identifier: Apache-2.0
"""The rules of inference, as the ontology and the alignments state them.

Axioms of RDFS and OWL 2 between named terms: sub-class, sub-property, equivalence, inverse,
symmetric, transitive (the rules scm, cax and prp of OWL 2 RL, section 4.3, as far as they go).
What axioms cannot say are SHACL rules (SHACL Advanced Features, section 8.2) whose query is a
plain `CONSTRUCT { … } WHERE { basic graph pattern }`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from biennien_graph.engine.rdf import Literal, NamedNode, Quad, RdfFormat, read_text
from biennien_graph.errors import DataError, DataSyntaxError
from biennien_graph.queries.scan import tokens
from biennien_graph.terms import NAMESPACE, OWL, PREFIXES, RDF, RDFS, SH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from biennien_graph.engine.rdf import BlankNode, Triple

    Subject: TypeAlias = NamedNode | BlankNode
    Slot: TypeAlias = str | NamedNode | BlankNode | Literal | Triple  # text names a variable

_VARIABLE = "urn:variable:"
_ONTOLOGY = f"{NAMESPACE}graph/ontology"
_ALIGNMENTS = f"{NAMESPACE}graph/alignment/"


def states_rules(graph: str) -> bool:
    """Whether an entry's graph is one of those that rules are read from."""
    return graph == _ONTOLOGY or graph.startswith(_ALIGNMENTS)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A triple pattern. The predicate is always given; a text instead of a term is a variable."""

    subject: Slot
    predicate: NamedNode
    object: Slot

    def __str__(self) -> str:
        subject, object_ = (
            f"?{slot}" if isinstance(slot, str) else str(slot)
            for slot in (self.subject, self.object)
        )
        return f"{subject} {self.predicate} {object_}"

    @property
    def key(self) -> tuple[str, str]:
        """What a triple must have to match: the predicate, and for `rdf:type` the class."""
        is_class = self.predicate.value == RDF.type and isinstance(self.object, NamedNode)
        return self.predicate.value, str(self.object) if is_class else ""


@dataclass(frozen=True, slots=True)
class Rule:
    """If the body holds, the head does."""

    body: tuple[Pattern, ...]
    head: Pattern

    @property
    def construct(self) -> str:
        """The rule in SPARQL, for what is not there yet."""
        body = " . ".join(map(str, self.body))
        new = f"FILTER NOT EXISTS {{ {self.head} }}"
        return f"CONSTRUCT {{ {self.head} }} WHERE {{ {body} {new} }}"

    def may_set_off(self, other: Rule) -> bool:
        """Whether the other rule may use what this one concludes."""
        return any(
            pattern.predicate == self.head.predicate
            and (pattern.key == self.head.key or not (pattern.key[1] and self.head.key[1]))
            for pattern in other.body
        )


class Rules:
    """A set of rules, found by the triples that set them off and by those that they conclude."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.all = tuple(dict.fromkeys(rules))
        self._set_off: dict[tuple[str, str], list[tuple[Rule, int]]] = defaultdict(list)
        self._conclude: dict[tuple[str, str], list[Rule]] = defaultdict(list)
        for rule in self.all:
            self._conclude[rule.head.key].append(rule)
            for place, pattern in enumerate(rule.body):
                self._set_off[pattern.key].append((rule, place))
        self._known = {predicate for predicate, _ in [*self._set_off, *self._conclude]}

    def concern(self, predicate: str) -> bool:
        """Whether any rule reads or concludes statements with this predicate."""
        return predicate in self._known

    def after(self, concluded: Iterable[Rule]) -> list[Rule]:
        """The rules that may have something new to say when these had."""
        heads = {rule.head.key: rule for rule in concluded}.values()
        return [rule for rule in self.all if any(head.may_set_off(rule) for head in heads)]

    def set_off_by(self, triple: Triple) -> Iterator[tuple[Rule, int]]:
        """The rules that may use the triple, and the place in the body where they do."""
        for key in _keys(triple):
            yield from self._set_off.get(key, ())

    def concluding(self, triple: Triple) -> Iterator[Rule]:
        """The rules that may conclude the triple."""
        for key in _keys(triple):
            yield from self._conclude.get(key, ())


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule that cannot be used: its IRI, what is wrong, and what to write."""

    subject: str
    message: str
    hint: str


def read_rules(quads: Iterable[Quad]) -> tuple[Rules, list[Fault]]:
    """The rules that some quads state, and what is wrong with those that cannot be used."""
    quads = list(quads)
    rules = [rule for quad in quads for rule in _axiom(quad)]
    faults: list[Fault] = []
    prefixes = _declared(quads)
    for quad in sorted(quads, key=str):
        if quad.predicate.value == SH.construct and isinstance(quad.object, Literal):
            try:
                rules += _written(quad.object.value, prefixes)
            except DataError as problem:
                subject = str(getattr(quad.subject, "value", quad.subject))
                faults.append(Fault(subject, problem.message, problem.hint or ""))
    return Rules(rules), faults


def _keys(triple: Triple) -> Sequence[tuple[str, str]]:
    predicate = triple.predicate.value
    if predicate == RDF.type:
        return (predicate, str(triple.object)), (predicate, "")
    return ((predicate, ""),)


def _axiom(quad: Quad) -> Iterator[Rule]:
    """The rules that one axiom between named terms stands for."""
    this, that = quad.subject, quad.object
    if not isinstance(this, NamedNode) or not isinstance(that, NamedNode) or this == that:
        return
    match quad.predicate.value:
        case RDFS.subClassOf:
            yield _sub_class(this, that)
        case OWL.equivalentClass:
            yield from (_sub_class(this, that), _sub_class(that, this))
        case RDFS.subPropertyOf:
            yield _sub_property(this, that)
        case OWL.equivalentProperty:
            yield from (_sub_property(this, that), _sub_property(that, this))
        case OWL.inverseOf:
            yield from (_turned(this, that), _turned(that, this))
        case RDF.type if that.value == OWL.SymmetricProperty:
            yield _turned(this, this)
        case RDF.type if that.value == OWL.TransitiveProperty:
            yield Rule((Pattern("x", this, "y"), Pattern("y", this, "z")), Pattern("x", this, "z"))


def _sub_class(narrow: NamedNode, wide: NamedNode) -> Rule:
    a = NamedNode(RDF.type)
    return Rule((Pattern("x", a, narrow),), Pattern("x", a, wide))


def _sub_property(narrow: NamedNode, wide: NamedNode) -> Rule:
    return Rule((Pattern("x", narrow, "y"),), Pattern("x", wide, "y"))


def _turned(this: NamedNode, that: NamedNode) -> Rule:
    return Rule((Pattern("x", this, "y"),), Pattern("y", that, "x"))


def _declared(quads: Iterable[Quad]) -> dict[str, str]:
    """The well-known prefixes, and those that the alignments declare (SHACL, section 5.2.1)."""
    names: dict[Any, str] = {}
    namespaces: dict[Any, str] = {}
    for quad in quads:
        if isinstance(quad.object, Literal):
            if quad.predicate.value == SH.prefix:
                names[quad.subject] = quad.object.value
            elif quad.predicate.value == SH.namespace:
                namespaces[quad.subject] = quad.object.value
    return PREFIXES | {names[node]: namespaces[node] for node in names.keys() & namespaces.keys()}


def _written(text: str, prefixes: dict[str, str]) -> Iterator[Rule]:
    """The rules that a `CONSTRUCT` stands for, one for each triple of its template.

    Both parts are triples and nothing else, so that a Turtle parser reads them, variables as IRIs.
    """
    found = list(tokens(text))
    braces = [offset for kind, value, offset in found if value in {"{", "}"}]
    words = [value.upper() for kind, value, _ in found if kind == "word" and value != "a"]
    if len(braces) != 4 or words != ["CONSTRUCT", "WHERE"]:
        raise _unusual()
    template = _patterns(text[braces[0] + 1 : braces[1]], prefixes)
    body = tuple(_patterns(text[braces[2] + 1 : braces[3]], prefixes))
    bound = {slot for pattern in body for slot in (pattern.subject, pattern.object)}
    for head in template:
        if any(isinstance(s, str) and s not in bound for s in (head.subject, head.object)):
            raise _unusual()
        yield Rule(body, head)


def _patterns(text: str, prefixes: dict[str, str]) -> list[Pattern]:
    parts = [
        f"<{_VARIABLE}{value[1:]}>" if kind == "variable" else value
        for kind, value, _ in tokens(text)
    ]
    head = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in prefixes.items())
    end = "" if parts[-1:] == ["."] else " ."
    try:
        quads = read_text(f"{head}{' '.join(parts)}{end}".encode(), RdfFormat.TURTLE, name="rule")
    except DataSyntaxError as problem:
        raise _unusual() from problem
    if any(quad.predicate.value.startswith(_VARIABLE) for quad in quads):
        raise _unusual()
    return [Pattern(_slot(q.subject), q.predicate, _slot(q.object)) for q in quads]


def _slot(term: Subject | Literal | Triple) -> Slot:
    if isinstance(term, NamedNode) and term.value.startswith(_VARIABLE):
        return term.value.removeprefix(_VARIABLE)
    return term


def _unusual() -> DataError:
    return DataError(
        "a rule is CONSTRUCT { … } WHERE { … } with triple patterns only",
        hint="Leave out PREFIX, FILTER, OPTIONAL, UNION, BIND and paths; declare prefixes by "
        "sh:prefixes; give every predicate; let every variable of the template occur in the "
        "WHERE part.",
    )
