"""Messages about pictures as CAP 1.2: Alert asks, Cancel gives back, Ack answers, an info for each answer."""

from __future__ import annotations

from typing import Literal

import msgspec

from console.handoff import rules
from console.handoff.cap import (
    CapAlert,
    CapArea,
    CapError,
    CapInfo,
    CapPair,
    CapResource,
    Reference,
    build,
    parse,
    read_time,
    write_time,
)
from console.handoff.eido import Status
from console.handoff.eido import read_time as read_instant
from console.handoff.eido import write_time as write_instant
from console.handoff.profile import handoff_profile
from console.handoff.requests import (
    AnsweredCamera,
    AnsweredRoute,
    AnsweredTraffic,
    JsonPictures,
    PictureAnswer,
    PicturesFormat,
    PicturesHeard,
    PicturesListed,
    PicturesReturned,
    Point,
    RequestsError,
    checked_wish,
)
from console.model.base import Position, Words
from console.model.picturerequest import PictureWish
from console.model.share import SharedStretch

REQUEST, RETURN, LIST, ANSWER = "pictures:request", "pictures:return", "pictures:list", "pictures:answer"
_LINK = {"live": "video/mp4", "recorded": "video/mp4", "page": "text/html"}


class CapPictures:
    """CAP 1.2, codes of our own beside the profile's. Whatever CAP has no element for is a parameter."""

    media_type = "application/cap+xml"
    form: Literal["json", "bytes"] = "bytes"

    def request(
        self, wish: PictureWish, sender: str, receiver: str, now_ns: int, status: Status = "Exercise"
    ) -> bytes:
        pairs = [
            ("service", wish.service), ("purpose", wish.purpose), ("legal-basis", wish.legal_basis),
            ("person", wish.person), ("minutes", f"{wish.minutes:g}"), ("live", str(wish.live).lower()),
        ]  # fmt: skip
        if wish.recorded is not None:
            pairs += [("recorded-from", write_instant(wish.recorded.from_ns)),
                      ("recorded-to", write_instant(wish.recorded.to_ns))]  # fmt: skip
        if wish.from_position is not None:
            pairs.append(("from", _said(wish.from_position)))
        if wish.case_ref:
            pairs.append(("case", wish.case_ref))
        circle = f"{_said(wish.position)} {wish.radius_m / 1000:.6f}"
        info = CapInfo(
            category=("Security",), event="Request for pictures", urgency="Immediate", severity="Unknown",
            certainty="Observed", description=wish.text, parameter=_pairs(pairs),
            area=(CapArea(area_desc=wish.place or "-", circle=(circle,)),),
        )  # fmt: skip
        return _built(
            _alert(
                wish.message_id, "Alert", sender, receiver, now_ns, status, (REQUEST,), (info,),
                incidents=wish.incident_id,
            )
        )

    def give_back(
        self, message_id: str, told: PicturesReturned, sender: str, receiver: str, now_ns: int,
        status: Status = "Exercise",
    ) -> bytes:
        about = Reference(sender=sender, identifier=told.about, sent=write_time(now_ns))
        return _built(
            _alert(
                message_id, "Cancel", sender, receiver, now_ns, status, (RETURN,), note=told.reason,
                references=str(about),
            )
        )

    def listing(
        self, message_id: str, sender: str, receiver: str, now_ns: int, status: Status = "Exercise"
    ) -> bytes:
        return _built(_alert(message_id, "Alert", sender, receiver, now_ns, status, (LIST,)))

    def read(self, data: bytes) -> PicturesHeard:
        alert = _parsed(data)
        said = _said_by(alert)
        return PicturesHeard(
            message_id=alert.identifier, sender=alert.sender, receiver=alert.addresses.strip(),
            status=alert.status, sent_ns=read_time(alert.sent), said=said,
        )  # fmt: skip

    def answer(
        self, answers: tuple[PictureAnswer, ...], heard: PicturesHeard, sender: str, now_ns: int
    ) -> bytes:
        about = Reference(sender=heard.sender, identifier=heard.message_id, sent=write_time(heard.sent_ns))
        status: Status = "Actual" if heard.status == "Actual" else "Exercise"
        return _built(
            _alert(
                f"{heard.message_id}-answer"[:256], "Ack", sender, heard.sender, now_ns, status, (ANSWER,),
                tuple(_info(one) for one in answers), references=str(about),
            )
        )

    def read_answer(self, data: bytes) -> tuple[PictureAnswer, ...]:
        alert = _parsed(data)
        if alert.msg_type != "Ack" or ANSWER not in alert.code:
            raise RequestsError("code", f"{ANSWER} is missing: this is no answer")
        return tuple(_answer(info) for info in alert.info)


