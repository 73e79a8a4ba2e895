"""A city of a few named things, and one entry of every kind that can stand in its record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from console.clock import SECOND_NS
from console.model import events as ev
from console.model.areaact import AreaPart
from console.model.base import Place, Position, Words, same_words
from console.model.casework import Clue
from console.model.citizenreport import ReportTold
from console.model.control import Control
from console.model.device import Device, Limit, Point
from console.model.footage import MaskZone
from console.model.gateway import GatewayReport, RefusedInput
from console.model.incident import Signal
from console.model.ladder import Essence, Flag, PhoneCall, Statement
from console.model.layout import WallLayout
from console.model.message import MessageArea, MessageContent
from console.model.picturerequest import OfferedCamera, PictureRequest, PictureWish, Share
from console.model.recording import CameraMissing, RecorderReport
from console.model.share import AccessLine, ProvidedPicture, SharedCamera, ViewBegan
from console.model.sketch import Sketch
from console.model.warning import WarningArea, WarningInfo, WarningJudgement, WarningMessage
from console.profile import Agency, DeskInfo, District, IncidentType
from console.profile.contractors import Contractor
from console.profile.profile import CityMode
from console.profile.reports import ReportBook
from console.report.names import Named
from tests.fakes.town import report_book

START_NS = 1_774_000_000 * SECOND_NS
"""2026-03-20 09:46:40 UTC, 18:46:40 in Seoul."""

MARKET = Place(
    name=Words(en="Paldalmun market, east gate", ko="팔달문시장 동문"),
    position=Position(lat=37.2776, lon=127.0166), district="paldal",
    address=Words(en="12 Paldalmun-ro", ko="팔달문로 12"),
)  # fmt: skip


UNDERPASS = Place(
    name=Words(en="Hwaseo underpass, north ramp", ko="화서지하차도 북측"),
    position=Position(lat=37.2848, lon=126.9898), district="paldal",
)  # fmt: skip


MESSAGE = MessageContent(
    level="advisory", valid_min=60, incident_id="I-1", area=MessageArea(districts=("paldal",)),
    text=Words(en="[Testtown] Fire at the market.", ko="[시험시] 시장 화재 발생."),
)  # fmt: skip
AREA_PART = AreaPart(
    control="barrier", value="close", value_words=Words(en="close", ko="닫힘"), device_ids=("BAR-0001",)
)
CLUE = Clue(uid="s1", source="detection", type="smoke", at_ns=START_NS, lat=37.2776, lon=127.0166)
WISH = PictureWish(
    message_id="KR-112-77", service="emergency_video", purpose="assault", legal_basis="act112",
    position=MARKET.position, radius_m=300, person="상황실 박", text="흰 승용차",
)  # fmt: skip
REQUEST = PictureRequest(
    id="Q-SU-260320-0001", direction="inbound", agency="KR-112", wish=WISH, place=MARKET, at_ns=START_NS,
    cameras=(OfferedCamera(camera_id="CAM-0001", why="sees", distance_m=20.0),), needs="supervisor",
)  # fmt: skip
SHARE = Share(
    id="S-SU-260320-0001", request_id=REQUEST.id, service="emergency_video", agency="KR-112",
    recipient="경기남부경찰청 112", viewer="상황실 박", officer="lee", purpose="폭행 신고 대응",
    legal_basis="112신고처리법",
    cameras=(SharedCamera(camera_id="CAM-0001", name=same_words("CAM-0001")),),
    from_ns=START_NS, until_ns=START_NS + 1800 * SECOND_NS, granted_ns=START_NS,
    masks_lifted="얼굴 확인",
)  # fmt: skip
VIEW = ViewBegan(
    uid="v1", at_ns=START_NS, share_id=SHARE.id, camera_id="CAM-0001", form="live", from_ns=START_NS,
    to_ns=SHARE.until_ns, until_ns=SHARE.until_ns, recipient=SHARE.recipient, viewer=SHARE.viewer,
    officer="lee", purpose=SHARE.purpose, legal_basis=SHARE.legal_basis, masked=False, mark="page",
    address="10.1.2.3",
)  # fmt: skip

PICTURE = ProvidedPicture(
    at_ns=START_NS, name="CAM-0001-1.jpg", camera_id="CAM-0001", form="still", from_ns=START_NS,
    to_ns=START_NS, sha256="ab" * 32, size=9, agency="KR-119", recipient="119 room", officer="kim",
    purpose="fire", legal_basis="act119", keep_until_ns=START_NS, address="10.1.2.3", again=2,
)  # fmt: skip


class NamedPoints(tuple[Point, ...]):
    """Points as a profile has them: by index, each with a name in words."""

    def name(self, index: int) -> Words:
        return Words(en=self[index].quantity.replace("_", " "), ko="수심")


def moved(stimulus: str, before: str, after: str, alarm_id: str = "W", **fields: object) -> ev.AlarmMoved:
    """A move of one alarm, by a rule unless told."""
    told: dict[str, object] = {
        "at_ns": START_NS, "active": after in "BC", "who": "rule:condition", "priority": 2, "point_index": 0,
        "device_id": "UND-0000", "group": "UND-0000", "occurrence": f"{alarm_id}@1774000000", **fields,
    }  # fmt: skip
    return ev.AlarmMoved(alarm_id=alarm_id, stimulus=stimulus, before=before, after=after, **told)  # type: ignore[arg-type]


@dataclass(frozen=True)
class SmallCity:
    """What the desk's widgets and `console.report` need of a profile, in the shape `Profile` has."""

    city: str
    name: Words
    time_zone: str
    devices: dict[str, Device]
    points: NamedPoints
    limits: tuple[Limit, ...]
    incident_types: dict[str, IncidentType]
    agencies: dict[str, Agency]
    districts: dict[str, District]
    desks: dict[str, DeskInfo]
    modes: dict[str, CityMode]
    owners: dict[str, Words]
    reports: ReportBook | None
    trend_points: tuple[int, ...] = ()
    contractors: dict[str, Contractor] = field(default_factory=dict)
    services: dict[str, Named] = field(default_factory=dict)
    country: str = "KR"
    controls: Mapping[str, Control] = field(default_factory=dict)
    controls_of_kind: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def point_by_id(self) -> dict[str, Point]:
        return {one.id: one for one in self.points}


