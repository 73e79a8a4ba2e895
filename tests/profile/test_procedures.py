"""Procedures as files: what is wrong is named by file, table and key; what is right is as a city needs it."""

from __future__ import annotations

import copy
import functools
from pathlib import Path

import hypothesis.strategies as st
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from console.model.procedure import END
from console.profile import Problem, Profile, ProfileError, load_profile
from console.profile.check_command import run
from console.profile.procedurechecks import ways
from console.profile.procedures import ProcedureBook, load_procedures
from tests.profile.conftest import VILLAGE
from tests.profile.test_mangled import document, odd_values, places

GOOD = """
[procedure]
id = "lamps"
version = 2
name = { en = "Lamps out", ko = "소등" }
incident_types = ["lamp_row", "camera_fault"]
source = "Ours"

[[steps]]
id = "look"
kind = "task"
text = { en = "Look. Then call {police} of {city}.", ko = "보고 {police}에 알립니다." }
due_s = 10.0
escalate_s = 60.0
acts = [{ act = "open_cameras" }, { act = "phone", agency = "police" }]
done_by = [{ fact = "cameras_opened" }]

[[steps]]
id = "abroad"
kind = "task"
text = { en = "Only abroad", ko = "해외" }
countries = ["GB"]

[[steps]]
id = "dark"
kind = "decision"
text = { en = "Dark?", ko = "어둡습니까?" }
answers = [
  { id = "yes", name = { en = "Yes", ko = "예" } },
  { id = "no", name = { en = "No", ko = "아니오" }, next = "end", by = [{ fact = "devices_up" }] },
]

[[steps]]
id = "tell"
kind = "task"
text = { en = "Hand off", ko = "이관합니다" }
acts = [{ act = "hand_off", agency = "police" }]
done_by = [{ fact = "handoff_received", agency = "police" }]

[[steps]]
id = "up"
kind = "check"
text = { en = "Wait", ko = "기다립니다" }
answers = [
  { id = "up", name = { en = "Up", ko = "복구" }, next = "end", by = [{ fact = "devices_up" }] },
  { id = "late", name = { en = "Late", ko = "지연" }, next = "look", after_s = 600.0, comment = true },
]
"""
SHOWN = "sops/lamps.toml"
MISTAKES = [
    # what is there, what is written instead; then table, key of the problem, and a word expected
    ('id = "lamps"', 'id = "lamp"', "procedure", "id", "own name"),
    ("version = 2", "version = 0", "procedure", "version", ">= 1"),
    ("version = 2", "", "procedure", "version", "whole number"),
    ('["lamp_row", "camera_fault"]', '["lamp_row", "meteor"]', "procedure", "incident_types",
     "incident type"),
    ('["lamp_row", "camera_fault"]', "[]", "procedure", "incident_types", "at least one"),
    ('kind = "task"', 'kind = "job"', "steps[0] (look)", "kind", "'task'"),
    ("due_s = 10.0", "due = 10.0", "steps[0] (look)", "", "only the keys"),
    ("escalate_s = 60.0", "escalate_s = 10.0", "steps[0] (look)", "escalate_s", "more than due_s"),
    ("{police} of", "{polis} of", "steps[0] (look)", "text", "{police}"),
    ("{police} of", "{fire} of", "steps[0] (look)", "text", "only the marks"),
    ('ko = "소등"', 'ko = ""', "procedure", "name", "en and ko"),
    ('"cameras_opened"', '"cameras_open"', "steps[0] (look).done_by[0]", "fact", "'cameras_opened'"),
    ('{ act = "open_cameras" }', '{ act = "dance" }', "steps[0] (look).acts[0]", "act", "'open_cameras'"),
    ('{ act = "phone", agency = "police" }', '{ act = "phone" }', "steps[0] (look)", "acts[1].who", "whom"),
    ('{ act = "phone", agency = "police" }', '{ act = "control" }', "steps[0] (look)", "acts[1].control",
     "control"),
    ('{ act = "phone", agency = "police" }', '{ act = "control", control = "x" }', "steps[0] (look)",
     "acts[1].control", "a control of the city"),
    ('{ act = "phone", agency = "police" }', '{ act = "note", agency = "police" }', "steps[0] (look)",
     "acts[1].agency", "nothing"),
    ('{ act = "hand_off", agency = "police" }', '{ act = "hand_off" }', "steps[3] (tell)", "acts[0].agency",
     "police"),
    ('{ act = "hand_off", agency = "police" }', '{ act = "hand_off", agency = "fire" }', "steps[3] (tell)",
     "acts[0].agency", "agency of the city"),
    ('agency = "police" }]\n\n[[steps]]\nid = "up"', 'value = "x" }]\n\n[[steps]]\nid = "up"',
     "steps[3] (tell)", "done_by[0].value", "without a control"),
    ('fact = "devices_up" }] },\n]', 'fact = "control_done" }] },\n]', "steps[2] (dark)",
     "answers[1].by[0].control", "control"),
    ('fact = "devices_up" }] },\n]', 'fact = "devices_up", agency = "police" }] },\n]', "steps[2] (dark)",
     "answers[1].by[0].agency", "nothing"),
    ('id = "tell"\n', 'id = "look"\n', "steps[3] (look)", "id", "each only once"),
    ('id = "tell"\n', 'id = "end"\n', "steps[3] (end)", "id", "'end'"),
    ('next = "end", by', 'next = "nowhere", by', "steps[2] (dark)", "answers[1].next", "a step of this file"),
    ('{ id = "yes", name = { en = "Yes", ko = "예" } },\n', "", "steps[2] (dark)", "answers", "two"),
    ('{ id = "yes"', '{ id = "no"', "steps[2] (dark)", "answers.id", "only once"),
    ('kind = "decision"', 'kind = "task"', "steps[2] (dark)", "answers", "nothing"),
    ('kind = "decision"', 'kind = "decision"\nbeside = true', "steps[2] (dark)", "beside", "nothing"),
    (', by = [{ fact = "devices_up" }] },\n  { id = "late"', ' },\n  { id = "late"', "steps[4] (up)",
     "answers.by", "a fact"),
    ("after_s = 600.0", "after_s = 0.0", "steps[4] (up)", "escalate_s", "must not wait unseen"),
    ('ko = "예" }', 'ko = "예" }, after_s = 5.0', "steps[2] (dark)", "answers.after_s", "decides nothing"),
    ('kind = "check"', 'kind = "check"\nall_facts = true', "steps[4] (up)", "all_facts", "two facts"),
    ('id = "dark"\nkind = "decision"', 'id = "dark"\nkind = "decision"\ndone_by = [{ fact = "noted" }]',
     "steps[2] (dark)", "done_by", "nothing"),
    ('text = { en = "Hand off"', 'text = { en = "' + "x" * 301 + '"', "steps[3] (tell)", "text", "300"),
    # ways
    ('ko = "예" } }', 'ko = "예" }, next = "end" }', "steps (tell)", "", "can be reached"),
    ('next = "look", after_s', 'next = "up", after_s', "steps (up)", "next", "a person in every ring"),
    ('kind = "task"\ntext = { en = "Hand off"', 'kind = "task"\nnext = "tell"\ntext = { en = "Hand off"',
     "steps (tell)", "", "a way to the end"),
]