_FORMATS: dict[str, PicturesFormat] = {"cap": CapPictures(), "eido": JsonPictures()}
MEDIA = {one.media_type: one for one in _FORMATS.values()}


def pictures_format(name: Literal["cap", "eido"]) -> PicturesFormat:
    """The format a partner's file names (`PartnerKind.format`)."""
    return _FORMATS[name]


def _said_by(alert: CapAlert) -> PictureWish | PicturesReturned | PicturesListed:
    if REQUEST in alert.code and alert.msg_type == "Alert":
        return _wish(alert)
    if RETURN in alert.code and alert.msg_type == "Cancel":
        names = [text.split(",")[1] for text in alert.references.split()]
        if len(names) != 1 or not alert.note.strip():
            raise RequestsError("references", "a return names one request, and its note says why")
        return PicturesReturned(about=names[0], reason=alert.note.strip())
    if LIST in alert.code and alert.msg_type == "Alert":
        return PicturesListed()
    raise RequestsError("code", f"expected {REQUEST}, {LIST} on an Alert, or {RETURN} on a Cancel")


def _wish(alert: CapAlert) -> PictureWish:
    if len(alert.info) != 1:
        raise RequestsError("info", "exactly one is expected")
    info = alert.info[0]
    told = _told(info)
    circles = [circle for area in info.area for circle in area.circle]
    if len(circles) != 1:
        raise RequestsError("area", "exactly one circle is expected")
    point, radius = circles[0].split(" ")
    stretch = None
    if "recorded-from" in told or "recorded-to" in told:
        stretch = SharedStretch(
            from_ns=_instant("recorded-from", told), to_ns=_instant("recorded-to", told)
        )
    if told.get("live", "true") not in ("true", "false"):
        raise RequestsError("parameter live", "expected true or false")
    place = info.area[0].area_desc.strip()
    wish = PictureWish(
        message_id=alert.identifier, service=told.get("service", ""), purpose=told.get("purpose", ""),
        legal_basis=told.get("legal-basis", ""), person=told.get("person", ""),
        position=_position("circle", point), radius_m=round(float(radius) * 1000, 3),
        place="" if place == "-" else place, minutes=_number("minutes", told.get("minutes", "0")),
        live=told.get("live", "true") == "true", recorded=stretch,
        from_position=_position("parameter from", told["from"]) if "from" in told else None,
        incident_id=alert.incidents.strip(), case_ref=told.get("case", ""), text=info.description.strip(),
    )  # fmt: skip
    return checked_wish(wish, "info")


