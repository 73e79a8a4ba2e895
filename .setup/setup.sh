#!/usr/bin/env bash
# Make everything ready to run: system libraries, .venv, the locked packages, the project itself.
#
#   .setup/setup.sh           what the console needs        (make setup, make demo)
#   .setup/setup.sh --tests   and what only the tests use   (make test)
#
# PYTHON=/path/to/python3.12 chooses the Python.  Run twice it does nothing twice: a stamp in .venv says for
# which lock, list, Python and folder the work was done.  pip's and apt's own configuration is respected.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

venv=.venv
lock=.setup/requirements.lock
with_tests=no
[ "${1:-}" != --tests ] || with_tests=yes

# ---- nothing to do? ---------------------------------------------------------------------------------------
# The folder is part of the stamp because a venv does not survive being moved.  .made-by holds the Python, its
# minor version and the folder, a line each; a Python chosen once with PYTHON= stays chosen.
wanted=$({ cat "$lock" pyproject.toml .setup/apt-*.txt .setup/setup.sh; pwd; } | sha256sum | cut -d' ' -f1)
made_by=$(cat "$venv/.made-by" 2>/dev/null) || made_by=""
chosen=${PYTHON:+$(command -v "$PYTHON" || echo "$PYTHON")}
stamped() { [ -f "$venv/.ready-$1" ] && [ "$(cat "$venv/.ready-$1")" = "$wanted" ] && [ -x "$venv/bin/bongsu" ]; }
is_ready() { [ -z "$chosen" ] || [ "$chosen" = "${made_by%%$'\n'*}" ] || return 1; [ ! -e "$venv/.unfinished" ] && stamped run && { [ $with_tests = no ] || stamped tests; }; }
if is_ready; then exit 0; fi

# One set-up at a time in one checkout; a second waits and then finds the work done.
if command -v flock >/dev/null 2>&1; then
    exec 9>.venv.lock
    flock -n 9 || { echo "Another set-up is running in this folder; waiting for it."; flock 9; }
    made_by=$(cat "$venv/.made-by" 2>/dev/null) || made_by=""
    if is_ready; then exit 0; fi
fi

# ---- saying what happens ----------------------------------------------------------------------------------
began=$SECONDS
steps=4
step=0
begin() { step=$((step + 1)); started=$SECONDS; echo "[$step/$steps] $1"; }
done_() { echo "      $1 ($((SECONDS - started)) s)"; }
note() { echo "      $1"; }
fail() { # what happened, what is affected, what to do
    { echo; echo "Set-up stopped: $1"; echo "  Affected: $2"; echo "  To do:    $3"; } >&2
    exit 1
}
log=$(mktemp "${TMPDIR:-/tmp}/bongsu-setup.XXXXXX") || exit 1
trap 'rm -f "$log"' EXIT
trap 'echo; echo "Set-up interrupted; the next run starts it again cleanly." >&2; exit 130' INT TERM
show_log() { { echo; echo "      the last lines of it:"; tail -n 12 "$log" | sed 's/^/      | /'; } >&2; }
offline() { grep -qiE 'Temporary failure|Could not resolve|Name or service not known|NewConnectionError|ConnectTimeout|Connection refused|Network is unreachable|No route to host|ProxyError|Max retries|timed out|Failed to establish' "$log"; }

