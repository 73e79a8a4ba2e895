"""A disaster message as CAP 1.2: what every outlet gets, the same bytes each time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from console.clock import SECOND_NS
from console.handoff.cap import CapAlert, CapArea, CapError, CapInfo, CapPair, build, write_time
from console.model.base import Position, Words
from console.model.message import MessageContent, MessageKind
from console.profile.messages import MessageBook

_TYPES: dict[MessageKind, str] = {"alert": "Alert", "update": "Update", "cancel": "Cancel"}
_LANGUAGES = {("ko", "KR"): "ko-KR", ("en", "KR"): "en-US", ("en", "GB"): "en-GB", ("ko", "GB"): "ko-KR"}
HEADLINE_CHARS = 160
"""CAP: short enough to be read on the smallest display; the whole text is the description."""


class AlertCity(Protocol):
    """What of the profile a message needs."""

    @property
    def name(self) -> Words: ...
    @property
    def country(self) -> str: ...
    @property
    def time_zone(self) -> str: ...
    @property
    def districts(self) -> Mapping[str, Any]: ...
    @property
    def incident_types(self) -> Mapping[str, Any]: ...
    @property
    def warned(self) -> Any: ...


class AlertBuilder:
    """Builds messages of one city. `actual`: real; else marked as an exercise. Any thread."""

    def __init__(self, city: AlertCity, book: MessageBook, actual: bool) -> None:
        self._city, self._book, self._actual = city, book, actual

    def __call__(
        self, content: MessageContent, identifier: str, sent_ns: int, expires_ns: int,
        references: tuple[str, ...],
    ) -> tuple[str, str]:
        """The XML, and `sent` as it says it. Raises CapError (a ValueError) for what CAP cannot carry."""
        sent = write_time(sent_ns, self._city.time_zone)
        main = self._book.language
        languages = [main, "ko" if main == "en" else "en"]
        alert = CapAlert(
            identifier=identifier, sender=self._book.sender, sent=sent,
            status="Actual" if self._actual else "Exercise", msg_type=_TYPES[content.kind], scope="Public",
            references=" ".join(references), incidents=content.incident_id,
            info=tuple(
                self._info(content, language, sent, expires_ns)
                for language in languages if getattr(content.text, language)
            ),
        )  # fmt: skip
        if content.kind != "alert" and not references:
            raise CapError(0, "references", f"is missing in {alert.msg_type}")
        return build(alert).decode(), sent

    def _info(self, content: MessageContent, language: str, sent: str, expires_ns: int) -> CapInfo:
        level = self._book.levels[content.level]
        text = content.text.in_language(language)
        template = self._book.texts.get(content.template)
        over = content.kind == "cancel" or (template is not None and template.response == "AllClear")
        return CapInfo(
            language=_LANGUAGES.get((language, self._city.country), language),
            category=(template.category if template is not None else "Safety",),
            event=self._event(content, language), urgency="Past" if over else level.urgency,
            severity="Minor" if over else level.severity,
            certainty="Observed" if over else level.certainty,
            response_type=("AllClear",) if over else (template.response,) if template is not None else (),
            event_code=(
                CapPair(value_name="KR-CBS-CLASS", value=level.name.ko),
                CapPair(value_name="BONGSU-LEVEL", value=level.id),
            ),
            effective=sent, expires=write_time(expires_ns // SECOND_NS * SECOND_NS, self._city.time_zone),
            sender_name=self._city.name.in_language(language),
            headline=text if len(text) <= HEADLINE_CHARS else f"{text[: HEADLINE_CHARS - 1]}…",
            description=text, area=(self._area(content, language),),
        )  # fmt: skip

    def _event(self, content: MessageContent, language: str) -> str:
        template = self._book.texts.get(content.template)
        if template is not None:
            return template.name.in_language(language)
        return self._book.levels[content.level].name.in_language(language)

    def _area(self, content: MessageContent, language: str) -> CapArea:
        """Each district with its outline and its codes, the drawn outline as it was drawn; else the city."""
        area, city = content.area, self._city
        names = [city.districts[one].name.in_language(language) for one in area.districts]
        outlines = [tuple(city.districts[one].outline) for one in area.districts]
        codes = [
            (kind, code) for kind, table in city.warned.district_codes.items()
            for code, district in table.items() if district in area.districts
        ]  # fmt: skip
        if area.polygon:
            names.append(area.name.in_language(language))
            outlines.append(area.polygon)
        if not outlines:
            names = [city.name.in_language(language)]
            outlines = [tuple(one.outline) for one in city.districts.values()]
            codes = [(kind, code) for kind, found in city.warned.codes.items() for code in found[:1]]
        return CapArea(
            area_desc=", ".join(one for one in names if one) or city.name.in_language(language),
            polygon=tuple(_closed(one) for one in outlines),
            geocode=tuple(CapPair(value_name=kind, value=code) for kind, code in codes),
        )  # fmt: skip


def _closed(outline: tuple[Position, ...]) -> str:
    """ "lat,lon lat,lon ...", first and last the same."""
    corners = outline if outline[0] == outline[-1] else (*outline, outline[0])
    return " ".join(f"{one.lat:.6f},{one.lon:.6f}" for one in corners)
