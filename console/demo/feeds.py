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
from console.video.source import (
    CLIP_ENDINGS,
    Credential,
    Source,
    clips_of,
    split_credentials,
)


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
    """What a person asked for instead of the shipped clips. Each is a URL, a video file or a folder of them.

    `cameras`: one each on the first panes of the wall; a folder is one camera, its clips one endless line.
    `clips`: for all cameras of the city; of a folder each camera shows one clip.
    """

    cameras: tuple[str, ...] = ()
    clips: str = ""


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
    given = _Given()
    everywhere = given.clips(plan.clips)
    sources: dict[str, Source] = {}
    for camera_id, camera in profile.cameras.items():
        number = zlib.crc32(camera_id.encode())
        if everywhere:
            chosen = everywhere[number % len(everywhere)]
            offset_s = float(number % 600) if chosen.kind == "file" else 0.0
            sources[camera_id] = msgspec.structs.replace(chosen, epoch_ns=epoch_ns, offset_s=offset_s)
            continue
        fitting = scenes.get(camera.scene) or scenes["other"]
        feed = feeds[fitting[number % len(fitting)]]
        sources[camera_id] = Source(
            kind="file", locator=str(folder / feed.file), epoch_ns=epoch_ns,
            offset_s=(number // 16 % 1000) / 1000 * feed.duration_s,
        )
    if not everywhere:
        for chapter in story.chapters:
            for shown in chapter.feeds:
                sources[shown.camera] = _story_source(
                    feeds, folder, chapter.id, chapter.at_s, shown, epoch_ns
                )
    for place, told in enumerate(plan.cameras):
        chosen = given.source(told, f"--camera {place + 1}")
        sources[wall[place % len(wall)]] = msgspec.structs.replace(chosen, epoch_ns=epoch_ns)
    book = SourceBook(sources, given.credentials, given.roots)
    for place, _ in enumerate(plan.cameras):
        problem = book.refused.get(wall[place % len(wall)])
        if problem:
            raise FeedError(f"--camera {place + 1}: {problem}")
    if everywhere and book.refused and not book.camera_ids:
        raise FeedError(f"--clips: {next(iter(book.refused.values()))}")
    return book


class _Given:
    """What a person named on the command line, with the passwords and folders that belong to it."""

    def __init__(self) -> None:
        self.credentials: dict[str, Credential] = {}
        self.roots: list[Path] = []

    def source(self, told: str, option: str) -> Source:
        """A URL, a file or a folder as one source. Raises FeedError, SourceError."""
        if "://" in told:
            locator, credential = split_credentials(told)
            name = f"given-{len(self.credentials) + 1}" if credential is not None else ""
            if credential is not None:
                self.credentials[name] = credential
            return Source(
                kind="rtsp" if locator.startswith("rtsp") else "http", locator=locator, credential=name
            )
        path = Path(told).resolve()
        if path.is_dir():
            self.roots.append(path)
            if not _clips_in(path, option):
                raise FeedError(f"{option} {told}: no clip in it (looked for {', '.join(CLIP_ENDINGS)}).")
        elif path.is_file():
            self.roots.append(path.parent)
        else:
            raise FeedError(f"{option} {told}: there is no such file or folder, and it is no URL.")
        return Source(kind="file", locator=str(path))

    def clips(self, told: str) -> list[Source]:
        """One source for each clip of a folder; one for a file or URL; none for nothing."""
        if not told:
            return []
        one = self.source(told, "--clips")
        if one.kind != "file" or not Path(one.locator).is_dir():
            return [one]
        found = _clips_in(Path(one.locator), "--clips")
        return [Source(kind="file", locator=str(path)) for path in found]


def _clips_in(folder: Path, option: str) -> list[Path]:
    try:
        return clips_of(folder)
    except OSError as error:
        raise FeedError(f"{option} {folder}: cannot be read ({error.strerror}).") from None


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