@pytest.fixture
def sops(village_files: Path) -> Path:
    folder = village_files / "sops"
    folder.mkdir()
    (folder / "lamps.toml").write_text(GOOD, "utf-8")
    return village_files


@functools.cache
def villagers() -> Profile:
    return load_profile(VILLAGE / "cities" / "village.toml")


def book(files: Path) -> ProcedureBook:
    return load_procedures(files / "cities" / "village.toml", villagers())


def problems(files: Path) -> tuple[Problem, ...]:
    with pytest.raises(ProfileError) as wrong:
        book(files)
    return wrong.value.problems


def test_a_procedure_is_as_its_city_needs_it(sops: Path) -> None:
    told = book(sops).by_type["lamp_row"]
    assert list(told.steps) == ["look", "dark", "tell", "up"], "no step of another country"
    look = told.steps["look"]
    assert look.next == "dark", "what lies between is gone through"
    assert look.text.en == "Look. Then call 112 of Village." and "112에" in look.text.ko
    assert look.acts[1].agency == "KR-112" and look.acts[1].number == "112"
    assert told.steps["tell"].done_by == ("handoff_received/KR-112",)
    assert told.steps["dark"].answers[0].next == "tell" and not told.steps["dark"].next
    assert book(sops).digest == book(sops).digest and told.key.startswith("lamps@2.")


def test_a_city_without_the_folder_has_no_procedures(village_files: Path) -> None:
    assert book(village_files) == ProcedureBook(digest=book(village_files).digest)


