"""A pane's state in words, in the present language."""

from __future__ import annotations

from console.language import Catalogue
from console.model.base import Words
from console.video.condition import PaneState

#: States whose last picture is shown greyed, with its age: it is old, or pretends not to be.
OLD = frozenset({"stalled", "frozen", "no_signal", "refused"})
#: A picture older than this is never shown as live (ms).
OLD_AFTER_MS = 2000


#: States of recorded pictures: they say their own time and are never taken for the present.
RECORDED = frozenset({"recorded", "gap"})


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


def figures(state: PaneState, catalogue: Catalogue) -> list[str]:
    """Size, codec, rate and losses of the picture; nothing before the first one."""
    if not state.pictures:
        return []
    lines = [
        catalogue.say("wall.figures", width=state.width, height=state.height, codec=state.codec or "?",
                      fps=f"{state.fps:.0f}", nominal=f"{state.nominal_fps:.0f}")
    ]  # fmt: skip
    if state.skipped or state.corrupt:
        lines.append(catalogue.say("wall.losses", skipped=state.skipped, corrupt=state.corrupt))
    return lines


def for_the_record(state: PaneState, catalogue: Catalogue) -> Words:
    """The state in both languages, for a fact on the log."""
    word = catalogue.both(f"wall.state.{state.state}")
    if not state.reason:
        return word
    why = catalogue.both(f"wall.reason.{state.reason}")
    return Words(en=f"{word.en}: {why.en}", ko=f"{word.ko}: {why.ko}")
