"""Opens what pictures come from: video only, by construction.

No audio decoder is ever opened, not even to find out what a stream is (FFmpeg would): only decoders of
pictures are on the list it is given. Audio streams are discarded at the demuxer: their packets are not read
from a file and never leave the demuxer of a live stream.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import av
from av.container import InputContainer
from av.stream import Discard, Disposition
from av.video.stream import VideoStream

#: The decoders FFmpeg may open: pictures of cameras and of usual clips.
PICTURE_DECODERS = (
    "h264,hevc,mjpeg,mpeg4,av1,libdav1d,vp8,vp9,libvpx,libvpx-vp9,mpeg2video,mpeg1video,h263,flv,msmpeg4,"
    "msmpeg4v1,msmpeg4v2,wmv1,wmv2,wmv3,vc1,theora,prores,dvvideo,ffv1,huffyuv,rawvideo,png"
)


class Opened(NamedTuple):
    container: InputContainer
    stream: VideoStream


def open_video(url: str, options: dict[str, str], timeout_s: float) -> Opened:
    """Open a file or URL and discard everything but its first video stream. Opening and each read end after
    `timeout_s`. Raises what PyAV raises, IndexError where there is no video. Only for threads that may wait;
    errors of PyAV contain the URL with its password."""
    container = av.open(
        url, options={**options, "codec_whitelist": PICTURE_DECODERS}, timeout=(timeout_s, timeout_s)
    )
    try:
        return Opened(container, only_video(container))
    except BaseException:
        container.close()
        raise


def only_video(container: Any) -> VideoStream:
    """The first stream of pictures; all other streams are discarded. Raises IndexError without one."""
    chosen: VideoStream = next(
        (one for one in container.streams.video if not _is_a_cover(one)), container.streams.video[0]
    )
    for stream in container.streams:
        if stream is not chosen:
            stream.discard = Discard.all
    return chosen


def _is_a_cover(stream: VideoStream) -> bool:
    """Whether a stream is the still picture of a cover, as recorders attach it to a file."""
    return bool(stream.disposition & Disposition.attached_pic)
