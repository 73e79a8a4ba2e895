"""The MQTT gateway: the line to the broker on one side, the link to the hub on the other."""

from __future__ import annotations

from console.clock import SECOND_NS, Clock
from console.gateways.health import GatewayHealth
from console.gateways.link import GatewayLink
from console.gateways.mqtt.commanding import Commanding
from console.gateways.mqtt.line import MqttLine
from console.gateways.mqtt.settings import Settings
from console.gateways.mqtt.taking import Taking
from console.language import Catalogue
from console.profile.profile import Profile

STEP_NS = SECOND_NS
MOST_WAITING = 5_000
"""Readings that wait for a batch; a batch goes at every turn of the line, 50 ms at most."""


class MqttGateway:
    """`start`, `close` from one thread; everything else happens in the line's."""

    def __init__(
        self, settings: Settings, profile: Profile, link: GatewayLink, health: GatewayHealth, clock: Clock,
        catalogue: Catalogue, commanding: Commanding | None = None,
    ) -> None:
        self._link, self._health, self._clock = link, health, clock
        self._peer = settings.peer
        self._due_ns = self._stepped_ns = 0
        self.taking = Taking(
            settings.rules, profile, clock, catalogue, settings.broker.largest_payload_bytes, link.report,
            health.refuse,
        )
        self._commanding = commanding
        wanted = {rule.pattern.filter: rule.qos for rule in settings.rules}
        wanted |= commanding.filters() if commanding is not None else {}
        self.line = MqttLine(
            settings, wanted, catalogue, clock, self._message, lambda: health.up(self._peer),
            lambda why: health.down(why, self._peer), self._turn,
        )
        if commanding is not None:
            commanding.publish = self.line.publish
        # A line of its own: on one line a broker may send what two filters cover once or twice, as it likes.
        self._watch = MqttLine(
            settings, dict.fromkeys(settings.broker.watch, 0), catalogue, clock, self._seen, lambda: None,
            lambda _: None, lambda: None, name="-watch",
        ) if settings.broker.watch else None  # fmt: skip

    def start(self) -> None:
        self.line.start()
        if self._watch is not None:
            self._watch.start()

    def close(self) -> None:
        self.line.close()
        if self._watch is not None:
            self._watch.close()
        self._publish()

    def _message(self, topic: str, payload: bytes, retained: bool, again: bool, number: int) -> None:
        if self._commanding is not None and self._commanding.take(topic, payload, retained):
            return
        self.taking.take(topic, payload, retained, again, number)
        if self.taking.waiting >= MOST_WAITING:
            self._publish()

    def _seen(self, topic: str, payload: bytes, retained: bool, again: bool, number: int) -> None:
        answers = self._commanding is not None and self._commanding.covers(topic)
        if not retained and not answers and not self.taking.covers(topic):
            self._health.refuse("unknown_topic", topic if topic.isprintable() else ascii(topic))

    def _turn(self) -> None:
        now = self._clock.mono_ns()
        if now >= self._due_ns:
            self._due_ns = now + SECOND_NS // 20
            self._publish()
        if now - self._stepped_ns >= STEP_NS:
            self._stepped_ns = now
            self._health.step()

    def _publish(self) -> None:
        columns = self.taking.readings()
        if columns is not None:
            self._link.publish(columns)
