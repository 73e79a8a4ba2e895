"""The log as MCAP files: written all the time, read back for replay, readable by other MCAP tools."""

from console.recording.layout import Recorded, RecordingError
from console.recording.reader import RecordingInfo, describe, read_recording
from console.recording.recorder import Recorder, RecorderState

__all__ = [
    "Recorded", "Recorder", "RecorderState", "RecordingError", "RecordingInfo", "describe", "read_recording",
]  # fmt: skip
