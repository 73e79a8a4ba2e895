"""Files of earlier measurements: what can be used goes in, the rest is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.clock import SECOND_NS, SteppedClock
from console.historian.cells import moment_ns
from console.historian.import_command import run_forget, run_import, run_sets
from console.historian.mapping import ColumnTold, FileTold, ImportMap, KeyTold, MapError, TimeTold, check_map
from console.historian.sets import forget, sets_of, take_in
from console.historian.tabular import TableError
from console.historian.taking import FileReader, Stopped
from console.historian.units import load_units
from console.history.envelope import Wanted
from console.history.layout import HOUR, RAW
from console.history.reader import HistoryReader
from console.profile import load_profile

SAMPLES = Path(__file__).parent / "samples"
AIR = ImportMap(
    time=TimeTold(column="일시"),
    columns=(
        ColumnTold(name="초미세먼지", point="AIR-0001/pm2_5_1h_ug_m3", unit="㎍/㎥"),
        ColumnTold(name="미세먼지", point="AIR-0001/pm10_1h_ug_m3"),
        ColumnTold(name="오존", point="AIR-0001/o3_ppm"),
    ),
)


@pytest.fixture(scope="module")
def points():
    return load_profile("suwon").point_by_id


def read(path, told, points, **more):
    check_map(told, points)
    return FileReader(path, told, points, "Asia/Seoul", load_units(), **more).read()


def kept(folder, point, tier=RAW):
    reader = HistoryReader(folder)
    (found,) = reader.read((Wanted(point, 0),), 0, 2**62, 0, tier=tier)
    reader.close()
    assert reader.problems == {}
    return found


def at(text: str) -> int:
    from zoneinfo import ZoneInfo

    return moment_ns(text, "auto", ZoneInfo("Asia/Seoul"))


def test_each_cell_is_taken_or_named_by_its_row_and_column(points):
    taken = read(SAMPLES / "seoul_hours_utf8_bom.csv", AIR, points)
    assert taken.rows == 10
    assert taken.blanks == 3
    assert dict(taken.refused) == {"number": 1, "range": 1, "time": 1, "row": 1}
    told = {(one.row, one.column): one.what for one in taken.problems}
    assert told[6, "초미세먼지"] == "expected a number"
    assert told[8, "오존"] == "outside 0 to 1 ppm"
    assert told[9, "일시"].startswith("expected a time")
    assert told[10, ""] == "expected 4 columns, found 3"
    assert any("may have been cut" in note for note in taken.notes)
    assert taken.duplicates == 2
    assert taken.conflicts == 1, "02:00 says 37 and 39"
    assert taken.out_of_order == 2


def test_the_end_of_a_day_and_thousands_arrive_as_meant(points, tmp_path):
    taken = read(SAMPLES / "seoul_hours_utf8_bom.csv", AIR, points)
    take_in(tmp_path, SAMPLES / "seoul_hours_utf8_bom.csv", taken, SteppedClock())
    dust = kept(tmp_path, "AIR-0001/pm10_1h_ug_m3")
    values = dict(zip(dust.at_ns.tolist(), dust.last.tolist(), strict=True))
    assert values[at("2021-03-31 23:00")] == 1034
    assert values[at("2021-04-01 00:00")] == 35
    assert values[at("2021-04-01 02:00")] == 39, "the later row is used"


def test_a_row_for_each_station_in_cp949(points, tmp_path):
    told = ImportMap(
        time=TimeTold(column="측정일시"),
        key=KeyTold(column="측정소명", devices={"수원": "AIR-0001", "장안": "AIR-0002"}),
        columns=(ColumnTold(name="미세먼지농도(㎍/㎥)", quantity="pm10_1h_ug_m3", unit="㎍/㎥"),),
    )
    taken = read(SAMPLES / "stations_cp949.csv", told, points)
    assert taken.skipped_keys == {"강남구": 1}
    assert taken.blanks == 1
    take_in(tmp_path, SAMPLES / "stations_cp949.csv", taken, SteppedClock())
    assert kept(tmp_path, "AIR-0002/pm10_1h_ug_m3").last.tolist() == [30]


def test_json_that_was_cut_gives_what_came_before_the_cut(points):
    told = ImportMap(
        file=FileTold(rows="response.rows"), time=TimeTold(column="when"),
        columns=(ColumnTold(name="mph", point="LOOP-0001/speed_km_h", unit="mph"),),
    )  # fmt: skip
    taken = read(SAMPLES / "speeds.json", told, points)
    assert taken.readings.value.tolist() == pytest.approx([60 * 1.609344, 30 * 1.609344])
    assert taken.blanks == 1
    assert dict(taken.refused) == {"column": 1, "row": 1}
    assert "nothing behind it is read" in taken.problems[-1].what


def test_json_a_line_says_which_line_is_wrong(points, tmp_path):
    path = tmp_path / "speeds.jsonl"
    path.write_text('{"t": "2021-04-01", "v": 5}\n{"t": \n[1]\n{"t": "2021-04-02", "v": "x"}\n', "utf-8")
    told = ImportMap(
        time=TimeTold(column="t"), columns=(ColumnTold(name="v", point="LOOP-0001/speed_km_h"),)
    )
    taken = read(path, told, points)
    assert len(taken.readings) == 1
    assert [one.row for one in taken.problems] == [2, 3, 4]


def test_a_file_without_times_is_counted_from_its_beginning(points, tmp_path):
    path = tmp_path / "speeds.csv"
    path.write_text("773869;767541\n60;30\n61;bad\n62;32\n", "utf-8")
    told = ImportMap(
        time=TimeTold(start="2012-03-01", step_s=300, zone="America/Los_Angeles"),
        columns=(
            ColumnTold(name="773869", point="LOOP-0001/speed_km_h", unit="mph"),
            ColumnTold(name="767541", point="LOOP-0002/speed_km_h", unit="mph"),
        ),
    )
    taken = read(path, told, points)
    assert (taken.readings.at_ns[2] - taken.readings.at_ns[0]) == 600 * SECOND_NS
    assert taken.refused["number"] == 1


def test_the_same_file_twice_changes_nothing_and_a_corrected_one_corrects(points, tmp_path):
    path = tmp_path / "a.csv"
    head = "일시,초미세먼지,미세먼지,오존\n"
    path.write_text(head + "2021-04-01 01:00,1,2,0.1\n2021-04-01 01:30,3,4,0.2\n", "utf-8")
    folder, clock = tmp_path / "history", SteppedClock()
    first = take_in(folder, path, read(path, AIR, points), clock)
    assert (first.new, first.corrected, first.already_there) == (6, 0, 0)
    clock.step(1)
    again = take_in(folder, path, read(path, AIR, points), clock)
    assert (again.new, again.corrected, again.already_there) == (0, 0, 6)
    assert len(sets_of(folder)) == 1
    path.write_text(head + "2021-04-01 01:30,30,4,0.2\n2021-04-01 01:45,5,4,0.2\n", "utf-8")
    clock.step(1)
    third = take_in(folder, path, read(path, AIR, points), clock)
    assert (third.new, third.corrected, third.already_there) == (3, 1, 2)
    fine = kept(folder, "AIR-0001/pm2_5_1h_ug_m3")
    assert fine.last.tolist() == [1, 30, 5]
    hour = kept(folder, "AIR-0001/pm2_5_1h_ug_m3", HOUR)
    assert (hour.low.tolist(), hour.high.tolist(), hour.count.tolist()) == ([1], [30], [3])
    assert forget(folder, third.id)
    assert kept(folder, "AIR-0001/pm2_5_1h_ug_m3").last.tolist() == [1, 3]
    assert not forget(folder, "../" + third.id)


def test_a_wrong_map_is_told_before_anything_is_read(points, tmp_path):
    with pytest.raises(MapError, match="NOPE/x"):
        check_map(ImportMap(columns=(ColumnTold(name="a", point="NOPE/x"),)), points)
    with pytest.raises(MapError, match="has no column '없음'"):
        read(SAMPLES / "stations_cp949.csv", ImportMap(
            time=TimeTold(column="없음"), columns=(ColumnTold(name="측정소명", point="AIR-0001/o3_ppm"),)
        ), points)  # fmt: skip
    with pytest.raises(MapError, match="not a time zone"):
        check_map(ImportMap(time=TimeTold(column="a", zone="Mars/Base")), points)
    binary = tmp_path / "x.csv"
    binary.write_bytes(b"a,b\0\0\n")
    with pytest.raises(TableError, match="not text"):
        read(binary, ImportMap(
            time=TimeTold(column="a"), columns=(ColumnTold(name="b", point="AIR-0001/o3_ppm"),)
        ), points)  # fmt: skip


def test_it_says_how_far_it_is_and_can_be_stopped(points, tmp_path):
    path = tmp_path / "long.csv"
    rows = "".join(f"2021-04-01 01:00:{n % 60:02d},1,2,0.1\n" for n in range(7000))
    path.write_text("일시,초미세먼지,미세먼지,오존\n" + rows, "utf-8")
    shares = []
    with pytest.raises(Stopped):
        read(path, AIR, points, progress=lambda share, rows: shares.append((share, rows)),
             go_on=lambda: len(shares) < 2)  # fmt: skip
    assert [rows for _, rows in shares] == [2000, 4000]
    assert 0 < shares[0][0] <= shares[1][0] <= 1


@settings(max_examples=60)
@given(data=st.binary(max_size=400))
def test_whatever_a_file_holds_nothing_is_raised_but_what_is_told(points, tmp_path_factory, data):
    path = tmp_path_factory.mktemp("any") / "any.csv"
    path.write_bytes("일시,초미세먼지,미세먼지,오존\n".encode() + data)
    try:
        taken = read(path, AIR, points)
    except (MapError, TableError):
        return
    assert taken.rows >= len(taken.problems) / 4 - 1


def test_the_command_says_what_went_in(points, tmp_path, capsys):
    words = [str(SAMPLES / "stations_cp949.csv"), "--home", str(tmp_path), "--time", "측정일시",
             "--column", "초미세먼지농도(㎍/㎥)=AIR-0001/pm2_5_1h_ug_m3:㎍/㎥"]  # fmt: skip
    assert run_import(words) == 0
    assert "readings taken in" in capsys.readouterr().out
    assert run_sets(["--home", str(tmp_path)]) == 0
    set_id = capsys.readouterr().out.split()[0]
    assert run_forget([set_id, "--home", str(tmp_path)]) == 0
    assert run_forget([set_id, "--home", str(tmp_path)]) == 1
    assert run_import([*words[:-2], "--column", "x=NOPE/y"]) == 2
    assert "NOPE/y" in capsys.readouterr().err
