"""What a supervisor looks for is found: in both languages, by any filter, page after page."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.clock import SteppedClock
from console.ledger import Ledger, LedgerMisuse, LedgerReader
from console.ledger.text import occurs, person_of, searchable, wanted_words
from console.model import events as ev
from console.model import state as fold
from console.model.base import Words, same_words
from console.model.query import AskIncidents, AskLog, LogFilter
from tests.ledger.story import DUSK_NS, OPERATOR, PARK, RULE, SECOND_NS, UNDERPASS, entries, fall, note, owed
from tests.ledger.strategies import TEXT, logs, related_events

PATIENT = settings(
    max_examples=60, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
NAMES = {
    "fall": Words(en="Fall", ko="넘어짐"),
    "paldal": Words(en="Paldal-gu", ko="팔달구"),
    "incident.noted": Words(en="Note written", ko="메모 작성"),
}


@contextmanager
def reading(path: Path, told: list[ev.Entry], **names: object) -> Iterator[LedgerReader]:
    with Ledger.open(path, SteppedClock()) as ledger:
        ledger.append(told)
    with LedgerReader.open(path, **names) as reader:  # type: ignore[arg-type]
        yield reader


def two_falls() -> list[ev.Entry]:
    return entries(fall(1)) + entries(fall(2, UNDERPASS), first_seq=13, at_ns=DUSK_NS + 3600 * SECOND_NS)


def found(reader: LedgerReader, **wanted: object) -> list[int]:
    return [one.seq for one in reader.log(AskLog(filter=LogFilter(**wanted))).entries]  # type: ignore[arg-type]


@pytest.fixture
def reader(path: Path) -> Iterator[LedgerReader]:
    with reading(path, two_falls(), names=NAMES) as reader:
        yield reader


def test_without_a_filter_the_newest_come_first(reader: LedgerReader) -> None:
    assert found(reader) == list(range(24, 0, -1))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("공원", [2, 1]),
        ("효원", [2, 1]),
        ("지하차도", [14, 13]),
        ("쓰러진", [13, 1]),
        ("러진", [13, 1]),
        ("원", [2, 1]),
        ("의식 119", [17, 5]),
        ("HYOWON park", [2, 1]),
        ("underpass 매교", [14, 13]),
        ("요청,", []),
        ("요청 (elderly", [17, 5]),
        ("119-7781", [20, 8]),
        ("9-77", [20, 8]),
        ("CAM-0043", [14, 2]),
        ("공원 지하차도", []),
        ("도하지", []),
        ("--", []),
        ("*", []),
        ('"', []),
        ("AND OR NOT NEAR(", []),
        ("kind:x", []),
        ("이서연", [24, 23, 12, 11]),
    ],
)
def test_every_word_has_to_occur_anywhere_in_either_language(
    reader: LedgerReader, text: str, expected: list[int]
) -> None:
    assert found(reader, text=text) == expected


def test_korean_written_in_single_letters_finds_korean_written_in_syllables(path: Path) -> None:
    import unicodedata

    apart = unicodedata.normalize("NFD", "한국어 메모")
    with reading(path, [note(1, apart), note(2, "한국어 메모")]) as reader:
        assert found(reader, text="한국어") == [2, 1]
        assert found(reader, text=unicodedata.normalize("NFD", "메모")) == [2, 1]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"kinds": ("incident.opened", "incident.closed")}, [24, 14, 12, 2]),
        ({"person": "이서연"}, [24, 23, 12, 11]),
        ({"person": "이서"}, []),
        ({"person": "김민준", "kinds": ("viewing.started",)}, [16, 4]),
        ({"district": "gwonseon"}, [24, 23, 22, 21, 20, 19, 18, 17, 15, 14, 13]),
        ({"incident_type": "fall", "district": "paldal", "kinds": ("incident.noted",)}, [5]),
        ({"incident_id": "I-2", "kinds": ("handoff.sent",)}, [19]),
        ({"incident_id": "I-2", "text": "119"}, [22, 21, 20, 18, 17]),
        ({"incident_id": "none"}, []),
        ({"since_ns": DUSK_NS + 3600 * SECOND_NS}, list(range(24, 12, -1))),
        ({"until_ns": DUSK_NS + 6 * SECOND_NS}, [2, 1]),
        ({"since_ns": DUSK_NS + 3 * SECOND_NS, "until_ns": DUSK_NS + 9 * SECOND_NS}, [3, 2]),
        ({"since_ns": DUSK_NS + 7200 * SECOND_NS}, []),
        ({"until_ns": 5}, []),
    ],
)
def test_filters_restrict_and_add_up(
    reader: LedgerReader, wanted: dict[str, object], expected: list[int]
) -> None:
    assert found(reader, **wanted) == expected


def test_what_an_id_is_called_finds_it_though_the_entry_does_not_say_the_name(reader: LedgerReader) -> None:
    assert found(reader, text="메모") == [17, 5]
    assert found(reader, text="메모 119") == [17, 5]
    assert 5 in found(reader, text="넘어짐")
    assert found(reader, text="팔달구 메모") == [5]
    assert found(reader, text="written fall", district="paldal") == [5]
    rows = reader.incidents(AskIncidents(filter=LogFilter(text="팔달구"))).rows
    assert [one.incident_id for one in rows] == ["I-1"]


def test_a_clock_that_was_set_back_hides_nothing_from_a_search_by_time(path: Path) -> None:
    hours = [0, 5, 5, 1, 9, 1]
    told = [
        msgspec.structs.replace(note(seq), at_ns=DUSK_NS + hour * 3600 * SECOND_NS)
        for seq, hour in enumerate(hours, start=1)
    ]
    with reading(path, told) as reader:
        one, two = (DUSK_NS + hour * 3600 * SECOND_NS for hour in (1, 2))
        assert found(reader, since_ns=one, until_ns=two) == [6, 4]
        assert found(reader, since_ns=two) == [5, 3, 2]


@PATIENT
@given(
    told=logs(max_size=15), text=TEXT, kinds=st.lists(st.sampled_from(sorted(ev.EVENT_KINDS)), max_size=4),
    person=st.booleans(), data=st.data(),
)  # fmt: skip
def test_a_search_finds_exactly_what_reading_everything_finds(
    fresh: Callable[[], Path], told: list[ev.Entry], text: str, kinds: list[str], person: bool,
    data: st.DataObject,
) -> None:  # fmt: skip
    with reading(fresh(), told) as reader:
        some = data.draw(st.sampled_from([*told, None]))
        if some is not None and data.draw(st.booleans()):
            texts = searchable(some)
            text = data.draw(st.sampled_from([*texts, ""])) if texts else ""
            start = data.draw(st.integers(0, max(0, len(text) - 1)))
            text = text[start : start + data.draw(st.integers(1, 12))]
        asked = LogFilter(
            text=text, kinds=tuple(kinds), person=person_of(some) if some is not None and person else "",
            since_ns=some.at_ns if some is not None and some.at_ns > 0 and data.draw(st.booleans()) else 0,
        )  # fmt: skip
        expected = [
            one.seq for one in reversed(told)
            if all(occurs(word, searchable(one)) for word in wanted_words(asked.text))
            and (not asked.kinds or ev.kind_of(one.event) in asked.kinds)
            and (not asked.person or person_of(one) == asked.person)
            and (not asked.since_ns or one.at_ns >= asked.since_ns)
        ]  # fmt: skip
        assert [one.seq for one in reader.log(AskLog(filter=asked)).entries] == expected


@pytest.mark.parametrize("limit", [1, 2, 5, 24, 25])
def test_the_pages_put_together_are_the_whole_and_only_the_last_says_there_is_no_more(
    reader: LedgerReader, limit: int
) -> None:
    for wanted, whole in ((LogFilter(), 24), (LogFilter(text="119"), len(found(reader, text="119")))):
        seen: list[int] = []
        before, more = 0, True
        while more:
            page = reader.log(AskLog(filter=wanted, before_seq=before, limit=limit))
            assert len(page.entries) == limit or not page.more
            seen += [one.seq for one in page.entries]
            before, more = seen[-1], page.more
        assert seen == sorted(set(seen), reverse=True)
        assert len(seen) == whole


def test_a_page_has_at_least_one_row_and_never_more_than_fits_a_message(path: Path) -> None:
    with reading(path, [note(seq) for seq in range(1, 1105)]) as reader:
        assert len(reader.log(AskLog(filter=LogFilter(), limit=0)).entries) == 1
        assert len(reader.log(AskLog(filter=LogFilter(), limit=10**9)).entries) == 1000
        history = reader.history("I-1", limit=10**9)
        assert [one.seq for one in history.entries] == list(range(105, 1105))
        assert history.more


def test_an_incident_is_shown_as_it_stands(reader: LedgerReader) -> None:
    rows = reader.incidents(AskIncidents(filter=LogFilter())).rows
    assert [one.incident_id for one in rows] == ["I-2", "I-1"]
    first = rows[1]
    assert first.type == "fall"
    assert first.place == PARK.name
    assert first.district == "paldal"
    assert (first.stage, first.owner, first.agencies) == ("closed", "김민준", ("KR-119",))
    assert first.opened_at_ns == DUSK_NS + 3 * SECOND_NS
    assert first.changed_at_ns == DUSK_NS + 33 * SECOND_NS


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"text": "의식 119"}, ["I-2", "I-1"]),
        ({"text": "공원"}, ["I-1"]),
        ({"text": "공원 매교"}, []),
        ({"district": "gwonseon"}, ["I-2"]),
        ({"incident_type": "fire"}, []),
        ({"person": "이서연"}, ["I-2", "I-1"]),
        ({"person": "서연"}, []),
        ({"kinds": ("handoff.arrived",)}, ["I-2", "I-1"]),
        ({"kinds": ("handoff.rejected",)}, []),
        ({"incident_id": "I-1"}, ["I-1"]),
        ({"since_ns": DUSK_NS + 3600 * SECOND_NS}, ["I-2"]),
        ({"until_ns": DUSK_NS + 3600 * SECOND_NS}, ["I-1"]),
    ],
)
def test_incidents_are_found_by_the_same_filter(
    reader: LedgerReader, wanted: dict[str, object], expected: list[str]
) -> None:
    page = reader.incidents(AskIncidents(filter=LogFilter(**wanted)))  # type: ignore[arg-type]
    assert [one.incident_id for one in page.rows] == expected


def test_incidents_of_one_instant_are_never_divided_between_two_pages(path: Path) -> None:
    opened = [
        (RULE, ev.IncidentOpened(
            incident_id=f"I-{n}", type="fall", priority=1, place=PARK, reason=same_words("x")
        ))
        for n in range(9)
    ]  # fmt: skip
    told = entries(opened, every_s=0)
    told = told[:2] + [msgspec.structs.replace(one, at_ns=one.at_ns + SECOND_NS) for one in told[2:]]
    with reading(path, told) as reader:
        first = reader.incidents(AskIncidents(filter=LogFilter(), limit=3))
        assert len(first.rows) == 7
        assert first.more
        last = reader.incidents(
            AskIncidents(filter=LogFilter(), limit=3, before_ns=first.rows[-1].opened_at_ns)
        )
        assert {one.incident_id for one in last.rows} == {"I-0", "I-1"}
        assert not last.more


@PATIENT
@given(told=logs(related_events(), min_size=1, max_size=25), cut=st.integers(0, 25))
def test_the_table_of_incidents_is_what_the_fold_says(
    fresh: Callable[[], Path], told: list[ev.Entry], cut: int
) -> None:
    """Written in two transactions, as the hub would, and compared with the state every desk folds."""
    path = fresh()
    with Ledger.open(path, SteppedClock()) as ledger:
        ledger.append(told[:cut])
        ledger.append(told[cut:])
    state, agencies = fold.CityState(), dict[str, list[str]]()
    for entry in told:
        if isinstance(entry.event, ev.OPENED):
            agencies[entry.event.incident_id] = []
        elif isinstance(entry.event, ev.IncidentSplit) and entry.event.incident_id in state.incidents:
            agencies[entry.event.new_id] = []
        elif isinstance(entry.event, ev.HandoffQueued) and entry.event.incident_id in state.incidents:
            given_to = agencies[entry.event.incident_id]
            given_to += [] if entry.event.agency in given_to else [entry.event.agency]
        fold.apply(state, entry)
    with LedgerReader.open(path) as reader:
        rows = {one.incident_id: one for one in reader.incidents(AskIncidents(filter=LogFilter())).rows}
    assert rows.keys() == state.incidents.keys()
    for id_, row in rows.items():
        incident = state.incidents[id_]
        assert (row.type, row.priority, row.place, row.district) == (
            incident.type, incident.priority, incident.place.name, incident.place.district
        )  # fmt: skip
        assert (row.stage, row.owner) == (incident.stage, incident.owner)
        assert (row.opened_at_ns, row.changed_at_ns) == (incident.opened_at_ns, incident.changed_at_ns)
        assert row.agencies == tuple(agencies[id_])


def test_a_history_has_what_led_to_the_incident_and_what_came_of_it_in_order(path: Path) -> None:
    lamp = [
        (ev.Cause(actor="gateway:lamps"), ev.DeviceConditionChanged(
            device_id=f"LMP-{n}", condition="down", why=same_words("dark")
        ))
        for n in (1, 2, 1)
    ]  # fmt: skip
    alarm = ev.AlarmRaised(alarm_id="A-1", limit_id="L", point_index=0, device_id="UND-3", priority=1,
                           place=UNDERPASS, text=same_words("deep"), value=31.0)  # fmt: skip
    up = ev.DeviceConditionChanged(device_id="LMP-2", condition="up", why=same_words("lit"))
    told = entries([
        *lamp,                                                                      # 1 2 3
        (ev.Cause(actor="hub"), alarm),                                             # 4
        (OPERATOR, ev.DeskConnected(desk="desk-1", person="김민준")),                 # 5
        (ev.Cause(actor="rule:groups", parent=5), ev.IncidentOpened(
            incident_id="I-9", type="lamps", priority=3, place=PARK, reason=same_words("row"),
            device_ids=("LMP-1", "LMP-2"),
        )),                                                                         # 6
        (RULE, ev.IncidentExtended(incident_id="I-9", reason=same_words("water"), alarm_id="A-1")),  # 7
        (OPERATOR, ev.AlarmAcknowledged(alarm_id="A-1", person="김민준")),            # 8
        (ev.Cause(actor="gateway:lamps"), up),                                      # 9
        (OPERATOR, ev.IncidentClosed(incident_id="I-9", person="김민준")),            # 10
        (ev.Cause(actor="gateway:lamps"), msgspec.structs.replace(up, condition="down")),  # 11
        (ev.Cause(actor="hub"), ev.AlarmCleared(alarm_id="A-1", value=3.0)),        # 12
        (ev.Cause(actor="hub"), ev.AlarmCleared(alarm_id="A-2", value=3.0)),        # 13
    ])  # fmt: skip
    with reading(path, told) as reader:
        history = [one.seq for one in reader.history("I-9").entries]
        assert history == [2, 3, 4, 5, 6, 7, 8, 9, 10, 12]
        row = reader.incidents(AskIncidents(filter=LogFilter())).rows[0]
        assert row.changed_at_ns == told[9].at_ns, "a cleared alarm is history, not a change"


def test_a_history_is_the_same_whether_it_was_written_at_once_or_entry_by_entry(
    fresh: Callable[[], Path],
) -> None:
    whole, single = fresh(), fresh()
    told = two_falls()
    with Ledger.open(single, SteppedClock()) as ledger:
        for entry in told:
            ledger.append([entry])
    with reading(whole, told) as one, LedgerReader.open(single) as other:
        for id_ in ("I-1", "I-2"):
            assert one.history(id_) == other.history(id_)
            assert len(one.history(id_).entries) == 11


def test_a_reader_sees_what_is_committed_while_the_writer_goes_on(path: Path) -> None:
    with Ledger.open(path, SteppedClock()) as ledger:
        ledger.append([note(1)])
        with LedgerReader.open(path) as reader:
            assert found(reader) == [1]
            ledger.append([note(2)])
            assert found(reader) == [2, 1]
            assert reader.head() == ledger.head()
            ledger.append(entries(fall(1), first_seq=3), [owed("H-1", "k")])
            assert [row.handoff_id for row in reader.outbox()] == ["H-1"]
            assert [one.seq for one in reader.entries(after_seq=12)] == [13, 14]
            assert reader.recent_commands(5) == {}


def test_a_reader_can_change_nothing(path: Path) -> None:
    import sqlite3

    with reading(path, two_falls()) as reader:
        for sql in ("INSERT INTO ledger VALUES (1, 'x', 0)", "DROP TABLE span", "PRAGMA user_version=9"):
            with pytest.raises(sqlite3.OperationalError, match=r"readonly|attempt to write"):
                reader._connection.execute(sql)


def test_a_reader_belongs_to_the_thread_that_opened_it(reader: LedgerReader) -> None:
    caught: list[BaseException] = []

    def use() -> None:
        try:
            reader.log(AskLog(filter=LogFilter()))
        except LedgerMisuse as error:
            caught.append(error)

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    assert len(caught) == 1


@PATIENT
@given(
    text=st.text(max_size=300),
    names=st.dictionaries(TEXT, st.builds(Words, en=TEXT, ko=TEXT), max_size=3),
)
def test_no_text_a_person_can_type_breaks_a_search(
    fresh: Callable[[], Path], text: str, names: dict[str, Words]
) -> None:
    with reading(fresh(), [note(1, text.encode("utf-8", "replace").decode())], names=names) as reader:
        assert found(reader, text=text.encode("utf-8", "replace").decode()) == [1]
        reader.log(AskLog(filter=LogFilter(text=text, person=text, district=text, kinds=(text,))))
        reader.incidents(AskIncidents(filter=LogFilter(text=text, person=text, kinds=(text,))))
