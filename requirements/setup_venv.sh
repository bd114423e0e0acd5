#!/bin/sh
# Make the virtual environment VENV with the pinned libraries and this project in it. Safe to repeat.
# PYTHON, when set, is the interpreter to use; else the first of the usual names that is Python 3.11 or later.
set -eu
venv=${1:?usage: setup_venv.sh VENV}
say() { printf 'santral: %s\n' "$*" >&2; }

new_enough() { command -v "$1" >/dev/null 2>&1 && "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

pick_python() {
    for name in ${PYTHON:-python3 python3.13 python3.12 python3.11 python3.14}; do
        if new_enough "$name"; then command -v "$name"; return; fi
    done
    say "no Python 3.11 or later found (looked for: ${PYTHON:-python3, python3.13, python3.12, python3.11}); install one, or name it: make PYTHON=/path/to/python3"
    exit 1
}

can_make_venv() { "$1" -c 'import ensurepip, venv' 2>/dev/null; }

install_venv_module() {
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        say "installing python3-venv"
        apt-get update -qq >&2 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >&2 </dev/null || true
    fi
    can_make_venv "$1" && return
    say "$1 cannot make a virtual environment; as root, run: apt-get install python3-venv"
    exit 1
}

# A half-made environment, one whose interpreter is gone or too old, or one made for another folder is made anew.
usable() {
    [ -x "$venv/bin/python" ] && new_enough "$venv/bin/python" && "$venv/bin/python" -m pip --version >/dev/null 2>&1 || return 1
    made_for=$(cat "$venv/.ready" 2>/dev/null || pwd -P)
    [ "$made_for" = "$(pwd -P)" ]
}

if ! usable; then
    python=$(pick_python)
    can_make_venv "$python" || install_venv_module "$python"
    rm -rf "$venv"
    "$python" -m venv "$venv"
fi
say "setting up $venv (once; a minute or two)"
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_ROOT_USER_ACTION=ignore
"$venv/bin/python" -m pip install -qq -r requirements/runtime.txt -r requirements/load.txt -r requirements/postgres.txt \
    -r requirements/parquet.txt -r requirements/dask.txt \
    -r requirements/dev.txt
"$venv/bin/python" -m pip install -qq --no-build-isolation --no-deps --editable .
