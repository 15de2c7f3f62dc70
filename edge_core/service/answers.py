"""What the OpenAPI page says of an endpoint's answers."""

from typing import Any, Final

from edge_core.service.examples import PROBLEM
from edge_core.service.schema import ProblemView

Responses = dict[int | str, dict[str, Any]]


def refused(description: str, example: object = PROBLEM) -> dict[str, Any]:
    """One refusal among OpenAPI's `responses`."""
    content = {"application/problem+json": {"example": example}}
    return {"model": ProblemView, "description": description, "content": content}


REFUSED: Final = refused("The question cannot be answered")


def answers(example: object, media: str = "application/json", **others: Any) -> Responses:
    """OpenAPI's `responses`; further ones are named by their status, e.g. `_422`."""
    told: Responses = {200: {"description": "OK", "content": {media: {"example": example}}}}
    return told | {int(code[1:]): answer for code, answer in others.items()}
