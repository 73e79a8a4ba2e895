"""The tables of a gateway's file (`DIR/gateways/mqtt.toml`) and of the shipped mappings."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from console.model.base import Words
from console.profile.tables import Identifier, Table, Text

Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]
Qos = Annotated[int, msgspec.Meta(ge=0, le=1)]
KeepAlive = Annotated[int, msgspec.Meta(ge=5, le=3600)]
Session = Annotated[int, msgspec.Meta(ge=0, le=604_800)]
PayloadBytes = Annotated[int, msgspec.Meta(ge=64, le=8_388_608)]
Pointer = Annotated[str, msgspec.Meta(max_length=200)]
Topic = Annotated[str, msgspec.Meta(min_length=1, max_length=400)]
Factor = Annotated[float, msgspec.Meta(ge=-1e9, le=1e9)]
Share = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]
TimeForm = Literal["iso8601", "unix_s", "unix_ms", "text"]


class BrokerTable(Table, frozen=True, kw_only=True):
    """Where the broker is and how it is spoken to. Files are named relative to the gateway's own file."""

    host: Text
    port: Port = 8883
    tls: bool = True
    ca_file: str = ""
    """The authority that signed the broker's certificate (PEM); empty: those the system trusts."""
    certificate_file: str = ""
    key_file: str = ""
    """A certificate of our own, where the broker asks for one."""
    user: str = ""
    password_file: str = ""
    """Holds the password and nothing else, readable by its owner only."""
    client_id: Identifier = "bongsu"
    """Must be this gateway's alone: a broker cuts the line of whoever came first with the same one."""
    protocol: Literal["5", "3.1.1"] = "5"
    keep_alive_s: KeepAlive = 20
    session_s: Session = 3600
    """So long the broker keeps what comes while the gateway is away (protocol 5)."""
    largest_payload_bytes: PayloadBytes = 262_144
    watch: tuple[Topic, ...] = ()
    """Topics to look at for what no mapping covers; what is found is counted, nothing is taken from it."""


class TimeTable(Table, frozen=True, kw_only=True):
    """When a message's values were taken. Without this table it is the moment of arrival."""

    at: Pointer
    format: TimeForm = "iso8601"
    pattern: str = ""
    """For "text": strptime's signs, as "%Y%m%d%H%M%S"."""
    zone: str = ""
    """For times without an offset: an IANA name, as "Asia/Seoul"."""


class ReadingTable(Table, frozen=True, kw_only=True):
    """One value of a message is one quantity of the device."""

    quantity: Identifier
    at: Pointer = ""
    unit: Text
    """The unit the device speaks; converted to the point's own."""
    unit_at: Pointer | None = None
    """Where the message says its unit: one that says another is refused."""
    factor: Factor = 1.0
    shift: Factor = 0.0
    """The device's raw number times `factor` plus `shift` is a value in `unit`."""
    words: dict[str, Factor] = msgspec.field(default_factory=dict)
    """Numbers for words, as { open = 1, closed = 0 }."""
    quality_at: Pointer | None = None
    quality_good: tuple[str, ...] = ("good", "ok", "valid", "0")
    quality_bad: tuple[str, ...] = ("bad", "fault", "invalid")
    """Any other word makes the value uncertain. A bad one is counted and not taken."""
    optional: bool = False
    """The message may leave it out, or say null."""


class ConditionTable(Table, frozen=True, kw_only=True):
    """A word of a message is the device's condition (a last will, a status topic)."""

    at: Pointer = ""
    up: tuple[str, ...] = ()
    degraded: tuple[str, ...] = ()
    down: tuple[str, ...] = ()
    out_of_service: tuple[str, ...] = ()
    why: Words | None = None
    optional: bool = False


class SignalTable(Table, frozen=True, kw_only=True):
    """A word of a message is something that happened (a bell was pressed)."""

    type: Identifier
    at: Pointer = ""
    equals: tuple[str, ...]
    id_at: Pointer | None = None
    """Where the device gives what happened a number of its own: the same one is told once."""
    confidence: Share = 1.0
    detail: Words


class TopicTable(Table, frozen=True, kw_only=True):
    """What the messages of a topic mean. `{name}` stands for one level and can be used in `device`."""

    topic: Topic
    payload: Literal["json", "text"] = "json"
    device: str = ""
    """The device's id, with `{name}`s of the topic."""
    device_at: Pointer | None = None
    """Where a message says its device, instead of `device`."""
    devices: dict[str, str] = msgspec.field(default_factory=dict)
    """The city's id for each name the other side uses; without it the two are the same."""
    each: Pointer | None = None
    """A list inside a message, of which each item is one document: pointers begin there."""
    time: TimeTable | None = None
    qos: Qos | None = None
    """1 where nothing says otherwise; 0 where readings have no time: what a broker kept has no age."""
    readings: tuple[ReadingTable, ...] = ()
    conditions: tuple[ConditionTable, ...] = ()
    signals: tuple[SignalTable, ...] = ()


class CommandTable(Table, frozen=True, kw_only=True):
    """How an order reaches a device, and where the device answers."""

    control: Identifier
    device: Text
    """Which devices: an id with `{name}`s."""
    topic: Topic
    """Where the order goes, with the same `{name}`s."""
    payload: dict[str, str | float | bool]
    """The message's fields; "{order}", "{value}", "{number}" and "{device}" stand for what is meant."""
    values: dict[str, str] = msgspec.field(default_factory=dict)
    """The device's words for values of the control."""
    answer: Topic
    id_at: Pointer | None = None
    """Where an answer says the order's id; without it, it is to the newest order of the control there."""
    outcome_at: Pointer
    done: tuple[str, ...]
    refused: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    progress: tuple[str, ...] = ()
    """Words that only say it is under way. Any other word is an unclear answer."""
    words_at: Pointer | None = None
    """Where an answer says more, for a person."""


class MappingTable(Table, frozen=True, kw_only=True):
    """A shipped mapping: seeds/gateways/mqtt/NAME.toml."""

    topics: tuple[TopicTable, ...]
    commands: tuple[CommandTable, ...] = ()


class GatewayTable(Table, frozen=True, kw_only=True):
    """The gateway's own file."""

    broker: BrokerTable
    mappings: tuple[Identifier, ...] = ()
    """Shipped mappings to use, by name."""
    topics: tuple[TopicTable, ...] = ()
    commands: tuple[CommandTable, ...] = ()
