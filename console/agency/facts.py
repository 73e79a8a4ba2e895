"""A case as a person reads it: taken from its message once, outside the UI thread, in both languages."""

from __future__ import annotations

from console.agency.case import Case, CaseStage
from console.handoff.cap import CapAlert, CapInfo
from console.handoff.profile import handoff_profile
from console.model.base import Record

OPEN: frozenset[CaseStage] = frozenset({"received", "accepted", "dispatched", "on_scene"})


class Told(Record, frozen=True, kw_only=True):
    """What the message says in one language. `cameras` are "id name", nearest first."""

    event: str
    headline: str
    place: str
    description: str
    from_whom: str
    contact: str
    position: str
    cameras: tuple[str, ...]
    facts: tuple[str, ...]


class CaseFacts(Record, frozen=True, kw_only=True):
    """`priority` is 1 (most urgent) to 4; `grade` our own country's code for it, or "". `clock` is
    HH:MM:SS.
    """

    key: str
    number: str
    stage: CaseStage
    priority: int
    grade: str
    clock: str
    exercise: bool
    reason: str
    unit: str
    ko: Told
    en: Told

    def told(self, language: str) -> Told:
        return self.ko if language == "ko" else self.en


class FactsBook:
    """Keeps what was read of each message, because a message does not change. One thread."""

    def __init__(self, most: int = 1000) -> None:
        self._read: dict[str, CapAlert] = {}
        self._most = most

    def of(self, case: Case) -> CaseFacts:
        """The case as it stands, with what its message says."""
        alert = self._read.get(case.key)
        if alert is None:
            while len(self._read) >= self._most:
                del self._read[next(iter(self._read))]
            alert = self._read[case.key] = case.request()
        first = alert.info[0]
        priority = _parameter(first, "priority")
        return CaseFacts(
            key=case.key, number=case.number, stage=case.stage, grade=_grade(alert),
            priority=int(priority) if priority in ("1", "2", "3", "4") else _by_severity(first),
            clock=alert.sent[11:19], exercise=alert.status != "Actual", reason=case.reason, unit=case.unit,
            ko=_told(_in(alert, "ko")), en=_told(_in(alert, "en")),
        )  # fmt: skip


def _in(alert: CapAlert, language: str) -> CapInfo:
    """The part of the message in this language; its first part where there is none."""
    return next((one for one in alert.info if one.language.startswith(language)), alert.info[0])


def _told(info: CapInfo) -> Told:
    area = info.area[0]
    names = {one.value_name: one.value for one in info.parameter}
    cameras = [one.value for one in area.geocode if one.value_name == "CAMERA"]
    return Told(
        event=info.event, headline=info.headline or info.event, place=area.area_desc,
        description=info.description,
        from_whom=info.sender_name, contact=info.contact, position=_position(area.circle[0]),
        cameras=tuple(f"{one} {names.get(f'camera-name:{one}', '')}".strip() for one in cameras),
        facts=tuple(one.value for one in info.parameter if one.value_name == "fact"),
    )  # fmt: skip


def _position(circle: str) -> str:
    """ "37.277512,127.016933 0.1" as "37.277512, 127.016933, 100 m"."""
    point, radius_km = circle.split(" ")
    return f"{point.replace(',', ', ')}, {float(radius_km) * 1000:.0f} m"


def _grade(alert: CapAlert) -> str:
    scales = {scale.name for scale in handoff_profile().priority.values()}
    return next((one.value for one in alert.info[0].event_code if one.value_name in scales), "")


def _parameter(info: CapInfo, name: str) -> str:
    return next((one.value for one in info.parameter if one.value_name == name), "")


def _by_severity(info: CapInfo) -> int:
    """A console that says no priority still says how severe it is."""
    severities = handoff_profile().scales.severity
    return severities.index(info.severity) + 1 if info.severity in severities else 4
