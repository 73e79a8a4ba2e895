"""Takes what is secret out of a text before anybody can read it.

FFmpeg puts the whole URL, password included, into its error texts, and so do PyAV's exceptions.  Every
text that comes out of either goes through a `Redactor` before it is stored, logged, sent or shown.
"""

from __future__ import annotations

import base64
import logging
import re
from collections.abc import Callable, Iterable
from urllib.parse import quote, quote_plus

HIDDEN = "•••"
#: Shorter secrets are hidden inside URLs only: replacing every "a" would hide everything and protect nothing.
SHORTEST = 4

# Greedy up to the last @ before white space: a password may contain '/' and '@' where somebody did not
# quote it.
_USERINFO = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*://)[^\s'\"<>]*@")
_AUTHORIZATION = re.compile(r"(?i)\b((?:proxy-)?authorization\s*[:=]\s*)(?:basic|digest|bearer)?\s*[^\r\n]*")


class Redactor:
    """Hides known secrets, and the user part of every URL, known or not. Any thread."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._forms: tuple[str, ...] = ()
        for secret in secrets:
            self.learn(secret)

    def learn(self, secret: str, user: str = "") -> None:
        """Hide `secret` from now on, in every form in which it may appear in a URL or a header."""
        forms = {secret, quote(secret, safe=""), quote(secret), quote_plus(secret)}
        forms |= {form.lower() for form in forms if "%" in form}
        pair = base64.b64encode(f"{user}:{secret}".encode()).decode()
        forms.add(pair)
        known = set(self._forms) | {form for form in forms if len(form) >= SHORTEST}
        # Longest first, so that no rest of a longer form stays behind.
        self._forms = tuple(sorted(known, key=len, reverse=True))

    def __call__(self, text: str) -> str:
        """`text` without secrets."""
        # What is known first: a pattern might take away one half of a secret and leave the other.
        for form in self._forms:
            text = text.replace(form, HIDDEN)
        text = _USERINFO.sub(rf"\g<1>{HIDDEN}@", text)
        return _AUTHORIZATION.sub(rf"\g<1>{HIDDEN}", text)


class RedactingFilter(logging.Filter):
    """Put on a handler, it hides secrets in every record that passes, arguments and tracebacks included."""

    def __init__(self, redact: Callable[[str], str]) -> None:
        super().__init__()
        self._redact = redact
        self._format = logging.Formatter()

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = self._redact(record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = self._format.formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = self._redact(record.exc_text)
        if record.stack_info:
            record.stack_info = self._redact(record.stack_info)
        return True
