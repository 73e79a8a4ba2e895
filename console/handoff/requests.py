"""Messages about pictures between the console and a partner: asked for, given back, answered.

A partner posts one to the console's door, /pictures, and reads the answer from what comes back: how its
request stands now, with the links where it was granted. The same message again (signed anew) is the same
request and is answered anew, so asking again is how a partner waits. Links are in answers only.
Two formats, JSON and CAP 1.2, as with hand-offs; `pictures_format` finds the one of a partner. Pure.
"""

from __future__ import annotations

from typing import Annotated, Literal, Protocol

import msgspec

from console.handoff.eido import Id, Lat, Lon, Party, Short, Status, Text, read_time, write_time
from console.handoff.jsontext import JsonError, canonical, read_json
from console.handoff.thread.figures import ladder
from console.model.base import Position, Record, Words
from console.model.picturerequest import MOST_WAY_POINTS, PictureWish, wish_problem
from console.model.share import MOST_CAMERAS, SharedStretch

PROFILE: Literal["bongsu-pictures:1"] = "bongsu-pictures:1"
PATH = "/pictures"
"""Of the console's door."""
MOST_ANSWERS = 32

AnswerState = Literal["waiting", "granted", "refused", "withdrawn", "ended", "revoked"]
Metres = Annotated[float, msgspec.Meta(ge=0.0, le=1e7)]
Url = Annotated[str, msgspec.Meta(max_length=600, pattern=r"^(https://[!-~]+)?$")]
Time = Annotated[str, msgspec.Meta(max_length=40)]


class RequestsError(ValueError):
    """A message that cannot be read or said; `where` is the element or path."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}")
        self.where = where
        self.problem = problem


class _Json(Record, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """Names are written in camel case; what has its default is left out."""


class Point(_Json, frozen=True, kw_only=True):
    lat: Lat
    lon: Lon


class AnsweredCamera(_Json, frozen=True, kw_only=True):
    """A camera that may be seen. `why`: it sees the place, stands beside the way, or near. Empty links: not
    granted in that form."""

    id: Short
    name: Words
    position: Point
    direction_deg: float
    fov_deg: float
    distance_m: Metres
    why: Short
    live: Url = ""
    recorded: Url = ""


class AnsweredTraffic(_Json, frozen=True, kw_only=True):
    name: Words
    level: Short
    words: Words
    along_m: Metres


class AnsweredRoute(_Json, frozen=True, kw_only=True):
    """The way to the scene over the city's roads."""

    path: Annotated[tuple[Point, ...], msgspec.Meta(max_length=MOST_WAY_POINTS)]
    length_m: Metres
    gaps_m: Metres = 0.0
    roads: Annotated[tuple[Words, ...], msgspec.Meta(max_length=100)] = ()
    traffic: Annotated[tuple[AnsweredTraffic, ...], msgspec.Meta(max_length=100)] = ()


class PictureAnswer(_Json, frozen=True, kw_only=True):
    """How a request stands. `about` is the partner's message id, or our request's where we offered it.

    waiting: somebody of the room looks at it (`needs` says with which right). granted: the links hold until
    `until`. refused: `code` and `reason`. `unusable` cameras would have been near and do not work.
    """

    about: Id
    request_id: Id
    state: AnswerState
    service: Short
    place: Words
    needs: Short = ""
    code: Short = ""
    reason: Words | None = None
    share_id: Short = ""
    viewer: Short = ""
    purpose: Short = ""
    legal_basis: Short = ""
    until: Time = ""
    mark: Short = ""
    page: Url = ""
    offered: bool = False
    incident_id: Short = ""
    cameras: Annotated[tuple[AnsweredCamera, ...], msgspec.Meta(max_length=MOST_CAMERAS)] = ()
    unusable: int = 0
    route: AnsweredRoute | None = None


class PicturesReturned(Record, frozen=True, kw_only=True):
    """`about` is not needed any more."""

    about: str
    reason: str


class PicturesListed(Record, frozen=True, kw_only=True):
    """What stands for the asker: all that waits or is in force, also what was offered to it."""


class PicturesHeard(Record, frozen=True, kw_only=True):
    """A partner's message as both formats mean it. `sender` is its own word."""

    message_id: str
    sender: str
    receiver: str
    status: str
    sent_ns: int
    said: PictureWish | PicturesReturned | PicturesListed


