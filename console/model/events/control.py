"""Orders to devices: asked, confirmed, sent, answered, or not answered."""

from __future__ import annotations

from console.model.base import Words
from console.model.control import ExpectedEffect, Outcome
from console.model.events.base import Event


class ControlOrdered(Event, frozen=True, kw_only=True, tag="control.ordered"):
    """A person ordered something from devices. `summary` says what, at which devices; `warning` what else the
    second question says.

    With `confirm_by_ns` nothing is sent before the same desk confirms it with `token`, until then.
    """

    order_id: str
    desk: str
    person: str
    control: str
    device_ids: tuple[str, ...]
    value: str
    value_words: Words
    summary: Words
    answer_s: float
    incident_id: str = ""
    token: str = ""
    confirm_by_ns: int = 0
    effect: ExpectedEffect | None = None
    warning: Words | None = None


class ControlConfirmed(Event, frozen=True, kw_only=True, tag="control.confirmed"):
    """The person was asked a second time and said yes."""

    order_id: str
    desk: str
    person: str


class ControlSent(Event, frozen=True, kw_only=True, tag="control.sent"):
    """The order goes to a gateway. Committed before the bytes leave, so that it can never leave twice."""

    order_id: str
    gateway: str
    device_ids: tuple[str, ...]
    answer_by_ns: int


class ControlAnswered(Event, frozen=True, kw_only=True, tag="control.answered"):
    """Devices answered, in their own words."""

    order_id: str
    device_ids: tuple[str, ...]
    outcome: Outcome
    words: Words


class ControlAnsweredLate(Event, frozen=True, kw_only=True, tag="control.answered_late"):
    """Devices answered after they had been told as silent, or otherwise than they had before."""

    order_id: str
    device_ids: tuple[str, ...]
    outcome: Outcome
    words: Words


class ControlTimedOut(Event, frozen=True, kw_only=True, tag="control.timed_out"):
    """No answer in time, or nobody confirmed. After a time-out it is not known what the device did."""

    order_id: str
    device_ids: tuple[str, ...]
    sent: bool
    words: Words


class ControlCancelled(Event, frozen=True, kw_only=True, tag="control.cancelled"):
    """A person took the order back before it was confirmed: nothing was sent."""

    order_id: str
    desk: str
    person: str


class ControlTookEffect(Event, frozen=True, kw_only=True, tag="control.took_effect"):
    """What the order was to bring about was measured at these devices."""

    order_id: str
    device_ids: tuple[str, ...]


class ControlHadNoEffect(Event, frozen=True, kw_only=True, tag="control.had_no_effect"):
    """These devices said done, and what they measure does not show it in its time."""

    order_id: str
    device_ids: tuple[str, ...]
    words: Words


class ControlWayChanged(Event, frozen=True, kw_only=True, tag="control.way_changed"):
    """A gateway carries orders to these kinds and devices from now on, or to none any more (`up` false)."""

    gateway: str
    up: bool
    kinds: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()
