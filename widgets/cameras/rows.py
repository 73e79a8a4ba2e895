"""All cameras of a city as rows that can be searched: number, name, place, purpose, condition. Qt-free."""

from __future__ import annotations

from dataclasses import dataclass

from console.language import Catalogue
from console.profile import Profile
from widgets.kit.cameranumber import camera_number


@dataclass(frozen=True, slots=True)
class Row:
    """One camera. `words` is everything that can be searched, in both languages, folded for comparison."""

    id: str
    number: int
    name: str
    place: str
    purpose: str
    words: str


def rows_of(profile: Profile, catalogue: Catalogue) -> list[Row]:
    """Every camera in the present language, in the order of the city's file."""
    found = []
    for camera_id in profile.cameras:
        device, camera = profile.devices[camera_id], profile.cameras[camera_id]
        purpose, place = profile.purposes[camera.purpose], device.place.name
        district = profile.districts.get(device.place.district)
        words = [camera_id, device.name.en, device.name.ko, place.en, place.ko, purpose.en, purpose.ko]
        if district is not None:
            words += [district.name.en, district.name.ko]
        found.append(
            Row(
                camera_id, camera_number(camera_id), catalogue.words(device.name), catalogue.words(place),
                catalogue.words(purpose), " ".join(words).casefold(),
            )
        )  # fmt: skip
    return found


def matching(rows: list[Row], text: str) -> list[Row]:
    """Rows with all these words. A word of digits alone means the camera's number: those that are it come
    first, then those whose id or name has it."""
    words = text.casefold().split()
    if not words:
        return rows
    exact = [int(word) for word in words if word.isdecimal()]
    found = [row for row in rows if all(word in row.words for word in words if not word.isdecimal())]
    if not exact:
        return found
    first = [row for row in found if row.number in exact]
    seen = {row.id for row in first}
    digits = [word for word in words if word.isdecimal()]
    return first + [row for row in found if row.id not in seen and all(word in row.words for word in digits)]
