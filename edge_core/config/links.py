"""How people get from one camera's view to another's, where the plan does not tell."""

from typing import Self

from pydantic import Field, model_validator

from edge_core.config.base import Identifier, Section


class LinkConfig(Section):
    """A way between two cameras, for example by an escalator, or that there is none.

    What the plan tells, or nothing, holds for pairs that no link names; both are a beginning only,
    for the service learns from what it sees.
    """

    cameras: tuple[Identifier, Identifier]
    walk_m: float | None = Field(
        default=None, gt=0, le=2000, description="length of the way, an escalator's included"
    )
    closed: bool = Field(default=False, description="nobody gets from one to the other directly")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.cameras[0] == self.cameras[1]:
            raise ValueError("a link needs two different cameras")
        if self.closed == (self.walk_m is not None):
            raise ValueError("give `walk_m`, the length of the way, or `closed = true`, not both")
        return self
