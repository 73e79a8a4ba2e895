"""Every entry of the record as one sentence, in the language the reader has chosen.

Persons' and partners' own words are quoted as they are; ids are replaced by names where the profile or the
entries before have one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from console.citizens.personal import without_contacts
from console.language import Catalogue
from console.model import events as ev
from console.model.query import AskHistory, AskIncidents, AskLog, LogFilter
from console.model.state import CityState
from console.model.warning import info_for
from console.report.caseworkwords import CASEWORK_FIELDS, outcome_words
from console.report.controlwords import CONTROL_FIELDS
from console.report.gateways import gateway_fields
from console.report.ladderwords import LADDER_FIELDS
from console.report.messagewords import MESSAGE_FIELDS
from console.report.names import (
    CityNames,
    Known,
    agency_name,
    contractor_name,
    device_name,
    district_name,
    owner_name,
    service_name,
    type_name,
    unit_of,
)
from console.report.procedurewords import PROCEDURE_FIELDS
from console.report.sharewords import SHARE_FIELDS
from console.report.times import CityClock

_QUERIES = msgspec.json.Decoder(AskLog | AskIncidents | AskHistory)

SUPPRESSING = ("suppress", "unsuppress")
NAMED_CAMERAS = 3
"""How many cameras a sentence names before it says how many more."""


def describe(entry: ev.Entry, catalogue: Catalogue, profile: CityNames, known: Known | None = None) -> str:
    """What happened, in one line without line breaks. Never fails on a committed entry."""
    return Teller(catalogue, profile, known).sentence(entry)


class Teller:
    """Tells entries in words; keeps what earlier entries said about ids. One thread, the catalogue's."""

    def __init__(self, catalogue: Catalogue, profile: CityNames, known: Known | None = None) -> None:
        self.catalogue: Catalogue = catalogue
        self.profile = profile
        self.known = known if known is not None else Known()

    def learn(self, entries: Iterable[ev.Entry]) -> None:
        """Remember what these entries say about ids that other entries name."""
        self.known.learn(entries)

    def learn_state(self, state: CityState) -> None:
        """Remember what the folded state says about ids."""
        self.known.learn_state(state)

    def sentence(self, entry: ev.Entry) -> str:
        """What happened, in one line."""
        event = entry.event
        fields = _FIELDS[type(event)](self, event)
        text = self.catalogue.say(f"report.event.{ev.kind_of(event)}", **fields)
        return " ".join(text.split())

    def kind(self, kind: str) -> str:
        """The name of an event kind ("Incident opened")."""
        return self.catalogue.say(f"report.kind.{kind}")

    def who(self, entry: ev.Entry) -> str:
        """Who or what made it so: a person by name, a rule, gateway or agency with its sort."""
        person = str(getattr(entry.event, "person", ""))
        if person:
            return person
        sort, _, name = entry.cause.actor.partition(":")
        if sort == "person":
            return name
        if sort == "agency":
            return self.agency(name)
        if sort in ("rule", "gateway"):
            return self.catalogue.say(f"report.actor.{sort}", name=name)
        return self.catalogue.say("report.actor.hub") if sort == "hub" else entry.cause.actor

    def incident(self, entry: ev.Entry) -> str:
        """The id of the incident an entry belongs to, "" for none."""
        return self.known.incident_of(entry.event)

    def place(self, entry: ev.Entry) -> str:
        """Where it happened as a person would say it, "" where it has no place."""
        place = self.known.place_of(entry.event)
        if place is not None:
            return self.catalogue.words(place.name)
        device_id = str(getattr(entry.event, "device_id", ""))
        device = self.profile.devices.get(device_id)
        return self.catalogue.words(device.place.name) if device is not None else ""

    def district(self, entry: ev.Entry) -> str:
        """The district by name, "" where it has none."""
        place = self.known.place_of(entry.event)
        if place is None:
            device = self.profile.devices.get(str(getattr(entry.event, "device_id", "")))
            place = device.place if device is not None else None
        return district_name(self.profile, self.catalogue, place.district) if place is not None else ""

    def type(self, type_id: str) -> str:
        return type_name(self.profile, self.catalogue, type_id)

    def agency(self, agency_id: str) -> str:
        return agency_name(self.profile, self.catalogue, agency_id)

    def device(self, device_id: str) -> str:
        return device_name(self.profile, self.catalogue, device_id)

    def partner(self, handoff_id: str) -> str:
        """The agency a hand-off went to; the hand-off's own id where that is not known."""
        agency_id = self.known.agency_of(handoff_id)
        return self.agency(agency_id) if agency_id else handoff_id

    def cameras(self, camera_ids: tuple[str, ...]) -> str:
        """The first few by name and how many more; "" for none."""
        names = ", ".join(self.device(one) for one in camera_ids[:NAMED_CAMERAS])
        more = len(camera_ids) - NAMED_CAMERAS
        return f"{names} {self.catalogue.say('report.more', count=more)}" if more > 0 else names

    def measured(self, value: float, point_index: int) -> str:
        """A value with its unit."""
        return f"{value:g} {unit_of(self.profile, point_index)}".strip()

    def mode(self, mode_id: str) -> str:
        """A mode of the city by name; the normal one where there is none."""
        mode = self.profile.modes.get(mode_id)
        if mode is not None:
            return self.catalogue.words(mode.name)
        return mode_id or self.catalogue.say("report.mode.normal")

    def outcome(self, outcome: str) -> str:
        """What an incident turned out to be, in words."""
        key = f"report.outcome.{outcome}"
        return self.catalogue.say(key) if key in self.catalogue.keys() else outcome  # noqa: SIM118

    def span(self, from_ns: int, to_ns: int) -> str:
        """From when to when, in the city's time; the day once where it is the same."""
        clock = CityClock(self.profile.time_zone)
        same_day = clock.day(from_ns) == clock.day(to_ns)
        return f"{clock.stamp(from_ns)} – {clock.time(to_ns) if same_day else clock.stamp(to_ns)}"

    def moment(self, at_ns: int) -> str:
        """A moment in the city's time."""
        return CityClock(self.profile.time_zone).stamp(at_ns)

    def added(self, event: ev.Opening | ev.Gathering) -> str:
        return " ".join(self.catalogue.words(one) for one in ev.said_by(event))


