"""The book of sources: which camera's picture comes from where, as the files beside the console say."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from console.model.base import Record
from console.paths import private_folder, shipped, write_private
from console.video.redact import Redactor
from console.video.source import Credential, Source, SourceCheck, SourceError

FOLDER = "video"
SOURCES = "sources.json"
CREDENTIALS = "credentials.json"
LARGEST_FILE_BYTES = 32 * 1024 * 1024


class SourceBookError(Exception):
    """A file of the book cannot be used as a whole; the text names the file, the place and what to do."""


class _SourcesFile(Record, frozen=True, kw_only=True):
    version: int
    sources: dict[str, msgspec.Raw]
    roots: tuple[str, ...] = ()


class SourceBook:
    """Camera id to `Source`. Immutable after loading; any thread.

    `refused` holds, by camera id, why an entry is not used: one wrong entry does not take the others away.
    """

    def __init__(
        self,
        sources: Mapping[str, Source],
        credentials: Mapping[str, Credential] | None = None,
        roots: Iterable[Path] = (),
    ) -> None:
        self.roots = (*(Path(root) for root in roots), *_own_folders())
        self.refused: dict[str, str] = {}
        self._sources: dict[str, Source] = {}
        self._credentials = dict(credentials or {})
        check = SourceCheck(self.roots)
        for camera_id, source in sources.items():
            try:
                check(source)
                for one in (source, source.sub_source):
                    if one is not None and one.credential and one.credential not in self._credentials:
                        raise SourceError(f"credential: {CREDENTIALS} has no entry {one.credential!r}")
            except SourceError as error:
                self.refused[camera_id] = error.problem
            else:
                self._sources[camera_id] = source

    def source(self, camera_id: str) -> Source | None:
        """The camera's source, or None where there is none that may be used (see `refused`)."""
        return self._sources.get(camera_id)

    def credential(self, source: Source) -> Credential | None:
        return self._credentials.get(source.credential) if source.credential else None

    @property
    def camera_ids(self) -> tuple[str, ...]:
        return tuple(self._sources)

    def redactor(self) -> Redactor:
        """One that knows all the book's passwords."""
        redact = Redactor()
        for credential in self._credentials.values():
            redact.learn(credential.password, credential.user)
        return redact

    @classmethod
    def load(cls, home: Path) -> SourceBook:
        """Read ``home/video``. Missing files make an empty book.

        Raises SourceBookError for a file that cannot be read as a whole, or whose permissions would let
        others read the passwords. A single wrong entry is put into `refused`.
        """
        folder = home / FOLDER
        told = _read_sources(folder / SOURCES)
        refused: dict[str, str] = {}
        credentials = _read_credentials(folder / CREDENTIALS)
        roots = [Path(root) for root in (told.roots if told else ())]
        book = cls(dict(_decode_each(told, refused)), credentials, roots)
        book.refused.update(refused)
        return book

    def save(self, home: Path) -> None:
        """Write the book to ``home/video``, both files readable by their owner only."""
        folder = private_folder(home / FOLDER)
        own = set(_own_folders())
        tree = {
            "version": 1,
            "roots": [str(root) for root in self.roots if root not in own],
            "sources": self._sources,
        }
        write_private(folder / SOURCES, msgspec.json.format(msgspec.json.encode(tree), indent=1))
        write_private(folder / CREDENTIALS, msgspec.json.encode(self._credentials))


def _own_folders() -> tuple[Path, ...]:
    """Clips the program ships with may always be played."""
    try:
        return (shipped("assets") / "feeds",)
    except FileNotFoundError:
        return ()


_decode_source = msgspec.json.Decoder(Source).decode


def _decode_each(told: _SourcesFile | None, refused: dict[str, str]) -> Iterable[tuple[str, Source]]:
    if told is None:
        return
    for camera_id, raw in told.sources.items():
        try:
            yield camera_id, _decode_source(raw)
        except msgspec.DecodeError as error:
            # msgspec's text names the field and the expected type, not the value.
            refused[camera_id] = f"{SOURCES}: {camera_id}: {error}"


def _read_sources(path: Path) -> _SourcesFile | None:
    data = _read(path)
    if data is None:
        return None
    try:
        told = msgspec.json.decode(data, type=_SourcesFile)
    except msgspec.DecodeError as error:
        raise SourceBookError(f"{path.name}: {error}") from None
    if told.version != 1:
        raise SourceBookError(f"{path.name}: version: expected 1, found {told.version}")
    return told


def _read_credentials(path: Path) -> dict[str, Credential]:
    data = _read(path, private=True)
    if data is None:
        return {}
    try:
        return msgspec.json.decode(data, type=dict[str, Credential])
    except msgspec.DecodeError as error:
        raise SourceBookError(f"{path.name}: {error}") from None


def _read(path: Path, private: bool = False) -> bytes | None:
    try:
        with path.open("rb") as file:
            # On the open file, not on the path: what is checked is what is read.
            about = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            if private and about & 0o077:
                raise SourceBookError(
                    f"{path.name}: others on this machine can read the cameras' passwords (mode {about:o});"
                    f" run: chmod 600 {path}"
                )
            data = file.read(LARGEST_FILE_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SourceBookError(f"{path.name}: cannot be read: {error.strerror}") from None
    if len(data) > LARGEST_FILE_BYTES:
        raise SourceBookError(f"{path.name}: larger than {LARGEST_FILE_BYTES >> 20} MiB")
    return data