# ---- apt --------------------------------------------------------------------------------------------------
apt_allowed() { # sets $as; false where this user may not install
    command -v apt-get >/dev/null 2>&1 || return 1
    if [ "$(id -u)" = 0 ]; then as=(); return 0; fi
    command -v sudo >/dev/null 2>&1 && sudo -n true >/dev/null 2>&1 && { as=(sudo -n); return 0; }
    return 1
}
apt_line() { # the exact line a person types
    local sudo="sudo "; [ "$(id -u)" != 0 ] || sudo=""
    echo "${sudo}apt-get update && ${sudo}apt-get install -y --no-install-recommends $*"
}
apt_updated=no
apt_update() {
    [ $apt_updated = no ] || return 0
    apt_updated=yes
    note "reading the package lists (apt-get update)"
    "${as[@]}" apt-get update -q >>"$log" 2>&1
}
apt_try() { "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends -o DPkg::Lock::Timeout=300 "$@" >>"$log" 2>&1; }
apt_install() { # a machine without lists, or with old ones, gets them once
    compgen -G '/var/lib/apt/lists/*Packages*' >/dev/null || apt_update
    note "installing $# system packages: $*"
    apt_try "$@" || { apt_update; apt_try "$@"; }
}

# ---- 1. Python --------------------------------------------------------------------------------------------
begin "Python 3.11 or newer"
python=""
seen=""
new_enough='import sys; print("%d.%d.%d" % sys.version_info[:3]); sys.exit(sys.version_info < (3, 11))'
candidates=("${made_by%%$'\n'*}" python3 python3.13 python3.12 python3.11 python3.14)
[ -z "$chosen" ] || candidates=("$chosen")
for candidate in "${candidates[@]}"; do
    [ -n "$candidate" ] || continue
    # Running it is the test: a name on PATH may be a shim for a Python that is not there.
    if version=$("$candidate" -c "$new_enough" 2>/dev/null); then python=$(command -v "$candidate"); break; fi
    [ -z "$version" ] || seen="$seen $candidate=$version"
done
[ -n "$python" ] || fail "no Python 3.11 or newer was found${PYTHON:+ at PYTHON=$PYTHON}${seen:+ (found:$seen)}." \
    "nothing can be installed or started." \
    "install one (Debian 12, Ubuntu 24.04 or newer: $(apt_line python3 python3-venv)), or name it: make setup PYTHON=/path/to/python3.12"
minor=${version%.*}
done_ "$python is $version"

# ---- 2. system libraries ----------------------------------------------------------------------------------
begin "System libraries"
lists=(.setup/apt-runtime.txt)
[ $with_tests = no ] || lists+=(.setup/apt-test.txt)
missing() { "$python" -S -E .setup/missing.py "${lists[@]}"; }
absent=$(missing) || fail "the lists of system libraries could not be read." "nothing was changed." "see the line above; restore the .setup folder from git."
packages=$(echo "$absent" | awk 'NF {print $1}' | tr '\n' ' ')
# Debian keeps ensurepip, without which no venv gets a pip, in a package of its own.
"$python" -c 'import ensurepip, venv' 2>/dev/null || packages="$packages python$minor-venv"
if [ -n "${packages// }" ]; then
    # shellcheck disable=SC2086  # a list of words is meant
    if apt_allowed; then
        apt_install $packages || { show_log; note "apt-get could not install them all; going on with what is there."; }
    else
        note "not there, and this user may not install them without a password. The line to type (Debian, Ubuntu):"
        echo; echo "    $(apt_line $packages)"; echo
    fi
    absent=$(missing)
    packages=$(echo "$absent" | awk 'NF {print $1}' | tr '\n' ' ')
    needed=$(echo "$absent" | awk '$2 == "any" {print $1}' | tr '\n' ' ')
    "$python" -c 'import ensurepip, venv' 2>/dev/null || fail "$python has no 'venv' or no 'ensurepip' module." \
        "the packages cannot be installed apart from the system's." "type: $(apt_line "python$minor-venv")   and run the same command again."
    # shellcheck disable=SC2086
    [ -z "$needed" ] || fail "system libraries are missing: $needed" "Qt cannot start, so nothing can be shown, not even without a display." \
        "type: $(apt_line $needed)   and run the same command again."
    case "$absent" in *" window"*) note "going on: without $(echo "$absent" | awk '$2 == "window" {print $1}' | tr '\n' ' ')no window opens under X11; make demo ARGS=--headless works." ;; esac
    case "$absent" in *" test"*) note "going on: tests that need $(echo "$absent" | awk '$2 == "test" {print $1}' | tr '\n' ' ')skip and say so." ;; esac
fi
[ -n "${packages// }" ] && done_ "some are missing, see above" || done_ "all there"

# ---- 3. packages ------------------------------------------------------------------------------------------
begin "Python packages from $lock into $venv"
# What an interrupted run left is not trusted; what another Python or another folder made is of no use.
made_now="$python
$minor
$PWD"
if [ -e "$venv" ]; then
    reason=""
    [ ! -e "$venv/.unfinished" ] || reason="an earlier set-up did not finish"
    [ -z "$made_by" ] || [ "$made_by" = "$made_now" ] || reason="it was made by another Python or in another folder"
    "$venv/bin/python" -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || reason="${reason:-its Python does not run}"
    if [ -n "$reason" ]; then note "making $venv anew: $reason"; rm -rf "$venv"; fi
