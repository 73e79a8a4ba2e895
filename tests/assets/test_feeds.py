"""The recorded feeds: every clip is what its index line and its truth file say it is."""

import hashlib
import json
import tomllib
from pathlib import Path

import av
import numpy as np
import pytest

FEEDS = Path(__file__).resolve().parents[2] / "assets" / "feeds"
INDEX = tomllib.loads((FEEDS / "index.toml").read_text(encoding="utf-8"))
CLIPS = {clip["stem"]: clip for clip in INDEX["clip"]}
LARGEST_TOTAL_BYTES = 30_000_000
NEEDED = {
    "park_path_fall",
    "underpass_flood",
    "market_smoke",
    "plaza_bag",
    "street_bell",
    "wrongway_car",
    "school_gate",
    "car_park",
    "stadium_plaza",
    "river_bank",
    "market_lane_ir",
    "wander_elder",
}
SCENE_KINDS = {
    "park",
    "underpass",
    "market",
    "plaza",
    "street",
    "school",
    "carpark",
    "stadium",
    "river",
    "residential",
    "junction",
}

every_clip = pytest.mark.parametrize("stem", sorted(CLIPS))


def truth_of(stem: str) -> dict:
    return json.loads((FEEDS / CLIPS[stem]["truth"]).read_text(encoding="utf-8"))


def grey_frames(stem: str) -> list[np.ndarray]:
    with av.open(str(FEEDS / CLIPS[stem]["file"])) as container:
        return [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]


def test_there_are_at_least_twelve_clips_and_the_ones_others_rely_on() -> None:
    assert len(CLIPS) >= 12
    assert set(CLIPS) >= NEEDED


def test_day_dusk_infrared_and_rain_are_all_there() -> None:
    assert {clip["light"] for clip in CLIPS.values()} >= {"day", "dusk", "infrared"}
    assert "rain" in {clip["weather"] for clip in CLIPS.values()}


def test_all_clips_together_stay_small() -> None:
    assert sum((FEEDS / clip["file"]).stat().st_size for clip in CLIPS.values()) <= LARGEST_TOTAL_BYTES


def test_every_video_file_in_the_folder_is_in_the_index() -> None:
    assert {path.name for path in FEEDS.glob("*.mp4")} == {clip["file"] for clip in CLIPS.values()}


def test_the_scene_table_names_every_clip_once_under_its_own_scene() -> None:
    named = [(scene, stem) for scene, stems in INDEX["scenes"].items() for stem in stems]
    assert sorted(stem for _, stem in named) == sorted(CLIPS)
    assert all(CLIPS[stem]["scene"] == scene for scene, stem in named)
    assert {scene for scene, _ in named} <= SCENE_KINDS


@every_clip
def test_a_clip_has_the_bytes_the_index_says(stem: str) -> None:
    data = (FEEDS / CLIPS[stem]["file"]).read_bytes()
    assert len(data) == CLIPS[stem]["bytes"]
    assert hashlib.sha256(data).hexdigest() == CLIPS[stem]["sha256"]


@every_clip
def test_a_clip_opens_as_plain_h264_with_the_size_and_rate_said(stem: str) -> None:
    said = CLIPS[stem]
    with av.open(str(FEEDS / said["file"])) as container:
        assert len(container.streams) == 1
        stream = container.streams.video[0]
        assert stream.codec_context.name == "h264"
        assert stream.codec_context.pix_fmt == "yuv420p"
        assert (stream.width, stream.height) == (said["width"], said["height"]) == (640, 360)
        assert stream.average_rate == said["fps"]
        packets = [packet for packet in container.demux(stream) if packet.size]
    times = [packet.pts for packet in packets]
    assert times == sorted(times), "frames are stored in showing order (no B-frames)"
    keys = [number for number, packet in enumerate(packets) if packet.is_keyframe]
    assert keys[0] == 0
    assert max(np.diff([*keys, len(packets)])) <= 2 * said["fps"], "a picture can start every two seconds"


#: Cut from another clip for cameras to which nothing shall happen.
QUIET = {"junction"}


@every_clip
def test_a_clip_has_all_its_frames_and_lasts_long_enough(stem: str) -> None:
    said = CLIPS[stem]
    assert len(grey_frames(stem)) == said["frames"]
    assert said["duration_s"] == pytest.approx(said["frames"] / said["fps"])
    assert (8 if stem in QUIET else 20) <= said["duration_s"] <= 24


