"""The evening of the demo: what an operator does anyway does the steps of the procedure, by the log."""

from __future__ import annotations

import msgspec

from console.model import events as ev
from console.model.base import Place, Position, same_words
from console.model.citystate import CityState
from console.model.control import ExpectedEffect
from console.model.procedure import Procedure
from console.model.procedurefacts import hear
from console.model.procedurerun import ProcedureRun
from console.model.state import apply
from console.profile.procedures import ProcedureBook
from console.rules.procedure import engine
from tests.rules.procedure.steps import S, run_of

WHY = same_words("why")
PLACE = Place(name=same_words("underpass"), position=Position(lat=37.28, lon=126.99))


class Evening:
    """One incident with its procedure, and the hub's turn: fold, hear, look."""

    def __init__(self, told: Procedure) -> None:
        self.told, self.state, self.at_s, self.seq = told, CityState(), 100, 0
        self.runs = {"I-1": ProcedureRun(incident_id="I-1")}
        self.happens(ev.AlarmMoved(
            alarm_id="UND-1/close", occurrence="UND-1/close@1", at_ns=S, before="A", after="B",
            stimulus="began", active=True, who="rule:alarm", priority=1, place=PLACE, text=WHY,
        ))  # fmt: skip
        self.happens(ev.IncidentOpened(
            incident_id="I-1", type="underpass_flood", priority=1, place=PLACE, reason=WHY,
            alarm_id="UND-1/close@1", camera_ids=("CAM-1",), device_ids=("UND-1",),
        ))  # fmt: skip
        self.runs["I-1"] = run_of(engine.start(told, self.run, self.at_s * S), self.run)

    @property
    def run(self) -> ProcedureRun:
        return self.runs["I-1"]

    @property
    def open(self) -> list[str]:
        return [one.step for one in self.run.open_steps]

    def happens(self, event: ev.AnyEvent, after_s: int = 1) -> None:
        self.at_s += after_s
        self.seq += 1
        entry = ev.Entry(
            run="r", seq=self.seq, at_ns=self.at_s * S, cause=ev.Cause(actor="hub"), event=event
        )
        apply(self.state, entry)
        self.runs.update(hear(self.runs, self.state, entry))
        self.runs["I-1"] = run_of(engine.look(self.told, self.run, self.at_s * S), self.run)

    def ordered(self, order_id: str, control: str, value: str, device: str, effect: bool = True) -> None:
        self.happens(ev.ControlOrdered(
            order_id=order_id, desk="d", person="kim", control=control, device_ids=(device,), value=value,
            value_words=WHY, summary=WHY, answer_s=20.0, incident_id="I-1",
            effect=ExpectedEffect(quantity="q", low=0.5, high=1.0, within_s=30.0) if effect else None,
        ))  # fmt: skip
        self.happens(ev.ControlSent(
            order_id=order_id, gateway="g", device_ids=(device,), answer_by_ns=(self.at_s + 20) * S
        ))  # fmt: skip
        self.happens(ev.ControlAnswered(order_id=order_id, device_ids=(device,), outcome="done", words=WHY))
        if effect:
            self.happens(ev.ControlTookEffect(order_id=order_id, device_ids=(device,)))

    def handed_off(self, agency: str) -> None:
        self.happens(ev.HandoffQueued(
            handoff_id=f"H-{agency}", key=f"I-1:{agency}:1", incident_id="I-1", agency=agency, revision=1,
            person="kim", message_sha256="0",
        ))  # fmt: skip
        self.happens(ev.HandoffReceived(handoff_id=f"H-{agency}", agency_ref="7"))

    def says(self, step: str, answer: str = "", comment: str = "") -> None:
        self.at_s += 1
        moves = engine.answer(self.told, self.run, step, self.at_s * S, "kim", answer, comment)
        self.runs["I-1"] = run_of(moves, self.run)


def test_the_orders_and_handoffs_of_a_flooded_underpass_do_their_steps(
    books: dict[str, ProcedureBook],
) -> None:
    it = Evening(books["suwon"].by_type["underpass_flood"])
    assert it.open == ["barrier"]
    it.handed_off("KR-112")
    assert it.open == ["barrier"], "the police know, and the underpass is still open"
    it.ordered("O-1", "barrier", "close", "BAR-1")
    assert it.open == ["signs", "pump", "inside"]
    it.ordered("O-2", "pump_run", "on", "UPU-3")
    it.ordered("O-3", "sign_text", "지하차도 침수", "VMS-1", effect=False)
    assert it.open == ["inside"]
    it.says("inside", "yes")
    assert it.open == ["rescue"]
    it.handed_off("KR-119")
    assert it.open == ["rescue_there", "rooms"], "the police were told before"
    it.says("rooms")
    it.says("message", comment="not needed, the signs are enough")
    it.says("others")
    assert it.open == ["rescue_there", "gone"]
    it.happens(ev.HandoffArrived(handoff_id="H-KR-119"))
    it.happens(ev.AlarmMoved(
        alarm_id="UND-1/close", occurrence="UND-1/close@1", at_ns=S, before="B", after="D", stimulus="ended",
        active=False, who="rule:alarm", priority=1, place=PLACE, text=WHY,
    ))  # fmt: skip
    assert it.open == ["inspect"]
    it.says("inspect", comment="Park of the roads office: dry, pump tried")
    it.says("open", "yes")
    it.ordered("O-4", "barrier", "open", "BAR-1")
    it.says("signs_off")
    it.says("outcome", comment="Closed half an hour; one car inside, nobody hurt.")
    it.happens(ev.IncidentResolved(incident_id="I-1", person="kim", outcome="real"))
    assert not it.run.going and not it.run.notices
    done_by_log = [one for one in it.run.steps if one.who == "rule:procedure"]
    assert len(done_by_log) == 9, [one.step for one in it.run.steps if one not in done_by_log]


def test_a_barrier_that_does_not_move_calls_the_field_person_and_holds_nothing_up(
    books: dict[str, ProcedureBook],
) -> None:
    it = Evening(books["suwon"].by_type["underpass_flood"])
    it.ordered("O-1", "barrier", "close", "BAR-1", effect=False)
    assert it.open == ["barrier"], "said is not measured"
    it.happens(ev.ControlHadNoEffect(order_id="O-1", device_ids=("BAR-1",), words=WHY), 30)
    assert it.open == ["field", "signs", "pump", "inside"]
    it.happens(ev.DeskConnected(desk="d", person="lee"), 60)
    late = {one.step for one in it.run.open_steps if one.overdue_ns}
    assert late == {"field", "signs", "inside"}
    assert [one.step for one in it.run.unseen()] == ["inside"], "told to the supervisor"


def test_a_run_crosses_a_process_as_it_is(books: dict[str, ProcedureBook]) -> None:
    it = Evening(books["glasgow"].by_type["underpass_flood"])
    it.ordered("O-1", "barrier", "close", "BAR-1")
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(it.run), type=ProcedureRun) == it.run