fi
mkdir -p "$venv" && touch "$venv/.unfinished" || fail "the folder $PWD/$venv cannot be written." "nothing can be installed." "give this user the right to write in $PWD, or use a checkout elsewhere."
if [ ! -x "$venv/bin/python" ]; then
    "$python" -m venv "$venv" >>"$log" 2>&1 || { show_log; fail "'$python -m venv' failed." "the packages cannot be installed." "type: $(apt_line "python$minor-venv")   and run the same command again."; }
fi

# pip speaks in one line a download; a person sees the count, the name and the size.
progress() {
    awk -v total="$(grep -cE '^[a-zA-Z0-9]' "$lock")" -v terminal="$([ -t 1 ] && echo 1 || echo 0)" '
        /^Ignoring / { total-- }
        /^Requirement already satisfied/ { n++ }
        /^Collecting / { n++; name = $2; sub(/==/, " ", name); size = "" }
        /^ +Downloading .*\(.*\)/ { size = " " substr($0, index($0, "(")) }
        /^Collecting |^ +Downloading / {
            if (terminal) printf "\r\033[K      %d of %d  %s%s", n, total, name, size
            else if (n % 10 == 0 && n != told) { printf "      %d of %d packages fetched\n", n, total; told = n }
            fflush()
        }
        /^Installing collected/ {
            if (terminal) printf "\r\033[K"
            print "      fetched; unpacking them"; fflush()
        }'
}
run_pip() { # in a venv "user = true" of a pip configuration can only fail
    PIP_USER=0 PIP_NO_INPUT=1 PIP_DISABLE_PIP_VERSION_CHECK=1 "$venv/bin/python" -m pip "$@" 2>&1 | tee -a "$log"
    return "${PIPESTATUS[0]}"
}
: >"$log"
run_pip install --require-hashes -r "$lock" | progress
if [ "${PIPESTATUS[0]}" != 0 ]; then
    show_log
    if grep -q 'DO NOT MATCH THE HASHES' "$log"; then
        fail "a downloaded package is not the one the lock names." "nothing of it was installed." "try again (a broken download); if it stays, ask who runs your package mirror."
    elif offline; then
        fail "the package index could not be reached." "$venv is not complete; nothing can start." "connect this machine, or point pip at a mirror or a folder of wheels (pip config set global.index-url …, or PIP_FIND_LINKS), and run the same command again."
    elif grep -q 'No space left' "$log"; then
        fail "the disk is full." "$venv is not complete; nothing can start." "free about 1.5 GB in $PWD and in ${TMPDIR:-/tmp}, and run the same command again."
    fi
    fail "pip could not install the locked packages for Python $version." "$venv is not complete; nothing can start." "read the lines above; another Python may help: make setup PYTHON=/path/to/python3.12"
fi
run_pip install --no-deps --no-build-isolation --no-index --editable . >/dev/null || { show_log; fail "the project itself could not be installed into $venv." "the command 'bongsu' is missing." "read the lines above."; }
done_ "$(ls -d "$venv"/lib/python*/site-packages/*.dist-info | wc -l) packages ready, each checked against its hash"

# ---- 4. does it load? -------------------------------------------------------------------------------------
begin "Loading Qt, video and the bus once"
: >"$log"
"$venv/bin/python" -c 'import PySide6.QtWidgets, pyqtgraph, cv2, av, zmq, lxml.etree, console; assert zmq.has("curve"), "this libzmq has no CURVE"' >>"$log" 2>&1 ||
    { show_log; fail "the installed packages do not load." "nothing can start." "if the line above names a lib….so file, install the system package that has it; otherwise remove $venv and run again."; }
done_ "they load"

echo "$made_now" >"$venv/.made-by"
echo "$wanted" >"$venv/.ready-run"
[ $with_tests = no ] || echo "$wanted" >"$venv/.ready-tests"
rm -f "$venv/.unfinished"
echo "Ready after $((SECONDS - began)) s."
