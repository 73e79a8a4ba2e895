"""What a line in the bar may mean, best first: the one place that knows all verbs."""

from __future__ import annotations

from console.bar.cityanswers import CityAnswers
from console.bar.deskanswers import DeskAnswers
from console.bar.figures import BarFigures
from console.bar.handoffanswers import HandoffAnswers
from console.bar.history import History
from console.bar.offer import Offer
from console.bar.ranking import INSIDE, START, WHOLE, WORD, Line
from console.bar.situation import Situation
from console.bar.verbs import VERBS, Typed, Verbs
from console.geo.gazetteer import Gazetteer
from console.language import Catalogue
from console.profile import Profile

_KINDS = (
    "verb", "page", "incident", "act", "place", "camera", "device", "alarm", "mode", "layout", "chart",
)  # fmt: skip
"""Which comes first of equals while nothing says what is meant."""


class Answers:
    """Asked at each key. A language that is switched needs another one. UI thread only."""

    def __init__(self, profile: Profile, catalogue: Catalogue, figures: BarFigures, history: History) -> None:
        self._catalogue, self._figures, self._history = catalogue, figures, history
        self.verbs = Verbs(catalogue)
        self._city = CityAnswers(profile, catalogue, figures)
        self._desk = DeskAnswers(profile, catalogue, figures.answers.lines_at_once)
        self._handoffs = HandoffAnswers(profile, catalogue, self._desk.with_open, self._desk.said)

    @property
    def knows_names(self) -> bool:
        """Whether places and devices can be found yet."""
        return self._city.gazetteer is not None

    @property
    def behind(self) -> bool:
        """Whether some incidents or alarms could not be looked at yet; the next answers look at more."""
        return self._desk.behind

    def take_names(self, gazetteer: Gazetteer | None) -> None:
        """The names of the city have been read."""
        self._city.gazetteer = gazetteer

    def offers(self, text: str, now: Situation) -> list[Offer]:
        """Not more lines than the figures say (all verbs come with an empty line)."""
        self._desk.behind = False
        typed = self.verbs.read(text)
        most = self._figures.answers.lines
        if typed.verb:
            found = self._of_verb(typed, now, most)
            if not typed.rest:
                # "Alarms" is a page as well.
                found = (self._desk.acts(text.strip().removeprefix("/"), now, 1, pages=True) + found)[:most]
            return found or self._verbs(typed.verb)
        if not typed.words:
            shown = self._figures.history.shown
            return [self._past(one) for one in self._history.texts[:shown]] + self._verbs("")
        return self._of_all(typed, now, most)

    def _of_verb(self, typed: Typed, now: Situation, most: int) -> list[Offer]:
        rest, city, desk = typed.rest, self._city, self._desk
        match typed.verb:
            case "cam":
                return city.cameras(rest, now, most)
            case "go":
                return city.places(rest, now, most, devices=True)
            case "device":
                return city.devices(rest, now, most)
            case "inc":
                return desk.incidents(rest, now, most)
            case "ack":
                return desk.acknowledge(rest, now, most)
            case "hand":
                return self._handoffs.hand_off(rest, now, most)
            case "joint":
                return self._handoffs.joint(rest, now, most)
            case "transfer":
                return self._handoffs.transfer(rest, now, most)
            case "tell":
                return self._handoffs.tell(rest, now, most)
            case "withdraw":
                return self._handoffs.withdraw(rest, now, most)
            case "phone":
                return self._handoffs.phone(rest, now, most)
            case "note":
                return desk.note(rest, now)
            case "new":
                return city.new(rest, now)[:most]
            case "alarm":
                return desk.alarms(rest, now, most)
            case "chart":
                return city.charts(rest, now, most)
            case "mode":
                return desk.modes(rest, now, most)
            case "layout":
                return desk.layouts(rest, now, most)
            case "page":
                return desk.acts(rest, now, most, pages=True)
            case _:
                return desk.acts(rest, now, most)

    def _verbs(self, verb: str) -> list[Offer]:
        return [self._verb(one) for one in VERBS if not verb or one == verb]

    def _verb(self, verb: str) -> Offer:
        say, word = self._catalogue.say, self.verbs.word(verb)
        return Offer(
            kind="verb", id=verb, title=f"/{word}", detail=say(f"bar.verb.{verb}.example"),
            does=say("bar.does.verb", word=word, does=say(f"bar.verb.{verb}.does")), fill=f"{word} ",
        )  # fmt: skip

    def _past(self, text: str) -> Offer:
        return Offer(
            kind="past", id=text, title=text, detail=self._catalogue.say("bar.past"), fill=text,
            does=self._catalogue.say("bar.does.past"),
        )  # fmt: skip

    def _of_all(self, typed: Typed, now: Situation, most: int) -> list[Offer]:
        """Some of each kind, by how well their words fit, then what was used lately, then by kind."""
        some, rest, city, desk = self._figures.answers.of_a_kind, typed.rest, self._city, self._desk
        found = [
            self._verb(verb) for verb in VERBS
            if len(typed.words) == 1 and self.verbs.begins(verb, typed.words[0])
        ]  # fmt: skip
        acts = desk.acts(rest, now, 3 * some)
        pages = [one for one in acts if one.kind == "page"][:some]
        found += pages + [one for one in acts if one.kind == "act"][:some]
        found += desk.incidents(rest, now, some) + desk.modes(rest, now, 2)
        found += desk.alarms(rest, now, 2) + desk.layouts(rest, now, 2)
        devices = city.devices(rest, now, some)
        cameras = city.cameras(rest, now, some) if len(typed.words) == 1 or devices else []
        shown = {one.id for one in cameras}
        found += city.places(rest, now, some, devices=False) + cameras
        found += [one for one in devices if one.id not in shown]
        ranked = [(self._rank(offer, typed, place, now), offer) for place, offer in enumerate(found)]
        ranked.sort(key=lambda pair: pair[0])
        return [offer for _, offer in ranked[:most]]

    def _rank(self, offer: Offer, typed: Typed, place: int, now: Situation) -> tuple[int, ...]:
        if offer.kind == "verb":
            worst = WHOLE if typed.words[0] in self.verbs.spoken(offer.id) else START
        elif offer.kind in ("act", "page"):
            act = self._desk.act_fit(offer.id, typed.words, now)
            worst = act.worst if act is not None else INSIDE
        else:
            fit = Line(offer.names or (offer.title, offer.id)).fit(typed.words)
            worst = fit.worst if fit is not None else WORD
        recent = self._history.recent(offer.kind, offer.id)
        return (bool(offer.refused), worst, not recent, _KINDS.index(offer.kind), place)
