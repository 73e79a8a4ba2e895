"""Official warnings, decided: what a message of an authority means here, and what it ends.

A message that was heard or spoken of before is no news. What takes the place of another must come from the
same sender or the same source, and is never signed worse. Only what is Actual counts; an exercise is listed
as one and touches nothing that is real.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import msgspec

from console.clock import SECOND_NS
from console.model import events as ev
from console.model.base import Place, Words
from console.model.casework import Clue
from console.model.fact import WarningHeard
from console.model.state import CityState
from console.model.warning import (
    AsideWhy,
    EndedWhy,
    Severity,
    StandingWarning,
    WarningInfo,
    WarningJudgement,
    WarningMessage,
    info_for,
    warning_id,
)
from console.profile.tables import Identifier, Table, Text
from console.rules.casework.opening import OnTheLog
from console.rules.coverage import CityGround, Covered, WarnedCity, position_of
from console.rules.draft import NOTHING, Decision, Draft, Drafting
from console.rules.figures import Positive, Share, figures, refuse
from console.rules.triage import Triage

Level = Annotated[int, msgspec.Meta(ge=0, le=3)]
HOUR_NS = 3600 * SECOND_NS
WORST: tuple[Severity, ...] = ("Extreme", "Severe", "Moderate", "Minor", "Unknown")
LATEST_NS = 7_258_118_400 * SECOND_NS
"""The year 2200."""
SHORT = 200
"""Letters of a headline or area that stand in a short entry; the message itself has all."""


class LevelWords(Table, frozen=True, kw_only=True):
    level: Level
    words: tuple[Text, ...]


class Hazard(Table, frozen=True, kw_only=True):
    id: Identifier
    name: Words
    words: tuple[Text, ...]
    incident_type: str = ""
    opens_from: Level = 1


class WarningFigures(Table, frozen=True, kw_only=True):
    source: Text
    without_expires_h: Positive
    least_share: Share
    levels: tuple[LevelWords, ...]
    level_of_severity: dict[Severity, Level]
    hazards: tuple[Hazard, ...]


def warning_figures(path: Path | None = None, incident_types: Iterable[str] | None = None) -> WarningFigures:
    """Raises ProfileError naming file, table, key, expected and found."""
    found = figures(WarningFigures, "warnings", path)
    if set(found.level_of_severity) != set(WORST):
        refuse("warnings", "level_of_severity", "", ", ".join(WORST), sorted(found.level_of_severity))
    if not found.hazards or found.hazards[-1].words:
        refuse("warnings", "hazards", "words", "none in the last one, which takes the rest", "some")
    known = None if incident_types is None else set(incident_types)
    for number, one in enumerate(found.hazards):
        if known is not None and one.incident_type and one.incident_type not in known:
            table = f"hazards[{number}] ({one.id})"
            refuse("warnings", table, "incident_type", "a known type", one.incident_type)
    return found


class WarningRules:
    """Pure: what it reads is the state it is given and the city's data."""

    def __init__(self, triage: Triage, city: WarnedCity, told: WarningFigures) -> None:
        self._triage, self._city, self._told = triage, city, told
        self._ground = CityGround(city, told.least_share)
        self._hazards = [(one, _matcher(one.words)) for one in told.hazards]
        self._levels = [(one.level, _matcher(one.words)) for one in told.levels]

    def heard(self, state: CityState, source: str, fact: WarningHeard, now_ns: int) -> Decision | str:
        """What a message changes; NOTHING for one that is no news, the problem for one that cannot be."""
        message = fact.message
        problem = unfit(message)
        if problem:
            return problem
        drafting = Drafting(ev.Cause(actor=f"gateway:{source}"))
        before = state.warnings_heard.get(message.id)
        if before is not None and before >= message.sent_ns:
            return NOTHING
        if message.status not in ("Actual", "Exercise"):
            return _aside(drafting, message, "test")
        if message.kind in ("Ack", "Error"):
            return _aside(drafting, message, "ack" if message.kind == "Ack" else "error")
        meant, weaker = self._meant(state, message)
        if weaker:
            return _aside(drafting, message, "weaker_signature", spoken_of=False)
        if message.kind == "Cancel":
            return self._end(drafting, state, message, meant, "cancelled", "unknown_reference", now_ns)
        judged = self._judge(message)
        if isinstance(judged, str):
            why: EndedWhy = "all_clear" if judged == "all_clear" else "moved_away"
            return self._end(drafting, state, message, meant, why, judged, now_ns)
        if judged.until_ns <= now_ns:
            return self._end(drafting, state, message, meant, "expired", "expired", now_ns)
        return self._stand(drafting, state, message, judged, meant, now_ns)

    def expired(self, state: CityState, now_ns: int) -> Decision:
        """Warnings whose time is over by the hub's clock."""
        drafting = Drafting(ev.Cause(actor="rule:warning_expiry"))
        for one in state.warnings.values():
            if not one.ended_ns and one.judged.until_ns <= now_ns:
                drafting.add(_ended(one, "expired", "", 0, ""))
                self._tell_incident(state, drafting, one, "expired", now_ns)
        return Decision(tuple(drafting.drafts))

    def _meant(
        self, state: CityState, message: WarningMessage
    ) -> tuple[tuple[StandingWarning, ...], bool]:
        """The standing warnings a message speaks of, and whether it is signed too weakly to touch them."""
        named = {warning_id(one.sender, one.identifier) for one in message.references}
        numbers = {one.identifier for one in message.references}
        found = []
        for one in state.warnings.values():
            again = one.id == message.id
            same_source = one.message.source == message.source or one.message.sender == message.sender
            spoken_of = one.id in named or one.message.identifier in numbers
            alike = not one.ended_ns and one.message.status == message.status
            if alike and (again or (spoken_of and same_source)):
                found.append(one)
        weaker = any(
            one.message.signature == "trusted" and message.signature != "trusted" for one in found
        )
        return tuple(found), weaker

    def _judge(self, message: WarningMessage) -> WarningJudgement | AsideWhy:
        answers = [self._ground.touched(one.areas) for one in message.infos]
        here = [
            (number, answer) for number, answer in enumerate(answers) if isinstance(answer, Covered)
        ]
        if not here:
            return "area_unknown" if "area_unknown" in answers or not answers else "elsewhere"
        here = [(n, answer) for n, answer in here if not _is_over(message.infos[n])]
        if not here:
            return "all_clear"
        sure = [(n, answer) for n, answer in here if answer.by not in ("unsaid", "unclear")]
        infos = [message.infos[n] for n, _ in here]
        severity = min((one.severity for one in infos), key=WORST.index)
        hazard = self._hazard(infos)
        whole = any(not answer.districts for _, answer in sure or here)
        districts = {one for _, answer in sure or here for one in answer.districts}
        return WarningJudgement(
            hazard=hazard.id, level=max(self._level(one) for one in infos), severity=severity,
            covered_by=(sure or here)[0][1].by,
            districts=() if whole else tuple(one for one in self._city.districts if one in districts),
            infos=tuple(n for n, _ in here),
            from_ns=min(one.onset_ns or one.effective_ns or message.sent_ns for one in infos),
            until_ns=max(one.expires_ns or self._open_end(message) for one in infos),
        )

    def _open_end(self, message: WarningMessage) -> int:
        return message.sent_ns + int(self._told.without_expires_h * HOUR_NS)

    def _hazard(self, infos: list[WarningInfo]) -> Hazard:
        for texts in ([one.event for one in infos], [one.headline for one in infos],
                      [code for one in infos for _, code in one.codes]):  # fmt: skip
            said = "\n".join(texts)
            for hazard, occurs in self._hazards:
                if occurs(said):
                    return hazard
        return self._hazards[-1][0]

    def _level(self, info: WarningInfo) -> int:
        for said in (info.event, info.headline):
            for level, occurs in self._levels:
                if occurs(said):
                    return level
        return self._told.level_of_severity[info.severity]

    def _stand(
        self, drafting: Drafting, state: CityState, message: WarningMessage, judged: WarningJudgement,
        meant: tuple[StandingWarning, ...], now_ns: int,
    ) -> Decision:  # fmt: skip
        incident, about = Drafting(drafting.cause), ""
        hazard = next(one for one in self._told.hazards if one.id == judged.hazard)
        sure = judged.covered_by not in ("unsaid", "unclear")
        if message.status == "Actual" and hazard.incident_type and sure and judged.level >= hazard.opens_from:
            place = Place(
                name=self._place_name(judged.districts), position=position_of(self._city, judged.districts),
                district=judged.districts[0] if len(judged.districts) == 1 else "",
            )
            clue = Clue(
                uid=message.id, source="warning", type=hazard.incident_type,
                at_ns=min(message.sent_ns, now_ns), lat=place.position.lat, lon=place.position.lon,
                rule=judged.hazard,
            )  # fmt: skip
            about = self._triage.raise_incident(
                state, incident, clue, place, self._reason(message, judged, hazard), now_ns,
                OnTheLog(message.id),
            )
        replaces = tuple(one.id for one in meant if one.id != message.id)
        if meant:
            drafting.add(ev.WarningUpdated(
                warning_id=message.id, message=message, judged=judged, incident_id=about, replaces=replaces,
            ))  # fmt: skip
        else:
            drafting.add(ev.WarningIssued(
                warning_id=message.id, message=message, judged=judged, incident_id=about
            ))  # fmt: skip
        return Decision((*drafting.drafts, *incident.drafts))

    def _end(
        self, drafting: Drafting, state: CityState, message: WarningMessage,
        meant: tuple[StandingWarning, ...], why: EndedWhy, otherwise: AsideWhy, now_ns: int,
    ) -> Decision:  # fmt: skip
        """End what the message speaks of; where it speaks of nothing that stands, keep it aside."""
        if not meant:
            return _aside(drafting, message, otherwise)
        for one in meant:
            drafting.add(_ended(one, why, message.id, message.sent_ns, message.note[:SHORT]))
            self._tell_incident(state, drafting, one, why, now_ns)
        return Decision(tuple(drafting.drafts))

    def _tell_incident(
        self, state: CityState, drafting: Drafting, standing: StandingWarning, why: EndedWhy, now_ns: int
    ) -> None:
        incident = state.incidents.get(standing.incident_id)
        if incident is None or incident.stage == "closed":
            return
        over = self._triage.phrase(f"warning.ended.{why}")
        headline = _headlines(standing.message, standing.judged)
        reason = self._triage.phrase("warning.over", en=(over.en, headline.en), ko=(over.ko, headline.ko))
        position = incident.place.position
        clue = Clue(
            uid=f"{standing.id}#{why}", source="warning", type=incident.type, at_ns=now_ns,
            lat=position.lat, lon=position.lon, rule=standing.judged.hazard,
        )  # fmt: skip
        drafting.add(
            ev.ClueGathered(
                incident_id=incident.id, clue=clue, says=reason, repeated=True, signal_uid=standing.id
            )
        )

    def _reason(self, message: WarningMessage, judged: WarningJudgement, hazard: Hazard) -> Words:
        said = _headlines(message, judged, hazard.name)
        en, ko = (
            info_for(message, judged, language).sender_name or message.sender for language in ("en", "ko")
        )
        return self._triage.phrase("warning.reason", en=(en, said.en), ko=(ko, said.ko))

    def _place_name(self, districts: tuple[str, ...]) -> Words:
        if not districts:
            name = self._city.name
            return Words(en=name.en, ko=name.ko)
        names = [self._city.districts[one].name for one in districts]
        return Words(en=", ".join(one.en for one in names), ko=", ".join(one.ko for one in names))


