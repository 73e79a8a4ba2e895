"""A pane's state in words, in the present language."""

from __future__ import annotations

from console.language import Catalogue
from console.model.base import Words
from console.video.condition import PaneState
from widgets.wall.bounds import pane_bounds

#: States whose last picture is shown greyed, with its age: it is old, or pretends not to be.
OLD = frozenset({"stalled", "frozen", "no_signal", "refused"})
#: A picture older than this is never shown as live (ms).
OLD_AFTER_MS = 2000


#: States of recorded pictures: they say their own time and are never taken for the present.
RECORDED = frozenset({"recorded", "gap"})
#: States of a recorded pane that say why there is no picture.
SAID_WITHOUT = frozenset({"gap", "damaged", "waiting", "denied", "no_signal"})
WITHOUT_PICTURE = SAID_WITHOUT - {"damaged"} | {"seeking"}
JOINT = " · "
MOST_KEPT = 512


def is_old(state: PaneState) -> bool:
    """Whether the pane's last picture must not be taken for the present."""
    if state.state in RECORDED:
        return False
    return state.state in OLD or state.age_ms >= OLD_AFTER_MS


def badge(state: PaneState, catalogue: Catalogue) -> str:
    """One short text for the strip: the state's word, with the figure that matters."""
    word = catalogue.say(f"wall.state.{state.state}")
    if state.state == "frozen":
        return f"{word} {span(state.same_for_ms, catalogue)}"
    if state.state == "delayed" and state.lag_ms >= 100:
        return f"{word} {catalogue.say('wall.tenths', s=f'{state.lag_ms / 1000:.1f}')}"
    if is_old(state) and state.age_ms >= 0:
        return f"{word} {span(state.age_ms, catalogue)}"
    return word


def reason(state: PaneState, catalogue: Catalogue) -> str:
    """Why it is so and what to do, or nothing to say."""
    return catalogue.say(f"wall.reason.{state.reason}") if state.reason else ""


