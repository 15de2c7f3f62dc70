"""Refusals as problem JSON (RFC 9457) that tell a person what to do."""

from http import HTTPStatus
from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from edge_core.errors import PromenadeError
from edge_core.service.schema import ProblemView

_SEE_API: Final = "See /openapi.json for what can be asked."


class QueryError(ValueError):
    """A question that cannot be answered, told with status 422."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message, self.remedy = message, remedy


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
    app.add_exception_handler(PromenadeError, _environment)
    app.add_exception_handler(HTTPException, _refused)


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


def _environment(_: Request, error: Exception) -> Response:
    assert isinstance(error, PromenadeError)
    return problem_response(503, error.message, error.remedy)


def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    response = problem_response(error.status_code, f"{error.detail}.", _SEE_API)
    response.headers.update(error.headers or {})
    return response