@every_clip
def test_the_picture_moves_from_every_frame_to_the_next(stem: str) -> None:
    frames = grey_frames(stem)
    # Smoothed to 40x22 blocks, so that grain alone does not count as movement in the second check.
    blocks = [frame[:352].reshape(22, 16, 40, 16).mean(axis=(1, 3)) for frame in frames]
    same = [n for n in range(1, len(frames)) if np.array_equal(frames[n], frames[n - 1])]
    assert same == []
    moved = [float(np.abs(blocks[n] - blocks[n - 5]).max()) for n in range(5, len(blocks))]
    assert min(moved) > 1.0, "over a third of a second something in the picture changes"


@every_clip
def test_the_truth_file_describes_the_same_clip_as_the_index(stem: str) -> None:
    said, truth = CLIPS[stem], truth_of(stem)
    assert truth["clip"] == said["file"]
    for name in ("width", "height", "fps", "frames", "scene", "light", "weather"):
        assert truth[name] == said[name], name
    assert truth["licence"] == INDEX["licence"] == "Apache-2.0"
    shared = ("type", "start_s", "end_s", "note")
    assert [{name: event[name] for name in shared} for event in truth["events"]] == said["events"]


@every_clip
def test_truth_boxes_lie_inside_the_picture_and_follow_each_object_closely(stem: str) -> None:
    truth = truth_of(stem)
    assert truth["objects"]
    for thing in truth["objects"]:
        numbers = [box[0] for box in thing["boxes"]]
        assert numbers == sorted(set(numbers))
        assert numbers[0] >= 0
        assert numbers[-1] < truth["frames"]
        for _, x, y, w, h in thing["boxes"]:
            assert x >= 0
            assert y >= 0
            assert w > 0
            assert h > 0
            assert x + w <= truth["width"]
            assert y + h <= truth["height"]
    sampled = sorted({box[0] for thing in truth["objects"] for box in thing["boxes"]})
    assert max(np.diff(sampled)) <= 5


@every_clip
def test_events_lie_within_the_clip_and_name_objects_that_are_seen_meanwhile(stem: str) -> None:
    truth = truth_of(stem)
    duration_s = truth["frames"] / truth["fps"]
    boxes = {thing["id"]: thing["boxes"] for thing in truth["objects"]}
    assert bool(truth["events"]) is (stem not in QUIET), "every clip but a quiet cut has something planted"
    for event in truth["events"]:
        assert 0 <= event["start_s"] < event["end_s"] <= duration_s
        assert event["note"]
        assert set(event["object_ids"]) <= set(boxes)
        for number in event["object_ids"]:
            seen_s = [box[0] / truth["fps"] for box in boxes[number]]
            assert any(event["start_s"] - 0.5 <= at <= event["end_s"] + 0.5 for at in seen_s), (
                event["type"],
                number,
            )


def test_the_bag_stays_where_it_was_left() -> None:
    truth = truth_of("plaza_bag")
    left = next(event for event in truth["events"] if event["type"] == "abandoned_object")
    boxes = next(thing["boxes"] for thing in truth["objects"] if thing["id"] == left["object_ids"][0])
    later = np.array([box[1:3] for box in boxes if box[0] / truth["fps"] >= left["start_s"]])
    assert np.median(np.abs(later - np.median(later, axis=0))) < 2.0


def test_the_covered_lens_is_dark_while_it_is_covered_and_clear_again_after() -> None:
    if "lens_covered" not in CLIPS:
        pytest.skip("this set of clips has no covered lens")
    event = truth_of("lens_covered")["events"][0]
    frames, fps = grey_frames("lens_covered"), CLIPS["lens_covered"]["fps"]
    middle = frames[int((event["start_s"] + event["end_s"]) / 2 * fps)]
    before, after = frames[int((event["start_s"] - 1) * fps)], frames[int((event["end_s"] + 1) * fps)]
    assert middle.mean() < 0.5 * before.mean()
    assert after.mean() == pytest.approx(before.mean(), rel=0.15)


def test_the_infrared_clip_has_no_colour() -> None:
    with av.open(str(FEEDS / CLIPS["market_lane_ir"]["file"])) as container:
        picture = next(container.decode(video=0)).to_ndarray(format="rgb24").astype(int)
    assert np.abs(picture[..., 0] - picture[..., 2]).mean() < 3
