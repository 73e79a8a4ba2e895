"""python verify.py PACKAGE [FINGERPRINT]: 0 complete, unchanged, signed; 1 not; 3 signed with another key.
Take this file and the fingerprint from the city that made the package, not from the package itself."""
import contextlib
import hashlib
import json
import sys
import zipfile
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key


def opened(root, wrong, stack):
    found = {}
    for path in sorted(root.rglob("*")) if not root.is_symlink() else ():
        name = path.relative_to(root).as_posix()
        if path.is_file() and not path.is_symlink():
            found[name] = lambda path=path: path.open("rb")
        elif path.is_symlink() or not path.is_dir() or not any(path.iterdir()):
            wrong.append(f"{name}: not a plain file")
    archive = None if root.is_dir() else stack.enter_context(zipfile.ZipFile(root))
    for info in archive.infolist() if archive else ():
        name, kind = info.filename, info.external_attr >> 28  # 8: a plain file
        if kind not in (0, 8) or name in found or {"", ".", ".."} & set(name.split("/")):
            wrong.append(f"{name!r}: not a plain file, or twice")
        found[name] = lambda info=info: archive.open(info)
    return found


def check(root, pinned="", most=1 << 24):
    stack, wrong, at, alone = contextlib.ExitStack(), [], "package", {"manifest.json", "manifest.sig"}
    try:
        files = opened(Path(root), wrong, stack)
        data = {at: stack.enter_context(files[at]()).read(most) for at in (*alone, "public_key.pem")}
        key, at = load_pem_public_key(data["public_key.pem"]), "manifest.json or manifest.sig"
        key.verify(data["manifest.sig"], b"bongsu-evidence-1\n" + data["manifest.json"])
        told = json.loads(data["manifest.json"])
        listed = {one["name"]: one for one in told["files"]}
        odd = sorted(set(listed) ^ set(files) - alone)
        wrong += [f"{name}: {'missing' if name in listed else 'added'}" for name in odd]
        for at in sorted(set(listed) & set(files)):
            digest, left = hashlib.sha256(), listed[at]["bytes"] + 1
            with files[at]() as file:
                while left > 0 and (block := file.read(min(left, 1 << 20))):
                    digest.update(block)
                    left -= len(block)
            wrong += [f"{at}: changed"] if (left, digest.hexdigest()) != (1, listed[at]["sha256"]) else []
        mark = hashlib.sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()
        wrong += [] if mark == told["key_fingerprint"] else ["public_key.pem: not the key of the manifest"]
        print(f"{told['export_id']}: {len(listed)} files, key {mark}: compare it with the control room's")
    except Exception as problem:  # whatever goes wrong, the package is not proven
        wrong.append(f"{at}: wrong or missing ({type(problem).__name__}: {problem})")
    stack.close()
    return wrong, 1 if wrong else 3 if pinned and pinned.replace(" ", "").lower() != mark else 0


if __name__ == "__main__":
    wrong, status = check(*sys.argv[1:3])
    print(*wrong, ("GOOD: unchanged", "NOT GOOD", "", "NOT GOOD: another key")[status], sep="\n")
    sys.exit(status)
