"""What went wrong with a source, as a state and a reason a person can act on."""

from __future__ import annotations

import errno
import socket
from urllib.parse import urlsplit

import av

from console.video.source import Source, SourceError

#: Opening and each read must be done by then.
TIMEOUT_S = 2.0

_BY_ERRNO = {
    errno.ECONNREFUSED: "connection_refused",
    errno.ECONNRESET: "connection_closed",
    errno.ECONNABORTED: "connection_closed",
    errno.EPIPE: "connection_closed",
    errno.ETIMEDOUT: "timeout",
    errno.EAGAIN: "timeout",
    errno.EHOSTUNREACH: "unreachable",
    errno.ENETUNREACH: "unreachable",
    errno.ENETDOWN: "unreachable",
    errno.EHOSTDOWN: "unreachable",
    errno.ENOENT: "not_found",
    errno.EISDIR: "not_found",
    errno.EACCES: "not_allowed",
    errno.EPERM: "not_allowed",
}

# PyAV's names for what FFmpeg answers, most special first.
_BY_KIND: tuple[tuple[tuple[type[BaseException], ...], str, str], ...] = (
    ((av.HTTPUnauthorizedError,), "refused", "wrong_password"),
    ((av.HTTPForbiddenError,), "refused", "forbidden"),
    ((av.HTTPNotFoundError,), "no_signal", "not_found"),
    ((av.ProtocolNotFoundError, SourceError), "no_signal", "not_allowed"),
    # PyAV reports its own time-outs as ExitError: the call was told to leave.
    ((av.ExitError, TimeoutError), "no_signal", "timeout"),
    ((av.InvalidDataError, av.DemuxerNotFoundError, av.DecoderNotFoundError, av.PatchWelcomeError),
     "no_signal", "unreadable"),
    ((av.EOFError, EOFError), "no_signal", "connection_closed"),
    # FFmpeg found no stream: PyAV's list of them is empty.
    ((IndexError,), "no_signal", "no_video"),
)  # fmt: skip


def told_by(error: BaseException, source: Source, silent_s: float = 0.0) -> tuple[str, str]:
    """State and reason for an exception that opening or reading `source` raised, after nothing was heard for
    `silent_s`.

    May ask the name service, so only for threads that may wait.
    """
    if silent_s >= TIMEOUT_S * 0.95 and isinstance(error, (av.InvalidDataError, EOFError)):
        # An RTSP server that says nothing: FFmpeg stops waiting and then calls what did not come invalid.
        return "no_signal", "timeout"
    if source.kind == "file" and isinstance(error, EOFError):
        return "no_signal", "unreadable"  # it ends before there is a picture; a file closes no connection
    for kinds, state, reason in _BY_KIND:
        if isinstance(error, kinds):
            return state, reason
    number = getattr(error, "errno", None)
    if source.kind != "file" and number == errno.EIO:
        # FFmpeg says "Input/output error" for a name without an address and for a certificate it refuses.
        if not _has_address(source.locator):
            return "no_signal", "host_not_found"
        if source.is_secure:
            return "refused", "not_trusted"
    return "no_signal", _BY_ERRNO.get(number or 0, "other")


def _has_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        socket.getaddrinfo(parts.hostname, parts.port or 80, type=socket.SOCK_STREAM)
    except OSError:
        return False
    return True
