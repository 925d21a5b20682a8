# SPDX-License-Identifier: Apache-2.0
"""The parameters of lists, claims, timeline and network, as OpenAPI describes them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

_Value = Annotated[str, Field(min_length=1, max_length=500)]
_HOW = "An IRI, or the last part of one. Given several times: any of them."


def _filter(what: str, *examples: str) -> object:
    description = f"{what} {_HOW}"
    return Field(default_factory=list, max_length=50, description=description,
                 examples=[list(examples)])  # fmt: skip


class Formatted(BaseModel):
    """What every request may say."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, given: Any) -> Any:
        """A form sends the fields that nobody filled in, too."""
        if not isinstance(given, dict):
            return given
        filled = {
            name: [part for part in value if part != ""] if isinstance(value, list) else value
            for name, value in given.items()
        }
        return {name: value for name, value in filled.items() if value not in ("", [])}

    format: str = Field(
        "",
        max_length=100,
        description="Format by name or media type, instead of the Accept header.",
        examples=["jsonld"],
    )
    lang: Literal["", "vi", "en"] = Field(
        "", description="Language of the page, instead of Accept-Language.", examples=["en"]
    )


class Paged(Formatted):
    """What cuts a list into pages."""

    limit: int = Field(20, ge=1, le=500, description="Things on a page.", examples=[5])
    cursor: str = Field(
        "",
        max_length=2000,
        description="Where a page begins, as `next` and `previous` of another page give it.",
        examples=[""],
    )


class Filtered(Formatted):
    """What things must pass."""

    type: list[_Value] = _filter(  # type: ignore[assignment]
        "Of this class (`Activity`), or of this kind from a vocabulary, or a narrower one.", "plan"
    )
    agency: list[_Value] = _filter(  # type: ignore[assignment]
        "That a statement joins with this agency, in whatever role.", "so-khcn-bac-giang"
    )
    person: list[_Value] = _filter(  # type: ignore[assignment]
        "That a statement joins with this person, in whatever role.", "trieu-ngoc-trung"
    )
    place: list[_Value] = _filter(  # type: ignore[assignment]
        "At or about this place, or one that lies in it. Of places: those that lie in it.",
        "dien-bien",
    )
    topic: list[_Value] = _filter(  # type: ignore[assignment]
        "About this topic, event, place, person or agency.", "ky-niem-70-nam-dien-bien-phu"
    )
    source: list[_Value] = _filter(  # type: ignore[assignment]
        "That this source text speaks of; its document may be named instead.",
        "ke-hoach-so-khcn-bac-giang-2024",
    )
    modality: list[_Value] = _filter(  # type: ignore[assignment]
        "That a source presents as held, planned, proposed or suggested.", "held"
    )
    date: list[_Value] = Field(
        default_factory=list,
        max_length=50,
        description="Time, in EDTF (levels 0 to 2). A document's is the date of its making, or "
        "else of its publication; an event's is when it occurred; of others it is the span from "
        "beginning to end. Given several times: any of them.",
        examples=[["2024-03/2024-05"]],
    )
    dateMode: Literal["overlap", "within"] = Field(  # noqa: N815 - as the address has it
        "overlap",
        description="`overlap`: the date may fall into the time. `within`: it certainly does, "
        "whatever it means.",
        examples=["overlap"],
    )
    q: str = Field(
        "",
        max_length=200,
        description="A name that contains this, whatever case and diacritics.",
        examples=["dien bien"],
    )


class Listed(Filtered, Paged):
    """A list."""

    sort: Literal["label", "-label", "date", "-date"] = Field(
        "label",
        description="Order: by label as a Vietnamese dictionary has it, or by date; `-` backwards. "
        "What has no date comes last.",
        examples=["-date"],
    )
    fields: str = Field(
        "",
        max_length=1000,
        description="Only these keys of each thing (columns of CSV), separated by commas.",
        examples=["id,label"],
    )
    expand: str = Field(
        "",
        max_length=1000,
        description="Keys, separated by commas, whose things are embedded one level further.",
        examples=[""],
    )
    facets: str = Field(
        "",
        max_length=200,
        description="Only these facets, separated by commas; `none` for none.",
        examples=["type,agency"],
    )
    facetSize: int = Field(  # noqa: N815 - as the address has it
        10, ge=1, le=200, description="Values of each facet, the most frequent.", examples=[5]
    )


class Documents(Listed):
    """A list of documents, which have authors and recipients."""

    author: list[_Value] = _filter(  # type: ignore[assignment]
        "By this agency or person: author, creator or publisher.", "so-khcn-bac-giang"
    )
    recipient: list[_Value] = _filter(  # type: ignore[assignment]
        "To this agency or person: addressee or receiver.", "so-tttt-bac-giang"
    )


class Claimed(Paged):
    """Claims."""

    subject: list[_Value] = _filter(  # type: ignore[assignment]
        "About this thing, or a node of its own.",
        "https://w3id.org/biennien/id/document/ke-hoach-so-khcn-bac-giang-2024",
    )
    predicate: list[_Value] = _filter(  # type: ignore[assignment]
        "With this property; its key, or its prefixed name, will do.", "rico:hasAuthor"
    )
    object: list[_Value] = Field(
        default_factory=list,
        max_length=50,
        description="With this value: an IRI, the last part of one, or the words of a literal.",
        examples=[["so-khcn-bac-giang"]],
    )
    source: list[_Value] = _filter(  # type: ignore[assignment]
        "From this source text; its document may be named instead.",
        "ke-hoach-so-khcn-bac-giang-2024",
    )
    passage: list[_Value] = _filter(  # type: ignore[assignment]
        "From this passage.", "https://w3id.org/biennien/passage/001_31dc08a855a07e54/188-209"
    )
    modality: list[_Value] = _filter(  # type: ignore[assignment]
        "That the source presents as held, planned, proposed or suggested.", "held"
    )
    certainty: list[_Value] = _filter(  # type: ignore[assignment]
        "Stated by the passages, or inferred from them.", "inferred"
    )


class Timed(Filtered, Paged):
    """A timeline."""

    kind: list[Literal["document", "agency", "person", "place", "event", "claim"]] = Field(
        default_factory=list,
        max_length=6,
        description="What to show; documents and events where nothing is said.",
        examples=[["event"]],
    )


class Joined(Filtered):
    """A network."""

    thing: list[_Value] = _filter(  # type: ignore[assignment]
        "What stands in the middle.", "tinh-uy-dien-bien"
    )
    kind: list[Literal["document", "agency", "person", "place", "event"]] = Field(
        default_factory=list,
        max_length=5,
        description="Instead of `thing`: what stands in the middle is everything of these kinds "
        "that passes the filters. All kinds, where neither is given.",
        examples=[[]],
    )
    depth: int = Field(
        1, ge=0, le=2, description="How many statements away from the middle.", examples=[1]
    )
    limit: int = Field(200, ge=1, le=1000, description="How many nodes at most.", examples=[100])
