"""Sounds played by a program of the machine (pw-play, paplay, aplay), from a thread of their own. Qt-free.

A player is another process: a sound server that hangs holds up nothing here, and a machine without sound is a
machine where the player says so. Nothing is ever listened to; files are played and that is all.
"""

from __future__ import annotations

import logging
import queue
import shutil
import subprocess
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from console.clock import Clock
from console.model.base import Record
from console.paths import shipped

log = logging.getLogger("bongsu.desk.speaker")

ASKS = "silence"
"""The sound that cannot be heard."""
FILE = "style/sound.toml"
_LONGEST_WHY = 200

Audible = Literal["unknown", "heard", "no_player", "failed"]


class Silencing(Record, frozen=True, kw_only=True):
    lasts_s: float
    sounds_through: tuple[int | str, ...]


class Player(Record, frozen=True, kw_only=True):
    longest_s: float
    again_s: float
    programs: tuple[tuple[str, ...], ...]


class SoundFigures(Record, frozen=True, kw_only=True):
    """assets/style/sound.toml; the file explains each figure. `repeat_s` is by priority, as text, and by the
    name of a sound that is not an alarm's."""

    repeat_s: dict[str, float]
    silence: Silencing
    player: Player

    def repeat_of(self, name: str) -> float | None:
        """Seconds from one sound ("priority1", "handoff") to the next, 0 for one sound only; None for one
        that is not made."""
        return self.repeat_s.get(name.removeprefix("priority"))

    def sounds_through(self, name: str) -> bool:
        """Whether what is new under this sound is heard although sounds were taken away."""
        short = name.removeprefix("priority")
        return any(str(one) == short for one in self.silence.sounds_through)


def load_sound_figures() -> SoundFigures:
    """The shipped figures. Raises msgspec.ValidationError naming the key that is wrong."""
    return msgspec.toml.decode((shipped("assets") / FILE).read_bytes(), type=SoundFigures)


@dataclass(frozen=True, slots=True)
class SoundState:
    """Whether sounds can be heard, by which program, and what it said where they cannot."""

    audible: Audible = "unknown"
    program: str = ""
    why: str = ""


class Speaker:
    """Plays one sound at a time; while one plays only the newest other one waits.

    `state` may be read by any thread. Failures are logged once, until a sound was played again.
    """

    def __init__(
        self, figures: Player, clock: Clock, folder: Path | None = None,
        which: Callable[[str], str | None] = shutil.which,
    ) -> None:  # fmt: skip
        self._figures, self._clock = figures, clock
        self._folder = folder or shipped("assets") / "sounds"
        self._which = which
        self._wanted: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name="speaker", daemon=True)
        self._running: subprocess.Popen[bytes] | None = None
        self._closing = False
        self._told = False
        self.state = SoundState()
        self.played = 0

    def start(self) -> None:
        """Ask whether a sound can be played, and serve from then on."""
        self._wanted.put(ASKS)
        self._thread.start()

    def play(self, name: str) -> None:
        """Play NAME.wav of the folder soon. Does not wait."""
        self._wanted.put(name)

    def close(self) -> None:
        """Stop a sound that plays, and the thread."""
        self._closing = True
        self._wanted.put(None)
        running = self._running
        if running is not None:
            running.terminate()
        if self._thread.is_alive():
            self._thread.join(self._figures.longest_s)

    def _serve(self) -> None:
        failed_ns = 0
        while True:
            name = self._next(failed_ns)
            if name is None or self._closing:
                return
            self.state = self._played(name)
            failed_ns = 0 if self.state.audible == "heard" else self._clock.mono_ns()

    def _next(self, failed_ns: int) -> str | None:
        """What to play; after a failure the question whether it goes again, when nothing is asked."""
        try:
            name = self._wanted.get(timeout=self._figures.again_s if failed_ns else None)
        except queue.Empty:
            return ASKS
        while name is not None:
            try:
                name = self._wanted.get_nowait()  # what is older than the newest is news no more
            except queue.Empty:
                break
        return name

    def _played(self, name: str) -> SoundState:
        command = self._command()
        if command is None:
            wanted = ", ".join(one[0] for one in self._figures.programs)
            return self._trouble(SoundState("no_player", why=wanted))
        said = self._run([*command, str(self._folder / f"{name}.wav")])
        if said is not None:
            return self._trouble(SoundState("failed", command[0], said))
        self._told = False
        self.played += name != ASKS
        return SoundState("heard", command[0])

    def _command(self) -> Sequence[str] | None:
        return next((one for one in self._figures.programs if self._which(one[0])), None)

    def _run(self, command: list[str]) -> str | None:
        """None when the player ended well, else what it said. Raises nothing."""
        try:
            with subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
            ) as running:
                self._running = running
                if self._closing:
                    running.terminate()  # it began while the desk was left
                try:
                    _, said = running.communicate(timeout=self._figures.longest_s)
                except subprocess.TimeoutExpired:
                    running.kill()
                    running.communicate()
                    return f"no answer for {self._figures.longest_s:g} s"
                finally:
                    self._running = None
        except OSError as error:
            return str(error.strerror)
        if running.returncode == 0 or self._closing:
            return None
        lines = said.decode("utf-8", "replace").strip().splitlines()
        return lines[0][:_LONGEST_WHY] if lines else f"ended with {running.returncode}"

    def _trouble(self, state: SoundState) -> SoundState:
        if not self._told:
            self._told = True
            log.info("Alarms cannot be heard at this desk: %s %s", state.audible, state.why)
        return state
