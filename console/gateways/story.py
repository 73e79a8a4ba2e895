"""A scenario: what happens in the demo city and when, as data with a paragraph of prose for each chapter."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec

from console.gateways.behaviour import FailureMode
from console.model.base import Record, Words
from console.model.device import Condition
from console.paths import shipped


class StorySignal(Record, frozen=True, kw_only=True):
    """A source reports something `after_s` into the chapter."""

    device: str
    type: str
    after_s: float = 0.0
    confidence: float = 1.0
    detail: Words


class StoryCondition(Record, frozen=True, kw_only=True):
    """A device changes its condition `after_s` into the chapter."""

    device: str
    condition: Condition
    after_s: float = 0.0
    why: Words


class StoryRamp(Record, frozen=True, kw_only=True):
    """A point goes from where it is to `value` over `over_s`, stays `hold_s`, and returns over `back_s`.

    `after_s` may lie far before the story's start: what was already so when the demo began.
    """

    point: str
    value: float
    after_s: float = 0.0
    over_s: float = 10.0
    hold_s: float = 60.0
    back_s: float = 30.0


class StoryFeed(Record, frozen=True, kw_only=True):
    """A camera shows a clip, so placed that the clip's event is seen when the chapter begins.

    `hold_s` sticks the picture from `after_s` on for so long: what a frozen camera looks like.
    """

    camera: str
    clip: str
    event: str = ""
    after_s: float = 0.0
    hold_s: float = 0.0


class StoryFailure(Record, frozen=True, kw_only=True):
    """A device fails in a named way at one of its controls, or at all of them, from `after_s` on, for `for_s`
    (0: for good)."""

    device: str
    mode: FailureMode
    control: str = ""
    after_s: float = 0.0
    for_s: float = 0.0


class StoryAct(Record, frozen=True, kw_only=True):
    """What the demo's own operator does about the chapter's incident, unless a person was faster."""

    do: Literal[
        "acknowledge", "claim", "verify", "hold", "hand_off", "update", "cancel", "note", "resolve", "close",
        "control",
    ]
    after_s: float
    control: str = ""
    value: str = ""
    devices: tuple[str, ...] = ()
    within_m: float = 0.0
    """Besides `devices`, all that have the control and stand so near the incident."""
    agency: str = ""
    agencies: tuple[str, ...] = ()
    """Several at once: a joint response."""
    text: Words | None = None
    outcome: Literal["real", "false", "test"] = "real"
    for_s: float = 60.0
    """How long a hold lasts."""

    @property
    def partners(self) -> tuple[str, ...]:
        """Whom a hand-off, an update or a cancel request goes to."""
        return self.agencies or ((self.agency,) if self.agency else ())


class StoryStep(Record, frozen=True, kw_only=True):
    """What the demo's own operator says to a step of the chapter's procedure, `after_s` after it opened.

    `answer` where the step asks; `comment` where it wants one. `skip`: it is left out, and why.
    """

    step: str
    answer: str = ""
    after_s: float = 5.0
    comment: Words | None = None
    skip: Words | None = None


class Chapter(Record, frozen=True, kw_only=True):
    """One thing that happens. `device` and `incident` (its type) tell the demo's operator which it is."""

    id: str
    at_s: float
    title: Words
    prose: Words
    device: str
    incident: str
    every_s: float = 0.0
    """It comes again after so long (0: with its story); a story beside another keeps its own length so."""
    signals: tuple[StorySignal, ...] = ()
    conditions: tuple[StoryCondition, ...] = ()
    ramps: tuple[StoryRamp, ...] = ()
    failures: tuple[StoryFailure, ...] = ()
    feeds: tuple[StoryFeed, ...] = ()
    acts: tuple[StoryAct, ...] = ()
    steps: tuple[StoryStep, ...] = ()


class StoryWarning(Record, frozen=True, kw_only=True):
    """An official warning of the story; it comes as a CAP file, by the gateway of warnings. `of`: the earlier
    one that an Update or Cancel speaks of. `polygons`: corners as [lat, lon], closed by themselves."""

    id: str
    at_s: float
    kind: Literal["Alert", "Update", "Cancel"] = "Alert"
    of: str = ""
    note: str = ""
    for_s: float = 3600.0
    event: Words = Words(en="", ko="")
    description: Words = Words(en="", ko="")
    instruction: Words = Words(en="", ko="")
    sender_name: Words = Words(en="", ko="")
    area: Words = Words(en="", ko="")
    urgency: str = "Expected"
    severity: str = "Moderate"
    certainty: str = "Likely"
    polygons: tuple[tuple[tuple[float, float], ...], ...] = ()


class Story(Record, frozen=True, kw_only=True):
    """A whole scenario; after `duration_s` it begins again."""

    id: str
    city: str
    name: Words
    duration_s: float
    chapters: tuple[Chapter, ...]
    warnings: tuple[StoryWarning, ...] = ()
    also: tuple[str, ...] = ()
    """Stories of the same city that go on beside it, each at its own length."""


class StoryError(Exception):
    """A scenario file is wrong; the text names the file, the chapter and the key."""


def load_story(name: str | Path) -> Story:
    """Read seeds/scenarios/NAME.toml, or a file, with the stories that go on beside it. Raises StoryError."""
    path = Path(name)
    if path.suffix != ".toml":
        path = shipped("seeds") / "scenarios" / f"{name}.toml"
    story = _read(path)
    chapters = list(story.chapters)
    for other in story.also:
        beside = _read(path.with_name(f"{other}.toml"))
        if beside.city != story.city or beside.also:
            raise StoryError(f"{path.name}: also: {other!r} is no plain story of {story.city!r}")
        chapters += [
            msgspec.structs.replace(one, every_s=one.every_s or beside.duration_s) for one in beside.chapters
        ]
    return msgspec.structs.replace(story, chapters=tuple(chapters))


def _read(path: Path) -> Story:
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Story)
    except OSError as error:
        raise StoryError(f"{path.name}: cannot be read ({error.strerror})") from None
    except msgspec.DecodeError as error:
        raise StoryError(f"{path.name}: {error}") from None


def check_story(
    story: Story, devices: Mapping[str, Any], points: Mapping[str, Any], controls: Mapping[str, Any]
) -> None:
    """Raise StoryError for a device, point or control the profile has not, or a time outside the story."""
    for chapter in story.chapters:
        where = f"{story.id}: chapter {chapter.id!r}"
        length_s = chapter.every_s or story.duration_s
        if not 0 <= chapter.at_s < length_s:
            raise StoryError(f"{where}: at_s: expected 0 to {length_s:g}, found {chapter.at_s:g}")
        named = [chapter.device]
        named += [one.device for one in chapter.signals] + [one.device for one in chapter.conditions]
        named += [one.camera for one in chapter.feeds]
        named += [one.device for one in chapter.failures]
        named += [device for act in chapter.acts for device in act.devices]
        for device in named:
            if device not in devices:
                raise StoryError(f"{where}: device {device!r} is not in the city {story.city!r}")
        named = [one.control for one in chapter.failures if one.control]
        named += [act.control for act in chapter.acts if act.do == "control"]
        for control in named:
            if control not in controls:
                raise StoryError(f"{where}: control {control!r} is not in the city {story.city!r}")
        for ramp in chapter.ramps:
            if ramp.point not in points:
                raise StoryError(f"{where}: point {ramp.point!r} is not in the city {story.city!r}")
            if min(ramp.over_s, ramp.hold_s, ramp.back_s) < 0:
                raise StoryError(f"{where}: ramp of {ramp.point}: times must not be negative")
