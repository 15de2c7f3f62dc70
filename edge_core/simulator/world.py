"""A running scene: its crowd, its truth and its cameras, moved on together."""

from collections.abc import Callable, Sequence
from typing import Final

from edge_core.simulator.background import draw_background
from edge_core.simulator.crowd import STEP_S, Crowd
from edge_core.simulator.frames import CameraRenderer, Frame
from edge_core.simulator.handling import Garment
from edge_core.simulator.rfid.played import Shot
from edge_core.simulator.scene import Scene
from edge_core.simulator.shopper import PersonState
from edge_core.simulator.surfaces import scene_surfaces
from edge_core.simulator.trade import Trade
from edge_core.simulator.truth import TruthLog
from edge_core.simulator.walkways import Walkways
from edge_core.simulator.wardrobe import Wardrobe

_HANDS_EVERY: Final = 2
"""Steps of the crowd from one look at everybody's hands to the next: a tenth of a second."""


class World:
    """Shoppers in a scene and the truth about them; deterministic by seed.

    Args:
        scene: the place.
        seed: the only source of chance.
        warm_up_s: simulated before the truth begins, so that people are everywhere.
        stock: garments that they handle.
        on_shot: told where everything is, a tenth of a second apart; from the start of the truth.

    Attributes:
        trade: what is done with the garments; None without any.
    """

    def __init__(
        self,
        scene: Scene,
        seed: int = 0,
        warm_up_s: float = 30.0,
        stock: Sequence[Garment] = (),
        on_shot: Callable[[Shot], None] | None = None,
    ) -> None:
        self.scene = scene
        self.crowd = Crowd(scene, seed)
        self.trade = Trade(scene, self.crowd, stock, seed) if stock else None
        self._begin_s = warm_up_s
        self._steps = 0
        self._on_shot: Callable[[Shot], None] | None = None
        while self.crowd.time_s < warm_up_s:
            self._step()
        self._begin_s = self.crowd.time_s
        self.log = TruthLog(scene)
        self.log.observe(0.0, self.crowd.states())
        self._on_shot = on_shot

    @property
    def time_s(self) -> float:
        """Simulated time since the truth began."""
        return self.crowd.time_s - self._begin_s

    def people(self) -> list[PersonState]:
        """Everybody's state now, hands and what they hold as well."""
        return self._shown(self.crowd.states())

    def advance_to(self, t_s: float) -> list[PersonState]:
        """Step until `t_s` is reached; everybody's state then."""
        while self.time_s < t_s - STEP_S / 2:
            states = self._step()
            self.log.observe(self.time_s, states)
        return self.people()

    def _shown(self, states: list[PersonState]) -> list[PersonState]:
        if self.trade is None:
            return states
        return self.trade.handling.shown(states, self.time_s)

    def _step(self) -> list[PersonState]:
        """Move everybody, and what they hold, on by one step; everybody's state then."""
        self.crowd.step()
        self._steps += 1
        states = self.crowd.states()
        if self.trade is not None and self._steps % _HANDS_EVERY == 0:
            self.trade.advance(states, self.time_s)
            if self._on_shot is not None:
                self._on_shot(self.trade.shot(states, self.time_s))
        return states


class Cameras:
    """All cameras of a scene.

    Args:
        scene: the place.
        seed: of textures and sensor noise.
        progress: told the share (0..1) of backgrounds drawn.
    """

    def __init__(
        self, scene: Scene, seed: int = 0, progress: Callable[[float], None] | None = None
    ) -> None:
        self._wardrobe = Wardrobe()
        self.renderers: dict[str, CameraRenderer] = {}
        floor = next(item for item in scene.site.floors if item.id == scene.config.floor)
        walkways = Walkways(floor)
        surfaces = scene_surfaces(scene, seed)
        for index, pose in enumerate(scene.config.cameras):
            background = draw_background(scene, pose, surfaces, walkways)
            self.renderers[pose.id] = CameraRenderer(
                scene, pose, background, self._wardrobe, seed + index
            )
            if progress is not None:
                progress((index + 1) / len(scene.config.cameras))

    def render(self, camera_id: str, people: list[PersonState]) -> Frame:
        """One camera's picture of an instant."""
        self._wardrobe.forget_all_but({person.number for person in people})
        return self.renderers[camera_id].render(people)

    @property
    def drawn_share(self) -> float:
        """Share of wanted sprites that had to be drawn anew."""
        return self._wardrobe.drawn / max(self._wardrobe.asked, 1)
