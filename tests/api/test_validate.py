# SPDX-License-Identifier: Apache-2.0
"""`/api/validate` and `/validate`: a report on any entry, for anybody, stored nowhere."""

import json
import shutil

import jsonschema
import pyoxigraph as ox
import pytest

from biennien_api.stewardship.validation_description import EXAMPLE
from biennien_graph import resources
from biennien_graph.terms import PREFIXES

SHACL = PREFIXES["sh"]
LINE = EXAMPLE[: EXAMPLE.index("hasAuthro")].count("\n") + 1
FINE = EXAMPLE.replace("  rico:hasAuthro <id/document/ke-hoach-116-kh-tu-2024> ;\n", "")
TURTLE = {"Content-Type": "text/turtle"}


@pytest.fixture(scope="module")
def validate(client):
    def post(content, media_type="text/turtle", accept="application/json", of=client, **params):
        headers = {"Content-Type": media_type, "Accept": accept}
        data = content.encode() if isinstance(content, str) else content
        return of.post("/api/validate", content=data, headers=headers, params=params)

    return post


def test_a_misspelt_property_is_found_with_its_line_and_the_nearest(validate):
    response = validate(EXAMPLE, lang="vi", name="vi-du.ttl")
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    report = response.json()
    assert (report["conforms"], report["language"]) == (False, "vi")
    (found,) = [r for r in report["results"] if r["sourceShape"].endswith("term#known")]
    assert (found["file"], found["line"], found["column"]) == ("vi-du.ttl", LINE, 18)
    assert "Viết rico:hasAuthor" in found["mend"]
    assert found["focusLabel"] == "Nguyễn Văn Ví Dụ"
    assert {"line": LINE, "text": EXAMPLE.splitlines()[LINE - 1]} in found["excerpt"]
    assert report["summary"]["violations"] >= 1


def test_what_is_published_need_not_be_repeated_and_is_not_said_twice(validate):
    known = validate(FINE).json()
    assert known["conforms"] is True
    again = FINE.replace("Nguyễn Văn Ví Dụ", "Hồ chí Minh")
    (found,) = [
        r for r in validate(again).json()["results"] if "likely-duplicate" in r["sourceShape"]
    ]
    assert found["value"] == "https://w3id.org/biennien/id/person/ho-chi-minh"
    assert found["severity"] == "Warning"


def test_a_number_that_is_published_is_found(validate):
    text = """@base <https://w3id.org/biennien/> .
    @prefix bn: <https://w3id.org/biennien/ontology#> .
    @prefix rico: <https://www.ica.org/standards/RiC/ontology#> .
    <graph/record/x> a bn:Entry .
    <id/document/x> a rico:Record ; rico:hasAuthor <id/agency/ubnd-tinh-bac-giang> ;
      rico:hasOrHadIdentifier <id/document/x#number> .
    <id/document/x#number> a rico:Identifier ; bn:serialNumber "869" ; bn:notation "UBND-KGVX" ."""
    results = validate(text).json()["results"]
    (found,) = [r for r in results if r["sourceShape"].endswith("document#same-number")]
    assert found["value"].endswith("/cong-van-869-ubnd-kgvx-2024")
    assert found["severity"] == "Violation"


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize(
    "record", sorted((resources.folder("data") / "records").glob("*.ttl"))[:1], ids=lambda f: f.stem
)
def test_a_bundled_entry_conforms(validate, record, lang):
    assert validate(record.read_bytes(), lang=lang).json()["conforms"] is True


# Representations


@pytest.mark.parametrize(
    ("accept", "media_type", "syntax"),
    [
        ("text/turtle", "text/turtle", ox.RdfFormat.TURTLE),
        ("application/ld+json", "application/ld+json", ox.RdfFormat.JSON_LD),
    ],
)
def test_the_report_is_had_as_shacl(validate, accept, media_type, syntax):
    response = validate(EXAMPLE, accept=accept)
    assert response.headers["content-type"].startswith(media_type)
    quads = list(ox.parse(response.content, format=syntax))
    report = ox.NamedNode(f"{SHACL}ValidationReport")
    assert [q for q in quads if q.object == report]
    assert [q for q in quads if q.object == ox.NamedNode(f"{SHACL}Violation")]


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("json", "application/json"), ("ttl", "text/turtle"), ("jsonld", "application/ld+json"),
     ("html", "text/html"), ("text", "text/plain")],
)  # fmt: skip
def test_a_format_may_be_named(validate, name, media_type):
    response = validate(EXAMPLE, format=name)
    assert response.headers["content-type"].startswith(media_type)


