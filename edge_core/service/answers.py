"""What the OpenAPI page says of an endpoint's answers."""

from typing import Any, Final

from edge_core.service import examples
from edge_core.service.schema import ProblemView

Responses = dict[int | str, dict[str, Any]]

REFUSED: Final[dict[str, Any]] = {
    "model": ProblemView,
    "description": "The question cannot be answered",
    "content": {"application/problem+json": {"example": examples.PROBLEM}},
}


def answers(example: object, media: str = "application/json", **others: Any) -> Responses:
    """OpenAPI's `responses`; further ones are named by their status, e.g. `_422`."""
    told: Responses = {200: {"description": "OK", "content": {media: {"example": example}}}}
    return told | {int(code[1:]): answer for code, answer in others.items()}
