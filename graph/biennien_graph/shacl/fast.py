# SPDX-License-Identifier: Apache-2.0
"""pyshifty: compiled shapes, some milliseconds for an entry, half a minute for a million triples.

It takes part on data about which it says the same as the reference. They differ where something
is compared with a number or a day and is none: so it takes only well-formed ones.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Final, Protocol

from biennien_graph.engine.rdf import Literal, NamedNode, Triple, read_triples
from biennien_graph.shacl.finding import Finding
from biennien_graph.terms import SH, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from shifty._shifty import PreparedValidator

    from biennien_graph.engine.rdf import BlankNode, Quad
    from biennien_graph.shacl.wording import Wording

_INTEGER: Final = re.compile(r"-?\d{1,15}", re.ASCII)
_DECIMAL: Final = re.compile(r"-?\d{1,15}(\.\d{1,15})?", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class Published(Protocol):
    """What is published already."""

    def quads(self, *, predicate: str) -> Iterator[Quad]:
        """The quads with a predicate, in all named graphs."""


class Unfit(Exception):
    """The engine cannot read the data. It says nothing about them."""


class Fast:
    """Some shapes, compiled when they are first needed."""

    def __init__(self, files: Sequence[Path], wording: Wording) -> None:
        self._files = files
        self._wording = wording
        self._ordered = {
            property_: datatypes & _WELL_FORMED.keys()
            for property_, datatypes in wording.datatypes.items()
            if datatypes & _WELL_FORMED.keys()
        }

    def takes(self, triples: Iterable[Triple]) -> bool:
        """Whether every value is well-formed that a shape wants to be a number or a day."""
        return all(
            _is_well_formed(triple.object, self._ordered[triple.predicate.value])
            for triple in triples
            if triple.predicate.value in self._ordered
        )

    def findings(self, triples: Iterable[Triple]) -> list[Finding]:
        """All that is wrong. `Unfit` where the data cannot be read."""
        return self._validated(data=b"".join(_line(t) for t in triples if _is_rdf_1_1(t)))

    def findings_in(self, file: Path) -> list[Finding]:
        """All that is wrong in a file of N-Triples, which may be large."""
        return self._validated(data_path=str(file))

    def ill_formed(self, published: Published) -> Iterator[Quad]:
        """The published quads because of which this engine would not take part."""
        for property_, datatypes in self._ordered.items():
            for quad in published.quads(predicate=property_):
                if not _is_well_formed(quad.object, datatypes):
                    yield quad

    def _validated(self, data: bytes | None = None, data_path: str | None = None) -> list[Finding]:
        try:
            report = self._compiled.validate_w3c(
                data,
                data_path,
                data_format="ntriples",
                graph_mode="data",
                run_infer=False,
                sort_results=False,
                on_unsupported="error",
            )
        except (ValueError, RuntimeError, OSError) as problem:
            raise Unfit(str(problem)) from problem
        return list(self._read(report._report_ntriples.encode()))

    @functools.cached_property
    def _compiled(self) -> PreparedValidator:
        from shifty._shifty import PreparedValidator  # the package around it needs rdflib

        texts = [file.read_bytes() for file in self._files]
        return PreparedValidator(shapes=b"\n".join(texts), shapes_format="turtle")

    def _read(self, report: bytes) -> Iterator[Finding]:
        nodes: dict[object, dict[str, list[object]]] = defaultdict(lambda: defaultdict(list))
        for triple in read_triples(report):
            nodes[triple.subject][triple.predicate.value].append(triple.object)
        for said in nodes.values():
            if SH.resultSeverity in said:
                yield self._finding({name: values[0] for name, values in said.items()}, said)

    def _finding(self, one: Mapping[str, object], said: Mapping[str, Sequence[object]]) -> Finding:
        def value(predicate: str) -> str:
            return str(getattr(one.get(predicate), "value", ""))

        shape, path = value(SH.sourceShape), one.get(SH.resultPath)
        messages = [m for m in said.get(SH.resultMessage, ()) if isinstance(m, Literal)]
        return Finding(
            severity=value(SH.resultSeverity).rpartition("#")[2],
            focus=value(SH.focusNode),
            path=path.value if isinstance(path, NamedNode) else "",
            value=value(SH.value),
            shape=shape,
            messages=self._wording.messages(shape)
            or {message.language or "en": message.value for message in messages},
        )


def _line(triple: Triple) -> bytes:
    return f"{triple.subject} {triple.predicate} {triple.object} .\n".encode()


def _is_rdf_1_1(triple: Triple) -> bool:
    return not isinstance(triple.object, Triple)  # SHACL does not know triple terms


def _is_well_formed(
    value: NamedNode | BlankNode | Literal | Triple, datatypes: Iterable[str]
) -> bool:
    if not isinstance(value, Literal) or value.datatype.value not in datatypes:
        return False
    return _WELL_FORMED[value.datatype.value](value.value)


def _is_day(text: str) -> bool:
    try:
        return _DAY.fullmatch(text) is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False


_WELL_FORMED: Final = {
    XSD.integer: lambda text: _INTEGER.fullmatch(text) is not None,
    XSD.decimal: lambda text: _DECIMAL.fullmatch(text) is not None,
    XSD.date: _is_day,
}