class PicturesFormat(Protocol):
    """Messages in one format. Pure. All raise RequestsError."""

    media_type: str
    form: Literal["json", "bytes"]

    def request(
        self, wish: PictureWish, sender: str, receiver: str, now_ns: int, status: Status = "Exercise"
    ) -> bytes:
        """Ask. `wish.message_id` is the message's own id."""
        ...

    def give_back(
        self, message_id: str, told: PicturesReturned, sender: str, receiver: str, now_ns: int,
        status: Status = "Exercise",
    ) -> bytes: ...

    def listing(
        self, message_id: str, sender: str, receiver: str, now_ns: int, status: Status = "Exercise"
    ) -> bytes: ...

    def read(self, data: bytes) -> PicturesHeard:
        """A partner's message."""
        ...

    def answer(
        self, answers: tuple[PictureAnswer, ...], heard: PicturesHeard, sender: str, now_ns: int
    ) -> bytes:
        """What the console says to it."""
        ...

    def read_answer(self, data: bytes) -> tuple[PictureAnswer, ...]: ...


class _Wish(_Json, frozen=True, kw_only=True):
    service: Short
    purpose: Short
    legal_basis: Short
    person: Short
    position: Point
    radius_m: Metres
    place: Short = ""
    from_position: Point | None = None
    minutes: Annotated[float, msgspec.Meta(ge=0.0, le=43_200.0)] = 0.0
    live: bool = True
    recorded_from: Time = ""
    recorded_to: Time = ""
    incident_id: Short = ""
    case_ref: Short = ""
    text: Text = ""


class _Return(_Json, frozen=True, kw_only=True):
    about: Id
    reason: Short


class _List(_Json, frozen=True, kw_only=True):
    pass


class _Answers(_Json, frozen=True, kw_only=True):
    in_response_to: Id
    answers: Annotated[tuple[PictureAnswer, ...], msgspec.Meta(max_length=MOST_ANSWERS)]


class _Message(_Json, frozen=True, kw_only=True):
    """Who to whom, when, and exactly one verb."""

    profile: Literal["bongsu-pictures:1"]
    message_id: Id
    sender: Party
    receiver: Party
    sent: Time
    status: Status
    request_for_pictures: _Wish | None = None
    return_pictures: _Return | None = None
    list_pictures: _List | None = None
    pictures: _Answers | None = None


VERBS = ("request_for_pictures", "return_pictures", "list_pictures", "pictures")


class JsonPictures:
    """JSON, read as strictly as the hand-off's."""

    media_type = "application/json"
    form: Literal["json", "bytes"] = "json"

    def request(
        self, wish: PictureWish, sender: str, receiver: str, now_ns: int, status: Status = "Exercise"
    ) -> bytes:
        stretch = wish.recorded
        asked = _Wish(
            service=wish.service, purpose=wish.purpose, legal_basis=wish.legal_basis, person=wish.person,
            position=point_of(wish.position), radius_m=wish.radius_m, place=wish.place,
            from_position=point_of(wish.from_position) if wish.from_position is not None else None,
            minutes=wish.minutes, live=wish.live,
            recorded_from=write_time(stretch.from_ns) if stretch is not None else "",
            recorded_to=write_time(stretch.to_ns) if stretch is not None else "",
            incident_id=wish.incident_id, case_ref=wish.case_ref, text=wish.text,
        )  # fmt: skip
        return _built(
            _message(wish.message_id, sender, receiver, now_ns, status, request_for_pictures=asked)
        )

    def give_back(
        self, message_id: str, told: PicturesReturned, sender: str, receiver: str, now_ns: int,
        status: Status = "Exercise",
    ) -> bytes:
        back = _Return(about=told.about, reason=told.reason)
        return _built(_message(message_id, sender, receiver, now_ns, status, return_pictures=back))

    def listing(
        self, message_id: str, sender: str, receiver: str, now_ns: int, status: Status = "Exercise"
    ) -> bytes:
        return _built(_message(message_id, sender, receiver, now_ns, status, list_pictures=_List()))

    def read(self, data: bytes) -> PicturesHeard:
        message = _read(data)
        said: PictureWish | PicturesReturned | PicturesListed
        if message.request_for_pictures is not None:
            said = _wish(message.message_id, message.request_for_pictures)
        elif message.return_pictures is not None:
            told = message.return_pictures
            said = PicturesReturned(about=told.about, reason=told.reason)
        elif message.list_pictures is not None:
            said = PicturesListed()
        else:
            raise RequestsError("$.pictures", "is an answer, and was not asked for")
        return PicturesHeard(
            message_id=message.message_id, sender=message.sender, receiver=message.receiver,
            status=message.status, sent_ns=_time("$.sent", message.sent), said=said,
        )  # fmt: skip

    def answer(
        self, answers: tuple[PictureAnswer, ...], heard: PicturesHeard, sender: str, now_ns: int
    ) -> bytes:
        said = _Answers(in_response_to=heard.message_id, answers=answers)
        status: Status = "Actual" if heard.status == "Actual" else "Exercise"
        return _built(
            _message(f"{heard.message_id}-answer"[:256], sender, heard.sender, now_ns, status, pictures=said)
        )

    def read_answer(self, data: bytes) -> tuple[PictureAnswer, ...]:
        message = _read(data)
        if message.pictures is None:
            raise RequestsError("$", "is no answer")
        return message.pictures.answers


