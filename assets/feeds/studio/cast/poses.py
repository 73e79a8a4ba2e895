"""Poses of a body as joint angles in radians, gaits that follow the distance walked, and blends."""

from __future__ import annotations

import math

JOINTS = (
    "lean",
    "hip_l",
    "hip_r",
    "knee_l",
    "knee_r",
    "sh_l",
    "sh_r",
    "ab_l",
    "ab_r",
    "el_l",
    "el_r",
    "nod",
    "tip",
    "roll",
    "lift",
    "spread",
)
# lean: trunk forward; hip, sh: forward; ab: arm out sideways; tip, roll: the whole body about its feet;
# lift: metres up.

Pose = dict[str, float]


def pose(**angles: float) -> Pose:
    made = {"ab_l": 0.10, "ab_r": 0.10, "el_l": 0.25, "el_r": 0.25, "spread": 0.04}
    made.update(angles)
    return {joint: made.get(joint, 0.0) for joint in JOINTS}


STILL = {
    "stand": pose(),
    "talk": pose(sh_r=0.5, el_r=1.5, ab_r=0.25),
    "phone": pose(sh_r=0.7, el_r=1.9, nod=0.45, sh_l=0.1),
    "call": pose(sh_r=0.7, ab_r=0.5, el_r=2.35),
    "sit": pose(
        hip_l=1.5, hip_r=1.5, knee_l=1.5, knee_r=1.5, lean=-0.05, sh_l=0.5, sh_r=0.5, el_l=0.7, el_r=0.7
    ),
    "crouch": pose(
        hip_l=1.7,
        hip_r=1.1,
        knee_l=2.1,
        knee_r=1.9,
        lean=0.7,
        sh_l=0.9,
        sh_r=0.9,
        el_l=0.2,
        el_r=0.2,
        nod=0.2,
    ),
    "stoop": pose(
        lean=0.9, hip_l=0.3, hip_r=0.3, knee_l=0.5, knee_r=0.5, sh_l=0.6, sh_r=1.0, el_l=0.1, el_r=0.1
    ),
    "point": pose(sh_r=1.35, el_r=0.1, ab_r=0.15),
    "press": pose(sh_r=1.30, el_r=0.25, ab_r=0.1, lean=0.15, hip_l=0.15, hip_r=-0.15),
    "wave": pose(sh_r=2.4, ab_r=0.5, el_r=0.5),
    "stagger": pose(
        lean=0.5,
        hip_l=0.45,
        hip_r=-0.2,
        knee_l=0.5,
        knee_r=0.3,
        sh_l=0.9,
        sh_r=-0.3,
        ab_l=0.6,
        ab_r=0.7,
        el_l=0.5,
        nod=0.3,
    ),
    "kneel": pose(
        lean=0.6, hip_l=0.7, hip_r=0.5, knee_l=2.0, knee_r=1.9, sh_l=1.1, sh_r=0.9, el_l=0.3, el_r=0.4
    ),
    "lie": pose(
        tip=1.55,
        hip_l=0.04,
        hip_r=-0.03,
        knee_l=0.12,
        knee_r=0.04,
        sh_l=3.0,
        sh_r=-0.05,
        ab_l=0.45,
        ab_r=0.55,
        el_l=0.1,
        el_r=0.05,
        spread=0.16,
        nod=-0.1,
    ),
    "reach_up": pose(sh_l=2.7, sh_r=2.8, el_l=0.2, el_r=0.2, nod=-0.3),
    "climb": pose(
        sh_l=2.2, sh_r=1.5, el_l=0.9, el_r=1.2, hip_l=1.6, hip_r=0.2, knee_l=1.9, knee_r=0.3, lean=0.25
    ),
    "straddle": pose(
        lean=0.7,
        hip_l=1.2,
        hip_r=-0.6,
        knee_l=1.3,
        knee_r=0.9,
        sh_l=1.2,
        sh_r=0.9,
        el_l=0.5,
        el_r=0.5,
        spread=0.5,
    ),
    "land": pose(
        lean=0.6, hip_l=1.2, hip_r=1.1, knee_l=1.7, knee_r=1.6, sh_l=0.8, sh_r=0.7, ab_l=0.5, ab_r=0.5
    ),
    "cover": pose(sh_l=1.3, sh_r=1.5, el_l=1.9, el_r=2.0, nod=0.4, lean=0.2),
}


