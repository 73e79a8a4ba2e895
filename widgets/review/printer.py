"""The printing process: reads one document from its input, draws it, says how far it is, and ends.

A process of its own, because embedding Korean fonts holds the interpreter for a long moment, and the
operator's window must not stand still for it. Started as `python -m widgets.review.printer PATH`.
Input: one MessagePack `Printed`. Output: a JSON line for each step; the last is {"done": PAGES} or
{"problem": TEXT}. The file appears whole or not at all; it never replaces one that is there.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import msgspec

from widgets.kit.filewriting import put_in_place


def main(arguments: list[str]) -> int:
    """0 when the file is there. Any failure is told on the output and leaves no file."""
    # So that the unfinished file is removed when the desk ends this process.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(2))
    os.nice(10)  # pictures and alarms come first
    path = Path(arguments[0])
    part = path.with_name(path.name + ".part")
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        _tell(problem=error.strerror or type(error).__name__)
        return 1
    try:
        pages = _draw(part)
        with part.open("rb") as written:
            os.fsync(written.fileno())
        put_in_place(part, path)
    except (OSError, msgspec.MsgspecError, RuntimeError) as error:
        _tell(problem=getattr(error, "strerror", None) or str(error) or type(error).__name__)
        return 1
    finally:
        part.unlink(missing_ok=True)
    _tell(done=pages)
    return 0


def _draw(path: Path) -> int:
    from PySide6.QtGui import QGuiApplication

    from console.report.printed import Printed
    from widgets.review.paper import Paper
    from widgets.review.typeface import TypefaceError, load_typefaces

    document = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Printed)
    application = QGuiApplication(["bongsu-printer"])
    try:
        load_typefaces()
    except TypefaceError as problem:
        raise RuntimeError(str(problem)) from None
    pages = Paper(document, path, lambda what, done, of_all: _tell(**{what: [done, of_all]})).draw()
    application.quit()
    return pages


def _tell(**said: object) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(said) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    raise SystemExit(main(sys.argv[1:]))
