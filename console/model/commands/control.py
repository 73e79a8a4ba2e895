"""Orders to devices."""

from __future__ import annotations

from console.model.commands.base import Command


class OrderControl(Command, frozen=True, kw_only=True, tag="order_control"):
    """Order `value` from one device or several, by a control of the profile. The order's id is the request's.

    `value` is a choice's id, a number, a text with its lines, or "auto". A dangerous one is not sent before
    it is confirmed.
    """

    control: str
    device_ids: tuple[str, ...]
    value: str
    incident_id: str = ""


class ConfirmControl(Command, frozen=True, kw_only=True, tag="confirm_control"):
    """Say yes to the summary of a dangerous order; `token` is the one that came with it."""

    order_id: str
    token: str


class CancelControl(Command, frozen=True, kw_only=True, tag="cancel_control"):
    """Take an order back that is not confirmed yet. What was sent cannot be called back."""

    order_id: str
