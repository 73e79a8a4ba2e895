"""What a key picture says of its own stream. Cameras change resolution without opening a new connection."""

from __future__ import annotations

from collections.abc import Iterator

from console.footage.record import StreamInfo

LOOK_BYTES = 4096
"""Parameter sets stand before the picture; they take a few hundred bytes."""
_START = b"\x00\x00\x01"
_H264_SETS = {7: "sps", 8: "pps"}
_HEVC_SETS = {32: "vps", 33: "sps", 34: "pps"}
#: The kinds of JPEG frame heads (SOF); C4, C8 and CC are something else.
_FRAME_HEADS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_HIGH_PROFILES = (100, 110, 122, 244, 44, 83, 86, 118, 128)


def stream_of_key(info: StreamInfo, data: bytes) -> StreamInfo:
    """`info`, or what this key picture says where that is another stream. `data` may be cut after
    LOOK_BYTES. Never raises: what cannot be read changes nothing.
    """
    try:
        if info.codec == "mjpeg":
            return _of_jpeg(info, data)
        if info.codec in ("h264", "hevc"):
            return _of_parameter_sets(info, data)
    except (IndexError, ValueError):
        pass
    return info


def _of_jpeg(info: StreamInfo, data: bytes) -> StreamInfo:
    at = 2
    while at + 9 <= len(data):
        if data[at] != 0xFF:
            return info
        if data[at + 1] in _FRAME_HEADS:
            height, width = (int.from_bytes(data[at + n : at + n + 2], "big") for n in (5, 7))
            if width and height and (width, height) != (info.width, info.height):
                return info._replace(width=width, height=height, extradata=b"")
            return info
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return info


def _of_parameter_sets(info: StreamInfo, data: bytes) -> StreamInfo:
    """A camera's stream carries them before key pictures; a file's has them in its head only."""
    if data[:3] != _START and data[:4] != b"\x00" + _START:
        return info
    is_hevc = info.codec == "hevc"
    found: dict[str, bytes] = {}
    for unit in _units(data):
        kind = unit[0] >> 1 & 0x3F if is_hevc else unit[0] & 0x1F
        name = (_HEVC_SETS if is_hevc else _H264_SETS).get(kind)
        if name is not None:
            found.setdefault(name, unit)
    if "sps" not in found or "pps" not in found:
        return info if info.width else _with_size(info, is_hevc)
    sps = found["sps"]
    if sps in info.extradata:
        return info if info.width else _with_size(info, is_hevc)
    width, height = size_of_hevc(sps) if is_hevc else size_of_h264(sps)
    sets = b"".join(b"\x00" + _START + found[name] for name in ("vps", "sps", "pps") if name in found)
    return info._replace(width=width, height=height, extradata=sets)


def _with_size(info: StreamInfo, is_hevc: bool) -> StreamInfo:
    """The size a stream's own description implies where FFmpeg did not look at a picture to say it."""
    for unit in _units(info.extradata + b"\x00" + _START):
        kind = unit[0] >> 1 & 0x3F if is_hevc else unit[0] & 0x1F
        if (_HEVC_SETS if is_hevc else _H264_SETS).get(kind) == "sps":
            width, height = size_of_hevc(unit) if is_hevc else size_of_h264(unit)
            return info._replace(width=width, height=height)
    return info


def _units(data: bytes) -> Iterator[bytes]:
    """The units between start codes, the last one left out where it may be cut."""
    at = data.find(_START)
    while at >= 0:
        following = data.find(_START, at + 3)
        if following < 0:
            return
        unit = data[at + 3 : following].rstrip(b"\x00")
        if unit:
            yield unit
        at = following


class _Bits:
    """Bits of a parameter set, its emulation bytes taken out. Raises IndexError at its end."""

    def __init__(self, unit: bytes, skip_bytes: int) -> None:
        data = unit[skip_bytes:].replace(b"\x00\x00\x03", b"\x00\x00")
        self._bits = "".join(f"{byte:08b}" for byte in data)
        self._at = 0

    def read(self, count: int) -> int:
        end = self._at + count
        if end > len(self._bits):
            raise IndexError("a parameter set that ends early")
        value = int(self._bits[self._at : end] or "0", 2)
        self._at = end
        return value

    def ue(self) -> int:
        zeros = 0
        while not self.read(1):
            zeros += 1
            if zeros > 32:
                raise ValueError("no such number in a parameter set")
        return (1 << zeros) - 1 + self.read(zeros)

    def se(self) -> int:
        number = self.ue()
        return (number + 1) // 2 if number & 1 else -(number // 2)


def size_of_h264(unit: bytes) -> tuple[int, int]:
    """Width and height of a sequence parameter set (ITU-T H.264, 7.3.2.1.1). IndexError or ValueError."""
    bits = _Bits(unit, 1)
    profile = bits.read(8)
    bits.read(16)
    bits.ue()
    chroma = 1
    separate = 0
    if profile in _HIGH_PROFILES:
        chroma = bits.ue()
        if chroma == 3:
            separate = bits.read(1)
        bits.ue()
        bits.ue()
        bits.read(1)
        if bits.read(1):
            for number in range(8 if chroma != 3 else 12):
                if bits.read(1):
                    _skip_scaling_list(bits, 16 if number < 6 else 64)
    bits.ue()
    order = bits.ue()
    if order == 0:
        bits.ue()
    elif order == 1:
        bits.read(1)
        bits.se()
        bits.se()
        for _ in range(bits.ue()):
            bits.se()
    bits.ue()
    bits.read(1)
    width = (bits.ue() + 1) * 16
    rows = bits.ue() + 1
    frames_only = bits.read(1)
    height = rows * 16 * (2 - frames_only)
    if not frames_only:
        bits.read(1)
    bits.read(1)
    if bits.read(1):
        wide = 2 if chroma in (1, 2) and not separate else 1
        high = (2 if chroma == 1 and not separate else 1) * (2 - frames_only)
        width -= wide * (bits.ue() + bits.ue())
        height -= high * (bits.ue() + bits.ue())
    return width, height


def _skip_scaling_list(bits: _Bits, size: int) -> None:
    last = following = 8
    for _ in range(size):
        if following:
            following = (last + bits.se()) % 256
        last = following or last


def size_of_hevc(unit: bytes) -> tuple[int, int]:
    """Width and height of a sequence parameter set (ITU-T H.265, 7.3.2.2). Raises IndexError, ValueError."""
    bits = _Bits(unit, 2)
    bits.read(4)
    layers = bits.read(3)
    bits.read(1)
    bits.read(88)
    bits.read(8)
    told = [(bits.read(1), bits.read(1)) for _ in range(layers)]
    if layers:
        bits.read(2 * (8 - layers))
    for has_profile, has_level in told:
        bits.read(88 * has_profile)
        bits.read(8 * has_level)
    bits.ue()
    chroma = bits.ue()
    separate = bits.read(1) if chroma == 3 else 0
    width, height = bits.ue(), bits.ue()
    if bits.read(1):
        wide = 2 if chroma in (1, 2) and not separate else 1
        high = 2 if chroma == 1 and not separate else 1
        width -= wide * (bits.ue() + bits.ue())
        height -= high * (bits.ue() + bits.ue())
    return width, height
