# SPDX-License-Identifier: Apache-2.0
"""Pages for people: the home page, both languages, every link; and the addresses for operators."""

import json
import re
from collections import deque
from importlib import resources
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

import pytest

from biennien_graph.indexes.catalogue.selection import ORDERS
from biennien_graph.indexes.catalogue.tables import FACETS

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"
LINKED = "application/ld+json"
PAGES = [
    "/",
    "/sparql",
    "/docs",
    "/about",
    "/problems",
    "/problems/not-found",
    "/ontology",
    "/api/documents",
    "/doc/document/ke-hoach-so-khcn-bac-giang-2024",
    "/doc/agency/tinh-uy-dien-bien",
    "/doc/person/ho-chi-minh",
    "/doc/place/dien-bien",
    "/doc/event/dien-bien-phu-1954",
    "/id/event/nothing-of-the-kind",
    "/sparql?query=SELECT%20*%20%7B%20%3Fs%20a%20rico%3APlace%20%7D",
    "/sparql?query=SELEC",
]
LINKS_PER_PAGE = 40  # the crawl is bounded; what all pages share is followed once


@pytest.fixture(scope="session")
def visit(client, page):
    """A page as a browser gets it."""

    def get(path, lang=""):
        headers = {"Accept": BROWSER} | ({"Accept-Language": lang} if lang else {})
        return page(client.get(path, headers=headers, follow_redirects=True))

    return get


# The home page


@pytest.mark.parametrize(
    ("query", "header", "lang"),
    [
        ("", "", "vi"),
        ("", "vi", "vi"),
        ("", "en", "en"),
        ("", "en-GB,en;q=0.9,vi;q=0.8", "en"),
        ("", "fr, vi;q=0.5, en;q=0.4", "vi"),
        ("", "fr", "vi"),
        ("", "en;q=0, vi", "vi"),
        ("?lang=en", "vi", "en"),
        ("?lang=vi", "en", "vi"),
        ("?lang=fr", "en", "en"),
    ],
)
def test_the_reader_chooses_the_language(client, page, query, header, lang):
    headers = {"Accept": BROWSER} | ({"Accept-Language": header} if header else {})
    response = client.get(f"/{query}", headers=headers)
    assert page(response).one("html").attributes["lang"] == lang
    assert response.headers["content-language"] == lang
    assert {"Accept", "Accept-Language"} <= set(response.headers["vary"].split(", "))


@pytest.mark.parametrize("path", PAGES)
def test_every_page_leads_to_itself_in_the_other_language(client, page, path):
    headers = {"Accept": BROWSER, "Accept-Language": "vi"}
    response = client.get(path, headers=headers, follow_redirects=True)
    found = page(response)
    (link,) = found.all("a", class_="language")
    other = client.get(response.url.join(link.attributes["href"]), headers=headers)
    assert link.attributes["hreflang"] == "en"
    assert page(other).one("html").attributes["lang"] == "en"
    assert other.status_code == response.status_code


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_home_page_counts_what_is_here(client, visit, lang):
    counts = visit("/", lang).one("ul", class_="counts").all("li")
    numbers = [int(re.sub(r"\D", "", item.one("strong").text)) for item in counts]
    assert len(numbers) == 7
    assert all(number > 0 for number in numbers)
    for item, number in zip(counts[:5], numbers, strict=False):
        (link,) = item.links()
        assert client.get(link).json()["total"] == number


def test_numbers_are_grouped_as_the_language_does(visit):
    assert re.search(r"\b\d\.\d{3}\b", visit("/", "vi").one("ul", class_="counts").text)
    assert re.search(r"\b\d,\d{3}\b", visit("/", "en").one("ul", class_="counts").text)


def test_the_home_page_lists_the_five_records(visit):
    records = visit("/").one("ol", class_="records").links()
    assert len(set(records)) == 5
    for link in records:
        assert visit(link).one("h1").text


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_example_query_runs_and_gives_rows(client, visit, lang):
    examples = visit("/", lang).one("ul", class_="examples").all("a", class_="question")
    assert len(examples) >= 5
    for example in examples:
        assert example.text.strip()
        response = client.get(example.attributes["href"], headers={"Accept": "text/csv"})
        assert response.status_code == 200, response.text
        assert len(response.text.splitlines()) > 1, f"no rows for: {example.text}"
        table = visit(example.attributes["href"], lang)
        assert table.one("h1").text == example.text
        assert table.one("tbody").all("tr")


def test_the_commands_on_the_home_page_name_real_addresses(client, service, visit):
    code = visit("/").all("pre")[-1].text
    addresses = re.findall(rf"{re.escape(service.url)}[^\s'\"]*", code)
    assert len(addresses) >= 3
    for address in addresses:
        response = client.get(address, follow_redirects=True)
        assert response.status_code == 200, address


# Links


def test_every_link_leads_somewhere(client, service, page, visit):
    """From the home page and one page per class; bounded, and each address once."""
    seen = {}
    waiting = deque(["/", *PAGES[2:10], "/passage/001_31dc08a855a07e54/87-112.html"])
    for start in list(waiting):
        links = {}
        found = visit(start)
        for link in [*found.links(), *(item.attributes["href"] for item in found.all("link"))]:
            address = urldefrag(str(client.base_url.join(link)))
            if address.url.startswith(service.url) and address.url not in seen:
                links.setdefault(address.url, start)
        for address, origin in list(links.items())[:LINKS_PER_PAGE]:
            seen[address] = origin
            response = client.get(address, headers={"Accept": BROWSER}, follow_redirects=True)
            assert response.status_code == 200, f"{address} (from {origin})"
    assert len(seen) > 60


