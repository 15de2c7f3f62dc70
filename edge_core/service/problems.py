"""Refusals as problem JSON (RFC 9457) that tell a person what to do."""

from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from edge_core.config.site_file import StaleSetUpError
from edge_core.errors import PromenadeError
from edge_core.service.schema import ProblemView

_SEE_API: Final = "See /openapi.json for what can be asked."
_YEARS: Final = (1970, 2199)
_GATES: Final = {
    400: "The body is no JSON",
    411: "The body does not tell its length",
    413: "The body is too large",
    421: "The service is called by another name than its own",
    422: "The question cannot be answered",
    429: "Asked too often; Retry-After tells how long to wait",
}
_ANYWHERE: Final = (421, 429)
_WITH_A_BODY: Final = (400, 411, 413)


class QueryError(ValueError):
    """A question that cannot be answered, told with status 422."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message, self.remedy = message, remedy


def require_near(*years: int) -> None:
    """Refuse instants at a calendar's ends, where neither time zones nor the ledger reach.

    Raises:
        QueryError: a year is out of reach.
    """
    for year in years:
        if not _YEARS[0] <= year <= _YEARS[1]:
            raise QueryError(
                f"The year {year} is out of reach.",
                f"Ask for years from {_YEARS[0]} to {_YEARS[1]}.",
            )


def problem_response(status: int, message: str, remedy: str) -> JSONResponse:
    """A refusal with a remedy."""
    view = ProblemView(
        title=HTTPStatus(status).phrase, status=status, message=message, remedy=remedy
    )
    return JSONResponse(view.model_dump(), status, media_type="application/problem+json")


def answer_problems(app: FastAPI) -> None:
    """Make every refusal of the app a problem; bugs still surface as they are."""
    app.add_exception_handler(RequestValidationError, _bad_request)
    app.add_exception_handler(QueryError, _bad_query)
    app.add_exception_handler(StaleSetUpError, _conflict)
    app.add_exception_handler(PromenadeError, _environment)
    app.add_exception_handler(HTTPException, _refused)
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            _tell_refusals(plain())
        return plain()

    app.openapi = openapi  # type: ignore[method-assign]


def _tell_refusals(told: dict[str, Any]) -> None:
    """Add to an OpenAPI page what the gates before an app may answer to anything."""
    schemas = told.setdefault("components", {}).setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas.setdefault("ProblemView", ProblemView.model_json_schema())
    for path in told["paths"].values():
        for operation in path.values():
            answers = operation["responses"]
            statuses = [*_ANYWHERE, *(_WITH_A_BODY if "requestBody" in operation else ())]
            if "HTTPValidationError" in str(answers.get("422")):
                del answers["422"]
                statuses.append(422)
            for status in statuses:
                answers.setdefault(str(status), _refusal(status))


def _refusal(status: int) -> dict[str, Any]:
    example = ProblemView(
        title=HTTPStatus(status).phrase,
        status=status,
        message=f"{_GATES[status]}.",
        remedy=_SEE_API,
    )
    view = {
        "schema": {"$ref": "#/components/schemas/ProblemView"},
        "example": example.model_dump(),
    }
    return {"description": _GATES[status], "content": {"application/problem+json": view}}


def _bad_request(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    name = str(first["loc"][-1]) if first["loc"] else "request"
    reason = str(first["msg"]).removeprefix("Value error, ")
    return problem_response(422, f"`{name}`: {reason}.", _remedy(str(first["type"]), name))


def _remedy(kind: str, name: str) -> str:
    if kind.startswith(("datetime", "timezone")):
        return "Write an instant like 2026-05-01T09:00:00Z; a plus sign must be sent as %2B."
    if kind == "extra_forbidden":
        return f"Leave `{name}` out, or correct its spelling. {_SEE_API}"
    return f"Correct `{name}`. {_SEE_API}"


def _bad_query(_: Request, error: Exception) -> Response:
    assert isinstance(error, QueryError)
    return problem_response(422, error.message, error.remedy)


def _conflict(_: Request, error: Exception) -> Response:
    assert isinstance(error, StaleSetUpError)
    return problem_response(409, error.message, error.remedy)


def _environment(_: Request, error: Exception) -> Response:
    assert isinstance(error, PromenadeError)
    return problem_response(503, error.message, error.remedy)


def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    response = problem_response(error.status_code, f"{error.detail}.", _SEE_API)
    response.headers.update(error.headers or {})
    return response
