# SPDX-License-Identifier: Apache-2.0
"""`/about`: for people who want to know whether they can build on the data."""

import csv
import hashlib

import pytest

from biennien_graph import resources

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"


@pytest.fixture
def about(client, page):
    """The page in a language."""
    return lambda lang: page(
        client.get("/about", headers={"Accept": BROWSER, "Accept-Language": lang})
    )


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_page_says_what_is_covered_and_what_not(about, lang):
    found = about(lang)
    ids = {element.attributes.get("id") for element in found.all("h2")}
    assert {"covered", "not-covered", "made", "sources", "where", "cite", "license"} <= ids
    assert "contact" not in ids, "nobody has said where to write to"
    assert found.all("a", rel="license")


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_source_is_counted_as_sparql_counts(about, rows, lang):
    counted = rows(
        """SELECT ?source ?sha (COUNT(DISTINCT ?passage) AS ?p) (COUNT(DISTINCT ?claim) AS ?c) {
          ?passage a bn:Passage ; oa:hasSource ?source . ?source schema:sha256 ?sha .
          ?claim bn:evidence ?passage ; a bn:Claim } GROUP BY ?source ?sha"""
    )
    shown = {}
    for line in about(lang).one("tbody").all("tr"):
        _, passages, claims, _, digest = line.all("td")
        numbers = [cell.text.replace(".", "").replace(",", "") for cell in (passages, claims)]
        shown[digest.one("code").attributes["title"]] = numbers
    assert shown == {row["sha"]: [row["p"], row["c"]] for row in counted}


def test_what_becomes_of_each_text_adds_up(about):
    shares = [span.text for span in about("en").one("tbody").all("span")]
    assert len(shares) == len(list((resources.folder("data") / "records").glob("*.tsv")))
    for text in shares:
        numbers = [float(part.split(": ")[1].rstrip(" %")) for part in text.split(" · ")]
        assert sum(numbers) == pytest.approx(100, abs=0.3)
        assert text.startswith("carries claims")


def test_the_digests_are_those_of_the_texts(about, sources):
    digests = {code.attributes["title"] for code in about("vi").one("tbody").all("code")}
    texts = {hashlib.sha256(file.read_bytes()).hexdigest() for file in sources.glob("00*.txt")}
    assert texts <= digests


def test_every_kind_of_range_has_its_words():
    kinds = set()
    for file in (resources.folder("data") / "records").glob("*.tsv"):
        with file.open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
            kinds |= {row["status"] for row in reader}
    assert kinds <= {"claims", "rhetoric", "heading", "caption", "furniture", "unrelated"}


def test_the_home_page_leads_to_it(client, page, service):
    home = page(client.get("/", headers={"Accept": BROWSER}))
    assert f"{service.url}about" in home.one("main").links()
