"""The other shops of the house, where a size may still be."""

from pydantic import Field

from edge_core.config.base import Named


class ShopConfig(Named):
    """Another shop of the same house; the table of products tells what is left there."""

    where: str = Field(default="", max_length=80, description="how to find it")
    where_zh: str = Field(default="", max_length=80)
    minutes: int | None = Field(default=None, ge=0, le=600, description="the way there, on foot")
