"""A partner that asks for pictures, as small as can be: one signed message over the line with both
certificates.
"""

from __future__ import annotations

import http.client
import ssl
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from console.clock import WALL_CLOCK
from console.handoff.caprequests import pictures_format
from console.handoff.jsontext import JsonError
from console.handoff.profile import party_name
from console.handoff.requests import PATH, PictureAnswer, PicturesReturned
from console.handoff.signing import HEADER, Signer
from console.handoff.signingkeys import ensure_signing_key
from console.handoff.thread.figures import ladder
from console.handoff.tls import CONSOLE, client_context
from console.model.picturerequest import PictureWish

KEYS = ("keys", "handoff")
ANSWER_WITHIN_S = 40.0


class PicturesDenied(Exception):
    """The door did not take the message; the status and what it said."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(f"{status}: {said}")
        self.status, self.said = status, said


class AskingPartner:
    """Speaks as `agency` to the door at `url`. One thread; blocks."""

    def __init__(self, home: Path, agency: str, url: str, wire: Literal["cap", "eido"] = "eido") -> None:
        self.agency, self._url = agency, urlsplit(url)
        self._wire = pictures_format(wire)
        keys = home.joinpath(*KEYS)
        self._context = client_context(keys, agency)
        figures = ladder()
        self._signer = Signer(agency, ensure_signing_key(keys, agency), figures.signature, figures.json)
        self.signature = ""
        """Of the last message: what a copy of it would bear."""

    def ask(self, wish: PictureWish, wait_s: int = 0) -> PictureAnswer:
        """How the request stands, after it was decided or `wait_s` passed. Raises PicturesDenied, OSError."""
        body = self._wire.request(wish, self.agency, CONSOLE, WALL_CLOCK.now_ns())
        return self._wire.read_answer(self.post(body, wait_s))[0]

    def give_back(self, about: str, reason: str) -> PictureAnswer:
        told = PicturesReturned(about=about, reason=reason)
        now = WALL_CLOCK.now_ns()
        body = self._wire.give_back(f"BACK-{now}", told, self.agency, CONSOLE, now)
        return self._wire.read_answer(self.post(body))[0]

    def listing(self) -> tuple[PictureAnswer, ...]:
        now = WALL_CLOCK.now_ns()
        body = self._wire.listing(f"LIST-{now}", self.agency, CONSOLE, now)
        return self._wire.read_answer(self.post(body))

    def post(self, body: bytes, wait_s: int = 0, media_type: str = "", signature: str = "") -> bytes:
        """The answer's bytes. Signed anew, unless a signature is given. Raises PicturesDenied otherwise."""
        line = _Line(self._url.hostname or "", self._url.port or 0, self._context)
        try:
            headers = {"Content-Type": media_type or self._wire.media_type}
            self.signature = signature or self._signed(body)
            if self.signature:
                headers[HEADER] = self.signature
            if wait_s:
                headers["Prefer"] = f"wait={wait_s}"
            line.request("POST", PATH, body, headers)
            answer = line.getresponse()
            data = answer.read()
        finally:
            line.close()
        if answer.status != 200:
            raise PicturesDenied(answer.status, data.decode("utf-8", "replace").strip())
        return data

    def _signed(self, body: bytes) -> str:
        """A fresh signature; "" for bytes that are no message at all."""
        try:
            return str(self._signer.sign(body, self._wire.form, CONSOLE, WALL_CLOCK.now_ns()))
        except JsonError:
            return ""


class _Line(http.client.HTTPConnection):
    """The door's certificate bears the console's party name, whatever its address is."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext) -> None:
        super().__init__(host, port, timeout=ANSWER_WITHIN_S)
        self._context = context

    def connect(self) -> None:
        super().connect()
        self.sock = self._context.wrap_socket(self.sock, server_hostname=party_name(CONSOLE))
