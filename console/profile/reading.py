"""Reading a profile's TOML: from bytes to tables, with every problem named and none thrown."""

from __future__ import annotations

import types
import typing
from typing import Any, TypeVar, get_args, get_origin

import msgspec

from console.model.base import Words
from console.profile.problems import Problems

T = TypeVar("T", bound=msgspec.Struct)
_BAD: Any = object()
DEEPEST = 12
"""No table of ours is nested deeper; a file that is was not made for us."""


def parse(data: bytes, file: str, problems: Problems) -> dict[str, Any] | None:
    """The TOML document as plain values; None with a problem noted when it is not TOML in UTF-8."""
    try:
        tree = msgspec.toml.decode(data)
    except (ValueError, RecursionError) as error:  # DecodeError, bad UTF-8, a bad number are all ValueError
        problems.say(file, "", "", "a TOML file in UTF-8", shorten_text(error))
        return None
    return tree if isinstance(tree, dict) else None


def read(kind: type[T], tree: Any, file: str, problems: Problems, table: str = "") -> T | None:
    """`tree` as a `kind`; None when anything in it was wrong, each wrong key being noted by name."""
    value = _read_struct(kind, tree, file, table, problems, 0)
    return None if value is _BAD else value


def _read_struct(kind: type, tree: Any, file: str, table: str, problems: Problems, depth: int) -> Any:
    if not isinstance(tree, dict):
        problems.add(file, table, "", "a table", tree)
        return _BAD
    shown = _entitled(table, tree)
    values: dict[str, Any] = {}
    bad = False
    known: dict[str, Any] = {field.encode_name: field for field in _fields(kind)}
    for key in tree:
        if key not in known:
            problems.add(file, shown, "", f"only the keys {', '.join(known)}", key)
            bad = True
    for key, field in known.items():
        if key in tree:
            value = _read_value(field.type, tree[key], file, shown, key, problems, depth)
            if value is _BAD:
                bad = True
            else:
                values[field.name] = value
        elif field.required:
            problems.say(file, shown, key, describe(field.type), "nothing")
            bad = True
    return _BAD if bad else kind(**values)


def _read_value(
    kind: Any, value: Any, file: str, table: str, key: str, problems: Problems, depth: int
) -> Any:
    if depth > DEEPEST:
        problems.say(file, table, key, "fewer tables inside each other", "too many")
        return _BAD
    struct = _struct_of(kind)
    if struct is Words:
        return _read_words(value, file, table, key, problems)
    if struct is not None:
        return _read_struct(struct, value, file, _inside(table, key), problems, depth + 1)
    origin = get_origin(kind)
    if origin is tuple and get_args(kind)[-1:] == (Ellipsis,) and _struct_of(get_args(kind)[0]) is not None:
        if not isinstance(value, list):
            problems.add(file, table, key, "a list", value)
            return _BAD
        item = get_args(kind)[0]
        read_all = [
            _read_value(item, one, file, table, f"{key}[{row}]", problems, depth + 1)
            for row, one in enumerate(value)
        ]
        return _BAD if any(one is _BAD for one in read_all) else tuple(read_all)
    if origin is dict and _struct_of(get_args(kind)[1]) is not None:
        return _read_dict(kind, value, file, table, key, problems, depth)
    try:
        found = msgspec.convert(value, kind)
        if _printable(found):
            return found
        problems.add(file, table, key, f"{describe(kind)} without control characters", value)
        return _BAD
    except (msgspec.ValidationError, OverflowError, RecursionError):
        problems.add(file, table, key, describe(kind), value)
        return _BAD


def _read_dict(kind: Any, value: Any, file: str, table: str, key: str, problems: Problems, depth: int) -> Any:
    if not isinstance(value, dict):
        problems.add(file, table, key, "a table", value)
        return _BAD
    name_kind, item = get_args(kind)
    found: dict[str, Any] = {}
    for name, one in value.items():
        try:
            msgspec.convert(name, name_kind)
        except msgspec.ValidationError:
            problems.add(file, table, key, f"only names that are {describe(name_kind)}", name)
            found[name] = _BAD
            continue
        found[name] = _read_value(item, one, file, table, f"{key}.{name}", problems, depth + 1)
    return _BAD if any(one is _BAD for one in found.values()) else found


def _read_words(value: Any, file: str, table: str, key: str, problems: Problems) -> Any:
    """Both languages, both with text: a half-translated city is an error."""
    if (
        not isinstance(value, dict)
        or set(value) != {"en", "ko"}
        or not all(isinstance(one, str) and one.strip() and one.isprintable() for one in value.values())
        or any(len(one) > 1000 for one in value.values())
    ):
        problems.add(file, table, key, "en and ko, both with text", value)
        return _BAD
    return Words(en=value["en"], ko=value["ko"])


def _printable(value: Any) -> bool:
    """Whether all text in a value could be shown: names of a city go to screens, logs and messages."""
    if isinstance(value, str):
        return value.isprintable()
    if isinstance(value, dict):
        return all(_printable(one) for pair in value.items() for one in pair)
    return all(_printable(one) for one in value) if isinstance(value, (list, tuple)) else True


_FIELDS: dict[type, tuple[Any, ...]] = {}


def _fields(kind: type) -> tuple[Any, ...]:
    if kind not in _FIELDS:
        _FIELDS[kind] = msgspec.structs.fields(kind)
    return _FIELDS[kind]


def _struct_of(kind: Any) -> type[msgspec.Struct] | None:
    """The Struct class of a field's type, also of `X | None`."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return kind
    if get_origin(kind) in (types.UnionType, typing.Union):
        for one in get_args(kind):
            if isinstance(one, type) and issubclass(one, msgspec.Struct):
                return one
    return None


def _inside(table: str, key: str) -> str:
    return f"{table}.{key}" if table else key


def _entitled(table: str, tree: dict[Any, Any]) -> str:
    """The table's path with the id it gives itself: a row number alone is hard to find in a long file."""
    name = tree.get("id") or tree.get("prefix") or tree.get("quantity")
    if isinstance(name, str) and "[" in table and name.isprintable():
        return f"{table} ({name[:40]})"
    return table


def describe(kind: Any) -> str:
    """What a key wants, in words for an error message."""
    origin, args = get_origin(kind), get_args(kind)
    if origin is typing.Annotated:
        return _described_range(args[0], args[1])
    if origin is typing.Literal:
        return "one of " + ", ".join(repr(one) for one in args)
    if origin in (types.UnionType, typing.Union):
        return " or ".join(describe(one) for one in args if one is not type(None))
    if origin is tuple:
        if args[-1:] == (Ellipsis,):
            return f"a list, each {describe(args[0])}"
        return "a list of " + " and ".join(describe(one) for one in args)
    if origin is dict:
        return f"a table whose values are {describe(args[1])}"
    plain = {str: "text", int: "a whole number", float: "a number", bool: "true or false", Words: "en and ko"}
    return plain.get(kind, "a table")


def _described_range(kind: Any, meta: msgspec.Meta) -> str:
    if meta.pattern is not None:
        return "an identifier (letters, digits, _ . -, at most 48)"
    text = describe(kind)
    for sign, bound in ((">=", meta.ge), (">", meta.gt), ("<=", meta.le), ("<", meta.lt)):
        if bound is not None:
            text += f" {sign} {bound}"
    if meta.min_length is not None:
        text += f" of {meta.min_length} to {meta.max_length} signs"
    return text


def shorten_text(error: Exception) -> str:
    """What a reader said, in one line (a TOML reader names line and column)."""
    text = " ".join(str(error).split())
    return text[:200] if text and text.isprintable() else type(error).__name__
