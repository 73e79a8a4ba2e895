"""No change of a package passes, neither our verifier nor the stand-alone script; nothing is unpacked."""

from __future__ import annotations

import io
import os
import random
import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from console.cli import main
from console.evidence import verify_command
from console.evidence.keys import fingerprint, public_pem
from console.evidence.manifest import SIGNED_PREFIX, FileEntry, read, written
from console.evidence.verify import KeyNotRead, expected_fingerprint, is_plain_name, verify
from console.model.footage import MaskZone
from console.paths import shipped
from tests.evidence.rig import camera, made, record

SCRIPT = shipped("assets") / "evidence" / "verify.py"


def load_script() -> ModuleType:
    module = ModuleType("standalone")
    exec(compile(SCRIPT.read_text("utf-8"), str(SCRIPT), "exec"), module.__dict__)
    return module


script = load_script()


def both_refuse(package: Path) -> bool:
    return not verify(package).is_good and script.check(str(package))[1] == 1


def both_accept(package: Path, key: str = "") -> bool:
    return verify(package, key).is_good and script.check(str(package), key) == ([], 0)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small package of both copies, made once."""
    home = tmp_path_factory.mktemp("home")
    record(home)
    zone = MaskZone(name="door", points=((0.1, 0.1), (0.3, 0.1), (0.3, 0.3)))
    from tests.evidence.rig import BEGIN_NS

    package, _ = made(
        home, cameras=(camera(zones=(zone,)),), copies=("original", "masked"), to_ns=BEGIN_NS + 1_500_000_000
    )
    return package


@pytest.fixture
def package(kept: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "package"
    shutil.copytree(kept, copy)
    for path in copy.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    return copy


def archive_of(package: Path, to: Path, change: Callable[[zipfile.ZipFile], None] | None = None) -> Path:
    with zipfile.ZipFile(to, "w") as out:
        for path in sorted(package.rglob("*")):
            if path.is_file():
                out.write(path, path.relative_to(package).as_posix())
        if change is not None:
            change(out)
    return to


def test_what_was_exported_is_good_as_folder_and_as_zip(kept: Path, tmp_path: Path):
    record(tmp_path)
    zipped, done = made(tmp_path, wrapping="zip", name="e2")
    assert zipped.suffix == ".zip"
    for one in (kept, zipped):
        assert both_accept(one)
    assert verify(zipped).manifest_sha256 == done.manifest_sha256
    assert sorted(path.name for path in (tmp_path / "exports").iterdir()) == ["e2.zip"]


def test_a_thousand_flipped_bits_are_all_found_by_both(package: Path):
    files = sorted(path for path in package.rglob("*") if path.is_file())
    chance = random.Random(2026)
    for trial in range(1000):
        path = files[trial % len(files)]
        data = path.read_bytes()
        at, bit = chance.randrange(len(data)), chance.randrange(8)
        with open(path, "r+b") as file:
            file.seek(at)
            file.write(bytes([data[at] ^ 1 << bit]))
        refused = both_refuse(package)
        path.write_bytes(data)
        assert refused, f"{path.name}: bit {bit} of byte {at}"
    assert both_accept(package)


def test_every_bit_of_the_signature_counts(package: Path):
    path = package / "manifest.sig"
    data = path.read_bytes()
    for number in range(len(data) * 8):
        flipped = bytearray(data)
        flipped[number // 8] ^= 1 << number % 8
        path.write_bytes(flipped)
        assert both_refuse(package), number
    for other in (data + b"\0", data[:-1], b""):
        path.write_bytes(other)
        assert both_refuse(package)


def test_leaving_out_renaming_swapping_and_adding_are_found(package: Path):
    files = sorted(path for path in package.rglob("*") if path.is_file())
    for path in files:
        aside = path.with_name("aside")
        path.rename(aside)
        assert both_refuse(package), f"{path.name} renamed"
        outside = package.parent / "outside"
        aside.rename(outside)
        assert both_refuse(package), f"{path.name} left out"
        outside.rename(path)
    clips = sorted(package.glob("*/*.mp4"))
    one, other = clips[0].read_bytes(), clips[1].read_bytes()
    clips[0].write_bytes(other)
    clips[1].write_bytes(one)
    assert both_refuse(package), "contents swapped"
    clips[0].write_bytes(one)
    clips[1].write_bytes(other)
    for added in ("extra.txt", "original/extra.mp4", "new/folder.txt"):
        path = package / added
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
        assert both_refuse(package), f"{added} added"
        path.unlink()
    assert both_refuse(package), "an empty folder added"
    (package / "new").rmdir()
    assert both_accept(package)


def test_a_list_in_another_order_is_found(package: Path):
    path = package / "manifest.json"
    manifest = read(path.read_bytes())
    import msgspec

    path.write_bytes(written(msgspec.structs.replace(manifest, files=manifest.files[::-1])))
    assert both_refuse(package)


def test_links_and_other_things_that_are_no_files_are_refused(package: Path):
    clip = next(package.glob("original/*"))
    elsewhere = package.parent / "elsewhere"
    clip.rename(elsewhere)
    clip.symlink_to(elsewhere)
    assert both_refuse(package), "a link to the very same file"
    clip.unlink()
    elsewhere.rename(clip)
    os.mkfifo(package / "pipe")
    assert both_refuse(package)
    (package / "pipe").unlink()
    link = package.parent / "link"
    link.symlink_to(package)
    assert both_refuse(link)
    assert both_accept(package)


def re_signed(package: Path, change: Callable[[bytes], bytes]) -> str:
    """What a forger does: change, and sign all of it with a key of his own."""
    key = Ed25519PrivateKey.generate()
    mark = fingerprint(key.public_key())
    (package / "public_key.pem").write_bytes(public_pem(key.public_key()))
    clip = next(package.glob("original/*"))
    clip.write_bytes(change(clip.read_bytes()))
    manifest = read((package / "manifest.json").read_bytes())
    import hashlib

    import msgspec

    files = tuple(
        FileEntry(
            name=one.name, bytes=(package / one.name).stat().st_size,
            sha256=hashlib.sha256((package / one.name).read_bytes()).hexdigest(),
        )
        for one in manifest.files
    )  # fmt: skip
    data = written(msgspec.structs.replace(manifest, files=files, key_fingerprint=mark))
    (package / "manifest.json").write_bytes(data)
    (package / "manifest.sig").write_bytes(key.sign(SIGNED_PREFIX + data))
    return mark


def test_a_forgery_signed_with_another_key_is_told_apart_by_the_pinned_key(package: Path, kept: Path, capsys):
    true_mark = verify(kept).fingerprint
    forged_mark = re_signed(package, lambda data: data[:-1] + b"?")
    assert verify(package).is_good, "whole in itself"
    checked = verify(package, true_mark)
    assert checked.other_key and not checked.wrong and not checked.is_good
    assert script.check(str(package), true_mark)[1] == 3
    assert main(["verify", str(package), "--key", true_mark]) == verify_command.OTHER_KEY
    assert "forgery" in capsys.readouterr().out
    assert main(["verify", str(package), "--key", str(kept / "public_key.pem")]) == verify_command.OTHER_KEY
    assert main(["verify", str(kept), "--key", str(kept / "public_key.pem")]) == verify_command.GOOD
    assert forged_mark != true_mark


def test_names_that_lead_out_of_an_archive_are_refused(package: Path, tmp_path: Path):
    for number, name in enumerate(("../evil", "/evil", "a/../../evil", "C:\\evil", "a\\b", "./x", "a//b")):
        evil = archive_of(package, tmp_path / f"slip{number}.zip", lambda out, n=name: out.writestr(n, "x"))
        assert both_refuse(evil), name
        assert not is_plain_name(name)
    assert not (tmp_path.parent / "evil").exists()


def test_a_link_or_a_second_file_of_one_name_in_an_archive_is_refused(package: Path, tmp_path: Path):
    def link(out: zipfile.ZipFile) -> None:
        info = zipfile.ZipInfo("link")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        out.writestr(info, "/etc/passwd")

    assert both_refuse(archive_of(package, tmp_path / "link.zip", link))

    def twice(out: zipfile.ZipFile) -> None:
        with pytest.warns(UserWarning, match="Duplicate"):
            out.writestr("README.txt", "another")

    assert both_refuse(archive_of(package, tmp_path / "twice.zip", twice))
    assert both_accept(archive_of(package, tmp_path / "plain.zip"))


def test_an_archive_that_swells_without_end_is_refused_and_never_read_to_its_end(
    package: Path, tmp_path: Path, monkeypatch
):
    clip = next(package.glob("original/*")).relative_to(package).as_posix()
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as out:
        for path in sorted(package.rglob("*")):
            name = path.relative_to(package).as_posix()
            if path.is_file() and name != clip:
                out.write(path, name, zipfile.ZIP_STORED)
        with out.open(clip, "w") as sink:
            for _ in range(300):
                sink.write(bytes(1 << 20))
    assert bomb.stat().st_size < 5_000_000
    most = 0
    read_some = zipfile.ZipExtFile.read

    def counted(self, n=-1):
        nonlocal most
        data = read_some(self, n)
        most += len(data)
        return data

    monkeypatch.setattr(zipfile.ZipExtFile, "read", counted)
    assert both_refuse(bomb)
    assert most < 20_000_000


def test_flips_in_an_archive_are_found_or_leave_every_file_as_it_was_signed(package: Path, tmp_path: Path):
    """An archive has words of its own (dates, versions): those may change, what is in the files may not."""
    data = archive_of(package, tmp_path / "whole.zip").read_bytes()
    true = {path.relative_to(package).as_posix(): path.read_bytes()
            for path in package.rglob("*") if path.is_file()}  # fmt: skip
    chance = random.Random(7)
    flipped_path = tmp_path / "flipped.zip"
    for _ in range(200):
        flipped = bytearray(data)
        # Most flips near the end, where the archive's own words are.
        at = chance.randrange(len(data) - 1500 if chance.random() < 0.7 else 0, len(data))
        flipped[at] ^= 1 << chance.randrange(8)
        flipped_path.write_bytes(flipped)
        if both_refuse(flipped_path):
            continue
        with zipfile.ZipFile(io.BytesIO(bytes(flipped))) as opened:
            assert {name: opened.read(name) for name in opened.namelist()} == true


def test_the_command_names_the_file_that_is_wrong_in_both_languages(package: Path, capsys):
    assert main(["verify", str(package), "--language", "en"]) == 0
    said = capsys.readouterr().out
    assert "GOOD" in said and "Compare the fingerprint" in said and "derived" in said
    clip = next(package.glob("original/*"))
    clip.write_bytes(clip.read_bytes()[:-1])
    assert main(["verify", str(package), "--language", "en"]) == 1
    assert f"original/{clip.name}: was changed" in capsys.readouterr().out
    assert main(["verify", str(package), "--language", "ko"]) == 1
    assert f"original/{clip.name}: 바뀌었습니다" in capsys.readouterr().out
    assert main(["verify", str(package.parent / "nothing")]) == 2
    assert main(["verify", str(package), "--key", "12 34"]) == 2
    assert "nothing" in capsys.readouterr().err


def test_a_key_is_given_as_fingerprint_with_or_without_spaces_or_as_a_file(kept: Path, tmp_path: Path):
    mark = verify(kept).fingerprint
    spaced = " ".join(mark[at : at + 4].upper() for at in range(0, 64, 4))
    (tmp_path / "mark.txt").write_text(spaced + "\n")
    for told in (mark, spaced, str(kept / "public_key.pem"), str(tmp_path / "mark.txt")):
        assert expected_fingerprint(told) == mark
    assert both_accept(kept, mark)
    with pytest.raises(KeyNotRead):
        expected_fingerprint(str(kept / "README.txt"))


def test_the_script_is_short_and_runs_alone(kept: Path, tmp_path: Path):
    assert len(SCRIPT.read_text("utf-8").splitlines()) <= 60
    assert (kept / "verify.py").read_bytes() == SCRIPT.read_bytes()
    alone = tmp_path / "verify.py"
    shutil.copy(SCRIPT, alone)
    mark = verify(kept).fingerprint
    for key, status, word in (((), 0, "GOOD: unch"), ((mark,), 0, "GOOD"), (("0" * 64,), 3, "another key")):
        said = subprocess.run(
            [sys.executable, "-I", str(alone), str(kept), *key], cwd=tmp_path, capture_output=True, text=True,
        )  # fmt: skip
        assert said.returncode == status and word in said.stdout, said
        assert said.stderr == ""
    for nonsense in (tmp_path / "absent", alone):
        said = subprocess.run([sys.executable, str(alone), str(nonsense)], capture_output=True, text=True)
        assert said.returncode == 1 and "NOT GOOD" in said.stdout
