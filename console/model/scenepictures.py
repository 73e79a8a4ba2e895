"""Stills and a clip of a scene: what is asked of the process that cuts them out, and what it found."""

from __future__ import annotations

from console.model.base import Record
from console.model.footage import MaskZone


class SceneCamera(Record, frozen=True, kw_only=True):
    id: str
    zones: tuple[MaskZone, ...] = ()


class SceneJob(Record, frozen=True, kw_only=True):
    """A still of each camera at the first of `at_ns` it has a picture of; a clip of the first that has."""

    footage: str
    folder: str
    cameras: tuple[SceneCamera, ...]
    at_ns: tuple[int, ...]
    from_ns: int
    to_ns: int


class SceneFile(Record, frozen=True, kw_only=True):
    """One file of the folder. `small` names the little one of a still; `seconds` is of a clip."""

    camera_id: str
    at_ns: int
    name: str
    mime_type: str
    size: int
    sha1: str
    sha256: str
    small: str = ""
    seconds: float = 0.0


class SceneFound(Record, frozen=True, kw_only=True):
    stills: tuple[SceneFile, ...] = ()
    clip: SceneFile | None = None
