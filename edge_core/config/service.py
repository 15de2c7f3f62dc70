"""The edge service itself."""

from pathlib import Path
from typing import Self

from pydantic import Field, field_validator, model_validator

from edge_core.config.base import Section


class ServiceConfig(Section):
    """Where the service keeps its ledger and answers its clients."""

    host: str = "127.0.0.1"
    port: int = Field(default=8460, ge=0, le=65535, description="0 = any free port")
    ledger: Path = Field(
        default=Path("promenade.db"), description="relative to the folder of site.toml"
    )
    products: Path | None = Field(
        default=None,
        description="CSV with the columns gtin and sku, relative to the folder of site.toml:"
        " names the shop's product of a tag",
    )
    directory: Path | None = Field(
        default=None,
        description="the stores and ways of directory.toml, relative to the folder of site.toml",
    )

    offers: Path | None = Field(
        default=None,
        description="coupons and stores' visitors of offers.toml, relative to the folder of"
        " site.toml; needs `directory`",
    )
    coupon_key: Path = Field(
        default=Path("coupons.key"),
        description="signs coupons; made at the first start, relative to the folder of site.toml",
    )
    redeemed: Path = Field(
        default=Path("redeemed.db"),
        description="coupons redeemed at this PC, relative to the folder of site.toml",
    )

    @field_validator("host")
    @classmethod
    def _loopback_only(cls, host: str) -> str:
        if host not in ("127.0.0.1", "::1", "localhost"):
            raise ValueError("the local API has no passwords and answers on loopback only")
        return host

    @model_validator(mode="after")
    def _offers_are_of_stores(self) -> Self:
        if self.offers is not None and self.directory is None:
            raise ValueError("`offers` are of the stores of `directory`; give that too")
        return self
