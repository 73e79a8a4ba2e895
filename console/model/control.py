"""Controls: what can be ordered from a device, and how one order stands."""

from __future__ import annotations

from typing import Literal

from console.model.base import Record, Words

AUTOMATIC = "auto"
"""The value that gives a device back to its own programme, where its control knows one."""

Outcome = Literal["done", "refused", "failed", "unclear"]
"""What a device says: done; refused (local mode, interlock); failed; `unclear`: it said something that cannot
be read, and what it did is not known."""

PartStage = Literal[
    "unconfirmed", "sent", "done", "effective", "ineffective", "refused", "failed", "unclear", "silent",
    "cancelled", "replaced",
]  # fmt: skip
"""How an order stands at one device. `done`: the device says so. `effective`, `ineffective`: its effect was
measured, or did not come in its time. `silent`: no answer in time (what it did is not known), or nobody
confirmed. `replaced`: a newer order came before the effect was seen."""

WAITING: frozenset[PartStage] = frozenset({"unconfirmed", "sent"})
"""Still to be confirmed or answered: no other order of the same control goes to that device meanwhile."""
UNKNOWN: frozenset[PartStage] = frozenset({"silent", "unclear"})
"""What the device did is not known: somebody has to look or to ask."""


class ControlChoice(Record, frozen=True, kw_only=True):
    """One value that can be ordered; `effect` is the range (both ends in it) its point is then within."""

    id: str
    name: Words
    effect: tuple[float, float] | None = None


class ControlRange(Record, frozen=True, kw_only=True):
    """A number from `low` to `high` in steps; its point is then within `tolerance` of it."""

    low: float
    high: float
    step: float
    unit: str
    tolerance: float = 0.0


class ControlText(Record, frozen=True, kw_only=True):
    """Words on a sign or from a speaker: at most `lines` of `columns` signs that `charset` has."""

    lines: int
    columns: int
    charset: Literal["ascii", "latin-1", "euc_kr"]
    effect: tuple[float, float] | None = None


class ControlEffect(Record, frozen=True, kw_only=True):
    """Where it shows that an order was followed: a quantity of the device itself, and within what time."""

    quantity: str
    within_s: float


class Control(Record, frozen=True, kw_only=True):
    """One thing that can be ordered from devices of some kinds. Exactly one of `choices`, `range`, `text`.

    `roles`: who may order it. `dangerous`: asks twice, with `warning`. `safe`: the value to go to when in
    doubt, or empty. `automatic`: AUTOMATIC may be ordered too.
    """

    id: str
    system: str
    name: Words
    kinds: tuple[str, ...]
    roles: tuple[str, ...]
    dangerous: bool
    answer_s: float
    source: str
    choices: tuple[ControlChoice, ...] = ()
    range: ControlRange | None = None
    text: ControlText | None = None
    automatic: bool = False
    safe: str = ""
    warning: Words | None = None
    effect: ControlEffect | None = None


class ExpectedEffect(Record, frozen=True, kw_only=True):
    """What an order is to bring about: `quantity` of each device within low..high, within `within_s`."""

    quantity: str
    low: float
    high: float
    within_s: float


class DeviceOrder(Record, frozen=True, kw_only=True):
    """What the hub sends to a gateway, once. `id` is the key that makes it the same order wherever it shows.

    A gateway does not begin it after `expires_ns`: by then it has been told as unanswered.
    """

    id: str
    control: str
    value: str
    device_ids: tuple[str, ...]
    issued_ns: int
    expires_ns: int


class ServesControls(Record, frozen=True, kw_only=True):
    """What a gateway carries orders to: kinds of devices, and patterns of device ids ("BAR-*").

    An empty text is nothing. Said at each connection and again every few seconds.
    """

    kinds: tuple[str, ...]
    devices: tuple[str, ...] = ("*",)


class ControlWay(Record, frozen=True, kw_only=True):
    """A gateway that is there, and what it carries orders to."""

    kinds: tuple[str, ...]
    devices: tuple[str, ...]
    since_ns: int


class ControlPart(Record, frozen=True, kw_only=True):
    """An order at one of its devices."""

    stage: PartStage
    since_ns: int
    words: Words | None = None
    """What the device said, or why it went no further."""
    late: bool = False
    """The answer came after it was told as silent."""
    gateway: str = ""


class ControlOrder(Record, frozen=True, kw_only=True):
    """One order to one or several devices. Its id is the id of the request that asked for it."""

    id: str
    control: str
    value: str
    value_words: Words
    summary: Words
    desk: str
    person: str
    ordered_at_ns: int
    answer_s: float
    parts: dict[str, ControlPart]
    token: str = ""
    confirm_by_ns: int = 0
    """Until when it can be confirmed; 0 where one asking is enough."""
    answer_by_ns: int = 0
    """0 until it is sent."""
    incident_id: str = ""
    effect: ExpectedEffect | None = None
    warning: Words | None = None

    @property
    def unsettled(self) -> bool:
        """Whether something is still to come: a confirmation, an answer, or an effect."""
        stages = {one.stage for one in self.parts.values()}
        return bool(stages & WAITING) or (self.effect is not None and "done" in stages)


class ControlStanding(Record, frozen=True, kw_only=True):
    """The last order of one control at one device."""

    order_id: str
    value: str
    person: str
    part: ControlPart


def standing_key(device_id: str, control_id: str) -> str:
    """The key of `CityState.controls`."""
    return f"{device_id}/{control_id}"
