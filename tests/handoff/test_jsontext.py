"""JSON from strangers is refused with its path; what is signed has one form."""

from __future__ import annotations

import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from console.handoff.jsontext import JsonError, canonical, read_json
from console.handoff.thread.figures import ladder

LIMITS = ladder().json
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(min_value=-(2**53) + 1, max_value=2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False, min_value=-1e300, max_value=1e300)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


def python_reads(data: bytes):
    """As a receiver with doubles only."""
    return json.loads(data, parse_int=lambda text: int(text) if abs(int(text)) < 2**53 else float(text))


@given(VALUES)
def test_what_is_written_is_read_back_and_written_the_same_again(value):
    limits = replace(LIMITS, depth=50)
    data = canonical(value)
    assert read_json(data, limits) == python_reads(data)
    assert canonical(read_json(data, limits)) == data
    assert read_json(json.dumps(value, indent=2).encode(), limits) == value


@pytest.mark.parametrize(
    ("data", "path", "problem"),
    [
        (b'{"a":1,"a":2}', "$.a", "twice"),
        (b'{"a":{"b c":1,"b c":2}}', '$.a["b c"]', "twice"),
        (b'{"a":[1,NaN]}', "$.a[1]", "begin"),
        (b'{"a":Infinity}', "$.a", "begin"),
        (b'{"a":-Infinity}', "$.a", "number"),
        (b'{"a":1e999}', "$.a", "finite"),
        (b'{"a":9007199254740993}', "$.a", "hold"),
        (b'{"a":01}', "$.a", "number"),
        (b'{"a":1.}', "$.a", "number"),
        (b'{"a":+1}', "$.a", "begin"),
        (b'{"a":0x10}', "$.a", "number"),
        (b'{"a":"\\ud800"}', "$.a", "half"),
        (b'{"a":"\n"}', "$.a", "escaped"),
        (b'{"a":"x', "$.a", "end"),
        (b'{"a":"\\q"}', "$.a", "escaped"),
        (b"{'a':1}", "$", "key"),
        (b'{"a":1,}', "$", "key"),
        (b"[1,]", "$[1]", "begin"),
        (b"[1 2]", "$", "comma"),
        (b'{"a" 1}', "$.a", "colon"),
        (b"{} {}", "$", "after"),
        (b"", "$", "middle"),
        (b'{"a":', "$.a", "middle"),
        (b"\xef\xbb\xbf{}", "$", "begin"),
        (b"\xff\xfe{\x00}\x00", "$", "UTF-8"),
        (b'{"a":"\xed\xa0\x80"}', "$", "UTF-8"),
        (b"/* x */ {}", "$", "begin"),
        (b"nul", "$", "begin"),
        (b"[" * 100_000, "$" + "[0]" * 12, "deep"),
        (b'{"a":' * 20_000, "$" + ".a" * 12, "deep"),
        (b"[" + b"0," * 600 + b"0]", "$", "members"),
        (b"{" + b",".join(b'"k%d":0' % n for n in range(600)) + b"}", "$", "members"),
        (b'{"a":"' + b"x" * 20_001 + b'"}', "$.a", "characters"),
        (b'"' + b"\\" * 200_001, "$", "end"),
        (b"[" + b",".join([b"[" + b"1," * 199 + b"1]"] * 400) + b"]", "$[99][99]", "too many"),
        (b" " * 262_145, "$", "bytes"),
        (b"1" * 200_000, "$", "number"),
    ],
)  # fmt: skip
def test_hostile_json_is_refused_with_its_path(data, path, problem):
    with pytest.raises(JsonError) as raised:
        read_json(data, LIMITS)
    assert raised.value.path == path
    assert problem in raised.value.problem


@given(st.binary(max_size=300) | st.text(alphabet='{}[]",:\\ue019.-+ntf ', max_size=80).map(str.encode))
def test_any_bytes_are_read_as_python_reads_them_or_refused(data):
    try:
        value = read_json(data, LIMITS)
    except JsonError:
        return
    assert value == python_reads(data)


@pytest.mark.parametrize(
    ("bits", "text"),
    [  # RFC 8785, appendix B
        ("0000000000000000", "0"), ("8000000000000000", "0"), ("0000000000000001", "5e-324"),
        ("8000000000000001", "-5e-324"), ("7fefffffffffffff", "1.7976931348623157e+308"),
        ("4340000000000000", "9007199254740992"), ("c340000000000000", "-9007199254740992"),
        ("4430000000000000", "295147905179352830000"), ("44b52d02c7e14af5", "9.999999999999997e+22"),
        ("44b52d02c7e14af6", "1e+23"), ("44b52d02c7e14af7", "1.0000000000000001e+23"),
        ("444b1ae4d6e2ef4e", "999999999999999700000"), ("444b1ae4d6e2ef4f", "999999999999999900000"),
        ("444b1ae4d6e2ef50", "1e+21"), ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
        ("3eb0c6f7a0b5ed8d", "0.000001"), ("41b3de4355555553", "333333333.3333332"),
        ("41b3de4355555554", "333333333.33333325"), ("becbf647612f3696", "-0.0000033333333333333333"),
        ("43143ff3c1cb0959", "1424953923781206.2"),
    ],
)  # fmt: skip
def test_numbers_are_written_as_the_standard_says(bits, text):
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    assert canonical(number) == text.encode()


def test_the_standards_own_sample_is_written_as_it_says():
    value = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "€$\u000f\nA'B\"\\\\\"/", "literals": [None, True, False],
    }  # fmt: skip
    assert canonical(value) == (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    ).encode()
    keys = ["€", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "ö"]
    assert list(json.loads(canonical(dict.fromkeys(keys)))) == [
        "\r", "1", "\u0080", "ö", "€", "\U0001f600", "\ufb33",
    ]  # fmt: skip


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53, "\ud800", {1: 2}, {"a": object()}])
def test_what_json_cannot_say_is_not_written(value):
    with pytest.raises(JsonError):
        canonical(value)
