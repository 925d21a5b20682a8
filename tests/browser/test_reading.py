# SPDX-License-Identifier: Apache-2.0
"""A historian with a telephone: the pages in a real browser, 390 pixels wide."""

import shutil
import time

import pytest

from biennien_api.stewardship.validation_description import EXAMPLE

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DRIVER = shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(
    CHROMIUM is None or DRIVER is None,
    reason="install Chromium and its driver (Debian: chromium, chromium-driver) for these tests",
)
SEARCH = "/api/search?q=hi+sinh"
PLAN = "/doc/document/ke-hoach-so-khcn-bac-giang-2024"


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    profile = tmp_path_factory.mktemp("chromium")
    for argument in (
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--window-size=390,844", "--accept-lang=vi", f"--user-data-dir={profile}",
    ):  # fmt: skip
        options.add_argument(argument)
    options.add_experimental_option(
        "mobileEmulation", {"deviceMetrics": {"width": 390, "height": 844}}
    )
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options, webdriver.ChromeService(str(DRIVER)))
    yield driver
    driver.quit()


def text_of(browser) -> str:
    return browser.find_element("tag name", "main").text


@pytest.mark.parametrize(
    "path", ["/", PLAN, "/api/agencies", "/sparql", "/validate", "/docs", "/ontology", SEARCH]
)
def test_a_page_fits_the_screen_and_loads_without_complaint(browser, client, path):
    browser.get(str(client.base_url).rstrip("/") + path)
    wide, screen = browser.execute_script(
        "return [document.scrollingElement.scrollWidth, window.innerWidth]"
    )
    assert wide <= screen
    assert browser.execute_script("return getComputedStyle(document.body).backgroundColor") != (
        "rgba(0, 0, 0, 0)"
    )
    complaints = browser.get_log("browser")
    assert complaints == []


def test_the_pages_speak_vietnamese_and_change_to_english(browser, client):
    browser.get(str(client.base_url).rstrip("/") + PLAN)
    assert "Các nhận định" in text_of(browser)
    browser.find_element("link text", "English").click()
    assert "Statements" in text_of(browser)


def test_a_statement_shows_its_passage_and_leads_to_it(browser, client):
    browser.get(str(client.base_url).rstrip("/") + "/doc/event/lam-chu-cu-diem-a1-1954")
    quote = browser.find_element("xpath", "//blockquote[contains(., 'hơn 2.000')]")
    quote.find_element("xpath", ".//a[contains(@href, '/passage/')]").click()
    assert "hơn 2.000 cán bộ, chiến sĩ" in text_of(browser)


def test_an_example_question_is_answered_in_a_table(browser, client):
    browser.get(str(client.base_url).rstrip("/") + "/")
    browser.find_element("css selector", ".examples .question").click()
    assert browser.find_elements("css selector", "tbody tr")


def test_the_list_is_filtered_by_what_is_typed_without_diacritics(browser, client):
    browser.get(str(client.base_url).rstrip("/") + "/api/places")
    box = browser.find_element("id", "q")
    box.send_keys("quang truong")
    box.submit()
    members = [found.text for found in browser.find_elements("css selector", ".members li")]
    assert len(members) == 1
    assert "Quảng trường 7/5" in members[0]


def test_the_search_box_suggests_finds_and_marks(browser, client):
    browser.get(str(client.base_url).rstrip("/") + "/")
    box = browser.find_element("id", "search")
    box.send_keys("dien bi")
    until = time.monotonic() + 10
    while not (names := browser.find_elements("css selector", "#search-names option")):
        assert time.monotonic() < until, "no suggestions"
        time.sleep(0.05)
    assert names[0].get_attribute("value") == "Điện Biên"
    box.submit()
    hits = browser.find_elements("css selector", ".hits > li")
    assert "Điện Biên" in hits[0].text
    assert hits[0].find_elements("tag name", "mark")


def test_a_mistyped_address_leads_to_a_page_with_what_was_meant(browser, client):
    browser.get(str(client.base_url).rstrip("/") + "/id/person/tran-quoc")
    assert "Không có gì ở địa chỉ này" in text_of(browser)
    browser.find_element("link text", "Trần Quốc Cường").click()
    assert "Trần Quốc Cường" in browser.title


def test_a_steward_sees_what_is_wrong_with_an_entry(browser, client):
    """With a telephone, in Vietnamese: paste, press, read the line and how to mend it."""
    from selenium.webdriver.support.wait import WebDriverWait

    browser.get(str(client.base_url).rstrip("/") + "/validate?lang=vi")
    browser.find_element("id", "entry").send_keys(EXAMPLE)
    browser.find_element("css selector", "form.query button").click()
    WebDriverWait(browser, 30).until(lambda page: page.find_elements("css selector", ".verdict"))
    assert "Cần sửa trước khi đề nghị công bố." in text_of(browser)
    finding = browser.find_element("css selector", ".finding.violation")
    assert "Viết rico:hasAuthor, nếu ý là vậy." in finding.text
    assert "hasAuthro" in finding.find_element("css selector", ".here").text
    wide, screen = browser.execute_script(
        "return [document.scrollingElement.scrollWidth, window.innerWidth]"
    )
    assert wide <= screen
    assert "rico:hasAuthro" in browser.find_element("id", "entry").get_attribute("value")
