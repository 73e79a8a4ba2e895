"""The demo's weather service: it puts the story's warnings, as CAP, into the folder the gateway watches."""

from __future__ import annotations

from pathlib import Path

from console.clock import SECOND_NS, Clock
from console.gateways.story import Story, StoryWarning
from console.handoff.cap import CapAlert, CapArea, CapInfo, build, write_time
from console.paths import private_folder, write_private

SENDER = "demo@weather.example"
FOLDER = "warnings"
"""In the data folder of the demo."""


class DemoWarner:
    """`step` often; writes each warning when it is due, in every round of the story under a new number."""

    def __init__(self, story: Story, folder: Path, clock: Clock, speed: float) -> None:
        self._story, self._folder, self._clock, self._speed = story, private_folder(folder), clock, speed
        self._began_ns = clock.mono_ns()
        self._sent: dict[str, str] = {}
        """What a later warning refers to, by the story's id of it."""
        self._done: set[tuple[int, str]] = set()

    def step(self) -> None:
        """Write what is due."""
        at_s = (self._clock.mono_ns() - self._began_ns) / SECOND_NS * self._speed
        number, at_s = int(at_s // self._story.duration_s), at_s % self._story.duration_s
        for one in self._story.warnings:
            if one.at_s <= at_s and (number, one.id) not in self._done:
                self._done.add((number, one.id))
                self._write(one, number)

    def _write(self, told: StoryWarning, number: int) -> None:
        now_ns = self._clock.now_ns()
        identifier = f"{self._story.id}-{self._began_ns // SECOND_NS}-{number}-{told.id}"
        sent = write_time(now_ns)
        alert = CapAlert(
            identifier=identifier, sender=SENDER, sent=sent, status="Actual", msg_type=told.kind,
            scope="Public", references=self._sent.get(told.of, ""), note=told.note,
            info=() if told.kind == "Cancel" else tuple(_info(told, now_ns, each) for each in ("ko", "en")),
        )  # fmt: skip
        self._sent[told.id] = f"{SENDER},{identifier},{sent}"
        write_private(self._folder / f"{identifier}.cap", build(alert))


def _info(told: StoryWarning, now_ns: int, language: str) -> CapInfo:
    def say(name: str) -> str:
        return str(getattr(told, name).in_language(language))

    return CapInfo(
        language="ko-KR" if language == "ko" else "en-GB", category=("Met",), event=say("event"),
        response_type=("Prepare",), urgency=told.urgency, severity=told.severity, certainty=told.certainty,
        effective=write_time(now_ns), expires=write_time(now_ns + int(told.for_s * SECOND_NS)),
        sender_name=say("sender_name"), headline=say("event"), description=say("description"),
        instruction=say("instruction"),
        area=(CapArea(area_desc=say("area"), polygon=tuple(
            " ".join(f"{lat:.4f},{lon:.4f}" for lat, lon in (*one, one[0])) for one in told.polygons
        )),),
    )  # fmt: skip