def _info(answer: PictureAnswer) -> CapInfo:
    """One answer. Words are said in both languages, `NAME.en` and `NAME.ko`."""
    pairs = [
        ("about", answer.about), ("request", answer.request_id), ("state", answer.state),
        ("service", answer.service), *_words("place", answer.place), ("needs", answer.needs),
        ("reason-code", answer.code), *_words("reason", answer.reason), ("share", answer.share_id),
        ("viewer", answer.viewer), ("purpose", answer.purpose), ("legal-basis", answer.legal_basis),
        ("until", answer.until), ("mark", answer.mark), ("offered", "true" if answer.offered else ""),
        ("incident", answer.incident_id), ("unusable", str(answer.unusable or "")),
    ]  # fmt: skip
    links = [("page", "page", answer.page)]
    for number, camera in enumerate(answer.cameras):
        at = f"{camera.position.lat!r},{camera.position.lon!r}"
        seen = f"{camera.direction_deg!r} {camera.fov_deg!r} {camera.distance_m!r}"
        pairs += [(f"camera:{number}", camera.id), *_words(f"camera:{number}:name", camera.name),
                  (f"camera:{number}:at", f"{at} {seen} {camera.why}")]  # fmt: skip
        links += [(f"camera:{number}:live", "live", camera.live),
                  (f"camera:{number}:recorded", "recorded", camera.recorded)]  # fmt: skip
    pairs += _route(answer.route)
    return CapInfo(
        category=("Security",), event="Pictures", urgency="Immediate", severity="Unknown",
        certainty="Observed", parameter=_pairs([pair for pair in pairs if pair[1]]),
        resource=tuple(
            CapResource(resource_desc=name, mime_type=_LINK[sort], uri=uri)
            for name, sort, uri in links
            if uri
        ),
    )  # fmt: skip


def _route(route: AnsweredRoute | None) -> list[tuple[str, str]]:
    if route is None:
        return []
    pairs = [("route:length-m", repr(route.length_m)), ("route:gaps-m", repr(route.gaps_m))]
    if route.path:
        pairs.append(("route", " ".join(f"{one.lat!r},{one.lon!r}" for one in route.path)))
    for number, road in enumerate(route.roads):
        pairs += _words(f"route:road:{number}", road)
    for number, one in enumerate(route.traffic):
        key = f"route:traffic:{number}"
        pairs += [*_words(f"{key}:name", one.name), *_words(f"{key}:words", one.words),
                  (f"{key}:at", f"{one.along_m!r} {one.level}")]  # fmt: skip
    return pairs


def _answer(info: CapInfo) -> PictureAnswer:
    told, links = _told(info), {one.resource_desc: one.uri for one in info.resource}
    cameras: list[AnsweredCamera] = []
    while f"camera:{len(cameras)}" in told:
        key = f"camera:{len(cameras)}"
        parts = told.get(f"{key}:at", "").split(" ", 4)
        if len(parts) != 5:
            raise RequestsError(f"parameter {key}:at", "expected lat,lon direction view distance why")
        at = _position(f"parameter {key}:at", parts[0])
        direction, fov, distance = (_number(f"{key}:at", one) for one in parts[1:4])
        cameras.append(
            AnsweredCamera(
                id=told[key], name=_needed(told, f"{key}:name"), position=Point(lat=at.lat, lon=at.lon),
                direction_deg=direction, fov_deg=fov, distance_m=distance, why=parts[4],
                live=links.get(f"{key}:live", ""), recorded=links.get(f"{key}:recorded", ""),
            )
        )  # fmt: skip
    reason = _read_words(told, "reason")
    answer = PictureAnswer(
        about=told.get("about", ""), request_id=told.get("request", ""),
        state=told.get("state", ""), service=told.get("service", ""),  # type: ignore[arg-type]
        place=_needed(told, "place"), needs=told.get("needs", ""), code=told.get("reason-code", ""),
        reason=reason, share_id=told.get("share", ""), viewer=told.get("viewer", ""),
        purpose=told.get("purpose", ""), legal_basis=told.get("legal-basis", ""),
        until=told.get("until", ""), mark=told.get("mark", ""), page=links.get("page", ""),
        offered=told.get("offered") == "true", incident_id=told.get("incident", ""),
        cameras=tuple(cameras), unusable=int(_number("unusable", told.get("unusable", "0"))),
        route=_read_route(told),
    )  # fmt: skip
    try:
        return msgspec.convert(msgspec.to_builtins(answer), PictureAnswer)
    except msgspec.ValidationError as error:
        raise RequestsError("info", str(error)) from None


