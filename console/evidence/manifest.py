"""What an export says of itself: the records of `manifest.json`, and the bytes that are signed.

The order of the fields is the order in the file. Every time is there three times: in nanoseconds since 1970
(UTC), and in words in UTC and in the city's zone.
"""

from __future__ import annotations

import msgspec

from console.model.base import Record, Words
from console.model.footage import MaskZone

FORMAT = "bongsu-evidence-1"
SIGNED_PREFIX = b"bongsu-evidence-1\n"
"""Stands before the manifest in what is signed: the key's signature of anything else fits no manifest."""
MANIFEST, SIGNATURE, PUBLIC_KEY, README, VERIFIER = (
    "manifest.json", "manifest.sig", "public_key.pem", "README.txt", "verify.py"
)  # fmt: skip
UNLISTED = frozenset({MANIFEST, SIGNATURE})
"""Files of a package that are not in its list: the list itself and its signature."""
LARGEST_MANIFEST_BYTES = 16 << 20
MOST_FILES = 20_000


class Moment(Record, frozen=True, kw_only=True):
    """One time: in nanoseconds, in UTC and in the city's zone (ISO 8601)."""

    ns: int
    utc: str
    local: str


class FileEntry(Record, frozen=True, kw_only=True):
    """A file of the package; `name` is its path in it, with `/`."""

    name: str
    bytes: int
    sha256: str


class Gap(Record, frozen=True, kw_only=True):
    """A part of the wanted time without pictures; longer than 2 s, or at the beginning or end."""

    from_time: Moment
    to_time: Moment
    why: str
    """"not_recorded", "removed_meanwhile" (by the recorder while it was exported) or "damaged"."""


class Badge(Record, frozen=True, kw_only=True):
    """What the console's pane said of the camera when the export was asked for (docs/design/video.md)."""

    state: str
    reason: str = ""
    age_ms: int = -1
    lag_ms: int = 0
    fps: float = 0.0
    width: int = 0
    height: int = 0
    codec: str = ""
    cut: str = ""
    cut_cause: str = ""
    skipped: int = 0
    corrupt: int = 0
    clock_offset_ms: int | None = None
    """The camera's clock minus ours, as the camera tells it; left out where it does not."""


class Figures(Record, frozen=True, kw_only=True):
    """Measured on the exported packets themselves."""

    codec: str
    width: int
    height: int
    pictures: int
    key_pictures: int
    seconds: float
    pictures_per_second: float
    longest_pause_ms: int
    """Between two pictures that follow each other."""
    times_repaired: int = 0
    """Pictures whose own time stamps jumped or were missing; placed by when they came."""


class Piece(Record, frozen=True, kw_only=True):
    """One clip or still. `copy` is "original" or "masked"; a masked one is derived.

    `packets_sha256` is of the compressed pictures one after the other as they lie in the recording, without
    the file around them (H.264 and H.265: of the NAL units without their start codes or lengths).
    """

    file: str
    form: str
    copy: str
    derived: bool
    camera_id: str
    first_picture: Moment
    last_picture: Moment
    figures: Figures
    packets_sha256: str = ""
    hidden: MaskingSaid | None = None


class MaskingSaid(Record, frozen=True, kw_only=True):
    """What was made unrecognisable in a masked copy."""

    zones: tuple[MaskZone, ...]
    movers: bool
    clear_region: tuple[tuple[float, float], ...] = ()
    whole_pictures: int = 0
    """Pictures that were blurred as a whole because what moves could not be told."""


class CameraSaid(Record, frozen=True, kw_only=True):
    """A camera of the export."""

    camera_id: str
    name: Words
    place: Words
    purpose: str
    lat: float
    lon: float
    privacy_zones: tuple[MaskZone, ...]
    clock_offset_ms: int | None
    """Camera's clock minus ours; null where the camera does not tell it. All times here are ours."""
    badge: Badge | None
    gaps: tuple[Gap, ...]
    problems: tuple[str, ...]


class LedgerTie(Record, frozen=True, kw_only=True):
    """Where the console's record stood, and the entry that allowed this export."""

    run: str
    head_seq: int
    head_sha256: str
    export_entry_seq: int


class Manifest(Record, frozen=True, kw_only=True):
    """The whole of `manifest.json`."""

    format: str
    export_id: str
    made: Moment
    console_version: str
    city: str
    desk: str
    operator: str
    reason: str
    legal_basis: str
    recipient: str
    form: str
    copies: tuple[str, ...]
    asked_from: Moment
    asked_to: Moment
    time_zone: str
    ledger: LedgerTie
    key_fingerprint: str
    cameras: tuple[CameraSaid, ...]
    pieces: tuple[Piece, ...]
    files: tuple[FileEntry, ...]


_decoder = msgspec.json.Decoder(Manifest)


def written(manifest: Manifest) -> bytes:
    """The bytes of `manifest.json`."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"


def read(data: bytes) -> Manifest:
    """Raises msgspec.DecodeError naming the field."""
    return _decoder.decode(data)