def span(duration_ms: int, catalogue: Catalogue) -> str:
    """An age: seconds, then minutes, then hours."""
    seconds = max(0, duration_ms) // 1000
    if seconds < 60:
        return catalogue.say("kit.age.seconds", n=seconds)
    if seconds < 3600:
        return catalogue.say("kit.age.minutes", n=seconds // 60)
    return catalogue.say("kit.age.hours", n=seconds // 3600, minutes=f"{seconds % 3600 // 60:02d}")


class Badges:
    """What strips may say. Most of it stands still: the words of what is the same are kept."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._kept: dict[tuple[object, ...], tuple[list[str], str, str]] = {}

    def of(self, state: PaneState, zoom: float = 1.0) -> tuple[str, ...]:
        """The forms of a badge, the longest first: the badge alone at the end. What is wrong stays
        longest."""
        word = badge(state, self._catalogue)
        offset_ms = state.clock_offset_ms
        key = (
            state.cut, state.cut_cause, zoom, None if offset_ms is None else offset_ms // 100,
            bool(state.pictures), state.width, state.height, state.codec, rate_told(state),
            state.state in OLD,
            self._catalogue.language,
        )  # fmt: skip
        known = self._kept.get(key)
        if known is None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            known = self._kept[key] = self._say(state, zoom)
        more, size, less = known
        found = [JOINT.join([word, *more[:count]]) for count in range(len(more), 0, -1)]
        if size:
            found.insert(0, JOINT.join([word, *more, size]))
        if less:
            found.append(JOINT.join([word, less]))
        return (*found, word)

    def _say(self, state: PaneState, zoom: float) -> tuple[list[str], str, str]:
        """(what else there is to say, the figures, the cut without its cause)."""
        say = self._catalogue
        more = [text for text in (cut(state, say), clock_told(state, say), zoomed(zoom, say)) if text]
        return more, short_figures(state, say), cut(state, say, why=False)


def badges(state: PaneState, catalogue: Catalogue, zoom: float = 1.0) -> tuple[str, ...]:
    """The forms of one badge (`Badges.of`)."""
    return Badges(catalogue).of(state, zoom)


def cut(state: PaneState, catalogue: Catalogue, why: bool = True) -> str:
    """What of the quality is left out and why; empty when nothing is."""
    if not (state.cut or state.cut_cause):
        return ""
    what = catalogue.say(f"wall.cut.{state.cut or 'fewer'}")
    return f"{what}: {catalogue.say(f'wall.cause.{state.cut_cause}')}" if why and state.cut_cause else what


def clock_told(state: PaneState, catalogue: Catalogue) -> str:
    """The camera's clock, where it is so wrong that the clock on the strip would be."""
    offset_ms = state.clock_offset_ms
    if offset_ms is None or abs(offset_ms) < pane_bounds().clock.told_ms:
        return ""
    return catalogue.say("wall.clock.short", offset=_offset(offset_ms, catalogue))


def zoomed(factor: float, catalogue: Catalogue) -> str:
    """How much closer the picture is shown; empty for all of it."""
    return catalogue.say("wall.zoom.times", times=f"{factor:.1f}") if factor > 1.0 else ""


def rate_told(state: PaneState) -> tuple[int, int]:
    """(nominal, measured) pictures a second; measured is -1 while it is as it should be."""
    nominal = round(state.nominal_fps)
    if nominal and abs(state.fps - state.nominal_fps) > 0.1 * state.nominal_fps:
        return nominal, round(state.fps)
    return nominal, -1


def short_figures(state: PaneState, catalogue: Catalogue) -> str:
    """Size, codec and rate, short. A rate as it should be is said as such, so that the text stands still."""
    if not state.pictures or not state.width or state.state in OLD:
        return ""
    nominal, fps = rate_told(state)
    rate = catalogue.say("wall.rate", fps=fps, nominal=nominal) if fps >= 0 else str(nominal)
    return catalogue.say("wall.short_figures", width=state.width, height=state.height,
                         codec=state.codec or "?", rate=rate)  # fmt: skip


def figures(state: PaneState, catalogue: Catalogue) -> list[str]:
    """Age, delay, size, codec, rate, quality, the camera's clock and losses; nothing before the first
    picture."""
    if not state.pictures or state.state == "gap":
        return []
    say = catalogue.say
    lines = []
    if state.state not in RECORDED:
        lines.append(say("wall.info.age", age=age(state.age_ms, catalogue), lag=state.lag_ms))
    if state.width:
        lines.append(
            say("wall.figures", width=state.width, height=state.height, codec=state.codec or "?",
                fps=f"{state.fps:.0f}", nominal=f"{state.nominal_fps:.0f}")
        )  # fmt: skip
    less = cut(state, catalogue)
    lines.append(say("wall.info.cut", what=less) if less else say("wall.info.whole"))
    if state.state not in RECORDED:
        lines.append(_clock(state, catalogue))
    if state.clock_drift_ppm:
        lines.append(say("wall.info.drift", ppm=f"{state.clock_drift_ppm:+d}"))
    if state.stream:
        lines.append(say(f"wall.info.stream_{state.stream}"))
    if state.skipped or state.corrupt:
        lines.append(say("wall.losses", skipped=state.skipped, corrupt=state.corrupt))
    return lines


def narrow_figures(state: PaneState, catalogue: Catalogue) -> list[str]:
    """The figures in short lines."""
    if not state.pictures or state.state == "gap":
        return []
    say = catalogue.say
    lines = [short_figures(state, catalogue)]
    live = state.state not in RECORDED
    if live:
        lines.append(say("wall.info.age_short", age=age(state.age_ms, catalogue), lag=state.lag_ms))
    lines.append(cut(state, catalogue) or say("wall.info.whole"))
    if live and state.clock_offset_ms is None:
        lines.append(say("wall.info.clock_unknown"))
    elif live:
        lines.append(say("wall.info.clock_short", offset=_offset(state.clock_offset_ms or 0, catalogue)))
    return [line for line in lines if line]


def _clock(state: PaneState, catalogue: Catalogue) -> str:
    """The camera's clock against ours, in a line."""
    offset_ms = state.clock_offset_ms
    if offset_ms is None:
        return catalogue.say("wall.info.clock_unknown")
    if abs(offset_ms) < pane_bounds().clock.told_ms:
        return catalogue.say("wall.info.clock_right", ms=offset_ms)
    return catalogue.say("wall.info.clock_wrong", offset=_offset(offset_ms, catalogue))


def age(age_ms: int, catalogue: Catalogue) -> str:
    """An age, in tenths of a second while it is short."""
    if 0 <= age_ms < pane_bounds().info.tenths_below_ms:
        return catalogue.say("wall.tenths", s=f"{age_ms / 1000:.1f}")
    return span(age_ms, catalogue)


def _offset(offset_ms: int, catalogue: Catalogue) -> str:
    sign = "+" if offset_ms >= 0 else "\u2212"
    return sign + age(abs(offset_ms), catalogue)


def for_the_record(state: PaneState, catalogue: Catalogue) -> Words:
    """The state in both languages, for a fact on the log."""
    word = catalogue.both(f"wall.state.{state.state}")
    if not state.reason:
        return word
    why = catalogue.both(f"wall.reason.{state.reason}")
    return Words(en=f"{word.en}: {why.en}", ko=f"{word.ko}: {why.ko}")
