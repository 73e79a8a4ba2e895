"""Controls of the systems' files: checked, and as records by their id."""

from __future__ import annotations

from collections.abc import Mapping

from console.model.control import (
    AUTOMATIC,
    Control,
    ControlChoice,
    ControlEffect,
    ControlRange,
    ControlText,
)
from console.profile.problems import Problems
from console.profile.tables import ControlTable, Country, KindTable, SystemFile


def here(systems: Mapping[str, SystemFile], country: Country) -> list[tuple[str, int, ControlTable]]:
    """(system, row in its file, control) of all controls that hold in this country."""
    return [
        (name, row, control)
        for name, file in systems.items()
        for row, control in enumerate(file.controls)
        if not control.countries or country in control.countries
    ]


def controls_of(systems: Mapping[str, SystemFile], country: Country) -> dict[str, Control]:
    """By id, in the order of the files."""
    return {control.id: _control(system, control) for system, _, control in here(systems, country)}


def _control(system: str, told: ControlTable) -> Control:
    return Control(
        id=told.id, system=system, name=told.name, kinds=told.kinds, roles=told.roles,
        dangerous=told.dangerous, answer_s=told.answer_s, source=told.source,
        choices=tuple(ControlChoice(id=one.id, name=one.name, effect=one.effect) for one in told.choices),
        range=ControlRange(
            low=told.range.low, high=told.range.high, step=told.range.step, unit=told.range.unit,
            tolerance=told.range.tolerance,
        ) if told.range is not None else None,
        text=ControlText(
            lines=told.text.lines, columns=told.text.columns, charset=told.text.charset,
            effect=told.text.effect,
        ) if told.text is not None else None,
        automatic=told.automatic, safe=told.safe, warning=told.warning,
        effect=ControlEffect(quantity=told.effect.quantity, within_s=told.effect.within_s)
        if told.effect is not None else None,
    )  # fmt: skip


def check_controls(systems: Mapping[str, SystemFile], country: Country, problems: Problems) -> None:
    """What every control promises: kinds and points that exist, one sort of value, ranges within points."""
    kinds = {kind.id: kind for file in systems.values() for kind in file.kinds}
    seen: set[str] = set()
    for system, row, control in here(systems, country):
        shown, table = f"systems/{system}.toml", f"controls[{row}] ({control.id})"
        if control.id in seen:
            problems.add(shown, table, "id", "a control no other table defines", control.id)
        seen.add(control.id)
        for kind in control.kinds:
            if kind not in kinds:
                problems.add(shown, table, "kinds", "a kind of one of the city's systems", kind)
        for key, rows in (("kinds", control.kinds), ("roles", control.roles)):
            if not rows:
                problems.say(shown, table, key, "at least one", "none")
        sorts = [key for key in ("choices", "range", "text") if getattr(control, key)]
        if len(sorts) != 1:
            found = " and ".join(sorts) or "none"
            problems.say(shown, table, "", "one of choices, range and text", found)
        if control.dangerous and control.warning is None:
            wanted = "what the second question says (dangerous = true)"
            problems.say(shown, table, "warning", wanted, "nothing")
        _check_values(control, shown, table, problems)
        _check_effect(control, kinds, shown, table, problems)


def _check_values(control: ControlTable, shown: str, table: str, problems: Problems) -> None:
    choices = [one.id for one in control.choices]
    for one in choices:
        if choices.count(one) > 1 or one == AUTOMATIC:
            problems.add(shown, table, "choices.id", f"each only once, and not {AUTOMATIC!r}", one)
    told = control.range
    if told is not None:
        if not told.low < told.high:
            problems.add(shown, table, "range.high", f"a number above low ({told.low})", told.high)
        elif told.step > told.high - told.low:
            wanted = f"at most high - low ({told.high - told.low})"
            problems.add(shown, table, "range.step", wanted, told.step)
    if control.safe and control.safe != AUTOMATIC and choices and control.safe not in choices:
        problems.add(shown, table, "safe", f"one of {', '.join(choices)}", control.safe)
    if control.safe == AUTOMATIC and not control.automatic:
        problems.add(shown, table, "safe", f"{AUTOMATIC!r} only where automatic = true", control.safe)


def _check_effect(
    control: ControlTable, kinds: Mapping[str, KindTable], shown: str, table: str, problems: Problems
) -> None:
    effect = control.effect
    ranges = [("choices", one.effect) for one in control.choices if one.effect is not None]
    if control.text is not None and control.text.effect is not None:
        ranges.append(("text", control.text.effect))
    if effect is None:
        for key, _ in ranges:
            problems.say(shown, table, "effect", f"the point that {key}.effect is measured at", "nothing")
        return
    for kind in control.kinds:
        points = {point.quantity: point for point in kinds[kind].points} if kind in kinds else {}
        point = points.get(effect.quantity)
        if kind in kinds and point is None:
            problems.add(shown, table, "effect.quantity", f"a point of the kind {kind}", effect.quantity)
        if point is None:
            continue
        for key, (low, high) in ranges:
            if not low <= high or high < point.low or low > point.high:
                wanted = f"low <= high, within {point.low} .. {point.high}"
                problems.add(shown, table, f"{key}.effect", wanted, [low, high])
        told = control.range
        if told is not None and not point.low <= told.low <= told.high <= point.high:
            wanted = f"within {point.low} .. {point.high} of {kind}/{effect.quantity}"
            problems.add(shown, table, "range", wanted, [told.low, told.high])