def test_text_is_without_colours(validate):
    text = validate(EXAMPLE, accept="text/plain", lang="en").text
    assert f"entry:{LINE}:18: Violation: Nguyễn Văn Ví Dụ · rico:hasAuthro" in text
    assert "\033" not in text


def test_an_unknown_format_is_not_acceptable(validate, problem):
    problem(validate(EXAMPLE, accept="image/png"), 406)
    problem(validate(EXAMPLE, format="yaml"), 406)


def test_the_example_of_the_description_runs_and_is_answered_as_described(client, validate):
    openapi = client.get("/openapi.json").json()
    operation = openapi["paths"]["/api/validate"]["post"]
    content = operation["requestBody"]["content"]
    example = content["text/turtle"]["example"]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    whole = {**schema, "components": openapi["components"]}
    jsonschema.validate(validate(example).json(), whole)
    jsonschema.validate(validate("nonsense").json(), whole)


# Many files, forms


def test_many_files_are_seen_together(client):
    other = EXAMPLE.replace("vi-du", "hai").replace("hasAuthro", "hasAuthr")
    files = [
        ("file", ("mot.ttl", EXAMPLE.encode(), "text/turtle")),
        ("file", ("hai.ttl", other.encode(), "application/octet-stream")),
        ("file", ("ba.jsonld", b'{"@id": ', "")),
    ]
    report = client.post("/api/validate?lang=en", files=files).json()
    assert [file["name"] for file in report["files"]] == ["mot.ttl", "hai.ttl", "ba.jsonld"]
    named = {r["file"] for r in report["results"] if r["sourceShape"].endswith("term#known")}
    assert named == {"mot.ttl", "hai.ttl"}
    (unread,) = [r for r in report["results"] if r["sourceShape"].endswith("file#readable")]
    assert (unread["file"], unread["line"]) == ("ba.jsonld", 1)


def test_a_pasted_text_is_taken_with_the_line_ends_of_a_browser(client, page):
    fields = {"entry": EXAMPLE.replace("\n", "\r\n"), "syntax": ""}
    response = client.post("/validate?lang=vi", data=fields)
    assert response.status_code == 200
    found = page(response)
    assert f"dòng {LINE}" in found.text
    assert "Cần sửa trước khi đề nghị công bố." in found.text
    assert "rico:hasAuthro" in found.one("textarea").text
    assert "Viết rico:hasAuthor, nếu ý là vậy." in found.text
    assert [e for e in found.all("span", class_="here") if "hasAuthro" in e.text]


@pytest.mark.parametrize(
    ("lang", "words"), [("vi", "Kiểm tra mục dữ liệu"), ("en", "Validate an entry")]
)
def test_the_page_takes_a_text_or_files_without_any_script(client, page, lang, words):
    found = page(client.get("/validate", params={"lang": lang}))
    assert found.one("h1").text == words
    form = found.one("form", method="post")
    assert form.attributes["enctype"] == "multipart/form-data"
    assert [e.attributes["src"].rpartition("/")[2] for e in found.all("script")] == ["suggest.js"]
    assert len(form.all("option")) == 7


def test_the_page_says_so_where_all_is_fine(client, page):
    files = [("file", ("vi-du.ttl", FINE.encode(), "text/turtle"))]
    found = page(client.post("/validate?lang=vi", files=files))
    assert "Mọi thứ đều ổn." in found.text
    assert "đề nghị công bố" in found.text


def test_warnings_do_not_stand_in_the_way(client, page):
    text = FINE.replace("Nguyễn Văn Ví Dụ", "Hồ Chí Minh")
    found = page(client.post("/validate?lang=vi", data={"entry": text}))
    assert "Không có lỗi." in found.text
    assert any(link.endswith("/doc/person/ho-chi-minh") for link in found.one("main").links())


