# SPDX-License-Identifier: Apache-2.0
"""Pages are for those who logged in, and forms only for their own session."""

import itertools
import re

import httpx
import pytest
from stewards import entry, opened

from biennien_graph.datafolder import DataFolder

NUMBERS = itertools.count(1)
HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def office(small_folder, serve, tmp_path_factory):
    with opened(tmp_path_factory.mktemp("pages"), small_folder, serve) as found:
        yield found


@pytest.fixture
def browser(office):
    """A client that keeps cookies, as a browser does: `browser("an")` is logged in."""
    opened_clients = []

    def open_one(who: str = ""):
        client = httpx.Client(base_url=office.service.url, headers=HTML, timeout=60)
        opened_clients.append(client)
        if who:
            answer = client.post("/login", data={"token": getattr(office, who).token})
            assert answer.status_code == 303, answer.text
        return client

    yield open_one
    for client in opened_clients:
        client.close()


def slug() -> str:
    return f"trang-{next(NUMBERS)}"


def csrf(client, address: str = "/submissions/new") -> str:
    return re.search(r'name="csrf" value="([^"]+)"', client.get(address).text)[1]


def submit(client, number: int, **fields: str) -> httpx.Response:
    page = f"/submissions/{number}"
    revision = re.search(r'name="revision" value="(\d+)"', client.get(page).text)[1]
    return client.post(page, data={"csrf": csrf(client), "revision": revision, **fields})


def test_whoever_is_not_logged_in_is_sent_to_the_login_and_back(office, browser):
    client = browser()
    sent = client.get("/submissions/new?withdraw=urn:g")
    assert sent.status_code == 303
    login = sent.headers["location"]
    answer = client.post(login, data={"token": office.mai.token})
    assert answer.headers["location"] == f"{office.service.url}submissions/new?withdraw=urn:g"
    assert "urn:g" in client.get(answer.headers["location"]).text


@pytest.mark.parametrize("elsewhere", ["https://other.example/", "//other.example", "/\\other"])
def test_the_login_leads_nowhere_else(office, browser, elsewhere):
    answer = browser().post("/login", params={"next": elsewhere}, data={"token": office.mai.token})
    assert answer.headers["location"] == f"{office.service.url}submissions"


def test_the_cookie_is_not_for_scripts_nor_for_other_places(office, browser):
    answer = browser().post("/login", data={"token": office.mai.token})
    attributes = answer.headers["set-cookie"].split("; ")[1:]
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(attributes)


def test_under_https_the_cookie_is_secure(small_folder, serve, tmp_path):
    with opened(tmp_path, small_folder, serve, public_url="https://bn.example/kho/") as office:
        answer = httpx.post(f"{office.service.url}login", data={"token": office.mai.token})
    assert "; Secure" in answer.headers["set-cookie"]
    assert "Path=/kho/" in answer.headers["set-cookie"]


def test_a_wrong_token_is_told_in_the_form(browser):
    answer = browser().post("/login", data={"token": "bn_0_wrong"}, params={"lang": "vi"})
    assert answer.status_code == 403
    assert "Mã truy cập không đúng" in answer.text
    assert "set-cookie" not in answer.headers


def test_an_entry_is_pasted_looked_at_discussed_and_approved(office, browser, page):
    mai, an, name = browser("mai"), browser("an"), slug()
    form = {"csrf": csrf(mai), "message": "thêm một người", "entry": entry(name).decode()}
    sent = mai.post("/submissions/new", data=form)
    assert sent.status_code == 303, sent.text
    number = int(sent.headers["location"].rpartition("/")[2])
    assert 'value="approve"' not in mai.get(sent.headers["location"]).text
    shown = an.get(sent.headers["location"])
    page(shown)
    assert "Nguyễn Thị Thử" in shown.text
    assert submit(an, number, action="comment", text="Tốt <b>lắm</b>").status_code == 303
    assert "Tốt &lt;b&gt;lắm" in mai.get(sent.headers["location"]).text
    assert submit(an, number, action="approve").status_code == 303
    assert office.an.get(number).json()["state"] == "published"