def incident_type(name: str, en: str, ko: str, priority: int, agencies: tuple[str, ...]) -> IncidentType:
    return IncidentType(
        id=name, name=Words(en=en, ko=ko), priority=priority, category="Safety", agencies=agencies, code="1",
        signals=(), merge_radius_m=50, merge_window_s=300, icon="x",
        guidance=Words(en=f"What to do about {en.lower()}.", ko=f"{ko} 조치 요령."),
    )  # fmt: skip


def small_city() -> SmallCity:
    camera = Device(
        id="CAM-0001", kind="camera", system="cctv", owner="city",
        name=Words(en="Market east gate 1", ko="시장 동문 1"), place=MARKET,
    )  # fmt: skip
    points = NamedPoints(
        Point(index=index, id=f"UND-{index:04d}/water_depth_cm", device_id=f"UND-{index:04d}",
              quantity="water_depth_cm", unit="cm", low=0, high=500, period_s=10)
        for index in range(4)
    )  # fmt: skip
    limits = tuple(
        Limit(id=f"{point.id}/{name}", point_index=point.index, above=True, set_at=level, clear_at=level - 2,
              on_delay_s=0, off_delay_s=0, priority=2, text=Words(en=en, ko=ko),
              guidance=Words(en="Close the barrier.", ko="차단기를 내리십시오."), incident_type="flood",
              source="test")
        for point in points
        for name, level, en, ko in (("watch", 5, "Water rising", "수위 상승"),
                                    ("close", 15, "Water high", "수위 높음"))
    )  # fmt: skip
    types = (
        incident_type("smoke", "Smoke or fire", "연기·화재", 1, ("KR-119", "KR-112")),
        incident_type("flood", "Underpass flooding", "지하차도 침수", 2, ("KR-119",)),
        incident_type("fall", "Person fell", "쓰러짐", 1, ("KR-119",)),
        incident_type("lamps", "Street lamps out", "가로등 소등", 4, ()),
    )
    partners = (("112", "police", "Police", "경찰"), ("119", "fire", "Fire service", "소방"))
    return SmallCity(
        city="suwon", name=Words(en="Suwon", ko="수원시"), time_zone="Asia/Seoul",
        devices={"CAM-0001": camera}, points=points, limits=limits,
        incident_types={one.id: one for one in types},
        agencies={
            f"KR-{number}": Agency(id=f"KR-{number}", name=Words(en=en, ko=ko), short=same_words(number),
                                   kind=kind, number=number, sender=f"kr-{number}")
            for number, kind, en, ko in partners
        },
        districts={
            "paldal": District(id="paldal", name=Words(en="Paldal-gu", ko="팔달구"), outline=(),
                               centre=MARKET.position),
        },
        desks={
            "desk-3": DeskInfo(id="desk-3", name=Words(en="Desk 3", ko="3번 근무석"), person="kim",
                               person_name=Words(en="Kim Minsu", ko="김민수"), role="operator", wall=(),
                               charts=()),
        },
        owners={"roads": Words(en="Roads", ko="도로과")},
        reports=report_book(),
        modes={"flood": CityMode(id="flood", name=Words(en="Flood", ko="침수"))},
    )  # fmt: skip