@pytest.mark.parametrize(("there", "instead", "table", "key", "wanted"), MISTAKES)
def test_each_mistake_is_named(
    sops: Path, there: str, instead: str, table: str, key: str, wanted: str
) -> None:
    assert there in GOOD, "the mistake has to be in the file"
    (sops / "sops" / "lamps.toml").write_text(GOOD.replace(there, instead, 1), "utf-8")
    found = problems(sops)
    assert any(
        one.file == SHOWN and one.table == table and one.key == key and wanted in one.expected
        for one in found
    ), "\n".join(map(str, found))  # fmt: skip


def test_every_incident_type_needs_exactly_one(sops: Path) -> None:
    path = sops / "sops" / "lamps.toml"
    path.write_text(GOOD.replace('["lamp_row", "camera_fault"]', '["lamp_row"]'), "utf-8")
    assert [str(one) for one in problems(sops)] == [
        "sops: [file]: expected a procedure for the incident type 'camera_fault', found none"
    ]
    (path.parent / "more.toml").write_text(GOOD.replace('id = "lamps"', 'id = "more"'), "utf-8")
    assert "sops/lamps.toml does not have" in problems(sops)[0].expected


def test_files_that_are_no_procedures_are_named(sops: Path) -> None:
    folder = sops / "sops"
    (folder / "a.toml").write_bytes(b"\xff")
    (folder / "b.toml").write_text("x = ", "utf-8")
    (folder / "c.toml").mkdir()
    (folder / "d.toml").write_text("#" + "x" * 1_000_001, "utf-8")
    found = {one.file: one.expected for one in problems(sops)}
    assert set(found) == {f"sops/{name}.toml" for name in "abcd"}
    assert "UTF-8" in found["sops/a.toml"] and "at most" in found["sops/d.toml"]


def test_the_check_prints_procedures_or_what_is_wrong_with_them(
    sops: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    city = str(sops / "cities" / "village.toml")
    assert run(["check", city]) == 0
    assert "1 procedures for 2 incident types, 4 steps" in capsys.readouterr().out
    (sops / "sops" / "lamps.toml").write_text(GOOD.replace('"open_cameras"', '"look"'), "utf-8")
    assert run(["check", city]) == 1
    assert "sops/lamps.toml: [steps[0] (look).acts[0]] act: expected one of" in capsys.readouterr().out


def test_each_shipped_city_has_a_procedure_for_each_of_its_types(suwon: Profile, glasgow: Profile) -> None:
    for profile in (suwon, glasgow):
        found = load_procedures(profile.city, profile)
        assert set(found.by_type) == set(profile.incident_types)


def test_an_act_may_be_left_out_only_where_another_shipped_city_has_its_control(
    suwon: Profile, glasgow: Profile
) -> None:
    """`optional` must not hide a misspelt control."""
    files = sorted((Path(__file__).parents[2] / "seeds" / "sops").glob("*.toml"))
    text = "".join(path.read_text("utf-8") for path in files)
    named = {one.split('"')[0] for one in text.split('control = "')[1:]}
    assert named <= set(suwon.controls) | set(glasgow.controls)
    assert "announcement" in suwon.controls and "announcement" not in glasgow.controls




@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_mangled_procedure_is_named_problems_or_one_that_can_be_gone_through(
    sops: Path, data: st.DataObject
) -> None:
    tree = msgspec.toml.decode(GOOD)
    for _ in range(data.draw(st.integers(1, 3))):
        spots = places(tree)
        container, key = spots[data.draw(st.integers(0, len(spots) - 1))]
        act = data.draw(st.sampled_from(["change", "change", "take", "remove", "double"]))
        if act == "remove":
            del container[key]
        elif act == "double" and isinstance(container, list):
            container.append(copy.deepcopy(container[key]))
        elif act == "take":
            other, name = spots[data.draw(st.integers(0, len(spots) - 1))]
            container[key] = copy.deepcopy(other[name])
        else:
            container[key] = copy.deepcopy(data.draw(odd_values))
        if not places(tree):
            break
    (sops / "sops" / "lamps.toml").write_text(document(tree), "utf-8")
    try:
        found = book(sops)
    except ProfileError as wrong:
        for problem in wrong.problems:
            assert problem.file in (SHOWN, "sops") and problem.expected and problem.found
            assert str(problem).isprintable()
        return
    for told in found.procedures.values():
        assert told.first in told.steps
        for step in told.steps.values():
            assert all(one in told.steps or one == END for one in ways(step))
