"""What an export holds: the recorded pictures themselves, and nothing when it fails."""

from __future__ import annotations

import errno
import json
import random
import shutil
import subprocess
from pathlib import Path

import av
import numpy as np
import pytest

from console.clock import SECOND_NS
from console.evidence import export as exporting
from console.evidence import keys
from console.evidence.job import ExportFailed
from console.evidence.manifest import read
from console.evidence.pictures import decoded, picture_at
from console.evidence.remux import ClipFile, nal_units, parts
from console.evidence.verify import verify
from console.footage.layout import FOLDER
from console.footage.record import StoredPacket
from console.footage.store import FootageStore
from console.model.footage import MaskZone
from tests.evidence.rig import BEGIN_NS, FEEDS, camera, job, made, record


def packets_of(path: Path) -> list[bytes]:
    with av.open(str(path)) as clip:
        return [bytes(one) for one in clip.demux(video=0) if one.size]


def left_in(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir()) if folder.exists() else []


def test_a_clip_holds_the_recorded_packets_byte_for_byte_from_the_key_picture_before(tmp_path: Path):
    record(tmp_path)
    package, done = made(tmp_path)
    manifest = read((package / "manifest.json").read_bytes())
    (piece,) = manifest.pieces
    from_ns, to_ns = BEGIN_NS + SECOND_NS, BEGIN_NS + 6 * SECOND_NS
    stored = list(FootageStore(tmp_path / FOLDER).packets("CAM-1", from_ns, to_ns))
    assert packets_of(package / piece.file) == [one.data for one in stored]
    assert piece.first_picture.ns == BEGIN_NS, "the key picture before the time asked for"
    assert piece.last_picture.ns == stored[-1].wall_ns <= to_ns
    assert manifest.asked_from.ns == from_ns and manifest.asked_to.ns == to_ns
    assert piece.figures.codec == "h264" and piece.figures.width == 640
    assert piece.figures.pictures_per_second == pytest.approx(15, abs=0.3)
    assert manifest.asked_from.local.endswith("+09:00") and manifest.asked_from.utc.endswith("Z")
    assert (manifest.ledger.head_seq, manifest.operator, manifest.legal_basis) == (12, "kim", "Warrant 5")
    assert manifest.cameras[0].gaps == () and done.gaps == 0
    assert verify(package).is_good


@pytest.mark.skipif(shutil.which("ffprobe") is None, reason="ffprobe is not installed")
def test_ffprobe_opens_a_clip_and_decodes_every_picture(tmp_path: Path):
    record(tmp_path)
    package, _ = made(tmp_path)
    (piece,) = read((package / "manifest.json").read_bytes()).pieces
    words = ["ffprobe", "-v", "error", "-count_frames", "-show_streams", "-of", "json", piece.file]
    said = subprocess.run(words, cwd=package, capture_output=True, text=True, timeout=60)
    assert said.stderr == ""
    (stream,) = json.loads(said.stdout)["streams"]
    assert int(stream["nb_read_frames"]) == piece.figures.pictures
    assert float(stream["duration"]) == pytest.approx(piece.figures.seconds, abs=0.1)


def test_a_gap_makes_a_second_file_and_is_told(tmp_path: Path):
    end_ns = record(tmp_path)
    again_ns = end_ns + 60 * SECOND_NS
    record(tmp_path, begin_ns=again_ns)
    package, done = made(tmp_path, from_ns=end_ns - 3 * SECOND_NS, to_ns=again_ns + 3 * SECOND_NS)
    manifest = read((package / "manifest.json").read_bytes())
    assert [one.last_picture.ns < again_ns for one in manifest.pieces] == [True, False]
    (gap,) = manifest.cameras[0].gaps
    assert (gap.from_time.ns, gap.to_time.ns, gap.why) == (end_ns, again_ns, "not_recorded")
    assert done.gaps == 1


def test_a_time_within_a_gap_brings_nothing_from_before_it(tmp_path: Path):
    end_ns = record(tmp_path)
    again_ns = end_ns + 60 * SECOND_NS
    record(tmp_path, begin_ns=again_ns)
    package, _ = made(tmp_path, from_ns=end_ns + 20 * SECOND_NS, to_ns=again_ns + 2 * SECOND_NS)
    (piece,) = read((package / "manifest.json").read_bytes()).pieces
    assert piece.first_picture.ns == again_ns


