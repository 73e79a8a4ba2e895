"""Reading what a recorder wrote, also while it writes."""

from __future__ import annotations

import shutil
from itertools import islice
from pathlib import Path

import pytest

from console.clock import SECOND_NS
from console.footage.layout import GAP_NS, SEGMENT_NS, camera_folder, packets_path
from console.footage.store import FootageStore, Span
from console.footage.writer import CameraWriter
from tests.footage.packets import (
    BEGIN_NS,
    CAMERA,
    INTERVAL_NS,
    OTHER,
    add,
    keys_of,
    open_segment,
    pictures,
    told,
    write,
)

ALL = (0, 1 << 62)


def test_a_camera_is_read_from_the_key_picture_before_a_moment(tmp_path: Path) -> None:
    written = write(tmp_path, pictures(BEGIN_NS, 100))
    store = FootageStore(tmp_path)
    assert store.cameras() == (CAMERA,)
    for number in (0, 24, 25, 60, 99):
        found = told(list(store.packets(CAMERA, written[number].wall_ns)))
        assert found == written[number // 25 * 25 :]
    to_ns = written[60].wall_ns
    assert told(list(store.packets(CAMERA, written[30].wall_ns, to_ns))) == written[25:61]


def test_key_pictures_too_near_for_the_index_are_found_all_the_same(tmp_path: Path) -> None:
    """A stream of key pictures only: five a second are entered, the nearest one is read from."""
    written = write(tmp_path, pictures(BEGIN_NS, 50, group=1))
    store = FootageStore(tmp_path)
    assert len(store.key_times(CAMERA, *ALL)) == 9
    assert told(list(store.packets(CAMERA, written[33].wall_ns + 1))) == written[33:]


def test_a_gap_is_told_and_nothing_is_made_up_for_it(tmp_path: Path) -> None:
    early, late = pictures(BEGIN_NS, 50), pictures(BEGIN_NS + 60 * SECOND_NS, 50)
    write(tmp_path, early, late)
    store = FootageStore(tmp_path)
    spans = tuple(Span(run[0].wall_ns, run[-1].wall_ns) for run in (early, late))
    assert store.spans(CAMERA, *ALL) == spans
    assert store.edges(CAMERA) == (early[0].wall_ns, late[-1].wall_ns)
    assert store.spans(CAMERA, early[-1].wall_ns + 1, late[0].wall_ns - 1) == ()
    cut = store.spans(CAMERA, early[10].wall_ns, late[5].wall_ns)
    assert cut == (Span(early[10].wall_ns, spans[0].to_ns), Span(spans[1].from_ns, late[5].wall_ns))


@pytest.mark.parametrize(("pause_ns", "count"), [(GAP_NS, 1), (GAP_NS + 1, 2)])
def test_a_pause_is_a_gap_when_it_is_longer_than_the_wall_waits(
    tmp_path: Path, pause_ns: int, count: int
) -> None:
    first = pictures(BEGIN_NS, 25)
    write(tmp_path, first, pictures(first[-1].wall_ns + pause_ns, 25))
    assert len(FootageStore(tmp_path).spans(CAMERA, *ALL)) == count


def test_segments_that_continue_each_other_are_one_stretch(tmp_path: Path) -> None:
    slow = SECOND_NS
    written = write(tmp_path, pictures(BEGIN_NS, 700, group=5, interval_ns=slow))
    store = FootageStore(tmp_path)
    assert len(list(camera_folder(tmp_path, CAMERA).rglob("*.packets"))) == 3
    assert store.spans(CAMERA, *ALL) == (Span(BEGIN_NS, written[-1].wall_ns),)
    border = BEGIN_NS + SEGMENT_NS
    assert told(list(store.packets(CAMERA, border - slow))) == written[295:]


def test_a_stream_that_changes_its_size_begins_a_segment_and_is_told_with_each_packet(tmp_path: Path) -> None:
    writer = CameraWriter(tmp_path, CAMERA)
    small, large = pictures(BEGIN_NS, 25), pictures(BEGIN_NS + SECOND_NS, 25)
    add(writer, small)
    add(writer, large, OTHER)
    writer.close()
    widths = [packet.stream.width for packet in FootageStore(tmp_path).packets(CAMERA, BEGIN_NS)]
    assert widths == [160] * 25 + [320] * 25


def test_where_the_clock_was_set_back_what_came_later_counts(tmp_path: Path) -> None:
    """Ten seconds, then the clock goes back by six: of the time recorded twice, the second take is given."""
    before = pictures(BEGIN_NS, 250)
    after = pictures(BEGIN_NS + 4 * SECOND_NS + 7, 250)
    write(tmp_path, before, after)
    store = FootageStore(tmp_path)
    found = told(list(store.packets(CAMERA, BEGIN_NS)))
    assert found == before[:100] + after or found == before[:125] + after
    assert store.spans(CAMERA, *ALL) == (Span(BEGIN_NS, after[-1].wall_ns),)
    assert told(list(store.packets(CAMERA, BEGIN_NS + 6 * SECOND_NS)))[0] in after


def test_what_is_written_meanwhile_is_read_without_opening_anew(tmp_path: Path) -> None:
    written = pictures(BEGIN_NS, 100)
    writer = CameraWriter(tmp_path, CAMERA)
    add(writer, written[:50])
    writer.flush()
    store = FootageStore(tmp_path)
    reading = store.packets(CAMERA, BEGIN_NS)
    assert told(list(islice(reading, 40))) == written[:40]
    assert store.edges(CAMERA) == (BEGIN_NS, written[49].wall_ns)
    add(writer, written[50:])
    writer.flush()
    assert told(list(reading)) == written[40:]
    store.refresh()
    assert store.edges(CAMERA) == (BEGIN_NS, written[99].wall_ns)
    writer.close()
    store.refresh()
    assert store.problems() == ()


def test_nothing_that_was_not_flushed_is_seen(tmp_path: Path) -> None:
    writer = CameraWriter(tmp_path, CAMERA)
    add(writer, pictures(BEGIN_NS, 50))
    assert FootageStore(tmp_path).edges(CAMERA) is None
    writer.close()
    assert FootageStore(tmp_path).edges(CAMERA) is not None


def test_half_a_record_at_the_end_is_read_when_it_is_whole(tmp_path: Path) -> None:
    written = pictures(BEGIN_NS, 30)
    path = open_segment(tmp_path, written)
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    store = FootageStore(tmp_path)
    assert told(list(store.packets(CAMERA, BEGIN_NS))) == written[:29]
    assert store.problems() == (), "half a record is being written, not damaged"
    path.write_bytes(whole)
    store.refresh()
    assert told(list(store.packets(CAMERA, BEGIN_NS))) == written


def test_segments_freed_while_they_are_read_are_passed_over(tmp_path: Path) -> None:
    runs = [pictures(BEGIN_NS + n * 10 * SECOND_NS, 50) for n in range(3)]
    for run in runs:
        write(tmp_path, run)
    store = FootageStore(tmp_path)
    assert len(store.spans(CAMERA, *ALL)) == 3
    middle = packets_path(tmp_path, CAMERA, runs[1][0].wall_ns)
    middle.unlink()
    keys_of(middle).unlink()
    assert told(list(store.packets(CAMERA, BEGIN_NS))) == runs[0] + runs[2]
    shutil.rmtree(camera_folder(tmp_path, CAMERA))
    store.refresh()
    assert store.edges(CAMERA) is None
    assert list(store.packets(CAMERA, BEGIN_NS)) == []


def test_footage_of_several_days_is_one_line(tmp_path: Path) -> None:
    day = 86_400 * SECOND_NS
    runs = [pictures(BEGIN_NS + n * day, 25) for n in range(3)]
    for run in runs:
        write(tmp_path, run)
    store = FootageStore(tmp_path)
    assert store.edges(CAMERA) == (BEGIN_NS, runs[2][-1].wall_ns)
    assert len(store.spans(CAMERA, BEGIN_NS, BEGIN_NS + day)) == 2
    assert told(list(store.packets(CAMERA, BEGIN_NS + day // 2))) == runs[0] + runs[1] + runs[2]


def test_one_damaged_segment_does_not_take_the_others_away(tmp_path: Path) -> None:
    for n in range(3):
        write(tmp_path, pictures(BEGIN_NS + n * 10 * SECOND_NS, 25))
    middle = packets_path(tmp_path, CAMERA, BEGIN_NS + 10 * SECOND_NS)
    middle.write_bytes(b"")
    store = FootageStore(tmp_path)
    assert [span.from_ns - BEGIN_NS for span in store.spans(CAMERA, *ALL)] == [0, 20 * SECOND_NS]
    assert len(list(store.packets(CAMERA, BEGIN_NS))) == 50
    assert [(one.camera_id, one.file) for one in store.problems()] == [(CAMERA, middle.name)]


def test_pictures_that_are_reordered_are_read_until_the_last_one_needed(tmp_path: Path) -> None:
    """Decoded I0 P3 B1 B2: to show B1, P3 must be read although it is later."""
    order = [0, 3, 1, 2, 6, 4, 5]
    writer = CameraWriter(tmp_path, CAMERA)
    for dts, number in enumerate(order):
        wall_ns, data = BEGIN_NS + number * INTERVAL_NS, str(number).encode()
        writer.add(wall_ns, number * 3600, (dts - 1) * 3600, number == 0, data, len(data), OTHER)
    writer.close()
    read = FootageStore(tmp_path).packets(CAMERA, BEGIN_NS, BEGIN_NS + INTERVAL_NS)
    numbers = [int(packet.data) for packet in read]
    assert numbers[:3] == [0, 3, 1]


def test_a_camera_nobody_recorded_is_empty_and_no_error(tmp_path: Path) -> None:
    store = FootageStore(tmp_path / "nothing")
    assert store.cameras() == ()
    assert store.edges("X") is None
    assert store.spans("X", *ALL) == store.key_times("X", *ALL) == store.problems() == ()
    assert list(store.packets("X", BEGIN_NS)) == []
