"""Sounds by a player of the machine: played in turn, and a machine without sound is said to be one, once."""

from __future__ import annotations

import logging
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from console.clock import SystemClock
from console.desk.speaker import Player, Speaker, load_sound_figures

Wait = Callable[..., object]


class Machine:
    """Players that are scripts, and the speakers that use them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.heard = folder / "heard.txt"
        self.speakers: list[Speaker] = []

    def player(self, name: str, script: str) -> None:
        path = self.folder / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def speaker(self, **figures: object) -> Speaker:
        settings = msgspec.structs.replace(load_sound_figures().player, **figures)  # type: ignore[arg-type]
        programs = tuple((str(self.folder / one[0]), *one[1:]) for one in settings.programs)
        settings = msgspec.structs.replace(settings, programs=programs)
        made = Speaker(settings, SystemClock(), which=shutil.which)
        self.speakers.append(made)
        made.start()
        return made

    def sounds(self) -> list[str]:
        return self.heard.read_text().split() if self.heard.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    made = Machine(tmp_path)
    yield made
    for one in made.speakers:
        one.close()


def test_the_first_player_that_is_there_plays_the_file(machine: Machine, wait_until: Wait) -> None:
    machine.player("aplay", f'basename "$2" >> {machine.heard}')
    machine.player("paplay", f'basename "$1" >> {machine.heard}')
    speaker = machine.speaker()
    wait_until(lambda: speaker.state.audible == "heard", "the player to be asked")
    assert speaker.state.program.endswith("/paplay")
    speaker.play("priority1")
    wait_until(lambda: machine.sounds() == ["silence.wav", "priority1.wav"], machine.sounds)
    wait_until(lambda: speaker.played == 1, "the sound to end")


def test_a_machine_without_a_player_is_said_to_have_none(machine: Machine, wait_until: Wait) -> None:
    speaker = machine.speaker()
    wait_until(lambda: speaker.state.audible == "no_player", "the machine to be looked at")
    assert "paplay" in speaker.state.why


def test_what_a_player_says_is_told_once_and_it_is_tried_again(
    machine: Machine, wait_until: Wait, caplog: pytest.LogCaptureFixture
) -> None:
    machine.player("paplay", 'echo "Connection failure: Connection refused" >&2; exit 1')
    with caplog.at_level(logging.INFO, "bongsu.desk.speaker"):
        speaker = machine.speaker(again_s=0.01)
        wait_until(lambda: speaker.state.audible == "failed", "the player to fail")
        assert speaker.state.why == "Connection failure: Connection refused"
        speaker.play("priority1")
        machine.player("paplay", "exit 0")
        wait_until(lambda: speaker.state.audible == "heard", "a device to be plugged in")
    assert len(caplog.records) == 1, "a machine without sound does not fill the log"


def test_a_player_that_hangs_is_ended(machine: Machine, wait_until: Wait) -> None:
    machine.player("paplay", "exec sleep 60")
    speaker = machine.speaker(longest_s=0.05)
    wait_until(lambda: speaker.state.audible == "failed", "the player to be given up")
    assert "0.05 s" in speaker.state.why


def test_closing_ends_a_sound_that_plays(machine: Machine, wait_until: Wait) -> None:
    machine.player("paplay", f"echo begun >> {machine.heard}; exec sleep 60")
    speaker = machine.speaker()
    wait_until(lambda: machine.sounds(), "the sound to begin")
    speaker.close()
    assert not speaker._thread.is_alive()


def test_figures_name_only_priorities_that_have_a_sound() -> None:
    figures = load_sound_figures()
    assert isinstance(figures.player, Player)
    assert figures.repeat_of("priority1") and figures.repeat_of("priority4") is None
