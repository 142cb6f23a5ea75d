#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image: packages, permissions, and a try.
set -euo pipefail

home=/autograder
source=$home/source
venv=$home/venv

is_fit() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

# The image's own Python where it is new enough, else another of the distribution's.
install_python() {
    export DEBIAN_FRONTEND=noninteractive
    apt-get update --quiet --quiet
    apt-get install --quiet --quiet --yes python3 python3-venv
    python=python3
    is_fit "$python" && return
    for python in python3.13 python3.12 python3.11; do
        apt-get install --quiet --quiet --yes "$python" "$python-venv" 2>/dev/null || continue
        is_fit "$python" && return
    done
    echo "This image has no Python 3.11 or newer: choose Ubuntu 22.04 or newer." >&2
    exit 1
}

install_packages() {
    "$python" -m venv "$venv.unfinished"
    "$venv.unfinished/bin/python" -m pip install --quiet --disable-pip-version-check \
        --no-cache-dir --constraint "$source/constraints.txt" \
        --requirement "$source/requirements.txt" --requirement "$source/packages.txt"
    mv "$venv.unfinished" "$venv" # pip and the like do not survive that; nobody needs them
}

if [ ! -x "$venv/bin/python" ]; then
    install_python
    install_packages
fi

# Submissions run as a user who must read Python and its packages, and nothing of this folder.
chmod -R go-rwx "$source"
chmod -R go-w,go+rX "$venv"
chmod u+x "$source/run_autograder"

# Better now than at the first submission: the model's own answers, graded as a student's.
"$source/run_autograder" --try
