"""Open data: readable by anybody's tools, nothing of a person, and the catalogue says what is what."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from console.clock import SECOND_NS, SteppedClock
from console.figures.opendata_command import run
from console.ledger import Ledger
from console.model import events as ev
from console.model.base import same_words
from console.profile import ProfileError, load_profile
from console.profile.goals import check_goals
from console.profile.problems import Problems
from tests.figures.test_systems import log_of


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    (folder / "ledger").mkdir()
    with Ledger.open(folder / "ledger" / "ledger.db", SteppedClock()) as ledger:
        ledger.append(
            log_of(
                ev.HubStarted(version="1", profile_digest="d", city="suwon"),
                ev.DeviceConditionChanged(device_id="LAMP-0001", condition="down", why=same_words("x")),
                ev.IncidentNoted(incident_id="I", person="Kim Secret", text="a name nobody may read"),
            )
        )
    return folder


@pytest.fixture(scope="module")
def opened(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("open")
    assert run([str(folder), "--home", str(home)]) == 0
    return folder


def test_every_set_is_there_in_the_forms_the_catalogue_names(opened: Path) -> None:
    catalogue = json.loads((opened / "catalogue.json").read_bytes())
    named = {f"{one['id']}.{form}" for one in catalogue["sets"] for form in one["forms"]}
    assert named | {"catalogue.json"} == {one.name for one in opened.iterdir()}
    for one in catalogue["sets"]:
        rows = list(csv.DictReader(io.StringIO((opened / f"{one['id']}.csv").read_text("utf-8-sig"))))
        assert len(rows) == one["rows"]
        assert list(json.loads((opened / f"{one['id']}.json").read_bytes())[:1]) == [] or set(
            json.loads((opened / f"{one['id']}.json").read_bytes())[0]
        ) == set(one["columns"])


def test_a_map_program_reads_the_places(opened: Path) -> None:
    found = json.loads((opened / "street-lighting.geojson").read_bytes())
    lamp = next(one for one in found["features"] if one["id"] == "LAMP-0001")
    lon, lat = lamp["geometry"]["coordinates"]
    assert 126.9 < lon < 127.1 and 37.2 < lat < 37.4
    assert lamp["properties"]["state"] == "down"


def test_no_person_nothing_of_a_home_and_no_camera_is_in_any_file(opened: Path) -> None:
    profile = load_profile("suwon")
    personal = {"care", "safe_return", "cctv", "multiuse", "police_link", "five_services", "reports"}
    for file in opened.iterdir():
        text = file.read_text("utf-8")
        assert "Secret" not in text and "nobody may read" not in text
        for prefix in ("CAM-", "CARE-", "SRP-", "LPR-"):
            assert prefix not in text, (file.name, prefix)
    for dataset in profile.datasets.values():
        assert not personal & set(dataset.systems)


def test_a_set_of_a_personal_system_is_refused_with_the_profile() -> None:
    from console.profile import tables

    file = tables.SystemFile(
        system=tables.System(
            id="care", row=1, name=same_words("x"), owner="safety", personal=True
        ),
        kinds=(),
        datasets=(
            tables.DatasetTable(
                id="homes", name=same_words("x"), about=same_words("x"), content="devices", systems=("care",)
            ),
        ),
    )  # fmt: skip
    problems = Problems()
    check_goals({"care": file}, set(), problems)
    with pytest.raises(ProfileError, match="no system marked as personal"):
        problems.raise_any()


def test_one_set_can_be_asked_for_and_an_unknown_one_is_named(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([str(tmp_path), "--home", str(home), "--set", "wifi"]) == 0
    assert {one.stem for one in tmp_path.iterdir()} == {"wifi", "catalogue"}
    assert run([str(tmp_path), "--home", str(home), "--set", "wolves"]) == 1
    assert "wolves" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_said(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert run([str(tmp_path / "file"), "--home", str(home), "--set", "wifi"]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_measurements_are_means_of_whole_hours_of_the_clock(tmp_path: Path) -> None:
    from types import SimpleNamespace

    import numpy as np

    from console.figures.opendata import Sources, files_of
    from console.model.query import GoalsPage
    from console.model.state import CityState
    from console.telemetry.availability import spent

    profile = load_profile("suwon")
    hour = 3600 * SECOND_NS
    now_ns = 500_000 * hour + 5

    def read(wanted: list, from_ns: int, to_ns: int, columns: int, tier: object) -> list:
        at = np.array([now_ns - hour, now_ns - hour + SECOND_NS], np.int64)
        return [
            SimpleNamespace(
                at_ns=at, mean=np.array([10.0, 20.0]), low=np.array([9.0, 19.0]), high=np.array([11.0, 21.0]),
                count=np.array([3, 1]),
            )
            for _ in wanted
        ]  # fmt: skip

    nothing = spent(len(profile.columns.ids), (), (), (), 0, now_ns)
    sources = Sources(
        profile=profile, state=CityState(), spent=nothing, goals=GoalsPage(from_ns=0, to_ns=1, figures=()),
        history=SimpleNamespace(read=read), now_ns=now_ns,  # type: ignore[arg-type]
    )  # fmt: skip
    files = {one.name: one.data for one in files_of(sources, [profile.datasets["environment-now"]])}
    row = json.loads(files["environment-now.json"])[0]
    assert (row["mean"], row["low"], row["high"], row["readings"]) == (12.5, 9.0, 21.0, 4)
    assert row["hour"].endswith(":00:00Z")
