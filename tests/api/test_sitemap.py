# SPDX-License-Identifier: Apache-2.0
"""`/robots.txt`, `/sitemap.xml` and the heads of pages: what crawlers are told."""

import datetime
import shutil
from urllib import robotparser
from urllib.parse import urlsplit
from xml.etree import ElementTree

import httpx
import pytest

NAMESPACE = "https://w3id.org/biennien/"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"
_SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
_LINK = "{http://www.w3.org/1999/xhtml}link"
PAGES = ["/", "/about", "/docs", "/problems", "/api/places", "/api/places?q=dien&limit=5"]


def read(client, path):
    """A sitemap."""
    response = client.get(path)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("application/xml")
    return ElementTree.fromstring(response.content)


@pytest.fixture(scope="module")
def entries(client, service):
    """Every entry of every part, by its address."""
    parts = [loc.text for loc in read(client, "/sitemap.xml").iter(f"{_SITEMAP}loc")]
    assert all(part.startswith(service.url) for part in parts)
    urls = [url for part in parts for url in read(client, part).iter(f"{_SITEMAP}url")]
    return {url.find(f"{_SITEMAP}loc").text: url for url in urls}


# robots.txt


def test_crawlers_are_kept_from_what_is_computed_for_each_address(client, service):
    response = client.get("/robots.txt")
    assert response.headers["content-type"].startswith("text/plain")
    assert f"Sitemap: {service.url}sitemap.xml" in response.text.splitlines()
    rules = robotparser.RobotFileParser()
    rules.parse(response.text.splitlines())
    for path in ("", "about", "doc/event/dien-bien-phu-1954", "ontology", "api/events"):
        assert rules.can_fetch("*", service.url + path), path
    for path in ("sparql", "sparql?query=ASK%20%7B%7D", "graphs?default"):
        assert not rules.can_fetch("*", service.url + path), path
    assert "Disallow: /api/*?" in response.text


def test_behind_a_prefix_the_rules_are_for_the_prefix(serve, small_folder, tmp_path):
    shutil.copytree(small_folder, tmp_path / "data")
    public = "https://archive.example/annals/"
    with serve(tmp_path / "data", tmp_path / "log", public_url=public) as found:
        text = httpx.get(f"{found.url}robots.txt").text
        index = httpx.get(f"{found.url}sitemap.xml").text
    assert "Disallow: /annals/sparql" in text
    assert f"Sitemap: {public}sitemap.xml" in text
    assert f"<loc>{public}sitemap/people-1.xml</loc>" in index


# The sitemap


def test_everything_with_a_page_is_listed_once(entries, rows, service):
    wanted = {
        row["x"].removeprefix(NAMESPACE)
        for row in rows(
            f"""SELECT DISTINCT ?x {{
              VALUES ?class {{ rico:Record rico:RecordSet rico:Group rico:CorporateBody rico:Person
                rico:Place rico:Event rico:Activity skos:Concept rico:Instantiation }}
              ?x a ?class FILTER(STRSTARTS(STR(?x), "{NAMESPACE}") && !CONTAINS(STR(?x), "#")) }}"""
        )
    }
    assert len(wanted) > 200
    listed = {address.removeprefix(service.url) for address in entries}
    assert {f"doc/{path[3:]}" if path.startswith("id/") else path for path in wanted} <= listed


def test_every_entry_leads_to_a_page(client, entries):
    addresses = sorted(entries)
    for address in [*addresses[::23], *(a for a in addresses if a.count("/") < 5)]:
        response = client.get(address, headers={"Accept": BROWSER})
        assert response.status_code == 200, address
        assert response.headers["content-type"].startswith("text/html")


def test_an_entry_has_both_languages_and_the_time_of_its_last_change(entries, service):
    entry = entries[f"{service.url}doc/event/dien-bien-phu-1954"]
    languages = {link.get("hreflang"): link.get("href") for link in entry.iter(_LINK)}
    address = f"{service.url}doc/event/dien-bien-phu-1954"
    assert languages == {
        "vi": f"{address}?lang=vi", "en": f"{address}?lang=en", "x-default": address
    }  # fmt: skip
    assert datetime.datetime.fromisoformat(entry.find(f"{_SITEMAP}lastmod").text)


def test_an_unchanged_sitemap_is_not_sent_again(client):
    for path in ("/sitemap.xml", "/sitemap/pages.xml", "/sitemap/places-1.xml"):
        tag = client.get(path).headers["etag"]
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
        head = client.head(path)
        assert (head.status_code, head.headers["etag"], head.content) == (200, tag, b"")


def test_an_unknown_part_says_which_there_are(client, problem):
    for name in ("places-2", "places", "planets-1", "places-0", "-1"):
        assert "places-1" in problem(client.get(f"/sitemap/{name}.xml"), 404)["known"]


# Heads


@pytest.mark.parametrize("path", PAGES)
def test_a_page_says_where_it_is_in_each_language(client, page, service, path):
    for asked in (path, f"{path}{'&' if '?' in path else '?'}lang=en"):
        head = page(client.get(asked, headers={"Accept": BROWSER})).one("head")
        (canonical,) = head.all("link", rel="canonical")
        assert canonical.attributes["href"] == service.url.rstrip("/") + path
        languages = {
            link.attributes["hreflang"]: link.attributes["href"]
            for link in head.all("link", rel="alternate")
            if "hreflang" in link.attributes
        }
        assert set(languages) == {"vi", "en", "x-default"}
        for lang in ("vi", "en"):
            found = page(client.get(languages[lang], headers={"Accept": BROWSER}))
            assert found.one("html").attributes["lang"] == lang


def test_a_page_can_be_shared(client, page, service):
    address = "doc/event/dien-bien-phu-1954"
    head = page(client.get(f"/{address}", headers={"Accept": BROWSER})).one("head")
    said = {
        meta.attributes["property"]: meta.attributes["content"]
        for meta in head.all("meta")
        if "property" in meta.attributes
    }
    assert said["og:title"] == head.one("title").text
    assert said["og:url"] == f"{service.url}{address}"
    assert said["og:locale"] == "vi_VN"
    (canonical,) = head.all("link", rel="canonical")
    assert canonical.attributes["href"] == f"{NAMESPACE}id/event/dien-bien-phu-1954"


def test_errors_are_not_indexed(client, page):
    head = page(client.get("/nothing", headers={"Accept": BROWSER})).one("head")
    assert head.one("meta", name="robots").attributes["content"] == "noindex"
    assert not head.all("link", rel="canonical")


def test_the_pages_for_crawlers_are_on_this_host(entries, service):
    assert {urlsplit(address).netloc for address in entries} == {urlsplit(service.url).netloc}
