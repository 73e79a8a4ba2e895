"""Topic patterns: a filter to subscribe to, and what each `{name}` stands for in a topic that came."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_NAMED = re.compile(r"\{([a-z][a-z0-9_]{0,30})\}")
LONGEST_TOPIC = 400


@dataclass(frozen=True, slots=True)
class Pattern:
    """`levels` with None for one level of any name; `names` by level; `rest`: "#" at the end."""

    text: str
    levels: tuple[str | None, ...]
    names: tuple[str, ...]
    rest: bool

    @property
    def filter(self) -> str:
        """The topic filter of MQTT."""
        levels = ["+" if one is None else one for one in self.levels]
        return "/".join([*levels, "#"] if self.rest else levels)

    def captured(self, topic: str) -> dict[str, str] | None:
        """What the names stand for, None where the topic is not one of these."""
        levels = topic.split("/")
        if len(levels) < len(self.levels) or (len(levels) > len(self.levels) and not self.rest):
            return None
        found = {}
        for want, name, have in zip(self.levels, self.names, levels, strict=False):
            if want is None:
                found[name] = have
            elif want != have:
                return None
        found.pop("", None)
        return found

    def overlaps(self, other: Pattern) -> bool:
        """Whether a topic can be of both."""
        shared = zip(self.levels, other.levels, strict=False)
        if not all(a is None or b is None or a == b for a, b in shared):
            return False
        if len(self.levels) == len(other.levels):
            return True
        longer, shorter = (self, other) if len(self.levels) > len(other.levels) else (other, self)
        return shorter.rest and len(longer.levels) >= len(shorter.levels)


def parse_pattern(text: str) -> Pattern | str:
    """The pattern, or what is wrong with it. `{name}` and `+` are one level, `#` at the end the rest."""
    parts = text.split("/")
    rest = parts[-1] == "#"
    levels: list[str | None] = []
    names: list[str] = []
    for part in parts[:-1] if rest else parts:
        named = _NAMED.fullmatch(part)
        if named is not None or part == "+":
            levels.append(None)
            names.append(named.group(1) if named else "")
        elif any(sign in part for sign in "+#{}\x00"):
            return "each level a name, {name} or +; # only at the end"
        else:
            levels.append(part)
            names.append("")
    used = [one for one in names if one]
    if len(used) != len(set(used)):
        return "each {name} once"
    return Pattern(text, tuple(levels), tuple(names), rest)


def names_in(template: str) -> set[str] | None:
    """The names a device's template uses; None where its braces are not right."""
    rest = _NAMED.sub("", template)
    return None if "{" in rest or "}" in rest else set(_NAMED.findall(template))


def filled(template: str, names: Mapping[str, str]) -> str:
    """The template with its names filled in."""
    return _NAMED.sub(lambda found: names[found.group(1)], template)


def as_expression(template: str) -> re.Pattern[str]:
    """What the template's results look like, whatever the names stand for."""
    parts = [re.escape(one) for one in _NAMED.split(template)[::2]]
    return re.compile(".+".join(parts))
