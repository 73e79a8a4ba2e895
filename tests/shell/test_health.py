"""What the console says of itself: status items, the banner, and the operator's last act."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from console.desk.inbound import HealthCame, LinkChanged
from console.model import commands as do
from console.model import events as ev
from console.model.base import Words, same_words
from console.model.gateway import GatewayReport, RefusedInput
from console.model.layout import WallLayout
from console.model.message import MessageArea, MessageContent
from console.model.recording import CameraMissing, RecorderReport
from console.model.sketch import Sketch
from tests.kit.sitting import Sitting, health, opened
from tests.shell.desk import Desk
from widgets.shell.banner import Banner
from widgets.shell.health import Health, Item, load_bounds
from widgets.shell.lastact import LastAct

# Said by Qt's offscreen platform for every window with a minimum size; it has no size hints to pass on.
pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")

GAPS = (8.0, 20.0)
QUIET = (0, "")


@pytest.fixture
def checked(sitting: Sitting) -> Health:
    return Health(sitting.board, sitting.catalogue, sitting.moments, load_bounds())


def item(
    checked: Health, name: str, gaps: tuple[float, float] = GAPS, mishaps: tuple[int, str] = QUIET
) -> Item:
    return next(one for one in checked.items(gaps, mishaps) if one.id == name)


def test_before_the_hub_is_there_nothing_is_claimed(sitting: Sitting, checked: Health) -> None:
    levels = {one.id: one.level for one in checked.items(GAPS, QUIET)}
    assert levels["hub"] == "unknown"
    assert {level for name, level in levels.items() if name.startswith("partner.")} == {"unknown"}


def test_a_quiet_day_is_all_up(sitting: Sitting, checked: Health) -> None:
    sitting.connect()
    sitting.tell(recorder())
    for agency in sitting.profile.agencies:
        sitting.tell(ev.PartnerLinkChanged(agency=agency, up=True, why=same_words("")))
    assert {one.level for one in checked.items(GAPS, QUIET)} == {"up"}
    assert [one.id for one in checked.items(GAPS, QUIET)] == [
        "mode", "cameras", "recorder", "hub", "partner.KR-112", "partner.KR-119",
    ]  # fmt: skip
    assert not checked.troubles()


def test_cameras_that_give_no_picture_are_not_counted_as_up(sitting: Sitting, checked: Health) -> None:
    sitting.connect()
    total = len(sitting.profile.cameras)
    first, second, third, *_ = sitting.profile.cameras
    why = same_words("x")
    sitting.tell(
        ev.DeviceConditionChanged(device_id=first, condition="down", why=why),
        ev.DeviceConditionChanged(device_id=second, condition="out_of_service", why=why),
        ev.DeviceConditionChanged(device_id=third, condition="degraded", why=why),
        ev.DeviceConditionChanged(device_id="UND-0001", condition="down", why=why),
    )
    cameras = item(checked, "cameras")
    assert cameras.value == f"{total - 2:,}/{total:,}"
    assert cameras.level == "degraded"


def test_drops_anywhere_on_the_way_are_counted_and_shown(sitting: Sitting, checked: Health) -> None:
    sitting.connect()
    sitting.board.inbox.append(HealthCame(health(drops={"telemetry queue": 3, "late": 4})))
    sitting.board.inbox.append(LinkChanged("live", lost=5))
    sitting.pulse.tick()
    assert (item(checked, "drops").value, item(checked, "drops").level) == ("12", "degraded")


def test_a_hub_that_lives_but_says_nothing_is_told(sitting: Sitting, checked: Health) -> None:
    sitting.connect()
    sitting.later(30)
    assert (item(checked, "hub").value, item(checked, "hub").level) == ("silent for 30 s", "degraded")


def test_a_slow_window_and_inner_errors_are_told(sitting: Sitting, checked: Health) -> None:
    assert item(checked, "ui", (12.0, 251.0)).level == "degraded"
    assert "ui" not in {one.id for one in checked.items((12.0, 249.0), QUIET)}
    assert item(checked, "mishaps", mishaps=(2, "KeyError queue.py:42")).value == "2 · KeyError queue.py:42"


def recorder(**fields: object) -> ev.RecorderChanged:
    told = {"state": "recording", "cameras": 24, "recorded": 24, **fields}
    return ev.RecorderChanged(recorder="recorder", report=RecorderReport(**told))  # type: ignore[arg-type]


MISSING = tuple(
    CameraMissing(camera_id=f"CAM-{n:04d}", since_ns=0, reason="wrong_password") for n in range(5)
)


@pytest.mark.parametrize(
    ("told", "value", "level"),
    [
        ({}, "24/24", "up"),
        ({"recorded": 19, "missing": MISSING}, "19/24", "degraded"),
        ({"disk": "low"}, "24/24", "degraded"),
        ({"disk": "full", "recorded": 3}, "3/24", "down"),
        ({"state": "stopped"}, "stopped", "down"),
        ({"state": "silent"}, "silent for 0 s", "down"),
    ],
)
def test_the_status_bar_says_how_many_cameras_are_recorded(
    told: dict[str, object], value: str, level: str, sitting: Sitting, checked: Health
) -> None:
    sitting.connect()
    assert (item(checked, "recorder").value, item(checked, "recorder").level) == ("none", "unknown")
    sitting.tell(recorder(**told))
    assert (item(checked, "recorder").value, item(checked, "recorder").level) == (value, level)


def gateway(state: str, **fields: object) -> ev.GatewayChanged:
    told = {"state": state, "kind": "mqtt", "peer": "mqtts://broker.suwon:8883", **fields}
    return ev.GatewayChanged(gateway="gateway-mqtt", report=GatewayReport(**told))  # type: ignore[arg-type]


def test_the_status_bar_says_which_gateways_are_heard_and_what_could_not_be_used(
    sitting: Sitting, checked: Health
) -> None:
    sitting.connect()
    assert "gateway" not in [one.id for one in checked.items((1.0, 1.0), (0, ""))]
    sitting.tell(gateway("up"))
    assert (item(checked, "gateway").value, item(checked, "gateway").level) == ("1/1", "up")
    wrong = RefusedInput(cause="wrong_unit", count=1200, example="lamps/7 /power: expected W, found kW")
    sitting.tell(gateway("up", refused=(wrong,)))
    told = item(checked, "gateway")
    assert (told.value, told.level) == ("1/1 · 1,200 refused", "up")
    assert "1,200 × wrong unit: lamps/7 /power: expected W, found kW" in told.hint
    sitting.tell(gateway("stopped"))
    assert (item(checked, "gateway").value, item(checked, "gateway").level) == ("0/1", "degraded")
    sitting.tell(gateway("silent"))
    assert item(checked, "gateway").level == "down"


TROUBLES: list[tuple[str, int, Callable[[Sitting], None]]] = [
    ("hub_lost", 1, lambda s: s.lose_hub()),
    ("ledger", 1, lambda s: s.board.inbox.append(
        HealthCame(health(ledger_ok=False, ledger_problem="disk full")))),
    ("disk", 2, lambda s: s.board.inbox.append(HealthCame(health(free_bytes=10**9)))),
    ("partner", 2, lambda s: s.tell(ev.PartnerLinkChanged(
        agency="KR-112", up=False, why=Words(en="No route.", ko="경로 없음.")))),
    ("recorder_silent", 1, lambda s: s.tell(recorder(state="silent"))),
    ("recorder_stopped", 2, lambda s: s.tell(recorder(state="stopped"))),
    ("recorder_full", 1, lambda s: s.tell(recorder(disk="full", problem="No space left on device"))),
    ("recorder_failing", 1, lambda s: s.tell(recorder(disk="failing", problem="Input/output error"))),
    ("recorder_slow", 2, lambda s: s.tell(recorder(disk="slow"))),
    ("recorder_low", 2, lambda s: s.tell(recorder(disk="low", problem="all that is kept is locked"))),
    ("gateway_down", 2, lambda s: s.tell(
        gateway("down", why=Words(en="Connection refused.", ko="연결 거부.")))),
    ("gateway_silent", 2, lambda s: s.tell(gateway("silent"))),
    ("recorder_missing", 2, lambda s: s.tell(recorder(recorded=19, missing=MISSING))),
]  # fmt: skip


@pytest.mark.parametrize(("name", "priority", "cause"), TROUBLES, ids=[one[0] for one in TROUBLES])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_each_trouble_says_what_happened_what_is_affected_and_what_to_do(
    name: str, priority: int, cause: Callable[[Sitting], None], language: str, sitting: Sitting, qtbot: QtBot
) -> None:
    sitting.catalogue.switch(language)
    checked = Health(sitting.board, sitting.catalogue, sitting.moments, load_bounds())
    banner = Banner(checked, sitting.pulse, sitting.catalogue, sitting.tokens)
    qtbot.addWidget(banner)
    banner.resize(1800, 40)
    sitting.connect()
    banner.refresh()
    assert banner.isHidden()
    cause(sitting)
    sitting.later(1.1)
    assert not banner.isHidden()
    (trouble,) = checked.troubles()
    assert (trouble.id, trouble.priority) == (name, priority)
    for part in (trouble.happened, trouble.affected, trouble.act):
        assert part
        assert "{" not in part
    assert [banner.happened.text(), banner.affected.text(), banner.act.text()] == [
        trouble.happened, trouble.affected, trouble.act,
    ]  # fmt: skip
    image = banner.grab().toImage()
    assert image.pixelColor(900, 1) == sitting.tokens.priority_mark(priority), "framed in its priority"
    sitting.connect()
    sitting.board.state.partners.clear()
    banner.refresh()
    assert banner.isHidden(), "what is mended is not said any more"


def test_connecting_is_only_told_when_it_takes_long(sitting: Sitting, checked: Health) -> None:
    assert not checked.troubles()
    sitting.later(3.5)
    assert [one.id for one in checked.troubles()] == ["connecting"]


def test_the_worst_trouble_stands_first_and_the_others_are_counted(sitting: Sitting, qtbot: QtBot) -> None:
    checked = Health(sitting.board, sitting.catalogue, sitting.moments, load_bounds())
    banner = Banner(checked, sitting.pulse, sitting.catalogue, sitting.tokens)
    qtbot.addWidget(banner)
    sitting.connect()
    TROUBLES[3][2](sitting)
    sitting.lose_hub()
    sitting.later(1.1)
    assert banner.happened.text().startswith("No connection to the hub for")
    assert banner.more.text() == "+1 more"
    assert "112" in banner.more.toolTip()


def test_no_banner_text_is_cut_in_full_width(desk: Desk) -> None:
    for language in ("en", "ko"):
        desk.catalogue.switch(language)
        for _, _, cause in TROUBLES:
            desk.connect()
            cause(desk)
            desk.later(1.1)
            desk.settle()
            for part in (desk.window.banner.happened, desk.window.banner.affected, desk.window.banner.act):
                assert part.isVisible()
                assert not part.is_elided(), part.text()
            desk.board.state.partners.clear()


@pytest.fixture
def last_act(sitting: Sitting, qtbot: QtBot) -> LastAct:
    made = LastAct(sitting.board, sitting.pulse, sitting.catalogue, sitting.tokens, sitting.moments)
    qtbot.addWidget(made)
    sitting.connect()
    sitting.tell(opened("INC-1"))
    return made


def test_nothing_done_yet_is_said(last_act: LastAct) -> None:
    assert last_act.what.text() == "Nothing has been done at this desk yet"


def test_an_act_is_pending_until_its_answer_and_then_done(sitting: Sitting, last_act: LastAct) -> None:
    kind = next(iter(sitting.profile.incident_types.values())).name.en
    act = sitting.port.request(do.HandOffIncident(incident_id="INC-1", agency="KR-119"))
    sitting.pulse.tick()
    assert last_act.what.text() == f"Hand off to 119: {kind}, Paldalmun gate, north side"
    assert last_act.result.text() == "on its way …"
    sitting.accept(act, seq=77)
    assert last_act.result.text().startswith("done ")
    assert "entry 77" in last_act.result.text()


def test_a_refused_act_says_why_in_the_language_of_the_moment(sitting: Sitting, last_act: LastAct) -> None:
    act = sitting.port.request(do.AcknowledgeIncident(incident_id="INC-1"))
    sitting.refuse(act, "Already acknowledged by Park.", "박 담당이 이미 확인했습니다.")
    assert last_act.result.text() == "refused: Already acknowledged by Park."
    assert last_act.result.property("ink") == "p1"
    sitting.catalogue.switch("ko")
    assert last_act.result.text() == "거부됨: 박 담당이 이미 확인했습니다."


def test_an_act_without_an_answer_says_what_to_do_meanwhile(sitting: Sitting, last_act: LastAct) -> None:
    sitting.port.request(do.AddNote(incident_id="INC-1", text="x"))
    sitting.pulse.tick()
    sitting.later(5)
    assert last_act.result.text().startswith("no answer for 5 s")
    assert "phone" in last_act.result.text()


def test_what_the_desk_does_by_itself_is_no_act_unless_it_is_refused(
    sitting: Sitting, last_act: LastAct
) -> None:
    view = sitting.port.request(do.StartViewing(camera_ids=("CAM-1", "CAM-2"), purpose="wall"))
    sitting.pulse.tick()
    sitting.accept(view)
    assert last_act.what.text() == "Nothing has been done at this desk yet"
    again = sitting.port.request(do.StartViewing(camera_ids=("CAM-1", "CAM-2"), purpose="wall"))
    sitting.refuse(again, "Not on shift.")
    assert last_act.what.text() == "Open 2 cameras"
    assert last_act.result.text() == "refused: Not on shift."


def test_an_older_answer_does_not_hide_the_newer_act_that_waits(sitting: Sitting, last_act: LastAct) -> None:
    first = sitting.port.request(do.AcknowledgeIncident(incident_id="INC-1"))
    sitting.pulse.tick()
    sitting.port.request(do.CloseIncident(incident_id="INC-1"))
    sitting.pulse.tick()
    sitting.accept(first)
    assert last_act.what.text().startswith("Close:")
    assert last_act.result.text() == "on its way …"


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_command_there_is_can_be_told(sitting: Sitting, last_act: LastAct, language: str) -> None:
    from widgets.shell.lastact import told

    sitting.catalogue.switch(language)
    every: tuple[do.Command, ...] = (
        do.AcknowledgeIncident(incident_id="INC-1"), do.AddNote(incident_id="gone", text="x"),
        do.ResolveIncident(incident_id="INC-1", outcome="real"), do.CloseIncident(incident_id="INC-1"),
        do.OpenIncident(type=next(iter(sitting.profile.incident_types)), camera_id="C", text="x"),
        do.HandOffIncident(incident_id="INC-1", agency="unknown"),
        do.OpenCase(type=next(iter(sitting.profile.incident_types)), opened_from="map"),
        do.ClaimIncident(incident_id="INC-1"), do.TakeOverIncident(incident_id="INC-1", reason="r"),
        do.ReleaseIncident(incident_id="INC-1"), do.VerifyIncident(incident_id="INC-1", verdict="false"),
        do.RespondIncident(incident_id="INC-1", by="patrol"),
        do.HoldIncident(incident_id="INC-1", reason="r", for_s=60), do.EndHold(incident_id="INC-1"),
        do.RegradeIncident(incident_id="INC-1", grade="0", reason="r"),
        do.ReclassifyIncident(
            incident_id="INC-1", type=next(iter(sitting.profile.incident_types)), reason="r"
        ),
        do.MergeIncidents(kept_id="INC-1", other_id="gone", reason="r"),
        do.SplitIncident(incident_id="INC-1", uids=("u",), reason="r"),
        do.PutIncidentUnder(incident_id="INC-1", parent=""),
        do.DraftHandoff(incident_id="INC-1", agencies=("KR-112", "KR-119")),
        do.EditDraft(thread_id="T", text="x"), do.SendDraft(thread_ids=("T",)),
        do.UpdateHandoff(thread_id="T", text="x"), do.CancelHandoff(thread_id="T", reason="x"),
        do.TransferHandoff(thread_id="T", agency="KR-119"),
        do.RerouteHandoff(thread_id="T", agency="KR-119"),
        do.RecordCall(thread_id="T", called_at_ns=1, name="n", channel="phone", outcome="accepted"),
        do.SeeFlags(thread_id="T"), do.GiveUpHandoff(thread_id="T", reason="x"),
        do.AcknowledgeAlarm(alarm_id="A"),
        do.AcknowledgeAlarms(alarm_ids=("A", "B")), do.ResetAlarms(alarm_ids=("A",)),
        do.ShelveAlarms(alarm_ids=("A",), for_s=60, reason="r"), do.UnshelveAlarms(alarm_ids=("A",)),
        do.RemoveAlarms(alarm_ids=("A",), reason="r"), do.ReturnAlarms(alarm_ids=("A",), reason="r"),
        do.StartViewing(camera_ids=("C",), purpose="p"), do.StopViewing(camera_ids=("C",)),
        do.ReportCamera(camera_id="C", condition="down", why=same_words("")),
        do.LogExport(what="w", format="csv", reason="r"),
        do.ViewFootage(camera_ids=("C",), from_ns=1, to_ns=2, purpose="p"),
        do.LockFootage(camera_ids=("C",), from_ns=1, to_ns=2, reason="r"),
        do.UnlockFootage(lock_id="L", reason="r"), do.DeleteLayout(layout_id="gone"),
        do.ExportFootage(export_id="E", camera_ids=("C",), from_ns=1, to_ns=2, form="clip",
                         copies=("masked",), reason="r"),
        do.FinishExport(export_id="E", outcome="done"), do.SetCityMode(mode=""),
        do.SaveLayout(layout=WallLayout(id="l", name="Market", shape="2x2")),
        do.SetMasks(camera_id="C", zones=(), reason="r"), do.LiftMasks(camera_id="C", for_s=60, reason="r"),
        do.AcknowledgeWarning(warning_id="kma,1"),
        do.AnswerStep(incident_id="INC-1", step="s", round=1),
        do.SkipStep(incident_id="gone", step="s", round=1, reason="r"),
        do.SeeProcedureNotices(incident_id="INC-1", until_ns=1),
        do.StartProcedure(incident_id="INC-1", procedure="violence", reason="r"),
        do.ShareSketch(sketch=Sketch(id="s", form="area", points=())), do.RemoveSketch(sketch_id="s"),
        do.OfferShare(incident_id="INC-1", agency="KR-112"), do.ApproveRequest(request_id="Q"),
        do.RefuseRequest(request_id="Q", code="other", reason="r"), do.RevokeShare(share_id="S", reason="r"),
        do.ChangeRequestCameras(request_id="Q", camera_ids=()),
        do.ChangeShareCameras(share_id="S", camera_ids=()),
        do.OrderControl(control="lamp", device_ids=("L",), value="70"),
        do.ConfirmControl(order_id="O", token="t"), do.CancelControl(order_id="O"),
        do.DraftMessage(content=MessageContent(level="advisory", text=same_words("t"), area=MessageArea(),
                                               valid_min=60)),
        do.DiscardMessage(message_id="M", reason="r"), do.ApproveMessage(message_id="M", digest="d"),
        do.OrderArea(name="market", polygon=(), orders=()), do.TakeBackArea(act_id="A"),
        do.ConfirmArea(act_id="A", token="t"), do.CancelArea(act_id="A"),
        do.AnswerReport(report_id="r", stage="acknowledged", text="t"),
        do.LinkReport(report_id="r", incident_id=""),
        do.OpenReportIncident(report_id="r", type=next(iter(sitting.profile.incident_types))),
        do.OpenTicket(device_ids=("L",), text="dark"), do.ChangeTicket(ticket_id="R-1", stage="closed"),
        do.RemoveDevices(device_ids=("L",), reason="r"), do.ReturnDevices(device_ids=("L",)),
    )  # fmt: skip
    assert {do.name_of(one) for one in every} == set(do.COMMAND_NAMES)
    for command in every:
        text = told(command, sitting.board, sitting.catalogue)
        assert text
        assert "{" not in text
