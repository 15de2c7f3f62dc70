"""Asks an app everything its OpenAPI allows and much that it forbids, and tells what went wrong."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from schemathesis import openapi
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "use_after_free",
)
NOT_ASKED = (
    "negative_data_rejection",  # "7" may stand for 7 in a query, and 0 for false
    "missing_required_header",
    "ensure_resource_availability",
    "ignored_auth",
    "positive_data_acceptance",  # what is well formed may still name what is not there
    "allow_header_conformance",
    "object_level_authorization",
)


@dataclass
class Answers:
    """What came of it.

    Attributes:
        inputs: how many requests were answered.
        statuses: how often each status was.
        faults: by check and operation, an example of each.
    """

    inputs: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    faults: dict[str, str] = field(default_factory=dict)


class FromEverywhere:
    """Lets every request come from another address, or its rate is all that is ever tested."""

    def __init__(self, app: Any) -> None:
        self._app, self._numbers = app, count()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise RuntimeError("nothing else is asked; the app needs no start for it")
        number = next(self._numbers)
        scope["client"] = (f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}", 1)
        await self._app(scope, receive, send)


def ask_everything(
    app: FastAPI,
    *,
    seed: int,
    most: int,
    base_url: str,
    borders: bool,
    headers: dict[str, str] | None = None,
    unlisted: frozenset[str] = frozenset(),
) -> Answers:
    """Ask examples and `most` random questions of each operation.

    Args:
        app: with all its gates.
        seed: the same questions for the same seed.
        most: random questions of each operation.
        base_url: who the app believes it is.
        borders: ask also every value's borders, and everything that is missing or of a wrong kind.
        headers: of every request.
        unlisted: ask instead the routes that are not in the OpenAPI, forms and files of pages,
            but for these; only bugs are faults there.
    """
    pages = bool(unlisted)
    checks = ("not_a_server_error",) if pages else CHECKS
    config = SchemathesisConfig.from_dict(
        {
            "seed": seed,
            "base-url": base_url,
            "headers": headers or {},
            "request-timeout": 60.0,
            "continue-on-failure": True,
            "workers": 1,
            "max-stream-events": 5,
            "generation": {
                "max-examples": most,
                "no-shrink": True,
                "deterministic": True,
                "database": "none",
            },
            "phases": {"stateful": {"enabled": False}, "coverage": {"enabled": borders}},
            "checks": {name: {"enabled": name in checks} for name in (*CHECKS, *NOT_ASKED)},
        }
    )
    told = _of_pages(app, unlisted) if pages else app.openapi()
    schema = openapi.from_dict(told, config=config)
    schema.app = FromEverywhere(app)
    found = Answers()
    for event in from_schema(schema).execute():
        _take(event, found)
    return found


def _of_pages(app: FastAPI, but_for: frozenset[str]) -> dict[str, Any]:
    routers = [getattr(it, "original_router", None) for it in app.routes]
    routes = [*app.routes, *(route for it in routers if it is not None for route in it.routes)]
    hidden = [it for it in routes if isinstance(it, APIRoute) and not it.include_in_schema]
    asked = [it for it in hidden if it.path not in but_for]
    for route in asked:
        route.include_in_schema = True
    try:
        return get_openapi(title="pages", version="1", routes=asked)
    finally:
        for route in asked:
            route.include_in_schema = False


def _take(event: Any, found: Answers) -> None:
    if isinstance(event, events.NonFatalError):
        found.faults.setdefault(f"error {event.label}", repr(event.value))
    elif isinstance(event, events.FatalError):
        raise event.exception
    elif isinstance(event, events.ScenarioFinished):
        for told in event.recorder.interactions.values():
            if told.response is not None:
                found.inputs += 1
                found.statuses[told.response.status_code] += 1
        for name, example in _failures(event.recorder):
            found.faults.setdefault(name, example)


def _failures(recorder: Any) -> Iterator[tuple[str, str]]:
    for checks in recorder.checks.values():
        for check in checks:
            if (info := check.failure_info) is not None:
                told = f"{info.failure.title}: {info.failure.message}\n{info.code_sample}"
                yield f"{check.name} {recorder.label}", told
