"""Official warnings in words and in their order: the most severe first, the unread before the read."""

from __future__ import annotations

from collections.abc import Iterable

from console.language import Catalogue
from console.model.state import CityState
from console.model.warning import StandingWarning, WarningInfo, info_for
from console.profile import Profile
from console.report.names import district_name
from widgets.kit.moments import Moments

SEVERITIES = ("Extreme", "Severe", "Moderate", "Minor", "Unknown")


def priority_of(standing: StandingWarning) -> int:
    """The shape and colour of its level: 1 for the severest, 4 for what is no level."""
    return 4 - standing.judged.level


def in_force(state: CityState) -> list[StandingWarning]:
    """Real warnings that stand, the most severe first; of two alike the newer."""
    return _ordered(one for one in state.warnings.values() if one.in_force)


def all_of(state: CityState) -> list[StandingWarning]:
    """In force, then exercises, then those that ended, the last of these first."""
    exercises = [one for one in state.warnings.values() if one.exercise and not one.ended_ns]
    ended = sorted((one for one in state.warnings.values() if one.ended_ns), key=lambda one: -one.ended_ns)
    return [*in_force(state), *_ordered(exercises), *ended]


def _ordered(some: Iterable[StandingWarning]) -> list[StandingWarning]:
    return sorted(
        some,
        key=lambda one: (
            -one.judged.level, SEVERITIES.index(one.judged.severity), bool(one.acknowledged), -one.changed_ns,
        ),
    )  # fmt: skip


class Telling:
    """Says warnings in the catalogue's present language."""

    def __init__(self, profile: Profile, catalogue: Catalogue, moments: Moments) -> None:
        self._profile, self._catalogue, self._moments = profile, catalogue, moments

    def info(self, standing: StandingWarning) -> WarningInfo:
        return info_for(standing.message, standing.judged, self._catalogue.language)

    def headline(self, standing: StandingWarning) -> str:
        info = self.info(standing)
        text = info.headline or info.event
        return f"{self._catalogue.say('warnings.exercise')} {text}" if standing.exercise else text

    def severity(self, standing: StandingWarning) -> str:
        return self._catalogue.say(f"report.warning.severity.{standing.judged.severity}")

    def where(self, standing: StandingWarning) -> str:
        """The districts, or the whole city; and when its area could not be judged, that."""
        say, judged = self._catalogue.say, standing.judged
        if judged.covered_by in ("unsaid", "unclear"):
            return say(f"warnings.where.{judged.covered_by}")
        names = [district_name(self._profile, self._catalogue, one) for one in judged.districts]
        return ", ".join(names) or say("report.warning.city")

    def time(self, standing: StandingWarning, now_ns: int) -> str:
        """Until when, how long still; from when where it has not begun; why and when it ended."""
        say, judged = self._catalogue.say, standing.judged
        if standing.ended_ns:
            why = say(f"report.warning.ended.{standing.ended_why}")
            return say("warnings.time.ended", why=why, at=self._short(standing.ended_ns, now_ns))
        until = self._short(judged.until_ns, now_ns)
        if judged.from_ns > now_ns:
            return say("warnings.time.from", start=self._short(judged.from_ns, now_ns), until=until)
        left = self._moments.span(max(0, judged.until_ns - now_ns) / 1e9)
        return say("warnings.time.until", until=until, left=left)

    def read_by(self, standing: StandingWarning) -> str:
        """Who acknowledged, and when; empty when nobody has."""
        return ", ".join(f"{one.person} {self._moments.minute(one.at_ns)}" for one in standing.acknowledged)

    def whole(self, standing: StandingWarning, now_ns: int) -> str:
        """Everything a person needs of it, as plain text."""
        say, message, info = self._catalogue.say, standing.message, self.info(standing)
        rating = " · ".join((
            self.severity(standing), say(f"warnings.urgency.{info.urgency}"),
            say(f"warnings.certainty.{info.certainty}"),
        ))  # fmt: skip
        signature = say(f"report.warning.signature.{message.signature}")
        rows = [
            ("sender", f"{info.sender_name or message.sender}"), ("rating", rating),
            ("time", self.time(standing, now_ns)), ("here", self.where(standing)),
            ("area", "; ".join(dict.fromkeys(one.name for one in info.areas if one.name))),
            ("found_by", say(f"warnings.found_by.{standing.judged.covered_by}")),
            ("scope", say(f"warnings.scope.{message.scope}") if message.scope != "Public" else ""),
            ("signature", f"{signature} ({message.signed_by})" if message.signed_by else signature),
            ("source", f"{message.source} · {message.where}"), ("identifier", message.identifier),
            ("first", self._moments.moment(standing.first_ns)),
            ("sent", self._moments.moment(message.sent_ns)), ("read_by", self.read_by(standing)),
            ("incident", standing.incident_id), ("web", info.web), ("contact", info.contact),
        ]  # fmt: skip
        parts = [say("warnings.is_exercise")] if standing.exercise else []
        parts += [text for text in (info.description, info.instruction and say("warnings.do") + "\n" +
                                    info.instruction) if text]  # fmt: skip
        parts.append("\n".join(f"{say(f'warnings.row.{key}')}: {text}" for key, text in rows if text))
        return "\n\n".join(parts)

    def _short(self, at_ns: int, now_ns: int) -> str:
        """Time of day; with the day where it is another one."""
        local, now = self._moments.local(at_ns), self._moments.local(now_ns)
        return self._moments.minute(at_ns) if local.date() == now.date() else local.strftime("%m-%d %H:%M")
