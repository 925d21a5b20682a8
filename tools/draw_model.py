# SPDX-License-Identifier: Apache-2.0
"""Draw the diagram in `docs/data-model.md`, in Mermaid, from ontology, shapes and records.

`python tools/draw_model.py` writes it; with `--check` it only says whether it is current.

What is drawn follows from rules, not from a list:

1. A class is drawn if it is RiC-O's or our own, a shape is for it (`sh:targetClass`), and it has
   a field, an arrow or a super-class; a super-class is drawn if an arrow touches it.
2. A property is drawn for the classes whose shape asks for it; where no shape does and it joins
   things, for those whose things have it in more than half of the records. Left out are names
   (RDFS, SKOS), what a shape forbids, and properties that say no more than that there is some
   relation (`rico:isRelatedTo`, `rico:is…AssociatedWith…`).
3. It is an arrow if its values are of a class that is drawn, by the shape or else by the records.
   It is a field if they are not, or if no arrow leads on from there (a date, a number).
4. What a super-class has is not drawn again for its sub-classes, and what two of them have moves
   up to it, but not to `rico:Thing`. The properties between two classes are one arrow.
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import rdflib
from rdflib.collection import Collection
from rdflib.namespace import RDF, RDFS, SH, SKOS

from biennien_graph.engine.rdf import read_file
from biennien_graph.expansion import read_entry
from biennien_graph.terms import PREFIXES, RICO

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Properties = dict[tuple[str, str], set[str]]  # classes of the values, by class and property

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "data-model.md"
BEGIN, END = "<!-- Drawn by `make model`, do not edit: -->\n", "<!-- End of the drawing. -->\n"
OURS = (PREFIXES["rico"], PREFIXES["bn"])
LEFT_OUT = re.compile(rf"({RDFS}|{SKOS}).*|.*#is(Related|\w*Associated)\w*")
WIDTH = 30  # characters in a line of fields, about
# Without the setting, a class without fields has two empty boxes under its name.
HEAD = """\
```mermaid
%%{init: {"class": {"hideEmptyMembersBox": true}}}%%
classDiagram
"""


class Ontology:
    """Labels, super-classes, and the order in which the file has its terms."""

    def __init__(self) -> None:
        file = ROOT / "ontology" / "biennien.ttl"
        self._graph = rdflib.Graph().parse(file)
        names = re.findall(r"^(\w+:\w+) ", file.read_text(encoding="utf-8"), re.MULTILINE)
        expand = self._graph.namespace_manager.expand_curie
        self._place = {str(expand(name)): place for place, name in enumerate(names)}

    def label(self, term: str, language: str) -> str:
        """The label of a class or property."""
        labels = self._graph.objects(rdflib.URIRef(term), RDFS.label)
        return next(str(label) for label in labels if getattr(label, "language", "") == language)

    def wider(self, cls: str) -> list[str]:
        """Its super-classes below `rico:Thing`, the nearest first."""
        found = map(str, self._graph.transitive_objects(rdflib.URIRef(cls), RDFS.subClassOf))
        return [c for c in found if c.startswith(OURS) and c not in (cls, RICO.Thing)]

    def in_order(self, terms: Iterable[str]) -> list[str]:
        """Sorted as the file has them."""
        return sorted(set(terms), key=self._place.__getitem__)


class Shapes:
    """What the shapes ask for."""

    def __init__(self) -> None:
        self._graph = rdflib.Graph()
        for file in sorted((ROOT / "shapes").glob("*.ttl")):
            self._graph.parse(file)
        targets = map(str, self._graph.objects(None, SH.targetClass))
        self.classes = {cls for cls in targets if cls.startswith(OURS)}

    def properties(self) -> Properties:
        """What the shape of each class asks for; no classes where the shape gives none."""
        found: Properties = defaultdict(set)
        forbidden = set()
        for cls, rule in self._rules():
            for prop in self._path(rule):
                found[cls, prop] |= self._values(rule)
                if self._graph.value(rule, SH.maxCount) == rdflib.Literal(0):
                    forbidden.add((cls, prop))
        return {key: values for key, values in found.items() if key not in forbidden}

    def _rules(self) -> Iterator[tuple[str, rdflib.term.Node]]:
        for shape, target in self._graph.subject_objects(SH.targetClass):
            if str(target) in self.classes:
                for rule in (shape, *self._graph.objects(shape, SH.property)):
                    yield str(target), rule

    def _path(self, rule: rdflib.term.Node) -> list[str]:
        """The property; each of several; the last of those that lead to what must be there."""
        path = self._graph.value(rule, SH.path)
        if isinstance(path, rdflib.URIRef):
            return [str(path)]
        if path is None:
            return []
        if either := self._graph.value(path, SH.alternativePath):
            return [str(step) for step in Collection(self._graph, either)]
        if self._graph.value(path, RDF.first) and self._graph.value(rule, SH.minCount):
            return [str(list(Collection(self._graph, path))[-1])]
        return []

    def _values(self, rule: rdflib.term.Node) -> set[str]:
        found = set(self._graph.objects(rule, SH["class"]))
        for alternatives in self._graph.objects(rule, SH["or"]):
            for one in Collection(self._graph, alternatives):
                found |= set(self._graph.objects(one, SH["class"]))
        return {str(cls) for cls in found}


class Records:
    """What the entries show."""

    def __init__(self) -> None:
        self._classes: dict[str, set[str]] = defaultdict(set)
        self._uses: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
        self._records = {str(file) for file in (ROOT / "data" / "records").glob("*.ttl")}
        for file in sorted((ROOT / "data").glob("*/*.ttl")):
            for triple in read_entry(read_file(file), file.name).triples:
                subject, prop, value = (term.value for term in triple)
                self._uses[prop].append((str(file), subject, value))
                if prop == str(RDF.type):
                    self._classes[subject].add(value)

    def values(self, cls: str, prop: str) -> set[str]:
        """The classes of what the things of a class have as values."""
        uses = [value for _, subject, value in self._uses[prop] if cls in self._classes[subject]]
        return {found for value in uses for found in self._classes.get(value, ())}

    def usual(self, top: dict[str, str]) -> Properties:
        """Properties that join things in more than half of the records, at their top classes."""
        files: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for prop, uses in self._uses.items():
            for file, subject, value in uses:
                for cls in self._classes.get(subject, set()) & top.keys():
                    for other in self._classes.get(value, set()) & top.keys():
                        files[top[cls], prop, top[other]].add(file)
        found: Properties = defaultdict(set)
        for (cls, prop, other), where in files.items():
            if 2 * len(where & self._records) > len(self._records):
                found[cls, prop].add(other)
        return found


class Diagram:
    """Classes, their fields (and of what class the value is) and the arrows between them."""

    def __init__(self, ontology: Ontology, shapes: Shapes, records: Records) -> None:
        self.ontology = ontology
        self._known = {wide for cls in shapes.classes for wide in (cls, *ontology.wider(cls))}
        self.fields: dict[str, dict[str, str]] = defaultdict(dict)
        self.arrows: dict[tuple[str, str], set[str]] = defaultdict(set)
        for prop, values in self._properties(shapes, records).items():
            for cls in self._widest(values):
                self._draw(cls, prop, values)
        self._end_in_fields()
        touched = {cls for arrow in self.arrows for cls in arrow}
        self.parents = {
            cls: next(wide for wide in ontology.wider(cls) if wide in touched)
            for cls in shapes.classes | touched
            if touched.intersection(ontology.wider(cls))
        }
        self.classes = ontology.in_order(touched | self.fields.keys() | self.parents.keys())

    def _properties(self, shapes: Shapes, records: Records) -> dict[str, dict[str, set[str]]]:
        """The classes of the values, by property and class."""
        found: dict[str, dict[str, set[str]]] = defaultdict(dict)
        for (cls, prop), values in shapes.properties().items():
            found[prop][cls] = values or records.values(cls, prop)
        top = {cls: [cls, *self.ontology.wider(cls)][-1] for cls in self._known}
        asked = set(found)
        for (cls, prop), values in records.usual(top).items():
            if prop not in asked:
                found[prop][cls] = values
        return {prop: values for prop, values in found.items() if not LEFT_OUT.fullmatch(prop)}

    def _draw(self, cls: str, prop: str, values: dict[str, set[str]]) -> None:
        below = [values[c] for c in values if cls in (c, *self.ontology.wider(c))]
        ends = self._widest(end for found in below for end in found)
        for end in ends:
            self.arrows[cls, end].add(prop)
        if not ends:
            self.fields[cls][prop] = ""

    def _widest(self, classes: Iterable[str]) -> set[str]:
        """Without sub-classes of others; those with a super-class in common become that one."""
        found = set(classes)
        if RICO.Thing in found:
            return {RICO.Thing}
        wider = self.ontology.wider
        found = {c for c in found & self._known if not found.intersection(wider(c))}
        counts = Counter(wide for cls in found for wide in wider(cls))
        found |= {wide for wide, count in counts.items() if count > 1}
        return {cls for cls in found if not found.intersection(wider(cls))}

    def _end_in_fields(self) -> None:
        """Arrows to a class from which none leads on become fields."""
        starts = {wide for cls, _ in self.arrows for wide in (cls, *self.ontology.wider(cls))}
        for cls, end in [arrow for arrow in self.arrows if arrow[1] not in starts]:
            self.fields[cls].update(dict.fromkeys(self.arrows.pop((cls, end)), end))


def mermaid(diagram: Diagram) -> str:
    """The diagram between its fences."""
    lines = [f"  {line}" for cls in diagram.classes for line in box(diagram, cls)]
    lines += [f"  {name(wide)} <|-- {name(cls)}" for cls, wide in sorted(diagram.parents.items())]
    for (cls, end), props in sorted(diagram.arrows.items()):
        labels = [diagram.ontology.label(prop, "en") for prop in diagram.ontology.in_order(props)]
        lines.append(f"  {name(cls)} --> {name(end)} : {'<br>'.join(labels)}")
    return HEAD + "\n".join(lines) + "\n```\n"


