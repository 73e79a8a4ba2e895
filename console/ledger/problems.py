"""What can go wrong with the ledger: the surroundings (a person has to act) or a mistake of ours.

`LedgerUnavailable` is the disk, the file or another process; the console goes on and says so.
`LedgerMisuse` is a bug in the caller; it is never expected and never shown as advice to a person.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from console.model.base import Words

_AFFECTED_EN = "No decision is kept or sent out while this lasts; pictures and values go on."
_AFFECTED_KO = "이 상태에서는 결정이 저장되지도 전송되지도 않습니다. 영상과 측정값은 계속 표시됩니다."

_TEXTS: dict[str, tuple[str, str, str, str]] = {
    "full": (
        "The disk that holds the record is full.",
        "Free space on it; the next decision is written as soon as there is room.",
        "기록을 저장하는 디스크가 가득 찼습니다.",
        "디스크 공간을 확보하십시오. 공간이 생기면 다음 결정부터 저장됩니다.",
    ),
    "locked": (
        "Another program holds the record locked.",
        "Close programs that opened ledger.db (database browsers, backup tools), then repeat the act.",
        "다른 프로그램이 기록 파일을 잠그고 있습니다.",
        "ledger.db를 연 프로그램(데이터베이스 열람기, 백업 도구)을 닫고 다시 시도하십시오.",
    ),
    "io": (
        "The disk that holds the record reports an error.",
        "Check the disk and its free space, and be ready to move to the backup; repeat the act afterwards.",
        "기록을 저장하는 디스크에서 오류가 발생했습니다.",
        "디스크 상태와 여유 공간을 점검하고 백업으로 전환할 준비를 한 뒤 다시 시도하십시오.",
    ),
    "read_only": (
        "The record cannot be written: the file or its folder does not allow it.",
        "Give the service's user the right to write in the ledger folder, then start the hub again.",
        "기록 파일 또는 폴더에 쓰기 권한이 없습니다.",
        "서비스 계정에 ledger 폴더 쓰기 권한을 준 뒤 허브를 다시 시작하십시오.",
    ),
    "damaged": (
        "The record's file is damaged or is not a record of this program.",
        "Do not delete it. Run `bongsu check`, then put the last backup in its place.",
        "기록 파일이 손상되었거나 이 프로그램의 기록 파일이 아닙니다.",
        "파일을 지우지 마십시오. `bongsu check`를 실행한 뒤 마지막 백업으로 교체하십시오.",
    ),
    "newer": (
        "The record was written by a newer version of this program.",
        "Install that version or a later one; this one leaves the file as it is.",
        "이 프로그램보다 새로운 버전이 쓴 기록 파일입니다.",
        "해당 버전 이상을 설치하십시오. 현재 버전은 파일을 변경하지 않습니다.",
    ),
    "older": (
        "The record was written by an earlier version of this program and is not up to date yet.",
        "Start the hub once; it brings the record up to date.",
        "이전 버전의 프로그램이 쓴 기록이며 아직 변환되지 않았습니다.",
        "허브를 한 번 시작하면 기록이 변환됩니다.",
    ),
    "second_writer": (
        "Another hub is writing this record.",
        "Stop that process first, or give this hub a data folder of its own.",
        "다른 허브가 이 기록을 쓰고 있습니다.",
        "그 프로세스를 먼저 중지하거나 이 허브에 별도의 데이터 폴더를 지정하십시오.",
    ),
    "too_old": (
        "This machine's SQLite library is too old for the record, or has no full-text search.",
        "Install SQLite 3.37 or later with FTS5 (any Python from python.org or Debian 12 brings it).",
        "이 컴퓨터의 SQLite가 너무 오래되었거나 전문 검색 기능 없이 만들어졌습니다.",
        "FTS5를 포함한 SQLite 3.37 이상을 설치하십시오.",
    ),
    "behind": (
        "A decision before this one could not be kept.",
        "Nothing: the hub numbers it anew and tries again.",
        "앞선 결정이 저장되지 않았습니다.",
        "조치가 필요 없습니다. 허브가 번호를 다시 매겨 저장합니다.",
    ),
    "backlog": (
        "Decisions arrive faster than the disk takes them.",
        "Check the disk's speed and free space; repeat the act when the queue is shorter.",
        "디스크가 받아들이는 속도보다 결정이 빠르게 쌓이고 있습니다.",
        "디스크 속도와 여유 공간을 점검하고 대기열이 줄어든 뒤 다시 시도하십시오.",
    ),
    "closed": (
        "The record is closed because the hub is stopping.",
        "Start the hub again and repeat the act.",
        "허브가 종료되는 중이어서 기록이 닫혔습니다.",
        "허브를 다시 시작하고 다시 시도하십시오.",
    ),
    "internal": (
        "The program made a mistake while writing the record.",
        "Repeat the act once; if it fails again, keep the log folder and report it.",
        "기록을 쓰는 중 프로그램 오류가 발생했습니다.",
        "한 번 더 시도하고, 다시 실패하면 log 폴더를 보존하여 신고하십시오.",
    ),
}

CODES = frozenset(_TEXTS)
"""Every value `LedgerUnavailable.code` can have."""


class LedgerUnavailable(Exception):
    """The surroundings do not let the record be written or read; nothing of the request was kept.

    `code` is stable for programs (one of `CODES`), `problem` says to a person what happened, what is
    affected and what to do, `cause` is the error underneath.
    """

    def __init__(self, code: str, detail: str = "", cause: BaseException | None = None) -> None:
        what_en, do_en, what_ko, do_ko = _TEXTS[code]
        said = f" ({detail})" if detail else ""
        self.code = code
        self.cause = cause
        self.problem = Words(
            en=f"{what_en}{said} {_AFFECTED_EN} {do_en}",
            ko=f"{what_ko}{said} {_AFFECTED_KO} {do_ko}",
        )
        super().__init__(self.problem.en)


class LedgerMisuse(Exception):
    """The caller broke a rule of the ledger: wrong thread, wrong order, a record that cannot be read back."""


_BY_SQLITE_CODE = {
    sqlite3.SQLITE_FULL: "full", sqlite3.SQLITE_BUSY: "locked", sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_IOERR: "io", sqlite3.SQLITE_NOMEM: "io", sqlite3.SQLITE_PROTOCOL: "locked",
    sqlite3.SQLITE_READONLY: "read_only", sqlite3.SQLITE_CANTOPEN: "read_only",
    sqlite3.SQLITE_PERM: "read_only", sqlite3.SQLITE_AUTH: "read_only",
    sqlite3.SQLITE_CORRUPT: "damaged", sqlite3.SQLITE_NOTADB: "damaged",
}  # fmt: skip
_FULL_ERRNOS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def unavailable(error: sqlite3.Error | OSError) -> LedgerUnavailable | None:
    """What `error` of the library or the system means for a person; None when it is a mistake of ours."""
    if isinstance(error, OSError):
        if error.errno in _FULL_ERRNOS:
            return LedgerUnavailable("full", cause=error)
        code = "read_only" if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS) else "io"
        return LedgerUnavailable(code, error.strerror or "", error)
    number = getattr(error, "sqlite_errorcode", None)
    if number is None:
        return None
    found = _BY_SQLITE_CODE.get(number & 0xFF)  # the upper bytes only say which kind of I/O error
    return None if found is None else LedgerUnavailable(found, str(error), error)


@contextmanager
def surroundings() -> Iterator[None]:
    """Inside, an error of the library or the system that is not ours comes out as LedgerUnavailable."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise unavailable(error) or error from error