def lookup_words(teller: Teller, query: str) -> str:
    """What somebody looked up, from the query as the hub logged it (JSON); as it stands where it is none."""
    try:
        asked = _QUERIES.decode(query)
    except msgspec.DecodeError:
        return query
    say = teller.catalogue.say
    if isinstance(asked, AskHistory):
        return say("report.lookup.history", incident=asked.incident_id)
    say_what = say("report.lookup.log" if isinstance(asked, AskLog) else "report.lookup.incidents")
    further = asked.before_seq if isinstance(asked, AskLog) else asked.before_ns
    parts = [say_what, filter_words(teller, asked.filter), say("report.lookup.further") if further else ""]
    return ", ".join(one for one in parts if one)


def filter_words(teller: Teller, told: LogFilter) -> str:
    """The restrictions of a filter in one line, "" where it restricts nothing."""
    clock = CityClock(teller.profile.time_zone)
    since, until = (clock.stamp(at_ns) if at_ns else "…" for at_ns in (told.since_ns, told.until_ns))
    parts = [f"{since} – {until}"] if told.since_ns or told.until_ns else []
    parts += [teller.kind(one) if one in ev.EVENT_KINDS else one for one in told.kinds]
    parts += [teller.type(told.incident_type)] if told.incident_type else []
    parts += [district_name(teller.profile, teller.catalogue, told.district)] if told.district else []
    parts += [one for one in (told.person, told.incident_id) if one]
    parts += [f"“{told.text}”"] if told.text else []
    return ", ".join(parts)


def _of_handoff(teller: Teller, event: Any) -> dict[str, Any]:
    return {"agency": teller.partner(event.handoff_id), "words": _quoted(teller, event)}


def _quoted(teller: Teller, event: Any) -> str:
    words = teller.catalogue.words(event.words)
    return f": {words}" if words else ""


def _of_alarm(teller: Teller, event: ev.AlarmCleared) -> dict[str, Any]:
    text, point_index = teller.known.alarm(event.alarm_id)
    return {"alarm": teller.catalogue.words(text), "value": teller.measured(event.value, point_index)}


