"""Tracks as MOTChallenge text: frame, id, left, top, width, height, score, -1, -1, -1."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TextIO

import numpy as np

from edge_core.errors import PromenadeError
from edge_core.types import Float32Array, Int64Array, Observation, Tracks


@dataclass(frozen=True, slots=True)
class MotRows:
    """A whole file's rows, in its order.

    Attributes:
        frame: int64 (N,), from 1.
        track_id: int64 (N,).
        xyxy_px: float32 (N, 4).
        score: float32 (N,); in truth files 0 marks boxes to leave out.
    """

    frame: Int64Array
    track_id: Int64Array
    xyxy_px: Float32Array
    score: Float32Array

    def __len__(self) -> int:
        return len(self.frame)


class MotWriter:
    """Writes one line per track and frame.

    Args:
        path: the file; overwritten.
    """

    def __init__(self, path: Path) -> None:
        self._file: TextIO = path.open("w", encoding="ascii", newline="\n")

    def write(self, frame: int, tracks: Tracks | Observation) -> None:
        """Add the tracks of a frame; frames count from 1."""
        if frame < 1:
            raise ValueError(f"MOTChallenge frames count from 1, got {frame}")
        for track_id, box, score in zip(
            tracks.track_id.tolist(), tracks.xyxy_px.tolist(), tracks.score.tolist(), strict=True
        ):
            x1, y1, x2, y2 = box
            self._file.write(
                f"{frame},{track_id},{x1:.2f},{y1:.2f},{x2 - x1:.2f},{y2 - y1:.2f},"
                f"{score:.4f},-1,-1,-1\n"
            )

    def close(self) -> None:
        """Finish the file."""
        self._file.close()

    def __enter__(self) -> "MotWriter":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def read_mot(path: Path) -> MotRows:
    """Rows of a MOTChallenge file.

    Raises:
        PromenadeError: the file cannot be read or a line is not of the format.
    """
    try:
        return parse_mot(path.read_text(encoding="ascii").splitlines())
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise PromenadeError(
            f"{path} is no MOTChallenge file: {error}.",
            "Its lines must read frame,id,left,top,width,height,score,-1,-1,-1.",
        ) from None


def parse_mot(lines: Iterable[str]) -> MotRows:
    """Rows from lines of text; empty lines are skipped. Raises ValueError on a wrong line."""
    numbers = [[float(part) for part in line.split(",")[:7]] for line in lines if line.strip()]
    if any(len(row) != 7 for row in numbers):
        raise ValueError("a line has fewer than seven fields")
    table = np.array(numbers, np.float64).reshape(-1, 7)
    corner, size = table[:, 2:4], table[:, 4:6]
    return MotRows(
        table[:, 0].astype(np.int64),
        table[:, 1].astype(np.int64),
        np.concatenate([corner, corner + size], axis=1).astype(np.float32),
        table[:, 6].astype(np.float32),
    )
