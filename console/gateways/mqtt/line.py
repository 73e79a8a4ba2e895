"""The line to a broker: connects, subscribes, comes back by itself, and says in words why it is down."""

from __future__ import annotations

import logging
import random
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from console.clock import SECOND_NS, Clock
from console.gateways.mqtt.settings import Settings
from console.language import Catalogue
from console.model.base import Words

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 10.0
GOOD_AFTER_S = 30.0
"""A line that held for so long was a good one: the next trouble starts from the first pause again."""
JITTER = 0.25
CONNECT_WITHIN_S = 5.0
LOOP_S = 0.05
LARGEST_PACKET_BYTES = 16 << 20
"""What we let a broker send (protocol 5): larger than what is taken, so that it is seen and counted."""
REFUSED_FROM = 0x80

_log = logging.getLogger("bongsu.gateway.mqtt")

OnMessage = Callable[[str, bytes, bool, bool, int], None]


class MqttLine:
    """One thread that owns the client. `publish` and `close` from any other.

    `on_message(topic, payload, retained, again, number)` and `on_turn` (at least every 50 ms, connected or
    not) are called in the line's thread.
    """

    def __init__(
        self, settings: Settings, subscriptions: Mapping[str, int], catalogue: Catalogue, clock: Clock,
        on_message: OnMessage, on_up: Callable[[], None], on_down: Callable[[Words], None],
        on_turn: Callable[[], None], name: str = "",
    ) -> None:
        self._settings, self._subscriptions = settings, dict(subscriptions)
        self._catalogue, self._clock = catalogue, clock
        self._on_message, self._on_up, self._on_down, self._on_turn = on_message, on_up, on_down, on_turn
        self._chance = random.Random()  # noqa: S311 - jitter, no secret
        self._stopping = threading.Event()
        self._why: Words | None = None
        self._five = settings.broker.protocol == "5"
        self._name = settings.broker.client_id + name
        self._keeps = not name
        self._client: Client | None = None
        self.connected = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"mqtt{name}", daemon=True)

    def start(self) -> None:
        """Begin to connect; returns at once."""
        self._thread.start()

    def close(self) -> None:
        """End the thread and the connection."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def publish(self, topic: str, payload: bytes, qos: int = 1) -> bool:
        """Send a message; False where the line is down. Nothing is kept for later: a command grows old."""
        client = self._client
        if client is None or not self.connected.is_set():
            return False
        return client.publish(topic, payload, qos).rc == MQTTErrorCode.MQTT_ERR_SUCCESS

    def _run(self) -> None:
        pause_s = FIRST_PAUSE_S
        while not self._stopping.is_set():
            began = self._clock.mono_ns()
            try:
                why = self._session()
            except Exception:
                _log.exception("The line to the broker stopped by an error of the console itself.")
                why = self._words("other", what="-")
            self.connected.clear()
            self._client = None
            if why is None:
                return
            self._on_down(why)
            if self._clock.mono_ns() - began > GOOD_AFTER_S * SECOND_NS:
                pause_s = FIRST_PAUSE_S
            self._wait(pause_s * self._chance.uniform(1 - JITTER, 1 + JITTER))
            pause_s = min(LONGEST_PAUSE_S, pause_s * 2)

    def _wait(self, seconds: float) -> None:
        until = self._clock.mono_ns() + int(seconds * SECOND_NS)
        while self._clock.mono_ns() < until and not self._stopping.wait(LOOP_S):
            self._on_turn()

    def _session(self) -> Words | None:
        """From connecting to the end of the line; why it ended, None when it was us."""
        self._why = None
        client = self._made()
        broker = self._settings.broker
        try:
            client.connect(broker.host, broker.port, broker.keep_alive_s, **self._wishes())
        except (OSError, ValueError) as error:
            return self._trouble(error)
        self._client = client
        began = self._clock.mono_ns()
        try:
            while not self._stopping.is_set():
                code = client.loop(LOOP_S)
                self._on_turn()
                why = self._ended()
                if why is not None:
                    return why
                if code != MQTTErrorCode.MQTT_ERR_SUCCESS:
                    return self._words("lost")
                if not self.connected.is_set() and self._clock.mono_ns() - began > 10 * SECOND_NS:
                    return self._words("no_answer")
        finally:
            client.disconnect()
        return None

    def _ended(self) -> Words | None:
        """Why the line is of no use any more, as a callback noticed; None while it is."""
        return self._why

    def _made(self) -> Client:
        broker = self._settings.broker
        more: dict[str, Any] = {} if self._five else {"clean_session": not self._keeps}
        client = Client(
            CallbackAPIVersion.VERSION2, client_id=self._name, reconnect_on_failure=False,
            protocol=MQTTProtocolVersion.MQTTv5 if self._five else MQTTProtocolVersion.MQTTv311, **more,
        )
        client.connect_timeout = CONNECT_WITHIN_S
        if self._settings.tls is not None:
            client.tls_set_context(self._settings.tls)
        if broker.user:
            client.username_pw_set(broker.user, self._settings.password or None)
        client.on_connect = self._connected
        client.on_disconnect = self._disconnected
        client.on_subscribe = self._subscribed
        client.on_message = self._message
        return client

    def _wishes(self) -> dict[str, Any]:
        if not self._five:
            return {}
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.MaximumPacketSize = LARGEST_PACKET_BYTES
        if self._keeps:
            properties.SessionExpiryInterval = self._settings.broker.session_s
        return {"clean_start": not self._keeps, "properties": properties}

    def _connected(
        self, client: Client, _data: object, _flags: object, reason: ReasonCode, _properties: object
    ) -> None:
        if reason.value >= REFUSED_FROM:
            self._why = self._refusal(reason)
            return
        wanted: list[Any] = [
            (topic, SubscribeOptions(qos=qos, retainHandling=SubscribeOptions.RETAIN_SEND_IF_NEW_SUB))
            if self._five else (topic, qos)
            for topic, qos in self._subscriptions.items()
        ]  # fmt: skip
        client.subscribe(wanted)

    def _subscribed(
        self, _client: Client, _data: object, _number: int, reasons: list[ReasonCode], _properties: object
    ) -> None:
        refused = [
            topic for topic, reason in zip(self._subscriptions, reasons, strict=False)
            if reason.value >= REFUSED_FROM
        ]
        if refused:
            self._why = self._words("no_topic", topic=refused[0])
            return
        self.connected.set()
        self._on_up()

    def _disconnected(
        self, _client: Client, _data: object, _flags: object, reason: ReasonCode, _properties: object
    ) -> None:
        if self._why is None and not self._stopping.is_set():
            taken = "Session taken over" in str(reason)
            self._why = self._words("taken_over" if taken else "lost")

    def _message(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError:
            topic = "(not UTF-8)"
        self._on_message(topic, bytes(message.payload), message.retain, message.dup, message.mid)

    def _refusal(self, reason: ReasonCode) -> Words:
        """A broker's refusal in words."""
        name = reason.getName()
        if name in ("Bad user name or password", "Not authorized"):
            return self._words("wrong_password" if name.startswith("Bad") else "not_allowed")
        return self._words("refused", what=name)

    def _trouble(self, error: Exception) -> Words:
        """Why the line could not be opened. No text of the error itself: it could hold anything."""
        if isinstance(error, ssl.SSLCertVerificationError):
            return self._words("certificate", what=error.verify_message)
        if isinstance(error, ssl.SSLError):
            return self._words("tls", what=error.reason or "-")
        if isinstance(error, socket.gaierror):
            return self._words("no_host", host=self._settings.broker.host)
        if isinstance(error, ConnectionRefusedError):
            return self._words("connection_refused")
        if isinstance(error, TimeoutError):
            return self._words("no_answer")
        if isinstance(error, OSError):
            return self._words("other", what=error.strerror or type(error).__name__)
        return self._words("other", what=type(error).__name__)

    def _words(self, key: str, **fields: Any) -> Words:
        return self._catalogue.both(f"gateway.mqtt.down.{key}", **fields)
