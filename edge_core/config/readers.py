"""RFID readers: how to reach them and what each antenna looks at."""

from collections import Counter
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from edge_core.config.base import Identifier, PointM, Section

LLRP_PORT = 5084
LLRP_TLS_PORT = 5085
"""Ports the standard reserves for LLRP, without and with TLS."""


class AntennaConfig(Section):
    """One antenna of a reader.

    `zone` is where the garments it reads are: in a fitting room, that room's zone, of the kind
    `fitting-room`; before a mirror on the floor, the mirror's, of the kind `reach`. `rack` is what
    it hangs above; garments it sees best where they rest are there.
    """

    number: int = Field(ge=1, le=64, description="as printed on the reader, from 1")
    zone: Identifier | None = None
    rack: Identifier | None = None
    power_dbm: float | None = Field(
        default=None, ge=0, le=40, description="instead of the reader's `power_dbm`"
    )
    position_m: PointM | None = Field(default=None, description="where it hangs, for the plan")


class ReaderConfig(Section):
    """One RFID reader that speaks LLRP."""

    id: Identifier
    name: str = Field(default="", max_length=60)
    host: str = Field(min_length=1, max_length=253, description="host name or address")
    port: int = Field(
        default=0, ge=0, le=65535, description="0 = 5084, or 5085 with TLS, as the standard says"
    )
    tls: bool = False
    tls_ca: Path | None = Field(
        default=None,
        description="certificates to trust (PEM), relative to site.toml; a reader that signs"
        " its own goes in here. Without it the machine's trusted authorities apply",
    )
    tls_name: str = Field(
        default="", description="name in the reader's certificate, if it is not `host`"
    )
    llrp_version: Literal["1.0.1", "1.1"] = Field(
        default="1.0.1", description="1.1 is negotiated and falls back when the reader lacks it"
    )
    power_dbm: float = Field(
        default=30.0, ge=0, le=40, description="the reader's nearest level not above it is used"
    )
    session: int = Field(default=1, ge=0, le=3, description="Gen2 session of the inventory")
    tag_population: int = Field(
        default=200, ge=1, le=32_767, description="tags an antenna is expected to see"
    )
    mode: int | None = Field(
        default=None, ge=0, description="the reader's RF mode identifier; None = its own choice"
    )
    search_mode: int | None = Field(
        default=2, ge=0, le=6, description="Impinj only: 2 = dual target, tags answer on and on"
    )
    keepalive_s: float = Field(default=5.0, ge=0.2, le=60)
    antennas: tuple[AntennaConfig, ...] = Field(min_length=1, max_length=64)

    @property
    def tcp_port(self) -> int:
        """The port to connect to."""
        return self.port or (LLRP_TLS_PORT if self.tls else LLRP_PORT)

    def power_of(self, antenna: AntennaConfig) -> float:
        """Transmit power wanted at an antenna's port in dBm."""
        return self.power_dbm if antenna.power_dbm is None else antenna.power_dbm

    @model_validator(mode="after")
    def _antennas_once_each(self) -> Self:
        counts = Counter(antenna.number for antenna in self.antennas)
        twice = [str(number) for number, count in counts.items() if count > 1]
        if twice:
            raise ValueError(f"antenna {', '.join(twice)} stands twice")
        if not self.tls and (self.tls_ca is not None or self.tls_name):
            raise ValueError("tls_ca and tls_name are for readers with `tls = true`")
        return self