def test_several_cameras_lie_side_by_side_and_one_without_pictures_is_told(tmp_path: Path):
    record(tmp_path, "CAM-1")
    record(tmp_path, "CAM/../2", "plaza_bag")
    cameras = tuple(camera(one) for one in ("CAM-1", "CAM/../2", "CAM-3"))
    package, done = made(tmp_path, cameras=cameras)
    manifest = read((package / "manifest.json").read_bytes())
    assert {one.camera_id for one in manifest.pieces} == {"CAM-1", "CAM/../2"}
    assert done.without_pictures == ("CAM-3",)
    assert manifest.cameras[2].gaps[0].why == "not_recorded"
    assert all(".." not in one.name for one in manifest.files)


@pytest.mark.parametrize("codec", ["hevc", "mjpeg"])
def test_other_codecs_keep_their_packets_too(tmp_path: Path, codec: str):
    clip = tmp_path / ("clip.mkv" if codec == "mjpeg" else "clip.mp4")
    with av.open(str(clip), "w") as out:
        name = "libx265" if codec == "hevc" else codec
        options = {"x265-params": "log-level=none"} if codec == "hevc" else {}
        stream = out.add_stream(name, rate=10, options=options)
        stream.width, stream.height = 160, 120
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        for number in range(30):
            picture = np.full((120, 160, 3), number * 8, np.uint8)
            picture[10:40, number * 3 : number * 3 + 30] = 255
            out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        out.mux(stream.encode(None))
    from console.footage.writer import write_clip

    write_clip(tmp_path / FOLDER, "CAM-1", clip, BEGIN_NS)
    package, _ = made(tmp_path, from_ns=BEGIN_NS, to_ns=BEGIN_NS + 3 * SECOND_NS)
    (piece,) = read((package / "manifest.json").read_bytes()).pieces
    assert packets_of(package / piece.file) == packets_of(clip)
    with av.open(str(package / piece.file)) as opened:
        assert len(list(opened.decode(video=0))) == 30


def annex_b(data: bytes) -> bytes:
    return b"".join(b"\x00\x00\x00\x01" + unit for unit in nal_units(data, 4))


def test_a_stream_with_start_codes_keeps_its_pictures_in_mp4(tmp_path: Path):
    """As cameras send H.264 over RTSP; MP4 wants lengths in place of start codes, and nothing else."""
    record(tmp_path)
    stored = list(FootageStore(tmp_path / FOLDER).packets("CAM-1", BEGIN_NS, BEGIN_NS + 3 * SECOND_NS))
    extra = stored[0].stream.extradata
    sps = extra[8 : 8 + int.from_bytes(extra[6:8], "big")]
    at = 8 + len(sps) + 1
    pps = extra[at + 2 : at + 2 + int.from_bytes(extra[at : at + 2], "big")]
    for header in (b"\x00\x00\x00\x01" + sps + b"\x00\x00\x00\x01" + pps, b""):
        stream = stored[0].stream._replace(extradata=header)
        sent: list[StoredPacket] = []
        for one in stored:
            data = annex_b(one.data)
            if one.is_key:
                data = b"\x00\x00\x00\x01" + sps + b"\x00\x00\x00\x01" + pps + data
            sent.append(one._replace(data=data, stream=stream))
        clip = ClipFile(tmp_path / f"annex{len(header)}.mp4", stream)
        for one in sent:
            clip.add(one)
        clip.close()
        units = [list(nal_units(one, 4)) for one in packets_of(clip.path)]
        assert units == [list(nal_units(one.data, 0)) for one in sent]
        with av.open(str(clip.path)) as opened:
            assert len(list(opened.decode(video=0))) == len(sent)


def test_time_stamps_that_restart_or_are_missing_are_placed_by_when_pictures_came(tmp_path: Path):
    record(tmp_path)
    stored = list(FootageStore(tmp_path / FOLDER).packets("CAM-1", BEGIN_NS, BEGIN_NS + 4 * SECOND_NS))
    half = len(stored) // 2
    base = stored[half].pts or 0
    broken = [
        *stored[:half],
        *(one._replace(pts=(one.pts or 0) - base, dts=(one.dts or 0) - base) for one in stored[half:-5]),
        *(one._replace(pts=None, dts=None) for one in stored[-5:]),
    ]  # fmt: skip
    clip = ClipFile(tmp_path / "broken.mp4", stored[0].stream)
    for one in broken:
        clip.add(one)
    figures = clip.close()
    assert figures.times_repaired == 6
    with av.open(str(clip.path)) as opened:
        times = [one.time for one in opened.decode(video=0)]
    assert len(times) == len(stored)
    assert max(abs(now - at / 15) for at, now in enumerate(times)) < 0.1


