"""Checks a package offline: every file listed, none added, none changed, and signed with the key it names.

Nothing is unpacked: an archive's files are read where they are, never more of one than its list says.
The stand-alone script (assets/evidence/verify.py) says the same in fewer words; tests hold them together.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

import msgspec
from cryptography.exceptions import InvalidSignature

from console.evidence.keys import fingerprint, read_public_pem
from console.evidence.manifest import (
    FORMAT,
    LARGEST_MANIFEST_BYTES,
    MANIFEST,
    MOST_FILES,
    PUBLIC_KEY,
    SIGNATURE,
    SIGNED_PREFIX,
    UNLISTED,
    Manifest,
    read,
)

SIGNATURE_BYTES = 64
LARGEST_KEY_BYTES = 4096
_BLOCK_BYTES = 1 << 20
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")

Open = Callable[[], BinaryIO]
Step = Callable[[int], None]


class Wrong(NamedTuple):
    """One thing that is not as it was signed. `what` is a key below `evidence.verify.wrong`."""

    file: str
    what: str


class Checked(NamedTuple):
    """What a check found. `manifest` is None where it could not be read or trusted."""

    wrong: tuple[Wrong, ...]
    manifest: Manifest | None = None
    fingerprint: str = ""
    manifest_sha256: str = ""
    other_key: bool = False
    """Signed with another key than the one that was expected."""
    bytes: int = 0

    @property
    def is_good(self) -> bool:
        return not self.wrong and not self.other_key


class KeyNotRead(Exception):
    """What was given as the expected key is neither a fingerprint nor a public key."""


def expected_fingerprint(told: str) -> str:
    """The fingerprint a person gave: itself, with or without spaces, or a file that holds it or the key.

    Raises KeyNotRead.
    """
    plain = re.sub(r"[\s:]", "", told).lower()
    if _FINGERPRINT.fullmatch(plain):
        return plain
    try:
        data = Path(told).read_bytes()[:LARGEST_KEY_BYTES]
    except OSError as error:
        raise KeyNotRead(f"{told}: {error.strerror}") from None
    try:
        return fingerprint(read_public_pem(data))
    except ValueError:
        plain = re.sub(r"[\s:]", "", data.decode("ascii", "replace")).lower()
        if _FINGERPRINT.fullmatch(plain):
            return plain
        raise KeyNotRead(f"{told}: neither a public key nor a fingerprint") from None


def verify(package: Path, expected: str = "", step: Step | None = None) -> Checked:
    """Check a folder or zip. `expected` is a fingerprint the key must have; `step` hears of bytes read.

    Raises nothing for what a package holds. Any thread.
    """
    wrong: list[Wrong] = []
    try:
        if package.is_symlink():
            return Checked((Wrong(package.name, "link"),))
        if package.is_dir():
            return _check(_files_of_folder(package, wrong), wrong, expected, step)
        with zipfile.ZipFile(package) as archive:
            return _check(_files_of_archive(archive, wrong), wrong, expected, step)
    except (OSError, zipfile.BadZipFile, NotImplementedError, ValueError):
        return Checked((*wrong, Wrong(package.name, "unreadable")))


def _files_of_folder(folder: Path, wrong: list[Wrong]) -> dict[str, Open]:
    found: dict[str, Open] = {}
    for at, folders, files in os.walk(folder):
        for name in sorted((*folders, *files)):
            path = Path(at, name)
            inside = path.relative_to(folder).as_posix()
            mode = path.lstat().st_mode
            if stat.S_ISREG(mode):
                found[inside] = _opener(path)
            elif stat.S_ISLNK(mode):
                wrong.append(Wrong(inside, "link"))
            elif not stat.S_ISDIR(mode):
                wrong.append(Wrong(inside, "not_a_file"))
            elif not os.listdir(path):
                wrong.append(Wrong(inside, "added"))
        if len(found) > MOST_FILES:
            wrong.append(Wrong(folder.name, "too_many"))
            break
    return found


def _opener(path: Path) -> Open:
    def opened() -> BinaryIO:
        # A link put there since it was looked at is not followed.
        return os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb")

    return opened


def _files_of_archive(archive: zipfile.ZipFile, wrong: list[Wrong]) -> dict[str, Open]:
    found: dict[str, Open] = {}
    infos = archive.infolist()
    if len(infos) > MOST_FILES:
        wrong.append(Wrong(Path(archive.filename or "").name, "too_many"))
        return found
    for info in infos:
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind == stat.S_IFLNK:
            wrong.append(Wrong(info.filename, "link"))
        elif kind not in (0, stat.S_IFREG) or info.is_dir() or info.flag_bits & 1:
            wrong.append(Wrong(info.filename, "not_a_file"))
        elif not is_plain_name(info.filename):
            wrong.append(Wrong(info.filename, "bad_name"))
        elif info.filename in found:
            wrong.append(Wrong(info.filename, "twice"))
        elif info.compress_type != zipfile.ZIP_STORED:
            # We never compress; what is compressed was made by somebody else and may swell without end.
            wrong.append(Wrong(info.filename, "compressed"))
        else:
            found[info.filename] = _member(archive, info)
    return found


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Open:
    return lambda: cast(BinaryIO, archive.open(info))


def is_plain_name(name: str) -> bool:
    """Whether a name stays inside the package on every system."""
    if not name or "\\" in name or ":" in name or "\0" in name or name.startswith("/"):
        return False
    return not any(part in ("", ".", "..") for part in name.split("/"))


def _check(files: dict[str, Open], wrong: list[Wrong], expected: str, step: Step | None) -> Checked:
    read_of = {
        name: _small(files, name, most, wrong)
        for name, most in (
            (MANIFEST, LARGEST_MANIFEST_BYTES), (SIGNATURE, SIGNATURE_BYTES), (PUBLIC_KEY, LARGEST_KEY_BYTES)
        )
    }  # fmt: skip
    data, signature, pem = read_of[MANIFEST], read_of[SIGNATURE], read_of[PUBLIC_KEY]
    if data is None or signature is None or pem is None:
        return Checked(tuple(wrong))
    try:
        key = read_public_pem(pem)
    except ValueError:
        return Checked((*wrong, Wrong(PUBLIC_KEY, "no_key")))
    mark = fingerprint(key)
    other = bool(expected) and expected != mark
    try:
        key.verify(signature, SIGNED_PREFIX + data)
    except InvalidSignature:
        return Checked((*wrong, Wrong(MANIFEST, "bad_signature")), fingerprint=mark, other_key=other)
    try:
        manifest = read(data)
    except msgspec.DecodeError:
        return Checked((*wrong, Wrong(MANIFEST, "no_manifest")), fingerprint=mark, other_key=other)
    if manifest.format != FORMAT:
        wrong.append(Wrong(MANIFEST, "other_format"))
    if manifest.key_fingerprint != mark:
        wrong.append(Wrong(PUBLIC_KEY, "not_the_key"))
    listed = {one.name: one for one in manifest.files}
    if len(listed) != len(manifest.files) or not all(map(is_plain_name, listed)):
        wrong.append(Wrong(MANIFEST, "bad_list"))
    wrong += [Wrong(name, "added") for name in sorted(set(files) - set(listed) - UNLISTED)]
    total = 0
    for name, entry in listed.items():
        if name not in files:
            wrong.append(Wrong(name, "missing"))
            continue
        try:
            same, size = _same(files[name], entry.bytes, entry.sha256, step)
        except (OSError, zipfile.BadZipFile, zlib.error, NotImplementedError, ValueError, RuntimeError):
            wrong.append(Wrong(name, "unreadable"))
            continue
        total += size
        if not same:
            wrong.append(Wrong(name, "changed"))
    return Checked(tuple(wrong), manifest, mark, hashlib.sha256(data).hexdigest(), other, total)


def _small(files: dict[str, Open], name: str, most: int, wrong: list[Wrong]) -> bytes | None:
    if name not in files:
        wrong.append(Wrong(name, "missing"))
        return None
    try:
        with files[name]() as file:
            data = file.read(most + 1)
    except (OSError, zipfile.BadZipFile, zlib.error, NotImplementedError, ValueError, RuntimeError):
        wrong.append(Wrong(name, "unreadable"))
        return None
    if len(data) > most:
        wrong.append(Wrong(name, "changed"))
        return None
    return data


def _same(opened: Open, size: int, sha256: str, step: Step | None) -> tuple[bool, int]:
    digest, read_bytes = hashlib.sha256(), 0
    with opened() as file:
        while read_bytes <= size:
            block = file.read(min(_BLOCK_BYTES, size + 1 - read_bytes))
            if not block:
                break
            digest.update(block)
            read_bytes += len(block)
            if step is not None:
                step(len(block))
    return read_bytes == size and digest.hexdigest() == sha256, read_bytes