def unfit(message: WarningMessage) -> str:
    """Why a message cannot be judged; empty for one that can. The gateway checks too; the hub trusts none."""
    if not message.sender or not message.identifier or not 0 < message.sent_ns < LATEST_NS:
        return "sender, identifier or sent is missing or cannot be"
    if not message.infos and message.kind in ("Alert", "Update"):
        return "infos are missing"
    for area in (one for info in message.infos for one in info.areas):
        for corners in area.polygons:
            if len(corners) < 8 or len(corners) % 2 or not _on_earth(corners[0::2], corners[1::2]):
                return "a polygon cannot be drawn"
        for lat, lon, km in area.circles:
            if not _on_earth((lat,), (lon,)) or not 0.0 <= km <= 20_100.0:
                return "a circle cannot be drawn"
    return ""


def _on_earth(lats: tuple[float, ...], lons: tuple[float, ...]) -> bool:
    return all(abs(one) <= 90.0 for one in lats) and all(abs(one) <= 180.0 for one in lons)


def _headlines(message: WarningMessage, judged: WarningJudgement, instead: Words | None = None) -> Words:
    """What the message calls itself in each language; the first block's words where a language has none."""
    infos = [message.infos[n] for n in judged.infos]
    said = {one.language[:2].lower(): one.headline or one.event for one in reversed(infos)}
    first = infos[0].headline or infos[0].event or (instead.en if instead else "")
    return Words(en=said.get("en", first)[:SHORT], ko=said.get("ko", first)[:SHORT])


