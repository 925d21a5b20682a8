# SPDX-License-Identifier: Apache-2.0
"""The OpenAPI description: valid, whole, with examples that run; and the service keeps to it."""

import json

import jsonschema
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from openapi_spec_validator import validate as validate_openapi
from schemathesis.specs.openapi.checks import positive_data_acceptance

LISTS = ("documents", "agencies", "people", "places", "events", "claims", "timeline", "network")
PATHS = (*(f"/api/{name}" for name in (*LISTS, "search", "suggest")), "/doc/{class}/{slug}")


@pytest.fixture(scope="module")
def openapi(client):
    """The service's own description of its REST layer."""
    response = client.get("/openapi.json")
    assert response.headers["content-type"].startswith("application/json")
    return response.json()


OPEN = {*PATHS, "/id/{class}/{slug}", "/sparql"}  # to everybody; the rest is stewardship


def operations(openapi):
    for path, methods in openapi["paths"].items():
        if path in OPEN:
            assert set(methods) == {"get"}
            yield path, methods["get"]


def requests(path, operation):
    """A request with nothing but what it must have, and one for each example of a parameter."""
    needed = {
        parameter["name"]: parameter["schema"]["examples"][0]
        for parameter in operation["parameters"]
        if parameter["required"]
    }
    yield path.format(**needed), {}
    for parameter in operation["parameters"]:
        for example in parameter["schema"]["examples"]:
            name = parameter["name"]
            if parameter["in"] == "path":
                yield path.format(**needed | {name: example}), {}
            else:
                yield path.format(**needed), {name: example}


@pytest.fixture(scope="module")
def valid(openapi):
    """Whether a response is what a schema of the description says; dates are dates."""

    def judge(found, schema):
        whole = {**schema, "components": openapi["components"]}
        checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
        errors = jsonschema.Draft202012Validator(whole, format_checker=checker).iter_errors(found)
        return not [error.message[:300] for error in errors]

    return judge


def test_the_description_is_valid_and_whole(openapi):
    validate_openapi(openapi)
    assert set(openapi["paths"]) >= OPEN
    for path in set(openapi["paths"]) - OPEN:
        for operation in openapi["paths"][path].values():
            assert operation["summary"], path
            assert operation["description"], path
            assert all(p["description"] for p in operation.get("parameters", [])), path


def test_every_operation_and_parameter_is_described_with_an_example(openapi):
    for path, operation in operations(openapi):
        assert operation["summary"], path
        assert operation["description"], path
        for parameter in operation["parameters"]:
            assert parameter.get("description"), (path, parameter["name"])
            assert parameter["schema"].get("examples"), (path, parameter["name"])


def test_every_example_runs_and_the_answer_is_as_documented(client, openapi, valid):
    for path, operation in operations(openapi):
        expected = next(code for code in operation["responses"] if code in ("200", "303"))
        documented = operation["responses"][expected].get("content", {})
        accept = {"Accept": "application/ld+json, application/sparql-results+json, */*;q=0.1"}
        for address, parameters in requests(path, operation):
            response = client.get(address, params=parameters, headers=accept)
            assert response.status_code == int(expected), (path, parameters, response.text[:300])
            if documented:
                media_type = response.headers["content-type"].partition(";")[0]
                schema = documented[media_type]["schema"]
                assert valid(response.json(), schema), (path, parameters)


def test_every_documented_format_is_given(client, openapi):
    for path, operation in operations(openapi):
        address, _ = next(requests(path, operation))
        if path in PATHS:
            for media_type in operation["responses"]["200"]["content"]:
                response = client.get(address, headers={"Accept": media_type})
                assert response.headers["content-type"].partition(";")[0] == media_type


@pytest.mark.parametrize("name", LISTS[:5])
def test_the_items_of_a_list_are_things_by_the_schema_of_their_class(client, openapi, valid, name):
    """Whole ones by that of a whole thing, and those with some keys by that of a part."""
    schema = openapi["paths"][f"/api/{name}"]["get"]["responses"]["200"]["content"]
    whole, part = schema["application/ld+json"]["schema"]["properties"]["items"]["items"]["anyOf"]
    for item in client.get(f"/api/{name}?limit=200").json()["items"]:
        assert valid(item, whole), item["id"]
    for item in client.get(f"/api/{name}?fields=id,label&limit=10").json()["items"]:
        assert valid(item, part)
        assert not valid(item, whole)
        assert not valid(item | {"label": "x"}, part)


@pytest.mark.parametrize("suffix", ["jsonld", "json", "html", "csv", "geojson"])
def test_a_suffix_names_a_format_as_well_as_a_parameter(client, suffix):
    by_suffix = client.get(f"/api/events.{suffix}?limit=2", headers={"Accept": "image/png"})
    by_name = client.get(f"/api/events?limit=2&format={suffix}")
    assert by_suffix.status_code == by_name.status_code == 200
    assert by_suffix.headers["content-type"] == by_name.headers["content-type"]
    if suffix in ("jsonld", "json"):
        assert by_suffix.json()["items"] == by_name.json()["items"]
        assert by_suffix.json()["id"] == by_name.json()["id"]
        following = by_suffix.json()["view"]["next"]
        assert f"/api/events.{suffix}?" in following
        assert client.get(following, headers={"Accept": "*/*"}).json()["items"]


@pytest.mark.parametrize("name", [*LISTS, "search"])
def test_every_list_has_a_suffix_and_tells_which_there_are(client, problem, name):
    assert client.get(f"/api/{name}.jsonld").json()["@context"].endswith("/context/v1.jsonld")
    known = problem(client.get(f"/api/{name}.pdf"), 406)
    assert "jsonld" in json.dumps(known)


def test_every_documented_error_is_a_problem_document(openapi):
    for path, methods in openapi["paths"].items():
        for operation in methods.values():
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    assert list(response["content"]) == ["application/problem+json"], (path, status)


@pytest.mark.parametrize("name", PATHS)
def test_nothing_that_is_made_up_breaks_the_service(client, openapi, name):
    """Values may be refused that a schema cannot tell: a date, a cursor, what nobody knows."""
    schema = schemathesis.openapi.from_dict(json.loads(json.dumps(openapi)))
    schema.config.base_url = str(client.base_url)
    cases = schema[name]["GET"].as_strategy()

    @given(case=cases)
    @settings(
        max_examples=25,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def check(case):
        case.call_and_validate(excluded_checks=[positive_data_acceptance])

    check()