RAIN = WarningMessage(
    sender="kma", identifier="1", sent_ns=START_NS, status="Actual", kind="Alert", scope="Public",
    source="kma", where="kma.cap",
    infos=tuple(
        WarningInfo(
            language=language, event=event, headline=event, sender_name=name, urgency="Expected",
            severity="Severe", certainty="Likely", expires_ns=START_NS + 3600 * SECOND_NS,
            areas=(WarningArea(name="수원시", circles=((37.27, 127.01, 5.0),)),),
        )
        for language, event, name in (("ko-KR", "호우경보", "기상청"), ("en-US", "Heavy rain warning", "KMA"))
    ),
)  # fmt: skip
RAIN_HERE = WarningJudgement(
    hazard="rain", level=2, severity="Severe", covered_by="circle", districts=("paldal",), infos=(0, 1),
    from_ns=START_NS, until_ns=START_NS + 3600 * SECOND_NS,
)  # fmt: skip


def one_of_each() -> dict[str, ev.AnyEvent]:
    """An event of every kind, as they would follow each other around one incident."""
    words = Words(en="two engines on the way", ko="소방차 2대 출동")
    why = Words(en="No frame for 20 s.", ko="20초 동안 영상 없음.")
    signal = Signal(uid="s1", source="eyes", type="smoke", at_ns=START_NS, place=MARKET, confidence=0.87,
                    detail=Words(en="Grey smoke over the roof.", ko="지붕 위 회색 연기."))  # fmt: skip
    by_id = {"handoff_id": "H1"}
    seen = {"desk": "desk-3", "person": "lee", "camera_ids": ("CAM-0001",), "from_ns": START_NS,
            "to_ns": START_NS + 60 * SECOND_NS}  # fmt: skip
    events: list[ev.AnyEvent] = [
        ev.HubStarted(version="0.1.0", profile_digest="d", city="suwon"),
        ev.DeskConnected(desk="desk-3", person="kim"),
        ev.DeskLeft(desk="desk-3", person="kim"),
        ev.SignalReceived(signal=signal),
        ev.DeviceConditionChanged(device_id="CAM-0001", condition="down", why=why),
        ev.AlarmRaised(alarm_id="A1", limit_id="L1", point_index=0, device_id="UND-0000", priority=2,
                       place=MARKET, text=Words(en="Water high", ko="수위 높음"), value=32.5),
        ev.AlarmCleared(alarm_id="A1", value=4.0),
        ev.AlarmAcknowledged(alarm_id="A1", person="kim"),
        ev.IncidentOpened(incident_id="I1", type="smoke", priority=1, place=MARKET, signal_uid="s1",
                          reason=Words(en="Smoke seen by camera.", ko="카메라가 연기 감지.")),
        ev.IncidentExtended(incident_id="I1", reason=Words(en="Bell pressed.", ko="비상벨 눌림."),
                            alarm_id="A1"),
        ev.IncidentAcknowledged(incident_id="I1", person="kim"),
        ev.IncidentNoted(incident_id="I1", person="kim", text="상인회장 통화함"),
        ev.IncidentResolved(incident_id="I1", person="kim", outcome="real"),
        ev.IncidentClosed(incident_id="I1", person="kim"),
        ev.CaseOpened(incident_id="I2", type="smoke", priority=1, grade="1", place=MARKET, clue=CLUE,
                      says=Words(en="Smoke seen.", ko="연기 감지."), reopens="I1", parent="I0",
                      person="kim", desk="desk-3", opened_from="map", signal_uid="s1"),
        ev.ClueGathered(incident_id="I2", clue=CLUE, repeated=True),
        ev.IncidentClaimed(incident_id="I2", person="kim", desk="desk-3"),
        ev.IncidentTakenOver(incident_id="I2", person="lee", desk="desk-3", from_person="kim",
                             reason="교대"),
        ev.IncidentReleased(incident_id="I2", person="lee"),
        ev.IncidentVerified(incident_id="I2", person="lee", verdict="false", before="real", over=True),
        ev.IncidentResponding(incident_id="I2", person="lee", by="H1"),
        ev.IncidentHeld(incident_id="I2", person="lee", reason="현장 확인 대기", until_ns=START_NS),
        ev.IncidentHoldEnded(incident_id="I2"),
        ev.IncidentRegraded(incident_id="I2", person="lee", grade="0", priority=1, reason="인명 피해"),
        ev.IncidentReclassified(incident_id="I2", person="lee", before="smoke", type="fall", priority=1,
                                grade="1", reason="연기가 아님"),
        ev.IncidentEscalated(incident_id="I2", stage="verified", stage_since_ns=1, level=2,
                             tell="supervisor"),
        ev.IncidentsMerged(kept_id="I2", other_id="I3", person="lee", reason="같은 현장"),
        ev.IncidentSplit(incident_id="I2", new_id="I4", uids=("s1",), person="lee", reason="다른 현장"),
        ev.IncidentPutUnder(incident_id="I2", parent="I0"),
        ev.HandoffQueued(handoff_id="H1", key="I1:KR-119:1", incident_id="I1", agency="KR-119", revision=1,
                         person="kim", message_sha256="0" * 64),
        ev.HandoffSent(handoff_id="H1", attempt=2),
        ev.HandoffReceived(handoff_id="H1", agency_ref="119-2026-17"),
        ev.HandoffAccepted(**by_id, words=words),
        ev.HandoffRejected(**by_id, reason="not-ours", words=words),
        ev.HandoffDispatched(**by_id, words=words),
        ev.HandoffArrived(**by_id),
        ev.HandoffClosed(**by_id, words=words),
        ev.HandoffStalled(**by_id, reason=Words(en="No receipt for 5 s.", ko="5초 동안 수신 확인 없음.")),
        ev.HandoffDrafted(handoff_id="H1", key="I1:KR-119:1", incident_id="I1", agency="KR-119", revision=1,
                          person="kim", essence=Essence(type="smoke", code="1", position=MARKET.position),
                          shape="joint", text="지붕 동쪽"),
        ev.HandoffEdited(**by_id, person="kim", text="지붕 서쪽", fields=("content",)),
        ev.HandoffEvidenceAdded(**by_id, stills=2, clip_s=30.0, digests=("ab" * 32,), problem=why),
        ev.EvidenceProvided(**by_id, incident_id="I1", picture=PICTURE),
        ev.HandoffSaid(
            **by_id, verdict="reversed", flags=(Flag(what="reversed", at_ns=START_NS, message_id="m1"),),
            statement=Statement(message_id="m1", said="refused", said_at_ns=START_NS, heard_ns=START_NS,
                                reason="not-ours", words=words),
        ),
        ev.HandoffCancelAsked(**by_id, message_id="c1", person="kim", reason="오인 신고",
                              message_sha256="0" * 64),
        ev.HandoffUpdateQueued(**by_id, message_id="u1", person="kim", text="연기 증가",
                               message_sha256="0" * 64),
        ev.HandoffConfirmed(**by_id, message_id="u1"),
        ev.HandoffCalled(**by_id, call=PhoneCall(
            at_ns=START_NS, called_at_ns=START_NS, person="kim", name="박상황", channel="hotline",
            outcome="accepted", words="출동함",
        )),
        ev.HandoffRerouted(**by_id, to_thread="I1:KR-112:1"),
        ev.HandoffGivenUp(**by_id, person="kim", reason="전화로 인계"),
        ev.HandoffExpired(**by_id),
        ev.HandoffFlagged(**by_id, flags=(Flag(what="two_going", at_ns=START_NS),)),
        ev.HandoffFlagsSeen(**by_id, person="kim"),
        ev.HandoffTold(**by_id, what="answer", name="", level="red", since_ns=START_NS, waited_s=30.4),
        ev.PartnerMessageRefused(agency="KR-119", problem="line 4: no identifier"),
        ev.PartnerLinkChanged(agency="KR-119", up=False, why=Words(en="Refused.", ko="연결 거부.")),
        ev.ViewingStarted(desk="desk-3", person="kim", camera_ids=("CAM-0001",), purpose="fire"),
        ev.ViewingEnded(desk="desk-3", person="kim", camera_ids=("CAM-0001",)),
        ev.LogRead(desk="desk-3", person="lee", query="log paldal"),
        ev.LogExported(desk="desk-3", person="lee", what="ledger", format="csv", reason="감사 자료"),
        ev.FootageViewed(**seen, purpose="incident I1"),
        ev.FootageLocked(lock_id="L1", **seen, reason="수사 요청 예정"),
        ev.FootageUnlocked(lock_id="incident:I1", desk="desk-3", person="lee", reason="오인 신고"),
        ev.FootageExportStarted(export_id="E1", **seen, form="clip", copies=("masked", "original"),
                                reason="수사 협조", legal_basis="investigation"),
        ev.FootageExportFinished(export_id="E1", desk="desk-3", person="lee", outcome="done",
                                 manifest_sha256="ab" * 32, files=4, bytes=10_000_000),
        ev.RecorderChanged(
            recorder="recorder",
            report=RecorderReport(
                state="recording", cameras=24, recorded=22, disk="full", problem="No space left on device",
                missing=(CameraMissing(camera_id="CAM-0001", since_ns=START_NS, reason="wrong_password"),
                         CameraMissing(camera_id="CAM-9", since_ns=0, reason="sunspots")),
            ),
        ),
        ev.FieldStateChanged(
            subject="UND-0001", rule="underpass", state="close/water/", grade="grave",
            words=Words(en="Close at once: 15 cm of water or more", ko="즉시 통제: 침수 15cm 이상"),
        ),
        ev.GatewayChanged(
            gateway="gateway-mqtt",
            report=GatewayReport(
                state="down", kind="mqtt", peer="mqtts://broker:8883",
                why=Words(en="Connection refused.", ko="연결 거부."),
                refused=(RefusedInput(cause="wrong_unit", count=3, example="lamps/7: expected W, found kW"),),
            ),
        ),
        ev.LayoutSaved(desk="desk-3", person="lee",
                       layout=WallLayout(id="y1", name="Market", shape="2x2", camera_ids=("CAM-0001",))),
        ev.SketchShared(desk="desk-3", person="lee", sketch=Sketch(
            id="s1", form="arrow", text="수색 방향", incident_id="INC-1",
            points=(Position(lat=37.27, lon=127.01), Position(lat=37.28, lon=127.02)))),
        ev.SketchRemoved(desk="desk-3", person="lee", sketch_id="s1", incident_id="INC-1"),
        ev.ProcedureMoved(incident_id="INC-1", procedure="flood@1.0f3a9c2e", move="skipped", at_ns=START_NS,
                          who="person:lee", step="close", round=1, step_kind="task",
                          text=Words(en="Close the underpass.", ko="지하차도를 통제합니다."),
                          comment="already closed by the police"),
        ev.ProcedureNoticed(incident_id="INC-1", desk="desk-9", person="oh", until_ns=START_NS),
        ev.WarningIssued(warning_id="kma,1", message=RAIN, judged=RAIN_HERE, incident_id="I1"),
        ev.WarningUpdated(warning_id="kma,2", message=msgspec.structs.replace(RAIN, identifier="2"),
                          judged=RAIN_HERE, incident_id="I1", replaces=("kma,1",)),
        ev.WarningEnded(warning_id="kma,2", why="cancelled", headline="호우경보", by="kma,3",
                        sent_ns=START_NS, note="비 그침"),
        ev.WarningSetAside(warning_id="kma,4", source="kma", why="elsewhere", headline="풍랑주의보",
                           area="서해중부", sent_ns=START_NS, note="", references=()),
        ev.WarningAcknowledged(warning_id="kma,1", desk="desk-3", person="lee"),
        ev.LayoutDeleted(desk="desk-3", person="lee", layout_id="y1"),
        ev.CityModeChanged(desk="desk-3", person="lee", mode="flood"),
        ev.MasksSet(desk="desk-3", person="lee", camera_id="CAM-0001", reason="주거지 창문",
                    zones=(MaskZone(name="window", points=((0.0, 0.0), (0.2, 0.0), (0.2, 0.2))),)),
        ev.ControlOrdered(order_id="O1", desk="desk-3", person="kim", control="barrier",
                          device_ids=("BAR-0001",), value="close",
                          value_words=Words(en="close", ko="닫기"),
                          summary=Words(en="Barrier: close, at the north ramp.", ko="북측 · 차단기: 닫기."),
                          answer_s=20, incident_id="I1", token="t", confirm_by_ns=START_NS),
        ev.ControlConfirmed(order_id="O1", desk="desk-3", person="kim"),
        ev.ControlSent(order_id="O1", gateway="field", device_ids=("BAR-0001",), answer_by_ns=START_NS),
        ev.ControlAnswered(order_id="O1", device_ids=("BAR-0001",), outcome="done", words=why),
        ev.ControlAnsweredLate(order_id="O1", device_ids=("BAR-0001",), outcome="refused", words=why),
        ev.ControlTimedOut(order_id="O1", device_ids=("BAR-0001",), sent=True, words=why),
        ev.ControlCancelled(order_id="O1", desk="desk-3", person="kim"),
        ev.ControlTookEffect(order_id="O1", device_ids=("BAR-0001",)),
        ev.ControlHadNoEffect(order_id="O1", device_ids=("BAR-0001",), words=why),
        ev.ControlWayChanged(gateway="field", up=True, kinds=("underpass_barrier",), devices=("*",)),
        ev.MessageDrafted(message_id="M1", revision=1, desk="desk-1", person="kim", digest="d",
                          content=MESSAGE, incident_id="I-1"),
        ev.MessageDiscarded(message_id="M1", desk="desk-1", person="kim", reason="said twice"),
        ev.MessageApproved(message_id="M1", desk="super-1", person="lee", digest="d", by_code=False,
                           sender="bongsu-testtown", identifier="M-1", sent="2026-03-20T18:46:40+09:00",
                           expires_ns=START_NS, outlets=("cbs",), cap="<alert/>", incident_id="I-1"),
        ev.MessageApprovalFailed(message_id="M1", desk="desk-1", person="kim", approver="lee"),
        ev.MessageSent(message_id="M1", outlet="cbs", attempt=1),
        ev.MessageReceived(message_id="M1", outlet="cbs", receipt="R-1"),
        ev.MessageStalled(message_id="M1", outlet="cbs", refused=True, reason=why),
        ev.MessageLapsed(message_id="M1", outlet="cbs", reason=why),
        ev.OutletChanged(outlet="cbs", sort="https", up=False, why=why),
        ev.AreaActProposed(act_id="A1", desk="desk-1", person="kim", name="market", polygon=(),
                           parts=(AREA_PART,), summary=why, warning=why, token="t", confirm_by_ns=START_NS,
                           incident_id="I-1"),
        ev.AreaActConfirmed(act_id="A1", desk="desk-1", person="kim", parts=(AREA_PART,)),
        ev.AreaActCancelled(act_id="A1", desk="desk-1", person="kim", timed_out=True),
        ev.MasksLifted(desk="desk-3", person="lee", camera_id="CAM-0001", until_ns=START_NS + 300 * SECOND_NS,
                       reason="실종자 수색"),
        moved("began", "A", "B", place=MARKET, text=Words(en="Water high", ko="수위 높음"), value=32.5),
        ev.AlarmFloodChanged(desk="desk-3", flooded=True, alarms=11),
        ev.TicketOpened(ticket_id="R-00001", desk="desk-3", person="lee", device_ids=("CAM-0001",),
                        contractor="video", text="영상이 멈춤"),
        ev.TicketChanged(ticket_id="R-00001", desk="desk-3", person="lee", stage="repaired", text=""),
        ev.DevicesRemoved(desk="desk-3", person="lee", device_ids=("CAM-0001",), reason="도로 공사",
                          until_ns=START_NS + 3600 * SECOND_NS),
        ev.DevicesReturned(desk="desk-3", person="lee", device_ids=("CAM-0001",)),
        ev.ReportReceived(
            report_id="R-SU-260101-00002", agency="roads", expected_at_ns=START_NS,
            duplicate_of="R-SU-260101-00001",
            told=ReportTold(
                token="tok-00000001", service="water", place=MARKET,
                text="물이 넘쳐요. 010-1234-5678로 전화 주세요", told_at_ns=START_NS, has_contact=True,
            ),
        ),
        ev.ReportMatched(report_id="R-SU-260101-00002", incident_id="I1", reason=Words(en="near", ko="근처")),
        ev.ReportStatusChanged(
            report_id="R-SU-260101-00002", stage="in_progress", text="On the way", person="lee",
            agency="roads",
        ),
        ev.ReportContactRead(report_id="R-SU-260101-00002", desk="desk-3", person="lee", purpose="ask where"),
        ev.RequestReceived(request=REQUEST),
        ev.RequestRefused(request_id=REQUEST.id, code="too_wide", person="lee",
                          reason=Words(en="One street is enough", ko="한 구간이면 충분")),
        ev.RequestCamerasChanged(request_id=REQUEST.id, cameras=REQUEST.cameras, person="lee"),
        ev.RequestWithdrawn(request_id=REQUEST.id, reason="found"),
        ev.ShareGranted(share=SHARE, person="lee"),
        ev.ShareChanged(share_id=SHARE.id, cameras=SHARE.cameras, why="person", person="lee"),
        ev.ShareRevoked(share_id=SHARE.id, reason="over", person="lee"),
        ev.ShareEnded(share_id=SHARE.id, why="until"),
        ev.ShareAccessed(line=AccessLine(seq=1, access=VIEW)),
    ]  # fmt: skip
    return {ev.kind_of(event): event for event in events}


def entry(event: ev.AnyEvent, seq: int = 1, after_s: float = 0.0, actor: str = "hub") -> ev.Entry:
    """`event` committed as number `seq`, `after_s` after the start."""
    return ev.Entry(
        run="r1", seq=seq, at_ns=START_NS + round(after_s * SECOND_NS), cause=ev.Cause(actor=actor),
        event=event,
    )  # fmt: skip


def log_of(*steps: tuple[float, ev.AnyEvent]) -> list[ev.Entry]:
    """Entries from (seconds after the start, event), numbered from 1."""
    return [entry(event, seq, after_s) for seq, (after_s, event) in enumerate(steps, 1)]
