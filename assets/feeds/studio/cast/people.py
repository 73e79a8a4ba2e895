"""A body from a pose: limbs as tapered, flattened tubes over a jointed skeleton, clothed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .meshes import Mesh
from .poses import Pose

RINGS, SIDES = 7, 9
_T = np.array([0.0, 0.05, 0.28, 0.52, 0.76, 0.95, 1.0])
_TURN = 2 * np.pi * np.arange(SIDES) / SIDES
_TRIS = np.array(
    [
        t
        for i in range(RINGS - 1)
        for j in range(SIDES)
        for a, b in ((i * SIDES + j, i * SIDES + (j + 1) % SIDES),)
        for t in ((a, b, b + SIDES), (a, b + SIDES, a + SIDES))
    ]
)

SKIN = ((0.50, 0.31, 0.21), (0.44, 0.26, 0.17), (0.56, 0.36, 0.26))
CLOTH = (
    (0.02, 0.02, 0.025),
    (0.03, 0.05, 0.14),
    (0.40, 0.40, 0.40),
    (0.28, 0.03, 0.03),
    (0.05, 0.14, 0.07),
    (0.36, 0.26, 0.14),
    (0.10, 0.10, 0.11),
    (0.07, 0.17, 0.36),
    (0.52, 0.42, 0.10),
    (0.35, 0.12, 0.22),
    (0.55, 0.54, 0.50),
    (0.16, 0.08, 0.22),
)
LEGS = (
    (0.02, 0.025, 0.05),
    (0.03, 0.05, 0.12),
    (0.05, 0.05, 0.05),
    (0.18, 0.15, 0.10),
    (0.10, 0.10, 0.11),
    (0.07, 0.09, 0.16),
)


@dataclass(frozen=True)
class Outfit:
    top: tuple = CLOTH[1]
    bottom: tuple = LEGS[0]
    skin: tuple = SKIN[0]
    hair: tuple = (0.012, 0.010, 0.009)
    shoes: tuple = (0.03, 0.03, 0.03)
    sleeves: bool = True
    skirt: bool = False
    coat: bool = False
    long_hair: bool = False
    pack: tuple | None = None  # backpack colour
    bag: tuple | None = None  # bag in the right hand
    umbrella: tuple | None = None
    cap: tuple | None = None
    helmet: tuple | None = None
    cane: bool = False
    size: float = 1.0
    stout: float = 1.0
    frail: float = 0.0

    def without(self, *names: str) -> Outfit:
        return replace(self, **dict.fromkeys(names))


def any_outfit(
    random: np.random.Generator, child: bool = False, elder: bool = False, rain: bool = False
) -> Outfit:
    """A person off the street."""
    pick = lambda options: options[int(random.integers(len(options)))]  # noqa: E731
    woman = random.random() < 0.5
    return Outfit(
        top=pick(CLOTH),
        bottom=pick(LEGS),
        skin=pick(SKIN),
        hair=(0.30, 0.29, 0.28)
        if elder
        else pick(((0.012, 0.01, 0.009), (0.03, 0.018, 0.01), (0.06, 0.03, 0.015))),
        shoes=pick(((0.03, 0.03, 0.03), (0.45, 0.45, 0.44), (0.12, 0.07, 0.04))),
        sleeves=random.random() < 0.7,
        skirt=woman and not elder and random.random() < 0.35,
        coat=random.random() < 0.22,
        long_hair=woman and random.random() < 0.6,
        pack=pick(CLOTH) if child or random.random() < 0.28 else None,
        bag=pick(CLOTH) if random.random() < 0.2 and not child else None,
        umbrella=pick(
            ((0.03, 0.03, 0.04), (0.35, 0.03, 0.04), (0.05, 0.12, 0.35), (0.5, 0.45, 0.1), (0.3, 0.32, 0.34))
        )
        if rain
        else None,
        cap=pick(CLOTH) if random.random() < 0.15 else None,
        cane=False,
        size=float(
            random.uniform(0.66, 0.78) if child else random.uniform(0.93, 1.05) * (0.95 if woman else 1.02)
        ),
        stout=float(random.uniform(0.9, 1.15)),
        frail=0.6 if elder else 0.0,
    )


def _sagittal(angle: float, out: float = 0.0) -> np.ndarray:
    """A unit vector hanging down, swung forward by angle and outward (to +Y) by out."""
    return np.array([np.sin(angle) * np.cos(out), np.sin(out), -np.cos(angle) * np.cos(out)])


class Body:
    """Joints of a posed body in its own frame: X forward, Y left, Z up, lowest point at z = lift."""

    def __init__(self, p: Pose, wear: Outfit) -> None:
        k = wear.size
        lean = p["lean"]
        up = np.array([np.sin(lean), 0.0, np.cos(lean)])
        fore = np.array([np.cos(lean), 0.0, -np.sin(lean)])
        side = np.array([0.0, 1.0, 0.0])
        hip = np.zeros(3)
        j: dict[str, np.ndarray] = {"hip": hip, "neck": hip + up * 0.50 * k, "chest": hip + up * 0.46 * k}
        nod = lean + p["nod"]
        head_up = np.array([np.sin(nod), 0.0, np.cos(nod)])
        j["head"] = j["neck"] + head_up * 0.175 * k * (1.08 if k < 0.8 else 1.0)
        self.head_up, self.head_fore = head_up, np.array([np.cos(nod), 0, -np.sin(nod)])
        for s, name in ((1, "l"), (-1, "r")):
            thigh = _sagittal(p["hip_" + name], s * p["spread"])
            shin = _sagittal(p["hip_" + name] - p["knee_" + name], s * p["spread"] * 0.6)
            j["pelvis_" + name] = hip + side * 0.088 * k * s - up * 0.03 * k
            j["knee_" + name] = j["pelvis_" + name] + thigh * 0.43 * k
            j["ankle_" + name] = j["knee_" + name] + shin * 0.43 * k
            toe = p["hip_" + name] - p["knee_" + name] * 0.75
            j["toe_" + name] = (
                j["ankle_" + name]
                + np.array([np.cos(toe * 0.8), 0, np.sin(toe * 0.8)]) * 0.19 * k
                + shin * 0.035 * k
            )
            j["heel_" + name] = (
                j["ankle_" + name]
                - np.array([np.cos(toe * 0.8), 0, np.sin(toe * 0.8)]) * 0.06 * k
                + shin * 0.035 * k
            )
            arm = _sagittal(p["sh_" + name] - lean, s * p["ab_" + name])
            fore_arm = _sagittal(p["sh_" + name] - lean + p["el_" + name], s * p["ab_" + name] * 0.5)
            j["shoulder_" + name] = hip + up * 0.455 * k + side * 0.185 * k * s * (0.9 + 0.1 * wear.stout)
            j["elbow_" + name] = j["shoulder_" + name] + arm * 0.285 * k
            j["wrist_" + name] = j["elbow_" + name] + fore_arm * 0.25 * k
            j["hand_" + name] = j["wrist_" + name] + fore_arm * 0.12 * k
        tip, roll = p["tip"], p["roll"]
        turn = np.eye(3)
        if tip or roll:
            ct, st, cr, sr = np.cos(tip), np.sin(tip), np.cos(roll), np.sin(roll)
            turn = np.array([[ct, 0, st], [0, 1, 0], [-st, 0, ct]]) @ np.array(
                [[1, 0, 0], [0, cr, -sr], [0, sr, cr]]
            )
        self.joints = {name: turn @ point for name, point in j.items()}
        self.up, self.fore, self.side = turn @ up, turn @ fore, turn @ side
        self.head_up, self.head_fore = turn @ self.head_up, turn @ self.head_fore
        floor = min(
            point[2] - (0.11 * k if name in ("hip", "head", "chest") else 0.03 * k)
            for name, point in self.joints.items()
        )
        anchor = np.zeros(3)
        if tip:  # the body turns about its feet, not about its hip
            feet = (self.joints["ankle_l"] + self.joints["ankle_r"]) / 2
            anchor = np.array([feet[0], feet[1], 0.0])
        for name in self.joints:
            self.joints[name] = self.joints[name] - anchor - (0, 0, floor - p["lift"])


def dress(body: Body, wear: Outfit) -> Mesh:
    """The clothed mesh of a posed body, in the body's own frame."""
    k, w, j = wear.size, wear.stout, body.joints
    rows: list[tuple] = []

    def limb(a, b, depth, width, colour, side=None):
        rows.append(
            (
                a,
                b,
                np.asarray(depth, float) * k,
                np.asarray(width, float) * k,
                side if side is not None else body.side,
                colour,
            )
        )

    top, trouser, skin = wear.top, wear.skin if wear.skirt else wear.bottom, wear.skin
    limb(
        j["hip"] - body.up * 0.10 * k,
        j["hip"] + body.up * 0.10 * k,
        np.array((0.05, 0.09, 0.115, 0.12, 0.11, 0.10, 0.06)) * w,
        np.array((0.07, 0.13, 0.165, 0.168, 0.155, 0.14, 0.09)) * w,
        wear.bottom,
    )
    limb(
        j["hip"] + body.up * 0.02 * k,
        j["neck"],
        np.array((0.06, 0.105, 0.108, 0.118, 0.125, 0.085, 0.05)) * w,
        np.array((0.09, 0.145, 0.145, 0.168, 0.195, 0.14, 0.06)) * w,
        top,
    )
    limb(j["neck"] - body.up * 0.02 * k, j["head"], [0.05] * 7, [0.052] * 7, skin)
    big = 1.12 if k < 0.8 else 1.0
    centre = j["head"]
    limb(
        centre - body.head_up * 0.125 * k * big,
        centre + body.head_up * 0.115 * k * big,
        np.array((0.03, 0.06, 0.092, 0.102, 0.098, 0.06, 0.02)) * big,
        np.array((0.03, 0.055, 0.072, 0.080, 0.078, 0.05, 0.02)) * big,
        skin,
    )
    crown = centre - body.head_fore * 0.022 * k
    hair = wear.helmet or wear.cap or wear.hair
    low = 0.03 if not wear.long_hair or wear.helmet else 0.22
    limb(
        crown - body.head_up * low * k,
        crown + body.head_up * 0.135 * k * big,
        np.array((0.05, 0.09, 0.100, 0.106, 0.100, 0.07, 0.02)) * big * (1.15 if wear.helmet else 1),
        np.array((0.05, 0.078, 0.086, 0.090, 0.086, 0.06, 0.02)) * big * (1.15 if wear.helmet else 1),
        hair,
    )
    if wear.cap:
        limb(
            centre + body.head_up * 0.06 * k,
            centre + body.head_up * 0.055 * k + body.head_fore * 0.17 * k,
            [0.012] * 7,
            [0.07] * 7,
            wear.cap,
        )
    for s in ("l", "r"):
        limb(
            j["pelvis_" + s] + body.up * 0.04 * k,
            j["knee_" + s],
            np.array((0.05, 0.085, 0.085, 0.075, 0.066, 0.056, 0.05)) * w,
            np.array((0.05, 0.083, 0.083, 0.074, 0.064, 0.056, 0.05)) * w,
            trouser,
        )
        limb(
            j["knee_" + s],
            j["ankle_" + s],
            (0.05, 0.057, 0.060, 0.054, 0.046, 0.042, 0.035),
            (0.05, 0.055, 0.058, 0.052, 0.046, 0.042, 0.035),
            trouser,
        )
        limb(
            j["heel_" + s],
            j["toe_" + s],
            (0.02, 0.042, 0.048, 0.045, 0.036, 0.028, 0.012),
            (0.02, 0.035, 0.042, 0.044, 0.045, 0.038, 0.02),
            wear.shoes,
        )
        limb(
            j["shoulder_" + s] + body.up * 0.02 * k,
            j["elbow_" + s],
            np.array((0.035, 0.060, 0.058, 0.051, 0.046, 0.043, 0.04)) * w,
            np.array((0.035, 0.058, 0.056, 0.050, 0.046, 0.043, 0.04)) * w,
            top,
        )
        limb(
            j["elbow_" + s],
            j["wrist_" + s],
            (0.04, 0.044, 0.043, 0.039, 0.034, 0.03, 0.028),
            (0.04, 0.044, 0.043, 0.039, 0.034, 0.03, 0.028),
            top if wear.sleeves else skin,
        )
        limb(
            j["wrist_" + s] - (j["hand_" + s] - j["wrist_" + s]) * 0.1,
            j["hand_" + s],
            (0.02, 0.028, 0.03, 0.032, 0.03, 0.025, 0.01),
            (0.02, 0.03, 0.036, 0.04, 0.036, 0.03, 0.01),
            skin,
        )
    if wear.skirt or wear.coat:
        knees = (j["knee_l"] + j["knee_r"]) / 2
        spread = 0.04 + 0.5 * float(np.linalg.norm(j["knee_l"] - j["knee_r"])) / k
        end = j["hip"] + (knees - j["hip"]) * (0.92 if wear.skirt else 0.8)
        limb(
            j["hip"] + body.up * 0.08 * k,
            end,
            (0.07, 0.11, 0.13, 0.14, 0.12 + spread * 0.3, 0.10 + spread * 0.5, 0.08 + spread * 0.5),
            (0.08, 0.145, 0.165, 0.175, 0.18, 0.18, 0.16),
            wear.bottom if wear.skirt else top,
        )
    if wear.pack:
        back = j["chest"] - body.fore * 0.17 * k
        limb(
            back - body.up * 0.36 * k,
            back + body.up * 0.04 * k,
            (0.05, 0.085, 0.10, 0.10, 0.095, 0.08, 0.04),
            (0.08, 0.13, 0.145, 0.145, 0.135, 0.11, 0.05),
            wear.pack,
        )
    if wear.bag:
        hold = j["hand_r"]
        limb(
            hold - (0, 0, 0.05 * k),
            hold - (0, 0, 0.36 * k),
            (0.01, 0.02, 0.06, 0.07, 0.07, 0.065, 0.04),
            (0.02, 0.06, 0.15, 0.17, 0.17, 0.165, 0.14),
            wear.bag,
            body.fore,
        )
    if wear.cane:
        foot = j["hand_r"] + body.fore * 0.12 * k
        limb(j["hand_r"], np.array((foot[0], foot[1], 0.01)), [0.014] * 7, [0.014] * 7, (0.10, 0.05, 0.02))
    if wear.umbrella:
        hold = j["hand_r"]
        peak = np.array((hold[0] * 0.5, hold[1] * 0.5, j["head"][2] + 0.42 * k))
        limb(hold, peak, [0.012] * 7, [0.012] * 7, (0.2, 0.2, 0.2))
        rim = peak - (0, 0, 0.26)
        limb(
            rim,
            peak,
            (0.52, 0.55, 0.47, 0.38, 0.26, 0.10, 0.01),
            (0.52, 0.55, 0.47, 0.38, 0.26, 0.10, 0.01),
            wear.umbrella,
        )
    return _skin(rows)


