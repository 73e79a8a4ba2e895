"""What may be asked for: the city's linked services for us, as the city has told its partners.

Read from the city's own file (seeds/services), of which a partner needs names, purposes and legal bases only.
"""

from __future__ import annotations

import msgspec

from console.model.base import Record, Words
from console.paths import shipped


class Named(msgspec.Struct, frozen=True):
    """An id and what it is called; what else the file says of it is the city's."""

    id: str
    name: Words


class Linked(Record, frozen=True, kw_only=True):
    """One service we may use."""

    id: str
    name: Words
    purposes: tuple[Named, ...]
    bases: tuple[Named, ...]
    radius_m: float
    most_radius_m: float
    minutes: float
    most_minutes: float
    along: bool


class _Service(msgspec.Struct, frozen=True):
    id: str
    name: Words
    agencies: tuple[str, ...]
    bases: tuple[str, ...]
    purposes: tuple[Named, ...]
    radius_m: float = 500.0
    most_radius_m: float = 500.0
    minutes: float = 30.0
    most_minutes: float = 60.0
    along: bool = False


class _File(msgspec.Struct, frozen=True):
    bases: tuple[Named, ...] = ()
    services: tuple[_Service, ...] = ()


def load_linked(city: str, agency: str) -> tuple[Linked, ...]:
    """Those for this agency, in the file's order; none where the city has no file.

    Raises msgspec.ValidationError for a file that is broken.
    """
    path = shipped("seeds") / "services" / f"{city}.toml"
    if not city.isidentifier() or not path.exists():
        return ()
    found = msgspec.toml.decode(path.read_bytes(), type=_File)
    names = {one.id: one for one in found.bases}
    return tuple(
        Linked(
            id=one.id, name=one.name, purposes=one.purposes,
            bases=tuple(names[base] for base in one.bases if base in names), radius_m=one.radius_m,
            most_radius_m=one.most_radius_m, minutes=one.minutes, most_minutes=one.most_minutes,
            along=one.along,
        )
        for one in found.services
        if agency in one.agencies
    )  # fmt: skip
