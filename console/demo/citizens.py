"""The demo's citizens: they send the story's reports to the real Open311 server and look for the answers."""

from __future__ import annotations

import json
import logging
import threading
import urllib.error
import urllib.request
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from console.clock import SECOND_NS, Clock
from console.desk.port import DeskPort
from console.gateways.open311.apikeys import ApiKeyBook
from console.gateways.story import Story, StoryError
from console.model.base import Record, Words
from console.model.commands import AnswerReport
from console.model.state import CityState
from console.paths import shipped
from console.profile import Profile
from console.profile.reports import AnswerStage

STEP_S = 0.5
TIMEOUT_S = 10.0
LOOK_EVERY_S = 5.0

_log = logging.getLogger("bongsu.demo.citizens")


class ToldAnswer(Record, frozen=True, kw_only=True):
    """What the demo's own operator answers, so long after the report."""

    after_s: float
    stage: AnswerStage
    text: Words


class ToldReport(Record, frozen=True, kw_only=True):
    """What somebody reports, at a device's place."""

    at_s: float
    service: str
    device: str
    text: Words
    attributes: dict[str, str] = msgspec.field(default_factory=dict)
    name: str = ""
    phone: str = ""
    email: str = ""
    answers: tuple[ToldAnswer, ...] = ()


class CitizensFile(Record, frozen=True, kw_only=True):
    reports: tuple[ToldReport, ...]


@dataclass(slots=True)
class _Sent:
    number: str
    told: ToldReport
    sent_ns: int
    answered: int = 0
    seen: bool = False


def load_citizens(story: str, profile: Profile) -> tuple[ToldReport, ...]:
    """The reports of a story's citizens; none where there is no such file. Raises StoryError."""
    path = shipped("seeds") / "scenarios" / "citizens" / f"{story}.toml"
    if not path.exists() or profile.reports is None:
        return ()
    try:
        found = msgspec.toml.decode(path.read_bytes(), type=CitizensFile).reports
    except (OSError, msgspec.DecodeError) as error:
        raise StoryError(f"citizens/{path.name}: {error}") from None
    for number, told in enumerate(found):
        where = f"citizens/{path.name}: reports[{number}]"
        if told.device not in profile.devices:
            raise StoryError(f"{where}: device {told.device!r} is not in the city")
        if told.service not in profile.reports.services:
            raise StoryError(f"{where}: service {told.service!r} is not one of the city's")
    return found


class Citizens:
    """A thread that sends by HTTP when the time of the story has come. `step` is the operator's part, in the
    caller's thread. `start_story` begins the time.
    """

    def __init__(
        self, home: Path, profile: Profile, story: Story, reports: tuple[ToldReport, ...], speed: float,
        clock: Clock,
    ) -> None:  # fmt: skip
        self._home, self._profile, self._clock = home, profile, clock
        self._length_s, self._speed = story.duration_s, speed
        self._due = deque(sorted(reports, key=lambda told: told.at_s))
        self._reports = tuple(self._due)
        self._round = 0
        self._korean = profile.languages[0] == "ko"
        self._key = ApiKeyBook(home).make("Demo citizens", clock.now_ns()) if reports else ""
        self._sent: list[_Sent] = []
        self._ending = threading.Event()
        self._began_ns = 0
        self._thread = threading.Thread(target=self._run, name="citizens", daemon=True)
        self.refused = 0

    @property
    def sent(self) -> int:
        """Reports the server took."""
        return len(self._sent)

    @property
    def answers_seen(self) -> int:
        """Reports whose citizen has read an answer."""
        return sum(1 for one in self._sent if one.seen)

    def start(self) -> None:
        """Begin the story's time."""
        self._began_ns = self._clock.mono_ns()
        if self._reports:
            self._thread.start()

    def close(self) -> None:
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join(timeout=TIMEOUT_S + 1)

    def step(self, state: CityState, port: DeskPort) -> None:
        """Answer what is due, unless a person was faster."""
        now = self._clock.mono_ns()
        for one in tuple(self._sent):
            report = state.reports.get(one.number)
            while report is not None and one.answered < len(one.told.answers):
                answer = one.told.answers[one.answered]
                if (now - one.sent_ns) / SECOND_NS * self._speed < answer.after_s:
                    break
                one.answered += 1
                if report.is_open:
                    text = answer.text.in_language(report.told.language)
                    port.request(AnswerReport(report_id=report.id, stage=answer.stage, text=text))

    def _run(self) -> None:
        looked_ns = 0
        while not self._ending.wait(STEP_S):
            url = self._url()
            if not url:
                continue
            now = self._clock.mono_ns()
            at_s = (now - self._began_ns) / SECOND_NS * self._speed - self._round * self._length_s
            while self._due and self._due[0].at_s <= at_s and not self._ending.is_set():
                self._send(url, self._due.popleft())
            if not self._due and at_s >= self._length_s:
                self._round += 1
                self._due.extend(self._reports)
            if now - looked_ns > LOOK_EVERY_S * SECOND_NS:
                looked_ns = now
                self._look(url)

    def _url(self) -> str:
        try:
            return str(json.loads((self._home / "run" / "open311.json").read_bytes())["url"])
        except (OSError, ValueError, KeyError):
            return ""

    def _send(self, url: str, told: ToldReport) -> None:
        device = self._profile.devices[told.device]
        position = device.place.position
        fields = {
            "api_key": self._key, "service_code": told.service, "lat": f"{position.lat:.6f}",
            "long": f"{position.lon:.6f}", "description": told.text.in_language(self._language),
            "first_name": told.name, "phone": told.phone, "email": told.email,
        }  # fmt: skip
        fields |= {f"attribute[{code}]": value for code, value in told.attributes.items()}
        answer = self._ask(f"{url}/requests.json?lang={self._language}", urlencode(fields).encode())
        number = str(answer[0].get("service_request_id") or "") if answer else ""
        if number:
            self._sent.append(_Sent(number, told, self._clock.mono_ns()))
        else:
            self.refused += 1

    def _look(self, url: str) -> None:
        waiting = [one for one in self._sent if not one.seen and one.told.answers]
        for one in waiting[-20:]:
            answer = self._ask(f"{url}/requests/{quote(one.number)}.json", None)
            one.seen = bool(answer and answer[0].get("status_notes"))

    def _ask(self, url: str, body: bytes | None) -> list[dict[str, Any]]:
        try:
            with urllib.request.urlopen(urllib.request.Request(url, body), timeout=TIMEOUT_S) as answer:  # noqa: S310
                found = json.loads(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                _log.warning("The server answered a citizen %d: %s", error.code, error.read()[:400])
            return []
        except (OSError, ValueError) as error:
            _log.info("A citizen could not reach the server: %s", error)
            return []
        return found if isinstance(found, list) else []

    @property
    def _language(self) -> str:
        return "ko" if self._korean else "en"
