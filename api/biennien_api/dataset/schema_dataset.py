# SPDX-License-Identifier: Apache-2.0
"""The dataset as search engines read it: a schema.org `Dataset`, in the home page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from biennien_api.dataset.dcat import DCAT, catalogue
from biennien_api.dataset.facts import labels
from biennien_graph.engine.rdf import Literal
from biennien_graph.terms import DCTERMS, NAMESPACE

if TYPE_CHECKING:
    from biennien_api.dataset.facts import Facts
    from biennien_api.settings import Settings

_LICENSE = "https://creativecommons.org/licenses/by/4.0/"
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_PREDICATES = {DCTERMS.title: "name", DCTERMS.description: "description"}


def dataset(facts: Facts, settings: Settings, base: str, lang: str) -> dict[str, Any]:
    """JSON-LD with the context of schema.org, in one language, from the same statements as DCAT."""
    said = _Said(facts, settings, base, lang)
    publisher = _publisher(settings, base)
    first, last = (facts.value("dataset-dates", name) for name in ("first", "last"))
    found: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": NAMESPACE,
        **said.words(NAMESPACE),
        "url": base,
        "sameAs": NAMESPACE,
        "keywords": said.texts(NAMESPACE, f"{DCAT}keyword"),
        "inLanguage": ["vi", "en"],
        "license": _LICENSE,
        "isAccessibleForFree": True,
        "version": str(facts.position),
        "creator": publisher,
        "publisher": publisher,
        "includedInDataCatalog": {
            "@type": "DataCatalog",
            **said.words(f"{NAMESPACE}#catalog"),
            "url": base,
        },
        "distribution": said.downloads(),
        "spatialCoverage": [
            {"@type": "Place", "@id": row["place"]["value"], "name": name}
            for row in facts.rows["dataset-places"]
            if (name := _label(labels(row), lang))
        ],
    }
    if modified := facts.value("dataset-state", "modified"):
        found["dateModified"] = modified
    if first and last:
        found["temporalCoverage"] = f"{first}/{last}"
    return found


class _Said:
    """What DCAT says, to be said again in other words."""

    def __init__(self, facts: Facts, settings: Settings, base: str, lang: str) -> None:
        self._lang = lang
        self._about: dict[str, list[tuple[str, Any]]] = {}
        for triple in catalogue(facts, settings, base):
            subject = str(triple.subject)[1:-1]
            self._about.setdefault(subject, []).append((triple.predicate.value, triple.object))

    def words(self, iri: str) -> dict[str, str]:
        """Name and description."""
        return {name: self.texts(iri, predicate)[0] for predicate, name in _PREDICATES.items()}

    def texts(self, iri: str, predicate: str) -> list[str]:
        """Values in the language."""
        return [
            value.value
            for found, value in self._about[iri]
            if found == predicate and isinstance(value, Literal) and value.language == self._lang
        ]

    def downloads(self) -> list[dict[str, Any]]:
        """The distributions."""
        return [self._download(iri) for iri in self._links(NAMESPACE, f"{DCAT}distribution")]

    def _download(self, iri: str) -> dict[str, Any]:
        (address,) = self._links(iri, f"{DCAT}accessURL")
        (media_type,) = self._links(iri, f"{DCAT}mediaType")
        return {
            "@type": "DataDownload",
            "name": self.words(iri)["name"],
            "contentUrl": address,
            "encodingFormat": media_type.removeprefix(_MEDIA_TYPES),
            "license": _LICENSE,
        }

    def _links(self, iri: str, predicate: str) -> list[str]:
        return [value.value for found, value in self._about[iri] if found == predicate]


def _publisher(settings: Settings, base: str) -> dict[str, Any]:
    found = {"@type": "Organization", "name": settings.publisher, "url": base}
    if "@" in settings.contact:
        found["email"] = settings.contact
    elif settings.contact:
        found["contactPoint"] = {"@type": "ContactPoint", "url": settings.contact}  # type: ignore[assignment]
    return found


def _label(words: dict[str, str], lang: str) -> str:
    return words.get(lang) or next(iter(words.values()), "")
