"""Histories of incidents that were merged and split: all of it is found where the work goes on."""

from __future__ import annotations

from pathlib import Path

from console.clock import SteppedClock
from console.ledger import Ledger, LedgerReader, check_ledger
from console.model import events as ev
from console.model.base import Words
from console.model.casework import Clue, ClueSource
from console.model.incident import Signal
from console.model.query import AskIncidents, LogFilter
from tests.ledger.story import PARK, UNDERPASS, entries, queued


def signal(uid: str) -> ev.SignalReceived:
    told = Signal(uid=uid, source="eyes", type="fall", at_ns=1, place=PARK, device_id="CAM-1")
    return ev.SignalReceived(signal=told)


def clue(uid: str, source: ClueSource = "detection") -> Clue:
    return Clue(uid=uid, source=source, type="fall", at_ns=1, lat=37.26, lon=127.03, device_id="CAM-1")


def opened(incident_id: str, uid: str) -> ev.CaseOpened:
    return ev.CaseOpened(
        incident_id=incident_id, type="fall", priority=1, grade="1", place=PARK, clue=clue(uid),
        signal_uid=uid, says=Words(en="Fall detected", ko="넘어짐 감지"),
    )  # fmt: skip


STORY: tuple[ev.AnyEvent, ...] = (
    signal("S-1"), signal("S-2"), signal("S-3"),                                                    # 1 2 3
    opened("I-1", "S-1"),                                                                           # 4
    opened("I-2", "S-2"),                                                                           # 5
    ev.ClueGathered(incident_id="I-2", clue=clue("S-3"), signal_uid="S-3"),                         # 6
    ev.IncidentsMerged(kept_id="I-1", other_id="I-2", person="kim", reason="same path"),            # 7
    signal("S-3"),                                                                                  # 8
    ev.IncidentSplit(
        incident_id="I-1", new_id="I-3", uids=("S-3",), person="kim", reason="two", place=UNDERPASS,
    ),                                                                                              # 9
    signal("S-3"), signal("S-1"),                                                                   # 10 11
    queued(3),                                                                                      # 12
    ev.IncidentVerified(incident_id="I-1", person="kim", verdict="false", over=True),               # 13
)  # fmt: skip


def test_after_a_merge_and_a_split_each_history_has_what_belongs_to_it(path: Path) -> None:
    with Ledger.open(path, SteppedClock()) as ledger:
        ledger.append(entries([(ev.Cause(actor="hub"), one) for one in STORY]))
    with LedgerReader.open(path) as reader:
        assert [one.seq for one in reader.history("I-1").entries] == [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13]
        assert [one.seq for one in reader.history("I-3").entries] == [3, 8, 9, 10, 12]
        rows = {
            one.incident_id: one for one in reader.incidents(AskIncidents(filter=LogFilter())).rows
        }
        assert {one: row.stage for one, row in rows.items()} == {
            "I-1": "resolved", "I-2": "closed", "I-3": "responding",
        }
        assert rows["I-1"].owner == "kim"
        assert rows["I-3"].place == UNDERPASS.name
        assert rows["I-3"].type == "fall"
    assert all(one.ok for one in check_ledger(path, deep=True) if "free" not in one.what)
