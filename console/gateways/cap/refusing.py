"""Why something of a source is not taken in: the cause it is counted by, and where it was."""

from __future__ import annotations

from typing import Literal

from console.handoff.prologue import CapError

Cause = Literal["hostile", "too_large", "invalid", "bad_signature", "bad_area", "not_read"]


class NotTaken(Exception):
    """Something that is not taken in. `line` is 0 where no line can be named."""

    def __init__(self, cause: Cause, line: int, field: str, problem: str) -> None:
        super().__init__(f"line {line}: {field}: {problem}" if line else f"{field}: {problem}")
        self.cause: Cause = cause
        self.line = line


def not_taken(error: CapError) -> NotTaken:
    """The same refusal, by its cause: what could harm a reader is hostile."""
    cause: Cause = "invalid"
    if error.field == "DOCTYPE" or "xcessive depth" in error.problem:
        cause = "hostile"
    elif "at most" in error.problem and error.field == "message":
        cause = "too_large"
    return NotTaken(cause, error.line, error.field, error.problem)


def short(text: str, most: int = 60) -> str:
    """A stranger's text, fit for a log line: short, on one line, no control characters."""
    return repr(text if len(text) <= most else f"{text[: most - 3]}...")