@pytest.mark.parametrize("path", ["/doc/document/ke-hoach-so-khcn-bac-giang-2024", "/docs", "/"])
def test_links_into_a_page_find_their_place(client, service, visit, path):
    """`/ontology#earliest` and the like: the fragment is the id of an element there."""
    pages = {}
    fragments = {
        urldefrag(link)
        for link in visit(path).links()
        if link.startswith(service.url) and "#" in link
    }
    for target in sorted(fragments):
        if target.url not in pages:
            text = client.get(target.url, headers={"Accept": BROWSER}, follow_redirects=True).text
            pages[target.url] = set(re.findall(r'\bid="([^"]+)"', text))
        assert target.fragment in pages[target.url], f"{target.url} has no #{target.fragment}"


# Words


def test_every_word_of_the_interface_is_there_in_both_languages():
    words = json.loads(resources.files("biennien_api").joinpath("words.json").read_text("utf-8"))
    for name, said in words.items():
        assert set(said) == {"vi", "en"}, name
        assert all(text.strip() for text in said.values()), name
    package = Path(str(resources.files("biennien_api")))
    code = "".join(
        file.read_text("utf-8")
        for file in [*package.rglob("*.py"), *package.glob("templates/*.html")]
    )
    language = r"(?:lang, |language_of\(request\), )?"
    used = set(re.findall(rf'\bsay\({language}"([a-z0-9-]+)"\)', code))
    families = tuple(re.findall(r'\bsay\("([a-z]+-)" \+ ', code))  # say("state-" + state)
    used |= {name for name in words if name.startswith(families)}
    assert used <= set(words), "a page says what has no words"
    lists = {"documents", "agencies", "people", "places", "events", "claims", "passages"}
    composed = {name for name in words if name.startswith("kind-")}  # say("kind-" ~ hit.kind)
    composed |= {name for name in words if name.startswith("covered-")}
    composed |= {f"facet-{facet}" for facet in FACETS} | {f"sort-{order}" for order in ORDERS}
    composed |= {"date-overlap", "date-within"}
    assert composed <= set(words)
    assert set(words) <= used | lists | composed, "words that no page says"


@pytest.mark.parametrize("path", PAGES)
def test_every_page_speaks_one_language(visit, path):
    """The frame of a page has no word of the other language but the link to it."""
    vietnamese, english = visit(path, "vi"), visit(path, "en")
    assert "Văn bản" in vietnamese.one("header").text
    assert "Documents" in english.one("header").text
    assert "Documents" not in vietnamese.one("header").text
    assert "Văn bản" not in english.one("header").text


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_made_for_a_phone_and_for_readers_of_screens(visit, path):
    found = visit(path)
    (viewport,) = found.all("meta", name="viewport")
    assert "width=device-width" in viewport.attributes["content"]
    assert len(found.all("h1")) == 1
    assert found.one("title").text.strip()
    assert found.one("main").attributes["id"] == "content"
    (skip,) = found.all("a", class_="skip")
    assert skip.attributes["href"] == "#content"
    labelled = {label.attributes["for"] for label in found.all("label")}
    for control in [*found.all("input"), *found.all("select"), *found.all("textarea")]:
        assert "aria-label" in control.attributes or control.attributes["id"] in labelled


# Headers


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_sent_with_care(client, path):
    response = client.get(path, headers={"Accept": BROWSER}, follow_redirects=True)
    policy = response.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "server" not in response.headers
    # Data in a script element is not run, and no policy is asked (HTML, "prepare the script").
    text = re.sub(r'<script type="application/ld\+json">[^<]*</script>', "", response.text)
    assert not re.search(r"<script(?! src=)|style=|\bon\w+=", text), "the policy would block it"


@pytest.mark.parametrize("path", PAGES[:10])
def test_pages_load_nothing_from_elsewhere(client, service, visit, path):
    found = visit(path)
    loaded = [
        *(link.attributes["href"] for link in found.all("link", rel="stylesheet")),
        *(element.attributes["src"] for element in found.all("img")),
        *(e.attributes["src"] for e in found.all("script") if e.attributes.get("type") != LINKED),
    ]
    assert loaded
    for address in loaded:
        assert urlsplit(address).netloc in ("", urlsplit(service.url).netloc)
        assert client.get(address).status_code == 200


# For operators


def test_health_and_readiness(client):
    health = client.get("/healthz")
    assert health.status_code == 200
    assert health.json() == {"status": "ok"}
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json()["status"] == "ok"
    assert ready.json()["position"] >= 1
    assert ready.json()["workers"] >= 1
    for response in (health, ready):
        assert response.headers["cache-control"] == "no-store"


def test_the_documentation_names_every_path_of_the_rest_layer(client, visit):
    text = visit("/docs").one("main").text
    for path, methods in client.get("/openapi.json").json()["paths"].items():
        assert all(f"{method.upper()} {path}" in text for method in methods)


@pytest.mark.parametrize("path", ["/nothing", "/static/nothing.css", "/../words.json", "/apis"])
def test_an_unknown_address_is_not_found(client, problem, page, path):
    problem(client.get(path), 404)
    response = client.get(path, headers={"Accept": BROWSER})
    assert response.status_code == 404
    assert page(response).one("h1").text
