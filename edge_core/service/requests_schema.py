"""Staff requests as the local API takes and tells them, as pydantic models."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from edge_core.service.schema import View

Key = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9-]{8,64}$",
        description="chosen by whoever sends it; the same one again changes nothing",
    ),
]


class RequestState(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    ON_THE_WAY = "on-the-way"
    DONE = "done"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    """The shopper needs it no longer, or has left."""
    EXPIRED = "expired"
    """Nobody said anything for too long."""


ANSWERS = Literal["accepted", "on-the-way", "done", "declined", "withdrawn"]
Reason = Literal["", "not-in-stock", "busy", "till"]
"""Why it was declined; `till` = please ask at the till."""


class RequestQuestion(BaseModel):
    """POST /v1/requests."""

    model_config = ConfigDict(extra="forbid")

    key: Key
    screen: str = Field(min_length=1, max_length=40, description="id of the mirror")
    zone: str = Field(min_length=1, max_length=40, description="where somebody waits")
    sku: str = Field(default="", max_length=60, description="what to bring; empty = just come")
    language: Literal["en", "zh"] = "en"


class AnswerQuestion(BaseModel):
    """POST /v1/requests/{request}/answers."""

    model_config = ConfigDict(extra="forbid")

    key: Key
    state: ANSWERS
    minutes: int | None = Field(default=None, ge=1, le=60, description="until somebody is there")
    reason: Reason = ""


class WhyNotQuestion(BaseModel):
    """POST /v1/why-not: why somebody left without what they had with them; of things alone."""

    model_config = ConfigDict(extra="forbid")

    key: Key
    screen: str = Field(min_length=1, max_length=40)
    zone: str = Field(min_length=1, max_length=40)
    reason: Literal["fit", "price", "colour", "other"]
    skus: list[Annotated[str, Field(max_length=60)]] = Field(default=[], max_length=30)


class WhyNotView(View):
    """What became of it."""

    kept: bool = Field(description="false when the same key was kept before")


class RequestView(View):
    """One request and how it stands."""

    request: str
    state: RequestState
    screen: str
    zone: str
    sku: str
    language: str
    asked_at: datetime
    changed_at: datetime
    due_at: datetime | None = Field(default=None, description="when somebody wants to be there")
    reason: Reason = ""


class RequestsView(View):
    """GET /v1/requests: newest first."""

    requests: list[RequestView]
