"""What a camera's picture comes from, and what may be one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Literal
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import msgspec

from console.model.base import Record

Kind = Literal["file", "rtsp", "http", "footage"]

SCHEMES: dict[Kind, tuple[str, ...]] = {"rtsp": ("rtsp", "rtsps"), "http": ("http", "https")}

# What FFmpeg may open behind a source's back (redirects, playlists, references inside a file).
PROTOCOLS: dict[Kind, str] = {
    "file": "file",
    "rtsp": "rtsp,rtsps,rtp,srtp,rtcp,tcp,udp,tls,crypto",
    "http": "http,https,httpproxy,tcp,tls,crypto",
}
# Formats that hold pictures themselves. Playlists (hls, dash, concat, sdp as a file) are not among them: they
# can name other files and other machines.
FORMATS: dict[Kind, str] = {
    "file": "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mjpeg,mpjpeg,h264,hevc,flv,asf,ogg,ivf",
    "rtsp": "rtsp,rtp,sdp,mpegts",
    "http": "mpjpeg,mjpeg,mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,h264,hevc,flv",
}

#: What counts as a clip in a folder.
CLIP_ENDINGS = (".mp4", ".mkv", ".avi", ".mov", ".webm", ".ts")

#: Where systems keep the authorities they trust; the first that exists is used.
AUTHORITIES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")

_CONTROL = re.compile(r"[\x00-\x20\x7f]")


class SourceError(Exception):
    """A source that must not or cannot be opened. `problem` never contains a password."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class Credential(Record, frozen=True, kw_only=True):
    """A user and a password, kept apart from every URL."""

    user: str
    password: str

    def __repr__(self) -> str:
        return f"Credential(user={self.user!r}, password=•••)"


class SubStream(Record, frozen=True, kw_only=True):
    """A camera's smaller stream. What is left out is as for the main one.

    `height_px`: how many lines it has; 0: seen when it is shown for the first time.
    """

    locator: str
    kind: Kind | None = None
    transport: Literal["tcp", "udp"] | None = None
    credential: str | None = None
    certificate: str | None = None
    height_px: int = 0


class Source(Record, frozen=True, kw_only=True):
    """Where a camera's picture comes from. `locator` is a path or a URL, without credentials.

    A file plays in step everywhere: at time `now_ns` it shows the position
    ``(now_ns - epoch_ns) / 1e9 + offset_s``, modulo the clip's length when `loop` is set.
    `hold` = (from_s, to_s), seconds since `epoch_ns`: the camera repeats its picture of `from_s` while its
    time stamps run on, which is what a stuck camera looks like. Nothing tells the detector.
    `certificate`: path of a PEM file with the camera's own certificate or its authority's, for https and
    rtsps; empty for the authorities this machine trusts. There is no way to trust everybody.
    `sub`: the camera's smaller stream, for small panes and busy machines.
    A file may also be a folder: its clips, in the order of their names, are one endless line.
    Recorded pictures (`footage_source`) have the folder of footage as `locator`; `group` names the
    `console.video.transport.Transport` they follow.
    """

    kind: Kind
    locator: str
    credential: str = ""
    transport: Literal["tcp", "udp"] = "tcp"
    epoch_ns: int = 0
    offset_s: float = 0.0
    loop: bool = True
    hold: tuple[float, float] | None = None
    certificate: str = ""
    camera_id: str = ""
    group: str = ""
    sub: SubStream | None = None

    @property
    def sub_source(self) -> Source | None:
        """The camera's smaller stream as a source of its own; None where there is none."""
        sub = self.sub
        if sub is None:
            return None
        return msgspec.structs.replace(
            self,
            sub=None,
            locator=sub.locator,
            kind=sub.kind or self.kind,
            transport=sub.transport or self.transport,
            credential=self.credential if sub.credential is None else sub.credential,
            certificate=self.certificate if sub.certificate is None else sub.certificate,
        )

    @property
    def is_secure(self) -> bool:
        """Whether the connection is encrypted."""
        return self.locator.startswith(("https://", "rtsps://"))


def clips_of(folder: Path) -> list[Path]:
    """The clips of a folder in the order of their names; a link that leads out of it is none. Raises OSError
    for a folder that cannot be read."""
    inside = folder.resolve()
    return sorted(
        one for one in folder.iterdir()
        if one.suffix.lower() in CLIP_ENDINGS and one.resolve().is_relative_to(inside) and one.is_file()
    )  # fmt: skip


def footage_source(folder: Path, camera_id: str, group: str) -> Source:
    """The recorded pictures of a camera below `folder` (``home/footage``), shown where the transport of
    `group` stands. Not for the book of sources: there is one for each camera and group.
    """
    return Source(kind="footage", locator=str(folder), camera_id=camera_id, group=group)