def _alarm(teller: Teller, event: ev.AlarmMoved) -> dict[str, Any]:
    """One sentence for each stimulus; what happens to a hidden alarm says by what it is hidden."""
    say, words = teller.catalogue.say, teller.catalogue.words
    known, point_index = teller.known.alarm(event.alarm_id)
    text, place = words(event.text or known), words(event.place.name) if event.place is not None else ""
    if event.place is None:
        place = teller.device(event.device_id) if event.device_id else text
    hidden = event.stimulus in ("began", "ended") and event.after in "GHI"
    point_index = event.point_index if event.point_index >= 0 else point_index
    what = say(
        f"report.alarm.{event.stimulus}{'_hidden' if hidden else ''}",
        priority=event.priority, alarm=text, place=place,
        value="" if event.value is None else f": {teller.measured(event.value, point_index)}",
        person=event.who.partition(":")[2], why=event.why,
        until=teller.moment(event.until_ns) if event.until_ns else "",
        cause=words(teller.known.alarm(event.why)[0]) if event.stimulus in SUPPRESSING else "",
        state=say(f"report.alarm.state.{event.after}"),
    )
    return {"what": what}


def _signal(teller: Teller, event: ev.SignalReceived) -> dict[str, Any]:
    signal, say = event.signal, teller.catalogue
    return {
        "type": teller.type(signal.type), "place": say.words(signal.place.name), "source": signal.source,
        "percent": f"{signal.confidence * 100:.0f}", "detail": say.words(signal.detail),
    }  # fmt: skip


def _footage(teller: Teller, event: Any) -> dict[str, Any]:
    return {
        "person": event.person, "desk": event.desk, "cameras": teller.cameras(event.camera_ids),
        "span": teller.span(event.from_ns, event.to_ns),
    }  # fmt: skip


def _recorder(teller: Teller, event: ev.RecorderChanged) -> dict[str, Any]:
    report, say = event.report, teller.catalogue.say
    is_recording = report.state == "recording"
    named = [
        f"{teller.device(one.camera_id)} ({missing_words(teller.catalogue, one.reason)})"
        for one in report.missing[:NAMED_CAMERAS]
    ]
    more = report.cameras - report.recorded - len(named)
    named += [say("report.recorder.more", count=more)] if named and more > 0 else []
    problem = f" ({report.problem})" if report.problem else ""
    disk = say("report.recorder.disk", state=say(f"report.recorder.state.{report.disk}"), problem=problem)
    return {
        "recorder": event.recorder,
        "state": say(
            f"report.recorder.{report.state}", recorded=report.recorded, cameras=report.cameras
        ),
        "missing": " " + say("report.recorder.missing", cameras=", ".join(named))
        if named and is_recording else "",
        "disk": f" {disk}" if report.disk != "ok" and is_recording else "",
    }  # fmt: skip


def missing_words(catalogue: Catalogue, reason: str) -> str:
    """Why a camera is not recorded; the reason's own name where we have no words for it."""
    key = f"report.recorder.reason.{reason}"
    return catalogue.say(key) if key in catalogue.keys() else reason  # noqa: SIM118


def _report(teller: Teller, event: ev.ReportReceived) -> dict[str, Any]:
    told, say = event.told, teller.catalogue
    return {
        "report": event.report_id, "service": service_name(teller.profile, say, told.service),
        "place": say.words(told.place.name), "text": without_contacts(told.text),
        "repeats": " " + say.say("report.citizen.repeats", report=event.duplicate_of)
        if event.duplicate_of else "",
    }  # fmt: skip


def _rejected(teller: Teller, event: ev.HandoffRejected) -> dict[str, Any]:
    say = teller.catalogue
    key = f"report.rejection.{event.reason}"
    reason = say.say(key) if key in say.keys() else event.reason  # noqa: SIM118  keys() is not a mapping's
    return {"agency": teller.partner(event.handoff_id), "reason": reason, "words": _quoted(teller, event)}


def _warning(teller: Teller, event: ev.WarningIssued | ev.WarningUpdated) -> dict[str, Any]:
    info = info_for(event.message, event.judged, teller.catalogue.language)
    districts = [district_name(teller.profile, teller.catalogue, one) for one in event.judged.districts]
    say = teller.catalogue.say
    return {
        "headline": info.headline or info.event, "sender": info.sender_name or event.message.sender,
        "where": ", ".join(districts) or say("report.warning.city"),
        "until": teller.moment(event.judged.until_ns),
        "severity": say(f"report.warning.severity.{event.judged.severity}"),
        "exercise": say("report.warning.exercise") if event.message.status == "Exercise" else "",
        "signature": say(f"report.warning.signature.{event.message.signature}"),
    }  # fmt: skip


