"""JSON from strangers, and JSON that is signed.

`read_json` takes less than JSON allows: no double keys, no number that is none (NaN, 1e999), no integer a
double cannot hold, no half characters, nothing too deep, too wide or too long. Each refusal names the path.
`canonical` writes the one form of a value that RFC 8785 (JCS) defines, so that both sides sign the same.
"""

from __future__ import annotations

import json
import math
import re
from decimal import Decimal
from typing import Any, NoReturn

from console.handoff.thread.figures import JsonLimits

_SPACE = re.compile(r"[ \t\n\r]*+")
_STRING = re.compile(r'"(?>[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+"')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,20})(?:\.[0-9]{1,24})?(?:[eE][+-]?[0-9]{1,4})?(?![0-9A-Za-z.+-])")
_WORDS = {"true": True, "false": False, "null": None}
_EXACT = 2**53 - 1
_PLAIN_KEY = re.compile(r"[A-Za-z_$@][A-Za-z0-9_$@-]{0,40}")


class JsonError(ValueError):
    """What is wrong and where; `path` as in $.incident.location.latitude."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path}: {problem}")
        self.path = path
        self.problem = problem


def read_json(data: bytes, limits: JsonLimits) -> Any:
    """One JSON document in UTF-8. Raises JsonError."""
    if len(data) > limits.max_bytes:
        raise JsonError("$", f"is {len(data)} bytes; at most {limits.max_bytes} are read")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise JsonError("$", f"is not UTF-8 (byte {error.start})") from None
    return _Reader(text, limits).document()


class _Reader:
    """Recursive, as deep as the limit says and no deeper."""

    def __init__(self, text: str, limits: JsonLimits) -> None:
        self._text = text
        self._limits = limits
        self._at = 0
        self._values = 0

    def document(self) -> Any:
        value = self._value("$", 0)
        self._space()
        if self._at != len(self._text):
            self._no("$", "goes on after its end")
        return value

    def _value(self, path: str, depth: int) -> Any:
        self._values += 1
        if self._values > self._limits.values:
            self._no(path, f"is one value too many; at most {self._limits.values} are read")
        self._space()
        char = self._text[self._at : self._at + 1]
        if char in ("{", "["):
            if depth >= self._limits.depth:
                self._no(path, f"is more than {self._limits.depth} levels deep")
            return self._object(path, depth) if char == "{" else self._array(path, depth)
        if char == '"':
            return self._string(path)
        if char and char in "-0123456789":
            return self._number(path)
        for word, value in _WORDS.items():
            if self._text.startswith(word, self._at):
                self._at += len(word)
                return value
        if not char:
            self._no(path, "ends in the middle")
        return self._no(path, f"{char!r} does not begin a value")

    def _object(self, path: str, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        self._at += 1
        if self._skips("}"):
            return found
        while True:
            self._space()
            if not self._text.startswith('"', self._at):
                self._no(path, "a key was expected")
            key = self._string(path)
            inside = _member(path, key)
            if key in found:
                self._no(inside, "stands there twice")
            if len(found) >= self._limits.items:
                self._no(path, f"has more than {self._limits.items} members")
            if not self._skips(":"):
                self._no(inside, "a colon was expected")
            found[key] = self._value(inside, depth + 1)
            if self._skips("}"):
                return found
            if not self._skips(","):
                self._no(path, "a comma or } was expected")

    def _array(self, path: str, depth: int) -> list[Any]:
        found: list[Any] = []
        self._at += 1
        if self._skips("]"):
            return found
        while True:
            if len(found) >= self._limits.items:
                self._no(path, f"has more than {self._limits.items} members")
            found.append(self._value(f"{path}[{len(found)}]", depth + 1))
            if self._skips("]"):
                return found
            if not self._skips(","):
                self._no(path, "a comma or ] was expected")

    def _string(self, path: str) -> str:
        matched = _STRING.match(self._text, self._at)
        if matched is None:
            self._no(path, "holds a text that does not end, or a character that must be escaped")
        self._at = matched.end()
        text: str = json.loads(matched[0])
        if len(text) > self._limits.text_chars:
            self._no(path, f"holds a text of {len(text)} characters; at most {self._limits.text_chars}")
        if any(0xD800 <= ord(char) <= 0xDFFF for char in text):
            self._no(path, "holds half a character")
        return text

    def _number(self, path: str) -> int | float:
        matched = _NUMBER.match(self._text, self._at)
        if matched is None:
            self._no(path, "is not a number as JSON has them")
        self._at = matched.end()
        if matched[0].lstrip("-").isdigit():
            whole = int(matched[0])
            if abs(whole) <= _EXACT:
                return whole
            if _number(float(whole), path) != matched[0]:
                self._no(path, "is a whole number that not every receiver can hold")
            return float(whole)  # as the canonical form writes a double of this size
        number = float(matched[0])
        if not math.isfinite(number):
            self._no(path, "is not a finite number")
        return number

    def _skips(self, char: str) -> bool:
        self._space()
        if not self._text.startswith(char, self._at):
            return False
        self._at += 1
        return True

    def _space(self) -> None:
        matched = _SPACE.match(self._text, self._at)
        if matched is not None:
            self._at = matched.end()

    def _no(self, path: str, problem: str) -> NoReturn:
        raise JsonError(path, problem)


def _member(path: str, key: str) -> str:
    if _PLAIN_KEY.fullmatch(key):
        return f"{path}.{key}"
    return f"{path}[{json.dumps(key[:40])}]"


def canonical(value: Any) -> bytes:
    """The value in the form of RFC 8785. Raises JsonError for what JSON cannot say."""
    parts: list[str] = []
    _write(value, "$", parts)
    return "".join(parts).encode("utf-8")


def _write(value: Any, path: str, parts: list[str]) -> None:
    if value is None or isinstance(value, bool):
        parts.append({None: "null", True: "true", False: "false"}[value])
    elif isinstance(value, str):
        parts.append(_text(value, path))
    elif isinstance(value, int):
        if abs(value) > _EXACT:
            raise JsonError(path, "is a whole number that not every receiver can hold")
        parts.append(str(value))
    elif isinstance(value, float):
        parts.append(_number(value, path))
    elif isinstance(value, dict):
        parts.append("{")
        for row, key in enumerate(sorted(value, key=lambda one: str(one).encode("utf-16-be", "replace"))):
            if not isinstance(key, str):
                raise JsonError(path, "has a key that is no text")
            parts.append(("," if row else "") + _text(key, path) + ":")
            _write(value[key], _member(path, key), parts)
        parts.append("}")
    elif isinstance(value, list | tuple):
        parts.append("[")
        for row, each in enumerate(value):
            parts.append("," if row else "")
            _write(each, f"{path}[{row}]", parts)
        parts.append("]")
    else:
        raise JsonError(path, f"{type(value).__name__} is not of JSON")


_SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def _text(text: str, path: str) -> str:
    if any(0xD800 <= ord(char) <= 0xDFFF for char in text):
        raise JsonError(path, "holds half a character")
    return '"' + "".join(
        _SHORT.get(char) or (f"\\u{ord(char):04x}" if char < " " else char) for char in text
    ) + '"'  # fmt: skip


def _number(value: float, path: str) -> str:
    """As ECMAScript writes a Number (ECMA-262, Number::toString)."""
    if not math.isfinite(value):
        raise JsonError(path, "is not a finite number")
    if value == 0:
        return "0"
    sign, figures, power = Decimal(repr(value)).as_tuple()
    digits = "".join(map(str, figures)).rstrip("0")
    point = len(figures) + int(power)  # where the decimal point stands, counted from the first digit
    minus = "-" if sign else ""
    if len(digits) <= point <= 21:
        return minus + digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return f"{minus}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{minus}0.{'0' * -point}{digits}"
    rest = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{minus}{digits[0]}{rest}e{'+' if point > 0 else '-'}{abs(point - 1)}"