def test_an_empty_form_shows_the_form_again(client, page):
    assert page(client.post("/validate?lang=en", data={"entry": " "})).one("h1").text == (
        "Validate an entry"
    )


def test_the_text_that_was_sent_cannot_become_a_part_of_the_page(client, page):
    text = EXAMPLE.replace("Nguyễn Văn Ví Dụ", "<script>alert(1)</script>")
    response = client.post("/validate?lang=vi", data={"entry": text})
    assert "<script>" not in response.text
    assert "alert(1)" in page(response).text


# Bad input


@pytest.mark.parametrize(
    ("content", "media_type", "words"),
    [
        (EXAMPLE.encode("utf-16"), "text/turtle", "UTF-16"),
        (b'<urn:s> <urn:p> "\xf0\xf5n th\xfd" .', "text/turtle", "Windows-1258"),
        (EXAMPLE[: len(EXAMPLE) // 2].encode(), "text/turtle", "is it whole?"),
        (EXAMPLE.encode(), "application/ld+json", "Turtle is sent as text/turtle"),
        (b'{"@id": "urn:x"}', "text/turtle", "send it as application/ld+json"),
        (b'{"@context": "https://a.example/c", "@id": "urn:x"}', "application/ld+json", "fetched"),
        (b'<!DOCTYPE r [<!ENTITY a "b">]><r/>', "application/rdf+xml", "entities are not read"),
        (b"[" * 100_000, "application/ld+json", "nested too deeply"),
    ],
    ids=["utf-16", "windows-1258", "cut", "turtle as json", "json as turtle", "context", "entity",
         "nested"],
)  # fmt: skip
def test_what_cannot_be_read_is_answered_clearly(validate, content, media_type, words):
    response = validate(content, media_type, lang="en")
    assert response.status_code == 200
    report = response.json()
    assert report["conforms"] is False
    assert words in report["results"][0]["mend"]


def test_a_mark_at_the_beginning_of_a_file_is_no_mistake(validate):
    assert validate(b"\xef\xbb\xbf" + FINE.encode()).json()["conforms"] is True


def test_what_is_no_syntax_of_rdf_is_refused_with_what_is_taken(validate, problem):
    found = problem(validate(EXAMPLE, "image/png"), 415)
    assert "text/turtle" in found["known"]


def test_nothing_at_all_is_refused(validate, problem):
    assert "nothing to validate" in problem(validate(b"  "), 400)["detail"]


def test_a_broken_form_is_refused(validate, problem):
    problem(validate(b"nonsense", "multipart/form-data; boundary=x"), 400)
    problem(validate(b"nonsense", "multipart/form-data"), 400)


def test_too_much_is_refused(validate, problem, small_client):
    problem(validate("# " * 2048 + EXAMPLE, of=small_client), 413)


def test_a_wrong_method_names_the_right_one(client, problem):
    found = problem(client.get("/api/validate"), 405)
    assert "POST" in found["allowed"]


# Limits


def test_what_takes_too_long_is_stopped_and_the_next_is_answered(
    serve, data_folder, tmp_path, validate, problem
):
    import httpx

    shutil.copytree(data_folder, tmp_path / "data")
    people = "".join(
        f'<id/person/p{n}> a rico:Person ; rdfs:label "Người {n}"@vi , "P {n}"@en ; '
        f'bn:evidence [ oa:hasSource <source/x> ; oa:exact "x" ; oa:start {n} ] .\n'
        for n in range(4000)
    )
    with (
        serve(tmp_path / "data", tmp_path / "log", query_seconds="5") as service,
        httpx.Client(base_url=service.url, timeout=60) as client,
    ):
        found = problem(validate(EXAMPLE + people, of=client), 413)
        assert "5 s" in found["detail"]
        assert validate("nonsense", of=client).status_code == 200
    assert json.dumps(found)


def test_nothing_is_left_of_what_was_validated(service, validate):
    validate(EXAMPLE)
    assert list(service.data.glob("validate-*")) == []
