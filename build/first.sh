#!/usr/bin/env bash
# Writes build/first.ld anew: the functions that run up to the first frame, at a few steps and on the way out.
# Needs valgrind, nm and util-linux' script. Run it when the screen or the way a scenario is read has changed much.
set -euo pipefail
cd "$(dirname "$0")/.."
CARGO_PROFILE_RELEASE_STRIP=none cargo build --locked --release
program=${CARGO_TARGET_DIR:-target}/release/celda
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
export TERM=xterm-256color LC_ALL=C
{ sleep 5; printf nnnppp; sleep 2; printf q; sleep 2; } |
    script -qc "stty cols 80 rows 24; exec valgrind --tool=callgrind --callgrind-out-file=$folder/seen \
        --demangle=no $program" /dev/null >/dev/null
nm --defined-only --format=just-symbols "$program" | sort -u >"$folder/own"
{
    echo '/* What runs up to the first frame lies together, so that little of the program need be in memory. Written by first.sh. */'
    echo 'SECTIONS'
    echo '{'
    echo '  .text.first :'
    echo '  {'
    # A function called by itself is counted in names of its own; the hashes differ between compilers.
    grep -oE '^c?fn=\([0-9]+\) .*' "$folder/seen" | sed -E "s/^[^ ]* //; s/'[0-9]+$//" | sort -u | comm -12 - "$folder/own" |
        sed -E 's/17h[0-9a-f]{16}E.*/17h*/; s/Cs[0-9A-Za-z]{8,12}_/Cs*_/g' | sort -u |
        sed 's/.*/    *(.text.& .text.unlikely.&)/'
    echo '  }'
    echo '}'
    echo 'INSERT BEFORE .text;'
} >"$folder/list"
cp "$folder/list" build/first.ld
