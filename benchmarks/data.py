# SPDX-License-Identifier: Apache-2.0
"""Records of this model's shape, made up: always the same ones for a number of quads.

One named graph per entry. Agencies, posts and people are always as many; documents are added,
each with its claims and their passages, and an event with every tenth, until there are enough.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROVINCES, DEPARTMENTS = 34, 12  # and one agency above all
DEFAULT_QUADS = 1_000_000
VERSION = 1  # in the cache's name; raise it when other quads come out

BASE = "https://w3id.org/biennien/"
_BN, _RICO = f"{BASE}ontology#", "https://www.ica.org/standards/RiC/ontology#"
_RDF, _RDFS = (
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://www.w3.org/2000/01/rdf-schema#",
)
_OA, _DC = "http://www.w3.org/ns/oa#", "http://purl.org/dc/terms/"
_A, _LABEL = f"<{_RDF}type>", f"<{_RDFS}label>"
# What Biên Niên derives and the peers do not have.
DERIVED = (f"{_BN}foldedLabel", f"{_BN}sortKey")
_XSD, _EDTF = "http://www.w3.org/2001/XMLSchema#", "http://id.loc.gov/datatypes/edtf"

_FAMILIES = "Nguyễn Trần Lê Phạm Hoàng Vũ Đặng Bùi Đỗ Hồ Ngô Dương Lò Triệu Quàng Cầm"
_MIDDLES = "Văn Thị Hữu Đức Ngọc Minh Hải Thanh Xuân Quang"
_GIVEN = "An Bình Châu Dũng Giang Hà Hưng Khánh Lan Long Mai Nam Oanh Phương Thùy Yến"
_FIELDS = (
    "Nội vụ, Tư pháp, Tài chính, Công Thương, Giao thông vận tải, Xây dựng, Văn hóa, Y tế, "
    "Thông tin và Truyền thông, Khoa học và Công nghệ, Giáo dục và Đào tạo, Lao động"
)
_FORMS = ("official-dispatch", "plan", "meeting-report", "press-article", "decision")
_SUBJECTS = (
    "kỷ niệm 70 năm Chiến thắng Điện Biên Phủ",
    "phong trào thi đua xóa nhà tạm, nhà dột nát",
    "đẩy mạnh chuyển đổi số",
    "công tác phòng, chống thiên tai",
    "chăm lo người có công với cách mạng",
    "liên kết vùng trong phát triển thương mại điện tử",
)
_ACTS = ("Triển khai", "Báo cáo kết quả", "Phối hợp tổ chức", "Hướng dẫn", "Tuyên truyền")


def cached(folder: Path, quads: int) -> Path:
    """The file of N-Quads, made where it is not there yet."""
    file = folder / f"records-v{VERSION}-{quads}.nq"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_suffix(".unfinished")
        with unfinished.open("w", encoding="utf-8") as out:
            out.writelines(lines(quads))
        unfinished.rename(file)
    return file


def lines(quads: int) -> Iterator[str]:
    """At least `quads` lines, whole entries; every line differs from every other."""
    chance, count, number = random.Random(quads), 0, 0
    for entry in _authorities(chance):
        count += len(entry)
        yield from entry
    while count < quads:
        entries = [_record(number, chance), *([] if number % 10 else [_event(number, chance)])]
        for entry in entries:
            count += len(entry)
            yield from entry
        number += 1


def document(number: int) -> str:
    """The IRI of a document."""
    return f"{BASE}id/document/van-ban-{number}"


def province(number: int) -> str:
    """The IRI of an agency that others are subordinate to."""
    return f"{BASE}id/agency/ubnd-tinh-{number}"


def department(number: int) -> str:
    """The IRI of an agency that issues documents; 0 up to PROVINCES * DEPARTMENTS."""
    return f"{BASE}id/agency/so-{number % DEPARTMENTS}-tinh-{number // DEPARTMENTS}"


def documents_in(file: Path) -> int:
    """How many documents a file of quads has: the last entry's number, and one."""
    with file.open("rb") as quads:
        quads.seek(-4096, 2)
        last = quads.read().rsplit(b"/record/van-ban-", 1)[1]
    return int(last[: last.index(b">")]) + 1


class _Entry:
    """Lines of one named graph."""

    def __init__(self, graph: str) -> None:
        self.graph = f"{BASE}graph/{graph}"
        self.lines: list[str] = []

    def say(self, subject: str, *pairs: tuple[str, str]) -> None:
        """Statements about a subject; the pairs are terms in N-Quads."""
        for predicate, value in pairs:
            self.lines.append(f"<{subject}> {predicate} {value} <{self.graph}> .\n")


