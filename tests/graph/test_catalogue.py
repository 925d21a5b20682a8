# SPDX-License-Identifier: Apache-2.0
"""The catalogue says after any change what it would say if it were made anew."""

import contextlib
import random

import pytest

from biennien_graph.datafolder import DataFolder
from biennien_graph.engine.rdf import RdfFormat, n_quads, read_text
from biennien_graph.folding import sort_key
from biennien_graph.indexes.catalogue import Catalogue
from biennien_graph.indexes.catalogue.claims import Claims
from biennien_graph.indexes.catalogue.resolving import Resolver, Unknown
from biennien_graph.indexes.catalogue.selection import Filters, Reader, Span
from biennien_graph.indexes.following import catch_up, folder_of
from biennien_graph.terms import PREFIXES

_TABLES = {
    "thing": "iri, kind, (SELECT iri FROM node WHERE id = class), vi, en, sort, earliest, latest",
    "facet": "(SELECT iri FROM node WHERE id = thing), facet, "
    "(SELECT iri FROM node WHERE id = value), kind",
    "claim": "iri, sort, object, (SELECT iri FROM node WHERE id = modality)",
    "dated": "(SELECT iri FROM node WHERE id = thing), node, earliest, latest, kind",
    "name": "(SELECT iri FROM node WHERE id = thing), folded",
    "brief": "node, triples",
}


def lines(trig):
    prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    return set(n_quads(read_text((prefixes + trig).encode(), RdfFormat.TRIG, name="test")))


def record(folder, added=(), removed=()):
    after = folder.journal.head()[0]
    return folder.record(added, removed, agent="An", message="", after=after)


@pytest.fixture
def folder(tmp_path):
    with DataFolder(tmp_path / "var") as opened:
        opened.take()
        yield opened


@contextlib.contextmanager
def reading(folder):
    catch_up(folder.path)
    catalogue = Catalogue.read(folder_of(folder.path))
    with contextlib.closing(catalogue), catalogue.reading() as (sql, _):
        yield sql


def content(folder):
    with reading(folder) as sql:
        return {
            table: sorted(map(repr, sql.execute(f"SELECT {columns} FROM {table}")))
            for table, columns in _TABLES.items()
        } | {"posting": postings(sql)}


def postings(sql):
    """Each set, by the IRIs of what is in it."""
    from pyroaring import BitMap

    names = dict(sql.execute("SELECT id, iri FROM node"))
    rows = sql.execute("SELECT kind, facet, value, size, things FROM posting")
    return sorted(
        (kind, facet, names[value], size, sorted(names[n] for n in BitMap.deserialize(things)))
        for kind, facet, value, size, things in rows
    )


def found(folder, kind, *, span=None, order="label", **wanted):
    """The slugs of what passes some filters, in order."""
    with reading(folder) as sql:
        resolver, reader = Resolver(sql), Reader(sql)
        values = {name: resolver.values(name, value) for name, value in wanted.items()}
        filters = Filters(kind, values, (span,) if span else ())
        page = reader.page(kind, reader.hits(filters), order, None, 100, back=False)
        names = dict(sql.execute("SELECT id, iri FROM node"))
        return [names[number].rpartition("/")[2] for number in page.things]


def counts(folder, kind, facet):
    with reading(folder) as sql:
        names = dict(sql.execute("SELECT id, iri FROM node"))
        counted, _ = Reader(sql).counts(Filters(kind), facet, 100)
        return {names[value].rpartition("/")[2]: count for value, count in counted}


CLAIM = """{} a bn:Claim ; rdf:subject {} ; rdf:predicate rdfs:label ; rdf:object 'x' ;
  bn:modality <urn:held> ; bn:evidence <urn:passage> ; bn:attestedOn {}"""


def statements(chance):
    """A random statement about one of a few things."""
    events = [f"event:e{n}" for n in range(4)]
    places = [f"place:p{n}" for n in range(4)]
    bodies = [f"agency:a{n}" for n in range(3)]
    day = f"20{chance.randrange(10, 30)}-01-01"
    node, claim = chance.choice(events), f"claim:c{chance.randrange(6)}"
    date = f"<{PREFIXES['event']}{node[6:]}#date>"
    return chance.choice(
        [
            f"{node} a rico:Event",
            f"{chance.choice(places)} a rico:Place",
            f"{chance.choice(bodies)} a {chance.choice(['rico:Group', 'rico:Person'])}",
            f"{node} rdfs:label '{chance.choice(['Đà', 'Da', 'Ấn'])}'@vi",
            f"{node} rico:hasOrHadLocation {chance.choice(places)}",
            f"{node} rico:hasOrHadParticipant {chance.choice(bodies)}",
            f"{date} rico:hasOrHadParticipant {chance.choice(bodies)}",
            f"{chance.choice(places)} rico:isOrWasContainedBy {chance.choice(places)}",
            f"{node} rico:occurredAtDate <{PREFIXES['event']}e{chance.randrange(4)}#date>",
            f"{date} rico:normalizedDateValue '{day}' ; bn:earliest '{day}' ; bn:latest '{day}'",
            CLAIM.format(claim, node, date),
            "<urn:passage> oa:hasSource <urn:source>",
            "<urn:source> a rico:Instantiation",
        ]
    )


