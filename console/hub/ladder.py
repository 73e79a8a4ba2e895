"""Hand-offs in the hub: what their messages are made of, what time brings, what a desk is shown."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from console.citizens.contacts import ContactBook
from console.citizens.personal import without_contacts
from console.handoff.eido import Status
from console.handoff.formats import FormatError, Sending, format_of
from console.handoff.kinds import PartnerKind, partner_kinds
from console.handoff.thread.figures import LadderFigures, ladder
from console.handoff.thread.waits import Watch, old_drafts
from console.hub.draftbook import DraftBook
from console.hub.draftcontent import DraftContent, Pictures
from console.model import events as ev
from console.model.handoffdraft import Draft
from console.model.incident import Incident
from console.model.ladder import CancelRequest, Essence, PartnerThread, Update
from console.model.query import DraftPage
from console.model.state import CityState
from console.rules.draft import Decision, Drafting
from console.rules.draft import Draft as Proposed
from console.rules.ladder import LadderRules, Owed, message_ids
from console.rules.partners import decide_between, decide_expired, decide_told

if TYPE_CHECKING:
    from console.hub.hub import Hub

_log = logging.getLogger("bongsu.hub.ladder")
SENDER = "console"


class HubLadder:
    """Makes the messages of threads (`console.rules.ladder.LadderMessages`). One thread: the hub's loop."""

    def __init__(
        self, hub: Hub, contacts: ContactBook, status: Status = "Exercise",
        kinds: dict[str, PartnerKind] | None = None, figures: LadderFigures | None = None,
    ) -> None:  # fmt: skip
        self._hub = hub
        self._figures = figures or ladder()
        self._kinds = partner_kinds() if kinds is None else kinds
        self._book = DraftBook(hub.home)
        self._content = DraftContent(
            hub.profile, contacts, lambda point, since_ns: hub.readings.trends.series(point, since_ns),
            self._figures,
        )  # fmt: skip
        self._by = Sending(sender=SENDER, zone=hub.profile.time_zone, status=status)
        self._watch = Watch(self._figures)
        self._threads: dict[str, PartnerThread] = {}
        self._shown: set[ev.AnyEvent] = set()
        self.rules: LadderRules | None = None
        """Set by who makes the hub's rules."""

    def speaks_with(self, agency: str) -> bool:
        return agency in self._kinds

    def card(self, agency: str) -> Collection[str]:
        return {one.id for one in self._kinds[agency].fields}

    def essence(self, incident: Incident, agency: str) -> Essence:
        of_type = self._hub.profile.incident_types.get(incident.type)
        if of_type is None:
            raise ValueError(f"incident type {incident.type!r} is not in this city's profile")
        language = self._hub.profile.languages[0]
        return Essence(
            type=of_type.id, code=of_type.code, position=incident.place.position,
            place=incident.place.name.in_language(language),
        )  # fmt: skip

    def request(self, state: CityState, incident: Incident, thread: PartnerThread) -> Owed:
        kind = self._kinds[thread.agency]
        draft = self.draft(state, incident, thread, thread.queued_ns)
        wire = format_of(kind)
        try:
            return wire.request(draft, thread, kind, self._by), wire.media_type
        except FormatError as error:
            raise ValueError(str(error)) from None

    def cancel(self, asked: CancelRequest, thread: PartnerThread) -> Owed:
        wire = format_of(self._kinds[thread.agency])
        try:
            return wire.cancel(asked, thread, self._by), wire.media_type
        except FormatError as error:
            raise ValueError(str(error)) from None

    def update(self, update: Update, thread: PartnerThread) -> Owed:
        wire = format_of(self._kinds[thread.agency])
        try:
            return wire.update(update, thread, self._by), wire.media_type
        except FormatError as error:
            raise ValueError(str(error)) from None

    def masked(self, text: str) -> str:
        return without_contacts(text)

    def keep(self, thread_id: str, text: str, fields: Sequence[tuple[str, str]]) -> None:
        self._book.words(thread_id, text, fields)

    def keep_on(self, thread_id: str, from_thread: str) -> str:
        kept = self._book.of(from_thread)
        if kept is None:
            return ""
        self._book.words(thread_id, kept.text, ())
        return without_contacts(kept.text)

    def keep_number(self, thread_id: str, call: int, number: str) -> None:
        self._book.number(thread_id, call, number)

    def draft(self, state: CityState, incident: Incident, thread: PartnerThread, now_ns: int) -> Draft:
        """All that the thread tells, as of now. Raises ValueError where it cannot be said."""
        kept = self._book.of(thread.id)
        return self._content.draft(
            state, incident, thread.agency, self._kinds[thread.agency], thread.person,
            kept.text if kept is not None else thread.text, kept.fields if kept is not None else {},
            self.pictures(thread), now_ns,
        )  # fmt: skip

    def pictures(self, thread: PartnerThread) -> Pictures:
        """What there is of the scene for this thread."""
        return Pictures()

    def restore(self, state: CityState) -> None:
        """What was decided was not kept: look at all threads anew."""
        self._threads = {}

    def look(self, state: CityState) -> list[Decision]:
        """What time alone brings, and what follows between threads of one incident; each second."""
        hub, now_ns = self._hub, self._hub.clock.now_ns()
        changed = {
            one.incident_id for one in state.threads.values() if self._threads.get(one.id) is not one
        }
        if len(self._threads) != len(state.threads):
            self._book.forget_all_but(state.threads)
        self._threads = dict(state.threads)
        found = []
        if self.rules is not None and changed:
            reason = hub.triage.phrase("ladder.transferred").in_language(hub.profile.languages[0])
            found += decide_between(state, self.rules, sorted(changed), reason, now_ns)
        drafts = [one for one in state.threads.values() if not one.queued_ns]
        found.append(decide_expired(old_drafts(drafts, now_ns, self._figures)))
        live = self._watch.look(state.threads.values(), now_ns, hub.clock.mono_ns())
        found.append(decide_told(state, live))
        return [one for one in found if one.drafts or one.outbox]

    def given_up(self, state: CityState, handoff_id: str) -> tuple[str, ...]:
        """The messages that are tried no more."""
        thread = state.threads.get(handoff_id)
        return message_ids(thread) if thread is not None else ()

    def looked_at(self, state: CityState, thread_id: str, desk: str, person: str) -> list[Proposed]:
        """Whose numbers a person is about to see with this draft, and what for; what is on the record
        (`shown`) is not said again."""
        thread = state.threads.get(thread_id)
        incident = state.incidents.get(thread.incident_id) if thread is not None else None
        draft = Drafting(ev.Cause(actor=f"person:{person}", desk=desk))
        for report_id in self._content.reports(state, incident) if incident is not None else ():
            read = ev.ReportContactRead(
                report_id=report_id, desk=desk, person=person, purpose=f"hand-off {thread_id}"
            )
            if read not in self._shown:
                draft.add(read)
        return draft.drafts

    def shown(self, looked: Sequence[Proposed]) -> None:
        """That is on the record now."""
        self._shown.update(one.event for one in looked)

    def page(self, state: CityState, thread_id: str) -> DraftPage:
        """What a desk is shown. It holds callers' numbers."""
        thread = state.threads.get(thread_id)
        incident = state.incidents.get(thread.incident_id) if thread is not None else None
        phrase = self._hub.triage.phrase
        if thread is None or incident is None or thread.agency not in self._kinds:
            problem = phrase("refused.ladder_unknown", thread=thread_id[:120])
            return DraftPage(thread_id=thread_id, key="", draft=None, problem=problem)
        try:
            draft = self.draft(state, incident, thread, self._hub.clock.now_ns())
        except ValueError as error:
            problem = phrase("refused.no_packet", problem=str(error))
            return DraftPage(thread_id=thread_id, key=thread.key, draft=None, problem=problem)
        return DraftPage(thread_id=thread_id, key=thread.key, draft=draft)

    def close(self) -> None:
        self._book.close()
