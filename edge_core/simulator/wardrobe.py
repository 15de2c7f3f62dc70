"""Sprites of shoppers, drawn once per pose and view and kept while they are wanted."""

from collections import OrderedDict

import numpy as np

from edge_core.simulator.body import Body, build_body
from edge_core.simulator.figure import Sprite, View, draw_figure
from edge_core.simulator.pose import unit_joints
from edge_core.simulator.shopper import PersonState
from edge_core.types import Float64Array

_TIERS = ((60, 2, 0.42), (96, 2, 0.42), (150, 3, 0.2), (220, 3, 0.2), (300, 3, 0.2))
"""Sprite heights in pixels, each with the block painted per point and points per pixel."""
_WALK_PHASES, _REST_PHASES = 12, 6
_AZIMUTHS = 30
_ELEVATION_STEP = np.radians(7)
_CAMERA_ABOVE_M = 2.2
"""Of a camera above a body's middle; only the perspective within the body depends on it."""


class Wardrobe:
    """Draws and keeps sprites.

    Poses and views are rounded (a twelfth of a stride, twelve degrees of azimuth, seven
    of elevation), so that a person walking straight on needs few drawings.

    Args:
        capacity: sprites kept; the ones unused longest are dropped.
    """

    def __init__(self, capacity: int = 3000) -> None:
        self._capacity = capacity
        self._sprites: OrderedDict[tuple[object, ...], Sprite] = OrderedDict()
        self._bodies: dict[tuple[int, int | None, int], Body] = {}
        self.drawn = 0
        self.asked = 0

    def sprite(self, person: PersonState, view: View, height_px: float) -> Sprite:
        """A picture of a person about `height_px` tall or taller; the tallest stand 300 pixels.

        Args:
            person: who, and in which pose.
            view: from where, in the person's axes.
            height_px: how tall it will appear.
        """
        large = (index for index, (tall, _, _) in enumerate(_TIERS) if tall >= 0.8 * height_px)
        tier = next(large, len(_TIERS) - 1)
        activity, phase, stride = _pose_of(person)
        azimuth = round(view.azimuth / (2 * np.pi) * _AZIMUTHS) % _AZIMUTHS
        elevation = round(view.elevation / _ELEVATION_STEP)
        key = (person.number, tier, activity, phase, stride, azimuth, elevation, person.hands)
        self.asked += 1
        sprite = self._sprites.get(key)
        if sprite is not None:
            self._sprites.move_to_end(key)
            return sprite
        seen = _rounded_view(azimuth, elevation)
        phases = _WALK_PHASES if activity == "walk" else _REST_PHASES
        body = self._body(person, tier)
        tall, block, _ = _TIERS[tier]
        hands = None if person.hands is None else person.hands.joints
        place = phase / phases
        sprite = draw_figure(body, activity, place, stride / 4, seen, tall, block, hands)
        self.drawn += 1
        self._sprites[key] = sprite
        if len(self._sprites) > self._capacity:
            self._sprites.popitem(last=False)
        return sprite

    def forget_all_but(self, numbers: set[int]) -> None:
        """Drop the bodies of people who left; their sprites age out."""
        self._bodies = {key: body for key, body in self._bodies.items() if key[0] in numbers}

    def _body(self, person: PersonState, tier: int) -> Body:
        held = None if person.hands is None else person.hands.garment
        key, finest = (person.number, held, tier), (person.number, held, len(_TIERS) - 1)
        if finest not in self._bodies:
            density = _points_per_sprite_m2(finest[2]) / person.look.height_m**2
            self._bodies[finest] = build_body(person.look, density, held)
        if key not in self._bodies:
            share = _points_per_sprite_m2(tier) / _points_per_sprite_m2(finest[2])
            self._bodies[key] = self._bodies[finest].thinned(share)
        return self._bodies[key]


def _points_per_sprite_m2(tier: int) -> float:
    """Points a square metre of a body one metre tall needs in a tier."""
    tall, _, points_per_px = _TIERS[tier]
    return points_per_px * tall * tall


def _rounded_view(azimuth: int, elevation: int) -> View:
    """The view of a bin; its distance is that of a camera hung as high as shops hang them."""
    angle = float(elevation * _ELEVATION_STEP)
    distance_m = float(np.clip(_CAMERA_ABOVE_M / np.sin(max(angle, 0.05)), 2.0, 20.0))
    return View(azimuth * 2 * np.pi / _AZIMUTHS, angle, distance_m)


def joints_m(person: PersonState) -> Float64Array:
    """Where somebody's `JOINTS` are as drawn, float64 (9, 3): the plan's x and y, and up."""
    activity, phase, stride = _pose_of(person)
    phases = _WALK_PHASES if activity == "walk" else _REST_PHASES
    hands = None if person.hands is None else person.hands.joints
    unit = unit_joints(activity, phase / phases, stride / 4, hands)
    right, ahead, up = (person.look.height_m * unit.astype(np.float64)).T
    sin, cos = np.sin(person.heading), np.cos(person.heading)
    x, y = person.position_m
    return np.column_stack([x + right * cos + ahead * sin, y + right * sin - ahead * cos, up])


def _pose_of(person: PersonState) -> tuple[str, int, int]:
    """Activity, phase bin and stride in quarters."""
    if person.activity == "walk" and person.speed_m_s >= 0.12:
        stride = 4 if person.speed_m_s > 0.75 else 3
        return "walk", round(person.gait_phase * _WALK_PHASES) % _WALK_PHASES, stride
    activity = "stand" if person.activity == "walk" else person.activity
    return activity, round(person.gait_phase * _REST_PHASES) % _REST_PHASES, 0
