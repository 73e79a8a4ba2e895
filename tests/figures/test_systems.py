"""bongsu systems counts what the record says, and invents nothing."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from console.clock import SECOND_NS, SteppedClock
from console.figures.systems import SystemCounter
from console.figures.systems_command import run
from console.ledger import Ledger
from console.model import events as ev
from console.model.base import Place, Position, same_words
from console.model.incident import Signal
from console.profile import Profile, load_profile

WORDS = same_words("x")
PLACE = Place(name=WORDS, position=Position(lat=37.27, lon=127.0))


@pytest.fixture(scope="module")
def suwon() -> Profile:
    return load_profile("suwon")


def log_of(*events: ev.AnyEvent) -> list[ev.Entry]:
    return [
        ev.Entry(run="r", seq=seq, at_ns=seq * SECOND_NS, cause=ev.Cause(actor="hub"), event=event)
        for seq, event in enumerate(events, 1)
    ]


def moved(alarm_id: str, before: str, after: str, stimulus: str, device_id: str = "") -> ev.AlarmMoved:
    return ev.AlarmMoved(
        alarm_id=alarm_id, occurrence=f"{alarm_id}@1", at_ns=1, before=before, after=after, stimulus=stimulus,
        active=stimulus == "began", who="rule:x", priority=3, device_id=device_id,
    )  # fmt: skip


def a_day() -> list[ev.Entry]:
    signal = Signal(uid="1", source="g", type="bell", at_ns=1, place=PLACE, device_id="BELL-0001")
    return log_of(
        ev.HubStarted(version="1", profile_digest="d", city="suwon"),
        ev.SignalReceived(signal=signal),
        ev.IncidentOpened(
            incident_id="I", type="emergency_bell", priority=1, place=PLACE, reason=WORDS,
            device_ids=("BELL-0001",),
        ),
        moved("LOT-0001/occupancy_percent/full", "A", "B", "began", "LOT-0001"),
        moved("LOT-0001/occupancy_percent/full", "B", "C", "acknowledge", "LOT-0001"),
        moved("LOT-0001/occupancy_percent/full", "C", "A", "ended", "LOT-0001"),
        ev.DeviceConditionChanged(device_id="LAMP-0001", condition="down", why=WORDS),
        ev.DeviceConditionChanged(device_id="LAMP-0001", condition="up", why=WORDS),
        ev.CityModeChanged(desk="d", person="p", mode="night"),
        ev.TicketOpened(
            ticket_id="R-1", desk="d", person="p", device_ids=("LAMP-0001",), contractor="c", text="t"
        ),
    )  # fmt: skip


def test_every_fact_is_counted_in_the_system_of_its_device(suwon: Profile) -> None:
    counter = SystemCounter(suwon)
    counter.take(a_day())
    rows = {one.id: one for one in counter.rows()}
    assert (rows["bells"].signals, rows["bells"].incidents) == (1, 1)
    assert (rows["parking"].alarms_raised, rows["parking"].alarms_cleared) == (1, 1)
    assert rows["lighting"].faults == 1
    assert (rows["event_mode"].facts, rows["upkeep"].facts) == (1, 1)
    assert rows["air"].alarms_raised == 0


def test_the_alarm_of_a_line_is_its_devices_systems(suwon: Profile) -> None:
    counter = SystemCounter(suwon)
    line = next(one for one in suwon.columns.circuits if one)
    counter.take(log_of(moved(f"{line}/line", "A", "B", "began")))
    assert sum(one.alarms_raised for one in counter.rows()) == 1


def test_there_are_as_many_rows_devices_and_points_as_the_city_has(suwon: Profile) -> None:
    rows = SystemCounter(suwon).rows()
    assert [one.row for one in rows] == list(range(1, 33))
    assert sum(one.devices for one in rows) == 22_783
    assert sum(one.points for one in rows) == len(suwon.points)


def test_the_command_reads_the_record_of_a_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "ledger").mkdir()
    with Ledger.open(tmp_path / "ledger" / "ledger.db", SteppedClock()) as ledger:
        ledger.append(a_day())
    assert run(["--home", str(tmp_path), "--json"]) == 0
    said = msgspec.json.decode(capsys.readouterr().out)
    assert said["city"] == "suwon" and len(said["systems"]) == 32
    assert run(["--home", str(tmp_path)]) == 0
    assert "Parking guidance" in capsys.readouterr().out


def test_without_a_record_the_command_says_where_it_looked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--home", str(tmp_path)]) == 1
    assert str(tmp_path) in capsys.readouterr().err
