"""Orders about the threads of hand-offs, decided: drafts, sending, updates, cancels, calls.

What follows from an order is worked out by `console.handoff.thread`; here it becomes entries and messages
owed. Entries that a message says the time of have that very time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, Protocol

from msgspec.structs import replace

from console.handoff.phone import check_call
from console.handoff.thread.figures import LadderFigures, ladder
from console.handoff.thread.inputs import (
    AnyInput,
    Called,
    CancelAsked,
    Drafted,
    GivenUp,
    Queued,
    Rerouted,
    Seen,
    UpdateQueued,
)
from console.handoff.thread.responses import ResponseRefused, instead, joint
from console.handoff.thread.steps import Step, step
from console.model import commands as do
from console.model import events as ev
from console.model.base import Words
from console.model.handoff import OutboxRow
from console.model.incident import Incident
from console.model.ladder import CancelRequest, Essence, PartnerThread, PhoneCall, Update
from console.model.state import CityState
from console.model.threadstanding import standing
from console.rules.city import City, Phrase
from console.rules.draft import NOTHING, Decision, Draft, Drafting, Refusal

Owed = tuple[bytes, str]
"""A message's bytes and media type."""
TakeOn = Callable[[CityState, do.Request, Incident, Drafting, int], None]
"""Adds that who hands off what nobody has, has it."""


class LadderMessages(Protocol):
    """What the messages of a thread are made from. All that makes one raises ValueError with the reason."""

    def speaks_with(self, agency: str) -> bool:
        """Whether a file says how this agency is spoken with."""
        ...

    def card(self, agency: str) -> Collection[str]:
        """The fields of the agency's card, by id."""
        ...

    def essence(self, incident: Incident, agency: str) -> Essence: ...

    def request(self, state: CityState, incident: Incident, thread: PartnerThread) -> Owed:
        """The first message. The thread says when it was queued, by whom and under which message id."""
        ...

    def cancel(self, asked: CancelRequest, thread: PartnerThread) -> Owed: ...

    def update(self, update: Update, thread: PartnerThread) -> Owed: ...

    def masked(self, text: str) -> str:
        """For the log: without numbers and addresses of persons."""
        ...

    def keep(self, thread_id: str, text: str, fields: Sequence[tuple[str, str]]) -> None:
        """Hold a person's words as they are, apart from the log. Empty `fields` leave those that are held."""
        ...

    def keep_on(self, thread_id: str, from_thread: str) -> str:
        """A new thread begins with the words of another; answers them masked."""
        ...

    def keep_number(self, thread_id: str, call: int, number: str) -> None:
        """Hold the number of a call, apart from the log."""
        ...


