"""Which models run and how."""

from typing import Literal

from pydantic import Field

from edge_core.config.base import Section


class ModelsConfig(Section):
    """Model choice; names as in `promenade models list`."""

    detector: str = "person-s-int8"
    detector_size_px: int = Field(default=416, ge=160, le=1280, multiple_of=32)
    detector_score: float = Field(default=0.45, gt=0, lt=1, description="starts a track")
    embedder: str = "reid-s-int8"
    provider: Literal["auto", "cpu", "cuda", "openvino", "openvino-bf16"] = "auto"
    threads: int = Field(default=1, ge=1, le=64)
    processes: int | None = Field(
        default=None, ge=1, le=16, description="that look at frames; by the cameras if not given"
    )