def _is_over(info: WarningInfo) -> bool:
    """The block says that the danger is past."""
    return "AllClear" in info.responses


def _ended(one: StandingWarning, why: EndedWhy, by: str, sent_ns: int, note: str) -> ev.WarningEnded:
    info = one.message.infos[one.judged.infos[0]]
    return ev.WarningEnded(
        warning_id=one.id, why=why, headline=(info.headline or info.event)[:SHORT], by=by, sent_ns=sent_ns,
        note=note,
    )  # fmt: skip


def _aside(
    drafting: Drafting, message: WarningMessage, why: AsideWhy, spoken_of: bool = True
) -> Decision:
    info = message.infos[0] if message.infos else None
    event = ev.WarningSetAside(
        warning_id=message.id, source=message.source, why=why,
        headline=((info.headline or info.event) if info else "")[:SHORT],
        area="; ".join(area.name for one in message.infos for area in one.areas)[:SHORT],
        sent_ns=message.sent_ns, note=message.note[:SHORT],
        references=tuple(warning_id(one.sender, one.identifier) for one in message.references)
        if spoken_of and message.status == "Actual" and message.kind in ("Update", "Cancel") else (),
    )  # fmt: skip
    return Decision((Draft(event, drafting.cause),))


class _matcher:  # noqa: N801  a function with its words prepared
    """Whether one of the words occurs: Latin ones as whole words, Korean ones anywhere."""

    def __init__(self, words: tuple[str, ...]) -> None:
        parts = [
            rf"\b{re.escape(one)}\b" if one.isascii() else re.escape(one) for one in words
        ]
        self._found = re.compile("|".join(parts), re.IGNORECASE) if parts else None

    def __call__(self, text: str) -> bool:
        return self._found is not None and self._found.search(text) is not None
