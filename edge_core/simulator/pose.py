"""How the body's bones lie at one moment: walking, standing, browsing, on the phone, paying.

Body axes: x to the person's right, y forward, z up, origin on the floor below the pelvis.
Joint curves approximate published gait kinematics (Winter, Biomechanics and Motor Control of
Human Movement, 2009) by one cosine and a few bumps.
"""

from functools import lru_cache
from typing import Final

import numpy as np

from edge_core.simulator.gestures import Hands, with_hands
from edge_core.simulator.posture import Posture
from edge_core.types import Float32Array, Float64Array

BONES: Final = (
    "torso", "hem", "head", "arm_r", "arm_l", "forearm_r", "forearm_l", "thigh_r", "thigh_l",
    "shin_r", "shin_l", "foot_r", "foot_l", "carried", "held",
)  # fmt: skip

JOINTS: Final = (
    "head", "shoulder_r", "shoulder_l", "elbow_r", "elbow_l", "hand_r", "hand_l", "hip_r", "hip_l",
)  # fmt: skip

ANKLE, SHIN, THIGH = 0.045, 0.243, 0.245
HIP = ANKLE + SHIN + THIGH
HIP_HALF, SHOULDER_UP, NECK_UP = 0.05, 0.262, 0.30
UPPER_ARM, FOREARM = 0.172, 0.15
_HAND = 0.05
_SKULL = 0.06
FOOT_AHEAD, FOOT_BEHIND = 0.105, 0.045
"""Segment lengths as shares of body height (after Drillis and Contini 1966)."""


def posture(activity: str, phase: float, stride: float, hands: Hands | None = None) -> Posture:
    """The posture for an activity.

    Args:
        activity: walk, browse, stand, phone or pay.
        phase: 0..1, place in the stride; at rest, place in a slow shift of weight.
        stride: 0..1.3, how far limbs swing; 1 = brisk walk. Only for walking.
        hands: a gesture of the arms; None leaves them to the activity.
    """
    if hands is not None:
        return with_hands(posture(activity, phase, stride), phase, hands)
    if activity == "walk":
        return _walking(phase, stride)
    sway = float(np.sin(2 * np.pi * phase))
    legs = {"hip": (0.03 + 0.02 * sway, 0.02 - 0.02 * sway), "foot": (0.0, 0.0)}
    knee = (0.04 + 0.05 * max(sway, 0), 0.04 + 0.05 * max(-sway, 0))
    if activity == "browse":
        reach = 0.7 + 0.25 * sway
        arms = {"shoulder": (reach, 0.35 - 0.25 * sway), "elbow": (0.75 - 0.3 * sway, 0.8)}
        return Posture(
            **legs, knee=knee, **arms, spread=(0.1, 0.12), lean=0.06, twist=0.05 * sway,
            nod=0.3, look_aside=0.25 * sway,
        )  # fmt: skip
    if activity == "phone":
        arms = {"shoulder": (0.42, 0.3), "elbow": (1.75 + 0.05 * sway, 1.5)}
        return Posture(
            **legs, knee=knee, **arms, spread=(0.05, 0.08), lean=0.03, twist=0.0, nod=0.42,
            look_aside=0.05 * sway,
        )  # fmt: skip
    if activity == "pay":
        arms = {"shoulder": (0.6 + 0.2 * sway, 0.25), "elbow": (0.75, 0.5)}
        return Posture(
            **legs, knee=knee, **arms, spread=(0.08, 0.1), lean=0.06, twist=0.0, nod=0.2,
            look_aside=0.1 * sway,
        )  # fmt: skip
    return Posture(
        **legs, knee=knee, shoulder=(0.04 + 0.04 * sway, 0.05), elbow=(0.25, 0.22 + 0.08 * sway),
        spread=(0.09, 0.1), lean=0.0, twist=0.05 * sway, nod=0.05, look_aside=0.3 * sway,
    )  # fmt: skip


def _walking(phase: float, stride: float) -> Posture:
    right, left = phase % 1, (phase + 0.5) % 1
    swing = [float(np.cos(2 * np.pi * at)) for at in (right, left)]
    knees = [
        0.08 + stride * (0.2 * _bump(at, 0.14, 0.07) + 0.98 * _bump(at, 0.72, 0.11))
        for at in (right, left)
    ]
    feet = [
        stride
        * (0.28 * _bump(at, 0.0, 0.05) - 0.75 * _bump(at, 0.6, 0.07) - 0.25 * _bump(at, 0.75, 0.08))
        for at in (right, left)
    ]
    hips = [0.1 * stride + 0.42 * stride * value for value in swing]
    arms = [0.02 - 0.42 * stride * value for value in swing]
    elbows = [0.28 + 0.22 * stride * (1 - value) for value in swing]
    return Posture(
        hip=(hips[0], hips[1]),
        knee=(knees[0], knees[1]),
        foot=(feet[0], feet[1]),
        shoulder=(arms[0], arms[1]),
        elbow=(elbows[0], elbows[1]),
        spread=(0.08, 0.08),
        lean=0.05 * stride,
        twist=-0.12 * stride * swing[0],
        nod=0.06,
        look_aside=0.0,
    )


def _bump(at: float, centre: float, width: float) -> float:
    """A Gaussian on the circle of phases."""
    gap = (at - centre + 0.5) % 1 - 0.5
    return float(np.exp(-0.5 * (gap / width) ** 2))