@pytest.mark.parametrize("seed", range(4))
def test_brought_up_to_date_is_as_good_as_made_anew(folder, seed):
    chance = random.Random(seed)
    present = set()
    for _ in range(12):
        changed = set()
        for _ in range(chance.randrange(1, 12)):
            changed |= lines(f"GRAPH <urn:g{chance.randrange(2)}> {{ {statements(chance)} }}")
        gone = {line for line in present if chance.random() < 0.15} - changed
        record(folder, sorted(changed - present), sorted(gone))
        present = (present | changed) - gone
        followed = content(folder)
    for file in folder_of(folder.path).glob("catalogue.sqlite*"):
        file.unlink()
    anew = content(folder)
    for table, rows in anew.items():
        assert rows == followed[table], table


INSIDE = """GRAPH <urn:g> {
  place:tinh a rico:Place . place:huyen a rico:Place ; rico:isOrWasContainedBy place:tinh .
  place:xa a rico:Place ; rico:isOrWasContainedBy place:huyen .
  place:khac a rico:Place .
  event:a a rico:Event ; rico:hasOrHadLocation place:xa .
  event:b a rico:Event ; rico:hasOrHadLocation place:tinh , place:xa .
  event:c a rico:Event ; rico:hasOrHadLocation place:khac .
}"""


def test_a_place_stands_for_all_that_lies_in_it(folder):
    record(folder, sorted(lines(INSIDE)))
    assert found(folder, "events", place="tinh") == ["a", "b"]
    assert found(folder, "events", place="huyen") == ["a", "b"]
    assert found(folder, "places", place="tinh") == ["huyen", "xa"]
    assert counts(folder, "events", "place") == {"tinh": 2, "huyen": 2, "xa": 2, "khac": 1}


def test_a_change_of_what_contains_what_is_seen_at_once(folder):
    record(folder, sorted(lines(INSIDE)))
    assert found(folder, "events", place="tinh") == ["a", "b"]
    gone = lines("GRAPH <urn:g> { place:xa rico:isOrWasContainedBy place:huyen }")
    new = lines("GRAPH <urn:g> { place:khac rico:containsOrContained place:xa }")
    axiom = "GRAPH <urn:o> { rico:containsOrContained owl:inverseOf rico:isOrWasContainedBy }"
    record(folder, sorted(new | lines(axiom)), sorted(gone))
    assert found(folder, "events", place="tinh") == ["b"]


def test_places_in_a_circle_do_no_harm(folder):
    circle = "GRAPH <urn:g> { place:tinh rico:isOrWasContainedBy place:xa }"
    record(folder, sorted(lines(INSIDE) | lines(circle)))
    assert found(folder, "events", place="xa") == ["a", "b"]
    assert counts(folder, "events", "place")["huyen"] == 2


DATES = """GRAPH <urn:g> {
  event:open a rico:Event ; rico:occurredAtDate <urn:d1> .
  <urn:d1> rico:normalizedDateValue "[..2024-08-09]" ; bn:latest "2024-08-09" .
  event:month a rico:Event ; rico:occurredAtDate <urn:d2> .
  <urn:d2> rico:normalizedDateValue "2024-03" ; bn:earliest "2024-03-01" ; bn:latest "2024-03-31" .
  event:two a rico:Event ; rico:occurredAtDate <urn:d2> , <urn:d3> .
  <urn:d3> rico:normalizedDateValue "2025" ; bn:earliest "2025-01-01" ; bn:latest "2025-12-31" .
  event:undated a rico:Event .
}"""


