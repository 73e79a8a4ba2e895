"""Answers about hand-offs: to whom, both at once, another one instead, what to tell or cancel, by phone.

Nothing is sent that was not read: `hand`, `joint` and `transfer` open a draft. What is told to a partner
(`tell`, `withdraw`) goes with Enter, as a note does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from console.bar.offer import Offer, OfferKind
from console.bar.ranking import Line, words_of
from console.bar.situation import Situation
from console.language import Catalogue
from console.model.incident import Incident
from console.model.ladder import PartnerThread
from console.model.threadstanding import is_live, standing
from console.profile import Agency, Profile
from console.report.names import agency_name

WithOpen = Callable[[tuple[str, ...], Situation, int], list[Incident]]
"""Incidents that words fit, the open one first where there are none."""
Said = Callable[[Incident], tuple[str, str]]


class HandoffAnswers:
    """`with_open` finds incidents, `said` gives title and detail of one. UI thread only."""

    def __init__(self, profile: Profile, catalogue: Catalogue, with_open: WithOpen, said: Said) -> None:
        self._profile, self._catalogue, self._with_open, self._said = profile, catalogue, with_open, said

    def hand_off(self, rest: str, now: Situation, most: int) -> list[Offer]:
        """An agency, and the incident where it is not the open one. Nothing is sent before it was read."""
        words = words_of(rest)
        offers = []
        for agency in self._agencies(words[:1]):
            for one in self._with_open(words[1:], now, most if words[1:] else 1):
                live = self._live(one, now, agency)
                refused = self._say("bar.not.under_way", agency=self._short(agency)) if live else ""
                offers.append(
                    self._offer("hand_off", "hand", one, now, agency, ids=(agency,), refused=refused)
                )
        return offers[:most]

    def joint(self, rest: str, now: Situation, most: int) -> list[Offer]:
        """All partners the type prefers, at once (공동대응)."""
        offers = []
        for one in self._with_open(words_of(rest), now, most):
            kind = self._profile.incident_types.get(one.type)
            advised = kind.agencies if kind is not None and len(kind.agencies) > 1 else ()
            wanted = tuple(
                agency for agency in (advised or tuple(self._profile.agencies))
                if not self._live(one, now, agency)
            )  # fmt: skip
            refused = "" if len(wanted) > 1 else self._say("bar.not.no_two")
            names = " + ".join(self._short(agency) for agency in wanted)
            offers.append(self._offer("hand_off", "joint", one, now, names, ids=wanted, refused=refused))
        return offers[:most]

    def transfer(self, rest: str, now: Situation, most: int) -> list[Offer]:
        """Another partner instead of the one that has the open incident (이관)."""
        words, offers = words_of(rest), []
        for one, thread in self._threads(now):
            for agency in self._agencies(words[:1]):
                if agency != thread.agency and not self._live(one, now, agency):
                    names = f"{self._short(thread.agency)} → {self._short(agency)}"
                    offers.append(
                        self._offer("transfer", "transfer", one, now, names, other=thread.id, ids=(agency,))
                    )
        return offers[:most] or self._nothing("transfer", rest, now)

    def phone(self, rest: str, now: Situation, most: int) -> list[Offer]:
        """The phone card of a thread of the open incident."""
        agencies = self._agencies(words_of(rest)[:1])
        one = now.state.incidents.get(now.open_incident)
        threads = self._all(one, now) if one is not None else []
        offers = [
            self._offer("phone", "phone", one, now, self._short(thread.agency), other=thread.id)
            for thread in threads if one is not None and thread.agency in agencies
        ]  # fmt: skip
        return offers[:most] or self._nothing("phone", rest, now)

    def tell(self, rest: str, now: Situation, most: int) -> list[Offer]:
        """More for the partners that have the open incident: all of them, or the one named first."""
        return self._worded("tell", "tell", rest, now, most)

    def withdraw(self, rest: str, now: Situation, most: int) -> list[Offer]:
        """Ask a partner to drop the open incident; the words are the reason."""
        return self._worded("withdraw", "withdraw", rest, now, most)

    def _worded(self, kind: OfferKind, verb: str, rest: str, now: Situation, most: int) -> list[Offer]:
        head, _, tail = rest.partition(" ")
        named = self._agencies((head,)) if head else []
        exact = len(named) < len(self._profile.agencies) and bool(named)
        text = tail.strip() if exact else rest.strip()
        offers = []
        for one, thread in self._threads(now):
            if exact and thread.agency not in named:
                continue
            asked = kind == "withdraw" and thread.cancel is not None
            refused = self._say("bar.not.asked_already") if asked else ""
            refused = refused or ("" if text else self._say("bar.not.no_words"))
            short = self._short(thread.agency)
            offers.append(
                self._offer(kind, verb, one, now, short, other=thread.id, text=text, refused=refused)
            )
        return offers[:most] or self._nothing(verb, rest, now)

    def _offer(
        self, kind: OfferKind, verb: str, one: Incident, now: Situation, agency: str, *, other: str = "",
        ids: tuple[str, ...] = (), text: str = "", refused: str = "",
    ) -> Offer:  # fmt: skip
        title, detail = self._said(one)
        short = self._short(agency)
        named = "" if verb == "joint" else f"{short} "
        return Offer(
            kind=kind, id=one.id, other=other, ids=ids, text=text, refused=now.no_orders or refused,
            title=f"{short} · {text}" if text else f"{short} · {title}", detail=title if text else detail,
            does=self._say(f"bar.does.{verb}", agency=short, id=one.id),
            fill=f"{self._word(verb)} {named}{text or one.id}",
        )  # fmt: skip

    def _nothing(self, verb: str, rest: str, now: Situation) -> list[Offer]:
        """Why there is nothing to do it with."""
        one = now.state.incidents.get(now.open_incident)
        title = self._said(one)[0] if one is not None else rest or self._word(verb)
        return [
            Offer(
                kind="transfer", id=now.open_incident, title=title, fill=f"{self._word(verb)} {rest}".strip(),
                does=self._say(f"bar.does.{verb}", agency="–", id=now.open_incident or "–"),
                refused=self._say("bar.not.no_incident" if one is None else "bar.not.no_thread"),
            )
        ]  # fmt: skip

    def _threads(self, now: Situation) -> list[tuple[Incident, PartnerThread]]:
        """What partners have of the open incident."""
        one = now.state.incidents.get(now.open_incident)
        return [(one, each) for each in self._all(one, now) if is_live(each)] if one is not None else []

    def _all(self, one: Incident, now: Situation) -> list[PartnerThread]:
        """Its threads that can still be spoken about, the newest of an agency last."""
        known = (now.state.threads.get(each) for each in one.handoff_ids)
        return [each for each in known if each is not None and standing(each).end != "given_up"]

    def _live(self, one: Incident, now: Situation, agency: str) -> bool:
        return any(each.agency == agency and is_live(each) for each in self._all(one, now))

    def _agencies(self, words: Sequence[str]) -> list[str]:
        """Those that the word may mean; all without one."""
        every = self._profile.agencies.values()
        return [one.id for one in every if not words or agency_line(one).fit(tuple(words))]

    def _short(self, agency: str) -> str:
        return agency_name(self._profile, self._catalogue, agency)

    def _word(self, verb: str) -> str:
        return self._say(f"bar.verb.{verb}.word")

    def _say(self, key: str, **fields: str) -> str:
        return self._catalogue.say(key, **fields)


def agency_line(one: Agency) -> Line:
    """What an agency is called."""
    return Line((one.number, one.short.en, one.short.ko, one.name.en, one.name.ko, one.id))
