"""Who may see the operator's pages, from where, and for how long."""

from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from edge_core.config.base import Section


class AccessConfig(Section):
    """Sessions of the operator's pages, and how long it is known who looked.

    The pages answer on the store PC itself. With `network_port` they answer phones and other
    computers in the house, too: over TLS only, for a password must not cross a network in the
    clear, and with nothing open to who has not signed in.
    """

    idle_minutes: int = Field(
        default=60, ge=1, le=1440, description="signed out after so long without a touch"
    )
    longest_hours: int = Field(default=12, ge=1, le=720, description="signed out then in any case")
    log_days: int = Field(default=90, ge=1, le=3650, description="the access log is kept this long")
    network_port: int | None = Field(default=None, ge=0, le=65535, description="0 = any free port")
    network_host: str = Field(default="0.0.0.0", min_length=1, max_length=253)
    certificate: Path | None = Field(
        default=None, description="with its chain (PEM), relative to the folder of site.toml"
    )
    key: Path | None = Field(
        default=None, description="of the certificate (PEM), relative to the folder of site.toml"
    )

    @model_validator(mode="after")
    def _network_needs_tls(self) -> Self:
        if self.network_port is not None and (self.certificate is None or self.key is None):
            raise ValueError(
                "network_port needs `certificate` and `key`: a password must not cross a network"
                " in the clear"
            )
        return self