def test_a_still_is_the_picture_of_that_moment_with_the_packets_it_came_from(tmp_path: Path):
    record(tmp_path)
    at_ns = BEGIN_NS + 3 * SECOND_NS + 10_000_000
    package, _ = made(tmp_path, form="snapshot", from_ns=at_ns, to_ns=at_ns)
    still, group = read((package / "manifest.json").read_bytes()).pieces
    stored = list(FootageStore(tmp_path / FOLDER).packets("CAM-1", at_ns, at_ns))
    shown = [one for one in decoded(stored) if one.wall_ns <= at_ns][-1]
    import cv2

    assert still.file.endswith(".png") and still.derived and still.first_picture.ns == shown.wall_ns
    assert np.array_equal(cv2.imread(str(package / still.file)), shown.pixels)
    assert packets_of(package / group.file) == [one.data for one in stored] and not group.derived


def test_a_masked_copy_says_that_it_is_derived_and_its_zone_holds_nothing_of_the_picture(tmp_path: Path):
    record(tmp_path)
    zone = MaskZone(name="window", points=((0.5, 0.5), (0.9, 0.5), (0.9, 0.9), (0.5, 0.9)))
    package, _ = made(tmp_path, cameras=(camera(zones=(zone,)),), copies=("masked",), legal_basis="")
    (piece,) = read((package / "manifest.json").read_bytes()).pieces
    assert piece.derived and piece.copy == "masked" and "MASKED" in piece.file
    assert piece.hidden is not None and piece.hidden.zones == (zone,)
    assert piece.first_picture.ns >= BEGIN_NS + SECOND_NS, "nothing outside the time asked for"
    with av.open(str(package / piece.file)) as clip:
        pictures = [one.to_ndarray(format="bgr24") for one in clip.decode(video=0)]
    assert len(pictures) == piece.figures.pictures
    for one in pictures:
        inside = one[190:315, 330:565].astype(int)
        assert abs(inside - 72).max() < 20, "the zone is one flat grey"
        assert one[:18].std() > 20, "the words are burnt in"
    assert not (package / "original").exists()


@pytest.mark.parametrize(
    ("problem", "code"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "disk_full"),
        (PermissionError(errno.EACCES, "denied"), "not_writable"),
        (RuntimeError("surprise"), "other"),
    ],
)
def test_what_fails_half_way_leaves_nothing_and_is_told(tmp_path: Path, monkeypatch, problem, code):
    record(tmp_path)

    class Failing(ClipFile):
        def add(self, packet: StoredPacket) -> None:
            super().add(packet)
            if packet.wall_ns > BEGIN_NS + 4 * SECOND_NS:
                raise problem

    monkeypatch.setattr(exporting, "ClipFile", Failing)
    with pytest.raises(ExportFailed) as failed:
        made(tmp_path)
    assert failed.value.code == code
    assert left_in(tmp_path / "exports") == []


def test_without_footage_nothing_is_made(tmp_path: Path):
    with pytest.raises(ExportFailed) as failed:
        made(tmp_path)
    assert failed.value.code == "no_footage" and left_in(tmp_path / "exports") == []


def test_footage_removed_while_it_is_exported_is_told(tmp_path: Path, monkeypatch):
    record(tmp_path)
    looked = FootageStore.spans

    def spans(self, *words):
        found = looked(self, *words)
        shutil.rmtree(tmp_path / FOLDER)
        (tmp_path / FOLDER).mkdir()
        return found

    monkeypatch.setattr(FootageStore, "spans", spans)
    with pytest.raises(ExportFailed) as failed:
        made(tmp_path)
    assert failed.value.code == "removed" and left_in(tmp_path / "exports") == []


