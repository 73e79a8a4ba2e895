"""Orders to devices as a gateway takes them: each once, none too late, and its answers as facts.

A gateway says what it serves, is given each order once by `OrdersTaken`, and reports what the devices said
with the facts made here. How it speaks with its devices is its own affair.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence

from console.clock import Clock
from console.model.base import Words
from console.model.control import DeviceOrder, Outcome
from console.model.fact import AnyFact, ControlAnswerSeen

REMEMBERED_ORDERS = 10_000
TOO_LATE = Words(
    en="The order reached the gateway too late and was not begun.",
    ko="명령이 게이트웨이에 늦게 도착하여 실행하지 않았습니다.",
)
BROKEN = Words(
    en="The gateway could not carry the order out: an error of its own (see its log).",
    ko="게이트웨이 자체 오류로 명령을 전달하지 못했습니다(로그 확인).",
)

_log = logging.getLogger("bongsu.gateway.orders")


def answer(
    order: DeviceOrder, device_ids: Sequence[str], outcome: Outcome, words: Words, number: int = 0
) -> ControlAnswerSeen:
    """The fact that these devices said so. `number` tells a device's further answers to one order apart."""
    first = device_ids[0] if device_ids else ""
    return ControlAnswerSeen(
        uid=f"answer/{order.id}/{first}/{len(device_ids)}/{number}", order_id=order.id,
        device_ids=tuple(device_ids), outcome=outcome, words=words,
    )  # fmt: skip


class OrdersTaken:
    """Lets each order through to `begin` at most once. One thread, the link's.

    One that comes after its time is answered and not begun: by then a person has been told that nothing is
    known of it, and may have ordered something else.
    """

    def __init__(
        self, clock: Clock, begin: Callable[[DeviceOrder], None], report: Callable[[AnyFact], None]
    ) -> None:
        self._clock, self._begin, self._report = clock, begin, report
        self._taken: OrderedDict[str, None] = OrderedDict()
        self.repeated = 0

    def take(self, order: DeviceOrder) -> None:
        """An order as it came from the hub."""
        if order.id in self._taken:
            self.repeated += 1
            _log.warning("Order %s came again and was not begun again.", order.id)
            return
        self._taken[order.id] = None
        if len(self._taken) > REMEMBERED_ORDERS:
            self._taken.popitem(last=False)
        if self._clock.now_ns() >= order.expires_ns:
            _log.warning("Order %s came after its time and was not begun.", order.id)
            self._report(answer(order, order.device_ids, "refused", TOO_LATE))
            return
        try:
            self._begin(order)
        except Exception:
            _log.exception("Order %s could not be carried out by an error of the console itself.", order.id)
            self._report(answer(order, order.device_ids, "failed", BROKEN))
