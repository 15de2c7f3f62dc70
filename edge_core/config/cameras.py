"""Cameras: where their pictures come from and how pixels lie on the floor."""

import re
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from edge_core.config.base import Identifier, PointM, PointPx, Section, SizePx


class PointPair(Section):
    """One floor point seen in the picture."""

    px: PointPx
    m: PointM


class CameraConfig(Section):
    """One camera.

    `source` is `rtsp://…`, `http(s)://…` (MJPEG), `usb:N`, or the path of a video file, taken
    relative to site.toml.
    """

    id: Identifier
    name: str = Field(default="", max_length=60)
    name_zh: str = Field(default="", max_length=60)
    source: str = Field(min_length=1)
    fps: float = Field(default=10.0, ge=1, le=60, description="frames processed per second")
    max_resolution_px: SizePx = Field(
        default=(1920, 1080), description="largest picture the camera may ever send"
    )
    floor: Identifier | None = None
    position_m: PointM | None = Field(default=None, description="where it hangs, for the plan")
    calibration_px: SizePx | None = Field(
        default=None, description="picture size the calibration points were read from"
    )
    calibration: tuple[PointPair, ...] = Field(
        default=(), description="at least four, better six or more, spread over the floor"
    )
    pace: Literal["real-time", "fast"] = Field(
        default="real-time", description="files only: as recorded, or as fast as possible"
    )
    loop: bool = Field(default=False, description="files only: start again at the end")

    @field_validator("source")
    @classmethod
    def _known_source(cls, source: str) -> str:
        if source.startswith("usb:") and not re.fullmatch("usb:[0-9]{1,2}", source):
            raise ValueError("a USB camera is written usb:0, usb:1 and so on")
        scheme, separator, _ = source.partition("://")
        if separator and scheme.lower() not in ("rtsp", "rtsps", "http", "https"):
            raise ValueError(f"{scheme}:// is not supported; use rtsp://, http://, usb:N or a file")
        return source

    @model_validator(mode="after")
    def _calibration_is_whole(self) -> Self:
        if not self.calibration:
            return self
        if self.floor is None:
            raise ValueError("calibration needs `floor`, the floor its metres belong to")
        if self.calibration_px is None:
            raise ValueError("calibration needs `calibration_px`, the picture size it was read in")
        if len(self.calibration) < 4:
            raise ValueError("calibration needs at least four point pairs")
        return self
