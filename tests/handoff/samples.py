"""A small city, an incident and what its hand-off looks like, for the tests of both sides."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from console.handoff.cap import CapAlert, CapArea, CapInfo, CapPair
from console.handoff.capthread import request_of
from console.handoff.draft import draft_of
from console.handoff.kinds import partner_kinds
from console.model.base import Place, Position, Words
from console.model.device import Device
from console.model.fact import CourierReport, PartnerMessageBad, PartnerReport
from console.model.handoff import OutboxRow
from console.model.incident import Incident, Note
from console.model.ladder import PartnerThread

NOW_NS = 1_774_000_000 * 1_000_000_000  # 2026-03-20, 18:46:40 in Suwon


@dataclass(frozen=True)
class Agency:
    id: str
    short: Words = field(default_factory=lambda: Words(en="112", ko="112"))
    number: str = "112"


@dataclass(frozen=True)
class Kind:
    id: str
    name: Words
    category: str
    code: str


SUWON_NAME = Words(en="Suwon", ko="수원시")


@dataclass(frozen=True)
class City:
    name: Words = SUWON_NAME
    languages: tuple[str, ...] = ("ko", "en")
    time_zone: str = "Asia/Seoul"
    agencies: Mapping[str, Agency] = field(
        default_factory=lambda: {one: Agency(one) for one in ("KR-112", "KR-119", "UK-POLICE")}
    )
    incident_types: Mapping[str, Kind] = field(
        default_factory=lambda: {
            "fall": Kind("fall", Words(en="Person collapsed", ko="쓰러진 사람"), "Health", "1"),
            "smoke": Kind("smoke", Words(en="Smoke", ko="연기"), "Fire", "0"),
            "lamps": Kind("lamps", Words(en="Lamps out", ko="가로등 소등"), "Infra", ""),
        }
    )
    devices: Mapping[str, Device] = field(default_factory=dict)


def camera(device_id: str, en: str, ko: str) -> Device:
    where = Place(name=Words(en=en, ko=ko), position=Position(lat=37.2850, lon=127.0146))
    return Device(id=device_id, kind="camera", system="cctv", owner="city", name=where.name, place=where)


SUWON = City(devices={"CAM-0007": camera("CAM-0007", "Paldalmun north", "팔달문 북측")})

PLACE = Place(
    name=Words(en="Hwaseong, Paldalmun gate, north side", ko="화성 팔달문 북측"),
    position=Position(lat=37.277512, lon=127.016933),
    district="paldal",
    address=Words(en="780 Jeongjo-ro, Paldal-gu", ko="팔달구 정조로 780"),
)


def incident(**changes: Any) -> Incident:
    said: dict[str, Any] = {
        "id": "SW-000001", "type": "fall", "priority": 1, "place": PLACE, "opened_at_ns": NOW_NS,
        "changed_at_ns": NOW_NS, "camera_ids": ("CAM-0007", "CAM-0008"), "device_ids": ("BELL-3",),
        "signal_uids": ("eyes:77",),
        "reasons": (Words(en="A person fell and lies", ko="사람이 쓰러져 누워 있음"),),
        "notes": (Note(at_ns=NOW_NS, person="lee", text="움직이지 않음"),),
    }  # fmt: skip
    return Incident(**(said | changes))


def message(
    key: str = "SW-000001:KR-112:1", agency: str = "KR-112", text: str = "의식 없음", **changes: Any
) -> bytes:
    """The bytes of a hand-off."""
    said = {"id": key.split(":")[0], **changes}
    kind = partner_kinds()[agency]
    draft = draft_of(incident(**said), agency, SUWON, kind, "kim", "031-555-0100", NOW_NS, text=text)
    thread = PartnerThread(
        id=key, key=key, incident_id=said["id"], agency=agency, revision=1, person="kim",
        essence=draft.essence, drafted_ns=NOW_NS, message_id=key, queued_ns=NOW_NS,
    )  # fmt: skip
    return request_of(draft, thread, kind, "console", NOW_NS)


def row(key: str = "SW-000001:KR-112:1", agency: str = "KR-112", **changes: Any) -> OutboxRow:
    return OutboxRow(
        message_id=key,
        handoff_id=f"H-{key}",
        key=key,
        agency=agency,
        media_type="application/cap+xml",
        message=message(key, agency, **changes),
        queued_at_ns=NOW_NS,
    )


def request(**changes: Any) -> CapAlert:
    """A minimal good Alert of the profile."""
    area = CapArea(area_desc="Paldalmun", circle=("37.2775,127.0169 0.1",))
    info = CapInfo(
        language="ko-KR", category=("Health",), event="쓰러진 사람", urgency="Immediate", severity="Extreme",
        certainty="Observed", event_code=(CapPair(value_name="KR-112-CODE", value="1"),), area=(area,),
    )  # fmt: skip
    said: dict[str, Any] = {
        "identifier": "SW-000001:KR-112:1", "sender": "console", "sent": "2026-03-20T18:46:40+09:00",
        "status": "Exercise", "msg_type": "Alert", "scope": "Private", "addresses": "KR-112",
        "code": ("handoff:v1",), "incidents": "SW-000001", "info": (info,),
    }  # fmt: skip
    return CapAlert(**(said | changes))


def answer(status: str = "accepted", **changes: Any) -> CapAlert:
    """A good Ack or Update of a partner about `request()`."""
    codes = {"on_scene": "onscene"}
    said: dict[str, Any] = {
        "identifier": f"KR-112-000001-{status}", "sender": "KR-112", "sent": "2026-03-20T18:46:52+09:00",
        "status": "Exercise", "scope": "Private", "addresses": "console",
        "msg_type": "Ack" if status in ("received", "accepted", "rejected") else "Update",
        "code": ("handoff:v1", f"handoff:{codes.get(status, status)}"),
        "references": "console,SW-000001:KR-112:1,2026-03-20T18:46:40+09:00", "incidents": "SW-000001",
        "note": "not-ours: elsewhere" if status == "rejected" else "",
    }  # fmt: skip
    return CapAlert(**(said | changes))


class Hub:
    """The hub's side of a courier: keeps reports in order and answers `done` as told. Any thread.

    `keep` True answers each at once; False says that the disk failed; None leaves the answer to the test.
    """

    def __init__(self, keep: bool | None = True) -> None:
        self.keep = keep
        self.reports: list[CourierReport] = []
        self.open: list[tuple[CourierReport, Callable[[bool], None]]] = []
        self._lock = threading.Lock()

    def report(self, report: CourierReport, done: Callable[[bool], None]) -> None:
        with self._lock:
            self.reports.append(report)
            keep = self.keep
            if keep is None:
                self.open.append((report, done))
        if keep is not None:
            done(keep)

    def of(self, kind: type[Any], **fields: Any) -> list[Any]:
        """The reports of a kind whose fields have these values, oldest first."""
        with self._lock:
            reports = list(self.reports)
        return [
            one
            for one in reports
            if isinstance(one, kind) and all(getattr(one, name) == value for name, value in fields.items())
        ]

    def reports_of_messages(self) -> list[Any]:
        """What partners' own messages led to, good or bad."""
        return [*self.of(PartnerReport), *self.of(PartnerMessageBad)]

    def told(self) -> str:
        """All that was reported, for a test that waited in vain."""
        with self._lock:
            return "\n".join(repr(one)[:300] for one in self.reports)