def split_credentials(url: str) -> tuple[str, Credential | None]:
    """Take user and password out of a URL: ``rtsp://u:p%40ss@host/x`` → ``("rtsp://host/x", Credential)``.

    An unquoted ``@``, ``/``, ``?`` or ``#`` in the password is understood where only one reading is possible.
    Raises SourceError, whose text does not repeat the URL, for what is no URL and for a URL that could be
    read in two ways: a password must never be taken for a part of the place.
    """
    scheme, mark, rest = url.partition("://")
    if not mark or not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.\-]*", scheme):
        raise SourceError("expected a URL such as rtsp://user:password@host/path")
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    rest_has_at = "@" in rest[len(authority) :]
    if "@" in authority and not rest_has_at:
        user_part, _, host = authority.rpartition("@")
        place = host + rest[len(authority) :]
    elif not rest_has_at or not {":", "@"} & set(authority):
        return f"{scheme.lower()}://{rest}", None
    elif "@" in authority or authority.rpartition(":")[2].isdigit():
        raise SourceError("write '@' behind the host as %40, or '/', '?', '#' in a password as %2F, %3F, %23")
    else:
        user_part, _, place = rest.rpartition("@")
    user, _, password = user_part.partition(":")
    return f"{scheme.lower()}://{place}", Credential(user=unquote(user), password=unquote(password))


def url_for_opening(source: Source, credential: Credential | None) -> str:
    """The URL with its credentials, for the decoder only. Never log, store or show what this returns."""
    if credential is None or source.kind == "file":
        return source.locator
    parts = urlsplit(source.locator)
    user = f"{quote(credential.user, safe='')}:{quote(credential.password, safe='')}"
    return urlunsplit(parts._replace(netloc=f"{user}@{parts.netloc}"))


class SourceCheck:
    """Says which sources may be opened: an allowed protocol, or a file below one of `roots`.

    Thousands of cameras may show a few files: each file and each root is looked up once.
    """

    def __init__(self, roots: Iterable[Path]) -> None:
        self._roots = tuple(root.resolve() for root in roots)
        self._files: dict[str, str] = {}

    def __call__(self, source: Source) -> None:
        """Raise SourceError unless `source` may be opened."""
        if source.offset_s != source.offset_s or abs(source.offset_s) > 1e9:
            raise SourceError("offset_s: expected a number of seconds")
        if source.hold is not None and not 0 <= source.hold[0] < source.hold[1]:
            raise SourceError("hold: expected two growing numbers of seconds since the epoch")
        if source.sub is not None and source.sub_source is not None:
            if not 0 <= source.sub.height_px <= 8192:
                raise SourceError("sub: height_px: expected 0 (not known) to 8192")
            try:
                self(source.sub_source)
            except SourceError as error:
                raise SourceError(f"sub: {error.problem}") from None
        if source.kind == "footage":
            raise SourceError("kind: recorded pictures are asked for by camera; this is no camera's source")
        if source.kind == "file":
            if source.locator not in self._files:
                self._files[source.locator] = self._file_problem(source.locator)
            if self._files[source.locator]:
                raise SourceError(self._files[source.locator])
        else:
            _check_url(source)

    def _file_problem(self, locator: str) -> str:
        if "\0" in locator or not locator:
            return "locator: expected the path of a video file"
        if "://" in locator:
            return "locator: a file is named by its path, not by a URL"
        try:
            path = Path(locator).resolve()
        except (OSError, RuntimeError):  # a loop of symbolic links
            return "locator: the path leads nowhere"
        # Resolved on both sides: neither ".." nor a symbolic link leads out of the allowed folders.
        if not any(path.is_relative_to(root) for root in self._roots):
            return f"{Path(locator).name}: not below a folder that video files may be read from"
        return ""


def check_source(source: Source, roots: Iterable[Path]) -> None:
    """Raise SourceError unless this one source may be opened (see `SourceCheck`)."""
    SourceCheck(roots)(source)


def _check_url(source: Source) -> None:
    allowed = SCHEMES[source.kind]
    if _CONTROL.search(source.locator):
        raise SourceError("locator: white space or control characters in a URL")
    try:
        parts = urlsplit(source.locator)
        port_is_a_number = parts.port is None or parts.port > 0
    except ValueError:
        raise SourceError("locator: not a URL") from None
    if parts.scheme not in allowed:
        scheme, expected = parts.scheme[:20] or "none", " or ".join(allowed)
        raise SourceError(f"locator: protocol {scheme!r} is not allowed here; expected {expected}")
    if not parts.hostname or not port_is_a_number:
        raise SourceError("locator: the URL names no host")
    if source.certificate and not Path(source.certificate).is_file():
        raise SourceError(f"certificate: there is no file {source.certificate}")
    if "@" in parts.netloc:
        raise SourceError("locator: the URL contains credentials; they belong in credentials.json")
