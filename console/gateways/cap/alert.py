"""A CAP 1.1 or 1.2 message, read from a tree: wider than the hand-off's reader, as strict about what counts.

The elements, how often they occur and what they hold are the hand-off's table (assets/schema/cap12.toml);
CAP 1.1 shares it. Other than the schema, any order is taken, optional elements may be empty, and times may
end in "Z" or carry a fraction, because national feeds do so. An element that is not of the standard, a value
out of its list, a time without an offset are refused. A polygon or circle that cannot be drawn is left out
and told.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from typing import Any

from console.gateways.cap.figures import cap_figures
from console.gateways.cap.refusing import NotTaken, short
from console.gateways.cap.tree import CAP, SIGNATURE, line_of, name_of, namespace_of
from console.handoff.grammar import Row, grammar
from console.model.warning import WarningArea, WarningInfo, WarningMessage, WarningReference

Found = dict[str, list[Any]]
_GROUPS = ("info", "area", "pair", "resource")
CIRCLE_CORNERS = 20
"""A circle counts as so many corners: it is as much work to judge."""
_LIKELY = "Very Likely"
"""CAP 1.0's word, still seen in 1.1 feeds; the standard says to read it as Likely."""


def read_alert(alert: Any, source: str, where: str) -> tuple[WarningMessage, list[NotTaken]]:
    """The message, and what of its areas could not be drawn. Raises NotTaken for one that is none.

    `alert` is the element of a CAP message; its signature is another matter.
    """
    return _Reading(alert, source, where).message()


class _Reading:
    """One message being read."""

    def __init__(self, alert: Any, source: str, where: str) -> None:
        self._alert, self._source, self._where = alert, source, where
        self._namespace = namespace_of(alert)
        if self._namespace not in CAP or name_of(alert) != "alert":
            raise NotTaken("invalid", line_of(alert), "alert", f"{short(str(alert.tag))} is no CAP alert")
        self._most = cap_figures().most
        self._points = 0
        self._areas = 0
        self._faults: list[NotTaken] = []

    def message(self) -> tuple[WarningMessage, list[NotTaken]]:
        found = self._children(self._alert, "alert")
        text = self._text_of(found)
        infos = found["info"]
        if len(infos) > self._most.infos:
            raise _too_many(infos[0], "info", self._most.infos)
        message = WarningMessage(
            sender=_key(text("sender")), identifier=_key(text("identifier")),
            sent_ns=self._time(found, "sent"), status=text("status"), kind=text("msgType"),
            scope=text("scope"),
            source=self._source, where=self._where, note=self._long(text("note")),
            references=self._references(found), infos=tuple(self._info(one) for one in infos),
        )  # fmt: skip
        if not message.sender or not message.identifier:
            raise NotTaken("invalid", line_of(self._alert), "identifier", "sender or identifier is empty")
        if not infos and message.kind in ("Alert", "Update"):
            raise NotTaken("invalid", line_of(self._alert), "info", "is missing: nothing is said")
        if not message.references and message.kind in ("Update", "Cancel"):
            raise NotTaken("invalid", line_of(self._alert), "references", f"is missing in {message.kind}")
        return message, self._faults

    def _info(self, element: Any) -> WarningInfo:
        found = self._children(element, "info")
        text = self._text_of(found)
        areas = found["area"]
        self._areas += len(areas)
        if self._areas > self._most.areas:
            raise _too_many(element, "area", self._most.areas)
        return WarningInfo(
            language=text("language") or "en-US", event=text("event"), urgency=text("urgency"),
            severity=text("severity"), certainty=text("certainty"),
            categories=tuple(_plain(one) for one in found["category"]),
            responses=tuple(_plain(one) for one in found["responseType"]),
            codes=tuple(self._pair(one) for one in found["eventCode"]),
            headline=text("headline")[:500], description=self._long(_said(found["description"])),
            instruction=self._long(_said(found["instruction"])), sender_name=text("senderName")[:200],
            web=text("web")[:500], contact=text("contact")[:500],
            effective_ns=self._time(found, "effective"), onset_ns=self._time(found, "onset"),
            expires_ns=self._time(found, "expires"), areas=tuple(self._area(one) for one in areas),
        )  # fmt: skip

    def _area(self, element: Any) -> WarningArea:
        found = self._children(element, "area")
        before = len(self._faults)
        polygons = [self._polygon(one) for one in found["polygon"] if _plain(one)]
        circles = [self._circle(one) for one in found["circle"] if _plain(one)]
        return WarningArea(
            name=_plain(found["areaDesc"][0])[:2000],
            polygons=tuple(one for one in polygons if one), circles=tuple(one for one in circles if one),
            codes=tuple(self._pair(one) for one in found["geocode"]), faulty=len(self._faults) > before,
        )  # fmt: skip

    def _polygon(self, element: Any) -> tuple[float, ...]:
        """Corners as lat, lon, lat, lon ...; empty, and a fault told, for one that cannot be drawn."""
        pairs = _plain(element).split(" ")
        self._count(element, len(pairs))
        corners = [_degrees(one) for one in pairs]
        wrong = next((one for one, corner in zip(pairs, corners, strict=True) if corner is None), None)
        if wrong is not None:
            return self._fault(element, "polygon", f"{short(wrong)} is no latitude,longitude in degrees")
        if len(corners) < 4 or len(set(corners)) < 3:
            return self._fault(element, "polygon", f"has {len(set(corners))} corners; three or more make one")
        if corners[0] != corners[-1]:
            return self._fault(element, "polygon", "does not end where it begins")
        return tuple(value for corner in corners if corner is not None for value in corner)

    def _circle(self, element: Any) -> tuple[float, float, float] | tuple[()]:
        self._count(element, CIRCLE_CORNERS)
        centre, _, radius = _plain(element).partition(" ")
        at, km = _degrees(centre), _number(radius)
        if at is None or km is None or not 0.0 <= km <= 20_100.0:
            self._fault(element, "circle", f"{short(_plain(element))} is no latitude,longitude radius in km")
            return ()
        return (*at, km)

    def _count(self, element: Any, corners: int) -> None:
        self._points += corners
        if self._points > self._most.points:
            problem = f"more than {self._most.points} corners in all"
            raise NotTaken("too_large", line_of(element), name_of(element), problem)

    def _fault(self, element: Any, field: str, problem: str) -> tuple[()]:
        self._faults.append(NotTaken("bad_area", line_of(element), field, problem))
        return ()

    def _pair(self, element: Any) -> tuple[str, str]:
        found = self._children(element, "pair")
        return _plain(found["valueName"][0])[:200], _plain(found["value"][0])[:200]

    def _references(self, found: Found) -> tuple[WarningReference, ...]:
        told = []
        for element in found["references"]:
            for one in _plain(element).split():
                parts = one.split(",")
                if len(parts) != 3 or not parts[1]:
                    problem = f"{short(one)} is not sender,identifier,sent"
                    raise NotTaken("invalid", line_of(element), "references", problem)
                told.append(WarningReference(
                    sender=parts[0], identifier=parts[1], sent_ns=_instant(parts[2], element, "references")
                ))  # fmt: skip
        return tuple(told)

    def _children(self, parent: Any, group: str) -> Found:
        """The elements of a group by name: known ones only, no more and no fewer than the standard has."""
        rows = {row.name: row for row in grammar().group[group]}
        found: Found = {name: [] for name in rows}
        for child in parent:
            if namespace_of(child) == SIGNATURE and group == "alert":
                continue
            name = name_of(child)
            if namespace_of(child) != self._namespace:
                raise NotTaken("invalid", line_of(child), short(str(child.tag)), "is of another namespace")
            if name not in rows:
                raise NotTaken("invalid", line_of(child), name[:60], f"is not an element of {group}")
            if rows[name].max and len(found[name]) == rows[name].max:
                raise NotTaken("invalid", line_of(child), name, f"occurs more than {rows[name].max} times")
            self._check(child, rows[name])
            found[name].append(child)
        for name, row in rows.items():
            if len(found[name]) < row.min and group != "resource":
                raise NotTaken("invalid", line_of(parent), name, f"is missing in {group}")
        return found

    def _check(self, element: Any, row: Row) -> None:
        if row.type in _GROUPS:
            return
        if len(element):
            raise NotTaken("invalid", line_of(element[0]), row.name, "holds elements; text was expected")
        allowed = grammar().enum.get(row.type)
        said = _plain(element)
        if allowed is None or said in allowed or (row.name == "certainty" and said == _LIKELY):
            return
        if said or row.min:
            raise NotTaken(
                "invalid", line_of(element), row.name, f"{short(said)} is not one of {', '.join(allowed)}"
            )

    def _text_of(self, found: Found) -> Any:
        def text(name: str) -> str:
            said = _plain(found[name][0]) if found[name] else ""
            return "Likely" if name == "certainty" and said == _LIKELY else said

        return text

    def _time(self, found: Found, name: str) -> int:
        """Nanoseconds since 1970; 0 for an optional one that is absent or empty."""
        if not found[name] or (name != "sent" and not _plain(found[name][0])):
            return 0
        return _instant(_plain(found[name][0]), found[name][0], name)

    def _long(self, text: str) -> str:
        return text if len(text) <= self._most.text else f"{text[: self._most.text]} […]"


