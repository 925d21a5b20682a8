# SPDX-License-Identifier: Apache-2.0
"""The OpenAPI description: valid, whole, with examples that run; and the service keeps to it."""

import json

import jsonschema
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from openapi_spec_validator import validate as validate_openapi
from schemathesis.specs.openapi.checks import positive_data_acceptance

PATHS = ("documents", "agencies", "people", "places", "events", "claims", "timeline", "network")


@pytest.fixture(scope="module")
def openapi(client):
    """The service's own description of its REST layer."""
    response = client.get("/openapi.json")
    assert response.headers["content-type"].startswith("application/json")
    return response.json()


def operations(openapi):
    for path, methods in openapi["paths"].items():
        assert set(methods) == {"get"}
        yield path, methods["get"]


def examples(operation):
    """Each parameter with each of its examples."""
    for parameter in operation["parameters"]:
        for example in parameter["schema"].get("examples", []):
            yield parameter["name"], example


def test_the_description_is_valid_and_whole(openapi):
    validate_openapi(openapi)
    assert set(openapi["paths"]) >= {f"/api/{name}" for name in PATHS}


def test_every_operation_and_parameter_is_described_with_an_example(openapi):
    for path, operation in operations(openapi):
        assert operation["summary"], path
        assert operation["description"], path
        for parameter in operation["parameters"]:
            assert parameter["description"], (path, parameter["name"])
            assert parameter["schema"].get("examples"), (path, parameter["name"])


def test_every_example_runs_and_the_answer_is_as_documented(client, openapi):
    for path, operation in operations(openapi):
        documented = operation["responses"]["200"]["content"]
        for name, example in [("", ""), *examples(operation)]:
            response = client.get(path, params={name: example} if name else {})
            assert response.status_code == 200, (path, name, response.text[:300])
            media_type = response.headers["content-type"].partition(";")[0]
            schema = documented[media_type]["schema"]
            jsonschema.validate(response.json(), schema)


def test_every_documented_format_is_given(client, openapi):
    for path, operation in operations(openapi):
        for media_type in operation["responses"]["200"]["content"]:
            headers = {"Accept": media_type}
            response = client.get(path, headers=headers)
            assert response.headers["content-type"].partition(";")[0] == media_type


def test_every_documented_error_is_a_problem_document(openapi):
    for path, operation in operations(openapi):
        for status, response in operation["responses"].items():
            if status != "200":
                assert list(response["content"]) == ["application/problem+json"], (path, status)


@pytest.mark.parametrize("name", PATHS)
def test_nothing_that_is_made_up_breaks_the_service(client, openapi, name):
    """Values may be refused that a schema cannot tell: a date, a cursor, what nobody knows."""
    schema = schemathesis.openapi.from_dict(json.loads(json.dumps(openapi)))
    schema.config.base_url = str(client.base_url)
    cases = schema[f"/api/{name}"]["GET"].as_strategy()

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