def _authorities(chance: random.Random) -> Iterator[list[str]]:
    yield _agency(f"{BASE}id/agency/chinh-phu", "Chính phủ", "Government", None)
    fields = _FIELDS.split(", ")
    for province_number in range(PROVINCES):
        name = f"Ủy ban nhân dân tỉnh số {province_number}"
        english = f"People's Committee of Province {province_number}"
        iri = province(province_number)
        yield _agency(iri, name, english, f"{BASE}id/agency/chinh-phu")
        for field in range(DEPARTMENTS):
            number = province_number * DEPARTMENTS + field
            name = f"Sở {fields[field]} tỉnh số {province_number}"
            english = f"Department {field} of Province {province_number}"
            yield _agency(department(number), name, english, iri)
            for post in ("giam-doc", "pho-giam-doc"):
                yield _person(number, post, chance)


def _agency(iri: str, name: str, english: str, above: str | None) -> list[str]:
    entry = _Entry(f"authority/{iri.rpartition('/')[2]}")
    entry.say(
        iri,
        (_A, f"<{_RICO}CorporateBody>"),
        (_LABEL, f'"{name}"@vi'),
        (_LABEL, f'"{english}"@en'),
        *([(f"<{_RICO}isOrWasSubordinateTo>", f"<{above}>")] if above else []),
    )
    for post, words in (("giam-doc", "Giám đốc"), ("pho-giam-doc", "Phó Giám đốc")):
        entry.say(
            f"{iri}#{post}",
            (_A, f"<{_RICO}Position>"),
            (_LABEL, f'"{words} {name}"@vi'),
            (f"<{_RICO}existsOrExistedIn>", f"<{iri}>"),
        )
    return entry.lines


def _person(number: int, post: str, chance: random.Random) -> list[str]:
    entry, iri = _Entry(f"authority/{post}-{number}"), f"{BASE}id/person/{post}-{number}"
    name = " ".join(chance.choice(names.split()) for names in (_FAMILIES, _MIDDLES, _GIVEN))
    entry.say(iri, (_A, f"<{_RICO}Person>"), (_LABEL, f'"{name}"@vi'))
    entry.say(
        f"{iri}#{post}",
        (_A, f"<{_RICO}PositionHoldingRelation>"),
        (f"<{_RICO}relationHasSource>", f"<{iri}>"),
        (f"<{_RICO}relationHasTarget>", f"<{department(number)}#{post}>"),
        (f"<{_BN}attestedOn>", f"<{document(number)}#date>"),
    )
    return entry.lines


def _record(number: int, chance: random.Random) -> list[str]:
    iri, agency = document(number), chance.randrange(PROVINCES * DEPARTMENTS)
    entry = _Entry(f"record/van-ban-{number}")
    title = f"{chance.choice(_ACTS)} {chance.choice(_SUBJECTS)} (văn bản {number})"
    source = f"{BASE}source/van-ban-{number}"
    _about(entry, iri, source, title)
    entry.say(
        iri,
        (_A, f"<{_RICO}Record>"),
        (_LABEL, f'"{title}"@vi'),
        (f"<{_RICO}title>", f'"V/v {title}"@vi'),
        (
            f"<{_RICO}hasDocumentaryFormType>",
            f"<{BASE}vocabulary/documentary-form/{chance.choice(_FORMS)}>",
        ),
        (f"<{_RICO}hasAuthor>", f"<{department(agency)}>"),
        (f"<{_RICO}hasAddressee>", f"<{province(agency // DEPARTMENTS)}>"),
        (f"<{_RICO}hasReceiver>", f"<{department((agency + 1) % (PROVINCES * DEPARTMENTS))}>"),
        (f"<{_RICO}hasOrHadSubject>", f"<{BASE}id/event/su-kien-{number - number % 10}>"),
        (f"<{_RICO}hasOrHadIdentifier>", f"<{iri}#number>"),
        (f"<{_RICO}hasCreationDate>", f"<{iri}#date>"),
        (f"<{_BN}signature>", f"<{iri}#signature>"),
    )
    _parts(entry, iri, agency, chance)
    _claim(entry, iri, "hasAuthor", department(agency), source, chance)
    _claim(entry, iri, "hasCreationDate", f"{iri}#date", source, chance)
    return entry.lines


