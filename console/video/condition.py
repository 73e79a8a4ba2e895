"""What is true of a pane's picture, in one word and a reason."""

from __future__ import annotations

from typing import NamedTuple

#: In the order in which they are written into shared memory; new ones go to the end.
STATES = (
    "connecting",  # being opened, or opened and no picture yet
    "live",
    "delayed",     # pictures come, but later than they should
    "stalled",     # no new picture for 2 s
    "frozen",      # pictures come and are all the same one
    "damaged",     # pictures come and parts of them are wrong or missing
    "no_signal",   # cannot be opened, or was closed
    "refused",     # the camera wants another user or password
    "covered",     # pictures come and there is nothing in them: something is before the lens
    "recorded",    # of the recording, and it belongs to the time that is asked for
    "gap",         # no picture is recorded of the time that is asked for
)  # fmt: skip

REASONS = (
    "",
    "timeout",            # opened or asked, and nothing came in time
    "connection_refused",
    "connection_closed",
    "host_not_found",
    "unreachable",
    "wrong_password",
    "forbidden",
    "not_found",          # the host answers, the path does not exist; or the file is missing
    "not_allowed",        # the console's own rules refuse this source
    "no_video",           # opened, but no picture in it
    "unreadable",         # what comes is no video that can be read
    "clip_ended",         # a clip that does not loop
    "clip_cut_short",     # a clip that ends before it says it does
    "corrupt_pictures",
    "same_picture",
    "this_machine",       # too much to decode here
    "decoder_restarted",  # the decoding process ended and is started again
    "decoder_crashes",    # this source ended its decoding process again and again
    "other",
    "not_trusted",        # https, rtsps: the certificate is not one we trust, or there is no encryption
    "nothing_to_see",     # no contrast and no edges
    "no_footage",         # nothing was recorded at this time
    "before_footage",     # the recording begins later, or is kept no longer
    "not_yet_recorded",   # the recording ends here; more may come
    "damaged_footage",    # it was recorded, and is damaged on disk
    "unreadable_footage", # it was recorded, and cannot be decoded
    "no_key_yet",         # pictures come, and none that the others are built on has come yet
    "clips_left_out",     # some clips of a folder cannot be read
)  # fmt: skip

CODECS = ("", "h264", "hevc", "mjpeg", "mpeg4", "av1", "vp9", "vp8", "mpeg2video", "other")

STATE_NUMBER = {state: number for number, state in enumerate(STATES)}
REASON_NUMBER = {reason: number for number, reason in enumerate(REASONS)}

#: A picture older than this is not shown as live.
STALLED_AFTER_NS = 2_000_000_000
#: States in which new pictures are expected.
MOVING = frozenset({"live", "delayed", "frozen", "damaged", "covered"})
#: States in which it is said how many pictures come a second.
HAVE_RATE = MOVING | {"recorded"}


class PaneState(NamedTuple):
    """The truth about one pane, for a badge. Times in ms; `age_ms` is -1 before the first picture.

    `age_ms` counts from the last new picture; `same_for_ms` is how long the picture has not changed although
    pictures come; `lag_ms` from a picture's arrival (of a clip: from when it was due) until it could be
    shown; `width`, `height`, `codec` and `nominal_fps` are the source's. `detail` is the decoder's own
    text without secrets. `cut` is what of the quality is left out now (`console.video.load.CUTS`),
    `cut_cause` why the pane has less than its camera could give (`CAUSES`): it may be set without a cut, when
    fewer pictures come than should. `pictures`, `skipped` and `corrupt` count since the pane was opened.
    `clock_offset_ms` is the camera's clock minus ours, as it tells it itself (RTCP); `clock_drift_ppm` how
    much faster than ours it runs, known after a minute also where it tells no time; None: not known.
    `stream` says which of a camera's two streams is shown ("main", "sub"), empty where there is one.
    `shown_wall_ns` is the wall time of a recorded picture, 0 where none is shown (docs/design/playback.md).
    """

    state: str
    reason: str = ""
    fps: float = 0.0
    age_ms: int = -1
    lag_ms: int = 0
    same_for_ms: int = 0
    width: int = 0
    height: int = 0
    nominal_fps: float = 0.0
    codec: str = ""
    pictures: int = 0
    skipped: int = 0
    corrupt: int = 0
    detail: str = ""
    cut: str = ""
    cut_cause: str = ""
    shown_wall_ns: int = 0
    clock_offset_ms: int | None = None
    clock_drift_ppm: int | None = None
    stream: str = ""


def codec_number(name: str) -> int:
    """The number of a codec in `CODECS`; the last one for a codec without a number of its own."""
    return CODECS.index(name) if name in CODECS else len(CODECS) - 1


def judged(state: str, reason: str, age_ns: int) -> tuple[str, str]:
    """What a state means once the age of the picture is known: no old picture is ever live.

    `age_ns` is negative before the first picture. The judge is the process that shows the picture, so that a
    decoder that hangs cannot go on saying "live".
    """
    if state in MOVING and age_ns >= STALLED_AFTER_NS:
        return "stalled", "timeout" if reason in ("", "same_picture", "this_machine") else reason
    return state, reason