class LadderRules:
    """Decides the commands about threads."""

    def __init__(
        self, city: City, phrase: Phrase, messages: LadderMessages, take_on: TakeOn | None = None,
        figures: LadderFigures | None = None,
    ) -> None:  # fmt: skip
        self._city, self._phrase, self._messages = city, phrase, messages
        self._take_on = take_on
        self._figures = figures or ladder()
        self.decide: dict[type[do.Command], Callable[..., Decision | Refusal]] = {
            do.DraftHandoff: self._draft, do.EditDraft: self._edit, do.SendDraft: self._send,
            do.UpdateHandoff: self._update, do.CancelHandoff: self._cancel,
            do.TransferHandoff: self._transfer, do.RerouteHandoff: self._reroute, do.RecordCall: self._call,
            do.SeeFlags: self._see, do.GiveUpHandoff: self._give_up, do.HandOffIncident: self._at_once,
        }  # fmt: skip

    def _draft(
        self, state: CityState, request: do.Request, command: do.DraftHandoff, draft: Drafting, now: int
    ) -> Decision | Refusal:
        incident = self._open_incident(state, command.incident_id)
        if isinstance(incident, Refusal):
            return incident
        if len(command.text) > self._figures.thread.text_chars:
            return self._refuse("ladder_text", limit=str(self._figures.thread.text_chars))
        for agency in command.agencies:
            if agency not in self._city.agencies:
                return self._refuse("unknown_agency", agency=agency)
            if not self._messages.speaks_with(agency):
                return self._refuse("ladder_no_kind", agency=agency)
        threads = threads_of(state, incident.id)
        lying = {one.agency: one for one in threads if is_draft(one)}
        missing = [one for one in command.agencies if one not in lying]
        try:
            if not missing and len(set(command.agencies)) == len(command.agencies) > 0:
                begun: tuple[Drafted, ...] = ()
            else:
                essence = self._messages.essence(incident, missing[0] if missing else "")
                begun = joint(
                    [one for one in threads if not is_draft(one)], incident.id,
                    missing or list(command.agencies), request.person, essence, now,
                )  # fmt: skip
        except ResponseRefused as refused:
            return self._of_response(refused, command.agencies, threads)
        except ValueError as problem:
            return self._refuse("no_packet", problem=str(problem))
        text = command.text.strip()
        for agency, thread in lying.items():
            if text and agency in command.agencies:
                self._messages.keep(thread.id, text, ())
                draft.add(
                    ev.HandoffEdited(
                        handoff_id=thread.id, person=request.person, text=self._messages.masked(text)
                    )
                )
        for one in begun:
            self._messages.keep(one.id, text, ())
            draft.add(_drafted(one, self._messages.masked(text)))
        return Decision(_at(draft, now))

    def _edit(
        self, state: CityState, request: do.Request, command: do.EditDraft, draft: Drafting, now: int
    ) -> Decision | Refusal:
        thread = self._known(state, command.thread_id)
        if isinstance(thread, Refusal):
            return thread
        if not is_draft(thread):
            return self._refuse("ladder_not_a_draft")
        limit = self._figures.thread.text_chars
        if any(len(one) > limit for one in (command.text, *(text for _, text in command.fields))):
            return self._refuse("ladder_text", limit=str(limit))
        unknown = [name for name, _ in command.fields if name not in self._messages.card(thread.agency)]
        if unknown:
            return self._refuse("ladder_field", field=unknown[0][:40])
        self._messages.keep(thread.id, command.text.strip(), command.fields)
        draft.add(
            ev.HandoffEdited(
                handoff_id=thread.id, person=request.person,
                text=self._messages.masked(command.text.strip()),
                fields=tuple(name for name, _ in command.fields),
            )
        )
        return Decision(_at(draft, now))

    def _send(
        self, state: CityState, request: do.Request, command: do.SendDraft, draft: Drafting, now: int
    ) -> Decision | Refusal:
        known = []
        for thread_id in dict.fromkeys(command.thread_ids):
            thread = self._known(state, thread_id)
            if isinstance(thread, Refusal):
                return thread
            if not thread.queued_ns:
                known.append(thread)
        if not command.thread_ids:
            return self._refuse("ladder_nobody")
        return self._sent(state, request, known, draft, now) if known else NOTHING

    def _at_once(
        self, state: CityState, request: do.Request, command: do.HandOffIncident, draft: Drafting, now: int
    ) -> Decision | Refusal:
        """Draft and send in one order: for an act that needs no look at the draft."""
        drafted = self._draft(
            state, request,
            do.DraftHandoff(
                incident_id=command.incident_id, agencies=(command.agency,), text=command.text
            ),
            draft, now,
        )  # fmt: skip
        if isinstance(drafted, Refusal):
            return drafted
        lying = [
            one for one in threads_of(state, command.incident_id)
            if one.agency == command.agency and is_draft(one)
        ]  # fmt: skip
        begun = [one.event for one in drafted.drafts if isinstance(one.event, ev.HandoffDrafted)]
        return self._sent(
            state, request, [*lying, *(_thread(one, now) for one in begun)], draft, now, drafted.drafts
        )

    def _sent(
        self, state: CityState, request: do.Request, threads: Sequence[PartnerThread], draft: Drafting,
        now: int, before: tuple[Draft, ...] = (),
    ) -> Decision | Refusal:  # fmt: skip
        """All or none."""
        draft.drafts.clear()
        rows = []
        incident = self._open_incident(state, threads[0].incident_id)
        if isinstance(incident, Refusal):
            return incident
        group = threads[0].group or (threads[0].id if len(threads) > 1 else "")
        for thread in threads:
            taken = step(thread, Queued(at_ns=now, message_id=thread.key), self._figures)
            if taken.code:
                return self._refuse(f"ladder_{taken.code}")
            shape = "joint" if len(threads) > 1 and thread.shape == "single" else thread.shape
            after = replace(taken.thread, person=request.person, shape=shape, group=thread.group or group)
            try:
                after = replace(after, essence=self._messages.essence(incident, thread.agency))
                owed = self._messages.request(state, incident, after)
            except ValueError as problem:
                return self._refuse("no_packet", problem=str(problem))
            rows.append(_row(after, after.message_id, owed, now))
            draft.add(
                ev.HandoffQueued(
                    handoff_id=after.id, key=after.key, incident_id=after.incident_id, agency=after.agency,
                    revision=after.revision, person=request.person, message_sha256=_digest(owed),
                    message_id=after.message_id,
                    essence=after.essence if after.essence != thread.essence else None,
                    shape=after.shape if after.shape != thread.shape else None,
                    group=after.group if after.group != thread.group else "",
                )
            )
            refused = state.threads.get(thread.follows) if thread.shape == "reroute" else None
            if refused is not None and not step(
                refused, Rerouted(at_ns=now, to_thread=thread.id), self._figures
            ).code:
                draft.add(ev.HandoffRerouted(handoff_id=refused.id, to_thread=thread.id))
        taking = Drafting(draft.cause)
        if self._take_on is not None:
            self._take_on(state, request, incident, taking, now)
        return Decision((*before, *taking.drafts, *_at(draft, now)), outbox=tuple(rows))

    def _update(
        self, state: CityState, request: do.Request, command: do.UpdateHandoff, draft: Drafting, now: int
    ) -> Decision | Refusal:
        thread = self._known(state, command.thread_id)
        if isinstance(thread, Refusal):
            return thread
        return self.update(thread, request.person, command.text.strip(), draft, now)

    def update(
        self, thread: PartnerThread, person: str, text: str, draft: Drafting, now: int
    ) -> Decision | Refusal:
        """Tell the partner more; also what the console adds by itself."""
        update = Update(
            message_id=f"{thread.key}:u{len(thread.updates) + 1}", at_ns=now, person=person, text=text
        )
        taken = step(thread, UpdateQueued(update=update), self._figures)
        if taken.code:
            return self._refuse(f"ladder_{taken.code}", limit=str(self._figures.thread.text_chars))
        try:
            owed = self._messages.update(update, taken.thread)
        except ValueError as problem:
            return self._refuse("no_packet", problem=str(problem))
        draft.add(
            ev.HandoffUpdateQueued(
                handoff_id=thread.id, message_id=update.message_id, person=person,
                text=self._messages.masked(text), message_sha256=_digest(owed),
            )
        )
        return Decision(_at(draft, now), outbox=(_row(thread, update.message_id, owed, now),))

    def _cancel(
        self, state: CityState, request: do.Request, command: do.CancelHandoff, draft: Drafting, now: int
    ) -> Decision | Refusal:
        thread = self._known(state, command.thread_id)
        if isinstance(thread, Refusal):
            return thread
        return self.cancel(thread, request.person, command.reason.strip(), draft, now)

    def cancel(
        self, thread: PartnerThread, person: str, reason: str, draft: Drafting, now: int
    ) -> Decision | Refusal:
        """Ask the partner to drop it."""
        limit = self._figures.thread.text_chars
        if len(reason) > limit:
            return self._refuse("ladder_reason", limit=str(limit))
        asked = CancelAsked(at_ns=now, message_id=f"{thread.key}:c1", person=person, reason=reason)
        taken = step(thread, asked, self._figures)
        if taken.code:
            return self._refuse(f"ladder_{taken.code}", limit=str(limit))
        if taken.verdict == "repeated":  # the same request again: it was asked
            return self._refuse("ladder_already_asked")
        assert taken.thread.cancel is not None
        try:
            owed = self._messages.cancel(taken.thread.cancel, taken.thread)
        except ValueError as problem:
            return self._refuse("no_packet", problem=str(problem))
        draft.add(
            ev.HandoffCancelAsked(
                handoff_id=thread.id, message_id=asked.message_id, person=person,
                reason=self._messages.masked(reason), message_sha256=_digest(owed),
            )
        )
        return Decision(_at(draft, now), outbox=(_row(thread, asked.message_id, owed, now),))

    def _transfer(
        self, state: CityState, request: do.Request, command: do.TransferHandoff, draft: Drafting, now: int
    ) -> Decision | Refusal:
        return self._instead(state, request, command.thread_id, command.agency, draft, now)

    def _reroute(
        self, state: CityState, request: do.Request, command: do.RerouteHandoff, draft: Drafting, now: int
    ) -> Decision | Refusal:
        return self._instead(state, request, command.thread_id, command.agency, draft, now, refused=True)

    def _instead(
        self, state: CityState, request: do.Request, thread_id: str, agency: str, draft: Drafting, now: int,
        refused: bool = False,
    ) -> Decision | Refusal:  # fmt: skip
        """A draft for another agency with what this one was told."""
        thread = self._known(state, thread_id)
        if isinstance(thread, Refusal):
            return thread
        incident = self._open_incident(state, thread.incident_id)
        if isinstance(incident, Refusal):
            return incident
        if agency not in self._city.agencies:
            return self._refuse("unknown_agency", agency=agency)
        if not self._messages.speaks_with(agency):
            return self._refuse("ladder_no_kind", agency=agency)
        if not thread.queued_ns:
            return self._refuse("ladder_not_sent")
        threads = threads_of(state, thread.incident_id)
        if any(is_draft(one) and one.agency == agency and one.follows == thread.id for one in threads):
            return NOTHING
        if refused and thread.rerouted_to:
            return self._refuse("ladder_already_rerouted")
        try:
            begun = instead(threads, thread, agency, request.person, now)
        except ResponseRefused as problem:
            return self._of_response(problem, (agency,), threads)
        if refused and begun.shape != "reroute":
            return self._refuse("ladder_not_refused")
        draft.add(_drafted(begun, self._messages.keep_on(begun.id, thread.id)))
        return Decision(_at(draft, now))

    def _call(
        self, state: CityState, request: do.Request, command: do.RecordCall, draft: Drafting, now: int
    ) -> Decision | Refusal:
        thread = self._known(state, command.thread_id)
        if isinstance(thread, Refusal):
            return thread
        call = PhoneCall(
            at_ns=now, called_at_ns=command.called_at_ns, person=request.person, name=command.name.strip(),
            channel=command.channel, outcome=command.outcome, number=command.number.strip(),
            case_ref=command.case_ref.strip(), words=command.words.strip(),
        )  # fmt: skip
        problems = check_call(call, thread, now, self._figures)
        if problems:
            words = Words(en=" ".join(one.en for one in problems), ko=" ".join(one.ko for one in problems))
            reason = self._phrase("refused.ladder_call", problem="{problem}")
            return Refusal("ladder_call", Words(
                en=reason.en.replace("{problem}", words.en), ko=reason.ko.replace("{problem}", words.ko)
            ))  # fmt: skip
        logged = replace(call, number="", words=self._messages.masked(call.words))
        taken = step(thread, Called(call=logged), self._figures)
        if taken.code:
            return self._refuse(f"ladder_{taken.code}")
        if call.number:
            self._messages.keep_number(thread.id, len(thread.calls), call.number)
        draft.add(ev.HandoffCalled(handoff_id=thread.id, call=logged))
        return Decision(_at(draft, now))

    def _see(
        self, state: CityState, request: do.Request, command: do.SeeFlags, draft: Drafting, now: int
    ) -> Decision | Refusal:
        thread = self._known(state, command.thread_id)
        if isinstance(thread, Refusal):
            return thread
        if not thread.flags or self._took(thread, Seen(at_ns=now, person=request.person)) is None:
            return NOTHING
        draft.add(ev.HandoffFlagsSeen(handoff_id=thread.id, person=request.person))
        return Decision(tuple(draft.drafts))

    def _give_up(
        self, state: CityState, request: do.Request, command: do.GiveUpHandoff, draft: Drafting, now: int
    ) -> Decision | Refusal:
        thread = self._known(state, command.thread_id)
        if isinstance(thread, Refusal):
            return thread
        reason, limit = command.reason.strip(), self._figures.thread.text_chars
        if len(reason) > limit:
            return self._refuse("ladder_reason", limit=str(limit))
        if not is_draft(thread):
            taken = step(thread, GivenUp(at_ns=now, person=request.person, reason=reason), self._figures)
            if taken.code:
                return self._refuse(f"ladder_{taken.code}", limit=str(limit))
        draft.add(
            ev.HandoffGivenUp(
                handoff_id=thread.id, person=request.person, reason=self._messages.masked(reason)
            )
        )
        return Decision(tuple(draft.drafts), settled=message_ids(thread))

    def _took(self, thread: PartnerThread, said: AnyInput) -> Step | None:
        taken = step(thread, said, self._figures)
        return None if taken.code or taken.thread is thread else taken

    def _known(self, state: CityState, thread_id: str) -> PartnerThread | Refusal:
        thread = state.threads.get(thread_id)
        return thread if thread is not None else self._refuse("ladder_unknown", thread=thread_id[:120])

    def _open_incident(self, state: CityState, incident_id: str) -> Incident | Refusal:
        incident = state.incidents.get(incident_id)
        if incident is not None and incident.merged_into:  # all of it is found at the one that goes on
            incident = state.incidents.get(incident.merged_into, incident)
        if incident is None:
            return self._refuse("unknown_incident", incident=incident_id)
        if incident.stage == "closed":
            return self._refuse("closed_incident", incident=incident_id)
        return incident

    def _of_response(
        self, refused: ResponseRefused, agencies: Iterable[str], threads: Sequence[PartnerThread]
    ) -> Refusal:
        """Which agency it is about, where it is about one."""
        live = {one.agency for one in threads if not standing(one).end}
        named = next((one for one in agencies if one in live), next(iter(agencies), ""))
        return self._refuse(f"ladder_{refused.code}", agency=named)

    def _refuse(self, code: str, **fields: Any) -> Refusal:
        return Refusal(code, self._phrase(f"refused.{code}", **fields))


