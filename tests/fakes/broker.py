"""A real MQTT broker (mosquitto) with TLS and passwords, that a test starts, kills and starts again."""

from __future__ import annotations

import datetime as dt
import getpass
import ipaddress
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from tests.guards.waiting import until

PROGRAM = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")
needs_mosquitto = pytest.mark.skipif(PROGRAM is None, reason="mosquitto is not on this machine")
CONSOLE, DEVICES = ("bongsu", "only-for-the-console"), ("devices", "only-for-devices")


class Broker:
    """One broker with its own authority in `folder`; its port stays the same over restarts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.ca = folder / "ca.pem"
        _make_certificates(folder)
        passwords = folder / "passwords"
        passwords.write_text("".join(f"{user}:{word}\n" for user, word in (CONSOLE, DEVICES)))
        passwords.chmod(0o600)
        tool = shutil.which("mosquitto_passwd") or "/usr/bin/mosquitto_passwd"
        subprocess.run([tool, "-U", str(passwords)], check=True, capture_output=True, timeout=20)
        (folder / "mosquitto.conf").write_text(
            f"user {getpass.getuser()}\nlistener {self.port} 127.0.0.1\ncafile {self.ca}\n"
            f"certfile {folder / 'broker.pem'}\nkeyfile {folder / 'broker.key'}\n"
            f"allow_anonymous false\npassword_file {passwords}\n"
            f"persistence true\npersistence_location {folder}/\nautosave_interval 1\n"
        )
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        assert PROGRAM is not None
        with open(self.folder / "mosquitto.log", "ab") as log:
            self._process = subprocess.Popen(
                [PROGRAM, "-c", str(self.folder / "mosquitto.conf")], stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT,
            )
        until(self._answers, lambda: f"the broker: {self.said()}", 20)

    def end(self) -> None:
        """Let it save what it keeps and end, as a restart of the machine does."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)
            self._process = None

    def said(self) -> str:
        return (self.folder / "mosquitto.log").read_text("utf-8")[-2000:]

    def publisher(self) -> Publisher:
        return Publisher(self)

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        except OSError:
            return False
        return True


class Publisher:
    """A device: publishes over TLS with the devices' password, and waits until the broker has it."""

    def __init__(self, broker: Broker) -> None:
        self._client = Client(
            CallbackAPIVersion.VERSION2, client_id="device", protocol=MQTTProtocolVersion.MQTTv5
        )
        self._client.username_pw_set(*DEVICES)
        self._client.tls_set_context(ssl.create_default_context(cafile=str(broker.ca)))
        self._client.connect("localhost", broker.port, bind_address="127.0.0.1")
        self._client.loop_start()

    def send(self, topic: str, payload: str | bytes, retain: bool = False) -> None:
        self._client.publish(topic, payload, qos=1, retain=retain).wait_for_publish(20)

    def answers(self, filter_: str, how: Callable[[str, bytes], tuple[str, str] | None]) -> None:
        """Answer each message on a topic with another one, as a device does with its orders."""

        def come(client: Client, _data: object, message: MQTTMessage) -> None:
            said = how(message.topic, message.payload)
            if said is not None:
                client.publish(*said, qos=1)

        subscribed = threading.Event()
        self._client.on_subscribe = lambda *_: subscribed.set()
        self._client.message_callback_add(filter_, come)
        self._client.subscribe(filter_, qos=1)
        assert subscribed.wait(20)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


def _make_certificates(folder: Path) -> None:
    now = dt.datetime.now(dt.UTC)

    def made(
        name: str, issuer: x509.Name, key: ec.EllipticCurvePrivateKey,
        more: Callable[[x509.CertificateBuilder], x509.CertificateBuilder],
        signer: ec.EllipticCurvePrivateKey,
    ) -> x509.Certificate:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = (
            x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=10))
        )  # fmt: skip
        return more(builder).sign(signer, hashes.SHA256())

    own, leaf = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test broker authority")])
    ca = made(
        "Test broker authority", authority, own,
        lambda one: one.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True), own,
    )
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    broker = made(
        "localhost", authority, leaf,
        lambda one: one.add_extension(x509.SubjectAlternativeName(names), critical=False), own,
    )
    (folder / "ca.pem").write_bytes(ca.public_bytes(serialization.Encoding.PEM))
    (folder / "broker.pem").write_bytes(broker.public_bytes(serialization.Encoding.PEM))
    (folder / "broker.key").write_bytes(
        leaf.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    (folder / "broker.key").chmod(0o600)
