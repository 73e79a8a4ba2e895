"""The sentences under a thread's rungs: what has to be looked at first, then what was said, newest first.

Pure but for the catalogue's words; no Qt.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from console.handoff.thread.figures import LadderFigures
from console.handoff.thread.readback import differs, metres_between
from console.handoff.thread.responses import both_going
from console.handoff.thread.standing import Standing, standing
from console.handoff.thread.waits import Attention
from console.language import Catalogue
from console.model.citystate import CityState
from console.model.ladder import CancelRequest, PartnerThread, PhoneCall, Statement, Update
from console.profile import Profile
from console.report.names import agency_name, type_name
from widgets.kit.moments import Moments
from widgets.ladder.rungs import came_late

Tone = Literal["amber", "red", "plain", "dim"]


EXACT_S = 120.0


class Line(NamedTuple):
    """One sentence. `act` is the act that answers it, "" for none."""

    tone: Tone
    text: str
    act: str = ""


class ThreadWords:
    """Says a thread in the catalogue's present language. UI thread."""

    def __init__(self, profile: Profile, catalogue: Catalogue, figures: LadderFigures) -> None:
        self._profile, self.catalogue, self.figures = profile, catalogue, figures
        self._moments = Moments(catalogue, profile.time_zone)

    def agency(self, agency_id: str) -> str:
        """The short name."""
        return agency_name(self._profile, self.catalogue, agency_id)

    def number(self, agency_id: str) -> str:
        """What is dialled, "" for an agency the profile does not have."""
        agency = self._profile.agencies.get(agency_id)
        return agency.number if agency is not None else ""

    def clock(self, at_ns: int) -> str:
        return self._moments.clock(at_ns)

    def minute(self, at_ns: int) -> str:
        return self._moments.minute(at_ns)

    def span(self, seconds: float) -> str:
        """In seconds up to two minutes: a wait of 62 s is not "1 min"."""
        if seconds < EXACT_S:
            return self.catalogue.say("kit.age.seconds", n=int(seconds))
        return self._moments.span(seconds)

    def incident(self, state: CityState, incident_id: str) -> str:
        """An incident in a few words: type and place; its id where it is not known (any more)."""
        incident = state.incidents.get(incident_id)
        if incident is None:
            return incident_id
        place = self.catalogue.words(incident.place.name)
        return f"{type_name(self._profile, self.catalogue, incident.type)}, {place}"

    def title(self, thread: PartnerThread, threads: Sequence[PartnerThread]) -> str:
        """Who it is, why there is this thread, their case number, how often it was tried."""
        say = self.catalogue.say
        agency = self._profile.agencies.get(thread.agency)
        short = self.agency(thread.agency)
        name = self.catalogue.words(agency.name) if agency is not None else ""
        parts = [short if not name or name == short else f"{short} · {name}"]
        by_id = {one.id: one for one in threads}
        before = by_id.get(thread.follows)
        if thread.shape == "joint":
            others = [self.agency(one.agency) for one in threads
                      if one.group == thread.group and one.id != thread.id]  # fmt: skip
            parts.append(say("ladder.view.joint", agencies=", ".join(others) or "–"))
        elif before is not None:
            parts.append(say(f"ladder.view.{thread.shape}_of", agency=self.agency(before.agency)))
        if standing(thread).case_ref:
            parts.append(say("ladder.view.case", ref=standing(thread).case_ref))
        return " · ".join(parts)

    def alerts(
        self, thread: PartnerThread, threads: Sequence[PartnerThread], attentions: Iterable[Attention],
        reroute: str = "",
    ) -> tuple[Line, ...]:  # fmt: skip
        """What has to be looked at; `reroute` is the agency that is offered after a refusal."""
        found = [self._wait(one, reroute) for one in attentions if one.what != "look"]
        say = self.catalogue.say
        for flag in thread.flags:
            what = say(f"ladder.flag.{flag.what}")
            text = say("ladder.view.flagged", clock=self.clock(flag.at_ns), what=what)
            found.append(Line("amber", text, "seen"))
            if flag.what == "read_back":
                found += self._read_back(thread, flag.message_id)
        for first, second in both_going(threads):
            if thread.id in (first, second):
                by_id = {one.id: one for one in threads}
                pair = (self.agency(by_id[first].agency), self.agency(by_id[second].agency))
                found.append(Line("amber", say("ladder.view.both_going", first=pair[0], second=pair[1])))
        return tuple(found)

    def story(self, thread: PartnerThread, threads: Sequence[PartnerThread]) -> tuple[Line, ...]:
        """How it stands and what was said, the newest first."""
        now = standing(thread)
        first = [one for one in (self._refusal(thread, now), self._ended(thread, threads, now),
                                 self._transfer(thread, threads, now)) if one is not None]  # fmt: skip
        if now.unit:
            first.append(Line("plain", self.catalogue.say("ladder.view.unit", unit=now.unit)))
        told: list[tuple[int, Line]] = []
        for one in thread.statements:
            line = self._said(thread, one)
            if line is not None:
                told.append((one.heard_ns, line))
        told += [(each.at_ns, self._update(each)) for each in thread.updates]
        told += [(each.at_ns, self._call(each)) for each in thread.calls]
        if thread.cancel is not None:
            told.append((thread.cancel.at_ns, self._cancel(thread.cancel, now)))
        told.sort(key=lambda each: each[0])  # stable: what came later at one moment stays later
        if thread.statements_left_out:
            first.append(
                Line("amber", self.catalogue.say("ladder.view.left_out", count=thread.statements_left_out))
            )
        if thread.attempts > 1 and not thread.receipt_ns:
            first.append(Line("dim", self.catalogue.say("ladder.view.attempts", count=thread.attempts)))
        return (*first, *(line for _, line in reversed(told)))

    def attention(self, one: Attention) -> str:
        """One wait in a sentence, with how long it has lasted."""
        waited = self.span(one.waited_s)
        return self.catalogue.say(
            "ladder.view.waited", what=self.catalogue.say(f"ladder.wait.{one.what}"), waited=waited
        )

    def short(self, one: Attention, thread: PartnerThread) -> str:
        """One wait in a few words: who, what, how long."""
        name = "card" if one.level == "card" else one.what
        what = self.catalogue.say(f"ladder.chip.{name}", agency=self.agency(thread.agency))
        return f"{what} {self.span(one.waited_s)}"

    def _wait(self, one: Attention, reroute: str) -> Line:
        tone: Tone = "amber" if one.level == "amber" else "red"
        text, act = self.attention(one), ""
        say = self.catalogue.say
        if one.what == "reroute" and reroute:
            text, act = f"{text} {say('ladder.view.offer_reroute', agency=self.agency(reroute))}", "reroute"
        elif one.level == "card":
            text, act = f"{text} {say('ladder.view.offer_phone')}", "phone"
        elif one.what == "send":
            act = "draft"
        elif one.next_s is not None and one.level == "red":
            text = f"{text} {say('ladder.view.card_in', seconds=max(1, round(one.next_s)))}"
        return Line(tone, text, act)

    def _read_back(self, thread: PartnerThread, message_id: str) -> list[Line]:
        say, sent = self.catalogue.say, thread.essence
        back = next((one.read_back for one in thread.statements if one.message_id == message_id), None)
        if back is None:
            return []
        found = []
        for name in differs(sent, back, self.figures.thread.read_back_within_m):
            if name == "place":
                metres = metres_between(sent.position, back.position)
                far = say("ladder.view.metres", metres=f"{metres:,.0f}") if metres == metres else "?"
                text = say("ladder.view.back_place", place=back.place or "–", far=far, ours=sent.place or "–")
            elif name == "type":
                ours, theirs = (type_name(self._profile, self.catalogue, one.type) for one in (sent, back))
                text = say("ladder.view.back_type", theirs=theirs, ours=ours)
            else:
                text = say("ladder.view.back_code", theirs=back.code, ours=sent.code)
            found.append(Line("amber", text, "update"))
        return found

    def _refusal(self, thread: PartnerThread, now: Standing) -> Line | None:
        if now.rung != "refused":
            return None
        said = self.catalogue.words(now.words)
        tone: Tone = "plain" if now.end else "red"
        return Line(tone, self.catalogue.say("ladder.view.refused", reason=self._reason(now.reason, said)))

    def _reason(self, reason: str, words: str) -> str:
        """Why, in words of ours where the reason is a known one; else as the partner wrote it."""
        try:
            known = self.catalogue.say(f"handoff.reason.{reason}") if reason else ""
        except KeyError:
            known = reason
        return ": ".join(one for one in (known, words if words != known else "") if one) or "–"

    def _ended(
        self, thread: PartnerThread, threads: Sequence[PartnerThread], now: Standing
    ) -> Line | None:
        if not now.end:
            return None
        say = self.catalogue.say
        text = say(f"ladder.end.{now.end}")
        if now.end == "transferred" and now.to_agency:
            text = say("ladder.view.transferred_to", agency=self.agency(now.to_agency))
        elif now.end == "rerouted":
            after = next((one for one in threads if one.id == thread.rerouted_to), None)
            if after is not None:
                text = say("ladder.view.rerouted_to", agency=self.agency(after.agency))
        elif now.end == "given_up":
            text = f"{text}: {thread.given_up_why}"
        elif now.end == "closed":
            result = self._reason(now.reason, self.catalogue.words(now.words))
            text = say("ladder.view.closed", result=result)
        return Line("plain", say("ladder.view.over", how=text))

    def _transfer(
        self, thread: PartnerThread, threads: Sequence[PartnerThread], now: Standing
    ) -> Line | None:
        """What a transfer waits for: the first partner is responsible until the second has accepted."""
        after = next((one for one in threads if one.follows == thread.id and one.shape == "transfer"
                      and not standing(one).end), None)  # fmt: skip
        if now.end or after is None or now.rung == "refused":
            return None
        own, other = self.agency(thread.agency), self.agency(after.agency)
        key = "transfer_done" if standing(after).taken else "transfer_waits"
        return Line("plain", self.catalogue.say(f"ladder.view.{key}", own=own, other=other))

    def _said(self, thread: PartnerThread, one: Statement) -> Line | None:
        """What the partner said, where it is more than a rung with its time."""
        say, now = self.catalogue.say, standing(thread)
        words = self.catalogue.words(one.words)
        late = came_late(thread, one)
        told = (one.said == "refused" and now.rung == "refused") or one.said == now.end == "closed"
        told = told and (one.words == now.words or not words) and one.reason == now.reason
        if not late and (told or (words == one.unit and one.said == "assigned")):
            return None  # it stands above as the reason, the result or the unit
        if not words and not late and one.said not in ("cancel_refused", "refused"):
            return None
        what = say(f"ladder.view.said.{one.said}")
        reason = self._reason(one.reason, words) if one.reason or words else ""
        key = "ladder.view.they_late" if late else "ladder.view.they"
        text = say(
            key, clock=self.clock(one.heard_ns), said_clock=self.clock(one.said_at_ns),
            what=f"{what}: {reason}" if reason else what,
        )  # fmt: skip
        return Line("amber" if late else "plain", text)

    def _update(self, one: Update) -> Line:
        say = self.catalogue.say
        known = say("ladder.view.confirmed", clock=self.clock(one.receipt_ns)) if one.receipt_ns else ""
        state = known or say("ladder.view.unconfirmed")
        return Line("plain", say("ladder.view.update", clock=self.clock(one.at_ns), person=one.person,
                                 text=one.text, state=state))  # fmt: skip

    def _cancel(self, asked: CancelRequest, now: Standing) -> Line:
        state = self.catalogue.say(f"ladder.view.cancel.{now.cancel or 'requested'}")
        text = self.catalogue.say(
            "ladder.view.cancel_asked", clock=self.clock(asked.at_ns), person=asked.person,
            reason=asked.reason, state=state,
        )  # fmt: skip
        return Line("amber" if now.cancel == "refused" else "plain", text)

    def _call(self, call: PhoneCall) -> Line:
        say = self.catalogue.say
        text = say(
            "ladder.view.called", clock=self.clock(call.called_at_ns), name=call.name or "–",
            channel=say(f"ladder.channel.{call.channel}"), outcome=say(f"ladder.outcome.{call.outcome}"),
            person=call.person,
        )  # fmt: skip
        case = say("ladder.view.case", ref=call.case_ref) if call.case_ref else ""
        tone: Tone = "amber" if call.outcome == "refused" else "plain"
        return Line(tone, ": ".join(one for one in (text, case, call.words) if one))
