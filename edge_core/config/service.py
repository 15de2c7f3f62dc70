"""The edge service itself."""

from pathlib import Path

from pydantic import Field, field_validator

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

    @field_validator("host")
    @classmethod
    def _loopback_only(cls, host: str) -> str:
        if host not in ("127.0.0.1", "::1", "localhost"):
            raise ValueError("the local API has no passwords and answers on loopback only")
        return host