def test_damaged_footage_is_used_as_far_as_it_is_whole_and_told(tmp_path: Path):
    record(tmp_path)
    (segment,) = (tmp_path / FOLDER).rglob("*.packets")
    data = bytearray(segment.read_bytes())
    data[len(data) // 3] ^= 1
    segment.write_bytes(data)
    package, done = made(tmp_path, from_ns=BEGIN_NS, to_ns=BEGIN_NS + 8 * SECOND_NS)
    manifest = read((package / "manifest.json").read_bytes())
    assert done.damaged == ("CAM-1",) and "damaged at byte" in manifest.cameras[0].problems[0]
    assert verify(package).is_good


def test_footage_with_flipped_bits_is_exported_as_far_as_it_goes_or_refused_in_words(tmp_path: Path):
    record(tmp_path)
    (segment,) = (tmp_path / FOLDER).rglob("*.packets")
    index = segment.with_suffix(".keys")
    whole = {path: path.read_bytes() for path in (segment, index)}
    chance = random.Random(11)
    for trial in range(60):
        for path, data in whole.items():
            flipped = bytearray(data)
            for _ in range(chance.choice((1, 1, 5, 40))):
                flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
            path.write_bytes(flipped)
        copies = ("original", "masked") if trial % 10 == 0 else ("original",)
        try:
            package, _ = made(tmp_path, name=f"t{trial}", copies=copies)
        except ExportFailed as failed:
            assert failed.code in ("unreadable", "no_footage", "removed", "cannot_mask"), failed  # noqa: PT017
            assert not (tmp_path / "exports" / f"t{trial}").exists()
        else:
            assert verify(package).is_good


def test_a_name_that_is_taken_is_never_replaced(tmp_path: Path):
    record(tmp_path)
    for wrapping, name in (("folder", "e1"), ("zip", "e1.zip")):
        kept = tmp_path / "exports" / name
        kept.parent.mkdir(exist_ok=True)
        kept.write_text("mine")
        with pytest.raises(ExportFailed) as failed:
            made(tmp_path, wrapping=wrapping)
        assert failed.value.code == "exists" and kept.read_text() == "mine"
        assert left_in(tmp_path / "exports") == [name]
        kept.unlink()


@pytest.mark.parametrize("wrapping", ["folder", "zip"])
def test_a_stick_without_links_and_modes_takes_an_export_too(tmp_path: Path, monkeypatch, wrapping: str):
    record(tmp_path)
    keys.ensure_signing_key(tmp_path)

    def refused(*words: object, **named: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    place = tmp_path / "stick"
    place.mkdir()
    monkeypatch.setattr(exporting, "ensure_signing_key", lambda home: key)
    key = keys.load_signing_key(keys.key_folder(tmp_path) / keys.SIGNING_FILE)
    monkeypatch.setattr("os.link", refused)
    monkeypatch.setattr(Path, "chmod", refused)
    package, _ = made(tmp_path, wrapping=wrapping, place=str(place))
    assert verify(package).is_good and left_in(place) == [package.name]


def test_a_key_others_can_read_signs_nothing(tmp_path: Path):
    record(tmp_path)
    keys.ensure_signing_key(tmp_path)
    path = keys.key_folder(tmp_path) / keys.SIGNING_FILE
    assert path.stat().st_mode & 0o077 == 0
    path.chmod(0o640)
    with pytest.raises(ExportFailed) as failed:
        made(tmp_path)
    assert failed.value.code == "key_open" and left_in(tmp_path / "exports") == []
    path.chmod(0o600)
    path.write_text("no key")
    with pytest.raises(ExportFailed) as failed:
        made(tmp_path)
    assert failed.value.code == "key_damaged"


def test_what_a_person_typed_is_never_taken_for_a_field_of_the_readme(tmp_path: Path):
    record(tmp_path)
    package, _ = made(tmp_path, reason="see {fingerprint} {0} {", legal_basis="{made}")
    text = (package / "README.txt").read_text("utf-8")
    assert "see {fingerprint} {0} {" in text and "Legal basis: {made}" in text


def test_parts_begin_at_key_pictures(tmp_path: Path):
    record(tmp_path)
    store = FootageStore(tmp_path / FOLDER)
    found = list(parts(store, "CAM-1", BEGIN_NS + SECOND_NS, BEGIN_NS + 5 * SECOND_NS))
    assert [begins for begins, _ in found].count(True) == 1 and found[0][0] and found[0][1].is_key
    assert picture_at([one for _, one in found], BEGIN_NS + 3 * SECOND_NS) is not None
    assert job(tmp_path).name == "e1" and FEEDS.is_dir()
