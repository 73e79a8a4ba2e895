"""Words of procedures for people: times left, offered acts, what is waited for, who did what. No Qt."""

from __future__ import annotations

from console.clock import SECOND_NS
from console.language import Catalogue
from console.model.procedure import StepAct
from console.model.procedurerun import ProcedureNotice, StepStanding
from console.profile import Profile
from console.report.names import agency_name, type_name
from console.report.procedurewords import because_words, control_words, fact_words
from widgets.kit.moments import Moments
from widgets.procedure.view import OpenStep

FACTS_NAMED = 2
"""How many of several facts a line names."""


class Words:
    """Says things in the catalogue's present language."""

    def __init__(self, profile: Profile, catalogue: Catalogue, moments: Moments) -> None:
        self.profile, self.catalogue, self.moments = profile, catalogue, moments

    def say(self, name: str, **fields: str) -> str:
        """A text of this feature."""
        return self.catalogue.say(f"procedure.{name}", **fields)

    def left(self, step: OpenStep) -> str:
        """How long it has, or how long it is late; "" where it has all the time."""
        if step.left_s is None:
            return ""
        late = step.left_s <= 0
        return self.say("late" if late else "left", span=_clock(abs(step.left_s)))

    def waits(self, step: OpenStep) -> str:
        """What settles it by itself; "" for nothing."""
        if not step.waits_for:
            return ""
        named = [
            fact_words(self.catalogue, self.profile, one) for one in step.waits_for[:FACTS_NAMED]
        ]  # fmt: skip
        both = step.step is not None and step.step.all_facts
        facts = self.say("and" if both else "or").join(named)
        more = len(step.waits_for) - len(named)
        if more:
            facts = self.say("more_facts", facts=facts, n=str(more))
        return self.say("waits_for" if step.standing.kind == "check" else "by_itself", facts=facts)

    def offer(self, act: StepAct) -> str:
        """An offered act in words."""
        fields = {"agency": agency_name(self.profile, self.catalogue, act.agency) if act.agency else ""}
        if act.act == "control":
            fields["control"] = control_words(self.catalogue, self.profile, f"{act.control}/{act.value}")
        if act.act == "phone":
            fields["who"] = self.catalogue.words(act.who) or fields["agency"]
            if act.number:
                return self.say("offer.phone_number", who=fields["who"], number=act.number)
        return self.say(f"offer.{act.act}", **fields)

    def closed(self, one: StepStanding) -> str:
        """How a step ended, in one line: what, how, by whom, why."""
        sort, _, person = one.who.partition(":")
        because = because_words(self.catalogue, self.profile, one.because)
        by = because or (person if sort == "person" else "")
        fields = {
            "step": self.catalogue.words(one.text) or one.step, "by": by,
            "answer": self.catalogue.words(one.answer_words) or one.answer,
        }  # fmt: skip
        text = self.say(f"closed.{one.state}", **fields)
        return f"{text} “{one.comment}”" if one.comment else text

    def notice(self, incident_id: str, type_id: str, place: str, one: ProcedureNotice) -> str:
        """One thing a supervisor has to know, in one line."""
        sort, _, person = one.who.partition(":")
        return self.say(
            f"notice.{one.kind}", person=person if sort == "person" else "",
            step=self.catalogue.words(one.text) or one.step, reason=one.comment,
            incident=f"{type_name(self.profile, self.catalogue, type_id)}, {place or incident_id}",
            clock=self.moments.clock(one.at_ns),
        )  # fmt: skip

    def type(self, type_id: str) -> str:
        return type_name(self.profile, self.catalogue, type_id)

    def took(self, from_ns: int, to_ns: int) -> str:
        """How long from one moment to another."""
        return _clock(max(0, to_ns - from_ns) / SECOND_NS)


def _clock(seconds: float) -> str:
    """"0:42", "12:05", "1:04:10"."""
    whole = int(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"