def point_of(position: Position) -> Point:
    return Point(lat=position.lat, lon=position.lon)


def checked_wish(wish: PictureWish, where: str) -> PictureWish:
    """The wish, where it can be one. Raises RequestsError naming the field."""
    problem = wish_problem(wish)
    if problem:
        field, _, what = problem.partition(": ")
        raise RequestsError(f"{where}.{field}", what)
    return wish


def _wish(message_id: str, told: _Wish) -> PictureWish:
    where = "$.requestForPictures"
    if bool(told.recorded_from) != bool(told.recorded_to):
        raise RequestsError(f"{where}.recordedTo", "recordedFrom and recordedTo are given together")
    stretch = None
    if told.recorded_from:
        stretch = SharedStretch(
            from_ns=_time(f"{where}.recordedFrom", told.recorded_from),
            to_ns=_time(f"{where}.recordedTo", told.recorded_to),
        )
    start = told.from_position
    wish = PictureWish(
        message_id=message_id, service=told.service, purpose=told.purpose, legal_basis=told.legal_basis,
        position=Position(lat=told.position.lat, lon=told.position.lon), radius_m=told.radius_m,
        person=told.person, place=told.place, minutes=told.minutes, live=told.live, recorded=stretch,
        from_position=Position(lat=start.lat, lon=start.lon) if start is not None else None,
        incident_id=told.incident_id, case_ref=told.case_ref, text=told.text,
    )  # fmt: skip
    return checked_wish(wish, where)


def _message(
    message_id: str, sender: str, receiver: str, now_ns: int, status: Status, *,
    request_for_pictures: _Wish | None = None, return_pictures: _Return | None = None,
    list_pictures: _List | None = None, pictures: _Answers | None = None,
) -> _Message:  # fmt: skip
    return _Message(
        profile=PROFILE, message_id=message_id, sender=sender, receiver=receiver, sent=write_time(now_ns),
        status=status, request_for_pictures=request_for_pictures, return_pictures=return_pictures,
        list_pictures=list_pictures, pictures=pictures,
    )  # fmt: skip


def _read(data: bytes) -> _Message:
    try:
        tree = read_json(data, ladder().json)
    except JsonError as error:
        raise RequestsError(error.path, error.problem) from None
    try:
        message = msgspec.convert(tree, _Message)
    except msgspec.ValidationError as error:
        problem, at, path = str(error).rpartition(" - at `")
        raise RequestsError(path.rstrip("`") if at else "$", problem if at else str(error)) from None
    said = [name for name in VERBS if getattr(message, name) is not None]
    if len(said) != 1:
        raise RequestsError(
            "$", "must hold exactly one of requestForPictures, returnPictures, listPictures, pictures"
        )
    if message.sender == message.receiver:
        raise RequestsError("$.receiver", "is the sender itself")
    _time("$.sent", message.sent)
    return message


def _built(message: _Message) -> bytes:
    """The canonical bytes, read once by the door's own eyes, so that what is wrong is not sent."""
    try:
        data = canonical(msgspec.to_builtins(message))
    except JsonError as error:
        raise RequestsError(error.path, error.problem) from None
    _read(data)
    return data


def _time(where: str, text: str) -> int:
    try:
        return read_time(text)
    except ValueError as error:
        raise RequestsError(where, str(error)) from None
