"""What the field's rules say, decided: told where it differs from what is known, with what it calls for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from console.model import events as ev
from console.model.casework import Clue
from console.model.fieldstate import ORDINARY
from console.model.state import CityState
from console.rules.casework.opening import OnTheLog
from console.rules.draft import Decision, Drafting
from console.rules.field.watch import FieldWatch, Finding
from console.rules.triage import Triage
from console.telemetry.table import PointTable

MOST_AT_ONCE = 200
"""Changes of one look, for all rules; the rest is told at the next."""


def decide_field(
    triage: Triage, state: CityState, watches: Sequence[FieldWatch], table: PointTable, now_ns: int
) -> Iterator[Decision]:
    """One decision for each subject of which a rule says something else than before.

    Each has to be folded into the state before the next is asked for: incidents are numbered by it.
    """
    left = MOST_AT_ONCE
    for watch in watches:
        own = {id_: one for id_, one in state.field_states.items() if one.rule == watch.rule}
        found = watch.look(table, now_ns, own)
        for subject, said in found.items():
            before = own.get(subject)
            if left and (before is None or before.state != said):
                left -= 1
                yield _changed(triage, state, watch, subject, said, now_ns)
        for subject in sorted(own.keys() - found.keys()):
            if left:
                left -= 1
                drafting = Drafting(ev.Cause(actor=f"rule:{watch.rule}"))
                words = triage.phrase("field.ordinary", en=(), ko=())
                drafting.add(
                    ev.FieldStateChanged(
                        subject=subject, rule=watch.rule, state=ORDINARY, grade="note", words=words
                    )
                )
                yield Decision(tuple(drafting.drafts))


def _changed(
    triage: Triage, state: CityState, watch: FieldWatch, subject: str, said: str, now_ns: int
) -> Decision:
    finding: Finding = watch.finding(subject, said)
    drafting = Drafting(ev.Cause(actor=f"rule:{watch.rule}"))
    drafting.add(
        ev.FieldStateChanged(
            subject=subject, rule=watch.rule, state=said, grade=finding.grade, words=finding.words
        )
    )
    type_id = triage.type_for_signal(finding.signal) if finding.signal else ""
    device = triage.city.devices.get(subject.partition("/")[0])
    if type_id and device is not None:
        reason = triage.phrase(
            "field.reason", en=(device.name.en, finding.words.en), ko=(device.name.ko, finding.words.ko)
        )
        position = device.place.position
        clue = Clue(
            uid=f"{watch.rule}:{subject}={said}@{now_ns}", source="alarm", type=type_id, at_ns=now_ns,
            lat=position.lat, lon=position.lon, device_id=device.id, rule=watch.rule,
        )  # fmt: skip
        triage.raise_incident(
            state, drafting, clue, device.place, reason, now_ns, OnTheLog("", "", (device.id,))
        )
    return Decision(tuple(drafting.drafts))
