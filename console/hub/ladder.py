"""Hand-offs in the hub: what their messages are made of, what time brings, what a desk is shown."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from console.citizens.contacts import ContactBook
from console.citizens.personal import without_contacts
from console.clock import SECOND_NS
from console.handoff.eido import Status
from console.handoff.formats import FormatError, Sending, format_of
from console.handoff.kinds import PartnerKind, partner_kinds
from console.handoff.profile import party_name
from console.handoff.thread.figures import LadderFigures, ladder
from console.handoff.thread.waits import Watch, old_drafts
from console.hub.draftbook import DraftBook
from console.hub.draftcontent import DraftContent, Pictures
from console.hub.scenepictures import ScenePictures, digests
from console.model import events as ev
from console.model.handoffdraft import Draft
from console.model.incident import Incident
from console.model.ladder import CancelRequest, Essence, PartnerThread, Update
from console.model.query import ClipReference, DraftPage, StillPicture
from console.model.scenepictures import SceneFound
from console.model.state import CityState
from console.rules.draft import Decision, Drafting
from console.rules.draft import Draft as Proposed
from console.rules.ladder import LadderRules, Owed, message_ids
from console.rules.partners import HUB, decide_between, decide_expired, decide_told

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
        self._scene = ScenePictures(
            hub.home, hub.profile, self._figures.draft.clip_s, hub.call, self._pictures_came
        )
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
        return Pictures(*self._scene.evidence(thread.id, f"https://{party_name(SENDER)}"))

    def heard(self, state: CityState, entries: Sequence[ev.Entry]) -> None:
        """What is on disk: look for the pictures of a new draft."""
        for entry in entries:
            if isinstance(entry.event, ev.HandoffDrafted):
                thread = state.threads.get(entry.event.handoff_id)
                incident = state.incidents.get(entry.event.incident_id)
                if thread is not None and incident is not None:
                    self._scene.wanted(state, thread, incident, self._hub.clock.now_ns())

    def _pictures_came(self, thread_id: str, found: SceneFound) -> None:
        """A draft has them from now on; a partner that has it already is told where they are."""
        hub, state = self._hub, self._hub.sequencer.state
        thread = state.threads.get(thread_id)
        if thread is None or not (found.stills or found.clip is not None):
            return
        clip_s = found.clip.seconds if found.clip is not None else 0.0
        added = ev.HandoffEvidenceAdded(
            handoff_id=thread_id, stills=len(found.stills), clip_s=clip_s, digests=digests(found)
        )
        hub.sequencer.propose(Decision((Proposed(added, HUB),)))
        if not thread.queued_ns or self.rules is None:
            return
        pictures = self.pictures(thread)
        files = (*pictures.stills, *((pictures.clip,) if pictures.clip is not None else ()))
        words = hub.triage.phrase("ladder.pictures_update", count=len(pictures.stills), seconds=f"{clip_s:g}")
        text = "\n".join([words.in_language(hub.profile.languages[0]), *(one.uri for one in files)])
        told = self.rules.update(thread, thread.person, text, Drafting(HUB), hub.clock.now_ns())
        if isinstance(told, Decision):
            hub.sequencer.propose(told)

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
            self._scene.forget_all_but(state.threads)
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
        found = self._scene.of(thread_id) or SceneFound()
        building = thread_id in self._scene.building
        clip = found.clip
        return DraftPage(
            thread_id=thread_id, key=thread.key, draft=draft,
            pictures="building" if building else "ready" if found.stills or clip is not None else "none",
            stills=tuple(
                StillPicture(camera_id=one.camera_id, at_ns=one.at_ns, jpeg=small)
                for one in found.stills
                if (small := self._scene.small(thread_id, one))
            ),
            clip=None if clip is None else ClipReference(
                camera_id=clip.camera_id, from_ns=clip.at_ns,
                to_ns=clip.at_ns + int(clip.seconds * SECOND_NS), ready=True,
            ),
        )  # fmt: skip

    def close(self) -> None:
        self._scene.close()
        self._book.close()