def _skin(rows: list[tuple]) -> Mesh:
    count = len(rows)
    a = np.array([r[0] for r in rows], float)
    b = np.array([r[1] for r in rows], float)
    depth, width = np.array([r[2] for r in rows]), np.array([r[3] for r in rows])
    axis = b - a
    length = np.maximum(1e-6, np.linalg.norm(axis, axis=1, keepdims=True))
    w = axis / length
    side = np.array([r[4] for r in rows], float)
    side = side - w * (side * w).sum(axis=1, keepdims=True)
    weak = np.linalg.norm(side, axis=1) < 0.2
    if weak.any():
        side[weak] = np.cross(w[weak], (0.3, 0.1, 0.95))
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    fore = np.cross(side, w)
    c, s = np.cos(_TURN), np.sin(_TURN)
    ring = (
        fore[:, None, None, :] * (depth[:, :, None] * c)[..., None]
        + side[:, None, None, :] * (width[:, :, None] * s)[..., None]
    )
    verts = a[:, None, None, :] + axis[:, None, None, :] * _T[None, :, None, None] + ring
    slope = np.gradient(0.5 * (depth + width), axis=1) / np.maximum(1e-6, np.gradient(_T)[None] * length)
    normal = (
        ring / np.maximum(1e-9, np.linalg.norm(ring, axis=-1, keepdims=True))
        - w[:, None, None, :] * np.clip(slope, -3, 3)[:, :, None, None]
    )
    normal /= np.maximum(1e-9, np.linalg.norm(normal, axis=-1, keepdims=True))
    per = RINGS * SIDES
    tris = (_TRIS[None] + (np.arange(count) * per)[:, None, None]).reshape(-1, 3)
    colours = np.repeat(np.array([r[5] for r in rows], float), len(_TRIS), axis=0)
    flat = np.zeros(len(tris))
    return Mesh(verts.reshape(-1, 3), normal.reshape(-1, 3), tris, colours, flat, flat.copy())
