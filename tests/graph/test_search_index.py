# SPDX-License-Identifier: Apache-2.0
"""The search index: what is found, in which order, in which words; and that it follows."""

import random
import signal
import subprocess
import sys
import time
import unicodedata

import pytest

from biennien_graph.datafolder import DataFolder
from biennien_graph.engine.rdf import RdfFormat, n_quads, read_text
from biennien_graph.indexes.following import catch_up, folder_of
from biennien_graph.indexes.search import SearchIndex
from biennien_graph.terms import PREFIXES

DATA = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
GRAPH <urn:g> {
  place:dien-bien a rico:Place ; rdfs:label "Tỉnh Điện Biên"@vi , "Điện Biên province"@en .
  place:phu a rico:Place ; rdfs:label "Thành phố Điện Biên Phủ"@vi ;
    skos:altLabel "Mường Thanh"@vi .
  place:thanh a rico:Place ; rdfs:label "Cánh đồng Mường Thanh"@vi ; rico:note "Ở Điện Biên."@vi .
  event:lien a rico:Event ; rdfs:label "Diễn biến"@vi .
  event:a1 a rico:Event ; rdfs:label "Làm chủ cứ điểm A1"@vi ; rico:occurredAtDate <urn:none> .
  event:thi-dua a rico:Event ; rdfs:label "Xoá nhà tạm"@vi .
  doc:116 a rico:Record ; rdfs:label "Kế hoạch của tỉnh"@vi ;
    rico:hasOrHadIdentifier <https://w3id.org/biennien/id/document/116#number> ;
    bn:hasCorrection <https://w3id.org/biennien/id/document/116#correction> .
  <https://w3id.org/biennien/id/document/116#number> a rico:Identifier ;
    rico:textualValue "116-KH/TU" .
  <https://w3id.org/biennien/id/document/116#correction> a bn:Correction ;
    bn:sourceReading "đặt biệt"@vi ; bn:correctedReading "đặc biệt"@vi .
  <https://w3id.org/biennien/claim/1> a bn:Claim ; rdf:subject event:a1 ;
    rdf:predicate rico:note ; bn:evidence passage:x .
  passage:x a bn:Passage ; oa:hasSource <https://w3id.org/biennien/source/s> ;
    oa:hasSelector <https://w3id.org/biennien/passage/x#quote> .
  <https://w3id.org/biennien/passage/x#quote> a oa:TextQuoteSelector ;
    oa:exact "hơn 2.000 cán bộ, chiến sĩ đã anh dũng hi sinh ngày 7/5/1954" .
  <https://w3id.org/biennien/passage/x#position> oa:start 1256 .
  <https://w3id.org/biennien/source/s> a rico:Instantiation ; rico:isOrWasInstantiationOf doc:116 .
}
"""


def lines(trig):
    prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    return n_quads(read_text((prefixes + trig).encode(), RdfFormat.TRIG, name="test"))


def record(folder, added=(), removed=()):
    after = folder.journal.head()[0]
    return folder.record(added, removed, agent="An", message="", after=after)


@pytest.fixture
def folder(tmp_path):
    with DataFolder(tmp_path / "var") as opened:
        opened.take()
        record(opened, lines(DATA))
        yield opened


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    path = tmp_path_factory.mktemp("search") / "var"
    with DataFolder(path) as opened:
        opened.take()
        record(opened, lines(DATA))
        catch_up(path)
    return SearchIndex.read(folder_of(path))


def short(iri):
    return "/".join(iri.split("/")[-2:])


def found(index, q, **how):
    return [short(hit.thing.id) for hit in index.find(q, **how).hits]


def marked(snippet):
    return [snippet.text[start:end] for start, end in snippet.highlights]


# What is found


@pytest.mark.parametrize(
    "typed", ["Điện Biên Phủ", "điện biên phủ", "dien bien phu", "ĐIỆN BIÊN PHU"]
)
def test_a_name_is_found_however_it_is_typed(index, typed):
    assert found(index, typed) == ["place/phu"]


@pytest.mark.parametrize(
    ("typed", "thing"),
    [
        ("116/KH-TU", "document/116"),
        ("116 KH TU", "document/116"),
        ("dac biet", "document/116"),
        ("đặt biệt", "document/116"),
        ("đặc biệt", "document/116"),
        ("hy sinh", "event/a1"),
        ("liet", ""),
        ("xóa nhà", "event/thi-dua"),
        ("2000 can bo", "event/a1"),
        ("1954-05-07", "event/a1"),
        ("ngày 7 tháng 5 năm 1954", "event/a1"),
        ("chien s* dung", "event/a1"),
        ('"bo chien si"', "event/a1"),
        ('"si chien bo"', ""),
    ],
)
def test_numbers_dates_corrections_and_quotes_lead_to_the_thing(index, typed, thing):
    assert found(index, typed)[:1] == ([thing] if thing else [])


def test_what_is_not_wanted_is_left_out(index):
    assert set(found(index, "dien bien -phu -dien*")) == set()
    assert "place/phu" in found(index, "dien bien")
    assert "place/phu" not in found(index, "dien bien -phu")


@pytest.mark.parametrize(
    "typed", ["", " ", "-", "*", '"', '""', "((", "a:b", "[", "\\", "-biên", "^$", "\x02"]
)
def test_nothing_typed_is_an_error(index, typed):
    index.find(typed)
    index.things(typed)
    index.suggest(typed)


def test_hits_are_counted_by_kind_and_filtered(index):
    everything = index.find("dien bien")
    assert everything.counts == {"place": 3, "event": 1}
    assert everything.total == 4
    events = index.find("dien bien", kinds=["event"])
    assert (events.total, events.counts) == (1, everything.counts)
    assert [short(hit.thing.id) for hit in events.hits] == ["event/lien"]
    assert sorted(map(short, index.things("dien bien", "place"))) == [
        "place/dien-bien",
        "place/phu",
        "place/thanh",
    ]
    assert sorted(map(short, index.things("dien bien", "place", names=True))) == [
        "place/dien-bien",
        "place/phu",
    ]


def test_a_source_is_asked_for_by_itself_or_by_its_document(index):
    source = "https://w3id.org/biennien/source/s"
    document = "https://w3id.org/biennien/id/document/116"
    assert found(index, "hi sinh", source=source) == ["event/a1", "passage/x"]
    assert found(index, "hi sinh", source=document) == ["event/a1", "passage/x"]
    assert found(index, "hi sinh", source="urn:other") == []


def test_pages_of_hits_have_every_hit_once(index):
    whole = found(index, "dien bien")
    assert [found(index, "dien bien", limit=1, offset=n)[0] for n in range(4)] == whole


# In which order


def test_exact_diacritics_come_first_where_there_are_any(index):
    assert found(index, "diễn biến")[0] == "event/lien"
    assert found(index, "Điện Biên")[-1] == "event/lien"


def test_a_label_comes_before_another_name_before_a_note(index):
    assert found(index, "muong thanh") == ["place/thanh", "place/phu"]
    assert found(index, "điện biên")[:3] == ["place/dien-bien", "place/phu", "place/thanh"]


# In which words


def test_a_quote_leads_to_its_passage_its_claim_and_its_source(index):
    (hit,) = index.find("anh dung", kinds=["event"]).hits
    (snippet,) = hit.snippets
    assert (snippet.field, marked(snippet)) == ("quote", ["anh", "dũng"])
    assert snippet.passage == "https://w3id.org/biennien/passage/x"
    assert snippet.claim == "https://w3id.org/biennien/claim/1"
    assert snippet.source == "https://w3id.org/biennien/source/s"


def test_a_passage_says_what_it_is_evidence_for_and_of_which_document(index):
    answer = index.find("anh dung", kinds=["passage"])
    (hit,) = answer.hits
    assert [short(thing.id) for thing in hit.about] == ["event/a1"]
    assert hit.start == 1256
    assert short(answer.documents["https://w3id.org/biennien/source/s"].id) == "document/116"


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_highlights_fit_the_text_as_it_is_written(folder, form):
    note = unicodedata.normalize(form, "Đoàn đi Điện Biên Đông & <b>Đà</b> Nẵng " + "x" * 300)
    written = note.replace("\\", "")
    record(folder, lines(f'GRAPH <urn:g> {{ place:dien-bien rico:note "{written}"@vi }}'))
    catch_up(folder.path)
    (hit,) = SearchIndex.read(folder_of(folder.path)).find("bien dong da nang").hits
    snippet = hit.snippets[0]
    wanted = [unicodedata.normalize(form, word) for word in ("Biên", "Đông", "Đà", "Nẵng")]
    assert marked(snippet) == wanted


def test_a_mistyped_word_is_guessed_only_where_nothing_is_found(index):
    assert index.find("dien bein").guesses == ["điện biên", "diễn biến"]
    assert index.find("muong thnah").guesses == ["mường thanh"]
    assert index.find("dien bien").guesses == []
    assert index.find("zzzzzz").guesses == []


# Suggestions


def names(index, typed, **how):
    return [name.text for name in index.suggest(typed, **how)]


def test_suggestions_begin_as_was_typed_and_exact_ones_come_first(index):
    assert names(index, "dien bi")[0] == "Diễn biến"
    assert names(index, "điện bi")[0] == "Tỉnh Điện Biên"
    assert names(index, "cánh đ") == ["Cánh đồng Mường Thanh"]
    assert names(index, "muong th") == ["Mường Thanh", "Cánh đồng Mường Thanh"]
    assert names(index, "dien bi", kinds=["event"]) == ["Diễn biến"]
    assert names(index, "điện", language="en", kinds=["place"])[0] == "Điện Biên province"
    assert len(names(index, "d", limit=2)) <= 2
    assert names(index, "zzz") == []


# Following


def content(path):
    """Everything that an index shows, by IRI."""
    import json

    import tantivy

    opened = tantivy.Index.open(str(folder_of(path) / "search"))
    searcher = opened.searcher()
    hits = searcher.search(tantivy.Query.all_query(), 10_000).hits
    documents = [searcher.doc(address) for _, address in hits]
    shown = [(found["id"][0], json.loads(found["shown"][0])) for found in documents]
    return sorted(((iri, json.dumps(said)) for iri, said in shown if iri != "position"))


def test_a_thing_is_added_renamed_and_withdrawn(folder):
    catch_up(folder.path)
    index = SearchIndex.read(folder_of(folder.path))
    him_lam = lines('GRAPH <urn:h> { place:him-lam a rico:Place ; rdfs:label "Him Lam"@vi }')
    record(folder, him_lam)
    catch_up(folder.path)
    assert found(index, "him lam") == []
    index.refresh()
    assert found(index, "him lam") == ["place/him-lam"]
    assert index.position().number == 2
    label = [line for line in him_lam if b"label" in line]
    record(folder, lines('GRAPH <urn:h> { place:him-lam rdfs:label "Độc Lập"@vi }'), label)
    catch_up(folder.path)
    index.refresh()
    assert (found(index, "him lam"), found(index, "doc lap")) == ([], ["place/him-lam"])


QUOTE = "<https://w3id.org/biennien/passage/x#quote> oa:exact"


def test_a_quote_that_changes_changes_what_it_backs(folder):
    catch_up(folder.path)
    old = [line for line in lines(DATA) if b"exact" in line]
    record(folder, lines(f'GRAPH <urn:g> {{ {QUOTE} "chín năm" }}'), old)
    catch_up(folder.path)
    index = SearchIndex.read(folder_of(folder.path))
    assert found(index, "anh dung") == []
    assert set(found(index, "chin nam")) == {"event/a1", "passage/x"}
    record(folder, (), [line for line in lines(DATA) if b"claim/1" in line])
    catch_up(folder.path)
    index.refresh()
    assert found(index, "chin nam") == ["passage/x"]


@pytest.mark.parametrize("seed", range(3))
def test_an_index_brought_up_to_date_is_as_one_made_anew(folder, seed):
    chance = random.Random(seed)
    pool = lines(DATA) + lines(DATA.replace("<urn:g>", "<urn:h>"))
    pool += lines("""GRAPH <urn:g> {
      event:a1 rico:hasOrHadSubject <https://w3id.org/biennien/id/event/a1#date> ; a rico:Place .
      <https://w3id.org/biennien/id/event/a1#date> rico:expressedDate "rạng sáng"@vi .
      <https://w3id.org/biennien/claim/1> rdf:subject place:phu .
      <https://w3id.org/biennien/claim/2> rdf:subject <https://w3id.org/biennien/id/event/a1#date> ;
        bn:evidence passage:x .
      place:phu bn:evidence passage:x . }""")
    held = set(lines(DATA))
    for _ in range(6):
        removed = set(chance.sample(sorted(held), min(len(held), chance.randrange(12))))
        added = set(chance.sample(pool, chance.randrange(12))) - held
        if added or removed:
            record(folder, sorted(added), sorted(removed))
            held = (held - removed) | added
        catch_up(folder.path)
    followed = content(folder.path)
    for file in (folder_of(folder.path) / "search").iterdir():
        file.unlink()
    catch_up(folder.path)
    assert content(folder.path) == followed


@pytest.mark.parametrize("delay", [0.0, 0.05, 0.2, 0.4])
def test_killed_at_any_moment_it_holds_what_it_says(folder, delay):
    catch_up(folder.path)
    many = "".join(f'place:p{n} a rico:Place ; rdfs:label "Bản {n}"@vi .' for n in range(2000))
    record(folder, lines(f"GRAPH <urn:many> {{ {many} }}"))
    command = [sys.executable, "-m", "biennien_graph.indexes", str(folder.path)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        until = time.monotonic() + 30
        busy = folder_of(folder.path) / "search"
        before = len(list(busy.iterdir()))
        while len(list(busy.iterdir())) == before and time.monotonic() < until:
            time.sleep(0.001)
        time.sleep(delay)
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    index = SearchIndex.read(folder_of(folder.path))
    assert (index.position().number, len(index.things("ban", "place"))) in {(1, 0), (2, 2000)}
    assert catch_up(folder.path)["search"] == 2
    index.refresh()
    assert len(index.things("ban", "place")) == 2000


@pytest.mark.parametrize("harm", [b"", b"no index, and long enough to be none" * 99])
def test_a_damaged_index_is_made_again_and_readers_go_on(folder, harm):
    catch_up(folder.path)
    index = SearchIndex.read(folder_of(folder.path))
    for file in (folder_of(folder.path) / "search").iterdir():
        file.write_bytes(harm)
    assert catch_up(folder.path)["search"] == 1
    index.refresh()
    assert found(index, "dien bien phu") == ["place/phu"]