@lru_cache(maxsize=512)
def unit_frames(
    activity: str, phase: float, stride: float, hands: Hands | None = None
) -> tuple[Float32Array, Float32Array]:
    """`bone_frames` of a posture for a body one metre tall; origins scale with height.

    Kept, because everybody walks through the same few postures; not to be written to.
    """
    side = 1 if hands is None else hands.side
    return bone_frames(posture(activity, phase, stride, hands), 1.0, side)


def unit_joints(
    activity: str, phase: float, stride: float, hands: Hands | None = None
) -> Float32Array:
    """Where the `JOINTS` of a body one metre tall are, float32 (9, 3) in body axes."""
    origins, turns = unit_frames(activity, phase, stride, hands)
    start = {name: place for place, name in enumerate(BONES)}
    ahead = np.array([0, 0, -(FOREARM + _HAND)], np.float32)
    arms = [start["forearm_r"], start["forearm_l"]]
    return np.array(
        [
            origins[start["head"]] + np.array([0, 0, _SKULL], np.float32),
            origins[start["arm_r"]], origins[start["arm_l"]],
            *(origins[arm] for arm in arms),
            *(origins[arm] + turns[arm] @ ahead for arm in arms),
            origins[start["thigh_r"]], origins[start["thigh_l"]],
        ]
    )  # fmt: skip


def bone_frames(
    pose: Posture, height_m: float, held_side: int = 1
) -> tuple[Float32Array, Float32Array]:
    """Where each bone of `BONES` starts and how it is turned.

    Args:
        pose: the angles.
        height_m: of the body.
        held_side: the hand that a held garment hangs from, 1 = right, -1 = left.

    Returns:
        float32 (15, 3) origins in metres and float32 (15, 3, 3) rotations, both in body axes;
        limbs hang along -z of their own axes.
    """
    thighs = [_about_x(angle) for angle in pose.hip]
    shins = [thigh @ _about_x(-angle) for thigh, angle in zip(thighs, pose.knee, strict=True)]
    feet = [_about_x(angle) for angle in pose.foot]
    hips, knees, ankles = _leg_joints(thighs, shins, height_m)
    lowest = min(_sole(ankle, foot, height_m) for ankle, foot in zip(ankles, feet, strict=True))
    lift = np.array([0, 0, -lowest])
    torso = _about_x(-pose.lean) @ _about_z(pose.twist)
    head = _about_z(pose.look_aside) @ _about_x(-pose.nod)
    neck = torso @ np.array([0, 0.004, NECK_UP * height_m]) + lift
    origins, turns = [lift, lift, neck], [torso, np.eye(3), head]
    uppers, forearms, elbows, hands = _arm_joints(pose, torso, lift, height_m)
    for joint, turn in ((_shoulders(torso, lift, height_m), uppers), (elbows, forearms)):
        origins += joint
        turns += turn
    for joints, rotations in ((hips, thighs), (knees, shins), (ankles, feet)):
        origins += [joint + lift for joint in joints]
        turns += rotations
    origins += [hands[1], hands[0 if held_side > 0 else 1]]
    turns += [np.eye(3), np.eye(3)]
    return np.array(origins, np.float32), np.array(turns, np.float32)


def _leg_joints(
    thighs: list[Float64Array], shins: list[Float64Array], height_m: float
) -> tuple[list[Float64Array], list[Float64Array], list[Float64Array]]:
    hips = [np.array([side * HIP_HALF * height_m, 0, 0]) for side in (1, -1)]
    thigh, shin = np.array([0, 0, -THIGH * height_m]), np.array([0, 0, -SHIN * height_m])
    knees = [hip + turn @ thigh for hip, turn in zip(hips, thighs, strict=True)]
    ankles = [knee + turn @ shin for knee, turn in zip(knees, shins, strict=True)]
    return hips, knees, ankles


def _sole(ankle: Float64Array, foot: Float64Array, height_m: float) -> float:
    """Lowest point of a shoe below its ankle."""
    ends = [(0, FOOT_AHEAD, -ANKLE), (0, -FOOT_BEHIND, -ANKLE)]
    return min(float((ankle + foot @ (np.array(end) * height_m))[2]) for end in ends)


def _shoulders(torso: Float64Array, lift: Float64Array, height_m: float) -> list[Float64Array]:
    return [
        torso @ np.array([side * 0.102 * height_m, 0, SHOULDER_UP * height_m]) + lift
        for side in (1, -1)
    ]


def _arm_joints(
    pose: Posture, torso: Float64Array, lift: Float64Array, height_m: float
) -> tuple[list[Float64Array], list[Float64Array], list[Float64Array], list[Float64Array]]:
    uppers, forearms, elbows, hands = [], [], [], []
    shoulders = _shoulders(torso, lift, height_m)
    for index, side in enumerate((1, -1)):
        upper = torso @ _about_y(-side * pose.spread[index]) @ _about_x(pose.shoulder[index])
        forearm = upper @ _about_x(pose.elbow[index]) @ _about_y(side * 0.06)
        elbow = shoulders[index] + upper @ np.array([0, 0, -UPPER_ARM * height_m])
        uppers.append(upper)
        forearms.append(forearm)
        elbows.append(elbow)
        hands.append(elbow + forearm @ np.array([0, 0, -(FOREARM + _HAND) * height_m]))
    return uppers, forearms, elbows, hands


def _about_x(angle: float) -> Float64Array:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[1, 0, 0], [0, c, -s], [0, s, c]])


def _about_y(angle: float) -> Float64Array:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])


def _about_z(angle: float) -> Float64Array:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