def threads_of(state: CityState, incident_id: str) -> list[PartnerThread]:
    """The threads of one incident, in the order in which they were begun."""
    incident = state.incidents.get(incident_id)
    names = incident.handoff_ids if incident is not None else ()
    return [thread for one in names if (thread := state.threads.get(one)) is not None]


def is_draft(thread: PartnerThread) -> bool:
    """Whether it can still be sent."""
    return not thread.queued_ns and not thread.expired_ns and not thread.given_up_ns


def message_ids(thread: PartnerThread) -> tuple[str, ...]:
    """Of all that was ever owed for a thread."""
    further = [one.message_id for one in thread.updates]
    if thread.cancel is not None:
        further.append(thread.cancel.message_id)
    return (thread.message_id, *further) if thread.message_id else ()


def _drafted(begun: Drafted, text: str) -> ev.HandoffDrafted:
    return ev.HandoffDrafted(
        handoff_id=begun.id, key=begun.id, incident_id=begun.incident_id, agency=begun.agency,
        revision=begun.revision, person=begun.person, essence=begun.essence, shape=begun.shape,
        group=begun.group, follows=begun.follows, text=text,
    )  # fmt: skip


def _thread(event: ev.HandoffDrafted, at_ns: int) -> PartnerThread:
    return PartnerThread(
        id=event.handoff_id, key=event.key, incident_id=event.incident_id, agency=event.agency,
        revision=event.revision, person=event.person, essence=event.essence, drafted_ns=at_ns,
        shape=event.shape, group=event.group, follows=event.follows, text=event.text,
    )  # fmt: skip


def _at(draft: Drafting, now: int) -> tuple[Draft, ...]:
    """With the time that the messages say."""
    return tuple(Draft(one.event, one.cause, now) for one in draft.drafts)


def _row(thread: PartnerThread, message_id: str, owed: Owed, now: int) -> OutboxRow:
    message, media_type = owed
    return OutboxRow(
        message_id=message_id, handoff_id=thread.id, key=thread.key, agency=thread.agency,
        media_type=media_type, message=message, queued_at_ns=now,
    )  # fmt: skip


def _digest(owed: Owed) -> str:
    return hashlib.sha256(owed[0]).hexdigest()
