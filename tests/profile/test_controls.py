"""Controls as data: what a file promises comes out as it is; a mistake is named by file, table and key."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from console.profile import Profile, ProfileError, load_profile
from console.profile.skeleton import SYSTEM
from tests.profile.test_mistakes import CITY, LAMPS

CONTROL = """
[[controls]]
id = "cabinet_on"
name = { en = "Circuit", ko = "회로" }
kinds = ["cabinet"]
roles = ["operator"]
dangerous = true
warning = { en = "The street goes dark.", ko = "거리가 어두워집니다." }
answer_s = 10.0
automatic = true
safe = "on"
choices = [
  { id = "on", name = { en = "on", ko = "켜기" }, effect = [5.0, 100.0] },
  { id = "off", name = { en = "off", ko = "끄기" }, effect = [0.0, 1.0] },
]
effect = { quantity = "current_a", within_s = 30.0 }
source = "Ours"
"""
RANGE = "range = { low = 0.0, high = 100.0, step = 10.0, unit = \"A\" }\n"
CHOICES = CONTROL[CONTROL.index("choices") : CONTROL.index("effect = { quantity")]
MISTAKES = [
    ('kinds = ["cabinet"]', 'kinds = ["cupboard"]', "kinds", "kind"),
    ('kinds = ["cabinet"]', "kinds = []", "kinds", "at least one"),
    ('kinds = ["cabinet"]', 'kinds = ["lamp"]', "effect.quantity", "a point of the kind lamp"),
    ('roles = ["operator"]', "roles = []", "roles", "at least one"),
    ('roles = ["operator"]', 'roles = ["boss"]', "roles", "'operator'"),
    (
        'warning = { en = "The street goes dark.", ko = "거리가 어두워집니다." }\n', "", "warning",
        "second question",
    ),
    ("answer_s = 10.0", "answer_s = 0.0", "answer_s", ">= 1"),
    ('safe = "on"', 'safe = "dim"', "safe", "one of on, off"),
    ('automatic = true\nsafe = "on"', 'safe = "auto"', "safe", "automatic = true"),
    ('id = "off"', 'id = "on"', "choices.id", "only once"),
    ('id = "off"', 'id = "auto"', "choices.id", "not 'auto'"),
    ("effect = [0.0, 1.0]", "effect = [1.0, 0.0]", "choices.effect", "low <= high"),
    ("effect = [0.0, 1.0]", "effect = [200.0, 300.0]", "choices.effect", "within 0.0 .. 100.0"),
    ('quantity = "current_a"', 'quantity = "voltage_v"', "effect.quantity", "point of the kind cabinet"),
    ('effect = { quantity = "current_a", within_s = 30.0 }\n', "", "effect", "choices.effect"),
    (CHOICES, "", "", "one of choices, range and text"),
    (CHOICES, CHOICES + RANGE, "", "one of choices, range and text"),
    (CHOICES, RANGE.replace("high = 100.0", "high = 900.0"), "range", "within 0.0 .. 100.0 of cabinet"),
    (CHOICES, RANGE.replace("high = 100.0", "high = 0.0"), "range.high", "above low"),
    (CHOICES, RANGE.replace("step = 10.0", "step = 900.0"), "range.step", "at most high - low"),
    (CHOICES, RANGE.replace('"A"', '"A", unit_s = 1'), "", "only the keys"),
    ('source = "Ours"\n', "", "source", "text"),
]  # fmt: skip


def write(files: Path, text: str) -> Path:
    path = files / LAMPS
    path.write_text(path.read_text("utf-8") + text, "utf-8")
    return files / CITY


def test_a_control_comes_out_as_the_file_has_it(village_files: Path) -> None:
    village = load_profile(write(village_files, CONTROL))
    control = village.controls["cabinet_on"]
    assert (control.system, control.kinds, control.roles) == ("lamps", ("cabinet",), ("operator",))
    assert control.dangerous and control.automatic and control.safe == "on" and control.answer_s == 10.0
    assert [(one.id, one.effect) for one in control.choices] == [("on", (5.0, 100.0)), ("off", (0.0, 1.0))]
    assert village.controls_of_kind["cabinet"] == ("cabinet_on",)
    assert village.controls_of_kind["lamp"] == ()


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda one: f"{one[2]} {one[3][:24]}")
def test_a_mistake_in_a_control_is_named(mistake: tuple[str, str, str, str], village_files: Path) -> None:
    there, instead, key, expected = mistake
    assert there in CONTROL
    with pytest.raises(ProfileError) as wrong:
        load_profile(write(village_files, CONTROL.replace(there, instead, 1)))
    found = [one for one in wrong.value.problems if one.file == "systems/lamps.toml"]
    assert any(
        one.table.startswith("controls[0]") and one.key.startswith(key) and expected in one.expected
        for one in found
    ), str(wrong.value)


def test_two_controls_of_one_name_are_refused_unless_they_hold_in_different_countries(
    village_files: Path, tmp_path: Path
) -> None:
    with pytest.raises(ProfileError, match="a control no other table defines"):
        load_profile(write(village_files, CONTROL + CONTROL))
    text = (village_files / LAMPS).read_text("utf-8")
    second = text.rindex("[[controls]]")
    (village_files / LAMPS).write_text(text[:second] + text[second:] + 'countries = ["GB"]\n', "utf-8")
    assert len(load_profile(village_files / CITY).controls) == 1


def test_the_skeletons_control_can_be_used_as_it_stands(village_files: Path) -> None:
    text = SYSTEM.format(id="wells", row=100, owner="hall")
    commented = text[text.index("# [[controls]]") :]
    told = re.sub(r"^# (?!choices|text)", "", commented, flags=re.MULTILINE)
    told = re.sub(r"\"wells_sensor\"", '"cabinet"', told).replace("wells_percent", "current_a")
    control = load_profile(write(village_files, "\n" + told)).controls["wells_level"]
    assert control.range is not None and control.safe == "auto" and control.source == "Ours"


@pytest.mark.parametrize("city", ["suwon", "glasgow"])
def test_every_shipped_control_has_devices_and_words_in_both_languages(
    city: str, request: pytest.FixtureRequest
) -> None:
    profile: Profile = request.getfixturevalue(city)
    named = {"lamp_dim", "sign_text", "signal_plan", "barrier", "pump_run", "bell_voice"}
    assert named <= set(profile.controls)
    present = {kind for kind in profile.columns.kinds if len(profile.columns.of_kind(kind))}
    for control in profile.controls.values():
        assert control.name.en and control.name.ko and control.source and control.effect is not None
        assert set(control.kinds) & present or control.kinds[0] in profile.kinds
        for choice in control.choices:
            assert choice.name.en and choice.name.ko and choice.effect is not None
        ranges = sorted({one.effect for one in control.choices if one.effect is not None})
        assert all(one[1] < other[0] for one, other in pairwise(ranges)), (
            f"{control.id}: a measurement could stand for two orders"
        )
