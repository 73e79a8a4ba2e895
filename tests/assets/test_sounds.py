"""The sounds of alarms are what their program makes, short, and told apart by their strokes."""

from __future__ import annotations

import importlib.util
import wave
from pathlib import Path
from types import ModuleType

import pytest

from console.desk.speaker import load_sound_figures
from console.paths import shipped

FOLDER = shipped("assets") / "sounds"


@pytest.fixture(scope="module")
def program() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_sounds", FOLDER / "make.py")
    assert spec is not None and spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def test_every_file_is_what_the_program_makes(program: ModuleType, tmp_path: Path) -> None:
    made = program.make(tmp_path)
    assert {one.name for one in made} == {one.name for one in FOLDER.glob("*.wav")}
    for one in made:
        assert one.read_bytes() == (FOLDER / one.name).read_bytes(), one.name


def test_a_sound_is_over_before_it_would_repeat_or_be_stopped() -> None:
    figures = load_sound_figures()
    for path in FOLDER.glob("*.wav"):
        with wave.open(str(path)) as sound:
            seconds = sound.getnframes() / sound.getframerate()
        assert seconds < figures.player.longest_s / 2
    for priority, repeat_s in figures.repeat_s.items():
        name = f"priority{priority}" if priority.isdigit() else priority
        assert (FOLDER / f"{name}.wav").is_file()
        assert repeat_s == 0 or repeat_s > 5


def test_the_more_urgent_sound_has_more_strokes(program: ModuleType) -> None:
    strokes = [len(program.SOUNDS[f"priority{one}"][1]) for one in (1, 2, 3)]
    assert strokes == sorted(set(strokes), reverse=True)
    assert not any(program.samples(*program.SOUNDS["silence"])), "the question cannot be heard"
