"""The city's alarms inside the hub: what moves them, what that means, how much each desk gets."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from console.clock import Clock
from console.hub.sequencer import Sequencer, Then
from console.model import events as ev
from console.model.alarm import MOST_NAMED, AlarmHealth, DeskAlarms
from console.model.query import AlarmFiguresPage, AskAlarmFigures
from console.model.state import CityState
from console.profile import DeskInfo, Profile
from console.rules.alarm.city import CityAlarms
from console.rules.alarm.decisions import AlarmDecisions
from console.rules.alarm.figures import AlarmFigures, load_alarm_figures
from console.rules.alarm.load import DeskLoad
from console.rules.alarm.naming import AlarmNames
from console.rules.alarm.nuisance import NuisanceWatch
from console.rules.alarm.states import SHOWN_STATES, State, Stimulus
from console.rules.alarm.transition import AlarmStanding, AlarmTransition, Moves, records
from console.rules.draft import Decision, Draft
from console.rules.quality import quality_figures
from console.rules.triage import Triage

_log = logging.getLogger("bongsu.hub.alarms")


@dataclass(frozen=True, slots=True)
class _Sound:
    """What was put before operators as new: an alarm, or an incident that no alarm opened."""

    id: str
    priority: int
    system: str
    district: str
    at_ns: int


class HubAlarms:
    """One thread: the hub's loop. Load and nuisances are of what is on disk; times are the entries'."""

    def __init__(
        self, profile: Profile, triage: Triage, state: CityState, clock: Clock,
        sounded_before: Iterable[ev.Entry] = (), figures: AlarmFigures | None = None,
    ) -> None:
        """`sounded_before`: new alarms and incidents of earlier runs, oldest first."""
        figures = figures or load_alarm_figures()
        self._figures, self._clock, self._profile = figures, clock, profile
        self.city = CityAlarms(profile, figures, quality_figures().stale_periods)
        self.decisions = AlarmDecisions(
            triage, self.city, AlarmNames(profile, self.city, triage.phrase), figures
        )
        self._nuisance = NuisanceWatch(figures.nuisance)
        self._desks = profile.desks
        sounds = [sound for one in sounded_before if (sound := self._sound(one)) is not None]
        since_ns = sounds[0].at_ns if sounds else clock.now_ns()
        self._load = {desk: DeskLoad(figures.load, since_ns) for desk in profile.desks}
        for sound in sounds:
            self._count(sound)
        self.restore(state)

    def restore(self, state: CityState) -> None:
        """Take all alarms from the record: at start, and after a commit that failed."""
        standing = [
            AlarmStanding(
                alarm_id=one.id, state=one.state, active=one.active, holds=one.holds, until_ns=one.until_ns,
                raised_at_ns=one.raised_at_ns,
            )
            for one in state.alarms.values()
        ]  # fmt: skip
        gone = self.city.restore(standing, self._clock.now_ns())
        if gone:
            _log.warning(
                "%d alarms of the record are not in this profile and cannot end, among them %s.",
                len(gone), gone[0],
            )  # fmt: skip

    def settle(self, sequencer: Sequencer, moves: list[Moves]) -> None:
        """Decide moves one after the other, each on what those before it made of the state."""
        for told in records(moves, self.city.ids.__getitem__):
            self._propose(sequencer, told, ev.Cause(actor=f"rule:{told.alarm_id}"))

    def _propose(self, sequencer: Sequencer, told: AlarmTransition, cause: ev.Cause) -> None:
        move = self.decisions.said(sequencer.state, told)
        sequencer.propose(Decision((Draft(move, cause),)))
        self._follow(sequencer, move)

    def order(self, sequencer: Sequencer, decision: Decision, then: Then) -> None:
        """Propose what a person asked for, and what follows from it. A device taken out of service takes its
        alarms with it, and brings them back."""
        sequencer.propose(decision, then)
        for draft in decision.drafts:
            event = draft.event
            if isinstance(event, ev.AlarmMoved):
                self._follow(sequencer, event)
            elif isinstance(event, ev.DevicesRemoved):
                self._of_devices(sequencer, draft, event.device_ids, Stimulus.REMOVE, event.reason)
            elif isinstance(event, ev.DevicesReturned):
                self._of_devices(sequencer, draft, event.device_ids, Stimulus.RETURN, "")

    def _of_devices(
        self, sequencer: Sequencer, draft: Draft, device_ids: tuple[str, ...], stimulus: Stimulus, why: str
    ) -> None:
        rows = np.array([row for one in device_ids for row in self.city.rows_of(one)], np.intp)
        moves = self.city.bank.act(stimulus, rows, self._clock.now_ns(), draft.cause.actor, why)
        for told in records(moves, self.city.ids.__getitem__):
            self._propose(sequencer, told, draft.cause)

    def _follow(self, sequencer: Sequencer, move: ev.AlarmMoved) -> None:
        follows = self.decisions.follows(sequencer.state, move, self._clock.now_ns())
        if follows.drafts:
            sequencer.propose(follows)

    def look(self, sequencer: Sequencer, heard_mono_ns: Mapping[str, int] | None = None) -> None:
        """What time alone does; about once a second. `heard_mono_ns`: when each of those who bring values was
        last heard; who does not say how it is, is judged by it."""
        now_ns, mono_ns, heard = self._clock.now_ns(), self._clock.mono_ns(), heard_mono_ns or {}
        gateways = {
            name: (one.report.state != "up", one.report.state in ("down", "silent"))
            for name, one in sequencer.state.gateways.items()
        }
        for name in self.city.gateways:
            if name not in gateways:
                silent_ns = mono_ns - heard[name] if name in heard else None
                gateways[name] = (self.city.unheard(name, silent_ns), True)
        self.settle(sequencer, self.city.look(now_ns, gateways))
        self._nuisance.look(now_ns)
        for load in self._load.values():
            load.look(now_ns)
        self._floods(sequencer)

    def heard(self, sequencer: Sequencer, entries: list[ev.Entry]) -> None:
        """Entries are on disk: count what sounded at each desk, and say where a flood begins."""
        counted = False
        for entry in entries:
            if isinstance(entry.event, ev.AlarmMoved):
                self._nuisance.met((entry.event,))
            sound = self._sound(entry)
            if sound is not None:
                self._count(sound)
                counted = True
        if counted:
            self._floods(sequencer)

    def health(self) -> AlarmHealth:
        """For every desk, each second."""
        bank, now_ns = self.city.bank, self._clock.now_ns()
        stale = bank.standing_longer(self._figures.nuisance.stale_s, now_ns)
        newest = stale[np.argsort(-bank.raised_at_ns[stale], kind="stable")][:MOST_NAMED]
        fleeting = tuple(self._nuisance.fleeting)
        return AlarmHealth(
            desks={
                desk: DeskAlarms(
                    per_period=load.per_period, grade=load.grade(), flooded=load.flooded,
                    flood_since_ns=load.flood_since_ns if load.flooded else 0,
                )
                for desk, load in self._load.items()
            },
            shown=int(SHOWN_STATES[bank.state].sum()),
            hidden=int((bank.state >= State.SHELVED).sum()),
            chattering=tuple(self._nuisance.chattering(now_ns)[:MOST_NAMED]),
            fleeting=fleeting[::-1][:MOST_NAMED],
            stale=tuple(self.city.ids[row] for row in newest.tolist()),
        )  # fmt: skip

    def figures(self, asked: AskAlarmFigures) -> AlarmFiguresPage:
        """How a desk fared. A desk the profile does not know has no figures."""
        now_ns, bank = self._clock.now_ns(), self.city.bank
        stale = bank.standing_longer(self._figures.nuisance.stale_s, now_ns).tolist()
        page = AlarmFiguresPage(
            desk=asked.about_desk, chattering=tuple(self._nuisance.chattering(now_ns)),
            fleeting=dict(self._nuisance.fleeting), stale=tuple(self.city.ids[row] for row in stale),
        )  # fmt: skip
        load = self._load.get(asked.about_desk)
        if load is None:
            return page
        load.look(now_ns)
        try:
            report = load.report(asked.from_ns, asked.to_ns or now_ns)
        except ValueError:
            return page
        return AlarmFiguresPage(
            desk=page.desk, chattering=page.chattering, fleeting=page.fleeting, stale=page.stale,
            periods=report.periods, alarms=report.alarms, mean_per_period=report.mean_per_period,
            peak=report.peak, peak_share=report.peak_share, flood_share=report.flood_share, top=report.top,
            top_share=report.top_share, mix=report.mix, missed=report.missed,
        )  # fmt: skip

    def _floods(self, sequencer: Sequencer) -> None:
        for desk, load in self._load.items():
            if load.flooded != (desk in sequencer.state.floods):
                said = ev.AlarmFloodChanged(desk=desk, flooded=load.flooded, alarms=load.per_period)
                sequencer.propose(Decision((Draft(said, ev.Cause(actor="rule:alarm_load")),)))

    def _count(self, sound: _Sound) -> None:
        for desk, info in self._desks.items():
            if answers_for(info, sound.system, sound.district):
                self._load[desk].sounded(sound.id, sound.priority, sound.at_ns)

    def _sound(self, entry: ev.Entry) -> _Sound | None:
        event = entry.event
        if isinstance(event, ev.AlarmMoved):
            if not event.is_new or event.place is None:
                return None
            row = self.city.row(event.alarm_id)
            system = self.decisions.system_of(row) if row is not None else ""
            return _Sound(event.alarm_id, event.priority, system, event.place.district, entry.at_ns)
        if isinstance(event, ev.AlarmRaised):
            return _Sound(
                event.limit_id, event.priority, self._system((event.device_id,)), event.place.district,
                entry.at_ns,
            )
        if isinstance(event, ev.OPENED) and not event.alarm_id:
            system = self._system(event.device_ids)
            return _Sound(f"incident/{event.type}", event.priority, system, event.place.district, entry.at_ns)
        return None

    def _system(self, device_ids: tuple[str, ...]) -> str:
        device = self._profile.devices.get(device_ids[0]) if device_ids else None
        return device.system if device is not None else ""


def answers_for(desk: DeskInfo, system: str, district: str) -> bool:
    """Whether something of a system and district is this desk's duty. What has none is everybody's."""
    return (not desk.systems or not system or system in desk.systems) and (
        not desk.districts or not district or district in desk.districts
    )
