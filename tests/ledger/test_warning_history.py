"""An official warning belongs to the history of the incident it opened, to its end; others belong to none."""

from __future__ import annotations

from pathlib import Path

from console.clock import SteppedClock
from console.ledger import Ledger, LedgerReader
from console.model import events as ev
from tests.ledger.story import entries
from tests.report.city import MARKET, RAIN, RAIN_HERE


def test_a_warning_its_update_its_reading_and_its_end_stand_in_the_incidents_history(path: Path) -> None:
    words = MARKET.name
    acts: tuple[ev.AnyEvent, ...] = (
        ev.WarningIssued(warning_id="kma,1", message=RAIN, judged=RAIN_HERE, incident_id="I-1"),
        ev.IncidentOpened(
            incident_id="I-1", type="weather_warning", priority=3, place=MARKET, reason=words,
            signal_uid="kma,1",
        ),
        ev.WarningSetAside(
            warning_id="kma,9", source="kma", why="elsewhere", headline="x", area="y", sent_ns=1, note="",
            references=(),
        ),
        ev.WarningAcknowledged(warning_id="kma,1", desk="desk-1", person="kim"),
        ev.WarningIssued(warning_id="kma,5", message=RAIN, judged=RAIN_HERE, incident_id=""),
        ev.WarningEnded(
            warning_id="kma,1", why="expired", headline="x", by="", sent_ns=0, note="",
        ),
    )  # fmt: skip
    told = entries([(ev.Cause(actor="gateway:gateway-cap"), one) for one in acts])
    with Ledger.open(path, SteppedClock()) as ledger:
        ledger.append(told)
    with LedgerReader.open(path) as reader:
        assert [one.seq for one in reader.history("I-1").entries] == [1, 2, 4, 6]
        assert reader.history("").entries == ()
