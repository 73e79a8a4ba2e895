"""The gateway's file, the mappings it names and the password beside it, checked before anything starts."""

from __future__ import annotations

import os
import ssl
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from console.gateways.mqtt.commanding import CommandRule, build_commands
from console.gateways.mqtt.mapping import TopicRule, build_mapping
from console.gateways.mqtt.tables import (
    BrokerTable,
    CommandTable,
    GatewayTable,
    MappingTable,
    TopicTable,
)
from console.gateways.mqtt.topics import parse_pattern
from console.paths import shipped
from console.profile.problems import Problems
from console.profile.profile import Profile
from console.profile.reading import parse, read

FILE = "mqtt.toml"
FOLDER = "gateways"
LARGEST_FILE_BYTES = 4 << 20
LONGEST_PASSWORD_BYTES = 4096
T = TypeVar("T", GatewayTable, MappingTable)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a gateway starts with. The password is never shown."""

    file: Path
    broker: BrokerTable
    rules: tuple[TopicRule, ...]
    commands: tuple[CommandRule, ...] = ()
    password: str = field(default="", repr=False)
    tls: ssl.SSLContext | None = field(default=None, repr=False)

    @property
    def peer(self) -> str:
        """The broker as a person would find it."""
        return f"{'mqtts' if self.broker.tls else 'mqtt'}://{self.broker.host}:{self.broker.port}"


def load_settings(file: Path, profile: Profile) -> Settings:
    """Read and check everything. Raises ProfileError with all problems, each with file, table and key."""
    problems = Problems()
    gateway = _read(GatewayTable, file, file.name, problems)
    problems.raise_any()
    assert gateway is not None
    tables: list[tuple[str, str, TopicTable]] = []
    orders: list[tuple[str, str, CommandTable]] = []
    for name in gateway.mappings:
        mapping, shown = _shipped(name, problems)
        if mapping is not None:
            tables += _named(shown, mapping.topics)
            orders += _named_commands(shown, mapping.commands)
    tables += _named(file.name, gateway.topics)
    orders += _named_commands(file.name, gateway.commands)
    if not tables:
        problems.say(file.name, "", "topics", "at least one topic, or a mapping by name", "none")
    rules = build_mapping(tables, profile, problems)
    commands = build_commands(orders, profile, [one.pattern for one in rules], problems)
    broker = gateway.broker
    for topic in broker.watch:
        pattern = parse_pattern(topic)
        if isinstance(pattern, str):
            problems.say(file.name, "broker", "watch", pattern, repr(topic))
    if broker.user == "" and broker.password_file:
        problems.say(file.name, "broker", "user", "a user for the password", "nothing")
    if (broker.certificate_file == "") != (broker.key_file == ""):
        problems.say(file.name, "broker", "key_file", "certificate_file and key_file together", "one of them")
    password = _password(file, broker, problems)
    tls = _tls(file, broker, problems)
    problems.raise_any()
    return Settings(file, broker, rules, commands, password, tls)


def check_mapping(name: str, profile: Profile) -> tuple[TopicRule, ...]:
    """A shipped mapping against a city. Raises ProfileError."""
    problems = Problems()
    mapping, shown = _shipped(name, problems)
    rules = build_mapping(_named(shown, mapping.topics), profile, problems) if mapping is not None else ()
    if mapping is not None:
        commands = _named_commands(shown, mapping.commands)
        build_commands(commands, profile, [one.pattern for one in rules], problems)
    problems.raise_any()
    return rules


def _shipped(name: str, problems: Problems) -> tuple[MappingTable | None, str]:
    shown = f"gateways/mqtt/{name}.toml"
    path = shipped("seeds") / "gateways" / "mqtt" / f"{name}.toml"
    return _read(MappingTable, path, shown, problems), shown


def _named_commands(
    file: str, commands: tuple[CommandTable, ...]
) -> list[tuple[str, str, CommandTable]]:
    return [(file, f"commands[{row}] ({one.control})", one) for row, one in enumerate(commands)]


def _named(file: str, topics: tuple[TopicTable, ...]) -> list[tuple[str, str, TopicTable]]:
    return [(file, f"topics[{row}] ({one.topic[:60]})", one) for row, one in enumerate(topics)]


def _read(kind: type[T], path: Path, shown: str, problems: Problems) -> T | None:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE_BYTES + 1)
    except OSError as error:
        problems.say(shown, "", "", "a file that can be read", error.strerror or type(error).__name__)
        return None
    if len(data) > LARGEST_FILE_BYTES:
        problems.say(shown, "", "", f"at most {LARGEST_FILE_BYTES:,} bytes", "more")
        return None
    tree = parse(data, shown, problems)
    return None if tree is None else read(kind, tree, shown, problems)


def _password(file: Path, broker: BrokerTable, problems: Problems) -> str:
    """The password; what is noted of it never holds it."""
    if not broker.password_file:
        return ""
    path = file.parent / broker.password_file
    try:
        with path.open("rb") as opened:
            # On the open file, not on the path: what is checked is what is read.
            mode = stat.S_IMODE(os.fstat(opened.fileno()).st_mode)
            data = opened.read(LONGEST_PASSWORD_BYTES + 1)
    except OSError as error:
        found = error.strerror or type(error).__name__
        problems.say(file.name, "broker", "password_file", "a file that can be read", found)
        return ""
    if mode & 0o077:
        expected = f"readable by its owner only (chmod 600 {broker.password_file})"
        problems.say(file.name, "broker", "password_file", expected, f"mode {mode:o}")
        return ""
    lines = data.decode(errors="replace").splitlines()
    if len(lines) != 1 or not lines[0] or len(data) > LONGEST_PASSWORD_BYTES:
        found = f"{len(lines)} lines"
        problems.say(file.name, "broker", "password_file", "one line with the password", found)
        return ""
    return lines[0]


def _tls(file: Path, broker: BrokerTable, problems: Problems) -> ssl.SSLContext | None:
    if not broker.tls:
        for key in ("ca_file", "certificate_file", "key_file"):
            if getattr(broker, key):
                problems.say(file.name, "broker", key, "nothing without tls", "a file")
        return None
    context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if broker.ca_file:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            context.load_verify_locations(cafile=str(file.parent / broker.ca_file))
        except (OSError, ssl.SSLError) as error:
            problems.say(
                file.name, "broker", "ca_file", "certificates in PEM that can be read", _said(error)
            )
    if broker.certificate_file and broker.key_file:
        try:
            context.load_cert_chain(
                file.parent / broker.certificate_file, file.parent / broker.key_file, password=lambda: b""
            )
        except (OSError, ssl.SSLError) as error:
            problems.say(
                file.name, "broker", "certificate_file", "a certificate and its key in PEM", _said(error)
            )
    return context


def _said(error: OSError) -> str:
    return error.strerror or type(error).__name__
