"""A desk asks how much of a time devices worked; the record answers, and reads on where it stopped."""

from __future__ import annotations

from pathlib import Path

from console.clock import SECOND_NS, SteppedClock
from console.figures.conditions import ConditionBook
from console.ledger import Ledger, LedgerReader
from console.model import events as ev
from console.model.base import same_words
from console.model.fact import ConditionSeen
from console.model.query import AskAvailability, AvailabilityPage

START_NS = 1_774_000_000 * SECOND_NS


def changes(*told: tuple[int, str], first: int = 1) -> list[ev.Entry]:
    """LAMP's conditions as (seconds after the start, condition)."""
    return [
        ev.Entry(
            run="r", seq=first + number, at_ns=START_NS + after_s * SECOND_NS, cause=ev.Cause(actor="hub"),
            event=ev.DeviceConditionChanged(device_id="LAMP", condition=condition, why=same_words("x")),
        )
        for number, (after_s, condition) in enumerate(told)
    ]  # fmt: skip


def asked(book: ConditionBook, path: Path, from_s: int, to_s: int) -> AvailabilityPage:
    with LedgerReader.open(path) as reader:
        book.read(reader)
    return book.availability(START_NS + from_s * SECOND_NS, START_NS + to_s * SECOND_NS)


def test_what_is_asked_for_before_the_record_begins_counts_from_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with Ledger.open(path, SteppedClock()) as ledger:
        ledger.append(changes((0, "down"), (60, "up")))
    page = asked(ConditionBook(), path, -1000, 100)
    assert page.from_ns == START_NS
    (lamp,) = page.devices
    assert (lamp.device_id, lamp.down_s, lamp.failures) == ("LAMP", 60.0, 1)


def test_the_book_reads_on_where_it_stopped(tmp_path: Path) -> None:
    path, book = tmp_path / "ledger.db", ConditionBook()
    with Ledger.open(path, SteppedClock()) as ledger:
        ledger.append(changes((0, "up"), (10, "down")))
        assert asked(book, path, 0, 30).devices[0].down_s == 20
        ledger.append(changes((40, "up"), first=3))
        assert asked(book, path, 0, 100).devices[0].down_s == 30
    whole = asked(ConditionBook(), path, 0, 100)
    assert asked(book, path, 0, 100) == whole


def test_a_device_that_was_up_all_the_time_is_not_named(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with Ledger.open(path, SteppedClock()) as ledger:
        ledger.append(changes((0, "down"), (10, "up")))
    assert asked(ConditionBook(), path, 20, 30).devices == ()


def test_a_desk_gets_the_page_and_its_question_is_no_entry_of_the_record(room) -> None:
    hub = room.start()
    desk, gate = room.desk(), room.gateway()
    gate.report(
        ConditionSeen(uid="1", device_id="CAM-PARK-0001", condition="down", at_ns=1, why=same_words("x"))
    )
    assert gate.wait_taken(10)
    desk.until(lambda: desk.board.state.devices, "the camera to be down")
    seq = hub.sequencer.state.seq
    query = desk.link.ask(AskAvailability(from_ns=0, to_ns=room.clock.now_ns() + SECOND_NS))
    desk.until(lambda: query in desk.board.pages, "the page")
    came = desk.board.take_page(query)
    assert came is not None and isinstance(came.page, AvailabilityPage)
    assert [one.device_id for one in came.page.devices] == ["CAM-PARK-0001"]
    assert hub.sequencer.state.seq == seq
