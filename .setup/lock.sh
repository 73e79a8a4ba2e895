#!/usr/bin/env bash
# Write .setup/requirements.lock: every package of pyproject.toml and of its dev extra, for every Python from
# 3.11 on, each with the hashes of all its files.  No index is named, so that any mirror can serve it.
#   .setup/lock.sh             keep what is locked where pyproject.toml still allows it
#   .setup/lock.sh --upgrade   take the newest of everything
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
command -v uv >/dev/null 2>&1 || {
    echo "The lock is written by uv, which is not here. Install it apart from the project:" >&2
    echo "    python3 -m venv ~/.uv && ~/.uv/bin/pip install uv && export PATH=\$HOME/.uv/bin:\$PATH" >&2
    exit 1
}
uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
    --no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet "$@" -o .setup/requirements.lock
if grep -nE '://|--find-links|--index' .setup/requirements.lock; then
    echo "The lock names an address; it must serve everywhere. Remove that source from uv's settings." >&2
    exit 1
fi
echo "$(grep -cE '^[a-zA-Z0-9]' .setup/requirements.lock) packages locked in .setup/requirements.lock"
