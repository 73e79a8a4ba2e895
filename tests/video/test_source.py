"""Where pictures may come from, and that passwords stay apart from it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.video.source import (
    Credential,
    Source,
    SourceError,
    check_source,
    split_credentials,
    url_for_opening,
)

ANY_TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FFF), min_size=1, max_size=30)


@given(user=ANY_TEXT, password=ANY_TEXT)
def test_credentials_put_into_a_url_and_taken_out_again_are_the_same(user: str, password: str) -> None:
    source = Source(kind="rtsp", locator="rtsp://10.0.0.7:554/ch1?sub=1", credential="x")
    url = url_for_opening(source, Credential(user=user, password=password))
    assert split_credentials(url) == (source.locator, Credential(user=user, password=password))


@given(password=st.text("abcdef@/?#:%!$&'()*+,;=", min_size=1, max_size=12))
def test_an_unquoted_password_never_stays_in_the_locator(password: str) -> None:
    """Either it is taken out, or the URL is refused with a text that does not repeat it."""
    url = f"rtsp://operator:S{password}Z@camera.example/ch1"
    refusal = ""
    try:
        locator, credential = split_credentials(url)
    except SourceError as error:
        refusal = error.problem
    if refusal:
        assert f"S{password}Z" not in refusal
    else:
        assert locator == "rtsp://camera.example/ch1"
        assert credential is not None
        assert credential.user == "operator"


def test_a_url_without_credentials_stays_as_it_is() -> None:
    for url in ("rtsp://camera/ch1", "rtsp://camera:554/ch1?a=b", "http://[::1]:8080/x", "rtsp://camera/a@b"):
        assert split_credentials(url) == (url, None)


def test_a_url_that_can_be_read_in_two_ways_is_refused_and_says_how_to_write_it() -> None:
    with pytest.raises(SourceError, match="%40"):
        split_credentials("rtsp://admin:1234/5@camera/ch1")


def test_what_is_no_url_is_refused_without_repeating_it() -> None:
    with pytest.raises(SourceError) as refusal:
        split_credentials("operator:hunter2@camera")
    assert "hunter2" not in str(refusal.value)


def test_a_credential_does_not_show_its_password() -> None:
    credential = Credential(user="operator", password="hunter2")
    assert "hunter2" not in repr(credential)
    assert "hunter2" not in f"{credential}"


@pytest.mark.parametrize(
    ("kind", "locator", "problem"),
    [
        ("rtsp", "file:///etc/passwd", "protocol 'file' is not allowed"),
        ("rtsp", "concat:a|b", "protocol 'concat' is not allowed"),
        ("http", "ftp://host/x", "expected http or https"),
        ("rtsp", "http://host/x", "expected rtsp or rtsps"),
        ("rtsp", "rtsp:///x", "names no host"),
        ("rtsp", "rtsp://host:notaport/x", "not a URL"),
        ("rtsp", "rtsp://host/x\nAuthorization: y", "control characters"),
        ("rtsp", "rtsp://u:p@host/x", "contains credentials"),
        ("file", "rtsp://host/x", "not by a URL"),
        ("file", "", "expected the path"),
        ("file", "a\0b", "expected the path"),
    ],
)
def test_only_the_allowed_protocols_may_be_opened(kind: str, locator: str, problem: str) -> None:
    with pytest.raises(SourceError, match=problem):
        check_source(Source(kind=kind, locator=locator), [Path("/")])


def test_allowed_protocols_may_be_opened() -> None:
    for kind, locator in (("rtsp", "rtsp://h/x"), ("rtsp", "rtsps://h:322/x"), ("http", "https://h/x.mjpg")):
        check_source(Source(kind=kind, locator=locator), [])


def test_a_file_must_lie_below_an_allowed_folder(tmp_path: Path) -> None:
    inside = tmp_path / "clips" / "a.mp4"
    inside.parent.mkdir()
    inside.touch()
    outside = tmp_path / "b.mp4"
    outside.touch()
    roots = [inside.parent]
    check_source(Source(kind="file", locator=str(inside)), roots)
    with pytest.raises(SourceError, match=r"b\.mp4: not below"):
        check_source(Source(kind="file", locator=str(outside)), roots)
    with pytest.raises(SourceError, match="not below"):
        check_source(Source(kind="file", locator=str(inside.parent / ".." / "b.mp4")), roots)


def test_a_symbolic_link_leads_nobody_out_of_the_allowed_folders(tmp_path: Path) -> None:
    (tmp_path / "clips").mkdir()
    (tmp_path / "secret.mp4").touch()
    link = tmp_path / "clips" / "link.mp4"
    link.symlink_to(tmp_path / "secret.mp4")
    with pytest.raises(SourceError, match="not below"):
        check_source(Source(kind="file", locator=str(link)), [tmp_path / "clips"])


@pytest.mark.parametrize("hold", [(5.0, 5.0), (9.0, 2.0), (-1.0, 2.0)])
def test_a_hold_needs_two_growing_times(hold: tuple[float, float]) -> None:
    with pytest.raises(SourceError, match="hold"):
        check_source(Source(kind="rtsp", locator="rtsp://h/x", hold=hold), [])


def test_an_offset_must_be_a_number() -> None:
    with pytest.raises(SourceError, match="offset_s"):
        check_source(Source(kind="rtsp", locator="rtsp://h/x", offset_s=float("nan")), [])
