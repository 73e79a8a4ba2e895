"""Which recorded clip each camera of the demo city shows, and from where in it."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from pathlib import Path

import msgspec

from console.gateways.story import Story, StoryError, StoryFeed
from console.model.base import Record
from console.paths import shipped
from console.profile import Profile
from console.video.book import SourceBook
from console.video.source import Credential, Source, split_credentials

CLIP_ENDINGS = (".mp4", ".mkv", ".avi", ".mov", ".webm", ".ts")


class FeedEvent(msgspec.Struct, frozen=True):
    """Something planted in a clip (further keys of the file are not needed here)."""

    type: str
    start_s: float


class Feed(msgspec.Struct, frozen=True):
    """One row of assets/feeds/index.toml, as far as the demo needs it."""

    stem: str
    file: str
    scene: str
    light: str
    duration_s: float
    events: tuple[FeedEvent, ...] = ()


class _Index(msgspec.Struct, frozen=True):
    clip: tuple[Feed, ...]


class _Scenes(msgspec.Struct, frozen=True):
    scenes: dict[str, tuple[str, ...]]


class FeedPlan(Record, frozen=True, kw_only=True):
    """What a person asked for instead of the shipped clips: real cameras, or a folder of clips."""

    cameras: tuple[str, ...] = ()
    clips: Path | None = None


class FeedError(Exception):
    """The clips cannot be used; the text names the file and what to do."""


def load_feeds() -> tuple[dict[str, Feed], dict[str, tuple[str, ...]]]:
    """The shipped clips by stem, and the stems that fit each kind of scene. Raises FeedError."""
    path = shipped("assets") / "feeds" / "index.toml"
    try:
        feeds = {clip.stem: clip for clip in msgspec.toml.decode(path.read_bytes(), type=_Index).clip}
        path = shipped("seeds") / "scenarios" / "scenes.toml"
        scenes = msgspec.toml.decode(path.read_bytes(), type=_Scenes).scenes
    except (OSError, msgspec.DecodeError) as error:
        raise FeedError(f"{path.name}: {error}. The recorded feeds are part of the program.") from None
    for scene, stems in scenes.items():
        missing = [stem for stem in stems if stem not in feeds]
        if missing:
            raise FeedError(f"{path.name}: {scene}: clip {missing[0]!r} is not in the feeds' index.toml")
    return feeds, scenes


def plan_sources(
    profile: Profile, story: Story, epoch_ns: int, wall: Sequence[str], plan: FeedPlan
) -> SourceBook:
    """A source for every camera of the city. Pure but for reading the index and the folder of clips.

    Every camera gets a clip of its kind of scene from a place of its own in it; the story's cameras show the
    story's clips so that the event is seen when the chapter begins; what a person gave comes first of all, on
    the first panes of the wall. Raises FeedError, StoryError.
    """
    feeds, scenes = load_feeds()
    folder = shipped("assets") / "feeds"
    given = _given_clips(plan.clips)
    sources: dict[str, Source] = {}
    for camera_id, camera in profile.cameras.items():
        number = zlib.crc32(camera_id.encode())
        if given:
            chosen = given[number % len(given)]
            sources[camera_id] = Source(
                kind="file", locator=str(chosen), epoch_ns=epoch_ns, offset_s=float(number % 600)
            )
            continue
        fitting = scenes.get(camera.scene) or scenes["other"]
        feed = feeds[fitting[number % len(fitting)]]
        sources[camera_id] = Source(
            kind="file", locator=str(folder / feed.file), epoch_ns=epoch_ns,
            offset_s=(number // 16 % 1000) / 1000 * feed.duration_s,
        )
    if not given:
        for chapter in story.chapters:
            for shown in chapter.feeds:
                sources[shown.camera] = _story_source(
                    feeds, folder, chapter.id, chapter.at_s, shown, epoch_ns
                )
    credentials: dict[str, Credential] = {}
    for place, url in enumerate(plan.cameras):
        locator, credential = split_credentials(url)
        name = f"given-{place + 1}" if credential is not None else ""
        if credential is not None:
            credentials[name] = credential
        kind = "rtsp" if locator.lower().startswith("rtsp") else "http"
        sources[wall[place % len(wall)]] = Source(kind=kind, locator=locator, credential=name)  # type: ignore[arg-type]
    roots = [plan.clips] if plan.clips is not None else []
    book = SourceBook(sources, credentials, roots)
    for place, _ in enumerate(plan.cameras):
        problem = book.refused.get(wall[place % len(wall)])
        if problem:
            raise FeedError(f"--camera {place + 1}: {problem}")
    return book


def _story_source(
    feeds: dict[str, Feed], folder: Path, chapter: str, at_s: float, shown: StoryFeed, epoch_ns: int
) -> Source:
    feed = feeds.get(shown.clip)
    if feed is None:
        raise StoryError(f"chapter {chapter!r}: clip {shown.clip!r} is not among the recorded feeds")
    offset_s = 0.0
    begins_s = at_s + shown.after_s
    if shown.event:
        starts = [event.start_s for event in feed.events if event.type == shown.event]
        if not starts:
            raise StoryError(f"chapter {chapter!r}: clip {shown.clip!r} has no event {shown.event!r}")
        offset_s = (starts[0] - begins_s) % feed.duration_s
    hold = (begins_s, begins_s + shown.hold_s) if shown.hold_s else None
    return Source(
        kind="file", locator=str(folder / feed.file), epoch_ns=epoch_ns, offset_s=offset_s, hold=hold
    )


def _given_clips(folder: Path | None) -> list[Path]:
    if folder is None:
        return []
    try:
        found = sorted(one.resolve() for one in folder.iterdir() if one.suffix.lower() in CLIP_ENDINGS)
    except OSError as error:
        raise FeedError(f"--clips {folder}: cannot be read ({error.strerror}).") from None
    if not found:
        raise FeedError(f"--clips {folder}: no clip in it (looked for {', '.join(CLIP_ENDINGS)}).")
    return found