def box(diagram: Diagram, cls: str) -> list[str]:
    """A class: its name in Vietnamese and English, then its fields, several to a line."""
    ontology = diagram.ontology
    lines = [""]
    for prop in ontology.in_order(diagram.fields[cls]):
        words = field(ontology, prop, diagram.fields[cls][prop])
        if lines[-1] and len(lines[-1]) + len(words) > WIDTH:
            lines[-1] += ","
            lines.append("")
        lines[-1] += f", {words}" if lines[-1] else words
    title = f'class {name(cls)}["{ontology.label(cls, "vi")} · {ontology.label(cls, "en")}"]'
    return [title, *(f"{name(cls)} : {line}" for line in lines if line)]


def field(ontology: Ontology, prop: str, end: str) -> str:
    """The label of a property, and the class of its value where the label does not say it."""
    label = ontology.label(prop, "en")
    kind = ontology.label(end, "en") if end else ""
    shown = label if kind in label else f"{label} → {kind}"
    return shown.replace("(", "#40;").replace(")", "#41;")  # else Mermaid takes it for a method


def name(cls: str) -> str:
    """A name for Mermaid."""
    return cls.rpartition("#")[2]


def main() -> int:
    """Write the diagram into the page, or with `--check` compare it."""
    page = TARGET.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    after = rest.split(END)[1]
    drawn = mermaid(Diagram(Ontology(), Shapes(), Records()))
    text = before + BEGIN + drawn + END + after
    if "--check" not in sys.argv[1:]:
        TARGET.write_text(text, encoding="utf-8")
        return 0
    if page == text:
        return 0
    sys.stderr.write("The diagram in docs/data-model.md is not current: run `make model`.\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