_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]{1,9})?(Z|[-+][0-9]{2}:[0-9]{2})"
)
_EARLIEST, _LATEST = datetime(1980, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def _instant(text: str, element: Any, field: str) -> int:
    matched = _TIME.fullmatch(text)
    try:
        at = datetime.fromisoformat(matched[1] + matched[3].replace("Z", "+00:00")) if matched else None
    except ValueError:
        at = None
    if at is None or not _EARLIEST <= at <= _LATEST:
        problem = f"{short(text)} is no time as in 2026-03-20T18:05:00+09:00"
        raise NotTaken("invalid", line_of(element), field, problem)
    return int(at.timestamp()) * 1_000_000_000


def _too_many(element: Any, field: str, most: int) -> NotTaken:
    return NotTaken("too_large", line_of(element), field, f"occurs more than {most} times")


def _degrees(text: str) -> tuple[float, float] | None:
    lat_text, comma, lon_text = text.partition(",")
    lat, lon = _number(lat_text), _number(lon_text)
    if not comma or lat is None or lon is None or abs(lat) > 90.0 or abs(lon) > 180.0:
        return None
    return lat, lon


def _number(text: str) -> float | None:
    if not re.fullmatch(r"[-+]?([0-9]{1,18}(\.[0-9]{0,18})?|\.[0-9]{1,18})", text):
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def _plain(element: Any) -> str:
    """Text on one line, without control characters."""
    return " ".join(_CONTROL.sub(" ", element.text or "").split())


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""With the marks that turn the direction of writing: a stranger's text must not rearrange a line of ours."""


def _said(elements: list[Any]) -> str:
    """A text of several lines, as it was written; <br> becomes a line."""
    text = (elements[0].text or "") if elements else ""
    text = re.sub(r"<br\s*/?>", "\n", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "\n".join(line.rstrip() for line in _CONTROL.sub(" ", text).strip().split("\n"))


def _key(text: str) -> str:
    """Sender and identifier: the standard allows no comma in them, and it is what parts the two here."""
    return text.replace(",", "%2C")[:400]
