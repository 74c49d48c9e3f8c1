#!/bin/sh
# clang-format, clang-tidy and shellcheck over the tree, or over the sources given.
# Usage: sh tests/lint.sh [FILE...]   (after cmake --preset release, whose compile_commands.json it reads)
set -eu
cd "$(dirname "$0")/.."
sources=$*
[ -n "$sources" ] || sources=$(git ls-files 'apps/*.cpp' 'libcommon/*.cpp' 'libgpt/*.cpp')
formatted=$*
[ -n "$formatted" ] || formatted=$(git ls-files '*.cpp' '*.hpp' '*.cu')
# shellcheck disable=SC2086 # lists of words
clang-format --dry-run --Werror $formatted
# shellcheck disable=SC2046
shellcheck -e SC1091,SC2154 $(git ls-files '*.sh') .ci/run
# shellcheck disable=SC2086
printf '%s\n' $sources | xargs -P "$(nproc)" -n 4 clang-tidy --quiet --extra-arg=-Wno-unknown-warning-option -p build/release