_FIELDS: dict[type[ev.Event], Callable[[Teller, Any], dict[str, Any]]] = {
    ev.HubStarted: lambda t, e: {"version": e.version, "city": e.city},
    ev.DeskConnected: lambda t, e: {"desk": e.desk, "person": e.person},
    ev.DeskLeft: lambda t, e: {"desk": e.desk, "person": e.person},
    ev.SignalReceived: _signal,
    ev.DeviceConditionChanged: lambda t, e: {
        "device": t.device(e.device_id), "condition": t.catalogue.say(f"report.condition.{e.condition}"),
        "why": t.catalogue.words(e.why),
    },
    ev.AlarmRaised: lambda t, e: {
        "priority": e.priority, "alarm": t.catalogue.words(e.text),
        "place": t.catalogue.words(e.place.name), "value": t.measured(e.value, e.point_index),
    },
    ev.AlarmCleared: _of_alarm,
    ev.AlarmAcknowledged: lambda t, e: {
        "alarm": t.catalogue.words(t.known.alarm(e.alarm_id)[0]), "person": e.person,
    },
    ev.AlarmMoved: _alarm,
    ev.AlarmFloodChanged: lambda t, e: {
        "what": t.catalogue.say(f"report.flood.{'began' if e.flooded else 'ended'}", count=e.alarms),
        "desk": e.desk,
    },
    ev.IncidentOpened: lambda t, e: {
        "type": t.type(e.type), "priority": e.priority, "place": t.catalogue.words(e.place.name),
        "reason": t.added(e),
    },
    ev.IncidentExtended: lambda t, e: {"reason": t.added(e)},
    ev.IncidentAcknowledged: lambda t, e: {"person": e.person},
    ev.IncidentNoted: lambda t, e: {"person": e.person, "text": e.text},
    ev.IncidentResolved: lambda t, e: {"person": e.person, "outcome": t.outcome(e.outcome)},
    ev.IncidentResolved: lambda t, e: {"person": e.person, "outcome": outcome_words(t.catalogue, e.outcome)},
    ev.IncidentClosed: lambda t, e: {"person": e.person},
    ev.HandoffQueued: lambda t, e: {"agency": t.agency(e.agency), "person": e.person, "revision": e.revision},
    ev.HandoffSent: lambda t, e: {"agency": t.partner(e.handoff_id), "attempt": e.attempt},
    ev.HandoffReceived: lambda t, e: {"agency": t.partner(e.handoff_id), "ref": e.agency_ref},
    ev.HandoffAccepted: _of_handoff,
    ev.HandoffRejected: _rejected,
    ev.HandoffDispatched: _of_handoff,
    ev.HandoffArrived: _of_handoff,
    ev.HandoffClosed: _of_handoff,
    ev.HandoffStalled: lambda t, e: {
        "agency": t.partner(e.handoff_id), "reason": t.catalogue.words(e.reason),
    },
    ev.PartnerMessageRefused: lambda t, e: {"agency": t.agency(e.agency), "problem": e.problem},
    ev.PartnerLinkChanged: lambda t, e: {
        "agency": t.agency(e.agency), "why": t.catalogue.words(e.why),
        "state": t.catalogue.say("report.link.up" if e.up else "report.link.down"),
    },
    ev.ViewingStarted: lambda t, e: {
        "person": e.person, "desk": e.desk, "cameras": t.cameras(e.camera_ids), "purpose": e.purpose,
    },
    ev.ViewingEnded: lambda t, e: {"person": e.person, "desk": e.desk, "cameras": t.cameras(e.camera_ids)},
    ev.LogRead: lambda t, e: {"person": e.person, "query": lookup_words(t, e.query)},
    ev.LogExported: lambda t, e: {
        "person": e.person, "what": e.what, "format": e.format.upper(), "reason": e.reason,
    },
    ev.FootageViewed: lambda t, e: {**_footage(t, e), "purpose": e.purpose},
    ev.FootageLocked: lambda t, e: {**_footage(t, e), "reason": e.reason},
    ev.FootageUnlocked: lambda t, e: {"person": e.person, "lock": e.lock_id, "reason": e.reason},
    ev.FootageExportStarted: lambda t, e: {
        **_footage(t, e), "reason": e.reason, "basis": e.legal_basis or "-",
        "form": t.catalogue.say(f"report.export.{e.form}"),
        "copies": ", ".join(t.catalogue.say(f"report.export.{one}") for one in e.copies),
    },
    ev.FootageExportFinished: lambda t, e: {
        "person": e.person, "outcome": t.catalogue.say(f"report.export.{e.outcome}"), "files": e.files,
        "digest": e.manifest_sha256[:16] or "-",
    },
    ev.RecorderChanged: _recorder,
    ev.GatewayChanged: lambda t, e: gateway_fields(t.catalogue, e),
    ev.FieldStateChanged: lambda t, e: {
        "device": t.device(e.subject.partition("/")[0]), "words": t.catalogue.words(e.words),
        "quantity": f" ({quantity})" if (quantity := e.subject.partition("/")[2]) else "",
    },
    ev.LayoutSaved: lambda t, e: {"person": e.person, "layout": e.layout.name},
    ev.SketchShared: lambda t, e: {
        "person": e.person, "form": t.catalogue.say(f"report.sketch.{e.sketch.form}"),
        "text": e.sketch.text or "-", "incident": e.sketch.incident_id or "-",
    },
    ev.SketchRemoved: lambda t, e: {"person": e.person, "sketch": e.sketch_id},
    ev.LayoutDeleted: lambda t, e: {"person": e.person, "layout": e.layout_id},
    ev.CityModeChanged: lambda t, e: {"person": e.person, "mode": t.mode(e.mode)},
    ev.MasksSet: lambda t, e: {
        "person": e.person, "camera": t.device(e.camera_id), "count": len(e.zones), "reason": e.reason,
    },
    ev.MasksLifted: lambda t, e: {
        "person": e.person, "camera": t.device(e.camera_id), "desk": e.desk, "reason": e.reason or "-",
        "until": t.moment(e.until_ns),
    },
    ev.TicketOpened: lambda t, e: {
        "person": e.person, "ticket": e.ticket_id, "devices": t.cameras(e.device_ids), "text": e.text,
        "contractor": contractor_name(t.profile, t.catalogue, e.contractor),
    },
    ev.TicketChanged: lambda t, e: {
        "person": e.person, "ticket": e.ticket_id, "text": e.text or "-",
        "stage": t.catalogue.say(f"report.ticket.{e.stage}"),
    },
    ev.DevicesRemoved: lambda t, e: {
        "person": e.person, "devices": t.cameras(e.device_ids), "reason": e.reason,
        "until": t.moment(e.until_ns) if e.until_ns else t.catalogue.say("report.ticket.open_end"),
    },
    ev.DevicesReturned: lambda t, e: {"person": e.person, "devices": t.cameras(e.device_ids)},
    ev.WarningIssued: _warning,
    ev.WarningUpdated: _warning,
    ev.WarningEnded: lambda t, e: {
        "headline": e.headline, "why": t.catalogue.say(f"report.warning.ended.{e.why}"),
        "note": f" ({e.note})" if e.note else "",
    },
    ev.WarningSetAside: lambda t, e: {
        "headline": e.headline or e.warning_id, "area": e.area or "-",
        "why": t.catalogue.say(f"report.warning.aside.{e.why}"),
    },
    ev.WarningAcknowledged: lambda t, e: {"person": e.person, "warning": t.known.warning(e.warning_id)},
    ev.ReportReceived: _report,
    ev.ReportMatched: lambda t, e: {"report": e.report_id, "reason": t.catalogue.words(e.reason)},
    ev.ReportStatusChanged: lambda t, e: {
        "person": e.person, "report": e.report_id, "stage": t.catalogue.say(f"report.citizen.{e.stage}"),
        "agency": owner_name(t.profile, t.catalogue, e.agency), "text": without_contacts(e.text) or "-",
    },
    ev.ReportContactRead: lambda t, e: {
        "person": e.person, "desk": e.desk, "report": e.report_id, "purpose": e.purpose,
    },
    **CASEWORK_FIELDS,
    **CONTROL_FIELDS,
    **MESSAGE_FIELDS,
    **PROCEDURE_FIELDS,
    **SHARE_FIELDS,
    **LADDER_FIELDS,
}  # fmt: skip