def test_files_are_uploaded_and_a_form_that_fails_keeps_what_was_written(browser):
    mai, name = browser("mai"), slug()
    fields = {"csrf": csrf(mai), "message": "một tệp hỏng"}
    broken = {"file": ("a.ttl", entry(name)[:-20], "text/turtle")}
    answer = mai.post("/submissions/new", data=fields, files=broken)
    assert answer.status_code == 400
    assert "một tệp hỏng" in answer.text
    assert "a.ttl" in answer.text
    whole = {"file": ("a.ttl", entry(name), "text/turtle")}
    assert mai.post("/submissions/new", data=fields, files=whole).status_code == 303


def test_an_amendment_begins_with_what_was_sent(office, browser):
    number, mai = office.mai.proposed(entry(slug(), "Tên Cần Sửa")), browser("mai")
    page = mai.get(f"/submissions/{number}/amend")
    assert "Tên Cần Sửa" in page.text
    fields = {"csrf": csrf(mai), "revision": "1", "message": "đã sửa"}
    answer = mai.post(
        f"/submissions/{number}/amend", data=fields | {"entry": entry(slug(), "Đã Sửa").decode()}
    )
    assert answer.status_code == 303, answer.text
    assert office.an.get(number).json()["revision"] == 2


def test_a_conflict_is_shown_side_by_side(office, browser):
    name = slug()
    office.published(entry(name, "Tên Cũ"))
    one, two = (office.mai.proposed(entry(name, label)) for label in ("Tên Một", "Tên Hai"))
    office.an.act("approve", one)
    an = browser("an")
    answer = submit(an, two, action="approve")
    assert answer.status_code == 409
    for words in ("Xung đột", "Tên Cũ", "Tên Một", "Tên Hai"):
        assert words in answer.text


@pytest.mark.parametrize("given", ["", "wrong"])
@pytest.mark.parametrize("address", ["/submissions/new", "/submissions/1", "/logout"])
def test_a_form_without_the_session_s_own_value_is_refused(browser, address, given):
    answer = browser("mai").post(address, data={"csrf": given} if given else {"message": "gì"})
    assert answer.status_code == 403
    assert "Biểu mẫu" in answer.text


def test_a_form_that_another_site_sends_is_refused(browser):
    mai = browser("mai")
    form = {"csrf": csrf(mai), "message": "gì", "entry": entry(slug()).decode()}
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert mai.post("/submissions/new", data=form, headers=headers).status_code == 403


def test_the_value_of_one_session_is_none_of_another_s(browser):
    mai, an = browser("mai"), browser("an")
    answer = an.post("/submissions/new", data={"csrf": csrf(mai), "message": "gì"})
    assert answer.status_code == 403


def test_programs_cannot_use_the_cookie(browser, problem):
    problem(browser("an").get("/api/submissions", headers={"Accept": "application/json"}), 401)


def test_a_token_that_is_revoked_ends_its_session_at_once(office, browser):
    with DataFolder(office.service.data) as folder:
        token = folder.tokens.create("Người Sắp Nghỉ", "steward")
    client = browser()
    client.post("/login", data={"token": token})
    value = csrf(client)
    with DataFolder(office.service.data) as folder:
        folder.tokens.revoke(token.split("_")[1])
    form = {"csrf": value, "message": "gì", "entry": entry(slug()).decode()}
    answer = client.post("/submissions/new", data=form)
    assert answer.status_code == 401
    assert "đã bị thu hồi" in answer.text
    assert client.get("/submissions").status_code == 303  # the cookie is gone, too


def test_who_logs_out_is_out_and_the_cookie_is_worth_nothing_more(browser):
    client = browser("mai")
    cookie = client.cookies["biennien_session"]
    assert client.post("/logout", data={"csrf": csrf(client)}).status_code == 303
    again = browser()
    again.cookies.set("biennien_session", cookie)
    assert again.get("/submissions").status_code == 401


def test_the_audit_log_is_for_administrators_and_tells_who_was_refused(office, browser):
    number = office.an.proposed(entry(slug()))
    office.an.act("approve", number)
    assert browser("an").get("/audit").status_code == 403
    text = browser("quan").get("/audit").text
    assert "refused: Nobody approves their own submission." in text
    with DataFolder(office.service.data) as folder:
        assert folder.audit.verify() > 5


def test_a_token_that_is_used_too_often_has_to_wait(small_folder, serve, tmp_path):
    with opened(tmp_path, small_folder, serve, token_rate="5") as office:
        said = [office.mai.client.get("/api/submissions").status_code for _ in range(7)]
        assert said[0] == 200
        assert said[-1] == 429
        assert office.an.client.get("/api/submissions").status_code == 200
