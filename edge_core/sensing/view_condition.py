"""Notices that a camera looks elsewhere, is covered, sees blurred, or sees nothing for darkness.

Once a second a picture is reduced to a few numbers: the mean luma of cells of 16 x 16 pixels, how
it changes from cell to cell (the scene's coarse structure), and how strong fine detail is. They
are compared with the camera's own history, medians of when it was well. All of it lives in the
capture process's memory alone and goes with it; no picture can be made of what is kept. All
constants are ours.
"""

from collections import deque
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from edge_core.sensing.gate import cell_luma
from edge_core.sensing.view import View
from edge_core.types import Float32Array, ImageArray
from edge_core.units import NS_PER_S

LOOK_NS: Final = NS_PER_S
LEARN: Final = 20
"""Looks before anything is judged."""
_PERSIST: Final = 10
_OF: Final = 12
"""So many of the last looks must agree before something is told, or taken back."""
_HISTORY: Final = 600
_KEEP_EVERY: Final = 5
_ELSEWHERE: Final = 0.45
_ALIKE: Final = 0.60
_DARK: Final = 16.0
_DARKER: Final = 0.35
_FLAT: Final = 0.35
_PLAIN: Final = 0.60
_SOFT: Final = 0.50
_LEAST_CONTRAST: Final = 1.5
_PLAIN_LUMA: Final = 4.0


@dataclass(frozen=True, slots=True)
class Look:
    """One picture in numbers.

    Attributes:
        luma: mean, 0-255.
        contrast: standard deviation of the cells' luma.
        plain: share of cells that hardly differ from their neighbours.
        detail: mean absolute Laplacian of the luma at half the size.
        structure: float32 (N,), the cells' luma differences of unit length, without their mean.
    """

    luma: float
    contrast: float
    plain: float
    detail: float
    structure: Float32Array


def look_at(image: ImageArray) -> Look:
    """Reduce a picture, uint8 (H, W, 3) BGR, to what is compared."""
    cells = cell_luma(image)
    across, down = np.diff(cells, axis=1), np.diff(cells, axis=0)
    structure = np.concatenate([across.ravel(), down.ravel()])
    # A few strong edges, a door's or a person's, must not outvote the rest.
    structure = np.sign(structure) * np.sqrt(np.abs(structure))
    length = float(np.linalg.norm(structure))
    half = cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    fine = cv2.Laplacian(cv2.cvtColor(half, cv2.COLOR_BGR2GRAY), cv2.CV_16S, ksize=3)
    return Look(
        luma=float(cells.mean()),
        contrast=float(cells.std()),
        plain=float(np.mean(np.abs(across) < _PLAIN_LUMA)),
        detail=float(np.abs(fine).mean()),
        structure=np.asarray(structure / max(length, 1e-6), np.float32),
    )


class ViewCondition:
    """The condition of one camera's view, from pictures about a second apart."""

    def __init__(self) -> None:
        self._due_ns: int | None = None
        self._shape: tuple[int, ...] = ()
        self._begin()

    def _begin(self) -> None:
        self._well: deque[Look] = deque(maxlen=_HISTORY // _KEEP_EVERY)
        self._lately: deque[View] = deque(maxlen=_OF)
        self._looks = 0
        self._usual: Look | None = None
        self.view = View.LEARNING

    def see(self, image: ImageArray, mono_ns: int) -> View:
        """Take in a picture; most are passed over.

        Args:
            image: uint8 (H, W, 3), BGR.
            mono_ns: when it was taken.

        Returns:
            The view's condition as it is to be told: what held for about ten seconds.
        """
        if self._due_ns is not None and self._due_ns - LOOK_NS <= mono_ns < self._due_ns:
            return self.view
        self._due_ns = mono_ns + LOOK_NS
        if image.shape != self._shape:  # another stream of the camera: learnt anew
            self._begin()
            self._shape = image.shape
        self._judge(look_at(image))
        return self.view

    def _judge(self, look: Look) -> None:
        self._looks += 1
        if len(self._well) < LEARN:
            if look.luma >= _DARK and look.contrast >= _LEAST_CONTRAST:
                self._well.append(look)
            self._usual = self._median() if len(self._well) == LEARN else None
            return
        now = judge(look, self._usual or self._median())
        self._lately.append(now)
        if now is View.WELL and self._looks % _KEEP_EVERY == 0:
            self._well.append(look)
            self._usual = self._median()
        if self.view is View.LEARNING and now is View.WELL:
            self.view = View.WELL
        for told in View:
            if told is not self.view and self._lately.count(told) >= _PERSIST:
                self.view = told

    def _median(self) -> Look:
        """What is usual: medians, so that people passing by leave no trace."""
        structure = np.median([it.structure for it in self._well], axis=0).astype(np.float32)
        return Look(
            luma=float(np.median([it.luma for it in self._well])),
            contrast=float(np.median([it.contrast for it in self._well])),
            plain=float(np.median([it.plain for it in self._well])),
            detail=float(np.median([it.detail for it in self._well])),
            structure=structure / max(float(np.linalg.norm(structure)), 1e-6),
        )


def judge(look: Look, usual: Look) -> View:
    """What one picture says beside what is usual."""
    alike = float(look.structure @ usual.structure)
    if look.luma < _DARK and look.luma < _DARKER * usual.luma:
        return View.DARK
    flat = look.contrast < _FLAT * usual.contrast
    plainer = look.plain > usual.plain + _PLAIN * (1 - usual.plain)
    if alike < _ALIKE and (flat or plainer) and look.detail < usual.detail:
        return View.BLOCKED
    if alike < _ELSEWHERE:
        return View.MOVED
    if look.detail < _SOFT * usual.detail:
        return View.BLURRED
    return View.WELL