def _read_route(told: dict[str, str]) -> AnsweredRoute | None:
    if "route:length-m" not in told:
        return None
    points = [_position("parameter route", one) for one in told.get("route", "").split()]
    roads: list[Words] = []
    while (road := _read_words(told, f"route:road:{len(roads)}")) is not None:
        roads.append(road)
    traffic: list[AnsweredTraffic] = []
    while f"route:traffic:{len(traffic)}:at" in told:
        key = f"route:traffic:{len(traffic)}"
        along, _, level = told[f"{key}:at"].partition(" ")
        traffic.append(
            AnsweredTraffic(
                name=_needed(told, f"{key}:name"), words=_needed(told, f"{key}:words"), level=level,
                along_m=_number(f"{key}:at", along),
            )
        )
    return AnsweredRoute(
        path=tuple(Point(lat=one.lat, lon=one.lon) for one in points),
        length_m=_number("route:length-m", told["route:length-m"]),
        gaps_m=_number("route:gaps-m", told.get("route:gaps-m", "0")), roads=tuple(roads),
        traffic=tuple(traffic),
    )  # fmt: skip


def _alert(
    message_id: str, msg_type: str, sender: str, receiver: str, now_ns: int, status: Status,
    codes: tuple[str, ...], info: tuple[CapInfo, ...] = (), *, note: str = "", references: str = "",
    incidents: str = "",
) -> CapAlert:  # fmt: skip
    return CapAlert(
        identifier=message_id, sender=sender, sent=write_time(now_ns), status=status, msg_type=msg_type,
        scope="Private", addresses=receiver, code=(handoff_profile().codes.profile, *codes), note=note,
        references=references, incidents=incidents, info=info,
    )  # fmt: skip


def _parsed(data: bytes) -> CapAlert:
    try:
        alert = parse(data)
    except CapError as error:
        raise RequestsError(f"line {error.line}, {error.field}", error.problem) from None
    problems = rules.check(alert)
    if problems:
        where, _, problem = problems[0].partition(": ")
        raise RequestsError(where, problem)
    return alert


def _built(alert: CapAlert) -> bytes:
    problems = rules.check(alert)
    if problems:
        where, _, problem = problems[0].partition(": ")
        raise RequestsError(where, problem)
    try:
        return build(alert)
    except CapError as error:
        raise RequestsError(error.field, error.problem) from None


def _pairs(told: list[tuple[str, str]]) -> tuple[CapPair, ...]:
    return tuple(CapPair(value_name=name, value=value) for name, value in told)


def _told(info: CapInfo) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in info.parameter:
        if one.value_name in found:
            raise RequestsError(f"parameter {one.value_name[:40]}", "stands there twice")
        found[one.value_name] = one.value
    return found


def _words(name: str, words: Words | None) -> list[tuple[str, str]]:
    return [] if words is None else [(f"{name}.en", words.en), (f"{name}.ko", words.ko)]


def _read_words(told: dict[str, str], name: str) -> Words | None:
    en, ko = told.get(f"{name}.en", ""), told.get(f"{name}.ko", "")
    return Words(en=en, ko=ko) if en or ko else None


def _needed(told: dict[str, str], name: str) -> Words:
    return _read_words(told, name) or Words(en="", ko="")


def _said(point: Position) -> str:
    return f"{point.lat:.6f},{point.lon:.6f}"


def _position(where: str, text: str) -> Position:
    parts = text.split(",")
    if len(parts) != 2:
        raise RequestsError(where, "expected lat,lon")
    return Position(lat=_number(where, parts[0]), lon=_number(where, parts[1]))


def _number(where: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise RequestsError(where, f"{text[:40]!r} is not a number") from None
    if not abs(value) < 1e12:
        raise RequestsError(where, f"{text[:40]!r} is not a number")
    return value


def _instant(name: str, told: dict[str, str]) -> int:
    try:
        return read_instant(told.get(name, ""))
    except ValueError as error:
        raise RequestsError(f"parameter {name}", str(error)) from None