@pytest.mark.parametrize(
    ("first", "last", "may", "certainly"),
    [
        ("2024-03-15", "2024-03-20", {"open", "month", "two"}, set()),
        ("2024-01-01", "2024-12-31", {"open", "month", "two"}, {"month"}),
        ("2024-06-01", "2024-06-30", {"open"}, set()),
        ("2024-01-01", "2025-12-31", {"open", "month", "two"}, {"month", "two"}),
        (None, "2024-12-31", {"open", "month", "two"}, {"open", "month"}),
    ],
)
def test_what_may_have_been_then_and_what_certainly_was(folder, first, last, may, certainly):
    from datetime import date

    record(folder, sorted(lines(DATES)))
    days = [date.fromisoformat(day).toordinal() if day else 0 for day in (first, last)]
    assert set(found(folder, "events", span=Span(*days))) == may
    assert set(found(folder, "events", span=Span(*days, certainly=True))) == certainly
    assert found(folder, "events", order="date")[-1] == "undated"
    assert found(folder, "events", order="-date")[-1] == "undated"


@pytest.mark.parametrize("size", [3, 1500])
def test_few_hits_and_many_are_counted_alike(folder, size):
    many = "".join(
        f"event:e{n} a rico:Event ; rico:hasOrHadLocation place:p{n % 7} ."
        f"place:p{n % 7} a rico:Place ; rico:isOrWasContainedBy place:all ."
        for n in range(size)
    )
    record(folder, sorted(lines(f"GRAPH <urn:g> {{ {many} place:all a rico:Place }}")))
    expected = {f"p{k}": len(range(k, size, 7)) for k in range(min(7, size))}
    assert counts(folder, "events", "place") == expected | {"all": size}
    with reading(folder) as sql:
        most, more = Reader(sql).counts(Filters("events"), "place", 2)
        assert [count for _, count in most] == [size, max(expected.values())]
        assert more


def test_pages_of_many_things_are_in_order_whatever_the_way_there(folder):
    chance = random.Random(1)
    labels = [f"{chance.choice('AĂÂBCDĐEÊ')}{chance.choice('àáạ')}{n}" for n in range(900)]
    things = "".join(f"event:e{n} a rico:Event ; rdfs:label '{text}'@vi . " for n, text in
                     enumerate(labels))  # fmt: skip
    record(folder, sorted(lines(f"GRAPH <urn:g> {{ {things} }}")))
    expected = [f"e{n}" for n, _ in sorted(enumerate(labels), key=lambda pair: sort_key(pair[1]))]
    with reading(folder) as sql:
        names = dict(sql.execute("SELECT id, iri FROM node"))
        reader = Reader(sql)
        hits, place, walked = reader.hits(Filters("events")), None, []
        while page := reader.page("events", hits, "label", place, 70, back=False):
            walked += [names[n].rpartition("/")[2] for n in page.things]
            place = page.last
            if not page.more:
                break
        assert walked == expected
        few = type(hits)(sorted(hits)[::11])
        page = reader.page("events", few, "-label", None, 500, back=False)
        chosen = {names[n].rpartition("/")[2] for n in few}
        shown = [names[n].rpartition("/")[2] for n in page.things]
        assert shown == [slug for slug in expected[::-1] if slug in chosen]


def test_a_claim_is_found_by_each_of_its_parts(folder):
    claim = """GRAPH <urn:g> { event:e a rico:Event . agency:a a rico:Group .
      claim:c a bn:Claim ; rdf:subject <https://w3id.org/biennien/id/event/e#part> ;
      rdf:predicate rico:hasOrHadParticipant ; rdf:object agency:a ; bn:evidence <urn:p> .
      <urn:p> a bn:Passage ; oa:hasSource <urn:s> . }"""
    record(folder, sorted(lines(claim)))
    with reading(folder) as sql:
        number = dict(sql.execute("SELECT iri, id FROM node"))
        event, agency = number[f"{PREFIXES['event']}e"], number[f"{PREFIXES['agency']}a"]
        for name, value in (
            ("subject", (event, event)),
            ("object", (f"{PREFIXES['agency']}a", agency)),
            ("predicate", (number[f"{PREFIXES['rico']}hasOrHadParticipant"],)),
            ("passage", (number["urn:p"],)),
            ("source", (number["urn:s"],)),
        ):
            claims = Claims({name: [value]})
            assert claims.total(sql) == 1, name
            page, more = claims.page(sql, None, 5, back=False)
            assert [iri for _, iri in page] == [f"{PREFIXES['claim']}c"]
            assert not more
        assert Claims({"subject": [(agency, agency)]}).total(sql) == 0


def test_what_is_unknown_is_told_with_what_may_be_meant(folder):
    record(folder, sorted(lines(INSIDE)))
    with reading(folder) as sql:
        resolver = Resolver(sql)
        with pytest.raises(Unknown) as caught:
            resolver.values("place", "huyenn")
    assert [name.iri for name in caught.value.similar] == [f"{PREFIXES['place']}huyen"]
