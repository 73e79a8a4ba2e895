"""No text that people can read contains a password."""

from __future__ import annotations

import io
import logging
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.video.redact import RedactingFilter, Redactor

SECRET = "p/ss@w rd-canary"


@pytest.mark.parametrize(
    "text",
    [
        f"cannot open 'rtsp://operator:{SECRET}@host/x'",
        f"rtsp://operator:{quote(SECRET, safe='')}@host:554/ch1: Server returned 401",
        f"Did you mean file:rtsp://operator:{quote(SECRET)}@host?",
        f"the password {SECRET} was wrong",
        "Authorization: Basic b3BlcmF0b3I6cC9zc0B3IHJkLWNhbmFyeQ==",
        "'headers': 'authorization=Digest username=\"operator\", response=\"abc\"'",
    ],
)
def test_a_known_password_is_hidden_in_every_form(text: str) -> None:
    redact = Redactor()
    redact.learn(SECRET, "operator")
    shown = redact(text)
    for form in (SECRET, quote(SECRET), quote(SECRET, safe=""), "b3BlcmF0b3I6cC9zc0B3", "response="):
        assert form not in shown


def test_the_user_part_of_any_url_is_hidden_even_when_nobody_told_the_password() -> None:
    assert Redactor()("see rtsp://a:b@h/x and http://c:d@h2/y.") == "see rtsp://•••@h/x and http://•••@h2/y."


def test_what_is_no_secret_stays_readable() -> None:
    text = "Connection refused: 'rtsp://10.0.0.7:554/ch1' (write to operator@example.org)"
    assert Redactor([SECRET])(text) == text


@given(password=st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=4, max_size=20))
def test_any_password_in_a_url_is_hidden(password: str) -> None:
    redact = Redactor([password])
    assert password not in redact(f"failed: rtsp://user:{password}@camera/ch1 ").replace("•••", "")


def test_the_log_filter_hides_arguments_and_tracebacks() -> None:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(RedactingFilter(Redactor([SECRET])))
    log = logging.Logger("apart")  # not the root's child: only this handler sees it
    log.addHandler(handler)
    try:
        raise OSError(f"rtsp://operator:{SECRET}@host/x")
    except OSError:
        log.exception("opening %s failed", f"rtsp://operator:{SECRET}@host/x")
    assert "opening rtsp://•••@host/x failed" in out.getvalue()
    assert "Traceback" in out.getvalue()
    assert SECRET not in out.getvalue()
