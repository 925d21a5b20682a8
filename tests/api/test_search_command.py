# SPDX-License-Identifier: Apache-2.0
"""`biennien search`."""

import json
import shutil

import pytest


@pytest.fixture(scope="module")
def copy(data_folder, tmp_path_factory):
    folder = tmp_path_factory.mktemp("searched") / "data"
    shutil.copytree(data_folder, folder)
    return folder


def test_it_prints_hits_with_the_words_and_their_document(biennien, copy):
    outcome = biennien("search", "--data", copy, "--limit", "3", "hơn 2.000", "cán bộ")
    assert outcome.code == 0
    assert "https://w3id.org/biennien/id/event/lam-chu-cu-diem-a1-1954" in outcome.out
    assert "hơn 2.000 cán bộ, chiến sĩ" in outcome.out
    assert "— Cục Thương mại điện tử" in outcome.out


def test_json_is_for_programs(biennien, copy):
    outcome = biennien("search", "--json", "--data", copy, "--kind", "place", "dien bien")
    found = json.loads(outcome.out)
    assert found["items"][0]["id"] == "https://w3id.org/biennien/id/place/dien-bien"
    assert {item["kind"] for item in found["items"]} == {"place"}
    assert found["total"] == found["counts"]["place"]


def test_nothing_found_is_no_failure_and_is_guessed_about(biennien, copy):
    outcome = biennien("search", "--data", copy, "dein", "bien")
    assert outcome.code == 0
    assert "Did you mean: điện biên" in outcome.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--kind", "war", "x"], "document, agency"),
        (["--lang", "fr", "x"], "vi, en"),
        (["--data", "nowhere", "x"], "biennien load"),
    ],
)
def test_wrong_use_is_told_in_a_sentence(biennien, copy, arguments, said):
    outcome = biennien("search", "--data", copy, *arguments)
    assert outcome.code == 2
    assert said in outcome.err
