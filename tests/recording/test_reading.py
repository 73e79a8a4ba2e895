"""A recording is an MCAP file others can read, and one that can be read as far as it is whole."""

from __future__ import annotations

import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mcap.opcode import Opcode
from mcap.reader import make_reader
from mcap.writer import Writer

from console.clock import SECOND_NS, SteppedClock
from console.model import events as ev
from console.recording import RecordingError, describe, layout, read_recording
from console.recording.chunks import RecordWalk
from tests.ledger.strategies import EVENTS, causes
from tests.recording.conftest import ABOUT, entry, frames

COUNT = 60


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of `COUNT` seconds: each second a batch and an entry, each second a chunk."""
    folder, clock = tmp_path_factory.mktemp("whole"), SteppedClock()
    file = layout_file(folder / "whole.mcap")
    for n in range(1, COUNT + 1):
        now = clock.now_ns()
        file.add(layout.TELEMETRY, layout.pack_batch(frames(n, sent_ns=now)), now, now, n)
        file.add(layout.DECISIONS, layout.pack_entry(entry(n, now + 1)), now + 1, now + 1, n)
        file.flush()
        clock.step(1)
    file.finish()
    return folder / "whole.mcap"


def layout_file(path: Path):  # type: ignore[no-untyped-def]
    from console.recording.file import RecordingFile

    return RecordingFile(path, ABOUT)


def seqs(path: Path, from_ns: int | None = None) -> tuple[list[int], list[int], list[str]]:
    """(entries, batches, what was said about damage)"""
    entries, batches, said = [], [], list[str]()
    for one in read_recording(path, from_ns, said.append):
        if one.entry is not None:
            entries.append(one.entry.seq)
        if one.batch is not None:
            batches.append(msgspec.msgpack.decode(one.batch[0])["sequence"])
    return entries, batches, said


ALL = list(range(1, COUNT + 1))
CUT = "the file is cut off; everything up to its last whole chunk was read"


def test_a_whole_file_gives_everything_and_says_nothing(whole: Path) -> None:
    assert seqs(whole) == (ALL, ALL, [])


def test_the_mcap_library_reads_it_with_its_index_and_counts_the_same(whole: Path) -> None:
    with whole.open("rb") as file:
        reader = make_reader(file, validate_crcs=True)
        summary = reader.get_summary()
        assert summary is not None
        assert summary.statistics is not None
        assert summary.statistics.message_count == 2 * COUNT
        assert summary.statistics.chunk_count == COUNT
        topics = {channel.topic: channel for channel in summary.channels.values()}
        assert {one: summary.statistics.channel_message_counts[topics[one].id] for one in topics} == {
            "decisions": COUNT, "telemetry": COUNT,
        }  # fmt: skip
        assert topics["decisions"].message_encoding == "json"
        assert {chunk.compression for chunk in summary.chunk_indexes} == {"zstd"}
        assert next(iter(reader.iter_metadata())).metadata == ABOUT
        messages = list(reader.iter_messages())
    assert len(messages) == 2 * COUNT
    schema, channel, message = messages[1]
    assert channel.topic == "decisions"
    assert schema is not None
    assert schema.encoding == "jsonschema"
    assert msgspec.json.decode(message.data)["event"]["text"] == "메모"


def test_the_schema_of_an_entry_names_every_kind_of_event(whole: Path) -> None:
    with whole.open("rb") as file:
        summary = make_reader(file).get_summary()
    assert summary is not None
    schemas = {one.name: one for one in summary.schemas.values()}
    tree = msgspec.json.decode(schemas["bongsu.Entry"].data)
    kinds = tree["$defs"]["Entry"]["properties"]["event"]["discriminator"]["mapping"]
    assert set(kinds) == set(ev.EVENT_KINDS)
    assert schemas["bongsu.Columns"].data.decode() == layout.COLUMNS


def test_a_stranger_can_read_the_columns_from_their_description_alone(whole: Path) -> None:
    """Only numpy and what COLUMNS says, no code of ours."""
    with whole.open("rb") as file:
        message = next(m for _, c, m in make_reader(file).iter_messages() if c.topic == "telemetry")
    data = message.data
    size = int.from_bytes(data[:4], "little")
    header = msgspec.msgpack.decode(data[4 : 4 + size])
    count = int.from_bytes(data[4 + size : 8 + size], "little")
    at, columns = 8 + size, []
    for kind in ("<u4", "<f8", "<i8", "u1"):
        column = np.frombuffer(data, kind, count, at)
        at += column.nbytes
        columns.append(column)
    assert at == len(data)
    assert count == header["count"] == 50
    assert [column.tobytes() for column in columns] == frames(1, sent_ns=header["sent_ns"])[1:]


def test_reading_can_begin_at_a_time(whole: Path) -> None:
    begin = SteppedClock().now_ns()
    for skip in (0, 1, 30, COUNT - 1):
        entries, batches, said = seqs(whole, begin + skip * SECOND_NS)
        assert entries == batches == ALL[skip:]
        assert said == []
    assert seqs(whole, begin + 30 * SECOND_NS + 1) == (ALL[30:], ALL[31:], [])
    assert seqs(whole, begin + COUNT * SECOND_NS) == ([], [], [])


def test_a_beginning_in_the_middle_does_not_open_the_chunks_before_it(
    whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from console.recording import chunks

    opened: list[int] = []
    real = chunks.open_chunk
    monkeypatch.setattr(chunks, "open_chunk", lambda at, content: opened.append(at) or real(at, content))
    seqs(whole, SteppedClock().now_ns() + 50 * SECOND_NS)
    assert len(opened) == COUNT - 50


def chunk_ends(path: Path) -> list[int]:
    ends = []
    with path.open("rb") as file:
        walk = RecordWalk(file)
        while (record := walk.next()) is not None and record[1] != Opcode.DATA_END:
            if record[1] == Opcode.CHUNK:
                ends.append(walk.at)
    return ends


def data_end(path: Path) -> int:
    """Behind it there is only the index, which a reader can do without."""
    with path.open("rb") as file:
        walk = RecordWalk(file)
        while (record := walk.next()) is not None:
            if record[1] == Opcode.DATA_END:
                return walk.at
    raise AssertionError("no end of data")


def first_message(path: Path) -> int:
    with path.open("rb") as file:
        walk = RecordWalk(file)
        walk.next()
        walk.next()
        return walk.at


def expected_of(path: Path, size: int) -> list[int]:
    return ALL[: sum(end <= size for end in chunk_ends(path))]


def test_a_file_cut_anywhere_opens_up_to_its_last_whole_chunk(whole: Path, tmp_path: Path) -> None:
    data = whole.read_bytes()
    chance = random.Random(3)
    begin = first_message(whole)
    cuts = {*range(len(data) - 1, begin, -1024), *(chance.randrange(begin, len(data)) for _ in range(60))}
    cuts |= {end + by for end in chunk_ends(whole)[-3:] for by in (-1, 0, 1)}
    path = tmp_path / "cut.mcap"
    for size in cuts:
        path.write_bytes(data[:size])
        expected = expected_of(whole, size)
        assert seqs(path) == (expected, expected, [] if size >= data_end(whole) else [CUT]), size
        assert seqs(path, SteppedClock().now_ns() + 40 * SECOND_NS)[0] == expected[40:]
        assert not describe(path).whole


def test_a_file_cut_before_its_first_message_is_a_clear_error(whole: Path, tmp_path: Path) -> None:
    data, path = whole.read_bytes(), tmp_path / "short.mcap"
    for size in range(first_message(whole)):
        path.write_bytes(data[:size])
        with pytest.raises(RecordingError, match=r"short\.mcap cannot be read as a recording: .+"):
            read_recording(path)


def test_a_flipped_bit_never_crashes_and_costs_at_most_its_chunk(whole: Path, tmp_path: Path) -> None:
    data, chance = whole.read_bytes(), random.Random(16)
    path = tmp_path / "flipped.mcap"
    begin, refused, damaged = first_message(whole), 0, 0
    for _ in range(400):
        flipped = bytearray(data)
        at = chance.randrange(len(data))
        flipped[at] ^= 1 << chance.randrange(8)
        path.write_bytes(bytes(flipped))
        try:
            entries, batches, said = seqs(path)
        except RecordingError:
            assert at < begin
            refused += 1
            continue
        assert set(entries) <= set(ALL)
        assert entries == sorted(entries)
        assert len(entries) >= COUNT - 1
        assert len(batches) >= COUNT - 1
        if len(entries) < COUNT or len(batches) < COUNT:
            damaged += 1
            assert said, f"bit flipped in byte {at}: {COUNT - len(entries)} entries missing in silence"
    assert damaged > 100
    assert refused < 20


def test_a_damaged_chunk_is_left_out_and_named_and_those_behind_it_are_read(
    whole: Path, tmp_path: Path
) -> None:
    data = bytearray(whole.read_bytes())
    end = chunk_ends(whole)[9]
    data[end - 20] ^= 0xFF
    path = tmp_path / "hole.mcap"
    path.write_bytes(bytes(data))
    entries, batches, said = seqs(path)
    assert entries == batches == [*ALL[:9], *ALL[10:]]
    assert len(said) == 1
    assert "this chunk is left out" in said[0]


def test_damage_nobody_asked_about_is_logged(
    whole: Path, tmp_path: Path, expected_logs: Callable[..., None]
) -> None:
    path = tmp_path / "cut.mcap"
    path.write_bytes(whole.read_bytes()[: chunk_ends(whole)[-1]])
    expected_logs("WARNING bongsu.recording: cut.mcap: .*cut off", count=1)
    assert list(read_recording(path))


def mcap_of_another_program(path: Path) -> None:
    with path.open("wb") as file:
        writer = Writer(file)
        writer.start(profile="ros2")
        channel = writer.register_channel("/camera", "cdr", 0)
        writer.add_message(channel, 1, b"x", 1)
        writer.finish()


@pytest.mark.parametrize(
    "make",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_text("hello"),
        lambda path: path.write_bytes(random.Random(1).randbytes(100_000)),
        mcap_of_another_program,
        lambda path: path.mkdir(),
        lambda path: None,
    ],
    ids=["empty", "text", "noise", "another program's MCAP", "a folder", "absent"],
)
def test_a_file_that_is_no_recording_is_refused_by_name(
    tmp_path: Path, make: Callable[[Path], object]
) -> None:
    path = tmp_path / "other.mcap"
    make(path)
    with pytest.raises(RecordingError, match=r"other\.mcap"):
        read_recording(path)
    with pytest.raises(RecordingError, match=r"other\.mcap"):
        describe(path)


def test_a_chunk_that_claims_to_be_enormous_is_damage_and_not_memory(whole: Path, tmp_path: Path) -> None:
    import zstandard

    bomb = zstandard.compress(bytes(300 << 20))
    data = bytearray(whole.read_bytes())
    with whole.open("rb") as file:
        walk = RecordWalk(file)
        walk.next(), walk.next()
        start = walk.at
    content = bytearray(16)
    content += (300 << 20).to_bytes(8, "little") + (0).to_bytes(4, "little")
    content += (4).to_bytes(4, "little") + b"zstd" + len(bomb).to_bytes(8, "little") + bomb
    record = bytes([Opcode.CHUNK]) + len(content).to_bytes(8, "little") + bytes(content)
    path = tmp_path / "bomb.mcap"
    path.write_bytes(bytes(data[:start]) + record + bytes(data[start : chunk_ends(whole)[-1]]))
    entries, _, said = seqs(path)
    assert entries == ALL
    assert "a chunk of 314572800 bytes" in said[0]


def test_an_entry_of_a_later_version_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "later.mcap"
    file = layout_file(path)
    file.add(layout.DECISIONS, layout.pack_entry(entry(1, 1)), 1, 1, 1)
    later = layout.pack_entry(entry(2, 2)).replace(b"incident.noted", b"incident.sung")
    file.add(layout.DECISIONS, later, 2, 2, 2)
    file.add(layout.TELEMETRY, b"\x00", 3, 3, 3)
    file.add(layout.DECISIONS, layout.pack_entry(entry(4, 4)), 4, 4, 4)
    file.finish()
    entries, _, said = seqs(path)
    assert entries == [1, 4]
    assert len(said) == 2
    assert "incident.sung" in said[0]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(event=EVENTS, cause=causes(), at_ns=st.integers(-(2**62), 2**62))
def test_every_event_comes_back_from_its_message(event: ev.AnyEvent, cause: ev.Cause, at_ns: int) -> None:
    told = ev.Entry(run="r", seq=1, at_ns=at_ns, cause=cause, event=event)
    assert layout.unpack_entry(layout.pack_entry(told)) == told


@given(header=st.binary(max_size=40), count=st.integers(0, 30), junk=st.binary(max_size=60))
def test_columns_come_back_and_anything_else_is_an_error(header: bytes, count: int, junk: bytes) -> None:
    given_frames = [header, bytes(4 * count), bytes(8 * count), bytes(8 * count), bytes(count)]
    packed = layout.pack_batch(given_frames)
    assert list(layout.unpack_batch(packed)) == given_frames
    for broken in (packed[:-1], packed + b"x"):
        with pytest.raises(ValueError, match="telemetry message"):
            layout.unpack_batch(broken)
    try:
        layout.unpack_batch(junk)
    except ValueError:
        pass


def test_the_mcap_command_line_tool_of_its_authors_agrees(whole: Path) -> None:
    """`mcap doctor` is a Go program; where it is not installed, its Python stand-in walks every record."""
    tool = shutil.which("mcap")
    if tool is None:
        from mcap.stream_reader import StreamReader

        with whole.open("rb") as file:
            records = list(StreamReader(file, validate_crcs=True).records)
        assert sum(type(one).__name__ == "Message" for one in records) == 2 * COUNT
        return
    done = subprocess.run([tool, "doctor", str(whole)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


