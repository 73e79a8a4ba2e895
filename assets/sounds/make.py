"""Makes the sounds of this folder: short tones with soft edges, no recording of anything.

    python assets/sounds/make.py [FOLDER]

The same program always makes the same bytes. A more urgent sound has more strokes, closer together and
higher, so that priorities are told apart without counting; "back" falls: it says that something is over.
"handoff" rings in pairs on one pitch, as a telephone does: somebody has to be called.
"""

from __future__ import annotations

import math
import struct
import sys
import wave
from pathlib import Path
from typing import NamedTuple

RATE_HZ = 22_050
EDGE_S = 0.012
"""Tones swell and fade so long; an edge without it clicks."""
OVERTONES = ((1, 0.62), (2, 0.25), (3, 0.13))
"""Several harmonics: a single pure tone is hard to locate, and lost where one's hearing has a gap."""


class Stroke(NamedTuple):
    """One tone: its fundamental, how long it sounds, how long it is quiet after it."""

    hertz: float
    sound_s: float
    quiet_s: float


SOUNDS: dict[str, tuple[float, tuple[Stroke, ...]]] = {
    "priority1": (0.9, (Stroke(880, 0.13, 0.07), Stroke(698, 0.13, 0.07)) * 3),
    "priority2": (0.7, (Stroke(698, 0.16, 0.10), Stroke(698, 0.16, 0.10), Stroke(880, 0.16, 0.04))),
    "priority3": (0.5, (Stroke(587, 0.20, 0.04),)),
    "handoff": (0.8, (Stroke(988, 0.07, 0.05), Stroke(988, 0.07, 0.22)) * 3),
    "back": (0.4, (Stroke(523, 0.14, 0.04), Stroke(392, 0.20, 0.04))),
    "silence": (0.0, (Stroke(440, 0.08, 0.02),)),
}
"""Name to loudness (0 to 1 of full scale) and strokes. "silence" asks a player whether it can play at all."""


def samples(loudness: float, strokes: tuple[Stroke, ...]) -> bytes:
    """Mono, signed 16 bit, little end first."""
    values: list[int] = []
    for hertz, sound_s, quiet_s in strokes:
        count = round(sound_s * RATE_HZ)
        for number in range(count):
            at_s = number / RATE_HZ
            edge = min(1.0, at_s / EDGE_S, (sound_s - at_s) / EDGE_S)
            tone = sum(part * math.sin(2 * math.pi * hertz * order * at_s) for order, part in OVERTONES)
            values.append(round(32_000 * loudness * edge * tone))
        values += [0] * round(quiet_s * RATE_HZ)
    return struct.pack(f"<{len(values)}h", *values)


def make(folder: Path) -> list[Path]:
    """Write every sound as FOLDER/NAME.wav."""
    made = []
    for name, (loudness, strokes) in SOUNDS.items():
        path = folder / f"{name}.wav"
        with wave.open(str(path), "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(RATE_HZ)
            out.writeframes(samples(loudness, strokes))
        made.append(path)
    return made


if __name__ == "__main__":
    for one in make(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent):
        sys.stdout.write(f"{one}\n")
