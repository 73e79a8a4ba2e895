"""A new system's file to begin with: every key that is needed, with a comment, and readable as it stands."""

from __future__ import annotations

from pathlib import Path

import msgspec

from console.profile.tables import Identifier, Row

SYSTEM = """\
# {id} (row {row}): say here what the system is and what its file cannot say. Every key: docs/ref/profile.md.
[system]
id = "{id}"      # the file's own name
row = {row}
name = {{ en = "{id}", ko = "{id}" }}      # both languages, as shown
owner = "{owner}"      # a key of the city's [owners]

# One table for each kind of device. Its id is the city's, so no other system may use it.
[[kinds]]
id = "{id}_sensor"
name = {{ en = "{id} sensor", ko = "{id} 센서" }}
# conditions = {{ down = "device_fault" }}      # the incident type one such device opens when it is down

# What it measures, one table for each quantity. The quantity says its unit.
[[kinds.points]]
quantity = "{id}_percent"
name = {{ en = "measurement", ko = "측정값" }}
unit = "%"      # a reading must name it
low = 0.0      # below cannot be true
high = 100.0      # above cannot be true
period_s = 60.0      # three without a value are stale
trend = true      # keep a history for charts

# When it is an alarm. Only what somebody can do something about.
[[kinds.points.limits]]
id = "high"
above = true      # false: abnormal at set_at and less
set_at = 90.0
clear_at = 80.0      # on the normal side, so that it does not ring at the edge
on_delay_s = 60.0      # so long beyond, by the samples' own time
off_delay_s = 60.0
priority = 4      # 1 is the most urgent
text = {{ en = "Measurement above 90 %", ko = "측정값 90 % 초과" }}
guidance = {{ en = "Say what an operator does now.", ko = "관제원이 할 일을 적습니다." }}
source = "Ours"      # where the level comes from
# incident_type = "device_fault"      # what the alarm opens
# countries = ["KR"]      # where it holds; all when left out

# What can be ordered from it, where anything can. One of choices, range and text.
# [[controls]]
# id = "{id}_level"      # the city's, so no other system may use it
# name = {{ en = "level", ko = "단계" }}
# kinds = ["{id}_sensor"]
# roles = ["operator", "supervisor"]      # whose desks may order it
# dangerous = false      # true: asks twice, and needs warning = {{ en = "...", ko = "..." }}
# answer_s = 10.0      # no answer by then is told as unknown
# automatic = true      # "auto" gives it back to its own programme
# safe = "auto"      # where to go when in doubt
# range = {{ low = 0.0, high = 100.0, step = 10.0, unit = "%", tolerance = 5.0 }}
# choices = [{{ id = "on", name = {{ en = "on", ko = "켜기" }}, effect = [0.5, 1.0] }}]
# text = {{ lines = 2, columns = 12, charset = "euc_kr" }}
# effect = {{ quantity = "{id}_percent", within_s = 30.0 }}      # where it must show, and by when
# source = "Ours"      # where the figures come from
"""
NEXT = """\
Next, in the city's file cities/CITY.toml:
  [city] systems = [..., "{id}"]
  [owners] {owner}: words, when it is not there yet
  [[fleets]] register, kind = "{id}_sensor", prefix, count, spread, and that register's count
For the demo, in scenarios/patterns.toml under [quantity]:
  {id}_percent = {{ typical = 40.0, swing = 10.0, wander = 2.0, noise = 0.5 }}
Then: bongsu profile check CITY"""


class SkeletonError(Exception):
    """The file cannot be made; says why."""


def write_system(name: str, row: int, owner: str, folder: Path) -> Path:
    """Write `FOLDER/NAME.toml`, which must not be there yet. Raises SkeletonError."""
    for said, value, kind in (("name", name, Identifier), ("owner", owner, Identifier), ("row", row, Row)):
        try:
            msgspec.convert(value, kind)
        except msgspec.ValidationError:
            wanted = "1 to 1000" if said == "row" else "letters, digits, _ . -, at most 48"
            raise SkeletonError(f"{said}: expected {wanted}, found {value!r}") from None
    # The kind's and the quantity's names are made of it, and may not be longer either.
    if len(name) > 40:
        raise SkeletonError(f"name: expected at most 40 signs, found {len(name)}")
    path = folder / f"{name}.toml"
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(SYSTEM.format(id=name, row=row, owner=owner))
    except FileExistsError:
        raise SkeletonError(f"{path}: there is one already, and it is left as it is") from None
    except OSError as error:
        raise SkeletonError(f"{path}: {error.strerror or type(error).__name__}") from None
    return path
