#!/usr/bin/env bash
# Makes the virtual environment when there is none, then hands over to app/cli. Try: ./manage.sh help
set -euo pipefail
export BULKHEAD_CALLED_FROM=$PWD # where the names of files are meant
CDPATH="" cd -- "$(dirname -- "${BASH_SOURCE[0]}")"

readonly VENV=.venv
readonly RUN=requirements.lock     # what runs Bulkhead
readonly DEV=requirements-dev.lock # that, and what tests and measures it
case "${1:-}" in
test | chaos | bench) readonly LOCK=$DEV ;;
*) readonly LOCK=$RUN ;;
esac

fail() {
    printf 'manage.sh: %s\n' "$@" >&2
    exit 1
}

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    local candidate
    if [[ -n ${PYTHON:-} ]]; then
        is_new_enough "$PYTHON" || fail "PYTHON is '$PYTHON', which is no Python 3.11 or newer."
        printf '%s' "$PYTHON"
        return
    fi
    for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
        if is_new_enough "$candidate"; then
            printf '%s' "$candidate"
            return
        fi
    done
    fail "Python 3.11 or newer is needed, and none was found. Install one, or set PYTHON to where it is."
}

make_venv() {
    local python said
    python=$(find_python)
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        fail "$python lacks the modules venv and ensurepip. On Debian and Ubuntu: apt install python3-venv"
    said=$("$python" -m venv --clear "$VENV" 2>&1) || fail "$said" "$python could not make $VENV; the reason is above."
}

is_installed() { # a copy of what was installed is written when that was done
    [[ -x $VENV/bin/python ]] && cmp -s "$1" "$VENV/$1"
}

is_ready() {
    is_installed "$LOCK" || is_installed "$DEV"
}

install() {
    trap 'exit 130' INT
    if is_ready; then return; fi # another one was faster
    echo "Setting up $VENV; this happens once, and may take a minute ..." >&2
    if ! [[ -x $VENV/bin/python ]] || ! compgen -G "$VENV/*.lock" >/dev/null; then make_venv; fi
    rm -f "$VENV"/*.lock # if this is interrupted, the next call starts afresh
    "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r "$LOCK" ||
        fail "pip could not install what $LOCK lists; the reason is above."
    cp "$LOCK" "$VENV/"
}

install_alone() (
    if command -v flock >/dev/null; then flock 9; fi
    install
) 9<"$RUN"

case "$*" in
help | -h | --help) # needs no package
    python=$(find_python)
    exec "$python" -m app.cli help
    ;;
completion | "completion "*) # needs none either, and knows the flags where they are
    if is_ready; then python=$VENV/bin/python; else python=$(find_python); fi
    exec "$python" -m app.cli "$@"
    ;;
esac
is_ready || install_alone
exec "$VENV/bin/python" -m app.cli "$@"