def _about(entry: _Entry, iri: str, source: str, title: str) -> None:
    """The entry, and the source that it was made from."""
    entry.say(
        entry.graph,
        (_A, f"<{_BN}Entry>"),
        (f"<{_DC}title>", f'"{title}"@vi'),
        (f"<{_DC}source>", f"<{source}>"),
    )
    entry.say(
        source, (_A, f"<{_RICO}Instantiation>"), (f"<{_RICO}isOrWasInstantiationOf>", f"<{iri}>")
    )


def _parts(entry: _Entry, iri: str, agency: int, chance: random.Random) -> None:
    """Number, date and signature of a document."""
    serial = chance.randrange(1, 3000)
    entry.say(
        f"{iri}#number",
        (_A, f"<{_RICO}Identifier>"),
        (f"<{_BN}notation>", f'"{serial}/SO-VP"'),
        (f"<{_RICO}textualValue>", f'"Số: {serial}/SO-VP"'),
    )
    _date(entry, f"{iri}#date", chance)
    post = chance.choice(("giam-doc", "pho-giam-doc"))
    entry.say(
        f"{iri}#signature",
        (_A, f"<{_BN}Signature>"),
        (f"<{_BN}signer>", f"<{BASE}id/person/{post}-{agency}>"),
        (f"<{_BN}signerPosition>", f"<{department(agency)}#{post}>"),
    )


def _date(entry: _Entry, iri: str, chance: random.Random) -> None:
    year, month, day = (chance.randint(*span) for span in ((1954, 2024), (1, 12), (1, 28)))
    iso = f"{year}-{month:02}-{day:02}"
    entry.say(
        iri,
        (_A, f"<{_RICO}Date>"),
        (f"<{_RICO}expressedDate>", f'"ngày {day} tháng {month} năm {year}"@vi'),
        (f"<{_RICO}normalizedDateValue>", f'"{iso}"^^<{_EDTF}>'),
        (f"<{_BN}earliest>", f'"{iso}"^^<{_XSD}date>'),
        (f"<{_BN}latest>", f'"{iso}"^^<{_XSD}date>'),
    )


def _claim(
    entry: _Entry, iri: str, term: str, value: str, source: str, chance: random.Random
) -> None:
    """A claim and the passage that it rests on."""
    claim, start = f"{BASE}claim/{chance.getrandbits(80):020x}", chance.randrange(4000)
    quote = chance.choice(_SUBJECTS)
    passage = f"{source.replace('/source/', '/passage/')}/{term}-{start}"
    entry.say(
        claim,
        (_A, f"<{_BN}Claim>"),
        (f"<{_RDF}subject>", f"<{iri}>"),
        (f"<{_RDF}predicate>", f"<{_RICO}{term}>"),
        (f"<{_RDF}object>", f"<{value}>"),
        (f"<{_BN}modality>", f"<{BASE}vocabulary/modality/held>"),
        (f"<{_BN}certainty>", f"<{BASE}vocabulary/certainty/stated>"),
        (f"<{_BN}evidence>", f"<{passage}>"),
    )
    entry.say(
        passage,
        (_A, f"<{_BN}Passage>"),
        (f"<{_OA}hasSource>", f"<{source}>"),
        (f"<{_OA}hasSelector>", f"<{passage}#quote>"),
        (f"<{_OA}hasSelector>", f"<{passage}#position>"),
    )
    entry.say(
        f"{passage}#quote", (_A, f"<{_OA}TextQuoteSelector>"), (f"<{_OA}exact>", f'"{quote}"')
    )
    entry.say(
        f"{passage}#position",
        (_A, f"<{_OA}TextPositionSelector>"),
        (f"<{_OA}start>", f'"{start}"^^<{_XSD}integer>'),
        (f"<{_OA}end>", f'"{start + len(quote)}"^^<{_XSD}integer>'),
    )


def _event(number: int, chance: random.Random) -> list[str]:
    iri, entry = f"{BASE}id/event/su-kien-{number}", _Entry(f"authority/su-kien-{number}")
    entry.say(
        iri,
        (_A, f"<{_RICO}Event>"),
        (_LABEL, f'"Lễ {chance.choice(_SUBJECTS)} lần {number}"@vi'),
        (f"<{_RICO}occurredAtDate>", f"<{iri}#date>"),
        (f"<{_RICO}hasOrHadParticipant>", f"<{province(chance.randrange(PROVINCES))}>"),
        (f"<{_RICO}isOrWasSubeventOf>", f"<{BASE}id/event/su-kien-{number // 100 * 10}>"),
    )
    _date(entry, f"{iri}#date", chance)
    return entry.lines