def blend(first: Pose, second: Pose, share: float) -> Pose:
    share = min(1.0, max(0.0, share))
    share = share * share * (3 - 2 * share)
    return {joint: first[joint] + (second[joint] - first[joint]) * share for joint in JOINTS}


def idle(base: Pose, t: float, phase: float, period: float) -> Pose:
    """A pose with breath and sway; it repeats after `period` seconds."""
    moved = dict(base)
    slow = 2 * math.pi * t * max(1, round(period / 5.5)) / period + phase
    quick = 2 * math.pi * t * max(1, round(period / 2.2)) / period + phase
    moved["lean"] += 0.03 * math.sin(slow)
    moved["roll"] += 0.02 * math.sin(slow * 1.0 + 1)
    moved["sh_r"] += 0.12 * math.sin(quick) * (base["el_r"] > 1) + 0.03 * math.sin(slow)
    moved["nod"] += 0.08 * math.sin(slow + 2)
    return moved


def stride_length(speed: float, size: float) -> float:
    """Metres a full cycle of two steps covers."""
    return (0.75 + 0.46 * speed) * size


def gait(distance: float, speed: float, size: float, frail: float = 0.0, carry: bool = False) -> Pose:
    """Walking (or, above 2.3 m/s, running) as a function of distance, so that the feet do not slide."""
    stride = stride_length(speed, size)
    phase = 2 * math.pi * distance / stride
    swing = math.asin(min(0.85, stride / (3.55 * size)))
    run = min(1.0, max(0.0, (speed - 2.3) / 1.2))

    def leg(p):
        lift = max(0.0, math.cos(p + 0.35)) ** 1.4
        return swing * math.sin(p) + 0.04 + 0.15 * run, 0.10 + (0.85 + 0.7 * run) * lift * (
            1 - 0.4 * frail
        ) + 0.18 * run + 0.2 * frail

    (hip_l, knee_l), (hip_r, knee_r) = leg(phase), leg(phase + math.pi)
    arm = swing * (0.8 + 0.4 * run) * (1 - 0.5 * frail)
    bend = 0.25 + 1.1 * run
    made = pose(
        lean=0.04 + 0.16 * run + 0.38 * frail,
        hip_l=hip_l + 0.1 * frail,
        hip_r=hip_r + 0.1 * frail,
        knee_l=knee_l,
        knee_r=knee_r,
        sh_l=-arm * math.sin(phase),
        sh_r=arm * math.sin(phase),
        el_l=bend,
        el_r=bend,
        nod=0.05 + 0.15 * frail,
        roll=(0.015 + 0.03 * frail) * math.sin(phase),
    )
    if carry:
        made.update(sh_r=0.55, el_r=1.75, ab_r=0.12)
    return made


def pedal(distance: float) -> Pose:
    phase = 2 * math.pi * distance / 4.2
    left, right = math.sin(phase), -math.sin(phase)
    return pose(
        lean=0.62,
        hip_l=1.15 + 0.38 * left,
        hip_r=1.15 + 0.38 * right,
        knee_l=1.25 + 0.45 * left,
        knee_r=1.25 + 0.45 * right,
        sh_l=1.15,
        sh_r=1.15,
        el_l=0.35,
        el_r=0.35,
        ab_l=0.14,
        ab_r=0.14,
        nod=-0.4,
    )


SCOOT = pose(
    hip_l=1.35,
    hip_r=1.35,
    knee_l=1.25,
    knee_r=1.25,
    lean=0.12,
    sh_l=0.95,
    sh_r=0.95,
    el_l=0.5,
    el_r=0.5,
    ab_l=0.2,
    ab_r=0.2,
)
