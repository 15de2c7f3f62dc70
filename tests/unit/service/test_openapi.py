import json

import pytest
from pydantic import TypeAdapter

from edge_core.service import (
    history_schema,
    item_schema,
    schema,
    site_schema,
    suggestion_schema,
    visits_schema,
)
from edge_core.service.api import create_app
from edge_core.service.sse import messages

MODULES = (
    schema,
    site_schema,
    item_schema,
    visits_schema,
    suggestion_schema,
    history_schema,
)


@pytest.fixture
def openapi(state):
    return create_app(state).openapi()


def test_every_endpoint_has_a_summary_a_description_and_an_example(openapi):
    assert set(openapi["paths"]) == {
        "/v1/site",
        "/v1/directory",
        "/v1/routes",
        "/v1/closures",
        "/v1/closures/{closure}",
        "/v1/live",
        "/v1/tags",
        "/v1/garments",
        "/v1/items",
        "/v1/items/events",
        "/v1/till",
        "/v1/products",
        "/v1/products/{sku}/style",
        "/v1/requests",
        "/v1/requests/{request}/answers",
        "/v1/why-not",
        "/v1/history/series",
        "/v1/history/heat",
        "/v1/history/heat/difference",
        "/v1/history/dwell",
        "/v1/history/flows",
        "/v1/history/flows/next",
        "/v1/history/demographics",
        "/v1/history/funnel",
        "/v1/history/windows",
        "/v1/history/items",
        "/v1/counts",
        "/v1/occupancy",
        "/v1/visits",
        "/v1/staff",
        "/v1/rates",
        "/v1/stream",
        "/v1/suggestions/sessions",
        "/v1/suggestions/sessions/show",
        "/v1/suggestions/sessions/end",
        "/v1/suggestions/stores",
        "/v1/suggestions/corrections",
        "/v1/suggestions/coupon",
        "/v1/suggestions/take-home",
        "/v1/suggestions/list",
        "/v1/suggestions/items",
        "/v1/suggestions/outfits",
        "/v1/suggestions/redemptions",
        "/health",
        "/metrics",
    }
    for operations in openapi["paths"].values():
        for operation in operations.values():
            answer = operation["responses"]["200"]
            assert operation["summary"]
            assert operation["description"]
            assert all("example" in content for content in answer["content"].values())


def test_examples_are_what_their_models_say(openapi):
    checked = 0
    for operations in openapi["paths"].values():
        answers = [it for told in operations.values() for it in told["responses"].values()]
        for answer in answers:
            content = answer.get("content", {})
            named = next(iter(content.get("application/json", {}).get("schema", {}).values()), "")
            name = named.rsplit("/", 1)[-1]
            model = next((it for where in MODULES if (it := getattr(where, name, None))), None)
            if model is not None and "example" in content["application/json"]:
                example = content["application/json"]["example"]
                view = TypeAdapter(model).validate_json(json.dumps(example), strict=True)
                assert set(example) <= set(model.model_fields)
                assert view.model_dump(mode="json", include=set(example)) == _plain(view, example)
                checked += 1
            problem = content.get("application/problem+json")
            if problem is not None:
                schema.ProblemView.model_validate(problem["example"], strict=True)
                checked += 1
    assert checked >= 41


def test_the_example_of_the_stream_parses(openapi):
    content = openapi["paths"]["/v1/stream"]["get"]["responses"]["200"]["content"]
    text = content["text/event-stream"]["example"]
    kinds = [message.kind for message in messages([text.encode()])]
    assert kinds == ["position", "event", "counts"]


def _plain(view, example):
    """The example with the defaults it leaves out filled in."""
    return type(view).model_validate(example).model_dump(mode="json", include=set(example))
